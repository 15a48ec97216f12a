"""Projects with bases, templates and patches that reach too far; tests/hostile/projects has more of them.

The bases are in the project, for Argo CD hands over no folder above it.
"""

from __future__ import annotations

import json

from tests.hostile.place import PROJECT, SET, Place, Trick

_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {a: %s}\n"
_BASE = PROJECT.replace("output: rendered\n", "")


def _base(path: str, options: str = "") -> Trick:
    """Return a trick that lets the project have a base, beside a base of its own that is harmless."""

    def make(place: Place) -> None:
        place.write("app/base/jobsetgen.yaml", _BASE)
        place.write("app/base/more.yaml", _MAP % "b")
        place.configure(f"resources: [base, {json.dumps(path)}, jobset.yaml]\n{options}")

    return make


def _linked_base(place: Place) -> None:
    place.link("app/base", place.outside)
    place.configure("resources: [base, jobset.yaml]\n")


def _linked_project(place: Place) -> None:
    """Let the project file of a base be somebody else's."""
    place.write("app/base/more.yaml", _MAP % "b")
    place.link("app/base/jobsetgen.yaml", place.outside / "jobsetgen.yaml")
    place.configure("resources: [base, jobset.yaml]\n")


def _linked_patch(place: Place) -> None:
    place.link("app/patch.yaml", place.outside / "jobset.yaml")
    place.configure("patches: [{path: patch.yaml}]\nresources: [jobset.yaml]\n")


def _remote_below(place: Place) -> None:
    for level in range(3):
        below = f"../b{level + 1}" if level < 2 else "https://example.com/a//b?ref=main"
        place.write(f"app/b{level}/jobsetgen.yaml", f"{_BASE}resources: [{below}]\n")
    place.configure("resources: [b0, jobset.yaml]\n")


def _circle(place: Place) -> None:
    place.write("app/base/jobsetgen.yaml", f"{_BASE}resources: [..]\n")
    place.configure("resources: [base]\n")


def _linked_to_itself(place: Place) -> None:
    place.link("app/base", ".")
    place.configure("resources: [base]\n")


def _diamonds(place: Place) -> None:
    for level in range(40):
        below = f"../x{level + 1}, ../y{level + 1}" if level < 39 else "a.yaml"
        for side in "xy":
            place.write(f"app/{side}{level}/jobsetgen.yaml", f"{_BASE}resources: [{below}]\n")
            place.write(f"app/{side}{level}/a.yaml", SET)
    place.configure("resources: [x0, y0]\n")


def _template(text: str, values: str = "{a: 1}") -> Trick:
    def make(place: Place) -> None:
        place.write("app/more.yaml.j2", text)
        place.configure(f"values: {values}\nresources: [jobset.yaml, more.yaml.j2]\n")

    return make


def _linked_template(place: Place) -> None:
    _template("")(place)
    place.link("app/more.yaml.j2", place.outside / "secret.yaml")


def _schema(place: Place) -> None:
    place.configure("valuesSchema: schema.json\nvalues: {a: 1}\nresources: [jobset.yaml]\n")
    references = ["../../outside/secret.yaml", "file:///etc/passwd", "https://example.com/a.json"]
    place.write("app/schema.json", json.dumps({"allOf": [{"$ref": each} for each in references]}))


def _copies(place: Place) -> None:
    """Let each operation of a patch double the object."""
    operations = [{"op": "copy", "from": "", "path": f"/metadata/c{number}"} for number in range(40)]
    entry = {"target": {"kind": "JobSet"}, "patch": operations}
    place.configure(f"patches: {json.dumps([entry])}\nresources: [jobset.yaml]\n")


def _many_patches(place: Place) -> None:
    entry = {"target": {"kind": "ConfigMap"}, "path": "patch.yaml"}
    place.write("app/patch.yaml", json.dumps({"data": {f"k{number}": "v" for number in range(300)}}))
    maps = [_MAP.replace("more", f"more-{number}") % "b" for number in range(300)]
    place.write("app/more.yaml", "---\n".join(maps))
    place.configure(f"patches: {json.dumps([entry] * 1_000)}\nresources: [jobset.yaml, more.yaml]\n")


def _renamed(place: Place) -> None:
    place.configure('namePrefix: ../../outside/\nnameSuffix: "\\e]0;a\\a"\nresources: [jobset.yaml]\n')


_ESCAPES = {
    "the globals of a function": "{{ dict.fromkeys.__self__.__init__.__globals__ }}",
    "the environment": "{{ cycler.__init__.__globals__.os.environ.A_TOKEN }}",
    "a format string": "{{ '{0.__class__.__init__.__globals__}'.format(a) }}",
}
_STATEMENTS = {
    "an inclusion": "{% include '../../outside/secret.yaml' %}\n",
    "loops in loops": "{% for i in range(100000) %}" * 3 + "{% endfor %}" * 3,
}

TRICKS: dict[str, Trick] = {
    "a base outside": _base("../../outside"),
    "a base by an absolute path": _base("/etc"),
    "a link to a base outside": _linked_base,
    "a base whose project file is a link outside": _linked_project,
    "a patch by a link outside": _linked_patch,
    "a remote base": _base("https://example.com/a//b?ref=main"),
    "a remote base by ssh": _base("git@example.com:a/b.git"),
    "a remote base three levels down": _remote_below,
    "a base of git's own files": _base("../.git"),
    "bases in a circle": _circle,
    "a base that is a link to the project": _linked_to_itself,
    "2**40 bases by diamonds": _diamonds,
    **{f"a template with {what}": _template(_MAP % f'"{text}"') for what, text in _ESCAPES.items()},
    **{f"a template with {what}": _template(text) for what, text in _STATEMENTS.items()},
    "a template with a billion characters": _template(_MAP % "\"{{ 'x' * 10**9 }}\""),
    "a template that is a link outside": _linked_template,
    "a schema of files elsewhere": _schema,
    "a patch that doubles an object": _copies,
    "a patch of 90,000 values for 300 objects": _many_patches,
    "a prefix that leads out": _renamed,
}
