"""`jobsetgen argocd`: the commands that Argo CD's repo-server runs in an application's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from jobsetgen.cli.compiling import stop_on_nothing
from jobsetgen.cli.exits import Group
from jobsetgen.cli.printing import give, report, show
from jobsetgen.diagnostics import Diagnostic
from jobsetgen.frontends.argocd.application import form, generate
from jobsetgen.frontends.argocd.discovery import to_compile
from jobsetgen.frontends.argocd.environment import Application
from jobsetgen.frontends.argocd.limits import limited
from jobsetgen.frontends.argocd.report import as_status
from jobsetgen.project.files import Disk
from jobsetgen.review.terminal import harmless
from jobsetgen.stop import StopError

_EXAMPLES = {
    "Print what the plugin would apply": (
        "ARGOCD_APP_NAMESPACE=training jobsetgen argocd generate"
    ),
    "Print the parameters of an Application": "jobsetgen argocd parameters",
}


@click.group("argocd", cls=Group, examples=_EXAMPLES)
def command() -> None:
    """Commands that Argo CD's config management plugin calls, in the folder of an application."""


def _limits(subcommand: Any) -> Any:
    """Add the options that limit the time and memory of a compile in the repo-server."""
    subcommand = click.option(
        "--memory",
        type=click.IntRange(100, 1_000_000),
        default=1000,
        show_default=True,
        help="Memory limit in megabytes.",
    )(subcommand)
    # Argo CD's controller waits 60 s for the repo-server, checkout included, and does not report
    # what it waited for.
    return click.option(
        "--timeout",
        type=click.IntRange(1, 100_000),
        default=40,
        show_default=True,
        help="Time limit in seconds.",
    )(subcommand)


_allow_kustomize = click.option(
    "--allow-kustomize",
    is_flag=True,
    help="Let projects read folders through kustomize (kustomize: true).",
)


@command.command("discover")
@_limits
def _discover(timeout: int, memory: int) -> None:
    """Print the file for which Argo CD selects the plugin, or print nothing."""
    files = _folder()
    with _within(timeout, memory):
        found = to_compile(files)
    if found:
        # Argo CD asks only whether anything is printed. People read the name in its log.
        show(f"{harmless(files.shown(found))}\n")


@command.command("generate")
@_limits
@_allow_kustomize
def _generate(timeout: int, memory: int, allow_kustomize: bool) -> None:
    """Print the manifests of the application; if there are none, fail with a reason."""
    with _within(timeout, memory):
        result = generate(_folder(allow_kustomize), Application(os.environ))
        _report(result.diagnostics)
        if not result.ok:
            raise StopError("input")
        stop_on_nothing(result, (".",), hint="To remove everything, delete the Application.")
        # Complete the output before printing: a truncated output would prune objects.
        chunks = list(result.chunks())
    give(chunks)


@command.command("parameters")
@_limits
@_allow_kustomize
def _parameters(timeout: int, memory: int, allow_kustomize: bool) -> None:
    """Print the parameters that an Application can set, with their current values, as JSON."""
    with _within(timeout, memory):
        text, diagnostics = form(_folder(allow_kustomize), Application(os.environ))
        _report(diagnostics)
    give([text])


def _folder(allow_kustomize: bool = False) -> Disk:
    """Return the current folder, whose content is untrusted; its bases are in its repository."""
    root = Application(os.environ).root_of(os.getcwd())
    return Disk(root=root, may_run_kustomize=allow_kustomize)


@contextmanager
def _within(timeout: int, memory: int) -> Iterator[None]:
    """Limit the time and memory of a block; raise StopError when it exceeds them."""
    try:
        with limited(timeout, memory):
            yield
    except StopError as stop:
        # Argo CD always calls the command correctly, so wrong usage is an error in the folder.
        cause = "input" if stop.cause == "usage" else stop.cause
        raise StopError(cause, stop.message) from stop


def _report(diagnostics: Sequence[Diagnostic]) -> None:
    report(as_status(diagnostics))
