"""Quantities: what they are worth, and what was probably meant."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.quantities import likely, thousandths


@pytest.mark.parametrize(
    ("written", "worth"),
    [
        ("1", 1000),
        (1, 1000),
        (0.5, 500),
        ("1500m", 1500),
        ("1.5", 1500),
        (".5", 500),
        ("5.", 5000),
        ("+2", 2000),
        ("-2", -2000),
        (" 2 ", 2000),
        ("007", 7000),
        ("1k", 10**6),
        ("1M", 10**9),
        ("1G", 10**12),
        ("1T", 10**15),
        ("1P", 10**18),
        ("1E", 10**21),
        ("1Ki", 1024 * 1000),
        ("1Mi", 1024**2 * 1000),
        ("1.5Gi", 1536 * 1024**2 * 1000),
        ("1Ti", 1024**4 * 1000),
        ("1Pi", 1024**5 * 1000),
        ("1Ei", 1024**6 * 1000),
        ("12e6", 12 * 10**9),
        ("1E-3", 1),
        (1e-07, 1),
        ("1e+2", 10**5),
    ],
)
def test_a_quantity_is_worth(written, worth):
    assert thousandths(written) == worth


@pytest.mark.parametrize(("written", "worth"), [("1n", 1), ("1001u", 2), ("1.0001", 1001), ("-1.0001", -1001)])
def test_what_is_finer_is_rounded_away_from_zero(written, worth):
    assert thousandths(written) == worth


def test_binary_quantities_end_where_64_bits_do():
    assert thousandths("16Ei") == thousandths("8Ei") == (2**63 - 1) * 1000


def test_an_exponent_beyond_all_use_costs_no_time():
    assert thousandths("1e999999999") == 10**203
    assert thousandths("1e-999999999") == 1


@pytest.mark.parametrize("written", ["Gi", ".", "-"])
def test_a_suffix_alone_is_zero_as_the_api_server_has_it(written):
    assert thousandths(written) == 0


@pytest.mark.parametrize(
    "written",
    ["", " ", "1GB", "1gi", "1 Gi", "1K", "1,5", "1_000", "0x1", "1e", "1.5.5", "1mm", "nan", "٣", "1e" + "9" * 20],
)
def test_what_is_no_quantity(written):
    assert thousandths(written) is None


@pytest.mark.parametrize("odd", [None, True, [], {}])
def test_what_is_no_text_or_number_is_no_quantity(odd):
    assert thousandths(odd) is None


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("16GB", "Did you mean '16Gi', or '16G' (powers of 1000)?"),
        ("16gib", "Did you mean '16Gi'?"),
        ("1K", "Did you mean '1Ki', or '1k' (powers of 1000)?"),
        ("1.5 Ti", "Did you mean '1.5Ti'?"),
        ("1,5", "Did you mean '1.5'?"),
        ("many", ""),
    ],
)
def test_a_hint_at_what_was_meant(written, hint):
    assert likely(written) == hint
    assert all(thousandths(part) is not None for part in hint.split("'")[1::2])
