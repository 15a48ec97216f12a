"""Plain scalars, tags and keys: what kubectl reads, we read."""

from __future__ import annotations

import json
import math
import shutil
import subprocess

import pytest

from jobsetgen.source.loader import load
from jobsetgen.source.scalars import as_json, key_text, resolve, resolve_tagged

# What is written, and what it is.
WORDS = """
    yes Yes YES y Y true True TRUE on On ON
    no No NO n N false False FALSE off Off OFF
    ~ null Null NULL
"""
BOOLEANS = {**dict.fromkeys(WORDS.split()[:11], True), **dict.fromkeys(WORDS.split()[11:22], False)}
NULLS = dict.fromkeys(WORDS.split()[22:])
NUMBERS: dict[str, int | float] = {
    "0": 0, "-0": 0, "+0": 0, "00": 0, "007": 7, "0644": 420, "0755": 493, "0777": 511, "08": 8, "09": 9,
    "012345678": 12345678, "0o17": 15, "0O17": 15, "0x1F": 31, "0X1f": 31, "-0x10": -16, "+0x10": 16,
    "0b11": 3, "0B11": 3, "-0b11": -3, "1_000": 1000, "1__0": 10, "1_": 1, "0_7": 7, "0x_f": 15, "1_0.5": 10.5,
    "1e3": 1000, "1E3": 1000, "1e+3": 1000, "1e-3": 0.001, "1.0": 1, "1.5": 1.5, "1.": 1, "5.": 5, ".5": 0.5,
    "-.5": -0.5, "+.5": 0.5, ".5_0": 0.5, ".5e3": 500, "0.1": 0.1, "0.10": 0.1, "-0.0": 0, "1.10": 1.1,
    "1e21": 1e21, "1e22": 1e22, "9223372036854775807": 9223372036854775807,
    "-9223372036854775808": -9223372036854775808, "9223372036854775808": 9223372036854775808.0,
    "18446744073709551615": 18446744073709551615.0, "18446744073709551616": 18446744073709551616.0,
    "123456789012345678901234567890": 1.2345678901234568e29, "0xffffffffffffffff": 18446744073709551615.0,
    "20010101": 20010101, "1.27": 1.27, "1.30": 1.3, "+1": 1, "-1": -1, "0e0": 0, "0e1": 0, "00.5": 0.5, "00e1": 0,
    "0.5e-10": 5e-11, "1.7976931348623157e308": 1.7976931348623157e308, "5e-324": 5e-324, "1e-400": 0, "+1.5": 1.5,
    "-1.5e2": -150, "1_000.5": 1000.5, "12e03": 12000, "0b1_0": 2, "-0o17": -15, "+0b1": 1, "-017": -15, "+017": 15,
    "-08": -8, "9007199254740993": 9007199254740993, "1.0000000000000000001": 1, "123e2": 12300, "12.30e1": 123,
    "0_": 0, "0__1": 1, "-_1": -1, "+_1": 1, "1_e3": 1000, "1e_3": 1000, "1e3_": 1000,
}  # fmt: skip
TEXTS = [
    "yEs",
    "oN",
    "tRUE",
    "nULL",
    "0o8",
    "0xg",
    "0x",
    "0b2",
    "0b",
    "_1",
    "1e",
    "1e400",
    "-1e400",
    ".",
    "..",
    ".e5",
    "0x10000000000000000",
    "1:30",
    "12:30:45",
    "190:20:30",
    "2001-01-01",
    "2001-1-1",
    "2001-01-01T00:00:00Z",
    "2001-13-45",
    "1.2.3",
    "v1",
    "10.0.0.1",
    "1a",
    "1e3a",
    "+",
    "--",
    "=",
    "<<",
    "1,000",
    "1'000",
    "0.0.0.0",
    "200G",
    "100Mi",
    "1Gi",
    "4k",
    "1e3Mi",
    "2x4",
    "2x2x1",
    ".nAn",
    "nan",
    "NaN",
    "inf",
    "Infinity",
    "true1",
    "yes1",
    "nope",
    "yesterday",
    "ON1",
    "1.7976931348623159e308",
    "0x1p-2",
    "0x1.8p1",
    "1n",
    "1u",
    "0o",
    "~1",
    "null1",
    "._5",
    ".5_",
    ".5__0",
    "a_b",
    "/dev/shm",
    "$(VAR)",
    "metadata.name",
    "é",
    "中文",
]
TABLE = {**BOOLEANS, **NULLS, **NUMBERS, **{text: text for text in TEXTS}}

TAGGED = {
    "! 12": "12", '! "12"': "12", "!!int '12'": 12, "!!float 3": 3, "!!float '1e3'": 1000, "!!bool 'yes'": True,
    "!!null ''": None, "!!binary aGk=": "hi", "!!timestamp 2001-01-01": "2001-01-01", "!!str 12": "12", "!!str": "",
    "!!int 0b1": 1, "!!int 1_0": 10, "!!seq [1]": [1], "!!map {a: 1}": {"a": 1},
}  # fmt: skip
MISFITS = """
    !!int abc|!!int 1.5|!!int 1e3|!!int|!!float x|!!float .inf|!!bool x|!!bool 1|!!null x|!!binary x|!!timestamp x|.inf|
    -.Inf|+.INF|.nan|.NaN
"""
KEYS = {
    "yes": "true", "off": "false", "1": "1", "1.0": "1", "1.5": "1.5", "1e3": "1000", "1e6": "1e+06",
    "1234567.5": "1.2345675e+06", "0.00001": "1e-05", '"yes"': "yes", "0x10": "16", "1_0": "10", "1e21": "1e+21",
    "2001-01-01": "2001-01-01", "!!str 12": "12", '!!int "12"': "12", "-0.0": "-0", "1.1": "1.1",
    "16777217.0": "1.6777216e+07", "100000.5": "100000.5", "123456789.0": "1.2345679e+08", "0644": "420",
}  # fmt: skip
BAD_KEYS = ["~", "null", "[a]", "{a: b}"]

