"""JSG363: resource claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes
from jobsetgen.words import near

_SOURCES = ("resourceClaimName", "resourceClaimTemplateName")
_LABEL = f"must consist of at most {MAX_LABEL} lower-case letters, digits and dashes"


class _Use(NamedTuple):
    """What a container uses: a claim, or with a request only that part of it."""

    claim: str
    request: str

    def overlaps(self, requests: Collection[str]) -> bool:
        """Whether requests of the same claim are for the same devices."""
        return bool(requests) and (not self.request or "" in requests or self.request in requests)


@job_rule(
    "JSG363",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validatePodResourceClaim"),
)
def resource_claim(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod's resourceClaim is malformed, or a container uses a claim that its pod does not have.

    Each of the pod's resourceClaims has its own name, and either a resourceClaimName or a
    resourceClaimTemplateName. A container names each claim once, or each of its requests once.

    Error because every API server refuses such a pod, or drops the claims where their feature gate
    is off: no pod ever gets the devices.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    resourceClaims: [{name: gpus, resourceClaimTemplateName: eight-gpus}]
                    containers: [{resources: {claims: [{name: gpu}]}}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    resourceClaims: [{name: gpus, resourceClaimTemplateName: eight-gpus}]
                    containers: [{resources: {claims: [{name: gpus}]}}]
    """
    # Before, the fields are known only behind a feature gate, and dropped without it.
    if not settings.since("1.34"):
        return

    known: set[str] = set()
    for index, claim in objects(job.pod, "resourceClaims"):
        path = (*job.pod_path, "resourceClaims", index)
        yield from _name(claim, path, known)
        yield from _sources(claim, path)
        known.add(string(claim, "name"))
    for path, container in job.containers():
        yield from _uses(mapping(container, "resources"), (*path, "resources", "claims"), known)


def _name(claim: Mapping[str, Any], path: Path, known: set[str]) -> Iterator[Finding]:
    name = string(claim, "name")
    if name in known:
        message = f"duplicate resourceClaim name '{name}'"
        yield Finding(path=(*path, "name"), message=message)
    elif "name" in claim and not is_label(name):
        message = f"invalid resourceClaim name '{name}': {_LABEL}"
        yield Finding(path=(*path, "name"), message=message)


def _sources(claim: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    chosen = [field for field in _SOURCES if field in claim]
    # A field that is not among them may be a source of a later version.
    has_only_known = set(claim) <= {"name", *_SOURCES}
    if len(chosen) != 1 and has_only_known:
        has = f"both a {_SOURCES[0]} and" if chosen else f"neither a {_SOURCES[0]} nor"
        message = f"the resourceClaim {string(claim, 'name')} has {has} a {_SOURCES[1]}"
        yield Finding(path=path, message=message)
    for field in chosen:
        yield from _source_name(claim[field], field, path)


def _source_name(name: Any, field: str, path: Path) -> Iterator[Finding]:
    if isinstance(name, str) and not is_subdomain(name):
        limit = "must consist of lower-case letters, digits, dashes and dots"
        yield Finding(path=(*path, field), message=f"invalid {field} '{name}': {limit}")


def _uses(resources: Mapping[str, Any], path: Path, known: set[str]) -> Iterator[Finding]:
    seen: dict[str, set[str]] = {}
    for index, each in objects(resources, "claims"):
        use = _Use(claim=string(each, "name"), request=string(each, "request"))
        place = (*path, index)
        if use.claim not in known:
            yield _unknown(use.claim, known, place)
        elif use.overlaps(seen.get(use.claim, ())):
            what = f"{use.claim} ({use.request})" if use.request else use.claim
            message = f"the container uses the claim {what} twice"
            yield Finding(path=(*place, "name"), message=message)
        elif use.request and not is_label(use.request):
            message = f"invalid request '{use.request}': {_LABEL}"
            yield Finding(path=(*place, "request"), message=message)
        seen.setdefault(use.claim, set()).add(use.request)


def _unknown(claim: str, known: set[str], path: Path) -> Finding:
    message = f"the pod has no resourceClaim {claim}" if claim else "the claim to use has no name"
    return Finding(path=(*path, "name"), message=message, hint=near(claim, known))
