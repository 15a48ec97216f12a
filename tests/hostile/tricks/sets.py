"""The cases of the rules, with a few bytes changed."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.cases import ROOT
from tests.hostile.place import Place, Trick

_CASES = sorted((ROOT / "tests" / "rules" / "cases").rglob("*.yaml"))
_PIECES = (b"\0", b"\n", b": ", b"- ", b"{", b"]", b"'", b'"', b"&a ", b"*a", b"<<: ", b"!!", b"|", b"#", b"\t", b"%",
           b"\xff", b"99999999999999999999", b"-1", b"null", b"~", b"---\n", b"0x", b"\\", b"$(A)", b"../", b"\xe2\x80\xae")  # fmt: skip


def _mutated(text: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 8)):
        start = random.randrange(len(text) + 1)
        end = min(len(text), start + random.choice((0, 0, 1, 3, 30)))
        middle = random.choice((random.choice(_PIECES), text[start:end] * random.choice((0, 2, 50))))
        text = text[:start] + middle + text[end:]
    return text


def _case(*, is_alone: bool) -> Trick:
    def make(place: Place) -> None:
        case: Path = place.random.choice(_CASES)
        text = _mutated(case.read_bytes(), place.random)
        place.write("app/jobset.yaml" if is_alone else "app/more.yaml", text)

    return make


def _project(place: Place) -> None:
    place.write("app/jobsetgen.yaml", _mutated((place.app / "jobsetgen.yaml").read_bytes(), place.random))


def _output(place: Place) -> None:
    names = sorted(path for path in place.rendered.rglob("*") if path.is_file())
    for path in place.random.sample(names, min(3, len(names))):
        path.write_bytes(_mutated(path.read_bytes(), place.random))


TRICKS: dict[str, Trick] = {
    "a case of a rule": _case(is_alone=True),
    "a case of a rule beside a set": _case(is_alone=False),
    "a project file with other bytes": _project,
    "an output with other bytes": _output,
}
