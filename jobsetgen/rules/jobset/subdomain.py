"""JSG213: subdomain."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, characters, invalid_name
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG213",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def subdomain(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The subdomain is not a DNS label of at most 63 characters.

    It names the headless Service, so it consists of lower-case letters, digits and dashes, and
    begins with a letter.

    Error because JobSet's webhook refuses any other subdomain.

    Bad::

        spec:
          network: {subdomain: "1st.training"}

    Good::

        spec:
          network: {subdomain: first-training}
    """
    name = jobset.network.subdomain
    if name == jobset.name or not name:
        return  # JSG211 checks the JobSet's own name

    path = ("spec", "network", "subdomain")
    if not is_dns_1035_label(name):
        yield invalid_name(path, "subdomain", name, LABEL)
    elif len(name) > MAX_LABEL:
        message = f"the subdomain '{name}' has {characters(name, MAX_LABEL)}"
        yield Finding(path=path, message=message)
