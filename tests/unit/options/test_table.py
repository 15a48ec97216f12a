"""The table of options covers all there are: settings, jobsetgen.yaml, flags and parameters, each both ways."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass

import click
import pytest

from jobsetgen.cli import build, check, explain, graph, validate
from jobsetgen.frontends.argocd.parameters import announced, read_parameters
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options.table import OPTIONS, Settings
from jobsetgen.schema import schema_of

# What a command does with the output, and how it reports, and so is no option of the compile.
COMMANDS_OWN = {"--output", "--preview", "--each", "--fail-on-change", "--against", "--format", "--color", "--quiet"}
COMMANDS_OWN |= {"--help-all", "--root", "--sources", "--target", "--values", "--set"}
# What makes a document a jobsetgen.yaml.
FRAME = {("apiVersion",), ("kind",), ("metadata",)}
SCHEMA = schema_of("JobSetGenerator", VERSIONS[-1])["$defs"]["JobSetGenerator"]


def settings_of(value, *path):
    """Yield the place of each setting."""
    for each in fields(value):
        inner = getattr(value, each.name)
        yield from settings_of(inner, *path, each.name) if is_dataclass(inner) else [(*path, each.name)]


def test_every_setting_is_an_option():
    settings = set(settings_of(Settings())) - {("namespace_required",), ("input_classes",)}
    assert {each.setting for each in OPTIONS if each.setting} == settings


def test_every_field_of_a_project_is_an_option():
    sections = {each.path[0] for each in OPTIONS if len(each.path) > 1}
    found = {(name,) for name in SCHEMA["properties"] if name not in sections}
    found |= {(section, name) for section in sections for name in SCHEMA["properties"][section]["properties"]}
    assert {each.path for each in OPTIONS if each.in_file} == found - FRAME


def test_every_default_of_the_table_is_that_of_the_settings():
    with_setting = [each for each in OPTIONS if each.setting]
    assert [each.of(Settings()) for each in with_setting] == [each.default for each in with_setting]


@pytest.mark.parametrize("module", [build, check, explain, graph, validate])
def test_every_flag_of_a_command_is_an_option(module):
    command = {param.opts[-1]: param for param in module.command.params if isinstance(param, click.Option)}
    shared = {each.flag.name for each in OPTIONS if each.flag and each.flag.is_shared}
    others = {each.flag.name for each in OPTIONS if each.flag and not each.flag.is_shared}
    assert shared <= command.keys()
    assert command.keys() <= shared | others | COMMANDS_OWN


def test_every_flag_that_few_commands_have_is_one_of_theirs():
    flags = {name for each in (build, check) for param in each.command.params for name in param.opts}
    assert {each.flag.name for each in OPTIONS if each.flag} <= flags


def test_every_parameter_is_an_option():
    announced_names = [each["name"] for each in json.loads(announced(Settings()))]
    rows = sorted((each.parameter for each in OPTIONS if each.parameter), key=lambda each: each.position)
    assert announced_names == [each.name for each in rows]


@pytest.mark.parametrize("row", [each for each in OPTIONS if each.parameter], ids=lambda row: row.parameter.name)
def test_a_parameter_holds_texts(row):
    form = row.kind.parameter_form
    shown = form.shown(row.default)
    texts = {"string": lambda: [shown], "array": lambda: shown, "map": lambda: [*shown, *shown.values()]}
    assert all(isinstance(each, str) for each in texts[form.collection]())


def test_an_empty_parameter_is_ignored_only_where_its_row_says_so():
    rows = [each for each in OPTIONS if each.parameter and "enum" in each.kind.schema]
    given = [{"name": each.parameter.name, "string": ""} for each in rows]
    found = read_parameters(json.dumps(given))
    refused = [each.file.removeprefix("parameter ") for each in found.diagnostics]
    assert refused == [each.parameter.name for each in rows if not each.parameter.ignores_empty]
    assert found.layers == ()


def test_no_two_options_share_a_name():
    flags = [each.flag.name for each in OPTIONS if each.flag]
    positions = [each.parameter.position for each in OPTIONS if each.parameter]
    assert len(set(flags)) == len(flags)
    assert len(set(positions)) == len(positions)
