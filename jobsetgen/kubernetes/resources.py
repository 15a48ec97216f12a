"""Resources: which kinds there are, by their names."""

from __future__ import annotations

from jobsetgen.kubernetes.quantities import thousandths

STANDARD = ("cpu", "memory", "ephemeral-storage")
"""The resources without a domain, beside huge pages."""

_HUGE_PAGES = "hugepages-"


def is_extended(resource: str) -> bool:
    """Whether a resource is one of a device: named with a domain that is not Kubernetes' own."""
    return "/" in resource and "kubernetes.io/" not in resource


def is_huge_pages(resource: str) -> bool:
    """Whether a resource is named as huge pages are."""
    return resource.startswith(_HUGE_PAGES)


def is_of_a_whole_pod(resource: str) -> bool:
    """Whether a pod can request a resource as a whole, beside its containers."""
    return resource in ("cpu", "memory") or (is_huge_pages(resource) and page_size(resource) is not None)


def page_size(resource: str) -> int | None:
    """Return the size of huge pages in thousandths of a byte, or None where the name has none."""
    size = thousandths(resource.removeprefix(_HUGE_PAGES))
    return size if size is not None and size > 0 and size % 1000 == 0 else None
