"""What can be wrong with the `replicas` of a project as a list."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

REPEATED_REPLICAS = Code(
    id="JSG733",
    title="repeated replicas",
    severity="warning",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""Two entries of `replicas` in one file are for the same replicatedJob. The last one applies.

    Warning because the set runs, but perhaps not with the intended number of Jobs.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        replicas:
        - {jobSet: demo, replicatedJob: workers, replicas: 2}
        - {jobSet: demo, replicatedJob: workers, replicas: 4}

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        replicas:
        - {jobSet: demo, replicatedJob: workers, replicas: 4}
    """,
)
