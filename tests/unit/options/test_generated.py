"""What is made from the table of options is committed as it is made now."""

from __future__ import annotations

import pytest

from scripts.make_options import texts


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_a_generated_file_is_up_to_date(path):
    assert path.read_text(encoding="utf-8") == texts()[path]
