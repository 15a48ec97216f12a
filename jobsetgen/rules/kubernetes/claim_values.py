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
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG336", "error", since="0.1", source=UNKNOWN)
def claim_values(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A claim, of an ephemeral volume or of volumeClaimPolicies, cannot be made as it is written.

    It asks for some storage, and has accessModes, of which ReadWriteOncePod excludes any other.

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
                          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 100GB}}}

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
                          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 100Gi}}}
    """
    for unit in units:
        # What is missing in a claim template of the set is for another rule to say.
        for claim in unit.jobset.claims if unit.jobset else ():
            yield from ((unit, finding) for finding in _values(claim.spec, (*claim.path, "spec")))
        for path, spec in _of_volumes(unit):
            yield from ((unit, finding) for finding in _missing(spec, path))
            yield from ((unit, finding) for finding in _values(spec, path))


def _of_volumes(unit: Unit) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for job in unit.job_templates():
        for index, volume in objects(job.pod, "volumes"):
            template = mapping(mapping(volume, "ephemeral"), "volumeClaimTemplate")
            if "spec" in template:
                path = (*job.pod_path, "volumes", index, "ephemeral", "volumeClaimTemplate", "spec")
                yield path, mapping(template, "spec")


def _missing(claim: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if not items(claim, "accessModes"):
        yield Finding(path=(*path, "accessModes"), message="the claim has no accessModes")
    if "storage" not in mapping(mapping(claim, "resources"), "requests"):
        message = "the claim does not say how much storage it requests"
        yield Finding(path=(*path, "resources", "requests", "storage"), message=message)


def _values(claim: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    modes = items(claim, "accessModes")
    if "ReadWriteOncePod" in modes and set(map(str, modes)) != {"ReadWriteOncePod"}:
        message = "the accessMode ReadWriteOncePod excludes any other"
        yield Finding(path=(*path, "accessModes"), message=message)
    name = string(claim, "storageClassName")
    if name and not is_subdomain(name):
        message = f"storageClassName '{name}' must have lower-case letters, digits, dashes and dots"
        yield Finding(path=(*path, "storageClassName"), message=message)
    value = mapping(mapping(claim, "resources"), "requests").get("storage")
    amount, place = thousandths(value), (*path, "resources", "requests", "storage")
    yield from findings(malformed_quantity(value), place)
    if amount is not None and amount <= 0:
        yield Finding(
            path=place, message=f"the claim requests {value} of storage, but must request some"
        )
