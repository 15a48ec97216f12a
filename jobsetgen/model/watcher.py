"""The watcher's options: what a project says of it, and what of that no API server takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.kubernetes.names import is_dns_1123_subdomain
from jobsetgen.model.settings import Watcher
from jobsetgen.plain import mapping, objects, string, strings

_MAX_NAME = 253
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|[MGTPE]|[KMGTPE]i)?")
# Labels and annotations that select the training, or that the compiler gives the watcher itself.
_OURS = re.compile(r"((alpha\.)?jobset\.sigs\.k8s\.io|jobsetgen\.io|batch\.kubernetes\.io)/.*|job-name|controller-uid")


def read_watcher(data: Mapping[str, Any]) -> Watcher:
    """Return the watcher that a project describes, over the defaults."""
    defaults = Watcher()
    return Watcher(
        image=string(data, "image", defaults.image),
        resources=mapping(data, "resources"),
        service_account=string(data, "serviceAccountName"),
        priority_class=string(data, "priorityClassName"),
        image_pull_secrets=strings(data, "imagePullSecrets"),
        node_selector=mapping(data, "nodeSelector"),
        tolerations=tuple(each for _, each in objects(data, "tolerations")),
        labels=mapping(data, "labels"),
        annotations=mapping(data, "annotations"),
    )


def problems(watcher: Watcher) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the options, each with the way to it in the project's `watcher`."""
    if not watcher.image.strip() or re.search(r"\s", watcher.image):
        yield ("image",), f"image '{watcher.image}' is no image"
    yield from _names(watcher)
    yield from _labels(watcher)
    if watcher.memory and not _QUANTITY.fullmatch(watcher.memory):
        yield ("resources",), f"memory '{watcher.memory}' is no quantity, such as 128Mi"
    for kind, amounts in watcher.resources.items():
        for name, amount in amounts.items():
            if not _QUANTITY.fullmatch(str(amount)):
                yield ("resources", kind, name), f"{name} '{amount}' is no quantity"
    for index, each in enumerate(watcher.tolerations):
        yield from ((("tolerations", index, *path), message) for path, message in _toleration(each))


def _names(watcher: Watcher) -> Iterator[tuple[Path, str]]:
    named: list[tuple[Path, str]] = [
        (("serviceAccountName",), watcher.service_account),
        (("priorityClassName",), watcher.priority_class),
        *((("imagePullSecrets", index), name) for index, name in enumerate(watcher.image_pull_secrets)),
    ]
    for path, name in named:
        is_optional = path[0] != "imagePullSecrets"
        if not (is_optional and not name) and (len(name) > _MAX_NAME or not is_dns_1123_subdomain(name)):
            yield path, f"{path[0]} '{name}' is no name: it must have lower-case letters, digits, dashes and dots"


def _labels(watcher: Watcher) -> Iterator[tuple[Path, str]]:
    for field, entries in (
        ("nodeSelector", watcher.node_selector),
        ("labels", watcher.labels),
        ("annotations", watcher.annotations),
    ):
        for key, value in entries.items():
            if reason := bad_label_key(key):
                yield (field, key), f"{field} key '{key}': {reason}"
            elif field != "annotations" and (reason := bad_label_value(value)):
                yield (field, key), f"{field} value '{value}' of {key}: {reason}"
            elif field != "nodeSelector" and _OURS.fullmatch(key):
                yield (field, key), f"{field} cannot have {key}, which says what an object is to the set"


def _toleration(each: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    key, operator, effect = string(each, "key"), string(each, "operator", "Equal"), string(each, "effect")
    if key and (reason := bad_label_key(key)):
        yield ("key",), f"toleration of '{key}': {reason}"
    if effect and effect not in _EFFECTS:
        yield ("effect",), f"toleration's effect '{effect}' is none of {', '.join(_EFFECTS)}"
    if operator not in ("Equal", "Exists"):
        yield ("operator",), f"toleration's operator '{operator}' is neither Equal nor Exists"
    if operator == "Exists" and string(each, "value"):
        yield ("value",), f"toleration of '{key}' has a value, which the operator Exists does not look at"
    if operator == "Equal" and not key:
        yield (), "toleration without a key needs the operator Exists"
    if "tolerationSeconds" in each and effect != "NoExecute":
        yield ("tolerationSeconds",), "toleration for some seconds needs the effect NoExecute"
