"""JSG211: name syntax."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, bad_label, name_of
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG211", "error", since="0.1", source=UNKNOWN)
def name_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The name of a JobSet or of a replicatedJob has characters that a DNS label cannot have.

    Both become part of the names of Jobs, pods and their DNS records. JobSet checks the whole name of the longest
    Job; here the part that is wrong is shown. The name of a replicatedJob is a label's value as well, which neither
    begins nor ends with a dash.

    Bad::

        spec:
          replicatedJobs:
          - {name: Workers_A}

    Good::

        spec:
          replicatedJobs:
          - {name: workers-a}
    """
    name = name_of(jobset)
    if name and not is_dns_1035_label(name):
        field = "name" if jobset.name else "generateName"
        yield bad_label(
            ("metadata", field), "the JobSet's name", jobset.name or jobset.generate_name, LABEL
        )
    for each in jobset.replicated_jobs:
        # Between the JobSet's name and the index every character of a DNS label may stand.
        if each.name and not is_dns_1035_label(f"a-{each.name}-0"):
            rule = "lower-case letters, digits and dashes"
            yield bad_label((*each.path, "name"), "the replicatedJob's name", each.name, rule)
        elif each.name != each.name.strip("-"):
            rule = "lower-case letters, digits and dashes, neither beginning nor ending with a dash"
            yield bad_label((*each.path, "name"), "the replicatedJob's name", each.name, rule)
