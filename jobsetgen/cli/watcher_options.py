"""The flags that say how the watcher's pod is run, laid over what the project says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from jobsetgen.model.settings import Watcher
from jobsetgen.model.watcher import problems

# key, key=value, key:effect or key=value:effect
_TOLERATION = re.compile(r"(?P<key>[^=:]+)(?:=(?P<value>[^:]*))?(?::(?P<effect>.+))?")


def _pairs(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        key, equals, rest = value.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"'{value}' is not of the form key=value")
        found[key] = rest
    return found


def _tolerations(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[dict[str, str], ...]:
    return tuple(map(_toleration, values))


def _toleration(written: str) -> dict[str, str]:
    found = _TOLERATION.fullmatch(written)
    if found is None:
        raise click.BadParameter(f"'{written}' is not of the form key[=value][:effect]")
    toleration = {"key": found["key"], "operator": "Exists" if found["value"] is None else "Equal"}
    return {**toleration, **{name: found[name] for name in ("value", "effect") if found[name] is not None}}


WATCHER_OPTIONS = (
    click.option("--watcher-image", help="The image of the watcher, with python3 in it."),
    click.option("--watcher-memory", help="The memory of the watcher (default by the number of Jobs)."),
    click.option("--watcher-service-account", help="An account that is there, instead of one with its own rights."),
    click.option("--watcher-priority-class", help="The priority class of the watcher."),
    click.option("--watcher-image-pull-secret", multiple=True, help="A pull secret of the watcher; repeatable."),
    click.option(
        "--watcher-node-selector",
        multiple=True,
        callback=_pairs,
        metavar="KEY=VALUE",
        help="A label of the nodes that the watcher may run on; repeatable.",
    ),
    click.option(
        "--watcher-toleration",
        multiple=True,
        callback=_tolerations,
        metavar="KEY[=VALUE][:EFFECT]",
        help="A taint that the watcher tolerates; repeatable.",
    ),
    click.option(
        "--watcher-label",
        multiple=True,
        callback=_pairs,
        metavar="KEY=VALUE",
        help="A label of the watcher; repeatable.",
    ),
    click.option(
        "--watcher-annotation",
        multiple=True,
        callback=_pairs,
        metavar="KEY=VALUE",
        help="An annotation of the watcher; repeatable.",
    ),
)


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
    for problem in problems(merged):
        if problem not in before:
            raise click.UsageError(f"the watcher's {problem.path[0]}: {problem.message}")
    return merged
