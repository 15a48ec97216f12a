"""The comment on a pull request: what it says first, what is cut, and what never is."""

from __future__ import annotations

import re

import pytest

from jobsetgen.diff.as_markdown import as_markdown
from tests.unit.diff.builders import (
    change,
    comparison,
    image_change,
    jobs_change,
    parameter_server,
    removal,
    replaced,
    training,
)
from tests.unit.diff.conftest import FOLDER
from tests.unit.diff.examples import EXAMPLES, thousand_jobs
from tests.unit.diff.hostile import TEXTS, broken, hostile
from tests.unit.diff.markdown import leaks

COMMAND = "jobsetgen diff --base main jobs"
SECTION = re.compile(r"<details.*?</details>\n", re.S)


def comment(comparisons, **options):
    return as_markdown(comparisons, command=COMMAND, **options)


def sections(text):
    return SECTION.findall(text)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_comment_as_a_reviewer_reads_it(name, read_by_people):
    read_by_people(f"markdown/{name}.md", comment(EXAMPLES[name]()))


def test_no_snapshot_of_a_comment_is_left_behind():
    assert {path.stem for path in (FOLDER / "markdown").iterdir()} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_own_words_are_read_as_words(name):
    assert leaks(comment(EXAMPLES[name]())) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_comment_begins_with_the_marker_by_which_it_is_found(name):
    assert comment(EXAMPLES[name]()).startswith("<!-- jobsetgen diff -->\n**")


def test_no_change_is_one_short_comment():
    assert comment([comparison(unchanged=3)]) == (
        "<!-- jobsetgen diff -->\n"
        "**No change to 3 sets.**\n"
        "\n"
        "- **Restarts when applied:** none.\n"
        "- **Data deleted:** none.\n"
        "- **Safe to approve: the objects of these sets stay as they are.**\n"
        "\n"
        f"Reproduce with: `{COMMAND}`\n"
    )


def test_the_worst_section_alone_is_open():
    text = comment([comparison(image_change(), removal())])
    assert [each.splitlines()[0] for each in sections(text)] == ["<details open>", "<details>"]
    assert "ablation" in sections(text)[0]


def test_a_section_has_at_most_40_lines():
    fields = [replaced(("spec", f"field-{index}"), index, index + 1) for index in range(100)]
    old = training()
    changed = change(
        old,
        old,
        jobs_change("in-place", "Updates the Jobs in place.", *fields),
        jobs_change("metadata-only", "Changes labels.", *fields),
        causes=["a", "b", "c", "d", "e"],
        notes=("a",) * 10,
        failure_policy=(("a",) * 20, ("b",) * 20),
    )
    text = sections(comment([comparison(changed)]))[0]
    assert len(text.splitlines()) <= 40
    shown = text.count("@@ slice")
    assert shown > 1
    assert f"\n{200 - shown} more changes: `{COMMAND}`\n" in text


def test_a_section_of_many_consequences_has_at_most_40_lines():
    old = training()
    ids = ["recreates", "suspends", "ownership", "prunes", "in-place", "policy-only", "watcher-only", "metadata-only"]
    changes = [jobs_change(each, f"This is {each}", replaced(("spec", each), 1, 2)) for each in ids]
    text = sections(comment([comparison(change(old, old, *changes))]))[0]
    assert len(text.splitlines()) <= 40
    shown = text.count("@@ slice")
    assert 1 < shown < len(ids)
    assert f"\n{len(ids) - shown} more changes: `{COMMAND}`\n" in text


def test_a_long_script_is_shortened_in_its_section():
    lines = ["@@ -1,99 +1,99 @@", *(f"+line {index}" for index in range(99))]
    old = training()
    changed = change(old, old, jobs_change("in-place", "x", replaced(("data", "run.sh"), "", "", lines)))
    text = sections(comment([comparison(changed)]))[0]
    assert len(text.splitlines()) <= 40
    shown = text.count("+line ")
    assert shown > 20
    assert f"\n  ({100 - shown - 1} more lines)\n" in text


