"""`jobsetgen build`."""

from __future__ import annotations

import sys
from typing import Any

import click

from jobsetgen.cli.options import compile_options, compiled, output_folder, stop_on_errors, stop_on_nothing


@click.command("build")
@compile_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    callback=output_folder,
    help="Write a folder for each JobSet and a file for each object.",
)
@click.option("--preview", is_flag=True, help="Write the Jobs that the watcher will create, too, to be read.")
@click.option("--allow-empty", is_flag=True, default=None, help="Let an output without any object pass.")
def command(paths: tuple[str, ...], output: str | None, preview: bool, **flags: Any) -> None:
    """Compile JobSets, and what stands beside them, into plain Kubernetes YAML.

    PATH is a file, a folder (its jobsetgen.yaml, or else its *.yaml and *.yml), or - for standard input. On any error
    nothing is written. A folder always has the Jobs of a preview; its kustomization leaves them out.
    """
    result = compiled(paths, flags)
    stop_on_errors(result)
    stop_on_nothing(result, paths)
    if output is None:
        sys.stdout.writelines(result.chunks(preview=preview))
        return
    from jobsetgen.cli.folder import write_folder

    write_folder(output, result)
