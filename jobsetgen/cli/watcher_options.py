"""The flags that say how the watcher's pod is run, laid over what the project says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from jobsetgen.model.settings import Watcher
from jobsetgen.model.watcher import problems


def watcher_of(watcher: Watcher, flags: Mapping[str, Any]) -> Watcher:
    """Return the watcher with the flags laid over it: a scalar replaces the project's, maps and lists add to it.

    Raises click.UsageError for what no API server takes.
    """
    own: dict[str, Any] = {
        "image": flags.get("watcher_image"),
        "memory": flags.get("watcher_memory"),
        "service_account": flags.get("watcher_service_account"),
        "priority_class": flags.get("watcher_priority_class"),
        "image_pull_secrets": (*watcher.image_pull_secrets, *(flags.get("watcher_image_pull_secret") or ())),
        "tolerations": (*watcher.tolerations, *(flags.get("watcher_toleration") or ())),
        "node_selector": {**watcher.node_selector, **(flags.get("watcher_node_selector") or {})},
        "labels": {**watcher.labels, **(flags.get("watcher_label") or {})},
        "annotations": {**watcher.annotations, **(flags.get("watcher_annotation") or {})},
    }
    merged = replace(watcher, **{name: value for name, value in own.items() if value is not None})
    before = set(problems(watcher))
    for path, message in problems(merged):
        if (path, message) not in before:
            raise click.UsageError(f"the watcher's {message}")
    return merged
