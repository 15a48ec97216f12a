"""Prices are read from a file; what has none is named."""

from __future__ import annotations

import pytest

from jobsetgen.diff.prices import Rate, rate, read_prices
from jobsetgen.stop import StopError
from tests.unit.diff.builders import family, parameter_server, training

PRICES = {"google.com/tpu": 1.5, "google.com/tpu@tpu-v5p-slice": 4.0}


def test_a_file_of_prices():
    text = b"nvidia.com/gpu: 2.50\ngoogle.com/tpu@tpu-v5p-slice: 4\n"
    assert read_prices("prices.yaml", text) == {"nvidia.com/gpu": 2.5, "google.com/tpu@tpu-v5p-slice": 4.0}


def test_json_is_read_as_well():
    assert read_prices("prices.json", b'{"nvidia.com/gpu": 2.5}') == {"nvidia.com/gpu": 2.5}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: 1\nb: -1\n", "prices.yaml:2:4: invalid price -1 for b: must be a number of at least 0"),
        (b"a: '1'\n", "prices.yaml:1:4: invalid price '1' for a: must be a number of at least 0"),
        (b"a: true\n", "prices.yaml:1:4: invalid price True for a: must be a number of at least 0"),
        (b"a: {b: 1}\n", "prices.yaml:1:4: invalid price {'b': 1} for a: must be a number of at least 0"),
        (b"- 1\n", "prices.yaml:1:1: not a mapping of accelerators to prices"),
        (b"", "prices.yaml:1:1: not a mapping of accelerators to prices"),
        (b"a: 1\n---\nb: 1\n", "prices.yaml:1:1: not a mapping of accelerators to prices"),
    ],
)
def test_a_file_that_has_no_prices_is_refused_with_its_place(text, message):
    with pytest.raises(StopError) as stopped:
        read_prices("prices.yaml", text)
    assert (stopped.value.cause, stopped.value.message) == ("input", message)


def test_a_file_that_is_no_yaml_is_refused_with_its_place():
    with pytest.raises(StopError) as stopped:
        read_prices("prices.yaml", b"a: [\n")
    assert stopped.value.message.startswith("prices.yaml:")


def test_every_accelerator_of_every_pod_has_its_price():
    # 16 Jobs of 2 pods with 4 chips each.
    assert rate([training()], PRICES) == Rate(amount=128 * 1.5, unpriced=frozenset())


def test_the_price_of_a_type_of_node_goes_before_the_plain_one():
    selector = {"cloud.google.com/gke-tpu-accelerator": "tpu-v5p-slice", "pool": "a"}
    assert rate([training("a", family(selector=selector))], PRICES).amount == 128 * 4.0


def test_what_has_no_price_is_named_and_never_guessed():
    assert rate([training(), parameter_server()], PRICES) == Rate(
        amount=128 * 1.5, unpriced=frozenset(["nvidia.com/gpu"])
    )


def test_a_set_without_jobs_lacks_no_price():
    assert rate([training("a", family(jobs=0))], {}) == Rate(amount=0, unpriced=frozenset())
