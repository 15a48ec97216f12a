"""Templates are filled with values as data, whatever the values are and whatever the template does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.diagnostics import Place
from jobsetgen.overlays import budget as limits
from jobsetgen.overlays.budget import CHARACTERS, Budget
from jobsetgen.overlays.filling import fill_templates, filled
from jobsetgen.overlays.values import Values, read_values
from jobsetgen.source.documents import computed
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source

VALUES = r"""
name: demo
answer: "yes"
number: 4
half: 0.5
flag: true
nothing: null
note: "a: b\n- c"
csv: x,y
image: {tag: v1, items: 3}
pools: [{name: p0}, {name: p1}]
script: |
  echo 1

  echo 2
"""


def values(text: str = VALUES) -> Values:
    return read_values(Source("values.yaml", text.encode()))[0]


def fill(text: str, known: Values | None = None):
    return filled(Source("t.yaml.j2", text.encode()), known or values(), Budget())


def data(text: str, known: Values | None = None):
    result = fill(text, known)
    assert [item.message for item in result.diagnostics] == []
    return [document.data for document in result.documents]


def errors(text: str, known: Values | None = None) -> list[tuple[str, int, int, str, str]]:
    result = fill(text, known)
    return [(item.code, item.line, item.column, item.message, item.hint) for item in result.diagnostics]


class TestDataByContext:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: {{ answer }}", "yes"),
            ("a: {{ number }}", 4),
            ("a: {{ half }}", 0.5),
            ("a: {{ flag }}", True),
            ("a: {{ nothing }}", None),
            ("a: {{ note }}", "a: b\n- c"),
            ("a: {{ image }}", {"tag": "v1", "items": 3}),
            ("a:\n  {{ image }}", {"tag": "v1", "items": 3}),
            ("a: {{ pools }}", [{"name": "p0"}, {"name": "p1"}]),
            ("a: {{ pools | map(attribute='name') }}", ["p0", "p1"]),
            ("a: {{ number / 2 }}", 2),
            ('a: "{{ number }}"', "4"),
            ("a: '{{ flag }}'", "true"),
            ("a: '{{ note }}'", "a: b\n- c"),
            ('a: "{{ note }} {{ name }}"', "a: b\n- c demo"),
            ("a: !!str {{ number }}", "4"),
            ("a: &x {{ number }}", 4),
            ("a: {{ name }}-{{ number }}", "demo-4"),
            ("a: {{ number }}{{ number }}", 44),
            ("a: {{ number }}Gi", "4Gi"),
            ("a: {{ csv }},z", "x,y,z"),
            ("a: {{ name ~ number ~ flag }}", "demo4true"),
            ("a: {{ image.items }}", 3),
        ],
    )
    def test_a_value_is_data(self, text, expected):
        assert data(text) == [{"a": expected}]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("{{ answer }}: 1", {"yes": 1}),
            ("{{ number }}: 1", {"4": 1}),
            ("{{ flag }}: 1", {"true": 1}),
            ("'{{ note }}': 1", {"a: b\n- c": 1}),
            ("example.com/{{ name }}: 1", {"example.com/demo": 1}),
        ],
    )
    def test_a_value_as_a_key_is_text(self, text, expected):
        assert data(text) == [expected]

    def test_a_value_alone_on_a_line_of_a_block_keeps_the_indentation(self):
        text = "a: |\n  if x; then\n    {{ script }}\n  fi\n  echo {{ name }}\n"
        assert data(text) == [{"a": "if x; then\n  echo 1\n\n  echo 2\nfi\necho demo\n"}]

    def test_a_word_for_a_shell_is_not_indented(self):
        assert data("a: |\n  x\n    {{ note | sh }}\n") == [{"a": "x\n  'a: b\n- c'\n"}]

    def test_sh_quotes_every_item_of_a_list(self):
        assert data("a: '{{ [name, note, number] | sh }}'") == [{"a": "demo 'a: b\n- c' 4"}]

    def test_to_json_keeps_the_order_and_all_characters(self):
        known = values('{b: "<é>", a: [1, true, null]}')
        assert data('x: \'{{ {"b": b, "a": a} | to_json }}\'', known) == [{"x": '{"b": "<é>", "a": [1, true, null]}'}]

    def test_a_whole_document_can_be_a_value(self):
        assert data("{{ image }}\n---\n{{ nothing }}\n") == [{"tag": "v1", "items": 3}]

    def test_aliases_of_the_template_are_filled_once_and_shared(self):
        assert data("a: &x [{{ name }}]\nb: *x") == [{"a": ["demo"], "b": ["demo"]}]

    @pytest.mark.parametrize(
        ("text", "column", "reason"),
        [
            ("a: x {{ note }}", 6, "contains a line break"),
            ("a: [x{{ csv }}]", 6, "contains ',', which has a meaning within brackets"),
            ("a: x{{ image }}", 5, "is a mapping, which cannot be a part of a text"),
            ('a: "{{ pools }}"', 5, "is a list, which cannot be a part of a text"),
            ("{{ image }}: 1", 1, "is a mapping, which cannot be a key"),
            ("{{ nothing }}: 1", 1, "is null, which cannot be a key"),
        ],
    )
    def test_a_value_that_does_not_fit_is_an_error_with_both_places(self, text, column, reason):
        (found,) = errors(text)
        assert found[:3] == ("JSG716", 1, column)
        assert reason in found[3]
        assert "(set at values.yaml:" in found[3] or "nothing" in text

    @pytest.mark.parametrize("value", ["b: c", "b #c", "b:", ": b", "a\u2028b", "a\tb: ", "\x07", "b ", "b\n"])
    def test_text_that_ends_a_plain_scalar_is_an_error(self, value):
        assert [found[0] for found in errors("a: x{{ v }}", Values(computed({"v": value}, Place("v"))))] == ["JSG716"]

    @pytest.mark.parametrize(
        "value", ["- b", "'b", '"b', "#b", "&b", "*b", "!b", "|b", "> b", "%b", "@b", "`b", "[b", "{b", "? b"]
    )
    def test_text_that_begins_something_else_is_an_error(self, value):
        assert errors("a: {{ v }}x", Values(computed({"v": value}, Place("v"))))[0][0] == "JSG716"

    def test_values_that_harm_only_together_are_an_error(self):
        known = Values(computed({"a": "b:", "c": " d"}, Place("v")))
        assert errors("x: {{ a }}{{ c }}y", known)[0][0] == "JSG716"

    def test_two_keys_that_become_equal_are_duplicates(self):
        assert errors("k{{ number }}: 1\nk{{ number }}: 2")[0][:4] == (
            *("JSG003", 2, 1),
            "duplicate key 'k4' (first defined on line 1)",
        )

    def test_messages_name_lines_and_expressions_of_the_template(self):
        found = errors("# note\n{% for x in [1, 2] %}\na: 1\n{% endfor %}\n")
        assert found[0][:4] == ("JSG003", 3, 1, "duplicate key 'a' (first defined on line 3)")
        assert errors("a: *{{ name }}")[0][3] != ""
        assert "\U000f0000" not in errors("a: *{{ name }}")[0][3]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


class TestAnyValue:
    @settings(max_examples=60, deadline=None)
    @given(JSON)
    def test_a_whole_scalar_is_the_value(self, value):
        known = Values(computed({"v": value}, Place("v")))
        assert data("a: {{ v }}\nb: [{{ v }}]\nz: end", known) == [{"a": value, "b": [value], "z": "end"}]

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_no_text_changes_the_structure(self, value):
        known = Values(computed({"v": value}, Place("v")))
        (found,) = data('a: "x{{ v }}y"\nb: |\n  x{{ v }}y\nz: end\n', known)
        assert found == {"a": f"x{value}y", "b": f"x{value}y\n", "z": "end"}

    @settings(max_examples=100, deadline=None)
    @given(st.text(alphabet="ab:#-, \n'\"[]{}?!&*|>%@0", max_size=6), st.sampled_from(["x{}y", "x {} y", "{}y", "x{}"]))
    def test_a_plain_scalar_is_what_yaml_reads_or_an_error(self, value, form):
        """Whatever is accepted within a plain scalar is what the text would be as YAML."""
        known = Values(computed({"v": value}, Place("v")))
        result = fill(f"a: {form.format('{{ v }}')}\nz: end\n", known)
        if not result.diagnostics:
            rendered = load("r", f"a: {form.format(value)}\nz: end\n".encode())
            assert [document.data for document in rendered.documents] == [result.documents[0].data]


class TestPlaces:
    def test_a_filled_scalar_is_in_the_template_and_its_value_can_be_found(self):
        result = fill("# note\na: x-{{ number }}\nb: {{ image }}\n")
        root = result.documents[0].root
        assert root.child("a").place == Place("t.yaml.j2", 2, 4, 18)
        assert result.origins[root.child("a").place] == (Place("values.yaml", 4, 9, 10),)
        assert root.child("b").place == Place("t.yaml.j2", 3, 4, 15)
        assert root.child("b").child("tag").place == Place("values.yaml", 10, 14, 16)

    def test_in_a_loop_a_scalar_has_several_values(self):
        result = fill("{% for p in pools %}\n- {{ p.name }}\n{% endfor %}")
        (origins,) = result.origins.values()
        assert [place.line for place in origins] == [11, 11]

    def test_comments_suppress_codes_on_lines_of_the_template(self):
        result = fill("{% if flag %}\na: 1 # jobsetgen: ignore[JSG504] because\n{% endif %}\n")
        assert result.documents[0].ignores == {("t.yaml.j2", 2): frozenset(["JSG504"])}


NUMBER = "Remove the quotes of the value, or convert it with the filter int."


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("a: {{ image.tgs }}", 1, 4, "undefined value 'image.tgs'", "Did you mean 'tag'?"),
        ("a: 1\nb: {{ nmae }}", 2, 4, "undefined value 'nmae'", "Did you mean 'name'?"),
        ("a: {{ pools[0].nam }}", 1, 4, "undefined value 'pools[0].nam'", "Did you mean 'name'?"),
        ("a: {{ pools[7] }}", 1, 4, "undefined value 'pools[7]'", ""),
        (
            "a: {{ image.n }}",
            1,
            4,
            "undefined value 'image.n'",
            "Quote the key 'n' among the values: YAML reads it as a boolean.",
        ),
        ("\n{% if nmae %}{% endif %}", 2, 1, "undefined value 'nmae'", "Did you mean 'name'?"),
        ("{{ name }}{{ 1 / 0 }}", 1, 11, "division by zero", ""),
        ("{{ name | uper }}", 1, 1, "unknown filter 'uper'", "Did you mean 'upper'?"),
        ("{% if false %}\n{{ name | uper }}{% endif %}", 2, 1, "unknown filter 'uper'", "Did you mean 'upper'?"),
        ("{{ name is defind }}", 1, 1, "unknown test 'defind'", "Did you mean 'defined'?"),
        ("a\n{% for x in pools %}", 2, 1, "'for' is not closed", "Close it with {% endfor %}."),
        (
            "{% for x in pools %}\n{% endif %}",
            2,
            1,
            "'endif' is inside 'for', which is not closed",
            "Close it with {% endfor %} first.",
        ),
        ("{% fro x in pools %}", 1, 1, "unknown statement 'fro'", "Did you mean 'for'?"),
        ("a\n{# name", 2, 1, "'{#' is not closed", "Put text that contains '{#' between {% raw %} and {% endraw %}."),
        ("{{ name ? 1 : 2 }}", 1, 1, "unexpected character '?'", "Write a condition as {{ a if condition else b }}."),
        ("{{ name && name }}", 1, 1, "unexpected character '&'", "Write 'and', 'or' and 'not'."),
        ("a\n{% raw %} x", 2, 1, "'raw' is not closed", ""),
        ("{% for x in 3 %}{% endfor %}", 1, 1, "a number is not a list", ""),
        ("{{ name", 1, 1, "expected '}}', but the template ends", ""),
        ("{{ name }", 1, 1, "expected '}}', but found '}'", ""),
        ("{{ name name }}", 1, 1, "expected '}}', but found 'name'", ""),
        (
            "{{ number + name }}",
            1,
            1,
            "'+' cannot be used with a number and a string",
            NUMBER,
        ),
        ("{{ -name }}", 1, 1, "'-' cannot be used with a string", NUMBER),
        ("{{ name * name }}", 1, 1, "'*' cannot be used with a string and a string", NUMBER),
        ("{{ 3 < name }}", 1, 1, "'<' cannot be used with a number and a string", NUMBER),
        ("{{ name + 3 }}", 1, 1, "'+' cannot be used with a string and a number", NUMBER),
        ("{{ image + 3 }}", 1, 1, "'+' cannot be used with a mapping and a number", ""),
        ("{{ name() }}", 1, 1, "a string is not a function", ""),
        ("{{ name | sh(3) }}", 1, 1, "wrong arguments for 'sh'", ""),
        ("{{ 1e400 }}", 1, 1, "a number is out of range", ""),
        (
            "{% for key, value in image %}{% endfor %}",
            1,
            1,
            "an item of the loop does not have 2 parts",
            "Loop over the keys and the values of a mapping with its items(), such as labels.items().",
        ),
        ("{{ }}", 1, 1, "expected an expression, but found '}}'", ""),
        ("{{ 'abc }}", 1, 1, "a string in an expression is not closed", "Close its quotes."),
        ("{{ ? }}", 1, 1, "unexpected character '?'", ""),
        (
            "{{ lookup }}",
            1,
            1,
            "undefined value 'lookup'",
            "Set it under values, or write a default: {{ NAME | default(0) }}.",
        ),
        (
            "{{ .Values.name }}",
            1,
            1,
            "invalid template: unexpected '.'",
            "Write the name of a value without anything before it: {{ image.tag }}.",
        ),
        (
            "{{- if name }}",
            1,
            1,
            "expected '}}', but found 'name'",
            "Write statements as in Jinja2: {% if … %}, {% for … in … %}, {% endif %}, {% endfor %}.",
        ),
        ("{{ name | quote }}", 1, 1, "unknown filter 'quote'", 'Write the quotes in the template: "{{ … }}".'),
        (
            "{{ image | toYaml }}",
            1,
            1,
            "unknown filter 'toYaml'",
            "Leave the filter out: a mapping or a list that is all of a scalar goes in as data.",
        ),
        ("{{ image.keys }}", 1, 1, "the expression yields a function, not a value", "Call it with ()."),
        ("{{ 2 ** 100 }}", 1, 1, "the number is out of range: it must fit into 64 bits", ""),
        ("{{ 1e308 * 10 }}", 1, 1, "the number is out of range: it must fit into 64 bits", ""),
        ("a: \U000f0000", 1, 4, "the character U+F0000 cannot be used in a template", "Put it into a value."),
        ('a: "\\U000F00000"', 1, 5, "the character U+F0000 cannot be used in a template", "Put it into a value."),
    ],
)
def test_an_error_of_a_template_is_told_in_plain_words_at_its_place(text, line, column, message, hint):
    assert errors(text) == [("JSG714", line, column, message, hint)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name | attr('__class__') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ '{a.__class__}'.format_map({'a': name}) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ joiner }}",
        "{{ namespace(a=1) }}",
        "{{ lipsum() }}",
        "{{ self.__init__ }}",
        "{{ range.__class__ }}",
        "{{ name._number }}",
        "{{ image._parent }}",
        "{{ pools.append(1) }}",
        "{{ image.update({'a': 1}) }}",
        "{{ [1, 2] | random }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block b %}{% endblock %}",
        "{% filter upper %}{{ note }}{% endfilter %}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}a: 1{% endcall %}",
        "{% for x in pools recursive %}{{ loop(pools) }}{% endfor %}",
        "{{ range(10 ** 9) }}",
        "{{ range(10 ** 30) }}",
        "{{ 'x'.encode() }}",
        "{{ '\\ud800' }}",
        "{% for x in range(5) %}" * 25 + "{% endfor %}" * 25,
        "{% if true %}" * 200 + "{% endif %}" * 200,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "-" * 30000 + "1 }}",
        "{{ " + "1+" * 30000 + "1 }}",
        "{{ " + "[" * 200 + "]" * 200 + " }}",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ [name] * 10 ** 9 }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ name.center(10 ** 9) }}",
        "{% set x = [1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}",
        "{% for x in range(100000) %}\n- {{ image }}\n{% endfor %}",
    ],
)
def test_what_could_harm_is_refused_at_once(text):
    found = errors(text)
    assert [item[0] for item in found] == ["JSG714"]
    assert "jinja" not in found[0][3].lower()


def short() -> Budget:
    """Return a budget of less time than a compile has."""
    budget = Budget()
    budget.seconds = 0.1
    return budget


class TestLimits:
    @pytest.mark.parametrize(
        "text",
        [
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "{{ 10 ** (10 ** 9) }}",
        ],
    )
    def test_a_template_without_end_is_stopped(self, text):
        (found,) = errors(text)
        assert found[0] == "JSG714"
        assert found[3] == "rendering the templates takes more than 1 second of CPU time"

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: 1\n{% for a in range(99999) %}\n{% for b in range(99999) %}\n{% endfor %}{% endfor %}", (2, 1)),
            ("{% set f = 10 ** 18 %}\n  {% for a in range(9) %}\n{{ 'x' * f }}\n{% endfor %}", (2, 3)),
            ("{% for a in range(9) %}{% endfor %}\na: {{ 'x' * 10 ** 18 }}", (2, 4)),
            (
                "{% macro m() %}\n{{ 'x' * 10 ** 18 }}\n{% endmacro %}\n{% for a in range(9) %}\n{{ m() }}{% endfor %}",
                (4, 1),
            ),
        ],
        ids=["time", "memory", "outside of a loop", "in a macro"],
    )
    def test_a_limit_is_told_with_the_loop_in_which_it_is_reached(self, text, place):
        (found,) = filled(Source("t", text.encode()), values(), short()).diagnostics
        assert (found.line, found.column) == place

    def test_all_templates_share_one_time(self):
        endless = b"{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
        results = fill_templates([Source(f"t{number}", endless) for number in range(50)], values(), short())
        assert [len(each.diagnostics) for each in results] == [1] + [0] * 49

    def test_templates_of_several_projects_share_one_time(self):
        endless = Source("t", b"{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")
        budget = short()
        assert [len(filled(endless, values(), budget).diagnostics) for _ in range(20)] == [1] + [0] * 19

    def test_time_that_is_used_up_is_one_error(self):
        budget = Budget()
        budget.seconds = 0.0
        found = [filled(Source("t", b"a: 1"), values(), budget) for _ in range(2)]
        assert [len(each.diagnostics) for each in found] == [1, 0]

    def test_after_100_that_fail_no_more_are_rendered(self):
        def filled_with(*texts: str) -> list[list[str]]:
            sources = [Source(f"t{number}", text.encode()) for number, text in enumerate(texts)]
            return [[item.message for item in each.diagnostics] for each in fill_templates(sources, values(), budget)]

        budget = Budget()
        unknown = ["undefined value 'unknown'"]
        abandoned = ["100 templates could not be rendered; no more are tried"]
        assert filled_with("a: 1", *["{{ unknown }}"] * 99) == [[], *[unknown] * 99]
        assert filled_with("a: 1", *["{{ unknown }}"] * 3, "a: 1") == [[], unknown, abandoned, [], []]
        assert filled_with("{{ unknown }}") == [[]]

    def test_templates_that_end_the_child_count_as_failed(self):
        budget = Budget()
        budget.failures = 2
        sources = [Source(f"t{number}", b"{{ 'x' * 10 ** 18 }}") for number in range(4)]
        found = [[item.message for item in each.diagnostics] for each in fill_templates(sources, values(), budget)]
        too_large = ["rendering the template takes too much memory"]
        assert found == [too_large, too_large, ["100 templates could not be rendered; no more are tried"], []]

    def test_the_values_of_all_projects_are_limited(self):
        budget = Budget()
        budget.values = 1
        (found,) = filled(Source("t", b"a: 1"), values(), budget).diagnostics
        assert found.message == f"the values of all projects with templates are more than {limits.VALUES:,}"

    def test_a_template_that_ends_the_child_hides_no_other(self):
        texts = ["a: {{ number }}", "{{ 'x' * 10 ** 9 }}", "b: {{ number }}"]
        results = fill_templates([Source(f"t{n}", text.encode()) for n, text in enumerate(texts)], values(), Budget())
        assert [[document.data for document in each.documents] for each in results] == [[{"a": 4}], [], [{"b": 4}]]
        assert results[1].diagnostics[0].message == "rendering the template takes too much memory"

    def test_inserted_values_are_limited_like_aliases(self):
        known = values(f"v: {json.dumps(list(range(20_000)))}")
        (found,) = errors("a: [" + "{{ v }}, " * 1000 + "]", known)
        assert found[3] == "the inserted values expand to far more values than the files contain"

    def test_the_text_of_loops_is_limited(self):
        text = "{% for a in range(99999) %}\n- " + "x" * (CHARACTERS // 90_000) + "\n{% endfor %}"
        assert errors(text)[0][3] == "the rendered text is far longer than the templates"

    def test_a_long_template_is_not_limited_by_its_own_length(self):
        assert len(data("a: |\n" + "  text\n" * 100_000)[0]["a"]) == 500_000


PROGRAM = """
import resource
from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.filling import fill_templates
from jobsetgen.overlays.values import read_values
from jobsetgen.source.text import Source
values = read_values(Source("v", b"{name: a}"))[0]
found = fill_templates([Source("t", text.encode()) for text in TEXTS], values, Budget())
print(sum(len(each.diagnostics) for each in found))
"""


# A process begins with the memory of the one that starts it, which here would be that of all tests.
LAUNCHER = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stdout, used.ru_maxrss, used.ru_utime + used.ru_stime]))
"""


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        ('["x: {{ [1] * 10 ** 9 }}"] * 20', 20),
        ('["{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"]', 1),
        ('["{% for a in range(99999) %}- {{ name }}\\\\n{% endfor %}"]', 1),
        ('["a: {{ name }}"] * 300', 0),
    ],
    ids=["memory", "time", "text", "many"],
)
def test_a_whole_process_keeps_within_its_limits(texts, wrong, tmp_path):
    """Measured with its children by the system: 300 MB, and the budget of CPU time with what a start takes."""
    program = [sys.executable, "-c", PROGRAM.replace("TEXTS", texts)]
    done = subprocess.run([sys.executable, "-c", LAUNCHER, *program], capture_output=True, check=True)
    status, said, kilobytes, seconds = json.loads(done.stdout)
    assert (status, said) == (0, f"{wrong}\n")
    assert kilobytes < 300_000
    assert seconds < 2.0 + 4.0


