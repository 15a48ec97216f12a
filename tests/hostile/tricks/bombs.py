"""YAML that means far more than it says."""

from __future__ import annotations

from tests.growth import INPUTS
from tests.hostile.place import SET, Place, Trick, files

_JOBS = "  replicatedJobs:\n"


def _aliases(levels: int, width: int) -> str:
    lines = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def _merges(count: int) -> str:
    many = ", ".join(f"k{number}: v" for number in range(count))
    return f"a: &a {{{many}}}\nb:\n" + "  <<: *a\n" * count


def _repeated(kind: str) -> Trick:
    smallest, make = INPUTS[kind]

    def write(place: Place) -> None:
        place.write("app/more.yaml", make(smallest * place.random.choice((1, 10, 40))))

    return write


_TEXTS: dict[str, str | bytes] = {
    "aliases that multiply": f"{SET}---\n{_aliases(12, 10)}\n",
    "aliases that double": f"{SET}---\n{_aliases(40, 2)}\n",
    "an anchor in itself": "a: &a [*a]\n",
    "an alias to nothing": "a: *nothing\n",
    "merges of merges": _merges(2_000),
    "a merge of itself": "a: &a\n  <<: *a\n",
    "100,000 levels": "[" * 100_000,
    "100,000 levels of mappings": "{a: " * 100_000,
    "100,000 levels of lists": "- " * 100_000,
    "100,000 levels by indentation": "".join(f"{' ' * n}a:\n" for n in range(3_000)),
    "a scalar of 9 MB": f"{SET}---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{a: {'x' * 9_000_000}}}}}\n",
    "a key of 5 MB": f"{'k' * 5_000_000}: a\n",
    "11 MB": f"{SET}{'#' * 11_000_000}",
    "digits": f'apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: b}}\ndata: {{a: "{"1" * 900_000}"}}\n',
    "a number of a million digits": f"a: {'9' * 1_000_000}\n",
    "an exponent": "a: 1e999999999\nb: .inf\nc: -.nan\nd: 0x" + "f" * 100_000 + "\n",
    "100,000 documents": "---\n" * 100_000,
    "40,000 objects": "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n" * 40_000,
    "100,000 empty keys": "?\n" * 100_000,
    "a tag of a megabyte": f"!{'x' * 1_000_000} a\n",
    "a directive of a megabyte": f"%TAG ! {'x' * 1_000_000}\n---\na\n",
    "objects of Python": '!!python/object/apply:os.system ["touch hacked"]\n',
    "modules of Python": "a: !!python/module:antigravity\nb: !!python/name:os.system\n",
    "a binary value": "a: !!binary |\n  " + "QUJD" * 100_000 + "\n",
    "sets and times": "a: !!set {x, y}\nb: !!timestamp 2001-12-14t21:59:43.10-05:00\nc: !!omap [a: b]\n",
    "no UTF-8": bytes(range(256)) * 4_000,
    "UTF-16": SET.encode("utf-16"),
    "UTF-32": SET.encode("utf-32"),
    "half a UTF-16": SET.encode("utf-16")[:-1],
    "NUL": SET.encode() + b"\0" * 100_000,
    "blanks": b" " * 9_000_000,
    "line breaks": b"\n" * 9_000_000,
    "tabs": b"\t" * 100_000,
    "carriage returns": SET.replace("\n", "\r").encode(),
    "surrogates": b'a: "\\ud800\\udfff"\n' + SET.encode(),
    "terminal commands": SET.replace("name: train", 'name: "\\e]0;a\\a\\e[2J\\u202e"'),
    "commands of CI": SET.replace("name: train", 'name: "::add-mask::a%0A::error::b"'),
    "a pattern of very many steps": SET.replace(
        "{maxRestarts: 3}",
        "{rules: [{name: a, action: FailJobSet, onJobFailureMessagePatterns: ['" + "[a-z]{999}" * 6 + "$']}]}",
    ),
    "a pattern in a pattern": SET.replace(
        "{maxRestarts: 3}",
        "{rules: [{name: a, action: FailJobSet, onJobFailureMessagePatterns: ['" + "(" * 20_000 + "']}]}",
    ),
    "two billion Jobs": SET.replace("replicas: 2", "replicas: 2147483647"),
    "a negative number of Jobs": SET.replace("replicas: 2", "replicas: -1"),
    "a set without an end": SET.partition("template:")[0] + "template:",
    "a template of Helm": SET.replace("name: train", "name: {{ .Values.name }}"),
    "a template of Jinja": SET.replace("name: train", "name: \"{{ ''.__class__.__mro__[1].__subclasses__() }}\""),
    "a slot": f'{SET}  x: {{"$slot": __import__("os").system("touch hacked")}}\n',
}

TRICKS: dict[str, Trick] = {
    **{f"YAML: {what}": files(more=text) for what, text in _TEXTS.items()},
    **{f"YAML that grows: {kind}": _repeated(kind) for kind in INPUTS},
}
