"""Which release is installed, and which addresses of its repository that gives."""

from __future__ import annotations

import json
from importlib import metadata
from importlib.metadata import Distribution, PackageNotFoundError, version

import pytest

from jobsetgen.release import VERSION, Release, installed, release_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Package(Distribution):
    """A package with the metadata of a wheel and the origin that an installer has recorded."""

    def __init__(self, origin: str | None) -> None:
        self.files_by_name = {"METADATA": "Name: jobsetgen\nVersion: 1.2.3\n", "direct_url.json": origin}

    def read_text(self, filename):
        return self.files_by_name.get(filename)

    def locate_file(self, path):
        raise NotImplementedError


def from_git(url: str) -> Package:
    return Package(json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}}))


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/tools/jobsetgen",
        "https://git.example.com/tools/jobsetgen.git",
        "https://git.example.com/tools/jobsetgen/",
        "https://robot:secret@git.example.com/tools/jobsetgen.git",
    ],
)
def test_a_package_from_git_has_its_repository_and_its_commit(url):
    found = release_of(from_git(url))
    assert found == Release(repository="https://git.example.com/tools/jobsetgen", commit=COMMIT)
    assert found.file_url("docs/rules/JSG101.md") == (
        f"https://git.example.com/tools/jobsetgen/blob/{COMMIT}/docs/rules/JSG101.md"
    )


@pytest.mark.parametrize(
    "package",
    [
        Package(None),
        Package(json.dumps({"url": "file:///src/jobsetgen", "dir_info": {"editable": True}})),
        Package(json.dumps({"url": "https://files.example.com/jobsetgen.whl", "archive_info": {}})),
        from_git("ssh://git@git.example.com/tools/jobsetgen"),
        from_git("file:///src/jobsetgen"),
    ],
    ids=["index", "folder", "archive", "ssh", "file"],
)
def test_what_has_no_page_on_the_web_has_no_address(package):
    found = release_of(package)
    assert (found.version, found.repository) == (VERSION, None)
    assert found.file_url("docs/rules/JSG101.md") is None


@pytest.fixture
def _forgotten():
    installed.cache_clear()
    yield
    installed.cache_clear()


@pytest.mark.usefixtures("_forgotten")
def test_a_checkout_that_is_not_installed_has_its_version_and_no_repository(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    assert installed() == Release(version=VERSION, repository=None, commit=None)


@pytest.mark.usefixtures("_forgotten")
def test_the_installed_version_is_that_of_the_package():
    assert installed().version == version("jobsetgen")
