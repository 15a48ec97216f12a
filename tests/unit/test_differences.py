"""What the tests beside the real controller allow is what the page for readers says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cluster.meant import BEHAVIOUR, MEANT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "differences.md"
NUMBERS = re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.M)


def test_every_difference_that_is_allowed_is_on_the_page():
    assert {number for number, *_ in (*MEANT, *BEHAVIOUR)} <= set(NUMBERS)


def test_the_page_is_in_order():
    assert sorted(NUMBERS, key=int) == NUMBERS
