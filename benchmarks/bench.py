"""How fast a build is, beside kubectl kustomize of its output, in one run on one machine.

Run: python benchmarks/bench.py [--only small|build|diff|projects|patterns|growth] [--write docs/performance.md]
Everything is a real process; ours comes from a wheel in an environment of its own, as a user has it.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import site
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from diff_rows import diff_rows
from growth_rows import growth_rows
from measuring import (
    ENVIRONMENT,
    EXAMPLE,
    FLAGS,
    ROOT,
    Cost,
    Row,
    cost,
    example,
    median,
    processor_by_turns,
)
from pattern_rows import pattern_rows
from project_rows import project_rows

Command = Sequence[str | Path]


def install(folder: Path) -> Path:
    """Install the wheel of this checkout in a fresh environment and return its program."""
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    # As in the tests: venv takes ten times as long.
    make = [sys.executable, "-m", "virtualenv", "--quiet", str(folder / "venv")]
    subprocess.run(make, check=True)
    python = folder / "venv" / "bin" / "python"
    install = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        *folder.glob("*.whl"),
    ]
    subprocess.run(install, check=True, capture_output=True, env=ENVIRONMENT)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(
        "".join(f"{path}\n" for path in site.getsitepackages())
    )
    return folder / "venv" / "bin" / "jobsetgen"


def beside_kustomize(program: Path, folder: Path, jobs: int) -> tuple[Command, Command]:
    """Return the command of a build, and kubectl kustomize over what it has written."""
    source = example(folder, jobs)
    out = folder / f"out-{jobs}"
    out.mkdir()
    build = [program, "build", *FLAGS, source]
    cost(build, folder, out / "all.yaml")
    (out / "kustomization.yaml").write_text("resources: [all.yaml]\n")
    return build, ["kubectl", "kustomize", out]


def small_build(program: Path, folder: Path, most: float = 1.4) -> Row:
    """Compare the processor time of a small build with that of kubectl kustomize of its output."""
    commands = beside_kustomize(program, folder, 4)
    ours, kustomize = processor_by_turns(commands, folder, 40)
    figure = f"{ours * 1000:.0f} ms of CPU time against {kustomize * 1000:.0f} ms"
    return Row(
        "4 Jobs against `kubectl kustomize` of the output",
        f"{figure}: {ours / kustomize:.2f} times as much",
        f"at most {most} times the CPU time",
        ours <= most * kustomize,
    )


def version(program: Path, folder: Path, most: float = 0.015) -> Row:
    """Compare the processor time of --version with that of importing click."""
    click = [program.with_name("python"), "-c", "import click"]
    ours, theirs = processor_by_turns([[program, "--version"], click], folder, 40)
    return Row(
        "`jobsetgen --version` against `python -c 'import click'`",
        f"{ours * 1000:.0f} ms of CPU time against {theirs * 1000:.0f} ms",
        f"at most {most * 1000:.0f} ms more",
        ours <= theirs + most,
    )


# Imports the modules that a build imports, then builds, and says how long each took.
_TIMED = """
import contextlib, importlib, sys, time
begin = time.perf_counter()
for name in {names!r}:
    with contextlib.suppress(ImportError):  # the account lists what was tried and is not there
        importlib.import_module(name)
ready = time.perf_counter()
from jobsetgen.cli.main import jobsetgen
sys.argv[1:] = {arguments!r}
jobsetgen(standalone_mode=False)
sys.stdout.flush()
sys.stderr.write(f"\\n{{ready - begin}} {{time.perf_counter() - ready}}")
"""


def spent(program: Path, folder: Path) -> list[tuple[str, float]]:
    """Return where the milliseconds of a small build go.

    Python's own account of imports slows them down, so that it tells only how they share the time they take without.
    """
    python = program.with_name("python")
    arguments = ["build", *FLAGS, str(EXAMPLE)]
    account = _errors([python, "-X", "importtime", program, *arguments], folder)
    imports = [
        (name, int(own))
        for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \| *(\S+)", account)
    ]
    names = [
        name
        for name, _ in imports
        if name.split(".")[0] not in ("site", "sitecustomize", "__main__")
    ]
    timed = [python, "-c", _TIMED.format(names=names, arguments=arguments)]
    runs = [[float(part) * 1000 for part in _errors(timed, folder).split()[-2:]] for _ in range(20)]
    importing, working = (statistics.median(run[part] for run in runs) for part in (0, 1))
    start = median([python, "-c", "pass"], folder, 20) * 1000
    whole = median([program, *arguments], folder, 20) * 1000
    shares = dict.fromkeys(("jobsetgen", "click", "ruamel", "the standard library"), 0)
    for name, own in imports[_first_of_ours(imports) :]:
        library = name.split(".")[0]
        shares[library if library in shares else "the standard library"] += own
    rows = [("the interpreter's start", start)]
    rows += [
        (f"imports: {library}", importing * own / sum(shares.values()))
        for library, own in shares.items()
    ]
    return [*rows, ("reading, checking, expanding, writing", working), ("whole build", whole)]


def _first_of_ours(imports: list[tuple[str, int]]) -> int:
    """Return where the interpreter's own start ends: at what the program imports first."""
    return next(
        index for index, (name, _) in enumerate(imports) if name.split(".")[0] == "jobsetgen"
    )


def _errors(command: Command, folder: Path) -> str:
    """Run a process to its end and return its standard error."""
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stderr