class TestNumbersInTexts:
    KNOWN = "tag: 1.10\nsha: 0012345\nexp: 1e3\nyes_: yes\nhalf: 0.5\nfour: 4\nanchored: &a 1.5\nquoted: '1.10'\nbig: 12345678901234567890\n"

    @pytest.mark.parametrize(
        ("template", "text", "column"),
        [
            ('a: "v{{ tag }}"', "1.1", "1:6"),
            ("a: v{{ tag }}", "1.1", "1:6"),
            ("a: |\n  {{ sha }}", "5349", "2:6"),
            ("a: 'b:{{ exp }}'", "1000", "3:6"),
            ('a: "{{ big }}"', "1.2345678901234567e+19", "9:6"),
        ],
    )
    def test_a_number_that_is_written_otherwise_is_told_of(self, template, text, column):
        (found,) = fill(template, values(self.KNOWN)).diagnostics
        assert (found.code, found.severity, f"{found.line}:{found.column}") == ("JSG728", "warning", column)
        assert f"becomes '{text}' in the text" in found.message

    def test_it_is_told_once_and_the_text_is_filled(self):
        result = fill("{% for i in range(3) %}\nk{{ i }}: v{{ tag }}\n{% endfor %}", values(self.KNOWN))
        assert [item.code for item in result.diagnostics] == ["JSG728"]
        assert result.documents[0].data == {"k0": "v1.1", "k1": "v1.1", "k2": "v1.1"}

    @pytest.mark.parametrize(
        "template",
        [
            "a: {{ tag }}",
            "a: v{{ half }}-{{ four }}-{{ quoted }}-{{ anchored }}",
            'a: "{{ tag * 2 }}"',
            "a: x{{ yes_ }}",
        ],
    )
    def test_other_numbers_are_not(self, template):
        assert fill(template, values(self.KNOWN)).diagnostics == ()


@pytest.mark.parametrize(
    ("expression", "number"), [("'8' | int", 8), ("'x' | int(3)", 3), ("'1.5' | float", 1.5), ("'7.9' | int", 7)]
)
def test_text_that_is_a_number_is_converted(expression, number):
    assert data(f"a: {{{{ {expression} }}}}") == [{"a": number}]


@pytest.mark.parametrize("expression", ["'8x' | int", "note | int", "name | float", "'' | int"])
def test_other_text_is_no_zero(expression):
    ((code, line, column, message, _),) = errors(f"a: {{{{ {expression} }}}}")
    assert (code, line, column) == ("JSG714", 1, 4)
    assert message.endswith("is not a number")
