"""Names: those that a person writes, and those that become of them."""

from __future__ import annotations

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.naming import GENERATED_SUFFIX

LABEL = "lower-case letters, digits and dashes, beginning with a letter and not ending with a dash"


def name_of(jobset: JobSet) -> str:
    """Return a JobSet's name, or one as long as generateName will become; nothing where it has neither."""
    return jobset.name or (jobset.generate_name and jobset.generate_name + GENERATED_SUFFIX)


def bad_label(path: Path, what: str, name: str, rule: str) -> Finding:
    lower = name.lower().replace("_", "-").replace(".", "-").strip("-")
    hint = f"Did you mean '{lower}'?" if lower != name and is_dns_1035_label(f"a{lower}") else ""
    return Finding(path=path, message=f"{what} '{name}' must consist of {rule}", hint=hint)


def too_long(what: str, name: str) -> str:
    verb = "have" if what.endswith("'") and " such as " in what else "has"
    return (
        f"{what} {verb} {len(name)} characters, {len(name) - MAX_LABEL} more than the {MAX_LABEL}"
        " allowed"
    )
