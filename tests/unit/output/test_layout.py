"""The names of output files: safe on every system, whatever the objects are called."""

from __future__ import annotations

from jobsetgen.output.layout import HEADER, files
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

OBJECT = "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n"


def paths(*objects: tuple[str, str, str]) -> list[str]:
    text = "---\n".join(OBJECT.format(*each) for each in objects)
    return [path for path, _ in files(compile([Source(name="in.yaml", content=text.encode())]))]


def test_an_object_is_named_by_its_kind_and_name():
    assert paths(("v1", "ConfigMap", "a")) == ["configmap.a.yaml", "kustomization.yaml"]


def test_names_that_lead_elsewhere_are_made_safe():
    first = paths(("example.com/v1", "Thing", '"../../etc/passwd"'))[0]
    assert first == "thing..._.._etc_passwd-2d094729.yaml"
    assert paths(("example.com/v1", '"../Thing"', "a"))[0].startswith("__thing.a-")


def test_objects_that_would_share_a_file_are_numbered():
    found = paths(("a.com/v1", "Thing", "x"), ("b.com/v1", "Thing", "x"), ("c.com/v1", "Thing", "X"))
    assert found == ["thing.x.yaml", "thing.x.2.yaml", "thing.X.3.yaml", "kustomization.yaml"]


def test_an_object_without_a_name_has_a_file_too():
    text = b"apiVersion: example.com/v1\nkind: Thing\n"
    assert next(files(compile([Source(name="in.yaml", content=text)])))[0] == "thing.unnamed.yaml"


def test_every_file_begins_with_the_header():
    text = OBJECT.format("v1", "ConfigMap", "a").encode()
    assert all(content.startswith(HEADER) for _, content in files(compile([Source(name="in.yaml", content=text)])))
