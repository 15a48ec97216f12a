"""Each group of snapshots notices a change of what it guards, and no other group does.

A change is planted in the product for each group of the table in CONTRIBUTING.md, and the tests of the
group run against the snapshots as they are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from jobsetgen import field_order, gitops, pipeline
from jobsetgen.cli import build as build_command
from jobsetgen.cli import init as init_command
from jobsetgen.cli import schema as schema_command
from jobsetgen.diagnostics import Diagnostic
from jobsetgen.expand import jobs, rights
from jobsetgen.frontends.argocd import parameters
from jobsetgen.frontends.krm import results
from jobsetgen.output import layout, stale
from jobsetgen.project import domains
from jobsetgen.review import pages, picture, policies, readme, reporters, sarif
from tests.cases import FIXTURES
from tests.conftest import SNAPSHOTS
from tests.golden import groups, test_commands, test_formats, test_frontends, test_invalid, test_pictures, test_readme
from tests.golden.test_sizes import limits
from tests.outputs import build

MULTISLICE = FIXTURES / "valid" / "multislice"
Patch = pytest.MonkeyPatch

# While snapshots are written, those that come later are still the old ones.
pytestmark = pytest.mark.skipif("config.option.update_snapshots", reason="the snapshots are being written")


class Comparison:
    """Stands in for the fixture `golden`: notes which snapshots differ."""

    def __init__(self) -> None:
        self.changed: list[str] = []

    def __call__(self, name: str, text: str) -> None:
        path = SNAPSHOTS / name
        snapshot = path.read_bytes().decode() if path.exists() else ""
        if text != snapshot:
            self.changed.append(name)


def wrapped(monkeypatch: Patch, module: Any, name: str, change: Callable[..., Any]) -> None:
    """Replace a function by one that passes its result, and what it was called with, through `change`."""
    original = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **named: change(original(*args, **named), *args))


# What build and explain print


def changed_of(case: Path, cli) -> list[str]:
    """Return the snapshots of a valid fixture that differ, compiled anew."""
    compare = Comparison()
    build_once = cache(build)
    texts = groups.whole(case, build_once)
    for mode in groups.OTHERS:
        texts |= groups.otherwise(case, mode, build_once)
    for name, text in texts.items():
        compare(name, text)
    compare(f"valid/{case.name}/explain.txt", cli("explain", folder=case).out)
    return [name.removeprefix(f"valid/{case.name}/") for name in compare.changed]


def plant_a_label(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, jobs, "_identity", lambda labels, *_: {**labels, "example.com/planted": "yes"})


def plant_a_field_order(monkeypatch: Patch) -> None:
    ranks = field_order._RANKS["containers"]
    monkeypatch.setitem(field_order._RANKS, "containers", {**ranks, "name": ranks["image"], "image": ranks["name"]})


def plant_a_line_of_explain(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, policies, "update", lambda line, *_: f"{line}, planted")


def plant_a_preview(monkeypatch: Patch) -> None:
    monkeypatch.setattr("jobsetgen.pipeline.PREVIEW", "# Planted.\n")


def plant_a_verb(monkeypatch: Patch) -> None:
    def change(rule: dict[str, Any], _group: str, resource: str, *_: Any) -> dict[str, Any]:
        return {**rule, "verbs": [*rule["verbs"], "deletecollection"]} if resource == "jobs" else rule

    wrapped(monkeypatch, rights, "_rule", change)


def plant_a_word_of_a_message(monkeypatch: Patch) -> None:
    def change(diagnostics: list[Diagnostic], *_: Any) -> list[Diagnostic]:
        return [replace(item, message=f"{item.message} planted") for item in diagnostics]

    wrapped(monkeypatch, pipeline, "in_order", change)


def plant_an_annotation(profile: str) -> Callable[[Patch], None]:
    def change(annotations: dict[str, str], settings: Any) -> dict[str, str]:
        return {**annotations, "example.com/planted": "yes"} if settings.gitops == profile else annotations

    return lambda monkeypatch: wrapped(monkeypatch, gitops, "_of", change)


OF_BUILD = [
    # The labels are part of the generation, which explain names.
    (plant_a_label, ["any.yaml", "explain.txt"]),
    (plant_a_field_order, ["any.yaml"]),
    (plant_a_verb, ["any.yaml"]),
    (plant_a_preview, ["watcher.diff"]),
    (plant_a_line_of_explain, ["explain.txt"]),
    (plant_an_annotation("argocd"), ["argocd.diff"]),
    (plant_an_annotation("flux"), ["flux.diff"]),
    (plant_an_annotation("none"), ["none.diff"]),
]


@pytest.mark.parametrize(("plant", "changed"), OF_BUILD, ids=[" ".join(changed) for _, changed in OF_BUILD])
def test_a_change_of_an_output_changes_as_few_snapshots_as_can_be(plant, changed, monkeypatch, cli):
    plant(monkeypatch)
    assert changed_of(MULTISLICE, cli) == changed


def test_a_word_of_a_message_changes_what_any_prints_alone(monkeypatch, cli):
    plant_a_word_of_a_message(monkeypatch)
    assert changed_of(FIXTURES / "valid" / "node-selector", cli) == ["any.txt"]


def test_a_verb_of_the_role_changes_no_snapshot_that_shows_the_role_by_name(monkeypatch, cli):
    case = FIXTURES / "valid" / "anchors-and-merges"
    plant_a_verb(monkeypatch)
    assert "deletecollection" in build(case, "any").output
    assert changed_of(case, cli) == []


# What everything else prints


class Group(NamedTuple):
    """A test of a group of snapshots, with what it needs but for its snapshots."""

    test: Callable[..., None]
    words: Mapping[str, Any] = MappingProxyType({})

    def changed(self, **fixtures: Any) -> list[str]:
        """Return the snapshots that differ when the test runs."""
        compare = Comparison()
        needed = inspect.signature(self.test).parameters
        self.test(**self.words, golden=compare, **{name: fixtures[name] for name in fixtures if name in needed})
        return compare.changed


def plant_a_word_of_all_schemas(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, schema_command, "standalone", lambda schema, *_: {**schema, "title": "Planted"})


def plant_a_word_of_an_old_schema(monkeypatch: Patch) -> None:
    def change(schema: dict[str, Any], _kind: str, version: str) -> dict[str, Any]:
        return {**schema, "title": "Planted"} if version == test_commands.OLDEST else schema

    wrapped(monkeypatch, schema_command, "standalone", change)


def plant_a_line_of_help(monkeypatch: Patch) -> None:
    monkeypatch.setattr(build_command.command, "help", "Planted.")


def plant_a_line_of_a_page(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, pages, "_lead", lambda line, *_: f"Planted: {line}")


def plant_a_line_of_a_template(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, init_command, "filled_template", lambda text, *_: f"{text}# Planted.\n")


def plant_a_severity_of_a_result(monkeypatch: Patch) -> None:
    monkeypatch.setitem(results._SEVERITIES, "error", "planted")


def plant_a_title_of_a_parameter(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, parameters, "_announcement", lambda entry, *_: {**entry, "title": "Planted"})


def plant_a_title_of_a_picture(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, picture, "headline", lambda line, *_: f"{line}, planted")


def plant_a_line_of_a_diff(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, stale, "unified", lambda lines, *_: ["Planted.\n", *lines])


def plant_a_word_of_a_readme(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, readme, "_overview", lambda line, *_: f"Planted: {line}")


def plant_a_file_name(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, layout, "_safe", lambda name, *_: name.replace("configmap.", "planted."))


def plant_an_order_of_domains(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, domains, "_natural", lambda _, name: name)


INVALID = FIXTURES / "invalid" / "unknown-field"
SCHEMA = Group(test_commands.test_schema_of_a_jobset)
OLD_SCHEMA = Group(test_commands.test_schema_of_a_jobset_for_the_oldest_version)
OF_OTHERS = [
    (
        plant_a_word_of_a_message,
        Group(test_invalid.test_build_says_what_is_wrong, {"case": INVALID}),
        ["invalid/unknown-field/text.txt"],
    ),
    (plant_a_word_of_all_schemas, SCHEMA, ["schema/jobset-1.37.json"]),
    (plant_a_word_of_all_schemas, OLD_SCHEMA, []),
    (plant_a_word_of_an_old_schema, SCHEMA, []),
    (plant_a_word_of_an_old_schema, OLD_SCHEMA, ["schema/jobset-1.31.diff"]),
    (plant_a_line_of_help, Group(test_commands.test_help, {"command": "build"}), ["help/build.txt"]),
    (plant_a_line_of_a_page, Group(test_commands.test_page_of_a_code, {"code": "JSG226"}), ["rule/JSG226.txt"]),
    (
        plant_a_line_of_a_template,
        Group(test_commands.test_init_prints_a_spec_that_builds, {"framework": "driver-worker"}),
        ["init/driver-worker.yaml"],
    ),
    (
        plant_a_severity_of_a_result,
        Group(test_frontends.test_what_is_wrong_is_in_the_results_and_the_items_come_out_as_they_were),
        ["krm/results.yaml", "krm/results.txt"],
    ),
    (
        plant_a_title_of_a_parameter,
        Group(test_frontends.test_parameters_show_what_the_folder_has),
        ["argocd/parameters.json"],
    ),
    (plant_a_title_of_a_picture, Group(test_pictures.test_picture, {"case": MULTISLICE}), ["graph/multislice.mmd"]),
    (plant_a_line_of_a_diff, Group(test_commands.test_diff_of_a_stale_file), ["check/file.diff"]),
    (
        plant_a_word_of_a_readme,
        Group(test_readme.test_readme, {"case": "multislice"}),
        ["readme/multislice.md"],
    ),
    (plant_a_word_of_a_readme, Group(test_readme.test_gitattributes), []),
    (
        plant_a_file_name,
        Group(test_commands.test_tree_of_an_output_folder),
        ["tree/names.txt", "tree/kustomization.yaml"],
    ),
    (plant_an_order_of_domains, Group(test_commands.test_domains_of_a_node_list), ["domains.yaml"]),
]


@pytest.mark.parametrize(("plant", "group", "changed"), OF_OTHERS)
def test_a_change_of_what_is_printed_changes_its_snapshot(plant, group, changed, monkeypatch, cli, tmp_path):
    plant(monkeypatch)
    assert group.changed(cli=cli, tmp_path=tmp_path) == changed


# The formats of diagnostics


def plant_a_missing_hint(monkeypatch: Patch) -> None:
    def report(diagnostics: Iterable[Diagnostic]) -> str:
        return reporters.as_json(replace(item, hint="") for item in diagnostics)

    monkeypatch.setitem(reporters.REPORTERS, "json", report)


def plant_a_level_of_github(monkeypatch: Patch) -> None:
    monkeypatch.setitem(reporters._GITHUB_LEVEL, "notice", "warning")


def plant_a_level_of_sarif(monkeypatch: Patch) -> None:
    monkeypatch.setitem(sarif._LEVEL, "notice", "none")


def plant_a_line_of_text(monkeypatch: Patch) -> None:
    wrapped(monkeypatch, reporters, "as_text", lambda text, *_: f"{text}planted\n")


OF_FORMATS = [
    (plant_a_line_of_text, "text"),
    (plant_a_missing_hint, "json"),
    (plant_a_level_of_github, "github"),
    (plant_a_level_of_sarif, "sarif"),
]
SEVERAL = groups.FORMAT_CASES[0]


@pytest.mark.parametrize(("plant", "form"), OF_FORMATS)
def test_a_change_of_a_format_changes_the_snapshots_of_that_format(plant, form, monkeypatch):
    plant(monkeypatch)
    compare = Comparison()
    for each in groups.FORMATS:
        test_formats.test_validate_in_each_format(SEVERAL, each, compare)
    assert compare.changed == [f"formats/{SEVERAL.name}/{groups.FORMATS[form]}"]


@pytest.mark.parametrize("form", reporters.REPORTERS)
@pytest.mark.parametrize("change", [lambda found: found[:-1], lambda found: found[::-1]], ids=["one less", "order"])
def test_a_format_that_leaves_out_or_moves_a_finding_is_noticed(form, change, monkeypatch):
    report = reporters.REPORTERS[form]
    monkeypatch.setitem(reporters.REPORTERS, form, lambda diagnostics: report(change(list(diagnostics))))
    with pytest.raises(AssertionError):
        test_formats.test_all_formats_carry_the_same_findings_in_the_same_order(SEVERAL)


# The table


def test_every_group_has_a_planted_change():
    changed = [f"valid/multislice/{name}" for _, names in OF_BUILD for name in names]
    changed += [name for _, _, names in OF_OTHERS for name in names]
    changed += [f"formats/{SEVERAL.name}/{groups.FORMATS[form]}" for _, form in OF_FORMATS]
    assert {pattern for pattern in limits() for name in changed if PurePath(name).match(pattern)} == set(limits())
