"""Record what a release writes, so that later releases can be held to it.

For each level of the option `compat`, tests/compat holds records of valid fixtures, built in every
profile and with the Jobs owned by Git or by the watcher. Those of a level above 1 hold only what
differs from the level below:

- compat-<level>.json is the promise: a digest of every training Job (also of those that a watcher
  creates), Service, claim and object that passes through, and the generation of every set. A
  change here restarts the running sets of everybody who upgrades. What is recorded for a release
  never changes; new fixtures are added to it.
- plans-<level>.json: a digest of every plan. A change here restarts nothing, but makes committed
  output out of date, and a watcher that is already running has to understand it. It may be
  recorded anew, with a line in the CHANGELOG.

- companions-1/: the README.md and .gitattributes of a few output folders, which no other level
  changes. A changed word makes the committed output of everybody out of date. What is recorded
  never changes.

The watcher's own Job, rights, script and state are in none: a release replaces them, and training
does not notice.

Run: python -m scripts.record_compat [--plans]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from jobsetgen.cli.main import jobsetgen
from jobsetgen.expand.watcher import PLAN_KEY
from jobsetgen.model import keys
from jobsetgen.options.values import COMPAT_LEVELS, PROFILES
from jobsetgen.output.layout import COMPANIONS
from jobsetgen.source.loader import load
from tests.cases import FIXTURES, VALID, arguments, without_script

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "compat"
COMPAT = 1
"""The default level, which an earlier release knows as well."""

VARIANTS = {
    **{profile: ("--gitops", profile) for profile in PROFILES},
    "jobs-watcher": ("--jobs", "watcher"),
}
"""How each fixture is built: the options of `build`, by the name that the records use."""

FOLDERS = (
    ("multislice", "any"),
    ("multislice", "jobs-watcher"),
    ("parameter-server", "argocd"),
    ("restart-rules", "flux"),
    ("mixed-kinds", "none"),
)
"""The fixtures and variants whose README.md and .gitattributes are recorded."""

Digests = dict[str, str]
"""What is recorded of one fixture in one variant: by kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one release writes for every fixture, by `<fixture>/<variant>`."""

    promise: dict[str, Digests]
    plans: dict[str, Digests]


def digests(case: Path, variant: str, compat: int = COMPAT) -> tuple[Digests, Digests]:
    """Return the promise of one fixture in one variant at a level, and its plans."""
    return digests_of(built(case, variant, compat))


def arguments_of(case: Path, variant: str) -> list[str]:
    """Return the command that prints every object, also the Jobs that a watcher will create."""
    return ["build", "--preview", *arguments(case), *VARIANTS[variant]]


def digests_of(items: Iterable[dict[str, Any]]) -> tuple[Digests, Digests]:
    """Return the promise of what a release has made of a fixture, and its plans."""
    promise: Digests = {}
    plans: Digests = {}
    for item in items:
        if plan := (item.get("data") or {}).get(PLAN_KEY):
            plans[_name(item)] = _digest(plan)
            promise[f"generation of {_name(item)}"] = json.loads(plan)["generation"]
        elif not _is_of_a_watcher(item):
            promise[_name(item)] = _digest(json.dumps(_without_metadata(item), sort_keys=True))
    return promise, plans


def recorded(compat: int) -> Record:
    """Return what is recorded for a level: by itself, else by the level below."""
    own = recorded_alone(compat)
    if compat == COMPAT:
        return own
    below = recorded(compat - 1)
    return Record(promise=below.promise | own.promise, plans=below.plans | own.plans)


def recorded_alone(compat: int) -> Record:
    """Return the records of a level itself."""
    promise, plans = (_path(name, compat) for name in ("compat", "plans"))
    return Record(
        promise=json.loads(promise.read_text()) if promise.exists() else {},
        plans=json.loads(plans.read_text()) if plans.exists() else {},
    )


def built(case: Path, variant: str, compat: int = COMPAT) -> Iterator[dict[str, Any]]:
    """Yield every object of a fixture, also the Jobs that a watcher will create.

    The watcher's script is left out: it is in no record, and long to parse.
    """
    before = Path.cwd()
    os.chdir(case)
    try:
        words = [*arguments_of(case, variant), "--compat", str(compat)]
        run = CliRunner().invoke(jobsetgen, words)
    finally:
        os.chdir(before)
    if run.exit_code:
        raise SystemExit(f"{case.name} does not build: {run.stderr}")
    yield from printed(without_script(run.stdout))


def companions_of(case: str, variant: str, compat: int = COMPAT) -> dict[Path, str]:
    """Return the companions of an output folder at a level, by the paths of their records."""
    folder = FIXTURES / "valid" / case
    with tempfile.TemporaryDirectory() as output, chdir(folder):
        options = [*arguments(folder), *VARIANTS[variant], "--compat", str(compat)]
        words = ["build", "-o", output, *options]
        run = CliRunner().invoke(jobsetgen, words)
        if run.exit_code:
            raise SystemExit(f"{case} does not build: {run.stderr}")
        texts = {name: Path(output, name).read_text(encoding="utf-8") for name in COMPANIONS}
    return {_companion_path(case, variant, name): text for name, text in texts.items()}


def _companion_path(case: str, variant: str, name: str) -> Path:
    return FOLDER / f"companions-{COMPAT}" / f"{case}-{variant}.{name.rpartition('.')[2]}"


def printed(text: str) -> Iterator[dict[str, Any]]:
    """Yield every object of what a release has printed."""
    for document in load("output", text.encode()).documents:
        yield document.data


def _is_of_a_watcher(item: dict[str, Any]) -> bool:
    return keys.OUR_JOBSET in (item["metadata"].get("labels") or {})


def _name(item: dict[str, Any]) -> str:
    metadata = item["metadata"]
    return f"{item['kind']} {metadata.get('namespace', '')}/{metadata.get('name', '')}"


def _without_metadata(item: dict[str, Any]) -> dict[str, Any]:
    """Return an object without its own metadata: a change of the rest restarts or replaces it."""
    return {key: value for key, value in item.items() if key != "metadata"}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _path(name: str, compat: int) -> Path:
    return FOLDER / f"{name}-{compat}.json"


def _write(path: Path, content: dict[str, Digests]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def main() -> None:
    """Add the fixtures that are not recorded yet; with --plans, also record every plan anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--plans",
        action="store_true",
        help="record every plan anew, for a release that changes them",
    )
    again = parser.parse_args().plans
    known = set(recorded_alone(COMPAT).promise)
    for level in COMPAT_LEVELS:
        _record(level, known, again)
    for case, variant in FOLDERS:
        for path, text in companions_of(case, variant).items():
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")


def _record(level: int, known: set[str], again: bool) -> None:
    """Add the fixtures to the records of a level; `known` are those that were recorded before."""
    old = recorded_alone(level)
    below = recorded(level - 1) if level > COMPAT else Record(promise={}, plans={})
    now = {
        f"{case.name}/{variant}": digests(case, variant, level)
        for case in VALID
        for variant in VARIANTS
    }
    promise = {
        name: promise
        for name, (promise, _) in now.items()
        # A fixture that is known keeps what a recorded level has promised.
        if promise != below.promise.get(name) and not (old.promise and name in known)
    }
    plans = {name: plans for name, (_, plans) in now.items() if plans != below.plans.get(name)}
    _write(_path("compat", level), {**promise, **old.promise})
    _write(_path("plans", level), plans if again else {**plans, **old.plans})


if __name__ == "__main__":
    main()
