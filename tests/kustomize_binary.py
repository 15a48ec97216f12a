"""The kustomize that tests run: the one on the PATH, or one that Go builds once per machine."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import pytest

from tests.cluster.harness import binaries


@functools.cache
def kustomize_folder() -> Path:
    """Return the folder with kustomize; skip the test where there is none and none can be built."""
    found = shutil.which("kustomize")
    if found:
        return Path(found).parent
    if shutil.which("go") is None:
        pytest.skip("neither kustomize nor Go is on the PATH")
    try:
        return binaries.build("kustomize")
    except binaries.BuildError as error:
        pytest.skip(f"kustomize cannot be built here: {error}")
