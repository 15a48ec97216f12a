"""Consequences of changes to a set as a whole: it comes, goes, or is applied by other means."""

from __future__ import annotations

from jobsetgen.diff.contexts import EVERY, GIT, MODES, TOOLS, WATCHER, contexts
from jobsetgen.diff.row_sources import APPLY, CHANGES, EFFECTS, RECLAIM, WHO_CREATES
from jobsetgen.diff.rows import Row

CREATED = "set-created"
REMOVED, REMOVED_WITH_CLAIMS = "set-removed", "set-removed-with-claims"
RENAMED, NAMED_ANEW = "set-renamed", "set-named-anew"
MODE, HANDED_OVER = "mode-changed", "jobs-handed-over"
PROFILE, POLICY_OF_UPDATES = "profile-changed", "update-policy-changed"
POLICY = "policy-changed"

_DELETES = "its volume goes too, and any checkpoint on it, unless its reclaim policy is Retain"

ROWS = (
    Row(
        trigger=CREATED,
        when="a set is new",
        contexts=EVERY,
        id="creates",
        sentence="Creates the set with {jobs}",
        source=EFFECTS,
    ),
    Row(
        trigger=REMOVED,
        when="a set without claims of its own is removed",
        contexts=contexts(MODES, TOOLS),
        id="prunes",
        sentence="Deletes the set with {jobs} where {tool} prunes",
        source=EFFECTS,
    ),
    Row(
        trigger=REMOVED,
        when="a set without claims of its own is removed",
        contexts=contexts(MODES, ["none"]),
        id="prunes",
        sentence="Leaves the set with {jobs} in the cluster: kubectl apply deletes nothing",
        source=APPLY,
    ),
    Row(
        trigger=REMOVED_WITH_CLAIMS,
        when="a set with a claim that is not retained is removed",
        contexts=contexts(MODES, TOOLS),
        id="deletes-data",
        sentence=(f"Deletes the claim {{claims}} and {{jobs}} where {{tool}} prunes: {_DELETES}"),
        source=RECLAIM,
    ),
    Row(
        trigger=REMOVED_WITH_CLAIMS,
        when="a set with a claim that is not retained is removed",
        contexts=contexts(MODES, ["none"]),
        id="prunes",
        sentence=(
            "Leaves the set with {jobs} and the claim {claims} in the cluster: kubectl apply"
            " deletes nothing"
        ),
        source=APPLY,
    ),
    Row(
        trigger=RENAMED,
        when="a set gets a new name or namespace",
        contexts=contexts(MODES, TOOLS),
        id="recreates",
        sentence=(
            "Creates {jobs} as {new}, and deletes those of {old} where {tool} prunes: a running set"
            " restarts from its own checkpoint, unless the path to it depends on the name"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=RENAMED,
        when="a set gets a new name or namespace",
        contexts=contexts(MODES, ["none"]),
        id="creates",
        sentence=(
            "Creates {jobs} as {new}, beside those of {old}, which kubectl apply does not delete"
        ),
        source=APPLY,
    ),
    Row(
        trigger=NAMED_ANEW,
        when="a set with generateName changes, which gives it a new name",
        contexts=contexts(MODES, TOOLS),
        id="runs-again",
        sentence=(
            "Runs {jobs} as a new set, and deletes {old} where {tool} prunes, even if it is still"
            " running"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=NAMED_ANEW,
        when="a set with generateName changes, which gives it a new name",
        contexts=contexts(MODES, ["none"]),
        id="runs-again",
        sentence="Runs {jobs} as a new set, beside {old}, which kubectl apply does not delete",
        source=APPLY,
    ),
    Row(
        trigger=MODE,
        when="`jobs` changes to git",
        contexts=contexts(GIT, TOOLS),
        id="ownership",
        sentence="From now on, {tool} owns {jobs} instead of the watcher; running Jobs continue",
        source=WHO_CREATES,
    ),
    Row(
        trigger=MODE,
        when="`jobs` changes to git",
        contexts=contexts(GIT, ["none"]),
        id="ownership",
        sentence="From now on, kubectl apply owns {jobs} instead of the watcher; running Jobs continue",
        source=WHO_CREATES,
    ),
    Row(
        trigger=MODE,
        when="`jobs` changes to watcher",
        contexts=contexts(WATCHER),
        id="ownership",
        sentence=(
            "From now on, the watcher creates {jobs}, and the output contains no training Jobs"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=HANDED_OVER,
        when="`jobs` changes to `watcher`, and the watcher replaces the Jobs that it did not create",
        contexts=contexts(WATCHER),
        id="recreates",
        sentence=(
            "Replaces {jobs}, because the watcher creates all Jobs from now on: a running set starts"
            " over from its own checkpoint"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=PROFILE,
        when="the GitOps profile changes",
        contexts=EVERY,
        id="ownership",
        sentence=(
            "Changes the GitOps profile from {old} to {new}, and with it whether a tool replaces,"
            " prunes and restores the objects of the set"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=POLICY_OF_UPDATES,
        when="updatePolicy changes",
        contexts=EVERY,
        id="policy-only",
        sentence="Changes updatePolicy from {old} to {new} for later changes",
        source=EFFECTS,
    ),
    Row(
        trigger=POLICY,
        when="the success, failure or startup policy, or the TTL, changes",
        contexts=EVERY,
        id="policy-only",
        sentence=(
            "Changes the policy of the set ({fields}); Jobs and restart counters do not change,"
            " and restarts so far count under the new policy"
        ),
        source=EFFECTS,
    ),
)
