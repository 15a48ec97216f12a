"""What can be wrong with a project file."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

NO_PROJECT = Code(
    id="JSG701",
    title="no project",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A jobsetgen.yaml that does not hold exactly one document of kind JobSetGenerator.

    Error because what to compile, and how, is then unknown.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A resource of the project does not exist, or is outside the project's folder.

    What a project compiles is in its folder, so that a reviewer has it in view and a hostile
    repository reaches nothing else. `jobsetgen diff` reads a commit in the same way: a symbolic
    link, a submodule or a Git LFS pointer there is not the file itself.

    Error because an output without the resource would be incomplete, and a GitOps tool with pruning
    deletes what is missing.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An entry of `replicas` names no replicatedJob of the input, so that it would change
    nothing.

    Error because the set would run with another number of Jobs than the project says.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An entry of `images` that no container of a JobSet uses, so that it changes nothing.

    Warning because one list of images may serve several projects.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An option of the watcher that no API server accepts, or a label that JobSet uses itself.

    JobSet's own labels mark the pods of the training, and select them for their Service.

    Error because every API server refuses the watcher's Job, and nothing would restart the set;
    with such a label the watcher's pod would be taken for one of the training.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""`updatePolicy: OnRestart` where Git owns the Jobs.

    Only a watcher that creates the Jobs itself can wait with a new template for the next restart.

    Error because these two options contradict each other: a GitOps tool applies what is in Git at
    once, on every cluster.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A parameter of the Argo CD plugin does not exist, is given twice, or has another form.

    `jobsetgen argocd parameters` lists the parameters, as Argo CD shows them.

    Error because the plugin cannot tell what was meant, and would compile something else.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An output folder that is not inside the project's own.

    Stale files there are removed, so it has to be a folder that holds nothing else, and that its
    owner has in view.

    Error because files that jobsetgen did not write could be removed.

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

IGNORED_CODE = Code(
    id="JSG711",
    title="ignored code",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An entry of `lint.ignore` that is not the code of a warning or a notice.

    An error cannot be ignored: it stops the compile.

    Error because the entry silences nothing, and whoever wrote it relies on it.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        lint: {ignore: [JSG540]}

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        lint: {ignore: [JSG504]}
    """,
)

IMAGE_OVERRIDE = Code(
    id="JSG710",
    title="image override",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An entry of `images` that makes no valid image, or a second one for the same name.

    Error because every API server or node refuses an invalid image, and of two entries only one
    could apply.

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
    source=manual("docs/kustomize.md", "In kustomize and kpt"),
    doc="""A set with a restart-watcher uses a ConfigMap or a Secret that kustomize generates, and
    will rename.

    kustomize adds the hash of the content when all functions are done: to the Jobs, but not to the
    watcher's plan.

    Error because what the watcher creates would wait on every cluster for a ConfigMap that does not
    exist.

    Bad (items)::

        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: files
            annotations: {internal.config.kubernetes.io/needsHashSuffix: enabled}
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
