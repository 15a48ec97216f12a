"""The installed release of jobsetgen, and the repository that it was installed from."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import Distribution

# pyproject.toml reads it from here: `jobsetgen --version` needs no metadata of the installed
# package, whose library takes longer to import than everything else that it needs.
VERSION = "0.1.0"


class Release(NamedTuple):
    """A release: its version and, if known, the URL and commit of its repository."""

    version: str = VERSION
    repository: str | None = None
    commit: str | None = None

    def file_url(self, path: str) -> str | None:
        """Return the URL of a file in the repository, in the form of GitHub and GitLab, or None."""
        if self.repository and self.commit:
            return f"{self.repository}/blob/{self.commit}/{path}"
        return None


@functools.cache
def installed() -> Release:
    """Return the installed release; of a checkout that is not installed, only its version."""
    from importlib import metadata

    try:
        return release_of(metadata.distribution("jobsetgen"))
    except metadata.PackageNotFoundError:
        return Release()


def release_of(package: Distribution) -> Release:
    """Return the release of an installed package.

    Installers record the repository that a package was installed from, without credentials:
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    import json

    origin = json.loads(package.read_text("direct_url.json") or "{}")
    commit = origin.get("vcs_info", {}).get("commit_id")
    repository = _web_page(origin) if commit else None
    return Release(repository=repository, commit=commit)


def _web_page(origin: dict[str, Any]) -> str | None:
    from urllib.parse import urlsplit

    url = urlsplit(origin.get("url", ""))
    if url.scheme not in ("http", "https") or not url.hostname:
        return None
    host = url.netloc.rpartition("@")[2]
    return f"{url.scheme}://{host}{url.path.rstrip('/').removesuffix('.git')}"
