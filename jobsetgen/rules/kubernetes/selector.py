"""The Job's selector, and the labels that it selects by."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, mapping, objects, string
from jobsetgen.rules.rule import job_rule

_NAMES = ("job-name", "batch.kubernetes.io/job-name")
_UIDS = ("controller-uid", "batch.kubernetes.io/controller-uid")


@job_rule("JSG346", "selector")
def selector(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A Job has a selector, or labels of the kind that it selects by, which the API server makes itself.

    A copy of a running Job carries them; take them out. Only with manualSelector: true is a selector accepted, and then
    it is needed.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {selector: {matchLabels: {app: train}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {app: train}}}}}
    """
    if job.spec.get("manualSelector") is True:
        yield from _manual(job)
        return
    if any(True for _ in _foreign(job)):
        message = "a Job's selector is made by the API server"
        yield Finding(path=(*job.spec_path, "selector"), message=message, hint="Take it out.", on_key=True)
    path = (*job.spec_path, "template", "metadata", "labels")
    for key, value in job.pod_labels.items():
        if key in _UIDS or (key in _NAMES and _cannot_be_the_name(job, value)):
            message = f"the pods' label {key} is made by the API server"
            yield Finding(path=(*path, key), message=message, hint="Take it out.", on_key=True)


def _manual(job: JobTemplate) -> Iterator[Finding]:
    if "selector" not in job.spec:
        message = "manualSelector is true, but there is no selector"
        yield Finding(path=(*job.spec_path, "manualSelector"), message=message)
    for key, value in mapping(mapping(job.spec, "selector"), "matchLabels").items():
        # In a JobSet the pods get more labels than are written.
        if not job.path and job.pod_labels.get(key) != value:
            message = f"the selector asks for the label {key}: {value}, which the pods do not have"
            yield Finding(path=(*job.spec_path, "selector", "matchLabels", key), message=message)


def _foreign(job: JobTemplate) -> Iterator[str]:
    """Yield the keys that a selector demands, and the API server does not give to the pods as it is written."""
    selected = mapping(job.spec, "selector")
    for key, value in mapping(selected, "matchLabels").items():
        if key not in _NAMES or _cannot_be_the_name(job, value):
            yield key
    for _, expression in objects(selected, "matchExpressions"):
        key, operator = string(expression, "key"), string(expression, "operator")
        if operator in ("In", "Exists") and key not in (*_NAMES, *_UIDS):
            yield key


def _cannot_be_the_name(job: JobTemplate, value: object) -> bool:
    """Whether a value is not the Job's name, as far as it is known here: in a JobSet each Job has its own."""
    name = "" if job.path else string(job.metadata, "name")
    return bool(name) and value != name


RULES = (selector,)
