"""The helm that tests run: the one on the PATH, or the one that `python -m tests.helm_binary` has built on this machine.

Helm takes minutes to build, so no test does it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cluster.harness import binaries


def helm() -> Path:
    """Return the executable; skip the test where there is none."""
    found = shutil.which("helm")
    if found:
        return Path(found)
    if not binaries.is_built("helm"):
        pytest.skip("helm is not on the PATH; build it with: python -m tests.helm_binary")
    return binaries.binary("helm")


if __name__ == "__main__":
    print(binaries.binary("helm"))
