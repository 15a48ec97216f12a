"""What the real Mermaid makes of our pictures: it reads every one of them, and shows every text as it is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.review.picture import picture
from jobsetgen.review.summary import Summary
from tests.acceptance import npm
from tests.cases import FIXTURES, VALID, arguments
from tests.unit.review.test_picture import HOSTILE, arrows, chained, hostile, nodes, texts, wide

LOCKED = Path(__file__).resolve().parent / "mermaid"
READS_WITHIN = 300.0
# What labels and the whole of a picture consist of: nothing that leads anywhere, loads anything or runs.
OF_LABELS = {"div", "span", "p", "br"}
OF_PICTURES = OF_LABELS | {
    "html", "head", "body", "svg", "style", "g", "defs", "marker", "rect", "path", "circle", "foreignobject", "filter",
    "fedropshadow", "lineargradient", "stop", "polygon",
}  # fmt: skip

# Mermaid writes entities like this itself while it draws, and shows `<` for it; that is still text.
OWN_ENTITY = "ﬂ°lt¶ß"

Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def read() -> Read:
    """Return a function that gives pictures to Mermaid, and returns what it makes of each."""
    try:
        modules = npm.installed(LOCKED)
    except npm.CannotInstallError as reason:
        pytest.skip(f"no Mermaid: {reason}")

    def run(pictures: list[str], *words: str) -> list[dict[str, Any]]:
        command = ["node", str(LOCKED / "read.mjs"), str(modules), *words]
        done = subprocess.run(
            command, input=json.dumps(pictures), capture_output=True, text=True, timeout=READS_WITHIN, check=False
        )
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)
        assert len(results) == len(pictures)
        return results

    return run


def check(pictures: list[str], read: Read) -> None:
    """Let Mermaid read pictures, and compare what it makes of each with what is in it."""
    for drawn, result in zip(pictures, read(pictures), strict=True):
        assert "error" not in result, f"{result['error']}\n{drawn}"
        assert result["type"] == "flowchart-v2"
        assert len(result["nodes"]) + len(result["boxes"]) == nodes(drawn)
        order = [each for each in result["arrows"] if each["type"] == "arrow_point" and each["stroke"] == "normal"]
        assert len(order) == len(arrows(drawn))
        assert result["active"] == []
        assert in_order(result["texts"]) == in_order(texts(drawn))


def in_order(words: list[str]) -> list[str]:
    """Return what is not blank, sorted: Mermaid keeps nodes, boxes and arrows apart."""
    return sorted(each.strip() for each in words if each.strip())


def test_the_picture_of_every_valid_fixture(read, cli):
    pictures = []
    for case in VALID:
        printed = cli("graph", *arguments(case), folder=case).out
        pictures += [each for each in printed.split("\n\n") if each]
    assert len(pictures) >= len(VALID)
    check(pictures, read)


def test_hostile_text(read):
    check([picture(hostile(text, jobs)) for text in HOSTILE for jobs in (2, 100)], read)


def test_the_largest_pictures(read):
    largest = [
        wide(1, jobs=10_000),
        wide(3_000),
        wide(3_000, jobs=0),
        wide(20, name="\U0001f600" * 300 + "%d"),
        chained(3_000, awaited=1),
        chained(20, awaited=20),
    ]
    check([picture(each) for each in largest], read)


def test_what_is_drawn_is_text(read, cli):
    # Drawing takes a second each: the hostile texts are drawn together.
    folder = FIXTURES / "valid" / "multiple-depends-on"
    pictures = [
        cli("graph", folder=folder).out,
        *map(picture, crowds([each for each in HOSTILE if each != OWN_ENTITY])),
    ]
    for drawn, result in zip(pictures, read(pictures, "render"), strict=True):
        assert in_order(result["labels"]) == in_order(texts(drawn))
        assert set(result["elementsOfLabels"]) <= OF_LABELS
        assert set(result["elements"]) <= OF_PICTURES


def crowds(names: list[str]) -> Iterator[Summary]:
    """Yield sets whose replicatedJobs have these names, as many as a picture shows."""
    for start in range(0, len(names), 20):
        base = wide(len(names[start : start + 20]))
        groups = [replace(group, name=name) for group, name in zip(base.groups, names[start : start + 20], strict=True)]
        yield replace(base, groups=tuple(groups))


def test_what_is_not_a_picture_is_an_error(read):
    (result,) = read(['flowchart TB\n  a["b"]"] click a href "javascript:alert(1)"\n'])
    assert "error" in result


def test_what_acts_is_noticed(read):
    drawn = 'flowchart TB\n  a["<b>c</b><a href=\'https://example.com\'>d</a>"]\n  click a href "https://example.com"\n'
    (result,) = read([drawn], "render")
    assert result["active"] == ["a"]
    assert {"a", "b"} <= set(result["elementsOfLabels"])


def test_the_lock_file_pins_what_is_installed_and_no_host():
    lock = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    for name, version in lock["packages"][""]["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert all("resolved" not in each for each in packages.values())
