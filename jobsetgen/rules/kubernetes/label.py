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
from jobsetgen.upstream import kubernetes

_WITH_SELECTORS = ("affinity", "topologySpreadConstraints")


@job_rule(
    "JSG306",
    "error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go",
        "ValidateLabels",
    ),
)
def label(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A label, a node selector, or a label in a selector is malformed.

    A key is an optional DNS name and a slash, then a name of at most 63 characters; a value has at
    most 63 characters.

    Error because every API server refuses a Job with such labels or selectors.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026/11"}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026-11"}}}}}
    """
    job_labels = _own(job, job.labels)
    pod_labels = _own(job, job.pod_labels)
    node_selector = mapping(job.pod, "nodeSelector")
    pod_template = (*job.spec_path, "template")

    yield from findings(label_problems(job_labels), (*job.path, "metadata", "labels"))
    yield from findings(label_problems(pod_labels), (*pod_template, "metadata", "labels"))
    yield from findings(
        label_problems(node_selector, "node selector"), (*job.pod_path, "nodeSelector")
    )
    for field in _WITH_SELECTORS:
        for path, selected in _match_labels(job.pod.get(field), (*job.pod_path, field)):
            yield from findings(label_problems(selected), path)


def _own(job: JobTemplate, labels: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the labels that reach the object.

    In a JobSet the expansion's own labels take the place of what is written under their keys.
    """
    is_plain_job = not job.path
    if is_plain_job:
        return labels
    return {key: value for key, value in labels.items() if key not in keys.IDENTITY}


def _match_labels(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every matchLabels at any depth of a value, with its place."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _match_labels(item, (*path, index))
        return
    if not isinstance(value, Mapping):
        return

    if isinstance(value.get("matchLabels"), Mapping):
        yield (*path, "matchLabels"), value["matchLabels"]
    for key, inner in value.items():
        yield from _match_labels(inner, (*path, key))
