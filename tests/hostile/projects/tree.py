"""The shape of a hostile project: how its files are written, and what a build must say about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from tests.hostile.place import PROJECT, SET, Place

Make = Callable[[Place], None]


class HostileProject(NamedTuple):
    """A project that means harm, in the folder `app` of a place.

    `said` is the code of the error that its build must report and a part of its message, such as
    "JSG702: file not found"; without one, the build succeeds.
    """

    name: str
    said: str
    make: Make

    def is_said_in(self, report: str) -> bool:
        """Return whether a report has the expected error, at a place in the repository."""
        code, _, message = self.said.partition(": ")
        line = rf"^(app|\.git)/\S*:[0-9]+:[0-9]+: error\[{code}\]: .*{re.escape(message)}"
        return re.search(line, report, re.M) is not None


Files = Mapping[str, str | bytes]
"""The content of files by their names below `app`."""


def writes(files: Files) -> Make:
    """Return what writes files beside a valid jobset.yaml and jobsetgen.yaml, or over them."""

    def make(place: Place) -> None:
        for name, content in files.items():
            place.write(f"app/{name}", content)

    return make


def project(options: str = "", resources: Iterable[str] | None = None) -> str:
    """Return a jobsetgen.yaml with options, and with resources if there are any."""
    listed = "" if resources is None else f"resources: {json.dumps(list(resources))}\n"
    return f"{PROJECT}{listed}{options}"


def template(text: str, values: str = "{a: 1}", more: Files | None = None) -> Make:
    """Return what writes a project with a template and values, which are YAML in flow style."""
    options = project(f"values: {values}\n", ["job.yaml.j2"])
    return writes({"jobsetgen.yaml": options, "job.yaml.j2": text, **(more or {})})


def config_map(value: str, name: str = "a") -> str:
    """Return a ConfigMap with one value, which is YAML in flow style."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: {value}}}\n"


def values(text: str, schema: Any = None) -> Make:
    """Return what writes a project with values and, if there is one, their schema."""
    own = "" if schema is None else "valuesSchema: schema.json\n"
    files = {
        "jobsetgen.yaml": project(f"{own}values: {text}\n", ["job.yaml.j2"]),
        "job.yaml.j2": config_map("'{{ a }}'"),
    }
    if schema is not None:
        files["schema.json"] = schema if isinstance(schema, str) else json.dumps(schema)
    return writes(files)


def patches(*entries: Any, objects: str = SET) -> Make:
    """Return what writes a project with patches, given as data, and its objects."""
    options = project(f"patches: {json.dumps(list(entries))}\n", ["jobset.yaml"])
    return writes({"jobsetgen.yaml": options, "jobset.yaml": objects})
