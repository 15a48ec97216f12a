"""`jobsetgen build`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jobsetgen.cli.compiling import (
    compile_options,
    compiled,
    stop_on_errors,
    stop_on_nothing,
)
from jobsetgen.cli.flags import (
    CompileCommand,
    companion_flags,
    flag,
    refuse_companion_flags,
)
from jobsetgen.cli.operands import shown
from jobsetgen.cli.printing import complain, give
from jobsetgen.cli.texts import folder_name
from jobsetgen.pipeline import with_previews
from jobsetgen.stop import StopError

_EXAMPLES = {
    "Print the manifests of a file": "jobsetgen build --namespace training jobset.yaml",
    "Write a folder for Git and a GitOps tool": "jobsetgen build -o rendered jobset.yaml",
}


@click.command("build", cls=CompileCommand, examples=_EXAMPLES)
@compile_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    callback=folder_name,
    help="Write a folder for each JobSet, a file for each object, and a README.md.",
)
@click.option(
    "--preview",
    is_flag=True,
    help="On standard output, also print the Jobs that the watcher will create, for review.",
)
@flag("--target")
@flag("--allow-empty")
@companion_flags
@click.option(
    "--each",
    is_flag=True,
    help="Build each project that a PATH belongs to or contains, into its own output folder.",
)
@click.option(
    "--fail-on-change",
    is_flag=True,
    help=(
        "With --each: list files that changed or are not added to git, and exit with status 1 if"
        " there are any."
    ),
)
def command(
    paths: tuple[str, ...],
    output: str | None,
    preview: bool,
    each: bool,
    fail_on_change: bool,
    **flags: Any,
) -> None:
    """Compile JobSets and other objects into plain Kubernetes YAML.

    PATH is a file, a folder (its jobsetgen.yaml, or else its *.yaml and *.yml), or - for standard
    input. If there are errors, nothing is written. With --jobs watcher, an output folder always
    includes a preview of the Jobs that the watcher will create; its kustomization does not list
    them.
    """
    if each:
        if output is not None or preview:
            message = (
                "--each cannot be combined with -o or --preview: each project sets its own output"
            )
            raise StopError("usage", message)
        _write_each(paths, flags, fail_on_change)
        return
    if fail_on_change:
        raise StopError("usage", "--fail-on-change requires --each")
    if output is None:
        refuse_companion_flags(flags)
    result = compiled(paths, flags)
    if preview and result.settings.target == "jobset":
        raise StopError(
            "usage", "--preview shows plain Jobs: it cannot be combined with target jobset"
        )
    if preview or output is not None:
        result = with_previews(result)
    stop_on_errors(result)
    stop_on_nothing(result, paths)
    if output is None:
        give(result.chunks(preview=preview))
        return
    from jobsetgen.cli.signals import cleaning_up
    from jobsetgen.cli.written import report_written, write

    with cleaning_up():
        write(output, result, None, report_written)


def _write_each(paths: tuple[str, ...], flags: dict[str, Any], fail_on_change: bool) -> None:
    from jobsetgen.cli.each import render_projects
    from jobsetgen.cli.signals import cleaning_up
    from jobsetgen.cli.written import report_changes, report_written, write_all

    found = render_projects(paths, flags)
    with cleaning_up():
        # A hook lists files instead.
        changed = write_all(found, report_changes if fail_on_change else report_written)
    if fail_on_change and found:
        _stop_on_change(changed, [each.output for each in found])


def _stop_on_change(changed: list[str], folders: list[str]) -> None:
    """Raise StopError if generated files have changed, or would be missing in a commit.

    `changed` are those that were reported.
    """
    from jobsetgen.output.git import left_out
    from jobsetgen.output.ownership import was_ours

    others = [name for name in left_out(folders) if was_ours(Path(name), folders)]
    for name in others:
        if name not in changed:
            complain(f"not added to git: {shown(name)}")
    if changed or others:
        raise StopError("input")
