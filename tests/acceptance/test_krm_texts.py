"""A KRM function passes every text on as it was given, in whatever style it is written."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from jobsetgen.cli.main import jobsetgen
from jobsetgen.source.loader import load
from jobsetgen.source.scalars import TEXTS_OF_KYAML
from tests.unit.test_emit import TEXT
from tests.unit.test_emit_readers import assert_all_read, kubectls_reading

HEAD = """apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: notes}
  data:
"""
# White space to Python and Unicode, and not to YAML.
BLANKS = {"ideographic space": "\u3000", "no-break space": "\xa0", "en space": "\u2002", "ogham space": "\u1680"}
# Line breaks to Python, and to some readers of YAML.
BREAKS = {"next line": "\x85", "line separator": "\u2028", "paragraph separator": "\u2029", "form feed": "\x0c"}
AWKWARD = [*BLANKS.values(), *BREAKS.values(), "\ufeff", "\u200b", "\t", " ", "\n", "\n", "a", "b", ":", "#", "'", '"']
TEXTS = TEXT | st.text(st.sampled_from(AWKWARD), max_size=12)


def indented(text: str, indent: str = "      ") -> str:
    """Return the lines of a text as kustomize indents them: behind every line break that YAML 1.1 has."""
    return re.sub(r"(?m)^(?=.)|(?<=[\x85\u2028\u2029])(?!\n|\Z)", indent, text)


def continued(text: str) -> str:
    return indented(text, "     ").removeprefix("     ")


STYLES = {
    "escaped": json.dumps,
    "double-quoted": lambda text: json.dumps(text, ensure_ascii=False),
    "double-quoted lines": lambda text: '"{}"'.format(continued(text.replace("\\", "").replace('"', ""))),
    "single-quoted": lambda text: "'{}'".format(continued(text.replace("'", "''"))),
    "literal": lambda text: f"|2\n{indented(text)}",
    "literal, stripped": lambda text: f"|2-\n{indented(text)}",
    "literal, kept": lambda text: f"|2+\n{indented(text)}",
    "folded": lambda text: f">2\n{indented(text)}",
    "folded, kept": lambda text: f">2+\n{indented(text)}",
    "plain": continued,
}


def passed_through(text: str) -> str:
    run = CliRunner().invoke(jobsetgen, ["krm"], input=text.encode(), prog_name="jobsetgen")
    assert (run.exit_code, run.stderr) == (0, "")
    return run.stdout


def assert_passes_through(text: str) -> None:
    """Compare what every reader finds in the output with what a function finds in its input, where it can be read."""
    documents, diagnostics = load("stdin", text.encode(), TEXTS_OF_KYAML)
    assume(not diagnostics and len(documents) == 1)
    data: Any = documents[0].data
    assume(data.keys() == {"apiVersion", "kind", "items"})
    assume(data["items"][0].keys() == {"apiVersion", "kind", "metadata", "data"})
    assert_all_read(passed_through(text), data)


@pytest.mark.parametrize("blank", [*BLANKS.values(), *BREAKS.values()], ids=[*BLANKS, *BREAKS])
@pytest.mark.parametrize("lines", ["first\n{}\nlast", "first\n{0}{0}\n{0}last", "first\n\n{}\n", "{}\nlast\n"])
def test_a_line_of_white_space_alone_passes_through(blank, lines):
    text = lines.format(blank)
    made = passed_through(f"{HEAD}    text: {json.dumps(text)}\n")
    (item,) = kubectls_reading(made)["items"]
    assert item["data"] == {"text": text}
    assert_all_read(made, kubectls_reading(made))


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(TEXTS, min_size=1, max_size=3))
@example(["first\n\u3000\nlast", "first\n\xa0\n\u2002\nlast\n"])
def test_a_text_in_any_style_passes_through(style, texts):
    entries = "".join(f"    text{index}: {STYLES[style](text)}\n" for index, text in enumerate(texts))
    assert_passes_through(HEAD + entries)


# As kustomize 5.8 writes them: with the break as it is, and the next line indented.
OF_KUSTOMIZE = {
    "    text: |\n      a\n      b\u2028      c\n      d\u2029\n      e\n": "a\nb\u2028c\nd\u2029\ne\n",
    "    text: 'b\u2028      c'\n": "b\u2028c",
    "    ? 'key\u2028      b'\n    : y\n": None,
}


@pytest.mark.parametrize("written", OF_KUSTOMIZE, ids=["literal", "single-quoted", "key"])
def test_what_kustomize_writes_for_a_line_separator_is_read_as_it_means_it(written):
    made = passed_through(HEAD + written)
    (item,) = kubectls_reading(made)["items"]
    expected = OF_KUSTOMIZE[written]
    assert item["data"] == ({"text": expected} if expected else {"key\u2028b": "y"})
    assert_all_read(made, kubectls_reading(made))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3))
@example({"first\n\u3000\nlast": "first\n\u3000\nlast"})
def test_keys_and_texts_pass_through(data):
    assert_passes_through(HEAD + f"    {json.dumps(data, indent=8)}\n")


@settings(max_examples=50, deadline=None, derandomize=True)
@given(TEXTS)
@example("first\n\u3000\nlast")
def test_texts_pass_through_at_any_depth(text):
    written = json.dumps([[text, {text: [text]}], {"a": {"b": text}}])
    assert_passes_through(HEAD + f"    deep: {written}\n")


def test_half_of_a_surrogate_pair_is_refused():
    run = CliRunner().invoke(jobsetgen, ["krm"], input=HEAD + '    text: "\\ud800"\n', prog_name="jobsetgen")
    assert (run.exit_code, run.stdout) == (1, "")
    assert "the string contains an unpaired surrogate" in run.stderr
