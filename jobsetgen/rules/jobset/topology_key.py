"""JSG415: topology key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG415",
    "error",
    since="0.1",
    source=upstream.kubernetes("pkg/apis/core/validation/validation.go", "validatePodAffinityTerm"),
)
def topology_key(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The exclusive-topology annotation is not a valid key of a node label.

    Error because the API server refuses both a node label and an affinity term with such a key.

    Bad::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: node pool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    for path, written in _annotated(jobset):
        key = written.get(keys.EXCLUSIVE_TOPOLOGY)
        if isinstance(key, str) and (reason := bad_label_key(key)):
            message = f"invalid topology key '{key}': {reason}"
            yield Finding(path=(*path, "annotations", keys.EXCLUSIVE_TOPOLOGY), message=message)


def _annotated(jobset: JobSet) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield the metadata where a topology may be written, as its place and its annotations."""
    yield ("metadata",), jobset.annotations
    for each in jobset.replicated_jobs:
        yield (*each.template.path, "metadata"), each.template.annotations
        yield (*each.template.spec_path, "template", "metadata"), each.template.pod_annotations
