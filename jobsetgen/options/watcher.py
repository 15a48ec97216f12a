"""The options of the section `watcher`: the restart-watcher's pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from jobsetgen.options import kinds
from jobsetgen.options.row import Flag, Parameter, option

LogLevel = Literal["debug", "info", "warning"]
LOG_LEVELS: tuple[LogLevel, ...] = ("debug", "info", "warning")

CarriedField = Literal[
    "automountServiceAccountToken",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPath",
    "hostPort",
    "hostUsers",
    "hostname",
    "managedBy",
    "nfs",
    "nodeName",
    "runtimeClassName",
    "securityContext",
    "serviceAccountName",
    "serviceAccountToken",
    "shareProcessNamespace",
    "volumeDevices",
]
CARRIED_FIELDS: tuple[CarriedField, ...] = get_args(CarriedField)
"""What restarts do not keep of what others have changed, unless it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """The options of the restart-watcher's pod.

    `resources` replaces all default resources, `memory` only the memory. With `service_account`, an
    existing ServiceAccount is used, and no ServiceAccount, Role or RoleBinding is written. Labels
    and annotations are those of its Job and its pod.
    """

    image: str = option(
        "python:3.13-alpine",
        kinds.TEXT,
        "An image that contains python3, preferably pinned by digest.",
        flag=Flag(
            name="--watcher-image",
            help="The watcher's image; it must contain python3, version 3.9 or newer.",
        ),
        parameter=Parameter(
            name="watcherImage",
            position=4,
            title="Image of the restart-watcher",
            tooltip="Any image that contains python3, preferably pinned by digest",
        ),
    )
    log_level: LogLevel = option(
        "info",
        kinds.choice(LOG_LEVELS),
        "The lowest level that it logs. debug includes every request to the API server.",
        flag=Flag(
            name="--watcher-log-level",
            help="The lowest level that the watcher logs.",
        ),
    )
    resources: Mapping[str, Mapping[str, Any]] = option(
        {},
        kinds.RESOURCES,
        "The resources of its container. They replace the defaults, which depend on the number of"
        " Jobs.",
        is_advanced=True,
    )
    memory: str = option(
        "",
        kinds.TEXT,
        "The memory request and limit of its container.",
        in_file=False,
        flag=Flag(
            name="--watcher-memory",
            help="The watcher's memory.",
        ),
        default_text="depends on the number of Jobs",
        is_advanced=True,
    )
    service_account: str = option(
        "",
        kinds.TEXT,
        "An existing ServiceAccount with the required permissions. No ServiceAccount, Role or"
        " RoleBinding is then written.",
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
        "The names of the pull secrets for its image.",
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
    carried_fields: tuple[CarriedField, ...] = option(
        (),
        kinds.choices(CARRIED_FIELDS),
        "Fields of Jobs that restarts also keep as other tools have changed them, with jobs: git.",
        flag=Flag(
            name="--watcher-carried-field",
            help="A field that restarts keep as other tools have changed it; repeatable.",
        ),
        is_advanced=True,
    )
    labels: Mapping[str, str] = option(
        {},
        kinds.TEXT_MAP,
        "Additional labels of its Job and its pod.",
        flag=Flag(name="--watcher-label", help="A label of the watcher; repeatable."),
        is_advanced=True,
    )
    annotations: Mapping[str, str] = option(
        {},
        kinds.TEXT_MAP,
        "Additional annotations of its Job and its pod.",
        flag=Flag(name="--watcher-annotation", help="An annotation of the watcher; repeatable."),
        is_advanced=True,
    )
