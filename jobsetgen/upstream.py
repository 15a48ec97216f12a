"""Links to the specifications and source code that a code enforces."""

from __future__ import annotations

from jobsetgen.diagnostics import Link

JOBSET_RELEASE = "v0.12.0"
KUBERNETES_RELEASE = "v1.37.2"


def jobset(path: str, function: str) -> Link:
    """Return a link to a function in JobSet's source code; `path` is the path of its file."""
    url = f"https://github.com/kubernetes-sigs/jobset/blob/{JOBSET_RELEASE}/{path}"
    return Link(text=f"JobSet {JOBSET_RELEASE}, {function}", url=url)


def kubernetes(path: str, function: str) -> Link:
    """Return a link to a function in Kubernetes' source code; `path` is the path of its file."""
    url = f"https://github.com/kubernetes/kubernetes/blob/{KUBERNETES_RELEASE}/{path}"
    return Link(text=f"Kubernetes {KUBERNETES_RELEASE}, {function}", url=url)


def page(title: str, url: str) -> Link:
    """Return a link to a page of a specification or of a project's documentation."""
    return Link(text=title, url=url)


def manual(path: str, title: str) -> Link:
    """Return a link to a page of this project's documentation, such as `docs/gitops.md`."""
    return Link(text=title, url=path)