def build_rows(program: Path, folder: Path) -> list[Row]:
    """Measure builds."""
    rows = []
    if shutil.which("kubectl"):
        rows.append(small_build(program, folder))
        for jobs, times, target in ((1000, 3, 10), (5000, 1, 25)):
            commands = beside_kustomize(program, folder, jobs)
            ours, kustomize = (median(command, folder, times) for command in commands)
            ratio = kustomize / ours
            rows.append(
                Row(
                    f"{jobs:,} Jobs against `kubectl kustomize` of the output",
                    f"{ours * 1000:,.0f} ms elapsed against {kustomize * 1000:,.0f} ms: {ratio:.0f} times faster",
                    f"at least {target} times faster",
                    ratio >= target,
                )
            )
    else:
        rows.append(Row("against `kubectl kustomize`", "kubectl is not on this machine", "", None))
    rows.append(version(program, folder))
    ten, hundred = (_best(program, folder, jobs) for jobs in (10_000, 100_000))
    figure = f"{ten.seconds:.2f} s elapsed, {ten.megabytes:.0f} MB"
    rows.append(
        Row(
            "10,000 Jobs",
            figure,
            "at most 1.5 s and 100 MB",
            ten.seconds <= 1.5 and ten.megabytes <= 100,
        )
    )
    ratio = hundred.seconds / ten.seconds
    figure = f"{hundred.seconds:.2f} s elapsed, {hundred.megabytes:.0f} MB"
    figure += f": {ratio:.1f} times the time of 10,000"
    met = hundred.seconds <= 11 * ten.seconds and hundred.megabytes <= ten.megabytes * 1.05
    rows.append(
        Row("100,000 Jobs", figure, "at most 11 times the time of 10,000, and no more memory", met)
    )
    rows.append(unchanged_projects(program, folder))
    return rows


def unchanged_projects(program: Path, folder: Path, count: int = 50) -> Row:
    """Measure what the hook of pre-commit takes on projects that nobody has changed."""
    repository = folder / "repository"
    project = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\noutput: rendered\n"
    for number in range(count):
        own = repository / f"set-{number}"
        own.mkdir(parents=True)
        (own / "jobsetgen.yaml").write_text(project + "namespace: training\n")
        (own / "jobset.yaml").write_text(EXAMPLE.read_text())
    names = [f"set-{number}/jobset.yaml" for number in range(count)]
    hook = [program, "build", "--each", *names]
    cost(hook, repository)
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=repository, check=True)
    seconds = median([*hook, "--fail-on-change"], repository, 5)
    one = median([program, "build", *FLAGS, EXAMPLE], folder, 5)
    return Row(
        f"the pre-commit hook on {count} unchanged projects",
        f"{seconds:.2f} s elapsed: {seconds / one:.1f} times a single build",
        "at most 10 times a single build",
        seconds <= 10 * one,
    )


def _best(program: Path, folder: Path, jobs: int) -> Cost:
    build = [program, "build", *FLAGS, example(folder, jobs)]
    return min(cost(build, folder) for _ in range(3))


def machine() -> str:
    """Describe the machine and the programs that were measured."""
    information = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"model name\s*: (.+)", information)
    model = found[1] if found else platform.processor() or "unknown processor"
    text = (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )
    if kubectl := shutil.which("kubectl"):
        version = subprocess.run(
            [kubectl, "version", "--client"], capture_output=True, text=True, check=False
        ).stdout
        text += ", kubectl " + version.partition("Client Version: ")[2].partition("\n")[0]
    return text


def report(rows: list[Row], parts: list[tuple[str, float]]) -> str:
    """Return the page that shows the figures."""
    lines = [
        "# How fast it is",
        "",
        f"Measured by `make bench` on {date.today().isoformat()}: {machine()}.",
        "",
    ]
    lines += ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    answers = {True: "yes", False: "no", None: ""}
    lines += [f"| {row.what} | {row.figure} | {row.target} | {answers[row.met]} |" for row in rows]
    if parts:
        lines += [
            "",
            "Where the elapsed time of the build of 4 Jobs goes. The parts are measured one by one, so"
            " they do not add up exactly:",
            "",
            "| part | ms |",
            "| --- | --- |",
        ]
    lines += [f"| {part} | {milliseconds:.0f} |" for part, milliseconds in parts]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, show the figures, and exit with 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write the figures to this page, too")
    parser.add_argument(
        "--only",
        choices=("small", "build", "diff", "projects", "patterns", "growth"),
        help="measure one part",
    )
    arguments = parser.parse_args()
    if arguments.only and arguments.write:
        parser.error("the page needs the figures of all commands")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = install(folder)
        rows, parts = [], []
        if arguments.only == "small":
            rows += [small_build(program, folder), version(program, folder)]
        if arguments.only in ("small", "build", None):
            parts = spent(program, folder)
        if arguments.only in ("build", None):
            rows += build_rows(program, folder)
        if arguments.only in ("diff", None):
            rows += diff_rows(program, folder)
        if arguments.only in ("projects", None):
            rows += project_rows(program, folder)
        if arguments.only in ("patterns", None):
            rows += pattern_rows(program, folder)
        if arguments.only in ("growth", None):
            rows += growth_rows(program, folder)
    text = report(rows, parts)
    print(text, end="")
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    sys.exit(any(row.met is False for row in rows))


if __name__ == "__main__":
    main()
