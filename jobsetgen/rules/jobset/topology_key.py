"""JSG415: topology key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG415", "error", since="0.1", source=UNKNOWN)
def topology_key(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The exclusive-topology annotation names no node label key, so that no node could ever match.

    Bad::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: node pool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    for path, where in _topologies(jobset):
        key = where.get(keys.EXCLUSIVE_TOPOLOGY)
        if isinstance(key, str) and (reason := bad_label_key(key)):
            message = f"'{key}' cannot be the key of a node label: {reason}"
            yield Finding(path=(*path, "annotations", keys.EXCLUSIVE_TOPOLOGY), message=message)


def _topologies(jobset: JobSet) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield the annotations of each place that a topology may be written at."""
    yield ("metadata",), jobset.annotations
    for each in jobset.replicated_jobs:
        yield (*each.template.path, "metadata"), each.template.annotations
        yield (*each.template.spec_path, "template", "metadata"), each.template.pod_annotations
