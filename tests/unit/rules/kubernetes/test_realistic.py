"""Big templates as people write them: no rule of Kubernetes' own has anything to say about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.rules.registry import RULES as ALL
from jobsetgen.source.text import Source

RULES = [rule for rule in ALL if ".kubernetes." in rule.check.__module__]

MANIFESTS = sorted((Path(__file__).parent / "manifests").glob("*.yaml"))
CODES = {rule.code.id for rule in RULES}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_nothing_is_found(path, version):
    # A queued Job with a deadline is none for Git to own.
    settings = Settings(kubernetes_version=version, jobs="watcher")
    found = compile([Source(name=path.name, content=path.read_bytes())], settings).diagnostics
    assert [item for item in found if item.is_error or item.code in CODES] == []


def test_there_are_three():
    assert [path.stem for path in MANIFESTS] == ["gpu", "mpi", "tpu"]
