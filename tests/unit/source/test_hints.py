"""The advice for text that is not YAML: one error for each mistake, and in it how to mend that."""

from __future__ import annotations

import pytest

from jobsetgen.source.loader import load
from jobsetgen.source.templates import HINT as TEMPLATE

QUOTE = "Quote the value: it contains ': '."
TAB = "Indent with spaces; YAML does not allow tabs in indentation."
DUPLICATE = "Remove one of the two, or merge their values."

MISTAKES = {
    "a colon in a value": ("a:\n  note: warning: b\n", QUOTE),
    "a colon in an item": ("args:\n- echo: a: b\n", QUOTE),
    "a colon in a mapping in brackets": ("a: {b: c: d}\n", QUOTE),
    "a tab": ("a:\n\tb: c\n", TAB),
    "a tab after spaces": ("a:\n  b: c\n  \td: e\n", TAB),
    "too deep": ("a: 1\n  b: 2\n", "Indent this line by 0 spaces, like line 1."),
    "between two": ("a:\n    b: 1\n  c: 2\n", "Indent this line by 0 spaces, like line 1, or by 4 spaces, like line 2."),
    "too deep behind a comment": ("a: 1\n\n# x\n  b: 2\n", "Indent this line by 0 spaces, like line 1."),
    "less than the first": ("  a: 1\nb: 2\n", "Indent this line by 2 spaces, like line 1."),
    "in a list": ("a:\n- b: 1\n - c: 2\n", "Indent this line by 0 spaces, like line 2."),
    "no colon": ("metadata\n  name: a\n", "Write a ':' after the key on line 1."),
    "no colon in the middle": ("a: 1\nmetadata\nb: 2\n", "Write a ':' after the key on line 2, or remove the line."),
    "no space after the colon": ("a:\n  b:1\n  c: 2\n", "Write a space after the ':' on line 2."),
    "a double quote": ('a: "b\nc: d\n', "Close the quote that opens on line 1, column 4."),
    "a single quote": ("a:\n- 'b\n", "Close the quote that opens on line 2, column 3."),
    "text behind a quote": ('a: "b" c\n', "Quote the whole value, and check that each quote before it is closed."),
    "an escape": ('a: "\\d"\n', "Write the backslash twice, or put the value in single quotes."),
    "a bracket": (
        "a:\n  b: [c, d\ne: f\n",
        "Close the '[' that opens on line 2, column 6, or separate its items with commas.",
    ),
    "a brace": ("a: {b: [1], c: ']'\n", "Close the '{' that opens on line 1, column 4, or separate its items with commas."),
    "a list in a bracket": ("a: [\n- b\n", "Close the '[' that opens on line 1, column 4, or separate its items with commas."),
    "a list on the line of its key": ("a: - b\n", "Begin the list on the line below its key."),
    "an at sign": ("a: @b\n", "Quote the value: it begins with '@'."),
    "a duplicate": ("a: 1\nb: 2\na: 3\n", DUPLICATE),
    "a template": ("name: {{ .Values.name }}\n", TEMPLATE),
    "a template in a text": ("image: registry/{{ .Values.name }}:1\nb: {{ .Values.tag }}x\n", TEMPLATE),
    "a template before a text": ("image: {{ .Values.image }}:1\n", TEMPLATE),
    "a line of a template": ("a: b\n{{- if .Values.c }}\nc: d\n{{- end }}\n", TEMPLATE),
    "a template with dashes": ("a: {{- .Values.c | quote -}}\n", TEMPLATE),
    "an include": ("metadata:\n  {{- include \"x\" . | nindent 2 }}\n", TEMPLATE),
    "a statement of Jinja": ("{% if a %}\nb: c\n{% endif %}\n", TEMPLATE),
}  # fmt: skip


@pytest.mark.parametrize(("text", "hint"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_error_with_its_advice(text, hint):
    (item,) = load("f", text.encode()).diagnostics
    assert item.hint == hint


def test_lines_are_those_of_the_file():
    (item,) = load("f", b'kind: a\n---\nb: "c\n').diagnostics
    assert item.hint == "Close the quote that opens on line 3, column 4."


CANARY = "Y2FuYXJ5"


@pytest.mark.parametrize(
    "text",
    [
        f"a: {CANARY}: {CANARY}\n",
        f"a: 1\n  {CANARY}: 2\n",
        f"a: '{CANARY}\n",
        f"a: [{CANARY}\nb: {CANARY}\n",
        f"{CANARY}\na: 1\n",
        f'a: "{CANARY}" {CANARY}\n',
        f"a: @{CANARY}\n",
    ],
)
def test_no_advice_repeats_a_value(text):
    (item,) = load("f", text.encode()).diagnostics
    assert item.hint
    assert CANARY not in item.hint


@pytest.mark.parametrize("text", ["a: ${{ b }}\n", "a: '{{ b }}'\n", "a: x{{ b }}\n", "a: |\n  {{ b }}\n"])
def test_braces_in_a_string_are_a_string(text):
    loaded = load("f", text.encode())
    assert loaded.diagnostics == []
    assert "{{ b }}" in loaded.documents[0].data["a"]
