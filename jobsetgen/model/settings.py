"""What a person has chosen about a compile, as those read it who compile: the settings of the table of options."""

from __future__ import annotations

from jobsetgen.options.table import Placement, Settings
from jobsetgen.options.values import (
    JOBS_OWNERS,
    PROFILES,
    RESTART_WATCHERS,
    STRATEGIES,
    SYSTEM_PRIORITY_CLASSES,
    UPDATE_POLICIES,
    ImageOverride,
)
from jobsetgen.options.watcher import Watcher

__all__ = [
    "JOBS_OWNERS",
    "PROFILES",
    "RESTART_WATCHERS",
    "STRATEGIES",
    "SYSTEM_PRIORITY_CLASSES",
    "UPDATE_POLICIES",
    "ImageOverride",
    "Placement",
    "Settings",
    "Watcher",
]
