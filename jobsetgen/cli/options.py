"""The options that commands share, and how they become settings: a flag wins over the project file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click

from jobsetgen.cli.flags import layers, shared_flags
from jobsetgen.cli.inputs import Inputs, read_inputs, shown
from jobsetgen.diagnostics import Diagnostic, Place, diagnostic, in_order
from jobsetgen.model.reading import NOTHING
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import Compilation, compile, reviewed
from jobsetgen.project.project import Project, laid_over, on_restart_errors
from jobsetgen.review.reporters import as_text
from jobsetgen.stop import StopError

# The destination namespace, where Argo CD calls its plugin.
_APPLICATION = "ARGOCD_APP_NAMESPACE"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def output_folder(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    """Take the value of -o; an empty one, as of a variable that is not set, would be the current folder."""
    if value == "":
        raise click.BadParameter("the folder has no name; the current folder is .")
    return value


def compile_options(command: _Command) -> _Command:
    """Add the paths and the options of a compile to a command."""
    return click.argument("paths", nargs=-1, metavar="[PATH|-]...")(shared_flags(command))


def compiled(paths: tuple[str, ...], flags: Mapping[str, Any]) -> Compilation:
    """Compile what the command line names. What is wrong with a project file is among the diagnostics."""
    return compiled_inputs(with_flags(read_inputs(paths), flags))


def compiled_inputs(inputs: Inputs) -> Compilation:
    """Compile what was read. What is wrong with a project file is among the diagnostics."""
    return with_projects(
        compile(inputs.sources, settings_of(inputs)), inputs.projects, inputs.diagnostics
    )


def with_flags(inputs: Inputs, flags: Mapping[str, Any]) -> Inputs:
    """Return the inputs with the flags over the project.

    The namespace is, in this order: a JobSet's own, the flag's, that of the Argo CD application,
    the project's.
    """
    destination = os.environ.get(_APPLICATION) or None
    below, no_text = layers({"namespace": destination}, place=_APPLICATION)
    above, wrong = layers(flags)
    if wrong:
        # As with a jobsetgen.yaml that does not fit: what depends on the value would be wrong, too.
        return Inputs((), None, (*inputs.diagnostics, *wrong))
    return replace(inputs, flags=(*below, *above), diagnostics=(*inputs.diagnostics, *no_text))


def settings_of(inputs: Inputs) -> Settings:
    """Return the settings: the flags over the project file over the defaults.

    Inside the Argo CD plugin (its variable is there) a namespace must be known.
    """
    settings = laid_over(inputs.projects).settings() if inputs.projects else Settings()
    return replace(settings, namespace_required=_APPLICATION in os.environ)


def with_projects(
    result: Compilation, projects: Sequence[Project], diagnostics: Sequence[Diagnostic]
) -> Compilation:
    """Add what is wrong with what was chosen, which is silenced and made strict like everything else."""
    found = list(diagnostics)
    documents = []
    found += on_restart_errors(projects, result.settings)
    for project in projects:
        found += project.contradictions()
        found += project.unmatched(result.units)
        documents.append(project.document)
    extra = reviewed(found, documents, result.settings)
    failed = any(item.is_error for item in extra)
    return replace(
        result,
        diagnostics=tuple(in_order([*result.diagnostics, *extra])),
        groups=() if failed else result.groups,
        expansions=() if failed else result.expansions,
    )


def report(diagnostics: Iterable[Diagnostic]) -> None:
    """Show diagnostics on standard error."""
    sys.stderr.write(as_text(diagnostics))


def stop_on_errors(compilation: Compilation) -> None:
    """Show the diagnostics, and end with status 1 when there is an error among them."""
    report(compilation.diagnostics)
    if not compilation.ok:
        raise StopError("input")


def stop_on_nothing(
    compilation: Compilation, paths: Sequence[str], hint: str = "With --allow-empty it passes."
) -> None:
    """End with status 1 when there is no object: applied by a GitOps tool, an empty output deletes everything."""
    if compilation.is_empty and not compilation.settings.allow_empty:
        message = (
            "the input holds no object; applied by a GitOps tool, an empty output deletes"
            " everything"
        )
        report((diagnostic(NOTHING, Place(shown(paths[0] if paths else ".")), message, hint),))
        raise StopError("input")
