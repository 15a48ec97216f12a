"""JSG346: selector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import CONTROLLER_UID_LABELS, JOB_NAME_LABELS
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.naming import job_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.names import name_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG346", "error", since="0.1", source=UNKNOWN)
def selector(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A Job has a selector, or labels of the kind that it selects by, which the API server makes itself.

    A copy of a running Job carries them; take them out. The label job-name may be there if it is the name of the only
    Job that the template makes. Only with manualSelector: true is a selector accepted, and then it is needed.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {selector: {matchLabels: {app: train}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {app: train}}}}}
    """
    for unit in units:
        for job, names in _templates(unit):
            yield from ((unit, finding) for finding in _selector(job, names))


def _templates(unit: Unit) -> Iterator[tuple[JobTemplate, list[str]]]:
    """Yield the Job templates with the names of the first Jobs that are made of them, as far as they are known."""
    if unit.jobset is None:
        name = string(mapping(unit.data, "metadata"), "name")
        yield from ((job, [name] if name else []) for job in unit.job_templates())
        return
    prefix = name_of(unit.jobset)
    for each in unit.jobset.replicated_jobs:
        named = prefix and each.name
        yield (
            each.template,
            [job_name(prefix, each.name, i) for i in range(min(each.replicas, 2))] if named else [],
        )


def _selector(job: JobTemplate, names: list[str]) -> Iterator[Finding]:
    if job.spec.get("manualSelector") is True:
        yield from _manual(job)
        return
    if any(True for _ in _foreign(job, names)):
        message = "a Job's selector is made by the API server"
        yield Finding(
            path=(*job.spec_path, "selector"), message=message, hint="Take it out.", on_key=True
        )
    path = (*job.spec_path, "template", "metadata", "labels")
    for key, value in job.pod_labels.items():
        if key in CONTROLLER_UID_LABELS or (
            key in JOB_NAME_LABELS and _cannot_be_the_name(names, value)
        ):
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


def _foreign(job: JobTemplate, names: list[str]) -> Iterator[str]:
    """Yield the keys that a selector demands, and the API server does not give to the pods as it is written."""
    selected = mapping(job.spec, "selector")
    for key, value in mapping(selected, "matchLabels").items():
        if key not in JOB_NAME_LABELS or _cannot_be_the_name(names, value):
            yield key
    for _, expression in objects(selected, "matchExpressions"):
        key, operator = string(expression, "key"), string(expression, "operator")
        if operator in ("In", "Exists") and key not in (*JOB_NAME_LABELS, *CONTROLLER_UID_LABELS):
            yield key


def _cannot_be_the_name(names: list[str], value: object) -> bool:
    """Whether a value is not the name of every Job."""
    return any(value != name for name in names)
