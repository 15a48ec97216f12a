"""The measure of density, against figures counted by hand."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from scripts import density
from tests.cases import ROOT

# Two decisions on twelve lines, without the signature and the docstring.
TWELVE = '''\
def twelve(
    numbers,
):
    """Return the sum of the numbers,

    of those that are even."""
    total = 0
    for number in numbers:
        if number % 2:
            pass
        total += 1
        total += 1
        total += 1
        total += 1
        total += 1
        total += 1
        total += number
    return total
'''
# Six decisions on twelve lines.
DENSE = """\
def dense(numbers):
    total = 0
    while total < 3 and numbers or not total:
        total += 1
        total += 1
    total += 1
    total += 1
    try:
        numbers = [number for number in numbers if number]
    except ValueError:
        total += 1
    total += 1
    return total
"""
ELEVEN = "def eleven(a):\n" + 10 * "    a = a if a else 1\n" + "    return a\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("x = 1", 0),
        ("if x:\n  pass\nelse:\n  pass", 1),
        ("if x:\n  pass\nelif y:\n  pass", 2),
        ("while x:\n  pass", 1),
        ("for x in y:\n  pass", 1),
        ("try:\n  pass\nexcept A:\n  pass\nexcept B:\n  pass\nfinally:\n  pass", 2),
        ("match x:\n  case 1:\n    pass\n  case _:\n    pass", 2),
        ("x = 1 if y else 2", 1),
        ("x = a and b and c", 2),
        ("x = a and b or c", 2),
        ("x = [y for y in z]", 1),
        ("x = {y: z for y in a for z in y if y if z}", 4),
        ("assert x == y\nwith x:\n  return_ = not x", 0),
    ],
)
def test_decisions(code, count):
    assert density.decisions(ast.parse(code)) == count


@pytest.fixture
def package(tmp_path):
    """Return a package with a room, of which one line is wide, and two single modules."""
    files = {
        "__init__.py": "",
        "one.py": TWELVE,
        "room/two.py": DENSE + ELEVEN + f"x = '{'a' * 94}'\n" + f"y = '{'a' * 95}'\n",
        "room/inner/three.py": TWELVE,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_only_longer_functions_count(package):
    found = density.measured([package / "room/two.py"]).functions
    assert [(each.lines, each.decisions) for each in found] == [(12, 6)]


def test_a_docstring_is_no_part_of_a_function(package):
    found = density.measured([package / "one.py"]).functions
    assert [(each.lines, each.decisions) for each in found] == [(12, 2)]


def test_the_table(package):
    assert density.report(density.rooms(package)) == (
        "room            functions  median  90th percentile  lines  over 100 columns\n"
        "room/                   2    0.33             0.50     45             2.2 %\n"
        "single modules          1    0.17             0.17     18             0.0 %\n"
        "total                   3    0.17             0.50     63             1.6 %\n"
    )


def test_a_room_without_a_longer_function(tmp_path):
    (tmp_path / "one.py").write_text("x = 1\n")
    assert density.report(density.rooms(tmp_path)).splitlines()[1].split()[2:5] == ["0", "-", "-"]


def test_the_worst_come_first(package):
    files = [package / "one.py", package / "room/two.py"]
    assert density.worst(files, 2) == (f"0.50  {package}/room/two.py:1 dense\n0.17  {package}/one.py:1 twelve\n")
    assert density.worst(files, 1).count("\n") == 1


def test_what_is_within_the_limits_has_no_excess(package):
    assert density.excess(density.measured([package / "one.py"])) == []


def test_each_limit_is_named_with_what_was_measured(package, monkeypatch):
    monkeypatch.setattr(density, "MEDIAN", 0.32)
    monkeypatch.setattr(density, "HIGH", 0.49)
    assert density.excess(density.measured([package / "room/two.py"])) == [
        "median of 0.500 decisions a line, above 0.32",
        "90th percentile of 0.500 decisions a line, above 0.49",
        "3.70 % of the lines over 100 columns, not below 1%",
    ]


def test_the_check_fails_above_a_limit_and_prints_the_table_all_the_same(package):
    wide = package / "room/two.py"
    command = [sys.executable, "-m", "scripts.density"]
    done = subprocess.run([*command, "--check", wide], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("total ")
    assert done.stderr.startswith("too dense: ")
    assert subprocess.run([*command, wide], cwd=ROOT, capture_output=True, text=True).returncode == 0
