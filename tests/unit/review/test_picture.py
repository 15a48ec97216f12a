"""The picture of a set: what is in it, what bounds it, and that text of the input stays text."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.review.picture import picture
from jobsetgen.review.policies import Wait
from jobsetgen.review.summary import Group, Place, Summary, summarize
from jobsetgen.review.terminal import harmless
from jobsetgen.source.text import Source
from tests.cases import FIXTURES
from tests.golden.groups import PICTURES

SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  startupPolicy: {startupPolicyOrder: ORDER}
  replicatedJobs:
"""
REPLICATED_JOB = """\
  - name: %s
    replicas: %d
    template:
      spec:
        parallelism: 2
        completions: 2
        template: {spec: {containers: [{name: main, image: "registry.example.com/train:1"}]}}
"""


def summary_of(order: str = "AnyOrder", options: Settings | None = None, **replicas: int) -> Summary:
    """Return the summary of a set with some replicatedJobs, by name."""
    text = SET.replace("ORDER", order) + "".join(REPLICATED_JOB % each for each in replicas.items())
    options = options or Settings()
    result = compile([Source(name="set.yaml", content=text.encode())], options)
    assert result.ok, result.diagnostics
    return summarize(result.expansions[0], options)


def texts(drawn: str) -> list[str]:
    """Return the text of each label as a reader sees it, with its lines separated by line breaks."""
    found = re.findall(r'"([^"]*)"', drawn)
    return [
        re.sub(r"#(\d+);", lambda entity: chr(int(entity[1])), each.replace("<br/>", "\n"))  # what Mermaid shows
        for each in found
    ]


def arrows(drawn: str) -> list[str]:
    return [line.strip() for line in drawn.splitlines() if "-->" in line]


# What is in it


def test_up_to_seven_jobs_each_is_a_node():
    drawn = picture(summary_of(workers=7))
    assert texts(drawn)[:4] == ["JobSet train: 7 Jobs, 14 pods", "Jobs", "workers", "train-workers-0\n2 pods"]
    assert drawn.count("train-workers-") == 7


def test_from_eight_jobs_on_those_of_a_replicated_job_are_one_node():
    drawn = picture(summary_of(driver=1, workers=7))
    assert texts(drawn)[2:4] == ["driver: 1 Job of 2 pods", "workers 0 … 6: 7 Jobs of 2 pods"]


def test_a_replicated_job_without_jobs_is_one_node():
    drawn = picture(summary_of(workers=1, spare=0))
    assert '    r1["spare: 0 Jobs of 2 pods"]\n' in drawn


def test_a_replicated_job_waits_for_the_one_before_it_to_be_ready():
    drawn = picture(summary_of("InOrder", fetch=1, driver=1, workers=2))
    assert arrows(drawn) == ['r0 -->|"is ready"| r1', 'r1 -->|"is ready"| r2']


def test_a_long_chain_is_drawn_from_top_to_bottom():
    names = {f"step{number}": 1 for number in range(4)}
    assert "    direction TB\n" in picture(summary_of("InOrder", **names))
    del names["step3"]
    assert "    direction LR\n" in picture(summary_of("InOrder", **names))


def test_the_watcher_creates_the_jobs_or_watches_them():
    assert '  watcher -.->|"watches"| jobs\n' in picture(summary_of(workers=2))
    drawn = picture(summary_of(options=Settings(jobs="watcher"), workers=2))
    assert '  watcher -.->|"creates and watches"| jobs\n' in drawn


@pytest.mark.parametrize("case", PICTURES, ids=lambda case: case.name)
def test_it_says_what_explain_says(case, cli):
    explained = cli("explain", folder=case).out
    drawn = cli("graph", folder=case).out
    lines = {line for text in texts(drawn) for line in text.splitlines()}
    others = {line for line in lines if line not in explained}
    # Of one Job among several, of the Service and of arrows, explain has no words of its own.
    own = r"[a-z-]+-\d+|(one|[\w./-]+) [\w./-]+ to itself|Service [a-z-]+|watches|is (ready|complete)"
    assert [line for line in others if not re.fullmatch(own, line)] == []


