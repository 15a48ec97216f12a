"""One project, four front ends: the command line, Argo CD's plugin, the KRM function and Python say and make the same.

A place may differ where a front end has no file of its own.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from jobsetgen import emit
from jobsetgen.diagnostics import Code, Diagnostic
from jobsetgen.frontends.argocd.application import generate
from jobsetgen.frontends.argocd.environment import NAMESPACE, Application
from jobsetgen.frontends.krm.function import answer
from jobsetgen.frontends.krm.resources import INDEXES, PATHS
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS, Settings
from jobsetgen.pipeline import Compilation, compile, compile_project
from jobsetgen.project import codes
from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import Disk, Files, Memory
from jobsetgen.project.inputs import manifests
from jobsetgen.review.reporters import as_text
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests import cases
from tests.acceptance.processes import run as process
from tests.acceptance.projects import HEAD, INVALID, TRAIN, VALID, Project

Object = Mapping[str, Any]


def contents(case: Path) -> dict[str, bytes]:
    files = [path for path in case.rglob("*") if path.is_file() and path.name != "args.txt"]
    return {path.relative_to(case).as_posix(): path.read_bytes() for path in files}


# Those that are right are among what tests/golden holds against each other.
FIXTURES = {case.name: Project(files=contents(case)) for case in cases.INVALID}
PROJECTS = {**VALID, **INVALID}
ALL = {**FIXTURES, **PROJECTS}
IN_PROCESSES = ["several-files", "namespace-of-the-application", "several-wrong-files"]
# A function does not look at objects that no JobSet has to do with, which are for others to judge.
OF_OTHERS = {
    "bad-config-map",
    "bad-service",
    "duplicate-object",
    "misplaced-project",
    "misspelt-keys",
    "no-kind",
    "plain-job-restarts",
}
# It reads `yes` and `on` as the tools do that call it, and takes objects alone.
READ_OTHERWISE = {"crlf", "not-a-mapping", "wrong-type-boolean"}
NOT_YAML = {"control-character", "many-at-once", "not-utf8"}


def written(project: Project, folder: Path) -> Path:
    """Write a project into a folder of its own, and return that."""
    for name, content in project.contents.items():
        path = folder / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "project"


def variables(project: Project) -> dict[str, str]:
    """Return what Argo CD tells in the environment."""
    return {NAMESPACE: project.application} if project.application else {}


def of_python(files: Files, project: Project) -> Compilation:
    """Compile with what the other front ends are told: that it is for Argo CD, and for which namespace."""
    chosen = {"gitops": "argocd", "namespace": project.application}
    return compile_project(files, {name: value for name, value in chosen.items() if value})


@functools.cache
def of_memory(name: str) -> Compilation:
    return of_python(Memory(ALL[name].contents), ALL[name])


def of_disk(folder: Path, project: Project) -> Compilation:
    return of_python(Disk(str(folder)), project)


def resource_list(project: Project) -> bytes:
    """Return the texts of a project as a ResourceList, with their comments."""
    files = {name: content.decode("utf-8-sig") for name, content in project.contents.items()}
    items = [text for name in manifests(Memory(project.contents)) for text in documents(files[name])]
    config = files.get(FILE_NAME, HEAD)
    for option, value in (("gitops", "argocd"), ("namespace", project.application)):
        if value:
            config = re.sub(f"(?m)^{option}:.*\n", "", config) + f"{option}: {value}\n"
    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
    entries = "".join(f"-\n{indented(text)}" for text in items)
    return f"{head}functionConfig:\n{indented(config)}items:\n{entries}".encode()


def documents(text: str) -> list[str]:
    return [each for each in re.split(r"(?m)^(?:---|\.\.\.)(?:[ \t].*)?\r?\n", text) if each.strip()]


def indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def said(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, ...]]:
    """Return what is said, wherever it and what it refers to may be."""
    return sorted((each.code, each.severity, placeless(each.message), each.hint) for each in diagnostics)


def placeless(message: str) -> str:
    return re.sub(r"(?:in \S+, line|on line) \d+", "elsewhere", message)


def texts_of_items(output: Sequence[str]) -> list[str]:
    return sorted(piece for piece in output if piece.startswith("- "))


def items_of(text: str) -> list[Object]:
    (document,) = load("out", text.encode()).documents
    return list(document.data["items"])


def objects_of(text: str) -> list[Object]:
    return [document.data for document in load("out", text.encode()).documents]


def by_identity(items: Iterable[Object]) -> list[Object]:
    return sorted(items, key=identity)


def identity(item: Object) -> tuple[str, ...]:
    metadata = item["metadata"]
    return item["apiVersion"], item["kind"], metadata.get("namespace", ""), metadata["name"]


def is_for_functions(name: str, project: Project) -> bool:
    """Whether what a function reads can hold a project; those of the fixtures are beside it."""
    if name in PROJECTS:
        return not project.is_of_files
    is_yaml = name not in NOT_YAML and not name.startswith("yaml-")
    return is_yaml and name not in READ_OTHERWISE and FILE_NAME not in project.contents


class TestProjects:
    """What the projects are, so that the tests below have something to say."""

    def test_there_are_many_and_about_half_of_them_are_wrong(self):
        assert min(len(VALID), len(INVALID)) > 30
        assert abs(len(VALID) - len(INVALID)) <= 10

    # Tests of the target compare JobSets (test_target.py); those below compare plain objects.
    @pytest.mark.parametrize(
        "row",
        [row for row in OPTIONS if row.in_file and row.path != ("target",)],
        ids=lambda row: ".".join(row.path),
    )
    def test_every_option_is_chosen_by_one_that_is_right(self, row):
        # An option of a single value can only be written.
        is_single = len(row.kind.schema.get("enum", ())) == 1
        assert any(chooses(project, row, is_single=is_single) for project in VALID.values())

    def test_everything_that_can_be_wrong_with_a_project_is_wrong_with_one(self):
        found = {each.code for name in PROJECTS for each in of_memory(name).diagnostics}
        known = {each.id for each in vars(codes).values() if isinstance(each, Code)}
        assert known - found == {
            *(codes.PARAMETER.id, codes.RENAMED_LATER.id),
            codes.IGNORED_KUSTOMIZATION.id,
        }, "these are of one front end each, or of a folder without a project"

    @pytest.mark.parametrize("name", PROJECTS)
    def test_one_is_wrong_that_is_among_the_wrong_ones(self, name):
        assert of_memory(name).ok == (name in VALID)


def chooses(project: Project, row: Option, *, is_single: bool) -> bool:
    """Whether a project chooses another value of an option than the default, or of an option without another any."""
    layer, _ = read_project_file(FILE_NAME, project.contents.get(FILE_NAME, b""))
    if layer is None:
        return False
    if is_single or not row.setting:
        return row.path[0] in layer.data
    return bool(row.of(layer.settings()) != row.of(Settings()))


@pytest.mark.parametrize("name", PROJECTS)
def test_the_command_line_and_a_program_say_and_make_the_same_on_disk(name, tmp_path, cli, monkeypatch):
    folder = written(PROJECTS[name], tmp_path)
    disk, memory = of_disk(folder, PROJECTS[name]), of_memory(name)
    assert disk.text() == memory.text()
    assert as_text(disk.diagnostics).replace(f"{folder}/", "") == as_text(memory.diagnostics)

    for variable, value in variables(PROJECTS[name]).items():
        monkeypatch.setenv(variable, value)
    run = cli("build", "--gitops", "argocd", str(folder))
    assert run == (0 if disk.ok else 1, disk.text(), as_text(disk.diagnostics))


@pytest.mark.parametrize("name", PROJECTS)
def test_the_plugin_says_and_makes_the_same(name, tmp_path, monkeypatch):
    monkeypatch.chdir(written(PROJECTS[name], tmp_path))
    made = generate(Disk(root="."), Application(variables(PROJECTS[name])))
    expected = of_memory(name)
    assert made.text() == expected.text()
    assert made.diagnostics == expected.diagnostics


def test_a_namespace_that_argocd_does_not_know_is_an_error_in_each(tmp_path, cli, monkeypatch):
    monkeypatch.chdir(written(VALID["no-project"], tmp_path))
    monkeypatch.setenv(NAMESPACE, "")
    made = generate(Disk(root="."), Application({NAMESPACE: ""}))
    settings = Settings(gitops="argocd", namespace_required=True)
    expected = compile([Source(name="train.yaml", content=TRAIN.encode())], settings)
    assert not expected.ok
    assert made.diagnostics == expected.diagnostics
    run = cli("build", "--gitops", "argocd", ".", folder=Path.cwd())
    assert run == (1, "", as_text(expected.diagnostics))


@pytest.mark.parametrize("name", [name for name, project in ALL.items() if is_for_functions(name, project)])
def test_a_function_says_and_makes_the_same(name):
    given = resource_list(ALL[name])
    made = answer(given)
    expected = of_memory(name)
    unsaid = set(said(expected.diagnostics)) - set(said(made.diagnostics))
    assert bool(unsaid) == (name in OF_OTHERS)
    assert set(said(made.diagnostics)) <= set(said(expected.diagnostics))
    assert made.is_ok == expected.ok or name in OF_OTHERS
    if not made.is_ok:
        assert items_of("".join(made.output)) == items_of(given.decode())
    elif expected.ok:
        # Read again they are the same, as the installed program shows: text is compared faster.
        assert texts_of_items(made.output) == sorted(map(emit.entry, expected.objects()))


@pytest.mark.parametrize("name", ["jobs", "several-files", "list", "passed-through", "managed-by-others"])
def test_where_the_objects_of_a_function_are_written_changes_nothing_else(name):
    (given,) = load("given", resource_list(VALID[name])).documents
    items = [located(item, index) for index, item in enumerate(given.data["items"])]
    made = answer(json.dumps({**given.data, "items": items}).encode())
    expected = of_memory(name)
    found = [without_location(item) for item in items_of("".join(made.output))]
    assert by_identity(found) == by_identity(map(without_location, expected.objects()))


def located(item: Object, index: int) -> Object:
    """Return an object as kustomize and kpt give it to a function."""
    metadata = item.get("metadata", {})
    of_tool = {**dict.fromkeys(PATHS, "all.yaml"), **dict.fromkeys(INDEXES, str(index))}
    return {**item, "metadata": {**metadata, "annotations": {**metadata.get("annotations", {}), **of_tool}}}


def without_location(item: Object) -> Object:
    annotations = item["metadata"].get("annotations", {})
    kept = {key: text for key, text in annotations.items() if key not in (*PATHS, *INDEXES)}
    return {**item, "metadata": {**item["metadata"], "annotations": kept}}


@pytest.mark.parametrize("name", IN_PROCESSES)
def test_the_installed_programs_do_so_too(name, tmp_path):
    project = PROJECTS[name]
    folder, expected = written(project, tmp_path), of_memory(name)
    status = 0 if expected.ok else 1

    build = process("build", "--gitops", "argocd", str(folder), folder=tmp_path, **variables(project))
    assert (build.returncode, build.stdout.decode()) == (status, expected.text())
    assert build.stderr.decode().replace(f"{folder}/", "") == as_text(expected.diagnostics)

    plugin = process("argocd", "generate", folder=folder, **variables(project))
    assert (plugin.returncode, plugin.stdout) == (status, build.stdout)
    assert sorted(plugin.stderr.decode().splitlines()) == sorted(as_text(expected.diagnostics).splitlines())

    function = process("krm", folder=tmp_path, stdin=resource_list(project))
    assert function.returncode == status
    assert function.stdout.decode() == "".join(answer(resource_list(project)).output)
    if expected.ok:
        assert by_identity(items_of(function.stdout.decode())) == by_identity(objects_of(plugin.stdout.decode()))
