"""What can be wrong with a project file."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import UNKNOWN

NO_PROJECT = Code(
    id="JSG701",
    title="no project",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A jobsetgen.yaml that does not hold exactly one document of kind JobSetGenerator.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGen

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
    """,
)
NO_RESOURCE = Code(
    id="JSG702",
    title="no resource",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A resource of the project that is not there, or lies outside of the project's folder.

    What a project compiles is in its folder, so that a reviewer has it in view and a hostile
    repository reaches nothing else.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [../elsewhere.yaml]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [jobset.yaml]
    """,
)
NO_TARGET = Code(
    id="JSG703",
    title="no target",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""An entry of `replicas` that names no replicatedJob of the input, so that it would change nothing.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        replicas: [{jobSet: demo, replicatedJob: worker, replicas: 2}]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        replicas: [{jobSet: demo, replicatedJob: workers, replicas: 2}]
    """,
)
UNUSED_IMAGE = Code(
    id="JSG704",
    title="unused image",
    severity="warning",
    since="0.1",
    source=UNKNOWN,
    doc="""An entry of `images` that no container of a JobSet uses, so that it changes nothing.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        images: [{name: registry.example.com/trian, newTag: "2"}]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        images: [{name: registry.example.com/train, newTag: "2"}]
    """,
)
WATCHER_OPTION = Code(
    id="JSG705",
    title="watcher option",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""An option of the watcher that no API server takes, or a label that is not the watcher's.

    The watcher's Job would be refused, and the set would have nobody who restarts it. JobSet's own
    labels tell the training's pods, and select them for their Service.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        watcher:
          labels: {jobset.sigs.k8s.io/jobset-name: demo}

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        watcher:
          labels: {team: research}
    """,
)
ON_RESTART = Code(
    id="JSG706",
    title="on restart",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""`updatePolicy: OnRestart` where Git owns the Jobs.

    The GitOps tool applies what is in Git at once. Only a watcher that creates the Jobs itself can
    wait with a new template for the next restart.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        updatePolicy: OnRestart

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        jobs: watcher
        updatePolicy: OnRestart
    """,
)
PARAMETER = Code(
    id="JSG707",
    title="plugin parameter",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A parameter of the Argo CD plugin that does not exist, is given twice, or is given in another form.

    `jobsetgen argocd parameters` lists those that there are, as Argo CD shows them.

    Bad (parameters)::

        - {name: job, string: watcher}

    Good (parameters)::

        - {name: jobs, string: watcher}
    """,
)

NO_OUTPUT = Code(
    id="JSG708",
    title="no output",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""An output folder that is not below the project's own.

    What is stale there is removed, so it is a folder that holds nothing else, and that its owner
    has in view.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        output: ../rendered

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        output: rendered
    """,
)

IMAGE_OVERRIDE = Code(
    id="JSG710",
    title="image override",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""An entry of `images` that makes no image, or is there twice for one name, so that only one could hold.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        images: [{name: registry.example.com/train, newName: "registry.example.com/train:2"}]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        images: [{name: registry.example.com/train, newTag: "2"}]
    """,
)
RENAMED_LATER = Code(
    id="JSG709",
    title="renamed later",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A set with a restart-watcher uses a ConfigMap or a Secret that kustomize generates, and will rename.

    kustomize adds the hash of the content when all functions are done: to the Jobs, but not to the
    watcher's plan. What the watcher then creates would wait for a ConfigMap that is not there.

    Bad (items)::

        - apiVersion: v1
          kind: ConfigMap
          metadata: {name: files, annotations: {internal.config.kubernetes.io/needsHashSuffix: enabled}}
        - apiVersion: jobset.x-k8s.io/v1alpha2
          kind: JobSet
          metadata: {name: demo}
          spec:
            failurePolicy: {maxRestarts: 1}
            replicatedJobs:
            - name: workers
              template:
                spec:
                  template:
                    spec:
                      volumes: [{name: files, configMap: {name: files}}]
                      containers: [{name: main, image: registry.example.com/train}]

    Good (items)::

        - apiVersion: v1
          kind: ConfigMap
          metadata: {name: files}
        - apiVersion: jobset.x-k8s.io/v1alpha2
          kind: JobSet
          metadata: {name: demo}
          spec:
            failurePolicy: {maxRestarts: 1}
            replicatedJobs:
            - name: workers
              template:
                spec:
                  template:
                    spec:
                      volumes: [{name: files, configMap: {name: files}}]
                      containers: [{name: main, image: registry.example.com/train}]
    """,
)
