"""Projects of several layers: a base and an overlay with patches, names, values and templates, and mistakes in them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.fuzz import edits, mutations, odd, options, patching, seeds, writer
from tests.fuzz.chance import Chance
from tests.projects.archives import archives, read_archive

PROJECT = "jobsetgen.yaml"
_GIT = ".git/HEAD"
"""With this file, a folder is the root of a work tree, in which bases can be anywhere."""
_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts
data:
  quoted: "{{ text }}"
  part: "a {{ text }} b"
  whole: {{ word }}
  run.sh: |
    {% for each in hosts %}
    echo {{ each | sh }} {{ text }}
    {% endfor %}
    {% if count > 1 %}
    exit
    {% endif %}
"""
_SCHEMA = {
    "type": "object",
    "properties": {"count": {"type": "integer", "minimum": 0}, "hosts": {"type": "array"}, "word": {"type": "string"}},
    "required": ["count"],
}


@dataclass
class Layers:
    """The files of a base and of the overlay that is compiled, before they are written."""

    names: patching.Names
    base: dict[str, Any]
    overlay: dict[str, Any]
    files: dict[str, bytes]
    folder: str = "prod"
    end: str = ""
    """Text at the end of the overlay's project file."""

    def written(self, chance: Chance) -> dict[str, bytes]:
        """Return all files."""
        overlay = "".join([*map(_line, self.overlay.items()), self.end])
        found = {f"base/{PROJECT}": writer.one(chance, self.base), f"{self.folder}/{PROJECT}": overlay}
        return {**self.files, **{name: text.encode("utf-8", "surrogatepass") for name, text in found.items()}}


def project(chance: Chance, *, is_rough: bool) -> tuple[dict[str, bytes], str]:
    """Return the files of a repository, and the folder of the project in it that is compiled."""
    if chance.hit(3):
        return _fixture(chance, is_rough=is_rough)
    found = _layers(chance)
    if is_rough:
        chance.pick(_MISTAKES)(chance, found)
    files = found.written(chance)
    return files, found.folder


def _line(field: tuple[str, Any]) -> str:
    return f"{json.dumps(field[0])}: {json.dumps(field[1])}\n"


# --- Fixtures -------------------------------------------------------------------------------------
@cache
def _fixtures(kind: str) -> tuple[tuple[str, dict[str, bytes]], ...]:
    found = [read_archive(path) for path in archives(kind)]
    return tuple(
        (each.project, {_GIT: b"", **{name: text.encode() for name, text in each.files.items()}}) for each in found
    )


def _fixture(chance: Chance, *, is_rough: bool) -> tuple[dict[str, bytes], str]:
    kind = chance.pick(("invalid", "edited") if is_rough else ("valid", "valid", "warned"))
    folder, files = chance.pick(_fixtures("valid" if kind == "edited" else kind))
    if kind != "edited":
        return files, folder
    name = chance.pick([name for name in files if name != _GIT])
    return {**files, name: edits.edited(chance, files[name])}, folder


# --- What is right --------------------------------------------------------------------------------
@cache
def _sets() -> tuple[dict[str, Any], ...]:
    """Return a JobSet of each seed that has no project of its own."""
    documents = [seed.documents[0] for seed in seeds.good() if not seed.is_project and not seed.options]
    return tuple(each for each in documents if patching.names_of(each) is not None)


def _layers(chance: Chance) -> Layers:
    document = copy.deepcopy(chance.pick(_sets()))
    for _ in range(chance.number(0, 2)):
        mutations.gentle(chance, document)
    names = patching.names_of(document)
    if names is None:  # a change has taken a name away
        document = copy.deepcopy(_sets()[0])
        names = patching.names_of(document)
        assert names is not None
    base, overlay = dict(options.HEAD), {**options.HEAD, "resources": ["../base"]}
    files = {_GIT: b"", "base/set.yaml": writer.one(chance, document).encode("utf-8", "surrogatepass")}
    found = Layers(names, base, overlay, files)
    if chance.hit(4):
        _add_template(chance, found)
    _change(chance, found, base, "base")
    found.names = names._replace(job_set=f"{base.get('namePrefix', '')}{names.job_set}{base.get('nameSuffix', '')}")
    _change(chance, found, overlay, found.folder)
    return found


def _change(chance: Chance, layers: Layers, layer: dict[str, Any], folder: str) -> None:
    """Let a layer change a few things."""
    for change in chance.some(_CHANGES, 2 if folder == "base" else 4):
        change(chance, layers, layer, folder)


