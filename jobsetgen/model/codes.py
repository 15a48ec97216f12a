"""What can be wrong with an object before the rules look at it."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import UNKNOWN

NOT_AN_OBJECT = Code(
    id="JSG110",
    title="not an object",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A document that is no Kubernetes object: it is no mapping, or has no apiVersion or kind.

    Bad (file)::

        kind: JobSet
        metadata: {name: a}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
    """,
)
JOBSET_VERSION = Code(
    id="JSG111",
    title="jobset version",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A JobSet of another version than jobset.x-k8s.io/v1alpha2, the only one there is to compile.

    A wrong API group counts too, where the object is clearly meant as a JobSet: the group contains
    `jobset` or `batch`, or the spec has replicatedJobs.

    Bad::

        apiVersion: jobset.x-k8s.io/v1alpha1

    Bad::

        apiVersion: jobset.sigs.k8s.io/v1alpha2

    Good::

        apiVersion: jobset.x-k8s.io/v1alpha2
    """,
)
MISPLACED_PROJECT = Code(
    id="JSG112",
    title="misplaced project",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A JobSetGenerator in a file that is not named jobsetgen.yaml, so it would have no effect.

    Bad (file)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
    """,
)
WRAPPED = Code(
    id="JSG601",
    title="wrapped jobset",
    severity="notice",
    since="0.1",
    source=UNKNOWN,
    doc="""A JobSet inside another object, such as an AppWrapper or a workflow, stays as it is.

    Whoever unwraps it will need the JobSet controller. So does Kubeflow Trainer, which makes a
    JobSet from a TrainJob and its runtime.

    Bad (file)::

        apiVersion: trainer.kubeflow.org/v1alpha1
        kind: TrainJob
        metadata: {name: a}
        spec: {runtimeRef: {name: torch-distributed}}

    Bad (file)::

        apiVersion: workload.codeflare.dev/v1beta2
        kind: AppWrapper
        metadata: {name: a}
        spec:
          components:
          - template: {apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet, metadata: {name: a}}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
    """,
)
MANAGED_ELSEWHERE = Code(
    id="JSG602",
    title="managed elsewhere",
    severity="notice",
    since="0.1",
    source=UNKNOWN,
    doc="""managedBy names another controller, so the JobSet passes through unchanged and that controller runs it.

    Bad::

        spec: {managedBy: kueue.x-k8s.io/multikueue}

    Good::

        spec: {suspend: false}
    """,
)
ANOTHER_API = Code(
    id="JSG604",
    title="jobset of another api",
    severity="notice",
    since="0.1",
    source=UNKNOWN,
    doc="""An object of the kind JobSet that belongs to another API passes through unchanged.

    Bad (file)::

        apiVersion: example.com/v1
        kind: JobSet
        metadata: {name: a}
        spec: {schedule: "@daily"}

    Good (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: a}
    """,
)
NOTHING = Code(
    id="JSG113",
    title="nothing to write",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""The input holds no object at all, so the output would be empty.

    A GitOps tool that applies an empty output with pruning deletes everything it has applied
    before. Where that is meant, `--allow-empty` (or `allowEmpty: true` in jobsetgen.yaml) lets it
    pass.

    Bad (file)::

        # nothing but a comment

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
    """,
)
