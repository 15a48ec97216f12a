"""What can be wrong with an object before the rules look at it."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import jobset, manual, page

NOT_AN_OBJECT = Code(
    id="JSG110",
    title="not an object",
    severity="error",
    since="0.1",
    source=page(
        "Kubernetes, Required fields",
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields",
    ),
    doc="""A document is not a Kubernetes object: it is not a mapping, lacks an apiVersion or a
    kind, or has items that are not a list.

    Error because every API server refuses it. kubectl, Argo CD and Flux take any object with items
    for a List.

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
    source=jobset("api/jobset/v1alpha2/groupversion_info.go", "addKnownTypes"),
    doc="""A JobSet has another version than jobset.x-k8s.io/v1alpha2, the only one that can be
    compiled.

    A wrong API group counts as well if the object is clearly intended as a JobSet: the group
    contains `jobset` or `batch`, or the spec has replicatedJobs.

    Error because no release of the JobSet controller serves another version or group today, and an
    unknown one cannot be compiled.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A JobSetGenerator is in a file that is not named jobsetgen.yaml, where it has no effect.

    Error because its options would be ignored, and no cluster has the kind.

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
    source=page("Kueue, Run AppWrappers", "https://kueue.sigs.k8s.io/docs/tasks/run/appwrappers/"),
    doc="""A JobSet inside another object, such as an AppWrapper or a workflow, is left unchanged.

    The unwrapped JobSet needs the JobSet controller. So does Kubeflow Trainer, which creates a
    JobSet from a TrainJob and its runtime.

    Notice because the output is right on a cluster that has that controller.

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
    source=jobset("pkg/controllers/jobset_controller.go", "managedByExternalController"),
    doc="""managedBy names another controller, which runs the JobSet, so it passes through
    unchanged.

    Notice because this is what managedBy asks for.

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
    source=page(
        "Kubernetes, API groups and versioning",
        "https://kubernetes.io/docs/reference/using-api/#api-groups",
    ),
    doc="""An object of the kind JobSet that belongs to another API passes through unchanged.

    Notice because another project may use the same name for its kind.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""The input holds no objects, so the output would be empty.

    A GitOps tool that applies an empty output with pruning deletes everything it has applied
    before. If that is intended, pass `--allow-empty` (or set `allowEmpty: true` in jobsetgen.yaml).

    Error because an empty output, unless that option allows it, is a mistake that deletes what
    runs, on every cluster.

    Bad (file)::

        # nothing but a comment

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
    """,
)

REFUSALS = frozenset([NOT_AN_OBJECT.id, JOBSET_VERSION.id])
"""The codes of documents that are refused, so that nothing else is known of them."""
