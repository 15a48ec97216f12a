"""Names and labels that grow with every level, and references to all of them."""

from __future__ import annotations

import json

from tests.hostile.place import SET, Place
from tests.hostile.projects.tree import HostileProject, Make, config_map, project, writes

_HOST_NAMES = "JSG215: pod host names such as"
_TOO_MANY = "JSG006: change more than 10,000 objects"
_SIZE = "JSG006: of one compile have more than 200,000 bytes"
_JOBSET_NAME = "JSG717: it makes the JobSet name"


def _options(text: str, objects: str = SET) -> Make:
    return writes({"jobsetgen.yaml": project(text, ["jobset.yaml"]), "jobset.yaml": objects})


def _levels(text: str, count: int = 49, objects: str = SET) -> Make:
    """Return what writes bases of bases, each with the same option."""

    def make(place: Place) -> None:
        place.write("app/jobsetgen.yaml", project("", ["b0"]))
        for level in range(count):
            below = [f"../b{level + 1}"] if level < count - 1 else ["a.yaml"]
            place.write(f"app/b{level}/jobsetgen.yaml", project(text, below))
        place.write(f"app/b{count - 1}/a.yaml", objects)

    return make


def _references(count: int) -> str:
    """Return a JobSet that names a ConfigMap in each of its variables, and that ConfigMap."""
    one = "{name: A%d, valueFrom: {configMapKeyRef: {name: a, key: a}}}"
    variables = ", ".join(one % number for number in range(count))
    jobset = SET.replace("image: ", f"env: [{variables}], image: ")
    return f"{jobset}---\n{config_map('b')}"


def _names_in_text(count: int) -> str:
    """Return a JobSet whose script has its old DNS name again and again."""
    script = "train-workers-0-0.train.research.svc " * count
    return SET.replace("image: ", f"command: ['{script}'], image: ")


def _many_names_in_text(count: int) -> str:
    """Return many Services, and a JobSet whose script names all of them."""
    services = "---\n".join(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: s{number}, namespace: research}}\n"
        for number in range(count)
    )
    script = " ".join(f"s{number}.research.svc.cluster.local" for number in range(count))
    return SET.replace("image: ", f"command: ['{script}'], image: ") + f"---\n{services}"


def _labels(count: int) -> str:
    return f"labels: {json.dumps({f'k{number}': 'v' for number in range(count)})}\n"


_MANY = "---\n".join(config_map("b", f"a{number}") for number in range(300))
_LABEL = "JSG717: cannot be the value of a label"
_KEY = "JSG717: cannot be the key of a label"

PROJECTS = (
    HostileProject("rename: a prefix of 10**5 characters", _HOST_NAMES, _options(f"namePrefix: {'x' * 100_000}\n")),
    HostileProject("rename: a suffix that is a path", _JOBSET_NAME, _options("nameSuffix: /../../etc/passwd\n")),
    HostileProject("rename: a prefix that leads out", _JOBSET_NAME, _options("namePrefix: ../../outside/\n")),
    HostileProject("rename: a prefix of terminal commands", _JOBSET_NAME, _options('namePrefix: "\\e]0;a\\a"\n')),
    HostileProject("rename: a prefix that is YAML", _JOBSET_NAME, _options('namePrefix: "a\\n  b: "\n')),
    HostileProject("rename: a suffix of another script", _JOBSET_NAME, _options("nameSuffix: \"\\u0430\"\n")),
    HostileProject("rename: 49 levels of prefixes", _HOST_NAMES, _levels("namePrefix: xxxxxxxx-\n")),
    HostileProject("rename: 49 levels of both", _HOST_NAMES, _levels("namePrefix: xxxx-\nnameSuffix: -xxxx\n")),
    HostileProject(
        "rename: 49 levels of 300 objects",
        _TOO_MANY,
        _levels("namePrefix: x\n", objects=_MANY),
    ),
    HostileProject("rename: 3,000 references", "", _options("namePrefix: dev-\n", _references(3_000))),
    HostileProject(
        "rename: 2,000 references through 49 levels",
        _TOO_MANY,
        _levels("namePrefix: xx-\n", objects=_references(2_000)),
    ),
    HostileProject("rename: 10,000 old names in one text", "", _options("namePrefix: dev-\n", _names_in_text(10_000))),
    HostileProject("rename: 600 names in one text", "", _options("namePrefix: dev-\n", _many_names_in_text(600))),
    HostileProject("labels: 10**5", _SIZE, _options(_labels(100_000))),
    HostileProject("labels: 4,000 for 300 objects", _TOO_MANY, _options(_labels(4_000), _MANY)),
    HostileProject("labels: a value of 10**5 characters", _LABEL, _options(f"labels: {{a: {'x' * 100_000}}}\n")),
    HostileProject("labels: a key of 10**5 characters", _KEY, _options(f"labels:\n  ? {'x' * 100_000}\n  : a\n")),
    HostileProject("labels: a key of 10**5 slashes", "JSG717: must be a DNS name in lower case", _options(f"labels:\n  ? {'a/' * 50_000}\n  : a\n")),
    HostileProject("labels: values that are invalid, 3,000 times", _LABEL, _options(_labels(3_000).replace('"v"', '"-"'))),
    HostileProject("labels: an object of Python", "JSG004: unknown tag !!python/name", _options("labels: {a: !!python/name:os.system }\n")),
    HostileProject("annotations: 190 kB for 300 objects", "", _options(f"annotations: {{a: {'x' * 190_000}}}\n", _MANY)),
    HostileProject("annotations: 210 kB", _SIZE, _options(f"annotations: {{a: {'x' * 190_000}}}\n" + f"# {'x' * 20_000}\n")),
)  # fmt: skip
