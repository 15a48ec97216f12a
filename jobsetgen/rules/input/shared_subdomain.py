"""JSG402: shared subdomain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.core_objects import CoreObjects
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.identities import identity_of, name_as_written
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG402",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "createHeadlessSvcIfNecessary"),
)
def shared_subdomain(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two JobSets have the same subdomain in one namespace, and so would share a headless Service.

    A Service with that name in the input may select the pods of both sets (JSG403 checks that it
    does).

    Error because the Service of one set selects only that set's pods, so that the names of the
    other set's pods would not resolve; and because the output would have two Services with the same
    name.

    Bad::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: training}}

    Good::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: other}}
    """
    core = CoreObjects(units)
    seen: dict[tuple[str, str], Unit] = {}
    for unit in units:
        jobset = unit.jobset
        if jobset is None or not jobset.network.enabled or not jobset.network.subdomain:
            continue
        if core.standing_in("Service", jobset.network.subdomain, jobset):
            continue

        first = seen.setdefault((unit.namespace, jobset.network.subdomain), unit)
        if identity_of(first) != identity_of(unit):
            names = f"{name_as_written(first)} and {name_as_written(unit)}"
            message = f"JobSets {names} share the subdomain {jobset.network.subdomain}"
            yield unit, Finding(path=("spec", "network", "subdomain"), message=message)
