"""What can be wrong with a folder that is read through kustomize."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

UNSAFE_KUSTOMIZATION = Code(
    id="JSG720",
    title="unsafe kustomization",
    severity="error",
    since="0.1",
    source=manual("docs/kustomize.md", "Read a folder through kustomize"),
    doc="""A kustomization would make kustomize fetch a URL, run a program, or read a file that is
    missing or outside the folder being compiled.

    kustomize fetches a base before it reports that anything is wrong with it. So jobsetgen reads
    the kustomization and all those that it names before it runs kustomize. It refuses URLs in every
    field, Helm charts, plugins, functions, and fields that it does not know.

    Error because whoever can change the repository could reach the network of the machine that
    compiles it, and the output could change without a commit.

    Bad (kustomized)::

        resources:
        - jobset.yaml
        - https://example.com/base?ref=main

    Good (kustomized)::

        resources:
        - jobset.yaml
    """,
)
KUSTOMIZE_FAILED = Code(
    id="JSG721",
    title="kustomize failed",
    severity="error",
    since="0.1",
    source=manual("docs/kustomize.md", "Read a folder through kustomize"),
    doc="""A folder that a project reads through kustomize cannot be rendered.

    kustomize reports an error, exceeds a limit, is too old or not on the PATH, or may not run here.
    In the Argo CD plugin it runs only if the administrator has passed `--allow-kustomize`.

    Error because the objects of the folder would be missing in the output, and a GitOps tool with
    pruning deletes what is missing.

    Bad (kustomized)::

        resources: [jobset.yaml]
        patches: [{path: jobset.yaml, target: {kind: JobSet}, options: {allowNameChange: maybe}}]

    Good (kustomized)::

        resources: [jobset.yaml]
        namePrefix: dev-
    """,
)
