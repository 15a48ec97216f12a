"""Time grows with input and output, not with their square: counted in calls, which no busy machine changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from jobsetgen import emit
from jobsetgen.frontends.krm.function import answer
from jobsetgen.pipeline import compile
from jobsetgen.rules.kubernetes.dns_config import _is_address
from jobsetgen.source.text import Source
from tests.growth import COMPILED, INPUTS, REFUSED, listed

# Of an input twice as large. A square would take four times as many.
MOST = 2.3


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, those of C included."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def compiled(text: str) -> str:
    return compile([Source("in.yaml", text.encode())]).text()


def transformed(text: str) -> str:
    return "".join(answer(listed(text).encode()).output)


def growth(work: Callable[[str], object], name: str) -> float:
    """Return how many times as many calls an input of twice the size takes."""
    size, make = INPUTS[name]
    work(make(2 * size))  # imports, and caches that are filled once
    small, large = make(2 * size), make(4 * size)
    return calls(lambda: work(large)) / calls(lambda: work(small))


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_of_twice_the_size_takes_twice_the_calls(name):
    assert growth(compiled, name) <= MOST


@pytest.mark.parametrize("name", COMPILED)
def test_a_list_of_twice_the_size_takes_twice_the_calls(name):
    assert growth(transformed, name) <= MOST


def test_the_inputs_are_what_they_are_said_to_be():
    for inputs, is_right in ((COMPILED, True), (REFUSED, False)):
        for name, (size, make) in inputs.items():
            result = compile([Source("in.yaml", make(size).encode())])
            assert (result.ok and not result.is_empty) is is_right, name


def test_long_digits_are_told_from_text_in_linear_time():
    # One call, so its time is compared: four times the digits, and sixteen times if it were a square.
    def best(count: int) -> float:
        text = "1" * count + "x"
        return min(_seconds(lambda: emit._is_number_like(text)) for _ in range(7))

    assert best(80_000) <= 10 * best(20_000)


def test_the_zeros_of_an_address_are_read_in_linear_time():
    def best(count: int) -> float:
        return min(_seconds(lambda: _is_address("0" * count + "x", is_strict=False)) for _ in range(3))

    assert best(16_000) < 8 * best(4_000) + 0.01


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1e9
