"""Record what a release writes, so that later ones can be held to it.

A changed Job spec, or a changed generation, restarts every running set of whoever upgrades. So for each value of the
project's `compat` setting, tests/compat/compat-<value>.json holds a digest of every object's spec for every valid
fixture and profile. What is recorded for a release never changes; new fixtures are added to it.

Run: python -m scripts.record_compat [--again]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from jobsetgen.cli.main import jobsetgen
from jobsetgen.model.settings import PROFILES
from jobsetgen.source.loader import load
from tests.cases import VALID, arguments, without_script

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "compat"
COMPAT = 1


def path_of(compat: int) -> Path:
    """Return the file that holds the record of a value of `compat`."""
    return FOLDER / f"compat-{compat}.json"


def digests(case: Path, profile: str) -> dict[str, str]:
    """Return a digest of each object that a fixture is built to, by kind, namespace and name."""
    before = Path.cwd()
    os.chdir(case)
    try:
        run = CliRunner().invoke(jobsetgen, ["build", *arguments(case), "--gitops", profile])
    finally:
        os.chdir(before)
    if run.exit_code:
        raise SystemExit(f"{case.name} does not build: {run.stderr}")
    # Each release of the watcher's script gets a watcher of its own; training does not notice.
    text = without_script(run.stdout)
    return {_name(document.data): _digest(document.data) for document in load("output", text.encode()).documents}


def _name(item: dict[str, Any]) -> str:
    metadata = item.get("metadata") or {}
    return f"{item['kind']} {metadata.get('namespace', '')}/{metadata.get('name', '')}"


def _digest(item: dict[str, Any]) -> str:
    """Hash what a change of would restart or replace: everything but the object's own metadata."""
    content = {key: value for key, value in item.items() if key != "metadata"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def recorded(compat: int) -> dict[str, dict[str, str]]:
    """Return what is recorded, by `<fixture>/<profile>`."""
    path = path_of(compat)
    return json.loads(path.read_text()) if path.exists() else {}


def main() -> None:
    """Add the fixtures that are not recorded yet; with --again, before a release, all of them anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="only before the release that the record is of")
    old = {} if parser.parse_args().again else recorded(COMPAT)
    now = {f"{case.name}/{profile}": digests(case, profile) for case in VALID for profile in PROFILES}
    path_of(COMPAT).write_text(json.dumps({**now, **old}, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
