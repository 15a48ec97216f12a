"""The types of the Kubernetes API, read from the Go source that the API server here is built from."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jobsetgen.upstream import KUBERNETES_RELEASE

_RELEASE = KUBERNETES_RELEASE.replace("v1.", "v0.", 1)
_FILES = [
    f"k8s.io/api@{_RELEASE}/{group}/v1/types.go" for group in ("core", "batch", "rbac")
] + [f"k8s.io/apimachinery@{_RELEASE}/pkg/apis/meta/v1/types.go"]  # fmt: skip
_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.M | re.S)
_ALIAS = re.compile(r"^type (\w+) (string|bool|int32|int64|map\[\S+)", re.M)
_FIELD = re.compile(r'^\s*(?:(\w+)\s+)?(\S+)\s+`json:"([\w]*)', re.M)
_EMPTY: dict[str, Any] = {"string": "", "bool": False, "int32": 0, "int64": 0, "IntOrString": 0, "Quantity": "0"}


class Field(NamedTuple):
    """A field: its name in JSON and its Go type, such as `*PodSecurityContext` or `[]Volume`."""

    name: str
    go_type: str

    @property
    def base(self) -> str:
        """Return the type that it points to, or the type of its items."""
        return self.go_type.lstrip("*[]").rpartition(".")[2]

    @property
    def is_pointer(self) -> bool:
        """Whether it is a pointer, whose empty value is not the same as none."""
        return self.go_type.startswith("*")

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return self.go_type.startswith("[]")


class Source(NamedTuple):
    """The types: the fields of each struct, and what other types stand for."""

    structs: dict[str, tuple[Field, ...]]
    aliases: dict[str, str]

    def is_struct(self, field: Field) -> bool:
        """Whether a field is a struct, a pointer to one or a list of them; a time is written as a string."""
        return field.base in self.structs and field.base != "Time"

    def empty(self, field: Field) -> Any:
        """Return what a field without a pointer holds in Go when nothing is written."""
        if field.is_list:
            return []
        written = self.aliases.get(field.base, field.go_type)
        if self.is_struct(field) or written.startswith("map") or field.base == "ResourceList":
            return {}
        return _EMPTY[self.aliases.get(field.base, field.base)]


@cache
def api_source() -> Source:
    """Return the types of the release that is built here."""
    found = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True)
    texts = [(Path(found.stdout.strip()) / file).read_text(encoding="utf-8") for file in _FILES]
    own = {name: _FIELD.findall(_without_comments(body)) for text in texts for name, body in _STRUCT.findall(text)}
    structs = {name: tuple(_flat(own, name)) for name in own}
    return Source(structs, dict(pair for text in texts for pair in _ALIAS.findall(text)))


def _without_comments(body: str) -> str:
    return re.sub(r"^\s*//.*\n", "", body, flags=re.M)


def _flat(own: dict[str, list[tuple[str, str, str]]], name: str) -> Iterator[Field]:
    """Yield the fields of a struct, with those of the structs in it that have no name of their own."""
    for _, go_type, json_name in own.get(name, ()):
        if json_name:
            yield Field(json_name, go_type)
        else:
            yield from _flat(own, go_type.rpartition(".")[2])
