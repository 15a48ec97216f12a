"""JSG306: label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import label_problems
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG306", "error", since="0.1", source=UNKNOWN)
def label(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A label, a node selector, or the labels of a selector are malformed.

    A key is an optional DNS name and a slash, and a name of at most 63 characters; a value has at most 63.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026/11"}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026-11"}}}}}
    """
    template = (*job.spec_path, "template")
    yield from findings(label_problems(_own(job, job.labels)), (*job.path, "metadata", "labels"))
    yield from findings(
        label_problems(_own(job, job.pod_labels)), (*template, "metadata", "labels")
    )
    yield from findings(
        label_problems(mapping(job.pod, "nodeSelector"), "node selector"),
        (*job.pod_path, "nodeSelector"),
    )
    for field in ("affinity", "topologySpreadConstraints"):
        for path, selected in _match_labels(job.pod.get(field), (*job.pod_path, field)):
            yield from findings(label_problems(selected), path)


def _own(job: JobTemplate, labels: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the labels that reach the object: in a JobSet the expansion's own take the place of what is written."""
    return {key: value for key, value in labels.items() if not job.path or key not in keys.IDENTITY}


def _match_labels(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("matchLabels"), Mapping):
            yield (*path, "matchLabels"), value["matchLabels"]
        for key, inner in value.items():
            yield from _match_labels(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _match_labels(inner, (*path, index))
