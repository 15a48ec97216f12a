"""How fast a build is, beside kubectl kustomize of its output, in one run on one machine.

Run: python benchmarks/bench.py [--write docs/performance.md]
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
import time
import venv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "fixtures" / "valid" / "multislice" / "jobset.yaml"
FLAGS = ("--namespace", "training", "--max-jobs", "200000")
# An installed program has its byte code beside it; a machine that forbids that would measure the compiler of Python.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Cost(NamedTuple):
    """What a process took: wall-clock seconds, and its peak of memory in MB."""

    seconds: float
    megabytes: float


class Row(NamedTuple):
    """A figure with its target, for the report."""

    what: str
    figure: str
    target: str
    met: bool | None


def install(folder: Path) -> Path:
    """Install the wheel of this checkout in a fresh environment and return its program."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", *folder.glob("*.whl")]
    subprocess.run(install, check=True, capture_output=True, env=ENVIRONMENT)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in site.getsitepackages()))
    return folder / "venv" / "bin" / "jobsetgen"


def cost(command: Sequence[str | Path], folder: Path, output: Path | None = None) -> Cost:
    """Run a process to its end and return what it took."""
    with open(output or os.devnull, "wb") as stdout:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, env=ENVIRONMENT, stdout=stdout, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return Cost(seconds, usage.ru_maxrss / 1024)


def median(command: Sequence[str | Path], folder: Path, times: int) -> float:
    """Return the median of the wall-clock seconds of several runs; where several, after one that warms the caches."""
    if times > 1:
        cost(command, folder)
    return statistics.median(cost(command, folder).seconds for _ in range(times))


def example(folder: Path, jobs: int) -> Path:
    """Write the example with so many Jobs."""
    path = folder / f"{jobs}.yaml"
    path.write_text(re.sub(r"replicas: 4\b", f"replicas: {jobs}", EXAMPLE.read_text()))
    return path


def beside_kustomize(program: Path, folder: Path, jobs: int, times: int) -> tuple[float, float]:
    """Return the seconds of a build, and of kubectl kustomize over what it wrote."""
    source = example(folder, jobs)
    out = folder / f"out-{jobs}"
    out.mkdir()
    build = [program, "build", *FLAGS, source]
    cost(build, folder, out / "all.yaml")
    (out / "kustomization.yaml").write_text("resources: [all.yaml]\n")
    return median(build, folder, times), median(["kubectl", "kustomize", out], folder, times)


def spent(program: Path, folder: Path) -> list[tuple[str, float]]:
    """Return where the milliseconds of a small build go, from Python's own account of imports."""
    python = program.with_name("python")
    build = [python, "-X", "importtime", program, "build", *FLAGS, EXAMPLE]
    account = subprocess.run(build, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True).stderr
    imports = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", account)
    ours = sum(int(own) for own, name in imports if name.startswith("jobsetgen"))
    libraries = {
        library: sum(int(own) for own, name in imports if name.split(".")[0] == library)
        for library in ("click", "ruamel")
    }
    start = median([python, "-c", "pass"], folder, 20) * 1000
    whole = median([program, "build", *FLAGS, EXAMPLE], folder, 20) * 1000
    standard = sum(int(own) for own, _ in imports) - ours - sum(libraries.values())
    rows = [("the interpreter's start", start), ("imports: jobsetgen", ours / 1000)]
    rows += [(f"imports: {library}", own / 1000) for library, own in libraries.items()]
    rows.append(("imports: standard library, some of it at the interpreter's start", standard / 1000))
    rest = whole - start - (ours + sum(libraries.values())) / 1000 - standard / 1000
    return [*rows, ("reading, checking, expanding, writing", max(rest, 0)), ("whole build", whole)]


def measure(program: Path, folder: Path) -> tuple[list[Row], list[tuple[str, float]]]:
    """Measure everything once."""
    rows = []
    if shutil.which("kubectl"):
        for jobs, times, target in ((4, 20, 1 / 4), (1000, 3, 10), (5000, 1, 25)):
            ours, kustomize = beside_kustomize(program, folder, jobs, times)
            ratio = kustomize / ours
            figure = f"{ours * 1000:,.0f} ms against {kustomize * 1000:,.0f} ms"
            figure += f": {ours / kustomize:.2f} times the time" if jobs == 4 else f": {ratio:.0f} times faster"
            wanted = "at most 4 times the time" if jobs == 4 else f"at least {target} times faster"
            rows.append(
                Row(f"{jobs:,} Jobs against `kubectl kustomize` of the output", figure, wanted, ratio >= target)
            )
    else:
        rows.append(Row("against `kubectl kustomize`", "kubectl is not on this machine", "", None))
    ten, hundred = (_best(program, folder, jobs) for jobs in (10_000, 100_000))
    figure = f"{ten.seconds:.2f} s, {ten.megabytes:.0f} MB"
    rows.append(Row("10,000 Jobs", figure, "at most 1.5 s and 100 MB", ten.seconds <= 1.5 and ten.megabytes <= 100))
    figure = f"{hundred.seconds:.2f} s, {hundred.megabytes:.0f} MB: {hundred.seconds / ten.seconds:.1f} times the time"
    met = hundred.seconds <= 11 * ten.seconds and hundred.megabytes <= ten.megabytes * 1.05
    rows.append(Row("100,000 Jobs", figure, "at most 11 times the time of 10,000, and no more memory", met))
    return rows, spent(program, folder)


def _best(program: Path, folder: Path, jobs: int) -> Cost:
    build = [program, "build", *FLAGS, example(folder, jobs)]
    return min(cost(build, folder) for _ in range(3))


def machine() -> str:
    """Describe the machine and the programs that were measured."""
    information = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"model name\s*: (.+)", information)
    model = found[1] if found else platform.processor() or "unknown processor"
    text = f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    if kubectl := shutil.which("kubectl"):
        version = subprocess.run([kubectl, "version", "--client"], capture_output=True, text=True, check=False).stdout
        text += ", kubectl " + version.partition("Client Version: ")[2].partition("\n")[0]
    return text


def report(rows: list[Row], parts: list[tuple[str, float]]) -> str:
    """Return the page that shows the figures."""
    lines = ["# How fast it is", "", f"Measured by `make bench` on {date.today().isoformat()}: {machine()}.", ""]
    lines += ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    answers = {True: "yes", False: "no", None: ""}
    lines += [f"| {row.what} | {row.figure} | {row.target} | {answers[row.met]} |" for row in rows]
    lines += ["", "Where the time of the multislice build goes:", "", "| part | ms |", "| --- | --- |"]
    lines += [f"| {part} | {milliseconds:.0f} |" for part, milliseconds in parts]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, show the figures, and exit with 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write the figures to this page, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows, parts = measure(install(folder), folder)
    text = report(rows, parts)
    print(text, end="")
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    sys.exit(any(row.met is False for row in rows))


if __name__ == "__main__":
    main()
