"""Write what is made from the table of options: the JSON Schema of jobsetgen.yaml.

Run: python -m scripts.make_options [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from jobsetgen.options.schema import project_schema

_ROOT = Path(__file__).resolve().parent.parent
SCHEMA = _ROOT / "schemas" / "jobsetgenerator.json"


def texts() -> dict[Path, str]:
    """Return the text of each file."""
    return {SCHEMA: json.dumps(project_schema(), indent=1, ensure_ascii=False) + "\n"}


def main() -> None:
    """Write the files; with --check only tell whether that would change any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    check = parser.parse_args().check
    for path, text in texts().items():
        if path.read_text(encoding="utf-8") == text:
            continue
        if check:
            sys.exit(f"{path.relative_to(_ROOT)} is not what scripts/make_options.py writes; regenerate it: make docs")
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
