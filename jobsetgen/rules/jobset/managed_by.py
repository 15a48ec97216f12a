"""JSG220: managed by."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import characters
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG220",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def managed_by(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """managedBy is not a domain-prefixed path of at most 63 characters.

    It names a controller, such as `kueue.x-k8s.io/multikueue`.

    Error because JobSet's webhook refuses any other value.

    Bad::

        spec: {managedBy: multikueue}

    Good::

        spec: {managedBy: kueue.x-k8s.io/multikueue}
    """
    name = jobset.managed_by
    if name is None or is_controller(name):
        return

    if is_controller(name[:MAX_LABEL]):
        message = f"managedBy has {characters(name, MAX_LABEL)}"
    else:
        example = "example.com/controller"
        message = f"invalid managedBy '{name}': must be a domain-prefixed path such as {example}"
    yield Finding(path=("spec", "managedBy"), message=message)
