"""Show how dense the code is: decisions a line of its longer functions, and its wide lines.

A decision is an if, elif, while, for, except or case, a conditional expression, each operand of
`and` and `or` after the first, and each `for` and `if` of a comprehension. A function counts from
12 lines on, without its signature and docstring.

Run: python -m scripts.density [--worst N] [--check] [PATH...]
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_PACKAGE = Path("jobsetgen")
_LEAST_LINES = 12
_WIDTH = 100
# What the whole package may have at most; --check holds it to this.
MEDIAN, HIGH, WIDE_SHARE = 0.35, 0.60, 0.01
_COLUMNS = ("room", "functions", "median", "90th percentile", "lines", "over 100 columns")
_BRANCHES = (ast.If, ast.While, ast.For, ast.ExceptHandler, ast.match_case, ast.IfExp)


class Function(NamedTuple):
    """A function, with the lines of its body and the decisions in it."""

    place: str
    lines: int
    decisions: int

    @property
    def density(self) -> float:
        """Its decisions a line."""
        return self.decisions / self.lines


class Measure(NamedTuple):
    """What is measured of some files; `functions` are those that count."""

    functions: tuple[Function, ...]
    lines: int
    wide_lines: int

    @property
    def densities(self) -> list[float]:
        """The decisions a line of its functions, sorted."""
        return sorted(each.density for each in self.functions)

    @property
    def median(self) -> float:
        """The density that half of the functions are below."""
        return statistics.median(self.densities)

    @property
    def high(self) -> float:
        """The density that nine of ten functions are below."""
        return self.densities[int(0.9 * len(self.densities))]

    @property
    def wide_share(self) -> float:
        """The share of wide lines."""
        return self.wide_lines / max(self.lines, 1)


def measured(files: Iterable[Path]) -> Measure:
    """Return the measure of some files together."""
    functions: list[Function] = []
    lines: list[str] = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        functions += _functions(ast.parse(text), str(file))
        lines += text.splitlines()
    wide_lines = sum(len(line) > _WIDTH for line in lines)
    return Measure(functions=tuple(functions), lines=len(lines), wide_lines=wide_lines)


def _functions(module: ast.Module, file: str) -> Iterator[Function]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _body_lines(node)
            if lines >= _LEAST_LINES:
                yield Function(f"{file}:{node.lineno} {node.name}", lines, decisions(node))


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    return (function.end_lineno or 0) - body[0].lineno + 1


def decisions(code: ast.AST) -> int:
    """Return the number of decisions in some code."""
    return sum(map(_own_decisions, ast.walk(code)))


def _own_decisions(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    return int(isinstance(node, _BRANCHES))


def rooms(package: Path) -> dict[str, list[Path]]:
    """Return the files of each package inside a package, and of its single modules together."""
    found: dict[str, list[Path]] = {}
    for file in sorted(package.rglob("*.py")):
        first, *others = file.relative_to(package).parts
        found.setdefault(f"{first}/" if others else "single modules", []).append(file)
    return dict(sorted(found.items()))


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def report(files: Mapping[str, Sequence[Path]]) -> str:
    """Return the table of some rooms, each with its files, and of all of them."""
    everything = [file for each in files.values() for file in each]
    measures = {name: measured(each) for name, each in files.items()}
    measures["total"] = measured(everything)
    return _table([_COLUMNS, *(_cells(name, each) for name, each in measures.items())])


def _cells(name: str, measure: Measure) -> tuple[str, ...]:
    median, high = "-", "-"
    if measure.functions:
        median, high = f"{measure.median:.2f}", f"{measure.high:.2f}"
    share = f"{100 * measure.wide_share:.1f} %"
    return (name, str(len(measure.functions)), median, high, str(measure.lines), share)


def excess(measure: Measure) -> list[str]:
    """Return in what some files are denser or wider than the package may be."""
    found = []
    if measure.median > MEDIAN:
        found.append(f"median of {measure.median:.3f} decisions a line, above {MEDIAN}")
    if measure.high > HIGH:
        found.append(f"90th percentile of {measure.high:.3f} decisions a line, above {HIGH}")
    if measure.wide_share >= WIDE_SHARE:
        share = f"{100 * measure.wide_share:.2f} %"
        found.append(f"{share} of the lines over {_WIDTH} columns, not below {WIDE_SHARE:.0%}")
    return found


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned lines: names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *figures in rows:
        cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells]))
    return "".join(f"{line}\n" for line in lines)


def worst(files: Iterable[Path], count: int) -> str:
    """Return the densest functions of some files, a line each."""
    functions = sorted(measured(files).functions, key=lambda each: each.density, reverse=True)
    return "".join(f"{each.density:.2f}  {each.place}\n" for each in functions[:count])


def main() -> None:
    """Print the table of the package's rooms, or of the files and folders that are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N densest")
    parser.add_argument("--check", action="store_true", help="exit 1 above the package's limits")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    options = parser.parse_args()
    named = {str(path): _files(path) for path in options.paths}
    files = named or rooms(_PACKAGE)
    everything = [file for each in files.values() for file in each]
    print(report(files), end="")
    if options.worst:
        print("\n" + worst(everything, options.worst), end="")
    if options.check and (found := excess(measured(everything))):
        sys.exit("too dense: " + "; ".join(found))


if __name__ == "__main__":
    main()
