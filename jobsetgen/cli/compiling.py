"""Shared by all commands that compile: reading paths and flags, reporting and stopping."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from jobsetgen.cli.flags import layers, shared_flags
from jobsetgen.cli.given import ROOT, given_values, value_flags
from jobsetgen.cli.operands import anywhere, read_operands, shown
from jobsetgen.cli.reports import report, report_compiled, reporting_options
from jobsetgen.diagnostics import Place
from jobsetgen.frontends.argocd.environment import NAMESPACE, Application
from jobsetgen.pipeline import Compilation, compile_inputs, nothing_to_write
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.foreign import way_out
from jobsetgen.project.inputs import Inputs
from jobsetgen.rules.ignored import refusal
from jobsetgen.stop import StopError

# Set by pre-commit, by git for its hooks, and by Argo CD: nobody has typed the paths.
_UNATTENDED = ("PRE_COMMIT", "GIT_INDEX_FILE", NAMESPACE)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def compile_options(command: _Command) -> _Command:
    """Add the paths, the values and the options of a compile to a command."""
    return compare_options(value_flags(command))


def compare_options(command: _Command) -> _Command:
    """Add the paths and the options of a compile to a command that takes no values.

    What is compared has the values of its own files.
    """
    with_options = reporting_options(shared_flags(command))
    return click.argument("paths", nargs=-1, metavar="[PATH|-]...")(with_options)


def compiled(paths: tuple[str, ...], flags: Mapping[str, Any]) -> Compilation:
    """Compile the paths of the command line with its flags."""
    inputs = read_operands(paths, given_values(flags), flags.get(ROOT))
    return compile_inputs(with_flags(inputs, flags))


def with_flags(inputs: Inputs, flags: Mapping[str, Any]) -> Inputs:
    """Return the inputs with the flags laid over the project's options.

    The namespace is the first that is set: the JobSet's own, the flag's, that of the Argo CD
    application, the project's, that of the JobSet's base. When called by Argo CD, one is required.
    """
    _refuse_codes(flags.get("ignore") or ())
    application = Application(os.environ)
    above, wrong = layers(flags)
    whole = inputs.with_layers([*application.destination(), *above], wrong)
    return whole._replace(namespace_required=NAMESPACE in os.environ)


def _refuse_codes(codes: Sequence[str]) -> None:
    """Raise StopError for a code that --ignore cannot name."""
    for code in codes:
        message, suggestion = refusal(code)
        if message:
            raise StopError("usage", "; ".join(filter(None, [f"--ignore: {message}", suggestion])))


def stop_on_errors(*compilations: Compilation) -> None:
    """Print the diagnostics of all; raise StopError if any is an error."""
    report_compiled(compilations)
    if not all(each.ok for each in compilations):
        raise StopError("input")


def stop_on_nothing(
    compilation: Compilation,
    paths: Sequence[str],
    hint: str = "",
) -> None:
    """Raise StopError if there are no objects: a GitOps tool would delete everything."""
    if not compilation.is_empty or compilation.settings.allow_empty:
        return
    place = Place(shown(_file_to_name(paths[0] if paths else ".")))
    report([nothing_to_write(place, hint or _way_out(paths) or "Pass --allow-empty to allow it.")])
    raise StopError("input")


def _file_to_name(path: str) -> str:
    """Return a project's file for its folder, and any other path as it is."""
    file = os.path.join(path, FILE_NAME)
    return file if os.path.isfile(file) else path


def stop_on_no_jobsets(compilations: Sequence[Compilation], paths: Sequence[str]) -> None:
    """Raise StopError if somebody has typed paths in which there are no JobSets."""
    has_jobsets = any(each.jobset_count or each.settings.allow_empty for each in compilations)
    if has_jobsets or any(name in os.environ for name in _UNATTENDED):
        return
    hint = _way_out(paths) or "Pass --allow-empty if that is intended."
    raise StopError("input", f"the input contains no JobSets. {hint}")


def _way_out(paths: Sequence[str]) -> str:
    """Return how to render the first folder that needs kustomize, or an empty string."""
    folders = (anywhere(path) for path in paths or ["."] if os.path.isdir(path))
    return next(filter(None, map(way_out, folders)), "")
