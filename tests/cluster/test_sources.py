"""The links of the codes: each leads to a file of the release that is built here, which has what the link names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from jobsetgen.diagnostics import Code
from jobsetgen.rules.registry import CODES
from jobsetgen.upstream import JOBSET_RELEASE, KUBERNETES_RELEASE

_LINK = re.compile(r"https://github\.com/([\w-]+/[\w-]+)/blob/([^/]+)/(.+)")
_STAGED = re.compile(r"staging/src/(k8s\.io/[\w-]+)/(.+)")
_MODULES = {
    "kubernetes/kubernetes": ("k8s.io/kubernetes", KUBERNETES_RELEASE),
    "kubernetes-sigs/jobset": ("sigs.k8s.io/jobset", JOBSET_RELEASE),
}
OF_SOURCES = [code for code in CODES if _LINK.fullmatch(code.source.url)]


@pytest.fixture(scope="module")
def modules() -> Path:
    """The folder of Go's modules, from which the components were built."""
    found = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def file_of(url: str, modules: Path) -> Path:
    """Return the file that a link leads to. Kubernetes keeps modules of their own in its staging folder."""
    link = _LINK.fullmatch(url)
    assert link
    repository, release, path = link.groups()
    module, expected = _MODULES[repository]
    assert release == expected
    if staged := _STAGED.fullmatch(path):
        return modules / f"{staged[1]}@{release.replace('v1.', 'v0.', 1)}" / staged[2]
    return modules / f"{module}@{release}" / path


@pytest.mark.parametrize("code", OF_SOURCES, ids=lambda code: code.id)
def test_a_link_leads_to_what_it_names(code: Code, modules: Path) -> None:
    name = code.source.text.rpartition(", ")[2]
    text = file_of(code.source.url, modules).read_text(encoding="utf-8")
    assert re.search(rf"^(?:func (?:\([^)]*\) )?|type |\t|var |const ){re.escape(name)}\b", text, re.M)


def test_most_errors_about_jobsets_and_pods_link_to_a_function() -> None:
    errors = [code for code in CODES if code.severity == "error" and code.id[3] in "23"]
    assert len([code for code in errors if code in OF_SOURCES]) > 0.8 * len(errors)
