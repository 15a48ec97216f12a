"""JSG216: namespace syntax."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import invalid_name
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG216",
    "error",
    since="0.1",
    source=upstream.kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/api/validation/generic.go", "NameIsDNSLabel"
    ),
)
def namespace_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A namespace is not a DNS label of at most 63 characters.

    Error because the API server refuses to create a namespace with such a name, on every cluster.

    Bad::

        metadata: {namespace: Team/A}

    Good::

        metadata: {namespace: team-a}
    """
    name = jobset.namespace
    if name is not None and not is_label(name):
        rule = f"at most {MAX_LABEL} lower-case letters, digits and dashes"
        yield invalid_name(("metadata", "namespace"), "namespace", name, rule)
