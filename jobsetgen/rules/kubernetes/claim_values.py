"""JSG336: claim values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_subdomain
from jobsetgen.kubernetes.quantities import malformed_quantity, thousandths
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.rules.rule import Located, findings, input_rule
from jobsetgen.upstream import kubernetes

_ALONE = "ReadWriteOncePod"


@input_rule(
    "JSG336",
    "error",
    since="0.1",
    source=kubernetes(
        "pkg/apis/core/validation/validation.go", "ValidatePersistentVolumeClaimSpec"
    ),
)
def claim_values(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A claim of an ephemeral volume, or one of volumeClaimPolicies, cannot be created as written.

    A claim must request storage and have accessModes. ReadWriteOncePod excludes all other modes.

    Error because every API server refuses such a claim.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes:
                    - name: scratch
                      ephemeral:
                        volumeClaimTemplate:
                          spec:
                            accessModes: [ReadWriteOnce]
                            resources: {requests: {storage: 100GB}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes:
                    - name: scratch
                      ephemeral:
                        volumeClaimTemplate:
                          spec:
                            accessModes: [ReadWriteOnce]
                            resources: {requests: {storage: 100Gi}}
    """
    for unit in units:
        yield from ((unit, finding) for finding in _of_jobset(unit))
        yield from ((unit, finding) for finding in _of_pods(unit))


def _of_jobset(unit: Unit) -> Iterator[Finding]:
    if unit.jobset is None:
        return
    # What is missing in a claim template of the set is for another rule to say.
    for claim in unit.jobset.claims:
        yield from _values(claim.spec, (*claim.path, "spec"))


def _of_pods(unit: Unit) -> Iterator[Finding]:
    for path, claim in _ephemeral_claims(unit):
        yield from _missing(claim, path)
        yield from _values(claim, path)


def _ephemeral_claims(unit: Unit) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the spec of each claim that a pod brings for itself, with its place."""
    for job in unit.job_templates():
        for index, volume in objects(job.pod, "volumes"):
            template = mapping(mapping(volume, "ephemeral"), "volumeClaimTemplate")
            if "spec" in template:
                path = (*job.pod_path, "volumes", index, "ephemeral", "volumeClaimTemplate", "spec")
                yield path, mapping(template, "spec")


def _missing(claim: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if not items(claim, "accessModes"):
        yield Finding(path=(*path, "accessModes"), message="the claim has no accessModes")
    if "storage" not in _requests(claim):
        place = (*path, "resources", "requests", "storage")
        yield Finding(path=place, message="the claim requests no storage")


def _values(claim: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    modes = set(map(str, items(claim, "accessModes")))
    if _ALONE in modes and modes != {_ALONE}:
        message = f"the accessMode {_ALONE} excludes all others"
        yield Finding(path=(*path, "accessModes"), message=message)

    name = string(claim, "storageClassName")
    if name and not is_subdomain(name):
        limit = "must consist of lower-case letters, digits, dashes and dots"
        message = f"invalid storageClassName '{name}': {limit}"
        yield Finding(path=(*path, "storageClassName"), message=message)

    storage = _requests(claim).get("storage")
    yield from _storage(storage, (*path, "resources", "requests", "storage"))


def _storage(requested: Any, path: Path) -> Iterator[Finding]:
    yield from findings(malformed_quantity(requested), path)
    amount = thousandths(requested)
    if amount is not None and amount <= 0:
        message = f"the claim requests {requested} of storage, but must request more than 0"
        yield Finding(path=path, message=message)


def _requests(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(mapping(claim, "resources"), "requests")
