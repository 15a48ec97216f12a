"""Write the JSON Schema of jobsetgen.yaml and its reference in docs, from the table of options.

Run: python -m scripts.make_options [--check]
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from jobsetgen.options.row import Option
from jobsetgen.options.schema import project_schema
from jobsetgen.options.table import OPTIONS
from scripts.generated import ROOT, run

SCHEMA = ROOT / "schemas" / "jobsetgenerator.json"
PAGE = ROOT / "docs" / "project.md"
_BEGIN = "<!-- The reference is made from the table of options by: make docs -->\n"
_END = "<!-- End of the reference -->\n"
_COLUMNS = ("option", "value", "default", "flag", "Argo CD parameter", "meaning")
_TYPES = {
    "string": "text",
    "integer": "number",
    "boolean": "true or false",
    "object": "mapping",
    "array": "list",
}


def texts() -> dict[Path, str]:
    """Return the text of each file."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return {
        SCHEMA: json.dumps(project_schema(), indent=1, ensure_ascii=False) + "\n",
        PAGE: "".join([before, _BEGIN, reference(), "\n", _END, after]),
    }


def reference() -> str:
    """Return the reference: for each group the options that most people need, then the others."""
    groups = groupby(OPTIONS, key=lambda row: row.group)
    return "".join(_group(name, list(rows)) for name, rows in groups)


def _group(name: str, rows: list[Option]) -> str:
    common = [row for row in rows if not row.is_advanced]
    advanced = [row for row in rows if row.is_advanced]
    return f"\n### {name}\n\n{_table(common)}\nSeldom needed:\n\n{_table(advanced)}"


def _table(rows: list[Option]) -> str:
    lines = [_COLUMNS, ["---"] * len(_COLUMNS), *map(_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(row: Option) -> list[str]:
    meaning = row.text or (row.flag.help if row.flag else "")
    return [
        f"`{'.'.join(row.path)}`" if row.in_file else "(no option, only a flag)",
        _value(row),
        row.shown_default.replace("*", r"\*"),
        f"`{row.flag.name}`" if row.flag else "",
        f"`{row.parameter.name}`" if row.parameter else "",
        meaning.replace("|", r"\|"),
    ]


def _value(row: Option) -> str:
    schema = row.kind.schema
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    return _TYPES[schema["type"]]


def main() -> None:
    """Write the files; with --check only compare them."""
    run(__doc__, texts)


if __name__ == "__main__":
    main()
