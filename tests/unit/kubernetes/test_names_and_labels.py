"""Names, and the keys and values of labels."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.kubernetes.names import is_controller


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("app", ""),
        ("example.com/app", ""),
        ("", "its name must consist of letters, digits and -_. and begin and end with a letter or digit"),
        ("a b", "its name must consist of letters, digits and -_. and begin and end with a letter or digit"),
        ("Example.com/app", "the prefix 'Example.com' must be a DNS name in lower case"),
        ("a/b/c", "the prefix 'a/b' must be a DNS name in lower case"),
        ("/a", "the prefix '' must be a DNS name in lower case"),
        ("a" * 64, "its name has 64 characters, 1 more than the 63 allowed"),
    ],
)
def test_keys_of_labels(key, reason):
    assert bad_label_key(key) == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", ""),
        ("A-b_c.9", ""),
        ("-a", "it must consist of letters, digits and -_. and begin and end with a letter or digit"),
        ("a" * 65, "it has 65 characters, 2 more than the 63 allowed"),
    ],
)
def test_values_of_labels(value, reason):
    assert bad_label_value(value) == reason


@pytest.mark.parametrize(
    ("name", "is_one"), [("a.b/c", True), ("a", False), ("A.b/c", False), ("a/", False), ("a/" + "c" * 62, False)]
)
def test_controllers(name, is_one):
    assert is_controller(name) is is_one
