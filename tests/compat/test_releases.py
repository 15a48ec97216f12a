"""The wheel of an earlier release prints what is recorded, to which test_compat holds this release."""

from __future__ import annotations

import pytest

from scripts.record_compat import COMPAT, arguments_of, digests_of, printed, recorded
from tests.cases import FIXTURES
from tests.compat.releases import earlier_release

CASES = ("multislice", "restart-attempt-readers", "startup-gates", "volume-claims")
RECORD = recorded(COMPAT)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    return earlier_release(tmp_path_factory.mktemp("earlier") / "packages")


@pytest.mark.parametrize("variant", ["argocd", "jobs-watcher"])
@pytest.mark.parametrize("name", CASES)
def test_an_earlier_release_prints_what_is_recorded(earlier, name, variant):
    case = FIXTURES / "valid" / name
    text = earlier.run(*arguments_of(case, variant), folder=case)
    promise, _ = digests_of(printed(text))
    assert promise == RECORD.promise[f"{name}/{variant}"]


def test_its_watcher_is_another(earlier):
    case = FIXTURES / "valid" / "multislice"
    assert "/jobsetgen/restart_watcher.py" in earlier.run("build", folder=case)
