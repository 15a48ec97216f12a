"""JSG513: suspend in template."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import boolean
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG513", "warning", since="0.1", source=UNKNOWN)
def suspend_in_template(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job template says another suspend than the JobSet, which overwrites it.

    The controller gives every Job the suspend of the set, whatever the template says, and so does the compiler.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {suspend: true}}

    Good::

        spec: {suspend: true}
    """
    for each in jobset.replicated_jobs:
        if boolean(each.template.spec, "suspend", jobset.suspend) != jobset.suspend:
            outcome = "are suspended" if jobset.suspend else "start at once"
            yield Finding(
                path=(*each.template.spec_path, "suspend"),
                message=f"the JobSet's own suspend overwrites the one in a Job template: these Jobs {outcome}",
                hint="Write it as the JobSet's spec.suspend.",
            )
