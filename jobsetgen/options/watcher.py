"""The rows of the section `watcher`: how the restart-watcher's pod is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobsetgen.options import kinds
from jobsetgen.options.row import Flag, Parameter, option

LogLevel = Literal["debug", "info", "warning"]
LOG_LEVELS: tuple[LogLevel, ...] = ("debug", "info", "warning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """How the restart-watcher's pod is run.

    `resources` replaces the default ones as a whole, `memory` only the memory among them. With
    `service_account` an existing account is used, and no account and no rights are written. Labels
    and annotations are those of its Job and its pod.
    """

    image: str = option(
        "python:3.13-alpine",
        kinds.TEXT,
        "An image with python3 in it, best with a digest.",
        flag=Flag(name="--watcher-image", help="The image of the watcher, with python3 in it."),
        parameter=Parameter(
            name="watcherImage",
            position=4,
            title="Image of the restart-watcher",
            tooltip="Any image with python3 in it, best with a digest",
        ),
    )
    log_level: LogLevel = option(
        "info",
        kinds.choice(LOG_LEVELS),
        "The lowest level that it logs. debug adds every request to the API server.",
        flag=Flag(
            name="--watcher-log-level",
            help="The lowest level that the watcher logs (default {default}).",
        ),
    )
    resources: Mapping[str, Mapping[str, Any]] = option(
        {},
        kinds.RESOURCES,
        "Its container's resources, instead of the default ones, which grow with the number of"
        " Jobs.",
        is_advanced=True,
    )
    memory: str = option(
        "",
        kinds.TEXT,
        "The memory among its container's resources.",
        in_file=False,
        flag=Flag(
            name="--watcher-memory",
            help="The memory of the watcher (default by the number of Jobs).",
        ),
        is_advanced=True,
    )
    service_account: str = option(
        "",
        kinds.TEXT,
        "An account that is there and has the rights. Then no account, role and role binding are"
        " written.",
        name="serviceAccountName",
        flag=Flag(
            name="--watcher-service-account",
            help="Use this existing ServiceAccount instead of creating one.",
        ),
        is_advanced=True,
    )
    priority_class: str = option(
        "",
        kinds.TEXT,
        "Its priority class.",
        name="priorityClassName",
        flag=Flag(name="--watcher-priority-class", help="The priority class of the watcher."),
        is_advanced=True,
    )
    image_pull_secrets: tuple[str, ...] = option(
        (),
        kinds.TEXTS,
        "The names of the secrets that its image is pulled with.",
        flag=Flag(
            name="--watcher-image-pull-secret",
            help="A pull secret of the watcher; repeatable.",
        ),
        is_advanced=True,
    )
    node_selector: Mapping[str, str] = option(
        {},
        kinds.TEXT_MAP,
        "Labels of the nodes that it may run on.",
        flag=Flag(
            name="--watcher-node-selector",
            help="A label of the nodes that the watcher may run on; repeatable.",
        ),
        is_advanced=True,
    )
    tolerations: tuple[Mapping[str, Any], ...] = option(
        (),
        kinds.TOLERATIONS,
        "Taints that it tolerates.",
        flag=Flag(
            name="--watcher-toleration",
            help="A taint that the watcher tolerates; repeatable.",
        ),
        is_advanced=True,
    )
    labels: Mapping[str, str] = option(
        {},
        kinds.TEXT_MAP,
        "More labels of its Job and its pod.",
        flag=Flag(name="--watcher-label", help="A label of the watcher; repeatable."),
        is_advanced=True,
    )
    annotations: Mapping[str, str] = option(
        {},
        kinds.TEXT_MAP,
        "More annotations of its Job and its pod.",
        flag=Flag(name="--watcher-annotation", help="An annotation of the watcher; repeatable."),
        is_advanced=True,
    )
