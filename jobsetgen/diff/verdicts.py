"""The words of each consequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Verdict(NamedTuple):
    """The words of a consequence: its label, the headline of a comparison, advice to a reviewer.

    In a headline, `{sets}` is the number of sets and `{size}` what they run, in parentheses.
    """

    label: str
    headline: str
    advice: str


_POLICY_ADVICE = "Safe for running pods: approve if the new policy is intended."
_SAFE_ADVICE = "Safe to approve."

VERDICTS: Mapping[str, Verdict] = {
    "deletes-data": Verdict(
        "Deletes data",
        "Deletes data of {sets}{size} where Argo CD or Flux prunes",
        "Approve only if this data may be lost.",
    ),
    "sync-fails": Verdict(
        "Sync fails",
        "The sync fails for {sets}: objects that are refused do not change",
        "Do not approve: this change cannot be applied as it is.",
    ),
    "refused-late": Verdict(
        "Deleted, then refused",
        "Deletes running Jobs of {sets}{size}, then the API server refuses the new ones",
        "Do not approve: training would end, and the new Jobs would not start.",
    ),
    "recreates": Verdict(
        "Recreates",
        "Recreates {sets}{size} when applied",
        "Approve if running training may restart now, from its own last checkpoint.",
    ),
    "runs-again": Verdict(
        "Runs again",
        "Runs {sets} again{size} when applied",
        "Approve if a new run is intended.",
    ),
    "at-next-restart": Verdict(
        "At the next restart",
        "Changes {sets} at the next restart{size}, not when applied",
        "Safe for running pods: each set takes up the change when it restarts for another reason.",
    ),
    "not-taken-up": Verdict(
        "Not taken up",
        "Changes {sets} in Git only: running training ignores the change",
        "Safe for running pods, but approving alone has no effect on them.",
    ),
    "suspends": Verdict(
        "Suspends",
        "Suspends {sets}{size} when applied",
        "Approve if this training may stop.",
    ),
    "resumes": Verdict(
        "Resumes",
        "Resumes {sets}{size} when applied",
        "Approve if this training may start now.",
    ),
    "ownership": Verdict(
        "Changes owner",
        "Changes who owns the Jobs of {sets}{size} when applied",
        "Approve only if the new owner is intended.",
    ),
    "creates": Verdict(
        "Creates",
        "Creates {count}{size} when applied",
        "Safe for running pods: approve if the new pods may start.",
    ),
    "prunes": Verdict(
        "Removes",
        "Removes objects of {sets} where Argo CD or Flux prunes",
        "Approve if nothing needs these objects any more.",
    ),
    "in-place": Verdict(
        "In place",
        "Updates {sets} in place: no Job is replaced when applied",
        "Approve if the new values are intended: running Jobs take them up at once.",
    ),
    "policy-only": Verdict(
        "Policy only",
        "Changes only policies of {sets}: no pod restarts when applied",
        _POLICY_ADVICE,
    ),
    "watcher-only": Verdict(
        "Watcher only",
        "Replaces only the watcher of {sets}: no training pod restarts when applied",
        _SAFE_ADVICE,
    ),
    "metadata-only": Verdict(
        "Metadata only",
        "Changes only metadata of {sets}: no pod restarts when applied",
        _SAFE_ADVICE,
    ),
    "pass-through": Verdict(
        "Not a set",
        "Changes no set, only objects that jobsetgen passes through",
        "Review these objects yourself: jobsetgen does not know what they do.",
    ),
    "none": Verdict(
        "No change",
        "No change to {sets}",
        "Safe to approve: the objects of these sets stay as they are.",
    ),
}
"""The words of each consequence, the worst first."""

REMOVED = Verdict(
    "Removes",
    "Removes {count}{size} where Argo CD or Flux prunes",
    "Approve if this training may end for good.",
)
"""The words for sets that are removed as a whole and have no claims that go with them."""

LEFT = Verdict(
    "Leaves",
    "Leaves {count}{size} in the cluster: kubectl apply deletes nothing",
    "Safe for running pods: delete these sets by hand if they should end.",
)
"""The words for sets that are removed where nothing prunes."""

COMPLETED = Verdict(
    "Creates",
    "Creates objects of {sets} when applied",
    _SAFE_ADVICE,
)
"""The words for new objects of sets that exist."""

_OTHER_ADVICE = VERDICTS["pass-through"].advice

OTHERS: Mapping[str, Verdict] = {
    "creates": Verdict("Creates", "Creates {sets} when applied", _OTHER_ADVICE),
    "prunes": Verdict("Removes", "Removes {sets} where Argo CD or Flux prunes", _OTHER_ADVICE),
}
"""The words for objects without a set."""
