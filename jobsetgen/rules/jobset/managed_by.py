"""JSG220: managed by."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG220", "error", since="0.1", source=UNKNOWN)
def managed_by(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """managedBy is no domain-prefixed path of at most 63 characters.

    It names a controller, as `kueue.x-k8s.io/multikueue` does.

    Bad::

        spec: {managedBy: multikueue}

    Good::

        spec: {managedBy: kueue.x-k8s.io/multikueue}
    """
    name = jobset.managed_by
    if name is None or is_controller(name):
        return
    message = f"managedBy '{name}' is no domain-prefixed path, such as example.com/controller"
    if is_controller(name[:MAX_LABEL]):
        message = (
            f"managedBy has {len(name)} characters, {len(name) - MAX_LABEL} more than the"
            f" {MAX_LABEL} allowed"
        )
    yield Finding(path=("spec", "managedBy"), message=message)
