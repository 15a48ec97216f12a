"""JSG402: shared subdomain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.together import identity_of, name_as_written
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG402", "error", since="0.1", source=UNKNOWN)
def shared_subdomain(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two JobSets have the same subdomain in one namespace, and so would share a headless Service.

    The Service of the one selects only its own pods, so the names of the other's would not resolve.

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
    seen: dict[tuple[str, str], Unit] = {}
    for unit in units:
        jobset = unit.jobset
        if jobset is None or not jobset.network.enabled or not jobset.network.subdomain:
            continue
        first = seen.setdefault((unit.namespace, jobset.network.subdomain), unit)
        if identity_of(first) != identity_of(unit):
            names = f"{name_as_written(first)} and {name_as_written(unit)}"
            message = f"JobSets {names} share the subdomain {jobset.network.subdomain}"
            yield unit, Finding(path=("spec", "network", "subdomain"), message=message)