# Bounds


def nodes(drawn: str) -> int:
    """Return the number of nodes and boxes."""
    return len(re.findall(r"^ *(?:subgraph )?\w+\[", drawn, re.M))


def wide(groups: int, jobs: int = 1, name: str = "job%d") -> Summary:
    """Return the summary of a set with many replicatedJobs, more than an input may have."""
    base = summary_of(workers=1)
    (group,) = base.groups
    made = tuple(replace(group, name=name % number, jobs=jobs) for number in range(groups))
    return replace(base, groups=made, jobs=groups * jobs, pods=groups * jobs * group.pods)


def chained(groups: int, awaited: int) -> Summary:
    """Return the summary of a set whose replicatedJobs each wait for the last ones before them."""
    base = wide(groups)
    order = tuple(
        Wait(replicated_job=each.name, awaited=before.name, status="ready")
        for index, each in enumerate(base.groups)
        for before in base.groups[max(0, index - awaited) : index]
    )
    return replace(base, order=order)


def within_bounds(drawn: str) -> bool:
    return nodes(drawn) <= 200 and len(drawn) <= 20_000 and len(arrows(drawn)) <= 100


def test_10_000_jobs_are_one_node():
    drawn = picture(summary_of(options=Settings(max_jobs=10_000), workers=10_000))
    assert texts(drawn)[2] == "workers 0 … 9999: 10,000 Jobs of 2 pods"
    assert nodes(drawn) == 5


def test_of_3_000_replicated_jobs_the_rest_is_one_node():
    drawn = picture(wide(3_000))
    assert within_bounds(drawn)
    assert "and 2,980 more replicatedJobs\n2,980 Jobs, 5,960 pods" in texts(drawn)
    assert nodes(drawn) == 24


def test_the_rest_waits_for_what_is_shown():
    drawn = picture(chained(3_000, awaited=1))
    assert within_bounds(drawn)
    assert arrows(drawn)[-1] == 'r19 -->|"is ready"| more'
    assert len(arrows(drawn)) == 20


def test_many_replicated_jobs_without_jobs_are_bounded_too():
    drawn = picture(wide(3_000, jobs=0))
    assert within_bounds(drawn)
    assert "and 2,980 more replicatedJobs\n0 Jobs, 0 pods" in texts(drawn)


def test_long_names_leave_fewer_replicated_jobs():
    base = wide(20, name="😀" * 300 + "%d")
    drawn = picture(base)
    assert within_bounds(drawn)
    assert 'more["and ' in drawn
    assert f"{'😀' * 159}…" in texts(drawn)


def test_what_waits_for_all_before_it_leaves_fewer_replicated_jobs():
    drawn = picture(chained(20, awaited=20))
    assert within_bounds(drawn)
    assert len(arrows(drawn)) > 80
    assert 'more["and ' in drawn


# Text of the input

LABEL = r'"(?:[A-Za-z0-9 ,./:()-]|#\d+;|<br/>)+"'
LINES = [
    "flowchart TB",
    " *direction (?:TB|LR)",
    rf" *(?:subgraph )?[a-z]+\d*(?:_\d+)?\[{LABEL}\]",
    rf" *[a-z]+\d* (?:-->|-\.->)\|{LABEL}\| [a-z]+\d*",
    " *(?:jobset|jobs) --- (?:jobs|service)",
    " *end",
]
GRAMMAR = re.compile("|".join(LINES))
HOSTILE = [
    '"]; click r0 href "javascript:alert(1)"', "end", "`code`", "```", "~~~", "%%{init: {'theme': 'dark'}}%%",
    "%% comment", "---\ntitle: a\n---", "<img src=x onerror=alert(1)>", "</foreignObject><script>", "&lt;b&gt;",
    "#quot;", "#35;", "ﬂ°lt¶ß", "@octocat", "#123", "https://example.com", "www.example.com", "a@b.example", "1. a", "- a",
    "1) a", "# a", "> a", "**a**", "__a__", "[a](b)", "![a](b)", "$$x$$", "fa:fa-user", ":::red", "style a:#f00;",
    "classDef a fill:#f00;", "a --> b", "a@{shape: x}", "\x1b[31m", "::error::a", "##[error]a", "\u202e", "\u2028",
    "\ufeff", "\x00", "", " ", "/close", "(a", "a)", "{{a}}", "a|b", "a\tb", "    a", "日本", "\U0001f600", "x" * 400,
]  # fmt: skip


