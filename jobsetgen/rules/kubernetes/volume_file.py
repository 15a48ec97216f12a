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
from jobsetgen.rules.common.files import sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_SHORTEST_TOKEN, _LONGEST_TOKEN = 600, 2**32


@job_rule("JSG335", "error", since="0.1", source=UNKNOWN)
def volume_file(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A file of a volume has no path, one that leads out of the volume, or one that another file has already.

    A path is relative, without `..`, and does not begin with two dots. In a projected volume each source is one of its
    kinds, a token lives for at least ten minutes, and a downwardAPI file shows exactly one fieldRef or
    resourceFieldRef.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: /bin/run}]}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: bin/run}]}}]}
    """
    for path, source in sources(job):
        for index, item in objects(source, "items"):
            yield from _item(item, (*path, "items", index))
        if path[-1] == "serviceAccountToken":
            yield from _token(source, path)
    for path, file in downward_files(job):
        chosen = [
            field
            for field in ("fieldRef", "resourceFieldRef")
            if isinstance(file.get(field), Mapping)
        ]
        if len(chosen) != 1:
            has = (
                "both a fieldRef and a resourceFieldRef"
                if chosen
                else "neither a fieldRef nor a resourceFieldRef"
            )
            yield Finding(path=path, message=f"the file {string(file, 'path')} has {has}")
    for index, volume in objects(job.pod, "volumes"):
        yield from _projected(
            mapping(volume, "projected"), (*job.pod_path, "volumes", index, "projected")
        )


def _item(item: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if item.get("key") == "":
        yield Finding(path=(*path, "key"), message="the key of the file is empty")
    yield from _path(item, path)


def _path(file: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    written = file.get("path")
    if written == "":
        yield Finding(path=(*path, "path"), message="the path of the file is empty")
    elif isinstance(written, str) and (leads_out(written) or written.startswith("..")):
        message = f"the path '{written}' must lead into the volume: relative, and without '..'"
        yield Finding(path=(*path, "path"), message=message)


def _token(token: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    yield from _path(token, path)
    seconds = integer(token, "expirationSeconds", _SHORTEST_TOKEN)
    if not _SHORTEST_TOKEN <= seconds <= _LONGEST_TOKEN:
        message = (
            f"expirationSeconds is {seconds}; a token lives from {_SHORTEST_TOKEN} to"
            f" {_LONGEST_TOKEN:,} seconds"
        )
        yield Finding(path=(*path, "expirationSeconds"), message=message)


def _projected(volume: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, source in objects(volume, "sources"):
        place = (*path, "sources", index)
        kinds = [field for field in source if isinstance(source[field], Mapping)]
        if len(kinds) > 1:
            message = f"the source is of several kinds: {', '.join(kinds)}"
            yield Finding(path=place, message=message, hint="Make each an item of the list.")
        for kind in kinds:
            if kind in ("secret", "configMap") and not string(mapping(source, kind), "name"):
                yield Finding(
                    path=(*place, kind, "name"),
                    message=f"the {kind} of the projected volume has no name",
                )
            for inner, item in objects(mapping(source, kind), "items"):
                file = string(item, "path")
                if file and file in seen:
                    message = f"two files of the projected volume are at {file}"
                    yield Finding(path=(*place, kind, "items", inner, "path"), message=message)
                seen.add(file)
