"""The registry is whole: no code lacks a page, an example, a link, a case or a reason, and none is used twice."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable

import pytest

from jobsetgen.diagnostics import Code, Link
from jobsetgen.review.pages import page_as_markdown
from jobsetgen.rules import registry
from jobsetgen.rules.registry import CODES, FOLDERS, RULES
from tests.cases import ROOT
from tests.rules.expectations import cases
from tests.rules.registered import faults
from tests.unit.rules.test_examples import ELSEWHERE

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "rules").glob("JSG*.md")}
RECORDED: dict[str, str] = json.loads((ROOT / "tests" / "compat" / "codes.json").read_text())
# What no YAML file can be annotated with: text that is not YAML, a whole input, a size. Tests in Python raise them.
IN_PYTHON = {
    code_id
    for path in [*(ROOT / "tests" / "unit").rglob("test_*.py"), *(ROOT / "tests" / "acceptance").glob("test_*.py")]
    for code_id in re.findall(r"JSG\d{3}", path.read_text(encoding="utf-8"))
}
OF_RULES = {rule.code.id for rule in RULES}
IN_CASES = {said.code for case in cases() for said in case.expected()}
SNAPSHOTS = ROOT / "tests" / "golden" / "snapshots"
IN_FIXTURES = {
    code_id
    for folder in ("invalid", "argocd", "krm")
    for path in (SNAPSHOTS / folder).rglob("*.*")
    for code_id in re.findall(r"JSG\d{3}", path.read_text(encoding="utf-8"))
}
# Its bad example is compiled, and yields it.
IN_EXAMPLES = {code.id for code in CODES} - ELSEWHERE
# A rule's cases are YAML; of the others, each is expected somewhere.
TRIED = IN_CASES | ((IN_FIXTURES | IN_PYTHON | IN_EXAMPLES) - OF_RULES)

BACKOFF = next(code for code in CODES if code.id == "JSG501")


def test_the_registry_is_whole():
    assert faults(CODES, PAGES, TRIED, RECORDED) == []


def doc_without(pattern: str) -> Callable[[Code], Code]:
    return lambda code: code._replace(doc=re.sub(pattern, "", code.doc, flags=re.S))


MUTATIONS: dict[str, tuple[Callable[[Code], Code], str]] = {
    "without a link": (lambda code: code._replace(source=Link("", "")), "no link to what it enforces"),
    "with a link to a file that is not there": (
        lambda code: code._replace(source=Link("docs", "docs/nothing.md")),
        "no link to what it enforces",
    ),
    "without a bad example": (doc_without(r"\n    Bad::.*?(?=\n    Good::)"), "no bad or no good example"),
    "without a good example": (doc_without(r"\n    Good::.*"), "no bad or no good example"),
    "without a reason": (
        doc_without(r"\n    Warning because.*?\n\n"),
        "no paragraph that begins with 'Warning because'",
    ),
    "with the reason of another severity": (
        lambda code: code._replace(severity="error"),
        "no paragraph that begins with 'Error because'",
    ),
    "since no release": (lambda code: code._replace(since=""), "since no release"),
    "with an id of another form": (lambda code: code._replace(id="JSG5011"), "an id is JSG and three digits"),
    "with another title": (
        lambda code: code._replace(title="another title"),
        "reused or renamed; it was 'backoff hides failure'",
    ),
    "merged into nothing": (
        lambda code: code._replace(merged_into="JSG999"),
        "merged into JSG999, which nothing can be found by",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_code_is_noticed_that_is(name):
    mutate, fault = MUTATIONS[name]
    changed = mutate(BACKOFF)
    assert changed != BACKOFF
    codes = [changed if code is BACKOFF else code for code in CODES]
    pages = {**PAGES, changed.id: page_as_markdown(changed)}
    assert f"{changed.id}: {fault}" in faults(codes, pages, {*TRIED, changed.id}, RECORDED)


def test_a_code_is_noticed_that_has_no_page():
    pages = {code_id: page for code_id, page in PAGES.items() if code_id != "JSG501"}
    assert faults(CODES, pages, TRIED, RECORDED) == ["JSG501: its page in docs/rules is missing or out of date"]


def test_a_code_is_noticed_that_has_no_case():
    assert faults(CODES, PAGES, TRIED - {"JSG501"}, RECORDED) == ["JSG501: no case expects it"]


def test_a_code_is_noticed_that_is_there_twice():
    found = faults([*CODES, BACKOFF], PAGES, TRIED, RECORDED)
    assert found == ["duplicate id 'JSG501'", "duplicate title 'backoff hides failure'"]


def test_a_code_is_noticed_that_is_gone():
    codes = [code for code in CODES if code is not BACKOFF]
    assert faults(codes, PAGES, TRIED, RECORDED) == ["JSG501: gone; a code is never removed, only merged into another"]


def test_a_code_that_was_merged_keeps_its_page_and_silences_the_other(monkeypatch, cli, tmp_path):
    monkeypatch.setitem(registry.MERGED, "JSG599", "JSG501")
    (case,) = [case for case in cases() if case.name == "lints/backoff_hides_failure"]
    text = case.path.read_text(encoding="utf-8")
    commented = text.replace("backoffLimit: 4", "backoffLimit: 4  # jobsetgen: ignore[JSG599] each retries alone", 1)
    (tmp_path / "set.yaml").write_text(commented, encoding="utf-8")

    def retried(file: str) -> int:
        return cli("validate", file, folder=tmp_path).err.count("JSG501")

    (tmp_path / "before.yaml").write_text(text, encoding="utf-8")
    assert retried("set.yaml") == retried("before.yaml") - 1

    merged = BACKOFF._replace(id="JSG599", title="an older name of it", merged_into="JSG501")
    assert "Merged into JSG501." in page_as_markdown(merged)


def test_a_file_that_defines_no_rule_of_its_name_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "folder_of_rules"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "helper.py").write_text("def helper(): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    message = "folder_of_rules.helper defines no rule named helper; keep helpers in rules/common"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        list(registry._rules(importlib.import_module("folder_of_rules")))


def test_each_rule_is_the_one_thing_that_its_file_is_named_for():
    for rule in RULES:
        *_, folder, title = rule.check.__module__.split(".")
        assert (rule.code.title.replace(" ", "_"), rule.check.__name__) == (title, title)
        assert folder in {each.__name__.rpartition(".")[2] for each in FOLDERS}


def test_each_rule_has_a_case_of_its_name_with_a_full_message():
    of_rules = {case.name: {said.code for said in case.expected() if said.message} for case in cases()}
    missing = [
        name
        for rule in RULES
        if (name := "/".join(rule.check.__module__.split(".")[-2:])) and rule.code.id not in of_rules.get(name, set())
    ]
    assert missing == []


def test_a_case_is_named_for_a_rule_or_for_a_code_of_its_folder():
    folders = {"source", "schema", "model", "project", "target"}
    names = {"/".join(rule.check.__module__.split(".")[-2:]) for rule in RULES}
    titles = {code.title.replace(" ", "_") for code in CODES}
    strays = [
        case.name
        for case in cases()
        if case.rule not in names and not (case.name.split("/")[0] in folders and case.rule.split("/")[1] in titles)
    ]
    assert strays == []
