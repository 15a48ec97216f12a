"""Write into project fixtures what becomes of them now; then read the diff.

Run: python -m scripts.expect_projects FIXTURE... (files of tests/projects)
"""

from __future__ import annotations

import argparse
from pathlib import Path

from jobsetgen.diagnostics import in_order
from jobsetgen.pipeline import Compilation, compile_inputs
from jobsetgen.project.inputs import Inputs
from jobsetgen.review import sources_report
from jobsetgen.review.reporters import as_text
from jobsetgen.review.sources import sources
from tests.projects.archives import objects_of, parse, with_expected


def main() -> None:
    """Write what each fixture that is named becomes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("fixtures", nargs="+", type=Path, metavar="FIXTURE")
    for path in parser.parse_args().fixtures:
        text = path.read_text(encoding="utf-8")
        inputs = parse(text).read()
        result = compile_inputs(inputs)
        expected = _expected(path, inputs, result)
        path.write_text(with_expected(text, expected), encoding="utf-8")
        print(f"{path.stem}: {'valid' if result.ok else 'invalid'}")


def _expected(path: Path, inputs: Inputs, result: Compilation) -> str:
    if not result.ok or path.parent.name == "warned":
        return as_text(in_order(result.diagnostics))
    if path.parent.name == "sources":
        return sources_report.as_text(sources(result))
    return objects_of(inputs)


if __name__ == "__main__":
    main()
