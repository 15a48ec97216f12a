"""Names, keys and hashes of the objects of a JobSet. Every function here is pure.

Guarantee: these identify running objects and never change. A release that changed one would
replace every running set.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from jobsetgen.kubernetes.names import MAX_LABEL

POD_SUFFIX = "-abcde"
"""A sample of the suffix that the Job controller appends to an indexed pod's name."""

GENERATED_SUFFIX = "01234567"
"""A sample of the suffix that completes a generateName: eight hex digits."""

_WATCHER = "-restart-watcher"
_UIDS = uuid.uuid5(uuid.NAMESPACE_DNS, "jobsetgen.io")


def job_name(jobset: str, replicated_job: str, index: int | str) -> str:
    """Return a child Job's name, `<jobset>-<replicatedJob>-<index>`."""
    return f"{jobset}-{replicated_job}-{index}"


def pod_hostname(
    jobset: str, replicated_job: str, job_index: int | str, pod_index: int | str
) -> str:
    """Return the stable hostname of an indexed pod, without the subdomain."""
    return f"{jobset}-{replicated_job}-{job_index}-{pod_index}"


def claim_name(template: str, jobset: str) -> str:
    """Return the name of the PersistentVolumeClaim of a volumeClaimPolicies template."""
    return f"{template}-{jobset}"


def watcher_name(jobset: str) -> str:
    """Return the name of the restart-watcher's Job, ServiceAccount, Role and RoleBinding.

    It is `<jobset>-restart-watcher`, shortened if necessary: the name of a Job is a label value of
    its pods, which is limited to 63 characters.
    """
    return f"{shortened(jobset, MAX_LABEL - len(_WATCHER))}{_WATCHER}"


def plan_name(jobset: str) -> str:
    """Return the name of the ConfigMap with the plan."""
    return f"{jobset}-restart-plan"


def state_name(jobset: str) -> str:
    """Return the name of the ConfigMap with the state."""
    return f"{jobset}-restart-state"


def script_name(jobset: str, digest: str) -> str:
    """Return the name of the ConfigMap with the script that has a digest."""
    return f"{jobset}-restart-script-{digest}"


def script_digest(files: Mapping[str, bytes]) -> str:
    """Return ten hex digits of a hash over the names and contents of the watcher's files.

    They are the first ten of `sha256sum *.py | LC_ALL=C sort -k 2 | sha256sum` in their folder.
    """
    sums = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:10]


def shortened(name: str, most: int = MAX_LABEL) -> str:
    """Return a name of at most `most` characters.

    A longer name is truncated, and a hash of the whole name is appended.
    """
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - len(digest) - 1].rstrip('-.')}-{digest}"


def job_key(namespace: str, name: str) -> str:
    """Return a Job's key for exclusive placement.

    As in JobSet, it is the SHA-1 of `<namespace>/<name>` in lower-case hex.
    """
    return hashlib.sha1(f"{namespace}/{name}".encode(), usedforsecurity=False).hexdigest()


def jobset_uid(namespace: str, name: str) -> str:
    """Return the UUIDv5 that replaces the UID which the API server would give the JobSet."""
    return str(uuid.uuid5(_UIDS, f"{namespace}/{name}"))


def generation(content: Any) -> str:
    """Return 16 hex digits of a hash over plain data, independent of the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
