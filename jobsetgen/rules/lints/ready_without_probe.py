"""JSG614: ready without probe."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import Dependency, JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.plain import items
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG614",
    "notice",
    since="0.1",
    source=page(
        "Kubernetes, Pod readiness",
        "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes",
    ),
)
def ready_without_probe(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob waits until another one is Ready, whose pods have no readinessProbe.

    A container without a readinessProbe is ready as soon as it has started, before its program can
    serve anybody. A startupProbe delays it as well, and so does a readiness gate of the pod. A Job
    that has ended also counts as Ready.

    Notice because it may be enough that the other pods have started, such as for their names.

    Bad::

        spec:
          replicatedJobs:
          - name: driver
          - name: workers
            dependsOn: [{name: driver, status: Ready}]

    Good::

        spec:
          replicatedJobs:
          - name: driver
            template:
              spec:
                template:
                  spec: {containers: [{readinessProbe: {tcpSocket: {port: 6379}}}]}
          - name: workers
            dependsOn: [{name: driver, status: Ready}]
    """
    earlier: dict[str, ReplicatedJob] = {}
    for each in jobset.replicated_jobs:
        for dependency in each.depends_on or ():
            awaited = earlier.get(dependency.name)
            if dependency.status == "Ready" and awaited and not _is_delayed(awaited):
                yield _started(dependency, each)
        earlier[each.name] = each


def _started(dependency: Dependency, waiting: ReplicatedJob) -> Finding:
    awaited = dependency.name
    return Finding(
        path=(*dependency.path, "status"),
        message=f"Ready only means started: no container of {awaited} has a readinessProbe",
        hint=(
            f"Add a readinessProbe to {awaited} if {waiting.name} must not start before it can be"
            " reached."
        ),
    )


def _is_delayed(each: ReplicatedJob) -> bool:
    """Whether something delays the readiness of the pods beyond the start of their containers."""
    if not each.pods or items(each.template.pod, "readinessGates"):
        return True
    return any(
        container.get("readinessProbe") or container.get("startupProbe")
        for path, container in each.template.containers()
        if not is_init(path) or is_sidecar(path, container)
    )