@pytest.mark.parametrize("name", ["hostile", "broken"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("most", [1_000, 8_000, 65_000])
def test_a_comment_is_never_longer_than_it_may_be(name, text, most):
    make = {"hostile": hostile, "broken": broken}[name]
    text = TEXTS[text] * 50
    assert len(as_markdown([make(text)] * 4, command=text, max_chars=most)) <= most


def many():
    """Return 10,000 sets: 300 that lose data, 200 whose sync fails, and 9,500 that are recreated."""
    lost = [removal(f"lost-{index}", claims=[f"data-{index}"]) for index in range(300)]
    failing = [
        change(each, each, jobs_change("sync-fails", "The sync fails."))
        for each in (training(f"failing-{index}") for index in range(200))
    ]
    return [*lost, *failing, *(image_change(f"recreated-{index}") for index in range(9_500))]


def test_totals_and_the_worst_sets_survive_at_10_000_sets():
    text = comment([comparison(*many(), unchanged=0)])
    assert len(text) <= 65_000
    assert "**Deletes data of 300 of 10,000 sets (300 claims) where Argo CD or Flux prunes.**" in text
    assert "All sets together, changed or not: 156,400 → 155,200 Jobs, " in text
    for index in range(300):
        assert f"`research/lost-{index}`" in text
    for index in range(200):
        assert f"`research/failing-{index}`" in text
    assert "And 9,950 more sets: Deletes data (250), Sync fails (200), Recreates (9,500)." in text
    shown = len(sections(text))
    assert shown > 10
    assert f"{10_000 - shown:,} more sections of the least severe changes left out for length." in text


def test_every_section_that_is_shown_is_whole():
    text = comment([comparison(*many(), unchanged=0)], max_chars=20_000)
    assert text.count("<details") == text.count("</details>") == len(sections(text))
    assert len(text) <= 20_000
    assert leaks(text) == []


def test_names_go_before_rows_where_there_is_little_room():
    sets = [removal(f"{'long' * 12}-{index}", claims=[f"data-{index}"]) for index in range(150)]
    text = comment([comparison(*sets)], max_chars=13_000)
    assert len(text) <= 13_000
    assert all(f"-{index}`" in text for index in range(150))
    assert 0 < text.count("\n| `") < 50


def test_where_not_even_the_names_fit_the_first_ones_and_the_number_of_the_others_are_shown():
    sets = [removal(f"{'long' * 12}-{index}") for index in range(10_000)]
    text = comment([comparison(*sets, unchanged=0)])
    assert len(text) <= 65_000
    named = len(set(re.findall(r"`research/(?:long)+-(\d+)`", text)))
    assert named > 900
    assert f" and {10_000 - named:,} more.\n" in text
    assert "\n10,000 more sections of the least severe changes left out for length.\n" in text


def test_a_comment_of_many_sets_fits_in_little_room():
    ids = ["sync-fails", "recreates", "suspends", "in-place", "policy-only", "watcher-only", "metadata-only"]
    sets = [removal(f"lost-{index}", claims=[f"data-{index}"]) for index in range(9)]
    for each in ids * 9:
        old = training(f"{each}-{len(sets)}")
        sets.append(change(old, old, jobs_change(each, "x")))
    comparisons = [comparison(*sets)]
    for most in range(200, 9_000, 21):
        text = comment(comparisons, max_chars=most)
        assert len(text) <= most
        # What is cut is counted wherever the totals fit.
        left = len(sets) - len(sections(text))
        assert most < 1_500 or f"\n{left} more sections of" in text


def test_fifty_rows_then_the_number_of_the_others():
    sets = [image_change(f"set-{index}") for index in range(60)]
    text = comment([comparison(*sets)])
    assert text.count("\n| `") == 50
    assert "\nAnd 10 more sets: Recreates (10).\n" in text


def test_a_change_of_1_000_jobs_is_one_short_comment():
    assert len(comment(thousand_jobs()).splitlines()) < 40


def test_prices_before_and_after():
    new = training("new", generation="bbbb")
    grown = change(None, new, jobs_change("creates", "Creates 16 Jobs."))
    found = comment([comparison(grown, unchanged=1)], prices={"google.com/tpu": 4.2})
    assert "\nPrice of accelerators per hour while all sets run: 537.60 → 1,075.20.\n" in found


def test_what_has_no_price_is_named():
    old = parameter_server()
    changed = change(old, old, jobs_change("in-place", "x"))
    found = comment([comparison(changed, unchanged=1)], prices={"google.com/tpu": 4.2})
    assert "\nPrice of accelerators per hour while all sets run: 537.60; not priced: `nvidia.com/gpu`.\n" in found
