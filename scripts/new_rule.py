"""Start a rule: its file, a case and its page. They pass no test until they say something.

The code is the first that is free in the hundred of the folder.

Run: make rule NAME=lints/my_rule
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
import subprocess
import sys
from pathlib import Path

from jobsetgen.release import installed
from jobsetgen.rules.registry import CODES

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "compat" / "codes.json"

# Each folder's hundred, the severity that its rules usually have, and what they look at.
FOLDERS = {
    "jobset": (200, "error", "jobset_rule"),
    "kubernetes": (300, "error", "job_rule"),
    "input": (400, "error", "input_rule"),
    "output": (400, "error", "plan_rule"),
    "lints": (500, "warning", "jobset_rule"),
}
_FINDING = "from jobsetgen.diagnostics import Finding\n"
_SETTINGS = "from jobsetgen.options.table import Settings\n"
_IMPORTS = {
    "jobset_rule": f"{_FINDING}from jobsetgen.model.jobset import JobSet\n{_SETTINGS}",
    "job_rule": f"{_FINDING}from jobsetgen.model.template import JobTemplate\n{_SETTINGS}",
    "input_rule": f"from jobsetgen.model.unit import Unit\n{_SETTINGS}",
    "plan_rule": f"{_FINDING}from jobsetgen.model.jobset import JobSet\n",
}
_SIGNATURES = {
    "jobset_rule": "(jobset: JobSet, settings: Settings) -> Iterator[Finding]",
    "job_rule": "(job: JobTemplate, settings: Settings) -> Iterator[Finding]",
    "input_rule": "(units: Sequence[Unit], settings: Settings) -> Iterator[Located]",
    "plan_rule": "(jobset: JobSet, plan: Plan) -> Iterator[Finding]",
}
_EXTRA = {"input_rule": "Located, ", "plan_rule": "Plan, "}

_RULE = '''\
"""{id}: {words}."""

from __future__ import annotations

from collections.abc import Iterator{sequence}

{imports}from jobsetgen.rules.rule import {extra}{kind}
from jobsetgen.upstream import page


@{kind}(
    "{id}",
    "{severity}",
    since="{since}",
    source=page("What this enforces", ""),
)
def {title}{signature}:
    """What is wrong, in one sentence.

    Why it matters, and when it does not.

    Bad::

        spec: {{}}

    Good::

        spec: {{}}
    """
    yield from ()
'''
_CASE = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: {name}}}  # {severity}: {id}
spec:
  replicatedJobs:
  - name: workers
    template:
      spec:
        backoffLimit: 0
        template: {{spec: {{containers: [{{name: main, image: registry.example.com/train:1.0}}]}}}}
"""


def main() -> None:
    """Write the files of a rule."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="FOLDER/TITLE, such as lints/my_rule")
    folder, title = _parts(parser, parser.parse_args().name)

    hundred, severity, kind = FOLDERS[folder]
    code = _free_code(hundred)
    texts = {
        "id": code,
        "title": title,
        "words": title.replace("_", " "),
        "name": title.replace("_", "-"),
        "severity": severity,
        "since": ".".join((installed().version or "0.1").split(".")[:2]),
        "kind": kind,
        "imports": _IMPORTS[kind],
        "extra": _EXTRA.get(kind, ""),
        "sequence": ", Sequence" if kind == "input_rule" else "",
        "signature": _SIGNATURES[kind],
    }
    rule = ROOT / "jobsetgen" / "rules" / folder / f"{title}.py"
    case = ROOT / "tests" / "rules" / "cases" / folder / f"{title}.yaml"
    rule.write_text(_RULE.format(**texts), encoding="utf-8")
    case.write_text(_CASE.format(**texts), encoding="utf-8")
    record = {**json.loads(RECORD.read_text()), code: texts["words"]}
    RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=1) + "\n")
    # In a process of its own, whose registry knows the new file.
    subprocess.run([sys.executable, "-m", "scripts.make_rule_pages"], cwd=ROOT, check=True)
    for path in (rule, case, ROOT / "docs" / "rules" / f"{code}.md"):
        print(path.relative_to(ROOT))


def _parts(parser: argparse.ArgumentParser, name: str) -> tuple[str, str]:
    folder, _, title = name.partition("/")
    if folder not in FOLDERS or not re.fullmatch("[a-z][a-z0-9_]*", title):
        parser.error(f"NAME is FOLDER/TITLE, with a folder of {', '.join(FOLDERS)}, not '{name}'")
    if keyword.iskeyword(title):
        parser.error(f"a rule is a function, and '{title}' is a keyword of Python")
    titles = {code.title.replace(" ", "_") for code in CODES}
    if title in titles:
        parser.error(f"there is a code of the title '{title}' already")
    return folder, title


def _free_code(hundred: int) -> str:
    taken = {int(code.id.removeprefix("JSG")) for code in CODES}
    last = max(number for number in taken if hundred <= number < hundred + 100)
    if last == hundred + 99:
        last = next(number - 1 for number in range(hundred, hundred + 100) if number not in taken)
    return f"JSG{last + 1}"


if __name__ == "__main__":
    main()
