"""What can be wrong with options in the annotations of JobSets."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

LOST_OPTION = Code(
    id="JSG722",
    title="lost option",
    severity="notice",
    since="0.1",
    source=manual("docs/no-lock-in.md", "Options in annotations"),
    doc="""An option does not fit into the annotations of a JobSet that `--target jobset` writes.

    The annotations of an object have at most 256 KiB. All JobSets carry the same options, so an
    option is left out of all of them if it does not fit into one. Set it in a jobsetgen.yaml
    beside the JobSets to build the same plain objects from them.

    Notice because the JobSets run as they should: the controller does not read the option.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        placement:
          strategy: domains
          domains:
            example.com/rack: [rack-0, rack-1, rack-2]  # and 30,000 more

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        placement: {strategy: affinity}
    """,
)
OPTION_ANNOTATION = Code(
    id="JSG723",
    title="option annotation",
    severity="error",
    since="0.1",
    source=manual("docs/no-lock-in.md", "Options in annotations"),
    doc="""An annotation `jobsetgen.io/…` of a JobSet is not an option, or has an invalid value.

    `build --target jobset` writes the options of a project as such annotations, and a build of the
    JobSets reads them. The options apply to all JobSets that are compiled together, so all of them
    must have the same annotations, or none. A jobsetgen.yaml, a flag or a parameter overrides them.

    Error because the output would differ from the one that the annotations ask for. An unknown
    annotation is a warning: it has no effect.

    Bad::

        metadata:
          annotations: {jobsetgen.io/jobs: controller}

    Good::

        metadata:
          annotations: {jobsetgen.io/updatePolicy: Block}
    """,
)
