"""The texts of objects in which a DNS name may be, and those of them that are one name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.pods import CONTAINER_FIELDS
from jobsetgen.overlays.reference_fields import SERVICE
from jobsetgen.overlays.references import kind_of, pods
from jobsetgen.plain import items, mapping, objects, string

_TEXTS_OF_KIND = {"ConfigMap": "data", "Secret": "stringData"}
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_HOOKS = ("postStart", "preStop")

# What says in the name of a variable, a key or a flag that its value is a host.
_HOST = re.compile(
    r"(?:^|[-_.])(?:host|hostname|hosts|addr|address|server|servers|endpoint|url|uri|dns|service"
    r"|coordinator|leader|broker|upstream|peer)$",
    re.IGNORECASE,
)
_JOBSET = re.compile(r"(?:^|[-_.])jobset(?:[-_.]?name)?$", re.IGNORECASE)
_FLAG = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)")
_FLAG_WITH_VALUE = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)=(?P<value>.*)", re.S)


class Text(NamedTuple):
    """A text with its path in the object.

    `host` is the part of it that can only be meant as the name of a host, and `jobset` that of a
    JobSet; both are mostly empty.
    """

    path: Path
    text: str
    host: str = ""
    jobset: str = ""


def texts(data: Mapping[str, Any]) -> Iterator[Text]:
    """Yield each text of an object in which a DNS name may be."""
    kind = kind_of(data)
    field = _TEXTS_OF_KIND.get(kind)
    if field:
        for key in mapping(data, field):
            yield _named((field, key), key, string(mapping(data, field), key))
    elif kind == SERVICE:
        yield Text(("spec", "externalName"), string(mapping(data, "spec"), "externalName"))
    for path, pod in pods(data):
        for each in CONTAINER_FIELDS:
            for index, container in objects(pod, each):
                yield from _of_container(container, (*path, each, index))


def _of_container(container: Mapping[str, Any], path: Path) -> Iterator[Text]:
    for field in ("command", "args"):
        yield from _of_words(container, field, path)
    for index, variable in objects(container, "env"):
        at = (*path, "env", index, "value")
        yield _named(at, string(variable, "name"), string(variable, "value"))
    for field in _PROBES:
        yield from _of_action(mapping(container, field), (*path, field))
    for field in _HOOKS:
        hook = mapping(mapping(container, "lifecycle"), field)
        yield from _of_action(hook, (*path, "lifecycle", field))


def _of_action(action: Mapping[str, Any], path: Path) -> Iterator[Text]:
    """Yield the texts of a probe or a hook."""
    yield from _of_words(mapping(action, "exec"), "command", (*path, "exec"))
    for field in ("httpGet", "tcpSocket"):
        host = string(mapping(action, field), "host")
        yield Text((*path, field, "host"), host, host=host)


def _of_words(parent: Mapping[str, Any], field: str, path: Path) -> Iterator[Text]:
    """Yield the words of a command; the flag of a value is in the same word or before it."""
    before: Any = ""
    for index, word in enumerate(items(parent, field)):
        if isinstance(word, str):
            yield _of_word((*path, field, index), before, word)
        before = word


def _of_word(path: Path, before: Any, word: str) -> Text:
    with_value = _FLAG_WITH_VALUE.fullmatch(word)
    if with_value:
        return _named(path, with_value["name"], with_value["value"])._replace(text=word)
    if before == "-h":
        return _named(path, "host", word)
    flag = _FLAG.fullmatch(before) if isinstance(before, str) else None
    return _named(path, flag["name"] if flag else "", word)


def _named(path: Path, name: str, value: str) -> Text:
    """Return a text that is the value of something with a name."""
    host = value.strip().partition("/")[0] if _HOST.search(name) else ""
    jobset = value.strip() if _JOBSET.search(name) else ""
    return Text(path, value, host, jobset)
