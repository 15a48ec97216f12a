"""The SARIF log: what a viewer needs of the tool, of each rule and of each place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.release import Release, installed
from jobsetgen.review.reporters import as_sarif
from jobsetgen.review.sarif import sarif_log
from jobsetgen.rules.registry import CODES
from tests.cases import INVALID, ROOT
from tests.outputs import diagnosed

ORIGIN = Release(version="1.2.3", repository="https://git.example.com/tools/jobsetgen", commit="0f" * 20)
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def of_each_code(place: Place) -> list[Diagnostic]:
    return [diagnostic(code, place, "a message") for code in CODES]


def run_of(diagnostics: list[Diagnostic], release: Release = ORIGIN):
    (run,) = sarif_log(diagnostics, release)["runs"]
    return run


def region_of(place: Place):
    (result,) = run_of([diagnostic(CODES[0], place, "a message")])["results"]
    return result["locations"][0]["physicalLocation"]["region"]


def test_the_driver_tells_its_version_and_where_it_comes_from():
    driver = run_of([])["tool"]["driver"]
    assert driver == {
        "name": "jobsetgen",
        "version": "1.2.3",
        "informationUri": "https://git.example.com/tools/jobsetgen",
        "rules": [],
    }


def test_without_a_repository_no_address_is_made_up():
    driver = run_of(of_each_code(Place("f")), Release(version="1.2.3"))["tool"]["driver"]
    assert "informationUri" not in driver
    assert [rule["id"] for rule in driver["rules"] if "helpUri" in rule] == []


def test_the_log_of_the_command_names_the_installed_version():
    driver = json.loads(as_sarif([]))["runs"][0]["tool"]["driver"]
    assert driver["version"] == installed().version != ""


def test_every_code_is_described_whole():
    rules = run_of(of_each_code(Place("f")))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.id for code in CODES]
    for rule, code in zip(rules, CODES, strict=True):
        page = (ROOT / "docs" / "rules" / f"{code.id}.md").read_text(encoding="utf-8")
        assert rule["name"] == code.name
        assert rule["defaultConfiguration"] == {"level": LEVELS[code.severity]}
        assert rule["helpUri"] == f"{ORIGIN.repository}/blob/{ORIGIN.commit}/docs/rules/{code.id}.md"
        assert rule["help"]["markdown"] == page
        assert rule["help"]["text"].startswith(f"{code.id}: {code.title}\n")
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        full = " ".join(rule["fullDescription"]["text"].split())
        assert full in " ".join(page.split())


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_descriptions_are_no_longer_than_code_scanning_shows(code):
    (rule,) = run_of([diagnostic(code, Place("f"), "a message")])["tool"]["driver"]["rules"]
    assert len(rule["fullDescription"]["text"]) <= 1024


def test_a_region_with_a_known_end_has_it_on_its_line():
    expected = {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert region_of(Place("f", 3, 5, 9)) == expected


def test_a_region_with_an_unknown_end_has_none():
    assert region_of(Place("f", 3, 5)) == {"startLine": 3, "startColumn": 5}


def test_columns_are_counted_in_characters_and_the_log_says_so(cli, tmp_path):
    line = 'metadata: {name: a, labels: {x: "\U0001f600", y: [1]}}'
    (tmp_path / "wide.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\n{line}\n", encoding="utf-8")
    (run,) = json.loads(cli("validate", "--format", "sarif", "wide.yaml", folder=tmp_path).out)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]
    # In UTF-16 the emoji before it would count twice.
    assert "[1]" in [shown(line, region) for region in regions]


def shown(line: str, region: dict[str, int]) -> str:
    return line[region["startColumn"] - 1 : region["endColumn"] - 1]


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_a_log_has_the_structure_of_sarif(case: Path):
    log = json.loads(as_sarif(diagnosed(case)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {result["ruleId"] for result in run["results"]}
    for result in run["results"]:
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert re.fullmatch(r"[\w./%-]+", physical["artifactLocation"]["uri"])
        check_region(physical["region"], case / physical["artifactLocation"]["uri"])


def check_region(region: dict[str, int], file: Path) -> None:
    assert min(region.values()) >= 1
    assert ("endLine" in region) == ("endColumn" in region)
    if "endColumn" not in region:
        return
    assert region["endLine"] == region["startLine"]
    text = file.read_bytes().decode("utf-8-sig")
    written = shown(re.split(r"\r\n|\r|\n", text)[region["startLine"] - 1], region)
    assert len(written) == region["endColumn"] - region["startColumn"] > 0
    assert written == written.strip()
