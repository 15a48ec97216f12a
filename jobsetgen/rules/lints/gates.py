"""What it means that pods wait behind a scheduling gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.watching import is_gated, startup_order
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import listed, plural


@jobset_rule("JSG515", "gated-with-node-name")
def gated_with_node_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod that has to wait for its turn names its node, and so cannot have a scheduling gate.

    Where Git owns the Jobs, start order and BlockingRecreate are kept by gates, and the API server refuses a gated pod
    with a nodeName. With `--jobs watcher` there are no gates.

    Bad::

        spec:
          failurePolicy: {maxRestarts: 1, restartStrategy: BlockingRecreate}
          replicatedJobs:
          - template: {spec: {template: {spec: {nodeName: node-1}}}}

    Good::

        spec:
          failurePolicy: {maxRestarts: 1, restartStrategy: BlockingRecreate}
          replicatedJobs:
          - template: {spec: {template: {spec: {nodeSelector: {kubernetes.io/hostname: node-1}}}}}
    """
    for each in _gated(jobset, settings):
        if string(each.template.pod, "nodeName"):
            yield Finding(
                path=(*each.template.pod_path, "nodeName"),
                message="a pod that names its node cannot wait behind a scheduling gate until it is its turn",
                hint="Choose jobs: watcher, or a nodeSelector.",
            )


@jobset_rule("JSG612", "gated-pods", "notice")
def gated_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Pods that wait behind a scheduling gate count in a ResourceQuota while they wait.

    A JobSet controller would create them later. Where Git owns the Jobs the quota has to have room for all of them
    from the beginning; with `--jobs watcher` they are created when it is their turn.

    Bad::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - name: driver
          - name: workers

    Good::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - name: driver
          - name: workers
    """
    waiting = [each for each in _gated(jobset, settings) if each.replicas and each.template.pods]
    if not waiting:
        return
    pods, asked = 0, dict[str, int]()
    for each in waiting:
        count = each.replicas * each.template.pods
        pods += count
        for name, amount in _requests(each.template).items():
            asked[name] = asked.get(name, 0) + amount * count
    amounts = listed([f"{name} {_written(name, amount)}" for name, amount in sorted(asked.items())])
    yield Finding(
        path=_place(jobset),
        message=f"{plural(pods, 'pod')} {'waits' if pods == 1 else 'wait'} behind a scheduling gate and "
        f"{'counts' if pods == 1 else 'count'} in a ResourceQuota meanwhile{f', with {amounts}' if amounts else ''}",
    )


def _gated(jobset: JobSet, settings: Settings) -> list[ReplicatedJob]:
    return [each for each in jobset.replicated_jobs if is_gated(jobset, each, settings)]


def _place(jobset: JobSet) -> Path:
    if place := startup_order(jobset):
        return place
    assert jobset.failure_policy is not None
    return (*jobset.failure_policy.path, "restartStrategy")


def _requests(template: JobTemplate) -> dict[str, int]:
    """Return what a pod asks for, in thousandths, as the quota counts it.

    That is the containers and native sidecars together, or the largest init container where that is more.
    """
    together: dict[str, int] = {}
    largest: dict[str, int] = {}
    for path, container in template.containers():
        ends_before = path[-2] == "initContainers" and string(container, "restartPolicy") != "Always"
        for name, amount in _asked(container).items():
            if ends_before:
                largest[name] = max(largest.get(name, 0), amount)
            else:
                together[name] = together.get(name, 0) + amount
    return {name: max(together.get(name, 0), largest.get(name, 0)) for name in {**together, **largest}}


def _asked(container: Mapping[str, object]) -> dict[str, int]:
    """Return a container's requests; what it is limited in and does not ask for, it asks for to the limit."""
    resources = mapping(container, "resources")
    asked = {**mapping(resources, "limits"), **mapping(resources, "requests")}
    amounts = {name: thousandths(amount) for name, amount in asked.items()}
    return {name: amount for name, amount in amounts.items() if amount}


def _written(name: str, amount: int) -> str:
    """Return an amount in thousandths as people write it."""
    if amount % 1000:
        return f"{amount}m"
    whole, unit = amount // 1000, ""
    if "memory" in name or "storage" in name or name.startswith("hugepages-"):
        for larger in ("Ki", "Mi", "Gi", "Ti", "Pi"):
            if whole % 1024:
                break
            whole, unit = whole // 1024, larger
    return f"{whole}{unit}"