HEAD = "apiVersion: example.com/v1\nkind: Probe\nmetadata: {name: probe}\nspec:\n"


def ours(text: str):
    loaded = load("probe.yaml", text.encode())
    assert not loaded.diagnostics, loaded.diagnostics
    return loaded.documents[0].data["spec"]


@pytest.fixture
def kubectl(tmp_path):
    """Read a document as kubectl does, with no cluster; None where kubectl refuses it."""
    program = shutil.which("kubectl")
    if program is None:
        pytest.skip("kubectl is not on this machine")

    def read(text: str):
        file = tmp_path / "probe.yaml"
        file.write_text(text, encoding="utf-8")
        command = [program, "patch", "--local", "-f", str(file), "-p", "{}", "--type", "merge", "-o", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return json.loads(done.stdout)["spec"] if done.returncode == 0 else None

    return read


def same(a, b) -> bool:
    """Whether two values are one in JSON; a float beyond the integers may be printed as one."""
    if isinstance(a, float) and isinstance(b, (int, float)) and not isinstance(b, bool):
        return a == float(b)
    return type(a) is type(b) and a == b


def test_the_table_is_long_enough_to_mean_something():
    assert len(TABLE) >= 150


@pytest.mark.parametrize("text", TABLE)
def test_resolve(text):
    assert same(as_json(resolve(text)), TABLE[text])


def test_kubectl_reads_the_table_alike(kubectl):
    items = "".join(f"- {text}\n" for text in TABLE)
    read = kubectl(HEAD + items)
    assert read is not None
    assert [text for text, value in zip(TABLE, read, strict=True) if not same(TABLE[text], value)] == []


@pytest.mark.parametrize("text", TAGGED)
def test_tagged(text):
    assert same(ours(f"{HEAD}- {text}\n")[0], TAGGED[text])


def test_kubectl_reads_tags_alike(kubectl):
    read = kubectl(HEAD + "".join(f"- {text}\n" for text in TAGGED))
    assert read == list(TAGGED.values())


@pytest.mark.parametrize("text", [text.strip() for text in MISFITS.split("|")])
def test_what_does_not_fit_its_tag_or_json_is_refused(text, kubectl):
    loaded = load("probe.yaml", f"{HEAD}- {text}\n".encode())
    assert [item.code for item in loaded.diagnostics] == ["JSG004" if text.startswith("!") else "JSG007"]
    assert loaded.diagnostics[0].line == 5
    assert kubectl(f"{HEAD}- {text}\n") is None


@pytest.mark.parametrize("text", KEYS)
def test_keys(text):
    assert ours(f"{HEAD}  {text}: v\n") == {KEYS[text]: "v"}


def test_kubectl_reads_keys_alike(kubectl):
    read = kubectl(HEAD + "".join(f"- {text}: v\n" for text in KEYS))
    assert read == [{key: "v"} for key in KEYS.values()]


@pytest.mark.parametrize("text", BAD_KEYS)
def test_keys_without_a_form_in_json_are_refused(text, kubectl):
    loaded = load("probe.yaml", f"{HEAD}  ? {text}\n  : v\n".encode())
    assert [item.code for item in loaded.diagnostics] == ["JSG007"]
    assert kubectl(f"{HEAD}  ? {text}\n  : v\n") is None


MERGES = {
    "a key before the merge loses": "{a: &a {x: 1}, b: {x: 2, <<: *a}}",
    "a key after the merge wins": "{a: &a {x: 1}, b: {<<: *a, x: 2}}",
    "of a list the earlier wins": "{a: &a {x: 1}, c: &c {x: 2, z: 2}, b: {<<: [*a, *c]}}",
    "of two merges the later wins": "{a: &a {x: 1}, c: &c {x: 2, z: 2}, b: {<<: *a, <<: *c}}",
    "a merge key may have its tag": "{a: &a {x: 1}, b: {!!merge <<: *a}}",
    "a merge key that is quoted may have its tag": '{a: &a {x: 1}, b: {!!merge "<<": *a}}',
    "a text of this form may have the tag": "[!!merge <<, '<<', <<]",
    "a quoted merge key is a key": '{a: &a {x: 1}, b: {"<<": *a}}',
    "merges nest": "{a: &a {x: 1}, b: &b {<<: *a, z: 2}, c: {<<: *b, w: 3}}",
    "an anchor may be used again": "{a: [&a 1, *a, &a 2, *a]}",
}


@pytest.mark.parametrize("case", MERGES)
def test_merge_keys_and_anchors_as_kubectl(case, kubectl):
    text = HEAD.removesuffix("\n") + f" {MERGES[case]}\n"
    assert ours(text) == kubectl(text)


def test_unknown_tags_are_known_to_be_unknown():
    assert [item.code for item in load("probe.yaml", f"{HEAD}- !foo x\n".encode()).diagnostics] == ["JSG004"]


def test_infinities_have_no_form_in_json():
    for value in (math.inf, -math.inf, math.nan):
        with pytest.raises(ValueError, match="cannot be represented in JSON or Kubernetes"):
            as_json(value)


def test_key_text_of_an_infinity_is_its_yaml_form():
    assert (key_text(math.inf), key_text(-math.inf), key_text(math.nan)) == (".inf", "-.inf", ".nan")


def test_a_misfit_names_its_tag():
    with pytest.raises(ValueError, match="the value is not a valid !!int"):
        resolve_tagged("tag:yaml.org,2002:int", "abc")
