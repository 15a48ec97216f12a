"""The emitter: what is written is read back, by YAML 1.1 and 1.2 alike, and looks as a person would write it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from jobsetgen import emit
from jobsetgen.expand.objects import JobFamily, Slot, fill
from jobsetgen.pipeline import compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.cases import VALID

AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "a ",
        " a",
        "\n",
        "a\n",
        "a\n\n",
        "\na",
        "a\n b",
        " a\nb",
        "\ta\nb",
        "a\n \nb",
        "a\r\nb",
        "\u2028",
        "\x85",
        "\ufeff",
        "yes",
        "NO",
        "~",
        "null",
        "1",
        "1.0",
        "1e3",
        "0o7",
        "0x1",
        "1_0",
        "1:30",
        "2026-01-01",
        ".inf",
        "-",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a:",
        "#",
        "a #b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'a'",
        '"a"',
        "%a",
        "@a",
        "`a",
        "{a}",
        "[a]",
        ",a",
        "---",
        "--- a",
        "...",
        "=",
        "<<",
        "é",
        "😀",
        "a" * 200,
        "\x00",
        "\x07",
        "\\",
        "a\\n",
    ]
)
TEXT = AWKWARD | st.text(max_size=20).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
DATA = st.dictionaries(
    TEXT,
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
    ),
    min_size=1,
    max_size=4,
)


def normal(value):
    """What is left of data in JSON: a float with a whole value is a whole number."""
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


@settings(max_examples=400, derandomize=True)
@given(DATA)
def test_what_is_written_is_read_back(data):
    loaded = load("text.yaml", emit.text(data).encode())
    assert loaded.diagnostics == []
    assert loaded.documents[0].data == normal(data)


@settings(max_examples=300, derandomize=True)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_readers_of_both_yaml_versions_find_the_same_strings(texts):
    written = emit.text({"texts": texts})
    for version in ((1, 1), (1, 2)):
        yaml = YAML(typ="safe", pure=True)
        yaml.version = version
        assert yaml.load(io.StringIO(written)) == {"texts": texts}


@settings(max_examples=200, derandomize=True)
@given(DATA)
def test_writing_again_changes_nothing(data):
    once = emit.text(data)
    assert emit.text(load("text.yaml", once.encode()).documents[0].data) == once


PLAIN = [
    "a",
    "a-b",
    "a.b",
    "a/b",
    "a_b",
    "a:b",
    "$(VAR)",
    "--flag",
    "-x",
    "2x4",
    "1.2.3",
    "10.0.0.1",
    "v1",
    "1Gi",
    "200m",
    "metadata.labels['a']",
    "/dev/shm",
    "./run",
    "~user",
    "é",
    "中文",
    "gs://bucket/path",
    "registry.example.com/train:1.0",
    "a=b",
    "0x1g",
    "nope",
    "yesterday",
    "truer",
    "(a)",
    "+a",
    "^a",
    ";a",
    "<a",
]
QUOTED = [
    "yes",
    "No",
    "on",
    "y",
    "true",
    "null",
    "~",
    "1",
    "-1",
    "+1",
    "1.5",
    ".5",
    "1e3",
    "0o17",
    "0644",
    "1_000",
    "0b1",
    "1:30",
    "2026-11-24",
    ".inf",
    "-.Inf",
    ".nan",
    "=",
    "<<",
    "",
    " a",
    "a ",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "- a",
    "-",
    "@a",
    "`a",
    "%a",
    "&a",
    "*a",
    "!a",
    "|a",
    ">a",
    "{a",
    "[a",
    "'a",
    '"a',
    "?",
    ",a",
    "---",
    "a\tb",
    "\x07",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_where_no_reader_could_err(text):
    assert emit.scalar(text) == text


@pytest.mark.parametrize("text", QUOTED)
def test_quoted_where_one_could(text):
    assert emit.scalar(text)[0] == emit.scalar(text)[-1] == '"'


BLOCKS = {
    "a\nb\n": "x: |\n  a\n  b\n",
    "a\nb": "x: |-\n  a\n  b\n",
    "a\n\n\n": "x: |+\n  a\n\n\n",
    "  a\nb\n": "x: |2\n    a\n  b\n",
    "a\n\nb\n": "x: |\n  a\n\n  b\n",
    "\na\n": 'x: "\\na\\n"\n',
    "a\n  \nb\n": 'x: "a\\n  \\nb\\n"\n',
}


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks(text):
    assert emit.text({"x": text}) == BLOCKS[text]


def test_the_layout():
    data = {"b": [{"name": "x", "z": {}}, [1, [2]], []], "a": {"c": None, "d": 1.5, "e": 1e30, "f": True}}
    assert emit.text(data) == (
        "a:\n  c: null\n  d: 1.5\n  e: 1.0e+30\n  f: true\nb:\n- name: x\n  z: {}\n- - 1\n  - - 2\n- []\n"
    )


def test_a_long_key_is_an_explicit_one():
    key = "k" * 1500
    assert load("text.yaml", emit.text({key: {"a": 1}}).encode()).documents[0].data == {key: {"a": 1}}


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_a_stamped_job_is_the_job_as_an_object(case):
    sources = [Source(name=path.name, content=path.read_bytes()) for path in sorted(case.glob("*.y*ml"))]
    for group in compile([source for source in sources if source.name != "jobsetgen.yaml"]).groups:
        for family in group.parts:
            if isinstance(family, JobFamily):
                slots = [family.slots(index) for index in range(family.replicas)]
                stamped = list(emit.stamp(emit.text(family.template), slots))
                assert stamped == [emit.text(item) for item in family.objects()]


def test_a_slot_is_quoted_where_its_value_needs_it():
    template = {"a": Slot("x"), "b": "100%", "c": [Slot("y"), Slot("x")]}
    values = [{"x": "1", "y": "one"}, {"x": "one", "y": "1"}]
    written = list(emit.stamp(emit.text(template), values))
    assert written == ['a: "1"\nb: 100%\nc:\n- one\n- "1"\n', 'a: one\nb: 100%\nc:\n- "1"\n- one\n']
    assert [emit.text(fill(template, each)) for each in values] == written


@settings(max_examples=200, deadline=None, derandomize=True)
@given(DATA)
def test_an_entry_stands_where_a_list_has_it(data):
    # A list without a name: the order of fields in an object depends on the key that it is under.
    assert '"":\n' + emit.entry(data) == emit.text({"": [data]})