def shown(text: str) -> str:
    """Return what a reader sees of a text: one line, with what acts on terminals escaped, cut where it is long."""
    words = " ".join(harmless(text).split())
    return words if len(words) <= 160 else f"{words[:159]}…"


BASE = summary_of(workers=1)


def hostile(text: str, jobs: int = 2) -> Summary:
    """Return a summary in which every text of the input is a hostile one."""
    group = Group(
        name=text,
        jobs=jobs,
        pods=1,
        accelerators={text: 1},
        completions=None,
        is_indexed=True,
        images=(),
        resources=(),
        requests={},
        volumes=(),
        queue=None,
        node_labels={},
        names=(),
    )
    other = replace(group, name=f"{text}.")
    return replace(
        BASE,
        name=text,
        namespace=text,
        groups=(group, other),
        jobs=2 * jobs,
        accelerators={text: 1},
        places=(Place(replicated_job=text, topology=text, means=(text,), domains=(text,) * jobs),),
        subdomain=text,
        hosts=(text,),
        coordinator=text,
        order=(Wait(replicated_job=other.name, awaited=text, status=text),),
        watcher_job=text,
    )


def check_text(text: str, jobs: int) -> None:
    drawn = picture(hostile(text, jobs))
    assert all(GRAMMAR.fullmatch(line) for line in drawn.splitlines())
    assert within_bounds(drawn)
    assert {shown(f"Job {text}"), shown(f"is {text}")} <= set(texts(drawn))


@pytest.mark.parametrize("jobs", [2, 100])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_a_label(text, jobs):
    check_text(text, jobs)


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=40) | st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join), st.sampled_from([2, 100]))
def test_any_text_is_only_ever_a_label(text, jobs):
    check_text(text, jobs)


def test_every_text_of_the_input_that_is_drawn_can_be_hostile():
    """No field of a summary that holds text of the input is left out above."""
    undrawn = {
        "is_sliced",
        "pods",
        "is_suspended",
        "claims",
        "mode",
        "is_in_order",
        "start",
        "success",
        "failure",
        "after_end",
    }
    undrawn |= {"watcher", "update", "generation"}
    changed = hostile("hostile")
    same = {each.name for each in fields(Summary) if getattr(BASE, each.name) == getattr(changed, each.name)}
    assert same == undrawn


def test_each_domain_of_a_pinned_job_is_named(cli):
    drawn = cli("graph", folder=FIXTURES / "valid" / "domains").out
    first, second = drawn.split("\n\n")
    assert "one-workers-1\n2 pods\ncloud.google.com/gke-nodepool pool-2 to itself" in texts(first)
    assert "two-workers-0\n2 pods\ncloud.google.com/gke-nodepool pool-7 to itself" in texts(second)


def test_without_jobsets_nothing_is_drawn(cli, tmp_path):
    tmp_path.joinpath("map.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n")
    run = cli("graph", "map.yaml", folder=tmp_path)
    assert run == (0, "", "jobsetgen: the input contains no JobSets\n")


def test_a_watcher_without_jobs_watches_the_set(cli):
    case = FIXTURES / "valid" / "no-replicated-jobs"
    drawn = cli("graph", "--restart-watcher", "Always", folder=case).out
    assert '  watcher -.->|"watches"| jobset\n' in drawn
    assert "jobs" not in re.findall(r"\w+", drawn)


def test_the_statuses_are_those_of_explain(cli):
    case = FIXTURES / "valid" / "multiple-depends-on"
    drawn = cli("graph", folder=case).out
    assert arrows(drawn) == ['r0 -->|"is complete"| r2', 'r1 -->|"is ready"| r2']
    assert "train when fetch is complete and cache is ready" in cli("explain", folder=case).out
