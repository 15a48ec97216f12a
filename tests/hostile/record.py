"""Run the commands in many hostile repositories, and write down the figures.

Run: python -m tests.hostile.record COUNT FILE
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.hostile.generator import kind_of
from tests.hostile.running import BYTES, SECONDS, why_not
from tests.hostile.series import Played, earlier, ground, play

Json = dict[str, Any]


def played(numbers: Iterable[int]) -> Iterator[Played]:
    """Run the commands in the repositories of some numbers; print what is wrong."""
    with ground() as top:
        built = earlier(top)
        for number in numbers:
            found = play(number, top, built)
            for sentence in found.wrong:
                print(f"{number} {found.tricks}: {sentence}", flush=True)
            yield found


def figures(series: Iterable[Played]) -> Json:
    """Return the figures of a series."""
    kinds: Counter[str] = Counter()
    tricks: set[str] = set()
    commands: dict[str, Json] = {}
    repositories, failed = 0, []
    for each in series:
        repositories += 1
        kinds.update({kind_of(name) for name in each.tricks})
        tricks.update(each.tricks)
        if each.wrong:
            failed.append({"number": each.number, "tricks": each.tricks, "wrong": each.wrong[:3]})
        for name, ended in each.ended.items():
            row = commands.setdefault(name, {"runs": 0, "statuses": {}, "slowest s": 0.0, "largest MB": 0})
            row["runs"] += 1
            status = str(ended.status)
            row["statuses"][status] = row["statuses"].get(status, 0) + 1
            row["slowest s"] = max(row["slowest s"], round(ended.seconds, 1))
            row["largest MB"] = max(row["largest MB"], round(ended.bytes / 1e6))
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "repositories": repositories,
        "tricks": len(tricks),
        "limits": {"s": SECONDS, "MB": BYTES // 10**6},
        "repositories by kind of trick": dict(sorted(kinds.items())),
        "commands": commands,
        "failed": failed,
    }


def main() -> None:
    """Write the figures; fail if anything was wrong."""
    if why_not():
        sys.exit(why_not())
    count, file = int(sys.argv[1]), Path(sys.argv[2])
    found = figures(played(range(count)))
    file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if found["failed"]:
        sys.exit(f"{len(found['failed'])} of {count} repositories were not held off")


if __name__ == "__main__":
    main()
