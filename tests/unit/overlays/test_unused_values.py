"""Values that no template uses."""

from __future__ import annotations

import time

import pytest

from jobsetgen.overlays.unused_values import unused_values
from jobsetgen.overlays.values import Values
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source


def unused(values: str, *templates: str) -> list[str]:
    (document,) = load("values.yaml", values.encode()).documents
    sources = [Source(f"{index}.yaml.j2", text.encode()) for index, text in enumerate(templates)]
    found = unused_values(Values(document.root), sources, ())
    return [each.message.removeprefix("no template uses the value ").strip("'") for each in found]


@pytest.mark.parametrize(
    ("values", "template", "expected"),
    [
        ("{a: 1}", "{{ a }}", []),
        ("{a: 1}", "a: {{ b }}", ["a"]),
        ("{a: 1}", "{% if b == a %}{% endif %}", []),
        ("{a: {b: 1}}", "{{ a.c }}", ["a.b"]),
        ("{a: {b: 1}}", "{{ a['c'] }}", ["a.b"]),
        ("{a: {b: {c: 1, d: 1}}}", "{{ a.b.c }}", ["a.b.d"]),
        ("{a: {b: {c: 1, d: 1}}}", '{{ a["b"] . c }}', []),
        ("{a: {b: 1}}", "{{ a[c] }}", []),
        ("{a: {b: 1}}", "{{ a['c' ~ d] }}", []),
        ("{a: {b: 1}}", "{% for c in a %}{{ c.d }}{% endfor %}", []),
        ("{a: {b: 1}}", "{{ a.items() | list }}", []),
        ("{a: {b: 1}}", "{{ a.get ('c') }}", []),
        ("{a: {b: 1}}", "{{ a | tojson }}", []),
        ("{a: {b: 1}}", "{% set c = a %}{{ c.d }} {{ a.d }}", []),
        ("{a: [{b: 1}]}", "{{ a }}", []),
        ("{a-b: 1}", "{{ c['a-b'] }}", []),
        ("{a-b: 1}", "{{ a.c }}", ["a-b"]),
        ("{a: 1}", "{{ '}}' ~ a }}", []),
        ("{a: 1}", "{{ a", []),
        ("{a: 1}", "a", ["a"]),
        ("{größe: 1}", "{{ größe }}", []),
        ("{a: 1, b: 2}", "{# a #}{{ b }}", ["a"]),
    ],
)
def test_a_value_is_unused_if_no_expression_can_use_it(values, template, expected):
    assert unused(values, template) == expected


def test_a_value_is_used_by_any_template():
    assert unused("{a: 1, b: 1, c: 1}", "{{ a }}", "{{ b }}") == ["c"]


@pytest.mark.parametrize(
    "template", ["{{" * 200_000, "{{ a" + " " * 400_000, "{{ a['" * 100_000, "{{ a.b( }}" * 40_000, "{{a" * 100_000]
)
def test_a_hostile_template_takes_no_longer_than_others_of_its_length(template):
    began = time.process_time()
    unused("{a: {b: 1}}", template)
    # A quadratic search takes minutes.
    assert time.process_time() - began < 5
