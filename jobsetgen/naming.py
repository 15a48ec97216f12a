"""Names, keys and hashes of what a JobSet expands to. Every function here is pure.

Promise: these are identities of running objects. A release that changed one would replace every
running set.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from jobsetgen.kubernetes.names import MAX_LABEL

POD_SUFFIX = "-abcde"
"""What the Job controller appends to an indexed pod's name: a dash and five characters."""

GENERATED_SUFFIX = "01234567"
"""As long as what a generateName is completed with: eight hex digits."""

_WATCHER = "-restart-watcher"
_UIDS = uuid.uuid5(uuid.NAMESPACE_DNS, "jobsetgen.io")


def job_name(jobset: str, replicated_job: str, index: int | str) -> str:
    """Return a child Job's name, `<jobset>-<replicatedJob>-<index>`."""
    return f"{jobset}-{replicated_job}-{index}"


def pod_hostname(
    jobset: str, replicated_job: str, job_index: int | str, pod_index: int | str
) -> str:
    """Return the stable hostname of an indexed pod; behind it stands the subdomain."""
    return f"{jobset}-{replicated_job}-{job_index}-{pod_index}"


def claim_name(template: str, jobset: str) -> str:
    """Return the name of the PersistentVolumeClaim of a volumeClaimPolicies template."""
    return f"{template}-{jobset}"


def watcher_name(jobset: str) -> str:
    """Return the name of the restart-watcher's Job, account and rights.

    It is `<jobset>-restart-watcher`, or a shorter one: the name of a Job is a label of its pods,
    which has room for no more than 63 characters.
    """
    return f"{shortened(jobset, MAX_LABEL - len(_WATCHER))}{_WATCHER}"


def plan_name(jobset: str) -> str:
    """Return the name of the ConfigMap with the plan."""
    return f"{jobset}-restart-plan"


def state_name(jobset: str) -> str:
    """Return the name of the ConfigMap with the state."""
    return f"{jobset}-restart-state"


def script_name(jobset: str, digest: str) -> str:
    """Return the name of the ConfigMap with the script of a digest."""
    return f"{jobset}-restart-script-{digest}"


def script_digest(files: Mapping[str, bytes]) -> str:
    """Return ten hex digits over the watcher's files, their names and contents.

    It is what `sha256sum *.py | LC_ALL=C sort -k 2 | sha256sum` begins with beside the files.
    """
    sums = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:10]


def shortened(name: str, most: int = MAX_LABEL) -> str:
    """Return a name that fits into so many characters.

    A longer one is cut, and a hash of the whole is appended.
    """
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - len(digest) - 1].rstrip('-.')}-{digest}"


def job_key(namespace: str, name: str) -> str:
    """Return a Job's key for exclusive placement.

    As upstream, it is the SHA-1 of `<namespace>/<name>` in lower-case hex.
    """
    return hashlib.sha1(f"{namespace}/{name}".encode(), usedforsecurity=False).hexdigest()


def jobset_uid(namespace: str, name: str) -> str:
    """Return the UUIDv5 that stands for the UID that the API server would give the JobSet."""
    return str(uuid.uuid5(_UIDS, f"{namespace}/{name}"))


def generation(content: Any) -> str:
    """Return 16 hex digits over plain data, whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
