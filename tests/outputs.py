"""What a fixture gives: the output and the messages of `build` in each mode, and the diagnostics as values."""

from __future__ import annotations

from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result

from jobsetgen.cli.compiling import compiled
from jobsetgen.cli.main import jobsetgen
from jobsetgen.diagnostics import Diagnostic, in_order
from jobsetgen.options.values import PROFILES
from tests.cases import arguments, parsed, without_script

MODES = {
    **{profile: ("--gitops", profile) for profile in PROFILES},
    "watcher": ("--jobs", "watcher", "--preview"),
}
"""How each fixture is built: under every profile, and with Jobs that the watcher creates."""


class Printed(NamedTuple):
    """What `build` prints: the output, without the watcher's files, and the messages."""

    output: str
    messages: str


def build(case: Path, mode: str) -> Printed:
    """Build a valid fixture in a mode."""
    result = _run(case, ["build", *arguments(case), *MODES[mode]])
    assert result.exit_code == 0, (result.stderr, result.exception)
    return Printed(without_script(result.stdout), result.stderr)


def validate(case: Path, form: str) -> str:
    """Return what `validate` says of a fixture with an error, in a format."""
    words = ["validate", *arguments(case), "--format", form]
    result = _run(case, words)
    assert result.exit_code == 1, (result.stderr, result.exception)
    other, said = sorted([result.stdout, result.stderr], key=len)
    assert other == ""
    return said


built = cache(build)
"""As `build`, once for each fixture and mode: for tests that change nothing in the product."""


@cache
def diagnosed(case: Path) -> list[Diagnostic]:
    """Return what is wrong or unwise in a fixture, in the order in which it is shown."""
    paths, flags = parsed(*arguments(case))
    with chdir(case):
        return in_order(compiled(paths, flags).diagnostics)


def _run(folder: Path, words: list[str]) -> Result:
    with chdir(folder):
        return CliRunner(env={"ARGOCD_APP_NAMESPACE": None}).invoke(jobsetgen, words, prog_name="jobsetgen")
