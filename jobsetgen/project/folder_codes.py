"""What can be suspicious about a folder that a project lists."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

UNREAD_KUSTOMIZATION = Code(
    id="JSG725",
    title="unread kustomization",
    severity="warning",
    since="0.1",
    source=manual("docs/kustomize.md", "Read a folder through kustomize"),
    doc="""A project lists a folder whose kustomization changes or adds objects.

    jobsetgen reads the manifests of the folder as they are, without the kustomization. With
    `kustomize: true` on the resource, kustomize renders the folder.

    Warning because the project may apply the same changes itself. List the manifests one by one to
    say so.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [kustomized]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [kustomized/jobset.yaml]
    """,
)
NO_MANIFESTS = Code(
    id="JSG726",
    title="no manifests",
    severity="warning",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A project lists a folder that has no manifests.

    jobsetgen reads the \\*.yaml and \\*.yml directly in a folder, not those in its subfolders.
    Kustomizations and hidden files do not count, and templates only in a project with values.

    Warning because the folder may be about to be filled, or have been emptied on purpose.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [jobset.yaml, notes]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [jobset.yaml]
    """,
)
