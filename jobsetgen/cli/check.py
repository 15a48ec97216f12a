"""`jobsetgen check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from jobsetgen.cli.options import compile_options, compiled, output_folder, rendered, stop_on_errors, stop_on_nothing
from jobsetgen.pipeline import Compilation
from jobsetgen.review.textdiff import unified


@click.command("check")
@compile_options
@click.option("-o", "--output", metavar="DIR", callback=output_folder, help="The folder that `build -o` wrote.")
@click.option("--against", metavar="FILE", help="The file that `build` was written to.")
@click.option("--allow-empty", is_flag=True, default=None, help="Let an output without any object pass.")
@click.option("--each", is_flag=True, help="Compare the output of each project that a PATH belongs to, where it says.")
def command(paths: tuple[str, ...], output: str | None, against: str | None, each: bool, **flags: Any) -> None:
    """Compare committed output with what build would write now.

    Exit status 0 when they are the same; 1 with a unified diff when they are not. Nothing is written.
    """
    if [output is not None, against is not None, each].count(True) != 1:
        raise click.UsageError("say what to compare with: -o DIR, --against FILE or --each, one of them")
    changes: Iterator[str]
    if each:
        changes = (change for folder, result in rendered(paths, flags) for change in _folder_changes(result, folder))
        again = "--each ..."
    else:
        result = compiled(paths, flags)
        stop_on_errors(result)
        stop_on_nothing(result, paths)
        changes = _folder_changes(result, output) if output is not None else _file_changes(result, str(against))
        again = f"-o {output} ..." if output is not None else f"... > {against}"
    different = False
    for change in changes:
        different = True
        sys.stdout.write(change)
    if different:
        sys.stderr.write(f"jobsetgen: the committed output is stale; write it anew by: jobsetgen build {again}\n")
        sys.exit(1)


def _file_changes(result: Compilation, against: str) -> Iterator[str]:
    yield from unified(against, _text(Path(against)), result.text())


def _folder_changes(result: Compilation, folder: str) -> Iterator[str]:
    from jobsetgen.cli.folder import ours
    from jobsetgen.layout import files

    root = Path(folder)
    expected = set()
    for name, text in files(result):
        expected.add(name)
        yield from unified(f"{folder}/{name}", _text(root / name), text)
    for name in sorted(set(ours(root)) - expected):
        yield from unified(f"{folder}/{name}", _text(root / name), None)


def _text(path: Path) -> str | None:
    """Return a committed file's text, or None where there is none."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise click.UsageError(f"cannot read {path}: {error.strerror}") from error
