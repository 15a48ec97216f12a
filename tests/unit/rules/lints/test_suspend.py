"""JSG513: a suspend in a Job template, which the set's own overwrites."""

from __future__ import annotations

from tests.unit.rules.lints.sets import jobset, said

HINT = "\nhint: Write it as the JobSet's spec.suspend."


def test_a_suspended_template_in_a_set_that_is_not():
    message = "the JobSet's own suspend overwrites the one in a Job template: these Jobs start at once"
    assert said("JSG513", jobset(job="suspend: true")) == [f"15:18: warning: {message}{HINT}"]


def test_a_template_that_is_not_suspended_in_a_set_that_is():
    message = "the JobSet's own suspend overwrites the one in a Job template: these Jobs are suspended"
    assert said("JSG513", jobset(spec="suspend: true", job="suspend: false")) == [f"15:18: warning: {message}{HINT}"]


def test_the_same_in_both():
    assert said("JSG513", jobset(spec="suspend: true", job="suspend: true")) == []


def test_a_value_that_is_no_boolean_is_left_to_the_schema():
    assert said("JSG513", jobset(job="suspend: maybe")) == []
