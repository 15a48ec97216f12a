"""JSG216: namespace syntax."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import bad_label
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG216", "error", since="0.1", source=UNKNOWN)
def namespace_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A namespace is no DNS label of at most 63 characters.

    Bad::

        metadata: {namespace: Team/A}

    Good::

        metadata: {namespace: team-a}
    """
    name = jobset.namespace
    if name is not None and not is_label(name):
        rule = f"at most {MAX_LABEL} lower-case letters, digits and dashes"
        yield bad_label(("metadata", "namespace"), "the namespace", name, rule)
