"""No snapshot is left behind by a case that is gone."""

from __future__ import annotations

from tests.conftest import SNAPSHOTS
from tests.golden.groups import names_of_formats, names_of_invalid, names_of_pictures, names_of_valid
from tests.golden.test_readme import NAMES as NAMES_OF_READMES


def test_every_snapshot_is_of_a_case():
    known = names_of_valid() | names_of_invalid() | names_of_formats() | names_of_pictures() | NAMES_OF_READMES
    there = {
        path.relative_to(SNAPSHOTS).as_posix()
        for folder in ("valid", "invalid", "formats", "graph", "readme")
        for path in (SNAPSHOTS / folder).rglob("*")
        if path.is_file()
    }
    assert there - known == set()
