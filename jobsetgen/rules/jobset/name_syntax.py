"""JSG211: name syntax."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, invalid_name, name_field, name_of
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG211",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def name_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The name of a JobSet or of a replicatedJob has characters that a DNS label cannot have.

    Both become part of the names of Jobs, pods and DNS records. JobSet checks the longest Job name
    as a whole; this rule reports the part that is wrong. The name of a replicatedJob is also the
    value of a label, which cannot begin or end with a dash.

    Error because JobSet's webhook refuses the Job names, and the API server refuses the label
    value.

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
        written = jobset.name or jobset.generate_name
        yield invalid_name(("metadata", name_field(jobset)), "JobSet name", written, LABEL)

    for each in jobset.replicated_jobs:
        if rule := _broken_rule(each.name):
            yield invalid_name((*each.path, "name"), "replicatedJob name", each.name, rule)


def _broken_rule(name: str) -> str:
    """Return what a replicatedJob's name must consist of and does not, or nothing."""
    # Between the JobSet's name and the index every character of a DNS label may stand.
    if name and not is_dns_1035_label(f"a-{name}-0"):
        return "lower-case letters, digits and dashes"
    if name != name.strip("-"):
        return "lower-case letters, digits and dashes, neither beginning nor ending with a dash"
    return ""
