"""Write docs/parity.md from the figures that `make cluster-all` has measured, and only those.

Run: python -m scripts.make_parity_page FIGURES
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jobsetgen.diff.consequences import IDS
from tests.cluster.oracles.allowed_differences import ALLOWED, ALLOWED_IN_BEHAVIOUR

Json = dict[str, Any]
TARGET = Path(__file__).resolve().parent.parent / "docs" / "parity.md"
VALID = {
    "test_validity": "The invalid and the valid fixtures, sent unchanged to the API server and the"
    " webhooks:",
    "test_rule_examples": "The examples on the rules' pages, in the same way:",
    "test_random_specs": "Random specs with unusual values, and the output for those that"
    " jobsetgen accepts:",
    "test_admitted": "The output, created on the API server:",
    "test_corpus": "Manifests from other projects:",
}
EXPANSIONS = {
    "expansion of fixtures": "the fixtures",
    "expansion of the corpus": "manifests from other projects",
}
SPEEDS = {f"speed of {jobs:3} Jobs": jobs for jobs in (10, 100, 500)}
PARTS = (
    "measured",
    *EXPANSIONS,
    "placement",
    "behaviour",
    "bursts",
    "survival",
    "gitops",
    "races",
    "review",
    "consequences",
    "real node",
    *SPEEDS,
)
REVIEWED_WITH = {"argocd": "Argo CD", "flux": "Flux"}
SIDES = {
    "controller": "the controller",
    "watcher": "`jobs: watcher`",
    "git": "`jobs: git`",
    "watcher before": "`jobs: watcher`, release before",
    "git before": "`jobs: git`, release before",
}

INTRODUCTION = """
The tests build and run the real components, and compare them with the output of jobsetgen and the
behavior of its watcher: the API server decides what is valid, the JobSet controller what is right.
`make cluster-test` shows each mechanism once; `make cluster-all` runs everything and writes this
page from its measurements.
"""
EXPANSION = """
Each JobSet is created under the real controller, and the output of jobsetgen on a second API
server. Every field of the stored objects is compared, with `jobs: git` and with `jobs: watcher`,
the latter also with the preview.
"""
PLACEMENT = """
Exclusive placement: {inputs} sets with {jobs} Jobs and {pods} pods, all of them scheduled, with the
controller and with jobsetgen. Each leader's affinity is the one that the webhook writes, each Job
runs in one topology domain, and no two Jobs of the same priority share one.
"""
BEHAVIOURS = """
A scenario is a JobSet and a series of events that happen to its Jobs. It runs under the real
controller, and under the watcher with either owner of the Jobs. After each event, the Jobs with all
their fields, the counters and the outcome are compared; at the end, so are the Events about
restarts and the outcome.
"""
BURSTS = """
Bursts, run in the same way on {on}: up to eight Jobs fail or complete together, some of them within
one second, while neither the controller nor the watcher is running. The reference model of the
simulations predicts what the controller did after each burst.
"""
SURVIVAL = """
The multislice example, on nodes with a topology domain for each Job, with the Job controller, the
scheduler and a process in place of the watcher's pod. Throughout, no Job had two live attempts, and
no pod existed next to one of an older attempt of its Job.
"""
GITOPS = """
The real Argo CD, with client-side and with server-side apply, and the real Flux apply a rendered
set from a Git repository, with self-healing and pruning, on nodes that KWOK simulates. Each scenario
runs with each of the three and with either owner of the Jobs; those about settings of one tool run
with that tool and `jobs: git`. [Recommended settings and known limits](gitops.md).
"""
RACES = """
At a given moment of a restart, the watcher is frozen for at least 3 s, while Argo CD recreates what
is missing, or syncs a push of another image. Then it continues, after the push for 3 s next to its
successor: either the restart ends as usual and counts once, or only the new image runs, with
counters at zero. A round is exact if the restart had not passed that moment when the watcher froze.
"""
REVIEW = """
For each consequence that `jobsetgen diff` knows, a change is pushed to the repository that Argo CD
or Flux applies to a running set. The verdict of the diff is compared with the cluster: the UIDs of
the objects, the counters, and what the tool reports. Flux also counts as not synced while it
reconciles, every 5 s. [All consequences](consequences.md).
"""
CONSEQUENCES = """
Each row of the table of consequences, in each of its modes and update policies, on the API server
alone: {cases} cases, {held} as predicted ({on}).
"""
REAL_NODE = """
On a real node (kubelet, containerd, CoreDNS), Argo CD applies a set of two Jobs of two pods, where
the second Job waits for the first. The pods run Python programs that find their peers by DNS name,
sum a number over all of them, and continue from their checkpoint. One is killed with SIGKILL: after
{decided:.1f} s the restart is decided, and after {again:.1f} s the processes of the next attempt
have taken two more steps.
"""
SPEED = """
Seconds from the failure of one pod until every Job of the next attempt exists: 2 pods per Job, one
API server, one after the other. While the watcher runs, the JobSet controller and its webhooks are
absent, as on the clusters of users. Medians; the last columns have the lowest and the highest value,
and the ratio of the medians. No pod ever existed next to one of an older attempt of its Job, and
every delete and patch by a watcher named the UID of its object. The release before is the wheel in
tests/compat, in the same rounds.
"""
WHERE = """
Where the time goes: the first second belongs to the Job controller, which batches changes of pods.
The watcher acts when a Job announces its failure (FailureTarget), the controller when it has failed.
Between the last delete and the first new Job, only the garbage collector is at work; it deletes pod
by pod.
"""
MEANING = """
All of them, by their numbers in [differences.md](differences.md), which has the reasons. Any other
difference fails a test.
"""


def page(figures: Json) -> str:
    """Return the page. What was not measured is said, and left out."""
    sections = (
        _head(figures),
        _valid(figures),
        _expansion(figures),
        _behaviour(figures),
        _survival(figures),
        _gitops(figures),
        _review(figures),
        _speed(figures),
        _meant(),
    )
    return "\n".join(line for section in sections for line in section)


def _head(figures: Json) -> Iterator[str]:
    yield "# Compared with the real JobSet controller\n"
    yield _paragraph(INTRODUCTION)
    if when := figures.get("measured"):
        yield f"Measured on {when['on']}, {when['cores']} cores, Linux, Python {when['python']}.\n"
        yield from _table(
            "component | version", [f"{name} | {each}" for name, each in when["versions"].items()]
        )
    if missing := [part for part in PARTS if part not in figures]:
        yield f"Not measured: {', '.join(missing)}.\n"


def _valid(figures: Json) -> Iterator[str]:
    said = {
        test: [figures[part] for part in sorted(figures) if part.startswith(f"said by {test} ")]
        for test in VALID
    }
    if any(said.values()):
        yield "## What is valid\n"
    for test, about in VALID.items():
        if said[test]:
            yield f"{about}\n"
            yield "".join(f"- {line}\n" for line in said[test])


def _expansion(figures: Json) -> Iterator[str]:
    found = {what: figures[part] for part, what in EXPANSIONS.items() if part in figures}
    rows = [
        f"{what} | {each['inputs']} | {each['equal']} | {_objects(each)}"
        for what, each in found.items()
    ]
    if rows:
        head = "| inputs | equal, except for allowed differences | Jobs | Services | claims"
        yield "## What is created\n"
        yield _paragraph(EXPANSION)
        yield from _table(head, rows)

    if "placement" in figures:
        yield _paragraph(PLACEMENT.format(**figures["placement"]))


def _objects(each: Json) -> str:
    return " | ".join(
        str(each["objects"].get(kind, 0)) for kind in ("Job", "Service", "PersistentVolumeClaim")
    )


def _behaviour(figures: Json) -> Iterator[str]:
    if "behaviour" in figures:
        found = figures["behaviour"]
        yield "## What happens\n"
        yield _paragraph(BEHAVIOURS)
        yield from _played(
            {
                "[written by hand](../tests/cluster/scenarios)": found["named"],
                "random": found["random"],
            }
        )
        yield _happened("random scenarios", found["random"])
    if "bursts" in figures:
        found = figures["bursts"]
        yield _paragraph(BURSTS.format(on=found["on"]))
        yield from _played({f"{found['bursts']} bursts": found})
        yield _happened("scenarios with bursts", found)


def _played(parts: dict[str, Json]) -> Iterator[str]:
    """Yield a table of scenarios that were played, and those in which both sides differ."""
    rows = [
        f"{what} | {each['scenarios']} | {each['events']} | {each['agree']}"
        for what, each in parts.items()
    ]
    yield from _table("| scenarios | events | agree", rows)
    for each in parts.values():
        if each["differ"]:
            yield _paragraph(f"They differ in: {', '.join(each['differ'])}.")


def _happened(which: str, found: Json) -> str:
    counts = ", ".join(f"{what} {count}" for what, count in sorted(found["happened"].items()))
    return _paragraph(f"Number of {which} in which each of these occurred: {counts}.")


def _survival(figures: Json) -> Iterator[str]:
    if "survival" in figures:
        yield "## What the watcher survives\n"
        yield _paragraph(SURVIVAL)
        rows = [
            f"{_scenario(name)} | {_numbers(each)}"
            for name, each in sorted(figures["survival"].items())
        ]
        yield from _table("what | jobs | measured", rows)


def _scenario(name: str) -> str:
    """Return the columns of a scenario: its name is its sentence, and who makes the Jobs."""
    sentence, _, jobs = name.rpartition("-")
    return f"{_sentence(sentence)} | {jobs}"


def _numbers(each: Json) -> str:
    return ", ".join(f"{what}: {round(number, 1):g}" for what, number in sorted(each.items()))


def _gitops(figures: Json) -> Iterator[str]:
    if "gitops" in figures:
        yield "## Under Argo CD and Flux\n"
        yield _paragraph(GITOPS)
        yield from _held(
            "what", {"rounds": 1}, figures["gitops"], lambda name: _sentence(name.split("-")[0])
        )
    if "races" in figures:
        yield _paragraph(RACES)
        yield from _held(
            "frozen at | while Argo CD", {"rounds": 1, "exact": 0}, figures["races"], _race
        )
    if "real node" in figures:
        yield _paragraph(REAL_NODE.format(**figures["real node"]))


def _review(figures: Json) -> Iterator[str]:
    if "review" not in figures:
        return
    yield "## What diff says, and what the tools do\n"
    yield _paragraph(REVIEW)
    rows: dict[tuple[int, str, str], dict[str, Json]] = {}
    for each in figures["review"]:
        order = IDS.index(each["consequence"])
        key = order, each["consequence"], _sentence(each["change"])
        rows.setdefault(key, {})[each["tool"]] = each
    head = " | ".join(["id", "change", *REVIEWED_WITH.values(), "observed"])
    yield from _table(head, [_review_row(*key[1:], rows[key]) for key in sorted(rows)])
    if "consequences" in figures:
        yield _paragraph(CONSEQUENCES.format(**figures["consequences"]))


def _review_row(consequence: str, change: str, by_tool: dict[str, Json]) -> str:
    held = {True: "as predicted", False: "not as predicted"}
    columns = [held[by_tool[tool]["held"]] if tool in by_tool else "" for tool in REVIEWED_WITH]
    return " | ".join([f"`{consequence}`", change, *columns, _seen(by_tool)])


def _seen(by_tool: dict[str, Json]) -> str:
    """Return what was seen; once if both tools did the same."""
    words = {tool: each["words"] for tool, each in by_tool.items()}
    if len(set(words.values())) == 1:
        return str(next(iter(words.values())))
    return "; ".join(
        f"{REVIEWED_WITH[tool]}: {words[tool]}" for tool in REVIEWED_WITH if tool in words
    )


def _held(
    head: str, counted: dict[str, int], found: Json, row_of: Callable[[str], str]
) -> Iterator[str]:
    """Yield a table of how many cases held, by what they show.

    The figures named in `counted` are summed; it holds what counts where a case has none.
    """
    cases: dict[str, list[Json]] = {}
    for name, each in found.items():
        cases.setdefault(row_of(name), []).append(each)
    columns = " | ".join([head, "cases", *counted, "held"])
    yield from _table(columns, [_held_row(row, cases[row], counted) for row in sorted(cases)])


def _held_row(row: str, cases: list[Json], counted: dict[str, int]) -> str:
    sums = [sum(each.get(*figure) for each in cases) for figure in counted.items()]
    held = sum(each["held"] for each in cases)
    return " | ".join(map(str, [row, len(cases), *sums, held]))


def _race(name: str) -> str:
    moment, act, _ = name.split("-")
    return f"{moment} | {_sentence(act).removeprefix('it ')}"


def _sentence(name: str) -> str:
    return name.replace("_", " ")


def _speed(figures: Json) -> Iterator[str]:
    parts = {jobs: figures[part] for part, jobs in SPEEDS.items() if part in figures}
    if not parts:
        return
    rows = [
        f"{jobs} | {name} | {_timing(sides[side])}"
        for jobs, sides in parts.items()
        for side, name in SIDES.items()
        if side in sides
    ]
    yield "## How long a restart takes\n"
    yield _paragraph(SPEED)
    yield from _table(
        "Jobs | | rounds | first delete | last delete | first new Job | all new Jobs | lowest, highest"
        " | ratio",
        rows,
    )
    yield _paragraph(WHERE)


def _timing(each: Json) -> str:
    moments = [
        each["medians"][key] for key in ("first_delete", "last_delete", "first_made", "all_made")
    ]
    return " | ".join(
        [
            str(each["rounds"]),
            *(f"{seconds:.1f}" for seconds in moments),
            f"{each['least']:.1f}, {each['most']:.1f}",
            f"{each['ratio']:.2f}",
        ]
    )


def _meant() -> Iterator[str]:
    yield "## Allowed differences\n"
    yield _paragraph(MEANING)
    listed = sorted({(int(number), what) for number, what, *_ in (*ALLOWED, *ALLOWED_IN_BEHAVIOUR)})
    yield "".join(f"- {number}: {what}\n" for number, what in listed)


def _paragraph(text: str) -> str:
    return (
        textwrap.fill(" ".join(text.split()), 120, break_on_hyphens=False, break_long_words=False)
        + "\n"
    )


def _table(head: str, rows: list[str]) -> Iterator[str]:
    """Yield a table; a head that begins with a line has an empty first column."""
    columns = [column.strip() for column in head.split("|")]
    yield f"| {' | '.join(columns)} |".replace("|  |", "| |")
    yield f"| {' | '.join(['---'] * len(columns))} |"
    yield "".join(f"| {row} |\n" for row in rows)


def main() -> None:
    """Write the page of a file of figures."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m scripts.make_parity_page FIGURES")
    TARGET.write_text(page(json.loads(Path(sys.argv[1]).read_text())), encoding="utf-8")


if __name__ == "__main__":
    main()
