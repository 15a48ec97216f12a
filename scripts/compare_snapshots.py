"""Compare the snapshots with those of the commit before the watcher became a package.

Every snapshot of that commit is put into one of these: identical; identical once the watcher's own
objects are masked (its ConfigMap of files, its Job, its account and rights); or different, with
the reason for each kind of difference. A difference without a reason ends the run with status 1.

Run: python -m scripts.compare_snapshots
"""

from __future__ import annotations

import difflib
import io
import json
import re
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "tests/golden/snapshots"
BEFORE = "292d20a"

HELP = "help texts: reworded, and the command 'rule' (issues 16 and 18)"
MESSAGES = "messages that moved read as those of other Kubernetes tools do (issue 16)"
SARIF = "SARIF: version, pages, severities and ends of places (issue 18)"
KRM = "a functionConfig that does not fit hides what is wrong in the items (issue 16, CHANGELOG)"
NEW = "new: the command 'rule' (issue 18)"

REWORDED = {
    # quantities, resources, names
    r"'(\S+)' is no quantity": r"invalid quantity '\1'",
    r"'(\S+)' is no resource of a container": r"'\1' is not a container resource",
    r"image '(.*?)' is no image": r"invalid image '\1'",
    r"(\w+) '(.*?)' is no name: it must have": r"invalid \1 '\2': it must consist of",
    r"which says what an object is to the set": "which is reserved for jobsetgen",
    # projects
    r"there is no file (\S+)": r"file not found: \1",
    r"lies outside of the folder that is compiled": "is outside the folder being compiled",
    r"updatePolicy OnRestart needs jobs: watcher; what is in Git a GitOps tool applies at once": (
        "updatePolicy OnRestart requires jobs: watcher; "
        "a GitOps tool applies what is in Git at once"
    ),
    # parameters of an Application
    r"there is no such parameter": "unknown parameter",
    r"it is given as (\w+), and has to be": r"given as \1, but must be",
    r"it is given twice": "given more than once",
    r"What becomes of running Jobs that have changed": "How to roll out changed Jobs",
    r"Auto: those that need one": "Auto: only sets that need one",
    # check
    r"is stale; write it anew by:": "is out of date; regenerate it with:",
}
"""What messages said, as patterns, and what they say now."""


def main() -> int:
    """Print how many snapshots are in which kind; return 1 where a difference has no reason."""
    before = snapshots_before()
    now = snapshots_now()
    kinds: Counter[str] = Counter()
    unexplained = []
    for name, text in before.items():
        kind = kind_of(name, text, now.get(name))
        kinds[kind or "WITHOUT A REASON"] += 1
        if kind is None:
            unexplained.append(name)
    for name in now.keys() - before.keys():
        kind = NEW if name.startswith(("rule/", "help/rule.txt")) else None
        kinds[kind or "WITHOUT A REASON"] += 1
        if kind is None:
            unexplained.append(name)

    print(f"{len(before)} snapshots at {BEFORE}, {len(now)} now")
    for kind, count in kinds.most_common():
        print(f"{count:6} {kind}")
    for name in sorted(unexplained):
        print(f"without a reason: {name}")
        lines = difflib.unified_diff(
            masked(before.get(name, "")).splitlines(), masked(now.get(name, "")).splitlines(), n=0
        )
        print("\n".join(list(lines)[:20]))
    return 1 if unexplained else 0


def snapshots_before() -> dict[str, str]:
    """Return the snapshots of the earlier commit by name."""
    archive = subprocess.run(
        ["git", "archive", BEFORE, FOLDER], cwd=ROOT, capture_output=True, check=True
    ).stdout
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member)
            if content is not None:
                found[member.name.removeprefix(f"{FOLDER}/")] = content.read().decode()
    return found


def snapshots_now() -> dict[str, str]:
    """Return the snapshots in this tree by name."""
    root = ROOT / FOLDER
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in root.rglob("*")
        if path.is_file()
    }


def kind_of(name: str, before: str, now: str | None) -> str | None:
    """Return what became of a snapshot, or None where it differs and nothing says why."""
    if now is None:
        return None
    if before == now:
        return "identical"
    if masked(before) == masked(now):
        return "identical with the watcher's own objects masked"
    if name.startswith("help/"):
        return HELP
    if name.startswith("krm/results."):
        return KRM if only_less(before, now) else None
    if name.endswith("sarif.json"):
        same = earlier_sarif(json.loads(now)) == json.loads(reworded(before))
        return SARIF if same else None
    if reworded(before) == now:
        return MESSAGES
    return None


_OWN = re.compile(r"^ *name: (\S+-restart-(?:watcher|script-x+))$", re.M)


def masked(text: str) -> str:
    """Return an output in which each of the watcher's own objects is only its name."""
    documents = re.split(r"^(?:---\n|(?=- apiVersion))", text, flags=re.M)
    return "---\n".join(own_name(document) or document for document in documents)


def own_name(document: str) -> str | None:
    """Return the kind and name of an object of the watcher's own, else None."""
    name = _OWN.search(document)
    kind = re.search(r"^ *kind: (\w+)$", document, re.M)
    if name is None or kind is None or "plan.json" in document:
        return None
    return f"{kind[1]} {name[1]}\n"


def reworded(text: str) -> str:
    """Return messages in their new words."""
    for old, new in REWORDED.items():
        text = re.sub(old, new, text)
    return text


def only_less(before: str, now: str) -> bool:
    """Whether lines were only left out."""
    lines = difflib.ndiff(before.splitlines(), now.splitlines())
    return not any(line.startswith("+ ") for line in lines)


def earlier_sarif(log: dict[str, Any]) -> dict[str, Any]:
    """Return a log without what it did not have before."""
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        driver.pop("version")
        for rule in driver["rules"]:
            for field in ("fullDescription", "help", "defaultConfiguration"):
                rule.pop(field)
        for result in run["results"]:
            region = result["locations"][0]["physicalLocation"]["region"]
            region.pop("endLine", None)
            region.pop("endColumn", None)
    return log


if __name__ == "__main__":
    sys.exit(main())
