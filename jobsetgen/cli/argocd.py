"""`jobsetgen argocd`: what Argo CD's repo-server calls in the folder of an application."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from jobsetgen.cli.exits import Group
from jobsetgen.cli.inputs import Inputs, read_folder_alone, shown, to_compile
from jobsetgen.cli.options import compiled_inputs, settings_of, stop_on_nothing, with_flags
from jobsetgen.diagnostics import Diagnostic
from jobsetgen.frontends.argocd.limits import limited
from jobsetgen.frontends.argocd.parameters import VARIABLE, announced, blamed, read_parameters
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.pipeline import Compilation
from jobsetgen.review.reporters import as_text
from jobsetgen.stop import StopError

# Characters of diagnostics, and of one line: Argo CD keeps them in the status of the Application.
_MOST_TEXT, _LONGEST = 20_000, 1_000
_MINOR = re.compile(r"v?(\d{1,4})\.(\d{1,4})")


@click.group("argocd", cls=Group)
def command() -> None:
    """What Argo CD's config management plugin calls, in the folder of an application."""


def _limits(subcommand: Any) -> Any:
    """Add the options that bound what a repository may take of the repo-server."""
    subcommand = click.option(
        "--memory",
        type=click.IntRange(100, 1_000_000),
        default=1000,
        show_default=True,
        help="The most megabytes to take.",
    )(subcommand)
    # Argo CD's controller waits 60 s for the repo-server, checkout included, and tells nobody what
    # it waited for.
    return click.option(
        "--timeout",
        type=click.IntRange(1, 100_000),
        default=40,
        show_default=True,
        help="The most seconds to take.",
    )(subcommand)


@command.command("discover")
@_limits
def discover(timeout: int, memory: int) -> None:
    """Print the file that makes the folder one for this plugin, or nothing."""
    with _within(timeout, memory):
        found = to_compile(".")
    if found:
        click.echo(shown(found))


@command.command("generate")
@_limits
def generate(timeout: int, memory: int) -> None:
    """Print the manifests of the folder's application, or fail and say why; never nothing."""
    with _within(timeout, memory):
        result = _compiled()
        _report(result.diagnostics)
        if not result.ok:
            raise StopError("input")
        stop_on_nothing(result, (".",), hint="Where that is meant, delete the Application.")
        chunks = list(
            result.chunks()
        )  # all of it before any: an output that breaks off is one that prunes
    sys.stdout.writelines(chunks)


@command.command("parameters")
@_limits
def parameters(timeout: int, memory: int) -> None:
    """Print the parameters that an Application may set, with what holds in its folder without them, as JSON."""
    with _within(timeout, memory):
        inputs = read_folder_alone(".")
        _report(
            inputs.diagnostics
        )  # they are announced whatever is wrong: who sets them may be about to mend it
        version = _from_the_cluster(inputs)
        settings = settings_of(with_flags(inputs, version))
        if not version and not _names_a_version(inputs):
            settings = replace(settings, kubernetes_version="")  # Argo CD does not tell it here
        text = announced(settings)
    sys.stdout.write(text)


@contextmanager
def _within(timeout: int, memory: int) -> Iterator[None]:
    """Bound a block, and end with status 1 and a sentence where it wants more."""
    try:
        with limited(timeout, memory):
            yield
    except StopError as stop:
        # Argo CD calls in one way only: what it finds wrong is in the folder.
        cause = "input" if stop.cause == "usage" else stop.cause
        raise StopError(cause, stop.message) from stop


def _compiled() -> Compilation:
    """Compile the application, with the parameters of its spec."""
    alone = read_folder_alone(".")
    found, wrong = read_parameters(os.environ.get(VARIABLE, ""))
    result = _compiled_inputs(
        replace(alone, parameters=tuple(found), diagnostics=(*alone.diagnostics, *wrong))
    )
    # What parameters do to a folder can be an error with a place in the folder.
    own = {each.document.file for each in found} | {each.file for each in wrong}
    is_said = any(item.is_error and item.file in own for item in result.diagnostics)
    if not result.ok and found and not is_said and _compiled_inputs(alone).ok:
        return replace(result, diagnostics=(blamed(found), *result.diagnostics))
    return result


def _compiled_inputs(inputs: Inputs) -> Compilation:
    chosen = {**_from_the_cluster(inputs), "gitops": "argocd", "allow_empty": False}
    return compiled_inputs(with_flags(inputs, chosen))


def _from_the_cluster(inputs: Inputs) -> dict[str, Any]:
    """Return the destination's Kubernetes version, where nobody has named one: the nearest that is known."""
    found = _MINOR.match(os.environ.get("KUBE_VERSION", ""))
    if found is None or _names_a_version(inputs):
        return {}
    known = [tuple(map(int, each.split("."))) for each in VERSIONS]
    wanted = (int(found[1]), int(found[2]))
    nearest = max([each for each in known if each <= wanted], default=known[0])
    return {"kubernetes_version": VERSIONS[known.index(nearest)]}


def _names_a_version(inputs: Inputs) -> bool:
    return any("kubernetesVersion" in project.data for project in inputs.projects)


def _report(diagnostics: Sequence[Diagnostic]) -> None:
    """Show diagnostics, errors first, no more of them than an Application's status has room for."""
    lines = as_text(sorted(diagnostics, key=lambda item: not item.is_error)).splitlines()
    text = "".join(f"{_shortened(line)}\n" for line in lines)
    if len(text) > _MOST_TEXT:
        text = (
            text[:_MOST_TEXT].rpartition("\n")[0]
            + "\nand more: run `jobsetgen validate` in the folder\n"
        )
    sys.stderr.write(text)


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
