"""What the commands share that compile: their paths and flags, and how they end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click

from jobsetgen.cli import printing
from jobsetgen.cli.flags import layers, shared_flags
from jobsetgen.cli.operands import read_operands, shown
from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.frontends.argocd.environment import NAMESPACE, Application
from jobsetgen.pipeline import Compilation, compile_inputs, nothing_to_write
from jobsetgen.project.inputs import Inputs
from jobsetgen.stop import StopError

_Command = TypeVar("_Command", bound=Callable[..., Any])


def compile_options(command: _Command) -> _Command:
    """Add the paths and the options of a compile to a command."""
    return click.argument("paths", nargs=-1, metavar="[PATH|-]...")(shared_flags(command))


def output_folder(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    """Take the value of -o; an empty one, of a variable not set, would be the current folder."""
    if value == "":
        raise click.BadParameter("the folder name is empty; for the current folder, pass .")
    return value


def compiled(paths: tuple[str, ...], flags: Mapping[str, Any]) -> Compilation:
    """Compile what the command line names, under its flags."""
    return compile_inputs(with_flags(read_operands(paths), flags))


def with_flags(inputs: Inputs, flags: Mapping[str, Any]) -> Inputs:
    """Return the inputs with the flags over the project.

    The namespace is, in this order: a JobSet's own, the flag's, that of the Argo CD application,
    the project's. Where Argo CD calls, one must be known.
    """
    application = Application(os.environ)
    above, wrong = layers(flags)
    whole = inputs.with_layers([*application.destination(), *above], wrong)
    return replace(whole, namespace_required=NAMESPACE in os.environ)


def report(diagnostics: Iterable[Diagnostic]) -> None:
    """Show diagnostics on standard error."""
    found = list(diagnostics)
    if found:
        from jobsetgen.review.reporters import as_text

        printing.report(as_text(found))


def stop_on_errors(compilation: Compilation) -> None:
    """Show the diagnostics, and stop when there is an error among them."""
    report(compilation.diagnostics)
    if not compilation.ok:
        raise StopError("input")


def stop_on_nothing(
    compilation: Compilation,
    paths: Sequence[str],
    hint: str = "Pass --allow-empty to allow it.",
) -> None:
    """Stop when there is no object: applied by a GitOps tool, that deletes everything."""
    if not compilation.is_empty or compilation.settings.allow_empty:
        return
    place = Place(shown(paths[0] if paths else "."))
    report([nothing_to_write(place, hint)])
    raise StopError("input")
