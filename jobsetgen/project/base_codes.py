"""What can be wrong with the bases of a project."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

BASE = Code(
    id="JSG724",
    title="invalid base",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A project cannot be built on its bases.

    A base is a project among the resources of another. It cannot be its own base, not even through
    others, and there may be 50 levels of bases and 1,000 projects in one compile. Two bases of one
    project must agree on an option that the project itself does not set; they need not agree on the
    namespace, unless a JobSet would inherit it. An object of one file can come through both only
    with different names, or a JobSet in different namespaces.

    Error because the output would be endless, or would depend on the order of the bases.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [overlay]  # an overlay of this project

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [base]
    """,
)
SPREAD_OPTION = Code(
    id="JSG729",
    title="spread option",
    severity="warning",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An option of one base of a project applies to the JobSets of another base, which does not
    set it.

    The options of all bases apply to the project as a whole. Only `namespace` is for the JobSets of
    its own base. A base without JobSets may set options for the others.

    Warning because the JobSets may be meant to have the option in common.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [base, research]  # of which only research sets jobs

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        resources: [base, research]
        jobs: watcher
    """,
)
