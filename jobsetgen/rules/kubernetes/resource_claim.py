"""JSG363: resource claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near

_SOURCES = ("resourceClaimName", "resourceClaimTemplateName")


@job_rule("JSG363", "error", since="0.1", source=UNKNOWN)
def resource_claim(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod's claim of devices is malformed, or a container uses one that its pod does not have.

    Each of the pod's resourceClaims has a name of its own, and either a resourceClaimName or a
    resourceClaimTemplateName. A container names each claim once, or each of its requests once.

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
    # Before, the fields are there only with a feature that has to be switched on, and are dropped without it.
    if not settings.since("1.34"):
        return
    known: set[str] = set()
    for index, claim in objects(job.pod, "resourceClaims"):
        yield from _claim(claim, (*job.pod_path, "resourceClaims", index), known)
        known.add(string(claim, "name"))
    for path, container in job.containers():
        yield from _uses(mapping(container, "resources"), (*path, "resources", "claims"), known)


def _claim(claim: Mapping[str, Any], path: Path, known: set[str]) -> Iterator[Finding]:
    name = string(claim, "name")
    if name in known:
        yield Finding(
            path=(*path, "name"), message=f"two resourceClaims of the pod are named {name}"
        )
    elif "name" in claim and not is_label(name):
        rule = f"at most {MAX_LABEL} lower-case letters, digits and dashes"
        message = f"the resourceClaim's name '{name}' must have {rule}"
        yield Finding(path=(*path, "name"), message=message)
    chosen = [field for field in _SOURCES if field in claim]
    # What else a claim has may be a source of a later version.
    if len(chosen) != 1 and set(claim) <= {"name", *_SOURCES}:
        has = (
            f"both a {_SOURCES[0]} and a {_SOURCES[1]}"
            if chosen
            else f"neither a {_SOURCES[0]} nor a {_SOURCES[1]}"
        )
        yield Finding(path=path, message=f"the resourceClaim {name} has {has}")
    for field in chosen:
        source = claim[field]
        if isinstance(source, str) and not is_subdomain(source):
            message = f"{field} '{source}' must have lower-case letters, digits, dashes and dots"
            yield Finding(path=(*path, field), message=message)


def _uses(resources: Mapping[str, Any], path: Path, known: set[str]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for index, use in objects(resources, "claims"):
        name, request, place = string(use, "name"), string(use, "request"), (*path, index)
        if name not in known:
            message = (
                f"the pod has no resourceClaim {name}" if name else "the claim to use has no name"
            )
            yield Finding(path=(*place, "name"), message=message, hint=near(name, known))
        elif (
            (name, request) in seen
            or (name, "") in seen
            or (not request and any(name == each for each, _ in seen))
        ):
            message = (
                f"the container uses the claim {name}{f' ({request})' if request else ''} twice"
            )
            yield Finding(path=(*place, "name"), message=message)
        elif request and not is_label(request):
            message = (
                f"the request '{request}' must have at most {MAX_LABEL} lower-case letters, digits"
                " and dashes"
            )
            yield Finding(path=(*place, "request"), message=message)
        seen.add((name, request))
