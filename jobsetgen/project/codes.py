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
    doc="""A jobsetgen.yaml does not contain exactly one document of kind JobSetGenerator.

    Error because it is then unknown what to compile, and how.

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
    doc="""A resource of the project does not exist, or is outside the git work tree.

    A project compiles files, folders and other projects of its own git work tree; without one, of
    its folder. Nothing else is read, wherever links lead. `jobsetgen diff` reads a commit in the
    same way; a symbolic link, a submodule or a Git LFS pointer in a commit is not the file itself.

    Error because an output without the resource would be incomplete, and a GitOps tool with pruning
    deletes what is missing.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [../../elsewhere.yaml]

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
    doc="""An entry of `replicas` names a replicatedJob that the input does not have.

    Error because the set would run with a different number of Jobs than the project says.

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
    doc="""An entry of `images` matches no container of any JobSet, so it has no effect.

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
    doc="""An option of the watcher has a value that every API server refuses, or sets a label that
    JobSet itself uses.

    JobSet's own labels mark the pods of the training; the Service selects pods by them.

    Error because every API server refuses the watcher's Job, and nothing would restart the set;
    with a label of JobSet, the watcher's pod would be mistaken for a pod of the training.

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
    doc="""`updatePolicy: OnRestart` is set where Git owns the Jobs.

    Only a watcher that creates the Jobs itself can hold a new template back until the next restart.

    Error because the two options contradict each other: a GitOps tool applies what is in Git at
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
    doc="""A parameter of the Argo CD plugin does not exist, is given twice, or has the wrong form.

    `jobsetgen argocd parameters` lists the parameters, as Argo CD shows them.

    Error because the plugin cannot tell what was intended, and would compile something else.

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
    doc="""The output folder is not inside the project folder.

    jobsetgen removes stale files there, so the folder must hold nothing else, and must be where its
    owner sees it.

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
    doc="""An entry of `lint.ignore` is not the code of a warning or a notice.

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
    doc="""An entry of `images` yields an invalid image, or is the second one for the same name.

    Error because every API server or node refuses an invalid image, and only one of two entries can
    apply.

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
    doc="""A set with a restart-watcher uses a ConfigMap or a Secret that kustomize generates and
    will rename.

    After all functions have run, kustomize adds a hash of the content to the name. It changes the
    name in the Jobs, but not in the watcher's plan.

    Error because on every cluster the pods of Jobs that the watcher creates would wait for a
    ConfigMap that does not exist.

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
IGNORED_KUSTOMIZATION = Code(
    id="JSG114",
    title="ignored kustomization",
    severity="error",
    since="0.1",
    source=manual("docs/kustomize.md", "In kustomize and kpt"),
    doc="""A folder has a kustomization that lists or patches a JobSet and would change or add objects.

    jobsetgen would compile the files of the folder as they are, a patch included. Run kustomize
    first: `kustomize build DIR | jobsetgen build -`, or list the folder in a project with
    `kustomize: true`. The JobSet may also be listed by another kustomization, such as a base. A
    kustomization that only lists resources is accepted, and so is one that runs jobsetgen as a
    function. Files that are named one by one, projects (folders with a jobsetgen.yaml) and output
    folders of jobsetgen are compiled as they are.

    Error because what runs would lack the changes of the kustomization, on every cluster.

    Bad (kustomization)::

        resources: [jobset.yaml]
        namePrefix: dev-

    Good (kustomization)::

        resources: [jobset.yaml]
    """,
)
