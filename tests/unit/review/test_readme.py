"""The README of an output folder: its sections, its limits, and text of strangers in it."""

from __future__ import annotations

import json
import re

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.review import explain
from jobsetgen.review.readme import readme
from jobsetgen.review.summary import summarize
from jobsetgen.source.text import Source

SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: {name}, namespace: research}}
spec:
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        backoffLimit: 0
        template: {{spec: {{restartPolicy: Never, containers: [{{name: main, image: "a:1"}}]}}}}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
GUIDE = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: research}
spec:
  startupPolicy: {startupPolicyOrder: InOrder}
  failurePolicy:
    maxRestarts: 2
    rules: [{name: lost, action: RestartJob, targetReplicatedJobs: [workers], onJobFailureMessagePatterns: [PATTERN]}]
  replicatedJobs:
  - name: driver
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            containers: [{name: main, image: IMAGE}]
  - name: workers
    replicas: 2
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            nodeSelector: {example.com/pool: gpu, disk: ssd}
            resourceClaims: [{name: link, resourceClaimName: link}]
            resources: {limits: {memory: 8Gi}}
            initContainers: [{name: setup, image: "setup:1", resources: {requests: {cpu: 0.5}}}]
            containers:
            - name: main
              image: IMAGE
              resources: {requests: {cpu: "4"}, limits: {nvidia.com/gpu: 8}, claims: [{name: link}]}
"""


def compiled(text: str, settings: Settings | None = None):
    result = compile([Source(name="in.yaml", content=text.encode())], settings or Settings())
    assert result.ok, result.diagnostics
    return result


def many(count: int):
    return compiled("---\n".join(SET.format(name=f"set-{number:02}") for number in range(count)))


def guide(pattern: str = "lost", image: str = "train:1") -> str:
    return readme(compiled(GUIDE.replace("PATTERN", json.dumps(pattern)).replace("IMAGE", json.dumps(image))))


def section(text: str, label: str) -> list[str]:
    """Return the entries of a fact."""
    found = re.search(rf"^- {label}:(.*)\n((?:  - .*\n)*)", text, re.M)
    first, *others = [found[1].strip(), *(line.removeprefix("  - ") for line in found[2].splitlines())]
    return [first, *others] if first else others


def test_it_begins_with_one_heading_and_one_sentence():
    assert readme(compiled(f"{SET.format(name='a')}---\n{CONFIG}")).splitlines()[:5] == [
        "<!-- markdownlint-disable-file MD013 -->",
        "",
        "# Rendered JobSets",
        "",
        "1 JobSet: 2 Jobs, 2 pods; 1 other object.",
    ]


def test_a_folder_without_jobsets_says_so():
    assert readme(compiled(CONFIG)).endswith("\n\n# Rendered JobSets\n\nNo JobSets; 1 other object.\n")


def test_an_empty_folder_says_so():
    assert readme(compiled("", Settings(allow_empty=True))).endswith("\n\n# Rendered JobSets\n\nNo JobSets.\n")


def test_every_set_has_all_facts_in_this_order():
    labels = re.findall(r"^(?:## |- )(\w+)", readme(many(2)), re.M)
    facts = ["Runs", "Images", "Resources", "Placement", "Order", "Success", "Failure", "Update", "Generation"]
    assert labels == ["JobSet", *facts] * 2


def test_resources_are_those_that_the_spec_sets():
    assert section(guide(), "Resources") == [
        "`workers`, each pod: limits `memory: 8Gi`",
        "`workers`, container `setup`: requests `cpu: 0.5`",
        "`workers`, container `main`: requests `cpu: 4`; limits `nvidia.com/gpu: 8`; claims `link`",
    ]
    assert section(readme(many(1)), "Resources") == ["no requests or limits"]


def test_placement_has_the_labels_of_nodes():
    assert section(guide(), "Placement") == [
        "`workers`: nodes labelled `example.com/pool=gpu` and `disk=ssd` (not exclusive)"
    ]


def test_it_says_what_explain_says_in_the_same_words():
    result = compiled(GUIDE.replace("PATTERN", "lost").replace("IMAGE", "train:1"))
    (expansion,) = result.expansions
    told = explain.as_text(summarize(expansion, result.settings))
    text = readme(result)
    facts = ("Runs", "Images", "Placement", "Order", "Failure", "Update", "Generation")
    entries = [entry.replace("`", "") for label in facts for entry in section(text, label)]
    assert len(entries) > 8
    assert [entry for entry in entries if entry not in told] == []


HOSTILE = [
    "@team",
    "<img src=x onerror=alert(1)>",
    "[a](https://example.com)",
    "x` @team `y",
    "x``` @team\n```",
    "a\n## JobSet `b`\n/close",
    "https://example.com",
    "<!-- -->",
    " ends ",
    "\u202eb\x1bc",
    "``a`",
]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_pattern_stands_in_a_code_span_and_nowhere_else(pattern):
    harmless, hostile = guide("lost"), guide(pattern)
    before, after = harmless.split("`lost`, that Job")
    assert hostile.startswith(before)
    assert hostile.endswith(after)
    span = hostile[len(before) : len(hostile) - len(f", that Job{after}")]
    assert re.fullmatch(r"(`+)(?!`)(?:(?!\1)[^\n])+\1", span)


def test_an_image_stands_in_a_code_span():
    assert "`a[b](c)@team`" in guide(image="a[b](c)@team")


def test_text_that_is_not_quoted_is_ours():
    """Without code spans, the README of a set has no word that its spec has brought in."""
    without_picture = re.sub(r"```mermaid\n.*?\n```", "", guide("PATTERN"), flags=re.S)
    words = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", without_picture)
    names = ("PATTERN", "train", "research", "driver", "workers", "lost", "main", "setup", "link", "gpu", "ssd", "8Gi")
    assert [name for name in names if name in words] == []


def test_up_to_50_sets_have_sections_and_more_have_lines():
    assert readme(many(50)).count("\n## ") == 50
    text = readme(many(51))
    assert "\n## " not in text
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == 51
    generation = many(51).expansions[7].generation
    assert lines[7] == f"- JobSet `set-07` in namespace `research`: 2 Jobs, 2 pods; `a:1`; generation `{generation}`"


@pytest.mark.parametrize(("count", "pictures"), [(1, 1), (20, 20), (21, 0), (51, 0)])
def test_up_to_20_sets_have_pictures(count, pictures):
    assert readme(many(count)).count("\n\n```mermaid\nflowchart TB\n") == pictures


def test_a_picture_is_drawn_from_a_summary_without_markdown():
    text = readme(compiled(GUIDE.replace("PATTERN", "lost").replace("IMAGE", "train:1")))
    picture = text.partition("```mermaid\n")[2].partition("\n```")[0]
    assert "driver" in picture
    assert "`" not in picture


def test_nothing_else_than_the_sets_changes_it():
    assert readme(many(2)) == readme(many(2))
    assert readme(compiled(SET.format(name="a"))) != readme(compiled(SET.format(name="a").replace("a:1", "a:2")))
