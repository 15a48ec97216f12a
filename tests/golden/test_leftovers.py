"""No snapshot is left behind by a case that is gone."""

from __future__ import annotations

from jobsetgen.options.values import PROFILES
from tests.cases import INVALID, VALID
from tests.conftest import SNAPSHOTS
from tests.golden.test_invalid import FORMATS


def test_every_snapshot_is_of_a_case():
    valid = {
        f"{case.name}/{profile}.{end}"
        for case in VALID
        for profile in (*PROFILES, "watcher")
        for end in ("yaml", "txt")
    }
    valid |= {f"{case.name}/explain.txt" for case in VALID}
    invalid = {f"{case.name}/{name}" for case in INVALID for name in ("text.txt", *FORMATS.values())}
    for kind, known in (("valid", valid), ("invalid", invalid)):
        there = {
            path.relative_to(SNAPSHOTS / kind).as_posix() for path in (SNAPSHOTS / kind).rglob("*") if path.is_file()
        }
        assert there - known == set()
