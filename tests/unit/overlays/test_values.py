"""Values are merged as Helm merges them, and each keeps its place."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.assignments import assignment
from jobsetgen.overlays.values import NO_VALUES, Given, Values, merged, read_values
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError


def values(text: str, name: str = "values.yaml") -> Values:
    found, wrong = read_values(Source(name, text.encode()))
    assert wrong == []
    return found


class TestMerging:
    def test_mappings_are_merged_and_everything_else_is_replaced(self):
        below = values("{image: {name: a, tag: '1'}, args: [a, b], n1: {k: v}, n2: 1}")
        above = values("{image: {tag: '2'}, args: [c], n1: 2, n2: {k: v}}")
        assert merged(below, above).root.data == {
            "image": {"name": "a", "tag": "2"},
            "args": ["c"],
            "n1": 2,
            "n2": {"k": "v"},
        }

    def test_a_null_removes_what_is_below_and_stays_where_nothing_is(self):
        assert merged(values("{a: 1, b: 2}"), values("{a: null, c: null}")).root.data == {"b": 2, "c": None}

    @pytest.mark.parametrize("above", ["{}", "{image: {}}"])
    def test_values_have_the_place_of_what_has_them_although_nothing_is_laid_over_them(self, above):
        whole = merged(values("{}", "above.yaml"), values("image: {name: a}", "below.yaml"))
        over = merged(whole, values(above, "above.yaml"))
        assert over.root.data == {"image": {"name": "a"}}
        assert over.root.child("image").place.file == "below.yaml"
        assert merged(whole, NO_VALUES).root.place.file == "below.yaml"

    def test_each_value_keeps_its_place(self):
        whole = merged(values("image:\n  name: a\n", "below.yaml"), values("image: {tag: v1}", "above.yaml"))
        image = whole.root.child("image")
        assert image.child("name").place == Place("below.yaml", 2, 9, 10)
        assert image.child("tag").place == Place("above.yaml", 1, 14, 16)
        assert image.key("name") == Place("below.yaml", 2, 3, 7)
        assert image.key("tag") == Place("above.yaml", 1, 9, 12)

    def test_neither_side_is_changed(self):
        below, above = values("{a: {b: 1}}"), values("{a: {c: 2}}")
        merged(below, above)
        assert (below.root.data, above.root.data) == ({"a": {"b": 1}}, {"a": {"c": 2}})


class TestFiles:
    def test_an_empty_file_has_no_values(self):
        assert values("").root.data == {}

    @pytest.mark.parametrize(
        ("text", "message", "line"),
        [
            ("\n- a", "the values are a list or a scalar, but must be a mapping", 2),
            ("a: 1\n---\nb: 2", "a file of values must contain one document, not 2", 3),
        ],
    )
    def test_what_is_not_one_mapping_is_an_error(self, text, message, line):
        found, wrong = read_values(Source("values.yaml", text.encode()))
        assert found == NO_VALUES
        assert [(item.code, item.message, item.line) for item in wrong] == [("JSG102", message, line)]


def given(text: str, *assignments: str) -> Values:
    return Given(assignments=tuple(map(assignment, assignments))).over(values(text))


class TestAssignments:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("a=4", {"a": 4}),
            ("a='4'", {"a": "4"}),
            ('a="4"', {"a": "4"}),
            ("a=", {"a": ""}),
            ("a=yes", {"a": True}),
            ("a=x: y", {"a": "x: y"}),
            ("a=x=y", {"a": "x=y"}),
            ("a.b.c=1", {"a": {"b": {"c": 1}}}),
            (r"a\.b=1", {"a.b": 1}),
            (r"a\\.b=1", {"a\\": {"b": 1}}),
        ],
    )
    def test_a_value_is_a_yaml_scalar_at_a_path(self, written, expected):
        assert given("", written).root.data == expected

    @pytest.mark.parametrize(
        "written", ["a", "=1", ".a=1", "a.=1", "a..b=1", "a='1", "a='1' x", ".".join("a" * 51) + "=1"]
    )
    def test_other_text_is_refused(self, written):
        with pytest.raises(ValueError, match=r"has no value|is not a path|invalid quoted string|the path has 51 keys"):
            assignment(written)

    def test_an_index_in_the_way_of_helm_is_told_how_to_write(self):
        with pytest.raises(ValueError, match=r"an index in brackets; write pools\.0\.name"):
            assignment("pools[0].name=a")

    def test_the_last_one_wins_over_those_before_and_over_files(self):
        whole = Given(values("{a: 2}"), (assignment("a=3"), assignment("a=4"))).over(values("{a: 1, b: 1}"))
        assert whole.root.data == {"a": 4, "b": 1}
        assert whole.root.child("a").place == Place("--set", end_column=2)

    def test_an_item_of_a_list_is_replaced(self):
        assert given("workers: [{n1: 1}, {n1: 2}]", "workers.1.n1=3").root.data == {"workers": [{"n1": 1}, {"n1": 3}]}

    @pytest.mark.parametrize("step", ["2", "-1", "x", "9" * 5000])
    def test_a_missing_item_is_wrong_usage(self, step):
        with pytest.raises(StopError, match="the list 'workers' has no item") as stop:
            given("workers: [1, 2]", f"workers.{step}=1")
        assert stop.value.cause == "usage"

    def test_null_removes_a_key(self):
        assert given("{a: {b: 1, c: 2}}", "a.b=null").root.data == {"a": {"c": 2}}
