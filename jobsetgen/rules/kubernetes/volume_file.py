"""JSG335: volume file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import leads_out
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, mapping, objects, string
from jobsetgen.rules.common.fields import downward_files
from jobsetgen.rules.common.files import file_sources, projected_sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_SHOWN = ("fieldRef", "resourceFieldRef")
_SHORTEST_TOKEN = 600
_LONGEST_TOKEN = 2**32


@job_rule(
    "JSG335",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateProjectionSources"),
)
def volume_file(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A file of a volume has no path, one outside the volume, or the path of another file.

    A path is relative, without `..`, and does not begin with two dots. In a projected volume each
    source is of one kind, a token lives for at least ten minutes, and a downwardAPI file shows
    exactly one fieldRef or resourceFieldRef.

    Error because every API server refuses such a volume.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes:
                    - name: tools
                      configMap: {name: tools, items: [{key: run, path: /bin/run}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes:
                    - name: tools
                      configMap: {name: tools, items: [{key: run, path: bin/run}]}
    """
    for path, source in file_sources(job):
        for index, item in objects(source, "items"):
            yield from _item(item, (*path, "items", index))
        if path[-1] == "serviceAccountToken":
            yield from _token(source, path)
    for path, file in downward_files(job):
        yield from _shown(file, path)
    for index, volume in objects(job.pod, "volumes"):
        yield from _projected(volume, (*job.pod_path, "volumes", index))


def _item(item: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if item.get("key") == "":
        yield Finding(path=(*path, "key"), message="the key of the file is empty")
    yield from _path(item, path)


def _path(file: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    written = file.get("path")
    if not isinstance(written, str):
        return

    if not written:
        yield Finding(path=(*path, "path"), message="the path of the file is empty")
    elif leads_out(written) or written.startswith(".."):
        message = f"invalid path '{written}': must be relative to the volume, without '..'"
        yield Finding(path=(*path, "path"), message=message)


def _token(token: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    yield from _path(token, path)
    seconds = integer(token, "expirationSeconds", _SHORTEST_TOKEN)
    if not _SHORTEST_TOKEN <= seconds <= _LONGEST_TOKEN:
        limit = f"from {_SHORTEST_TOKEN} to {_LONGEST_TOKEN:,}"
        message = f"expirationSeconds of a token is {seconds:,}, but must be {limit}"
        yield Finding(path=(*path, "expirationSeconds"), message=message)


def _shown(file: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    chosen = [field for field in _SHOWN if isinstance(file.get(field), Mapping)]
    if len(chosen) == 1:
        return

    has = "both a fieldRef and" if chosen else "neither a fieldRef nor"
    message = f"the file {string(file, 'path')} has {has} a resourceFieldRef"
    yield Finding(path=path, message=message)


def _projected(volume: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the sources of a projected volume, each and together."""
    seen: set[str] = set()
    for place, source in projected_sources(volume, path):
        kinds = [field for field in source if isinstance(source[field], Mapping)]
        if len(kinds) > 1:
            message = f"the projected source has several kinds: {', '.join(kinds)}"
            yield Finding(
                path=place, message=message, hint="List each kind as a source of its own."
            )
        for kind in kinds:
            yield from _name(source, place, kind)
            yield from _duplicates(mapping(source, kind), (*place, kind), seen)


def _name(source: Mapping[str, Any], path: Path, kind: str) -> Iterator[Finding]:
    if kind in ("secret", "configMap") and not string(mapping(source, kind), "name"):
        message = f"the {kind} of the projected volume has no name"
        yield Finding(path=(*path, kind, "name"), message=message)


def _duplicates(source: Mapping[str, Any], path: Path, seen: set[str]) -> Iterator[Finding]:
    """Yield the files whose path has been seen; add the others to those."""
    for index, item in objects(source, "items"):
        file = string(item, "path")
        if file and file in seen:
            message = f"duplicate path '{file}' in the projected volume"
            yield Finding(path=(*path, "items", index, "path"), message=message)
        seen.add(file)
