"""JSG408: plan mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.rules.rule import Plan, plan_rule
from jobsetgen.upstream import manual

# As in jobsetgen/runtime/watcher/stamp.py: an object with one of them as its only key is a text.
_MARKS = ("$slot", "$text", "$applied")


@plan_rule(
    "JSG408",
    "error",
    since="0.1",
    source=manual("docs/restart-watcher.md", "The restart-watcher"),
)
def plan_mark(jobset: JobSet, plan: Plan) -> Iterator[Finding]:
    """A mapping in a Job template has `$slot`, `$text` or `$applied` as its only key.

    In the restart-watcher's plan, such a mapping marks a text that the watcher fills in, such as
    the name of the Job. In a Job that it creates, the mapping would be that text. Free keys exist
    in few places, such as the `volumeAttributes` of a CSI volume.

    Error because the watcher could not create the Job as it is written. Without a watcher, the
    same template compiles.

    Bad (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: train}
        spec:
          failurePolicy: {maxRestarts: 3}
          replicatedJobs:
          - name: workers
            template:
              spec:
                backoffLimit: 0
                template:
                  spec:
                    containers: [{name: main, image: example.com/train:1}]
                    volumes:
                    - name: data
                      csi: {driver: csi.example.com, volumeAttributes: {$slot: jobName}}

    Good (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: train}
        spec:
          failurePolicy: {maxRestarts: 3}
          replicatedJobs:
          - name: workers
            template:
              spec:
                backoffLimit: 0
                template:
                  spec:
                    containers: [{name: main, image: example.com/train:1}]
                    volumes:
                    - name: data
                      csi: {driver: csi.example.com, volumeAttributes: {slot: jobName}}
    """
    for each in jobset.replicated_jobs:
        template = each.template
        for field, value in (("metadata", template.metadata), ("spec", template.spec)):
            for path in _marked(value, (*template.path, field)):
                message = (
                    f"a mapping whose only key is '{path[-1]}' would be read as a mark of the"
                    " restart-watcher's plan"
                )
                hint = "Rename the key, or add another key to the mapping."
                yield Finding(path=path, message=message, hint=hint, on_key=True)


def _marked(value: Any, path: Path) -> Iterator[Path]:
    """Yield the path of each key that would be taken for a mark."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _marked(item, (*path, index))
    elif isinstance(value, dict):
        if len(value) == 1 and (key := next(iter(value))) in _MARKS:
            yield (*path, key)
        for key, item in value.items():
            yield from _marked(item, (*path, key))
