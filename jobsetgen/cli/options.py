"""The options that commands share, and how they become settings: a flag wins over the project file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click

from jobsetgen.cli.inputs import Inputs, read_inputs, shown
from jobsetgen.cli.watcher_options import WATCHER_OPTIONS, watcher_of
from jobsetgen.diagnostics import Diagnostic, Position, diagnostic, in_order
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.model.project import Project, laid_over
from jobsetgen.model.reading import NOTHING
from jobsetgen.model.settings import JOBS_OWNERS, PROFILES, RESTART_WATCHERS, STRATEGIES, UPDATE_POLICIES, Settings
from jobsetgen.pipeline import Compilation, compile, reviewed
from jobsetgen.review.reporters import as_text

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _namespace(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and (len(value) > MAX_LABEL or not is_dns_1123_label(value)):
        raise click.BadParameter(f"a namespace has at most {MAX_LABEL} lower-case letters, digits and dashes")
    return value


_INT32 = click.IntRange(-(2**31), 2**31 - 1)
_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATH|-]..."),
    click.option("-n", "--namespace", callback=_namespace, help="The namespace of JobSets that name none."),
    click.option("--gitops", type=click.Choice(PROFILES), help="Whose annotations to write (default any)."),
    click.option(
        "--kubernetes-version",
        type=click.Choice(VERSIONS),
        help=f"The cluster's version (default {VERSIONS[-1]}).",
    ),
    click.option("--jobs", type=click.Choice(JOBS_OWNERS), help="Who creates the Jobs (default git)."),
    click.option(
        "--update-policy",
        type=click.Choice(UPDATE_POLICIES),
        help="What becomes of running Jobs that have changed (default Recreate).",
    ),
    click.option(
        "--restart-watcher",
        type=click.Choice(RESTART_WATCHERS),
        help="Which sets have a watcher (default Auto: those that need one).",
    ),
    click.option("--run-id", help="Any text; a change of it runs a finished set again."),
    click.option("--placement", type=click.Choice(STRATEGIES), help="How exclusive placement is expressed."),
    click.option("--default-priority", type=_INT32, help="The priority of pods that name none (default 0)."),
    click.option("--max-jobs", type=click.IntRange(min=1), help="The most Jobs to make (default 50000)."),
    click.option("--strict", is_flag=True, default=None, help="Warnings are errors."),
    *WATCHER_OPTIONS,
)


def output_folder(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Take the value of -o; an empty one, as of a variable that is not set, would be the current folder."""
    if value == "":
        raise click.BadParameter("the folder has no name; the current folder is .")
    return value


def compile_options(command: _Command) -> _Command:
    """Add the paths and the options of a compile to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def compiled(paths: tuple[str, ...], flags: Mapping[str, Any]) -> Compilation:
    """Compile what the command line names. What is wrong with a project file is among the diagnostics."""
    inputs = read_inputs(paths)
    settings = settings_of(inputs, flags)
    if settings.update_policy == "OnRestart" and settings.jobs == "git" and not _is_the_projects(inputs, flags):
        raise click.UsageError("--update-policy OnRestart needs --jobs watcher")
    return compiled_inputs(inputs, settings)


def compiled_inputs(inputs: Inputs, settings: Settings) -> Compilation:
    """Compile what was read. What is wrong with a project file is among the diagnostics."""
    return with_projects(compile(inputs.sources, settings), inputs.projects, inputs.diagnostics)


def _is_the_projects(inputs: Inputs, flags: Mapping[str, Any]) -> bool:
    """Whether who creates the Jobs, and what becomes of changed ones, stands in the project file alone."""
    return inputs.project is not None and not flags.get("update_policy") and not flags.get("jobs")


def settings_of(inputs: Inputs, flags: Mapping[str, Any]) -> Settings:
    """Return the settings: the flags over the project file over the defaults.

    The namespace is, in this order: a JobSet's own, the flag's, that of the Argo CD application, the project's.
    Inside the Argo CD plugin (its variable is there) one must be known.
    """
    settings = laid_over(inputs.projects).settings() if inputs.projects else Settings()
    application = os.environ.get("ARGOCD_APP_NAMESPACE")
    chosen = {name: value for name, value in flags.items() if value is not None and not _is_part(name)}
    chosen["watcher"] = watcher_of(settings.watcher, flags)
    chosen["namespace"] = flags.get("namespace") or application or settings.namespace
    chosen["namespace_required"] = application is not None
    if flags.get("placement"):
        chosen["placement"] = replace(settings.placement, strategy=flags["placement"])
    return replace(settings, **chosen)


def _is_part(flag: str) -> bool:
    """Whether a flag is part of a setting."""
    return flag == "placement" or flag.startswith("watcher_")


def with_projects(result: Compilation, projects: Sequence[Project], diagnostics: Sequence[Diagnostic]) -> Compilation:
    """Add what is wrong with what was chosen, which is silenced and made strict like everything else."""
    found = list(diagnostics)
    documents = []
    for project in projects:
        found += project.contradictions(result.settings)
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
        sys.exit(1)


def stop_on_nothing(
    compilation: Compilation, paths: Sequence[str], hint: str = "With --allow-empty it passes."
) -> None:
    """End with status 1 when there is no object: applied by a GitOps tool, an empty output deletes everything."""
    if compilation.is_empty and not compilation.settings.allow_empty:
        message = "the input holds no object; applied by a GitOps tool, an empty output deletes everything"
        report((diagnostic(NOTHING, shown(paths[0] if paths else "."), Position(1, 1), message, hint),))
        sys.exit(1)
