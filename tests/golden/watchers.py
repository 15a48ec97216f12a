"""The watcher's own objects, shown whole in a few fixtures and by name in all others.

They read alike in every set but for its name, namespace and generation. So each object that reads like
one of SHOWN, built in the same mode, is one line that says where to find it. An object that reads like
none of them is whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.cases import FIXTURES
from tests.golden.differences import SEPARATOR, Objects, identity, is_by_name
from tests.outputs import Printed, built

SHOWN = ("multislice", "restart-rules", "driver-worker", "startup-gates")
"""The fixtures that show them whole: with a namespace and without one, then the same with gated pods."""

Build = Callable[[Path, str], Printed]

_OWN = re.compile(r"\w+/(\S+)-restart-(?:watcher|state|script-x+)")
_NAMESPACE = re.compile(r"^( *namespace: ).*", re.M)
_GENERATION = re.compile(r"(jobsetgen.io/generation: ).*")


def with_watchers_by_name(case: Path, mode: str, output: str, build: Build = built) -> str:
    """Return an output in which the watcher's objects are one line each, where another fixture shows them."""
    if case.name in SHOWN:
        return output
    known = _shown(mode, build)
    documents = SEPARATOR.split(output)
    return "---\n".join(_by_name(document, known) for document in documents)


def alike(whole: Objects, by_name: Objects, other_by_name: Objects) -> Objects:
    """Return the objects of an output by name, but whole each that is whole in the other output."""
    found: Objects = {}
    for name, lines in by_name.items():
        is_whole_there = name in other_by_name and not is_by_name(other_by_name[name])
        found[name] = whole[name] if is_whole_there else lines
    return found


def _by_name(document: str, known: dict[str, str]) -> str:
    fixture = known.get(_anonymous(document) or "")
    return f"# {identity(document)}: as in {fixture}\n" if fixture else document


@cache
def _shown(mode: str, build: Build) -> dict[str, str]:
    """Return the fixture that shows an object of a watcher, by what it reads without names."""
    found: dict[str, str] = {}
    for name in SHOWN:
        for document in SEPARATOR.split(build(FIXTURES / "valid" / name, mode).output):
            text = _anonymous(document)
            if text:
                found.setdefault(text, name)
    return found


def _anonymous(document: str) -> str | None:
    """Return an object of a watcher without what differs between sets, or None for any other object."""
    own = _OWN.fullmatch(identity(document))
    if own is None:
        return None
    name = re.escape(own[1])
    text = re.sub(rf"\b{name}-restart-|(?<=jobsetgen.io/jobset: ){name}$", "SET ", document, flags=re.M)
    # Under the profile none the watcher puts back the set's Service, which mostly has the set's name.
    text = re.sub(rf"(?<=resourceNames:\n  - ){name}$", "SET", text, flags=re.M)
    text = _NAMESPACE.sub(r"\1NAMESPACE", text)
    return _GENERATION.sub(r"\1GENERATION", text)
