"""Names: those that a person writes, and those that become of them."""

from __future__ import annotations

from collections.abc import Iterable

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_dns_1035_label
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.naming import GENERATED_SUFFIX
from jobsetgen.words import suggested

LABEL = "lower-case letters, digits and dashes, beginning with a letter and not ending with a dash"
"""What a DNS label must consist of, as messages say it."""


def name_of(jobset: JobSet) -> str:
    """Return a JobSet's name, or one as long as generateName makes; nothing without either."""
    if jobset.name or not jobset.generate_name:
        return jobset.name
    return jobset.generate_name + GENERATED_SUFFIX


def name_field(jobset: JobSet) -> str:
    """Return the field of metadata that a JobSet's name comes from."""
    if jobset.name:
        return "name"
    return "generateName"


def invalid_name(path: Path, what: str, name: str, rule: str) -> Finding:
    """Return the finding about a name that breaks a rule, with a valid name close to it as hint.

    `what` is what the name is of, such as `groupName`, and `rule` what it must consist of.
    """
    close = valid(name)
    hint = suggested(close) if close != name else ""
    return Finding(path=path, message=f"invalid {what} '{name}': must consist of {rule}", hint=hint)


class Referable:
    """The names of replicatedJobs, also those that invalid ones are corrected to.

    A missing name (JSG104) and an invalid one (JSG211) are reported where they are, and not again
    where they are referred to.
    """

    def __init__(self, replicated_jobs: Iterable[ReplicatedJob] = ()) -> None:
        self.valid: dict[str, None] = {}
        self._written: set[str] = set()
        for each in replicated_jobs:
            self.add(each)

    def add(self, each: ReplicatedJob) -> None:
        """Add the name of a replicatedJob."""
        self._written.add(each.name)
        self.valid[valid(each.name)] = None

    def has(self, name: str) -> bool:
        """Whether a replicatedJob has a name, or will have it when its own is corrected."""
        return name in self._written or name in self.valid or "" in self._written


def is_meant(name: str, written: str) -> bool:
    """Whether a name that is written is another one, or will be when it is corrected."""
    return name in (written, valid(written))


def valid(name: str) -> str:
    """Return the valid name that is close to a name, or the name itself if there is none."""
    lower = name.lower().replace("_", "-").replace(".", "-").strip("-")
    return lower if is_dns_1035_label(f"a{lower}") else name


def characters(text: str, most: int) -> str:
    """Return how long a text is, and by how much that is too long, for the end of a message."""
    return f"{len(text)} characters, {len(text) - most} more than the {most} allowed"