def _names(chance: Chance, _layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    layer[chance.pick(("namePrefix", "nameSuffix"))] = chance.pick(("a", "b2", "x1"))


def _notes(chance: Chance, _layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    layer["labels"] = {"example.com/team": chance.pick(("a", "b", "1"))}
    layer["annotations"] = {"example.com/note": chance.pick(odd.TEXTS)}


def _namespace(chance: Chance, _layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    layer["namespace"] = chance.pick(("research", "default"))


def _images(chance: Chance, layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    name = layers.names.image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    path = layers.names.image.rpartition("/")[0]
    change = chance.pick(({"newTag": "2.1"}, {"newName": "localhost:5000/a/b"}, {"digest": "sha256:" + "a" * 64}))
    layer["images"] = [{"name": f"{path}/{name}" if path else name, **change}]


def _replicas(chance: Chance, layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    names = layers.names
    entry = {"jobSet": names.job_set, "replicatedJob": names.replicated_job, "replicas": chance.number(0, 4)}
    layer["replicas"] = [entry]


def _patches(chance: Chance, layers: Layers, layer: dict[str, Any], folder: str) -> None:
    """Add a patch: inline as data or as text, or in a file; with a target or the names of its object."""
    patch = chance.pick(patching.GOOD)(chance, layers.names)
    entry: dict[str, Any] = {}
    if isinstance(patch, list) or chance.hit(2):
        entry["target"] = chance.pick(patching.TARGETS)(layers.names)
    else:
        head = {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": layers.names.job_set}}
        patch = {**head, **patch, "metadata": {**patch.get("metadata", {}), **head["metadata"]}}
    form = chance.pick(("data", "text", "path"))
    if form == "path":
        entry["path"] = f"patch{len(layers.files)}.yaml"
        layers.files[f"{folder}/{entry['path']}"] = writer.one(chance, patch).encode("utf-8", "surrogatepass")
    else:
        entry["patch"] = patch if form == "data" else writer.one(chance, patch)
    layer.setdefault("patches", []).append(entry)
    # Without resources, every file of a folder is read, and a patch is no resource.
    if folder == "base":
        layer["resources"] = sorted(name[5:] for name in layers.files if name in _RESOURCES)


def _target(_chance: Chance, _layers: Layers, layer: dict[str, Any], _folder: str) -> None:
    layer["target"] = "jobset"


_RESOURCES = frozenset(["base/set.yaml", "base/scripts.yaml.j2"])


def _add_template(chance: Chance, layers: Layers) -> None:
    layers.files["base/scripts.yaml.j2"] = _TEMPLATE.encode()
    hosts = [chance.pick(odd.TEXTS) for _ in range(chance.number(0, 3))]
    layers.base["values"] = {"count": 1, "word": "a", "text": chance.pick(odd.TEXTS), "hosts": hosts}
    if chance.hit(2):
        layers.overlay["values"] = {"text": chance.pick(odd.TEXTS), "count": chance.number(0, 3)}
    if chance.hit(2):
        layers.base["resources"] = ["set.yaml", "scripts.yaml.j2"]
        layers.base["valuesSchema"] = "schema.json"
        layers.files["base/schema.json"] = json.dumps(_SCHEMA).encode()


_CHANGES = (_names, _notes, _namespace, _images, _replicas, _target, _patches, _patches, _patches)


# --- What is wrong --------------------------------------------------------------------------------
def _bad_patch(chance: Chance, layers: Layers) -> None:
    patch = chance.pick(patching.BAD)(chance, layers.names)
    layers.overlay.setdefault("patches", []).append({"target": {"kind": "JobSet"}, "patch": patch})


def _bad_entry(chance: Chance, layers: Layers) -> None:
    layers.overlay.setdefault("patches", []).append(copy.deepcopy(chance.pick(patching.BAD_ENTRIES)))


def _bad_option(chance: Chance, layers: Layers) -> None:
    name, value = chance.pick(_BAD_OPTIONS)
    layers.overlay[name] = copy.deepcopy(value)


def _cycle(chance: Chance, layers: Layers) -> None:
    layers.base["resources"] = ["set.yaml", chance.pick((f"../{layers.folder}", ".", "../base"))]


def _key_twice(chance: Chance, layers: Layers) -> None:
    layers.end = chance.pick(("kind: JobSetGenerator\n", "resources: [../base]\n", "labels: {a: b, a: c}\n"))


def _bad_template(chance: Chance, layers: Layers) -> None:
    """Break a template, or its values."""
    _add_template(chance, layers)
    name = "base/scripts.yaml.j2"
    if chance.hit(3):
        layers.overlay["values"] = copy.deepcopy(chance.pick(_BAD_VALUES))
    elif chance.hit(2):
        layers.files[name] = edits.edited(chance, layers.files[name])
    else:
        layers.files[name] += chance.pick(_BAD_LINES)


def _edited(chance: Chance, layers: Layers) -> None:
    name = chance.pick([name for name in layers.files if name != _GIT])
    layers.files[name] = edits.edited(chance, layers.files[name])


def _rough(chance: Chance, layers: Layers) -> None:
    """Change any value of the overlay in any way."""
    mutations.rough(chance, layers.overlay)


_BAD_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("resources", ["../base", "../base"]), ("resources", ["../../base"]), ("resources", ["../missing"]), ("resources", ["/base"]),
    ("resources", ["https://example.com/base"]), ("resources", ["../base/set.yaml", "../base"]), ("namePrefix", "Dev_"), ("namePrefix", 1),
    ("nameSuffix", "-" + "x" * 70), ("labels", {"a b": "c"}), ("labels", {"a": True}), ("annotations", {"": "a"}), ("bases", ["../base"]),
    ("replicas", [{"jobSet": "nothing", "replicatedJob": "a", "replicas": 1}]), ("images", [{"name": "a", "newTag": "a b"}]),
    ("values", ["a"]), ("values", "a: b"), ("valuesSchema", "missing.json"), ("valuesSchema", "../../schema.json"), ("patches", {}),
)  # fmt: skip
_BAD_VALUES: tuple[Any, ...] = ({"count": "two"}, {"count": None}, {"hosts": None}, {"cuont": 1, "count": None}, {"word": "a: b"}, {"word": "a\nb"}, [])  # fmt: skip
_BAD_LINES = (
    b"  more: {{ missing }}\n", b"  more: {{ text\n", b"{% for a in hosts %}\n", b"{% include 'set.yaml' %}\n", b"  more: {{ 1 / 0 }}\n",
    b"  more: {{ text.__class__ }}\n", b"  more: {{ text | nothing }}\n", b"  quoted: twice\n", b" more: {{ word }}\n", b"  more: {{ word }}: {{ word }}\n",
)  # fmt: skip
_MISTAKES: tuple[Callable[[Chance, Layers], None], ...] = (
    _bad_patch, _bad_patch, _bad_entry, _bad_option, _bad_option, _cycle, _key_twice, _bad_template, _edited, _rough,
)  # fmt: skip
