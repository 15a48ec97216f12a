"""Real manifests, from a folder that an environment variable names: each is built, or refused with a place."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.acceptance.processes import run

FOLDER = os.environ.get("JOBSETGEN_CORPUS")
MANIFESTS = sorted(Path(FOLDER).rglob("*.yaml")) if FOLDER else []


@pytest.mark.skipif(not FOLDER, reason="JOBSETGEN_CORPUS names no folder of manifests")
def test_every_manifest_is_built_or_refused_with_a_place():
    assert MANIFESTS
    for manifest in MANIFESTS:
        done = run("build", "--namespace", "corpus", manifest.name, folder=manifest.parent)
        errors = done.stderr.decode()
        assert "Traceback" not in errors, errors
        if done.returncode == 0:
            assert done.stdout, manifest
        else:
            assert done.returncode == 1, errors
            assert done.stdout == b"", manifest
            assert re.search(r"^\S.*?:\d+:\d+: error\[JSG\d+\]: ", errors, re.M), errors
