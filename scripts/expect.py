"""Write into cases of rules what is found in them now, as comments below the lines; then read the diff.

Comments on the lines themselves, such as `# error: JSG313`, stay as they are and are not repeated below.

Run: python -m scripts.expect CASE... (a file or a folder of tests/rules/cases)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.rules.expectations import Case, Said, expectations, is_expectation


def main() -> None:
    """Write the comments of each case that is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="+", type=Path, metavar="CASE")
    for path in parser.parse_args().cases:
        _write(Case(path.resolve()))


def _write(case: Case) -> None:
    for file in case.files:
        bare = [
            line
            for line in file.read_text(encoding="utf-8").split("\n")
            if not is_expectation(line)
        ]
        file.write_text("\n".join(bare), encoding="utf-8")
    found = _found(case)
    for file in case.files:
        name = str(file.relative_to(case.folder))
        lines = file.read_text(encoding="utf-8").split("\n")
        open_ones = {(said.line, said.code) for said in expectations(name, lines)}
        new = [
            said for said in found if said.file == name and (said.line, said.code) not in open_ones
        ]
        file.write_text("\n".join(_with_comments(lines, new)), encoding="utf-8")
    moved = [(said.code, said.column, said.message) for said in _found(case)]
    if moved != [(said.code, said.column, said.message) for said in found]:
        sys.exit(
            f"{case.name}: a comment has become part of a value; write `# CODE` further down by hand"
        )


def _found(case: Case) -> list[Said]:
    program = "from jobsetgen.cli.main import main; main()"
    command = [sys.executable, "-c", program, "validate", *case.arguments]
    command += ["--allow-empty", "--format", "json"]
    environment = {**os.environ, **case.environment}
    run = subprocess.run(command, cwd=case.folder, env=environment, capture_output=True, text=True)
    if run.stderr:
        sys.exit(f"{case.name}: {run.stderr}")
    return [
        Said(**{field: item[field] for field in Said._fields})
        for item in json.loads(run.stdout)["diagnostics"]
    ]


def _with_comments(lines: Sequence[str], found: Iterable[Said]) -> list[str]:
    by_line: dict[int, list[Said]] = {}
    for said in found:
        by_line.setdefault(said.line, []).append(said)
    written: list[str] = []
    for number, line in enumerate(lines, start=1):
        written.append(line)
        indent = line[: len(line) - len(line.lstrip(" -"))].replace("-", " ")
        for said in by_line.get(number, ()):
            written.append(
                f"{indent}# ^ {said.severity}: {said.code}@{said.column}: {said.message}"
            )
            if said.hint:
                written.append(f"{indent}#   hint: {said.hint}")
    return written


if __name__ == "__main__":
    main()
