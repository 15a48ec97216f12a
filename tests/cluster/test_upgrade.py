"""A watcher of this release relieves one of the release before, under the real API server and with real Jobs and pods."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.plain_set import NAMES, TEXT, fail
from tests.cluster.harness.processes import Process, until
from tests.cluster.harness.tiers import OTHER_OWNER
from tests.compat.moments import FOLDER

OLD_SCRIPT = FOLDER / "format-1" / "restart_watcher.py"
# test_new_release has an upgrade amid a restart with both owners; here it is from a state of the first format.
git_in_ci = pytest.mark.parametrize("jobs", ["git", pytest.param("watcher", marks=OTHER_OWNER)])
watcher_in_ci = pytest.mark.parametrize("jobs", [pytest.param("git", marks=OTHER_OWNER), "watcher"])


def started(plane: ControlPlane, namespace: str, folder: Path, jobs: str) -> tuple[CompiledSet, Process]:
    """Return a set that runs beside a watcher of the release before."""
    watched = CompiledSet(plane, namespace, TEXT.replace("maxRestarts: 1", "maxRestarts: 9"), jobs=jobs, gitops="none")
    watched.apply()
    old = watched.start(folder / "old", "old", script=OLD_SCRIPT)
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    return watched, old


def written(watched: CompiledSet) -> dict[str, Any]:
    """Return the state's ConfigMap."""
    return watched.client.get("configmaps", "train-restart-state")


def format_of(watched: CompiledSet) -> int:
    """Return the format in which the state is written."""
    return int(json.loads(written(watched)["data"]["state.json"])["format"])


def uids(items: list[dict[str, Any]]) -> dict[str, str]:
    """Return the UIDs of objects by name."""
    return {item["metadata"]["name"]: item["metadata"]["uid"] for item in items}


@git_in_ci
def test_it_replaces_no_pod_of_a_set_that_runs(
    real_plane: ControlPlane, real_namespace: str, tmp_path: Path, jobs: str
) -> None:
    watched, old = started(real_plane, real_namespace, tmp_path, jobs)
    fail(watched, NAMES[0])
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES and watched.ready() == NAMES)
    real_plane.stop(old.name)
    pods = uids(watched.pods())
    new = watched.start(tmp_path / "new", "new")
    fail(watched, NAMES[1])
    until(lambda: watched.counters() == (2, 2))
    assert format_of(watched) == 2
    until(lambda: sorted(watched.jobs(attempt="2")) == NAMES and watched.ready() == NAMES)
    assert not set(pods.values()) & set(uids(watched.pods()).values())
    running = uids(watched.pods())
    before = written(watched)
    refused = watched.start(tmp_path / "rolled-back", "rolled-back", script=OLD_SCRIPT)
    until(lambda: refused.status is not None)
    assert "a format that this script does not know" in refused.last_lines()
    assert uids(watched.pods()) == running
    assert written(watched)["data"].keys() == before["data"].keys()
    assert format_of(watched) == 2
    real_plane.stop(refused.name)
    real_plane.stop(new.name)


@watcher_in_ci
def test_it_takes_over_in_the_middle_of_a_restart(
    real_plane: ControlPlane, real_namespace: str, tmp_path: Path, jobs: str
) -> None:
    watched, old = started(real_plane, real_namespace, tmp_path, jobs)
    first = uids(list(watched.jobs().values()))
    held = watched.hold(NAMES[1])
    fail(watched, NAMES[0])
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES[:1])  # the other is being deleted
    until(lambda: len(watched.pods(NAMES[0])) == 2)
    old.kill()
    made = uids(watched.pods(NAMES[0]))
    new = watched.start(tmp_path / "new", "new")
    until(lambda: format_of(watched) == 2)
    watched.let_go(held)
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES and watched.ready() == NAMES)
    assert watched.counters() == (1, 1)
    assert uids(watched.pods(NAMES[0])) == made
    assert not set(first.values()) & set(uids(list(watched.jobs().values())).values())
    real_plane.stop(old.name)
    real_plane.stop(new.name)
