"""Recipes in Helm and kustomize, and the same as projects: each overlay compiles to what its original compiles to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.processes import run, run_tool
from tests.helm_binary import helm
from tests.kustomize_binary import kustomize_folder
from tests.recipes import NAMES, RECIPES, Recipe

# The originals have no jobsetgen.yaml, in which one of the projects sets it.
PRIORITY = ["--priority-class", "pretraining=100000"]


def render(command: list[str], folder: Path) -> str:
    """Return what a tool prints."""
    done = run_tool(command, folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def original(recipe: Recipe) -> str:
    """Return the objects of an original; skip the test where kustomize is needed and cannot be had."""
    if recipe.is_chart:
        return recipe.rendered.read_text(encoding="utf-8")
    if shutil.which("kubectl"):
        return render(["kubectl", "kustomize", str(recipe.original)], recipe.folder)
    return render([str(kustomize_folder() / "kustomize"), "build", str(recipe.original)], recipe.folder)


@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_an_overlay_is_its_original_in_all_that_matters(tmp_path, recipe):
    before = tmp_path / "original.yaml"
    before.write_text(original(recipe), encoding="utf-8")

    done = run("diff", "--exit-code", *PRIORITY, str(before), str(recipe.overlay), folder=tmp_path)

    assert done.returncode == 0, done.stdout.decode()
    assert done.stdout.startswith(b"No change to 1 set.\n")


@pytest.mark.parametrize("recipe", [each for each in RECIPES if each.is_chart], ids="-".join)
def test_helm_renders_what_the_overlay_is_compared_with(recipe):
    rendered = render([str(helm()), *recipe.helm_arguments()], recipe.folder)
    assert recipe.rendered.read_text(encoding="utf-8") == rendered


@pytest.mark.parametrize("name", NAMES)
def test_each_environment_is_another_one(name):
    builds = [run("build", *PRIORITY, str(each.overlay), folder=each.folder) for each in RECIPES if each.name == name]
    assert [build.returncode for build in builds] == [0, 0, 0]
    assert len({build.stdout for build in builds}) == 3


@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_a_changed_overlay_is_not_its_original(tmp_path, recipe):
    """The comparison would notice: a restart more differs."""
    project = tmp_path / "project"
    shutil.copytree(recipe.folder, project)
    settings = project / "overlays" / recipe.environment / "jobsetgen.yaml"
    text = settings.read_text(encoding="utf-8")
    before, found, after = text.partition("patches:\n")
    patch = "- {target: {kind: JobSet}, patch: {spec: {failurePolicy: {maxRestarts: 77}}}}\n"
    settings.write_text(f"{before}patches:\n{after}{patch}" if found else f"{text}patches:\n{patch}", encoding="utf-8")

    done = run("diff", "--exit-code", *PRIORITY, str(recipe.overlay), str(settings.parent), folder=tmp_path)

    assert done.returncode == 4, done.stderr.decode()
