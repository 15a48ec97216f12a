"""Consequences of changes to single objects: claims, the Service, the watcher's, and foreign ones."""

from __future__ import annotations

from jobsetgen.diff.contexts import (
    EVERY,
    GIT,
    GIT_BLOCK,
    GIT_RECREATE,
    MODES,
    TOOLS,
    WATCHER,
    contexts,
)
from jobsetgen.diff.row_sources import (
    APPLY,
    BINDING_UPDATE,
    CLAIM_UPDATE,
    DATA_UPDATE,
    EFFECTS,
    IMMUTABLE,
    JOB_UPDATE,
    LIMITS,
    RECLAIM,
    SERVICE_UPDATE,
    UPGRADES,
)
from jobsetgen.diff.rows import Row

ADDED, REMOVED, CHANGED, METADATA = "added", "removed", "changed", "metadata-changed"
CLAIM_REMOVED, CLAIM_RELEASED = "claim-removed", "retained-claim-removed"
CLAIM_IMMUTABLE, SERVICE_IMMUTABLE = "claim-immutable", "service-immutable"
BINDING_IMMUTABLE, DATA_IMMUTABLE = "role-binding-immutable", "data-immutable"
WATCHER_CHANGED = "watcher-changed"
FOREIGN, FOREIGN_REMOVED = "foreign-changed", "foreign-removed"
FOREIGN_CLAIM_REMOVED, FOREIGN_JOB = "foreign-claim-removed", "foreign-job-immutable"
FOREIGN_IMMUTABLE = "foreign-immutable"

_VOLUME = "its volume goes too, and any checkpoint on it, unless its reclaim policy is Retain"
_FOREIGN_FIELD = (
    "The API server refuses the change to an immutable field of {name}, unless {tool} replaces it"
)

ROWS = (
    Row(
        trigger=ADDED,
        when="an object is new",
        contexts=EVERY,
        id="creates",
        sentence="Creates {name}",
        source=EFFECTS,
    ),
    Row(
        trigger=REMOVED,
        when="an object is removed",
        contexts=contexts(MODES, TOOLS),
        id="prunes",
        sentence="Deletes {name} where {tool} prunes",
        source=EFFECTS,
    ),
    Row(
        trigger=REMOVED,
        when="an object is removed",
        contexts=contexts(MODES, ["none"]),
        id="prunes",
        sentence="Leaves {name} in the cluster: kubectl apply deletes nothing",
        source=APPLY,
    ),
    Row(
        trigger=CHANGED,
        when="a mutable field of an object changes",
        contexts=EVERY,
        id="in-place",
        sentence="Changes {name} in place; no Job changes",
        source=EFFECTS,
    ),
    Row(
        trigger=METADATA,
        when="a label or an annotation of an object changes",
        contexts=EVERY,
        id="metadata-only",
        sentence="Changes labels or annotations of {name}",
        source=EFFECTS,
    ),
    Row(
        trigger=CLAIM_REMOVED,
        when="a claim is removed from a set, or renamed",
        contexts=contexts(MODES, TOOLS),
        id="deletes-data",
        sentence=f"Deletes {{name}} where {{tool}} prunes: {_VOLUME}",
        source=RECLAIM,
    ),
    Row(
        trigger=CLAIM_REMOVED,
        when="a claim is removed from a set, or renamed",
        contexts=contexts(MODES, ["none"]),
        id="prunes",
        sentence="Leaves {name} in the cluster: kubectl apply deletes nothing",
        source=APPLY,
    ),
    Row(
        trigger=CLAIM_RELEASED,
        when="a claim with whenDeleted Retain is removed",
        contexts=contexts(MODES, TOOLS),
        id="ownership",
        sentence=(
            "Keeps {name} in the cluster, because it is retained, although it is no longer in Git"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=CLAIM_IMMUTABLE,
        when="an immutable field of a claim changes, or its storage request shrinks",
        contexts=EVERY,
        id="sync-fails",
        sentence=(
            "The API server refuses the change to {name}: its storage request can only grow, its"
            " volume attributes class can change, and every other field is immutable"
        ),
        source=CLAIM_UPDATE,
    ),
    Row(
        trigger=SERVICE_IMMUTABLE,
        when="clusterIP of a Service changes",
        contexts=EVERY,
        id="sync-fails",
        sentence="The API server refuses the change to {name}: clusterIP is immutable",
        source=SERVICE_UPDATE,
    ),
    Row(
        trigger=BINDING_IMMUTABLE,
        when="roleRef of a RoleBinding changes",
        contexts=EVERY,
        id="sync-fails",
        sentence="The API server refuses the change to {name}: roleRef is immutable",
        source=BINDING_UPDATE,
    ),
    Row(
        trigger=DATA_IMMUTABLE,
        when="a ConfigMap or Secret that is marked as immutable changes",
        contexts=EVERY,
        id="sync-fails",
        sentence="The API server refuses the change to {name}, which is immutable",
        source=DATA_UPDATE,
    ),
    Row(
        trigger=WATCHER_CHANGED,
        when="only the watcher or its program changes, as after an upgrade of jobsetgen",
        contexts=(
            *contexts([GIT_RECREATE], TOOLS),
            *contexts([GIT_BLOCK], ["argocd"]),
            *contexts(WATCHER, TOOLS),
        ),
        id="watcher-only",
        sentence="Replaces the watcher; training Jobs and restart counters do not change",
        source=UPGRADES,
    ),
    Row(
        trigger=WATCHER_CHANGED,
        when="only the watcher or its program changes, as after an upgrade of jobsetgen",
        contexts=contexts([GIT_BLOCK], ["any", "flux"]),
        id="sync-fails",
        sentence=(
            "Flux cannot replace the watcher, because updatePolicy Block replaces no Job; training"
            " continues. To let the sync pass, delete the watcher's Job"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=WATCHER_CHANGED,
        when="only the watcher or its program changes, as after an upgrade of jobsetgen",
        contexts=(*contexts(GIT, ["none"]), *contexts(WATCHER, ["none"])),
        id="sync-fails",
        sentence=(
            "kubectl apply cannot replace the watcher; training continues. To replace it, delete the"
            " watcher's Job before applying"
        ),
        source=UPGRADES,
    ),
    Row(
        trigger=FOREIGN,
        when="an object that jobsetgen passes through changes",
        contexts=EVERY,
        id="pass-through",
        sentence="Changes {name}, which is not part of a set",
        source=EFFECTS,
    ),
    Row(
        trigger=FOREIGN_REMOVED,
        when="an object that jobsetgen passes through is removed",
        contexts=EVERY,
        id="prunes",
        sentence="Deletes {name} where a tool prunes; kubectl apply leaves it in the cluster",
        source=APPLY,
    ),
    Row(
        trigger=FOREIGN_CLAIM_REMOVED,
        when="a claim, a snapshot or a namespace that jobsetgen passes through is removed",
        contexts=EVERY,
        id="deletes-data",
        sentence="Deletes {name} and its data where a tool prunes",
        source=RECLAIM,
    ),
    Row(
        trigger=FOREIGN_JOB,
        when="an immutable field of a Job that jobsetgen passes through changes",
        contexts=EVERY,
        id="sync-fails",
        sentence=_FOREIGN_FIELD,
        source=JOB_UPDATE,
    ),
    Row(
        trigger=FOREIGN_IMMUTABLE,
        when="an immutable field of any other object that jobsetgen passes through changes",
        contexts=EVERY,
        id="sync-fails",
        sentence=_FOREIGN_FIELD,
        source=IMMUTABLE,
    ),
)
