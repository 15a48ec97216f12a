"""JSG213: subdomain."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, bad_label, too_long
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG213", "error", since="0.1", source=UNKNOWN)
def subdomain(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The subdomain is no DNS label of at most 63 characters.

    It names the headless Service, so it has lower-case letters, digits and dashes, and begins with a letter.

    Bad::

        spec:
          network: {subdomain: "1st.training"}

    Good::

        spec:
          network: {subdomain: first-training}
    """
    name = jobset.network.subdomain
    if name == jobset.name or not name:
        return  # the JobSet's own name is looked at as such
    path = ("spec", "network", "subdomain")
    if not is_dns_1035_label(name):
        yield bad_label(path, "the subdomain", name, LABEL)
    elif len(name) > MAX_LABEL:
        yield Finding(path=path, message=too_long(f"the subdomain '{name}'", name))
