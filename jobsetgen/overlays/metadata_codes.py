"""What can be wrong with the names, labels and annotations that a project sets."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

OLD_NAME_IN_TEXT = Code(
    id="JSG715",
    title="old name in text",
    severity="warning",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A text names an object by the DNS name that it had before `namePrefix` or `nameSuffix`.

    References in fields follow a rename; names in commands, arguments, variables, probes, hooks,
    ConfigMaps and the `stringData` of Secrets do not. A word alone, such as `redis`, is a name only
    if a host must be meant: as the value of `REDIS_HOST`, of `--host` or of `httpGet.host`.

    Pods are found under `<JobSet>-<replicatedJob>-<Job>-<pod>.<subdomain>`, and Services under
    `<Service>.<namespace>.svc`. Replace the text with a patch, or compose it from variables, such
    as one with the label `jobset.sigs.k8s.io/jobset-name` of the pod.

    Warning because something outside the project may have that name.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        namePrefix: dev-
        patches:
        - target: {kind: JobSet}
          patch:
          - op: add
            path: /spec/replicatedJobs/0/template/spec/template/spec/containers/0/args
            value: [--master=demo-workers-0-0.demo]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        namePrefix: dev-
    """,
)
UNFOLLOWED_REFERENCE = Code(
    id="JSG730",
    title="unfollowed reference",
    severity="warning",
    since="0.1",
    source=manual("docs/overlays.md", "Names"),
    doc="""A reference keeps its name, although `namePrefix` or `nameSuffix` renames an object that
    may be its target: one of the two has a namespace and the other has none.

    As in kustomize, a reference follows within a namespace, and an object without one is in that of
    the project or otherwise in `default`. A flag or a GitOps tool may still put both into one
    namespace, where the reference then names nothing.

    Warning because another object with the same name may be intended.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [jobset.yaml, settings]  # the ConfigMap 'settings' is in the namespace research
        namePrefix: dev-
        patches:
        - target: {kind: JobSet}
          patch:
          - op: add
            path: /spec/replicatedJobs/0/template/spec/template/spec/containers/0/envFrom
            value: [{configMapRef: {name: settings}}]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [jobset.yaml, settings]
        namespace: research
        namePrefix: dev-
        patches:
        - target: {kind: JobSet}
          patch:
          - op: add
            path: /spec/replicatedJobs/0/template/spec/template/spec/containers/0/envFrom
            value: [{configMapRef: {name: settings}}]
    """,
)
INVALID_METADATA = Code(
    id="JSG717",
    title="invalid metadata",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""`namePrefix`, `nameSuffix`, `labels` or `annotations` of a project would make an invalid
    name, label or annotation.

    Error because every API server refuses the objects.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        namePrefix: Dev_

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        namePrefix: dev-
    """,
)
