#!/usr/bin/env python3
"""Run tests, and let the few that fail try once more, alone.

usage: second_try.py RECORD MOST PYTEST_ARGUMENTS -- COMMAND...

COMMAND runs the tests. Where at most MOST fail, they run again with PYTEST_ARGUMENTS; those that then pass are added to
the file RECORD, for the last lines of the run. More failures are no bad luck, and fail the run at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main(record: Path, most: int, again: list[str], command: list[str]) -> int:
    """Return the exit status."""
    LAST_FAILED.unlink(missing_ok=True)
    status = subprocess.run(command, check=False).returncode
    failed = sorted(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    if status == 0 or not 0 < len(failed) <= most:
        return status
    print("a second try of", *failed, sep="\n  ", flush=True)
    second = subprocess.run([sys.executable, "-m", "pytest", *again, "--last-failed"], check=False)
    if second.returncode:
        return second.returncode
    with record.open("a", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in failed)
    return 0


if __name__ == "__main__":
    place = sys.argv.index("--")
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:place], sys.argv[place + 1 :]))
