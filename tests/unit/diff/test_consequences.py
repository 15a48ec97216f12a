"""The table of consequences: complete, without contradictions, and each row with its proof."""

from __future__ import annotations

import re
import string

import pytest

from jobsetgen.diff import rows_of_jobs, rows_of_objects, rows_of_sets
from jobsetgen.diff.consequences import IDS, MEANINGS, TABLE, consequence, worst
from jobsetgen.diff.contexts import EVERY, GIT, MODES, TOOLS, WATCHER, contexts
from scripts import make_consequences
from tests.cases import ROOT

# Triggers that only occur in some contexts: Flux reads the annotation of the live Job, only a tool that deletes first can
# be refused late, and only for a tool is a claim marked as retained.
SPECIAL = {
    rows_of_jobs.BLOCKED_TOO: contexts(["git Block"], ["any", "flux"]),
    rows_of_jobs.REFUSED_JOBS: contexts(GIT),
    rows_of_jobs.EDITED: contexts(GIT),
    rows_of_jobs.NAMES: contexts(GIT),
    rows_of_sets.HANDED_OVER: contexts(WATCHER),
    rows_of_objects.CLAIM_RELEASED: contexts(MODES, TOOLS),
}
TRIGGERS = sorted({row.trigger for row in TABLE})
FIELDS = {"jobs", "claims", "name", "old", "new", "fields", "tool"}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_trigger_has_one_row_in_each_context_where_it_occurs(trigger):
    covered = [each for row in TABLE if row.trigger == trigger for each in row.contexts]
    assert sorted(covered) == sorted(SPECIAL.get(trigger, EVERY))


def test_every_trigger_that_the_code_names_has_rows():
    named = {
        value
        for module in (rows_of_jobs, rows_of_objects, rows_of_sets)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_") and re.fullmatch("[a-z-]+", value)
    }
    contexts_and_sources = {"git", "watcher"}
    assert named - contexts_and_sources >= set(TRIGGERS)


def test_every_consequence_occurs():
    assert {row.id for row in TABLE} | {"none"} == set(IDS)


def test_what_deletes_or_fails_is_worse_than_what_recreates():
    assert list(IDS[:4]) == ["deletes-data", "sync-fails", "refused-late", "recreates"]
    assert worst(["in-place", "recreates", "deletes-data"]) == "deletes-data"
    assert worst([]) == "none"


def test_a_trigger_that_cannot_occur_is_an_error_of_ours():
    with pytest.raises(KeyError):
        consequence(rows_of_jobs.BLOCKED_TOO, EVERY[0])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.trigger}-{row.id}-{row.contexts[0].mode}")
def test_a_sentence_has_only_fields_that_are_filled(row):
    named = {name for _, name, _, _ in string.Formatter().parse(row.sentence) if name}
    assert named <= FIELDS
    assert not row.sentence.endswith(".")


@pytest.mark.parametrize("test", sorted({row.test for row in TABLE}))
def test_the_proof_of_a_row_exists(test):
    path, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("url", sorted({row.source.url for row in TABLE if row.source.url.startswith("docs/")}))
def test_a_source_in_the_documentation_leads_to_its_heading(url):
    path, _, anchor = url.partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / path).read_text(encoding="utf-8"), re.M)
    assert anchor in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_only_a_tool_deletes_a_claim():
    deleting = {
        each.profile
        for row in TABLE
        if row.id == "deletes-data" and not row.trigger.startswith("foreign")
        for each in row.contexts
    }
    assert deleting == set(TOOLS)


def test_the_page_is_made_from_the_table():
    assert make_consequences.PAGE.read_text(encoding="utf-8") == make_consequences.text()
    assert all(f"### {each}\n" in make_consequences.text() for each in MEANINGS)
