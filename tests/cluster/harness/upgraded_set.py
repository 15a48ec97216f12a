"""A set whose output one release renders after another, each as a program of its own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cluster.harness.client import ApiError
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.containers import spawn_container
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.gitops_set import GitOpsSet
from tests.cluster.harness.gitops_tool import Tool
from tests.cluster.harness.processes import Process
from tests.cluster.harness.watcher_kubelet import WatcherKubelet
from tests.cluster.oracles.attempt_ledger import UID
from tests.compat.releases import Release


class UpgradedSet(GitOpsSet):
    """The set of one release, until another renders it; its watcher runs as that release's Job says."""

    def __init__(self, plane: ControlPlane, tool: Tool, jobs: str, folder: Path, release: Release, text: str) -> None:
        self.release = release
        super().__init__(plane, tool, jobs, folder, text)

    def render(self, release: Release) -> None:
        """Let another release render the unchanged set, and push."""
        self.release = release
        self._commit("another release")
        self.tool.refresh(self.id, self.repository)

    def _commit(self, message: str) -> str:
        folder = self.repository.folder.parent
        (folder / "set.yaml").write_text(self.text)
        where = ("--namespace", self.namespace, "--output", str(self.repository.folder))
        options = ("--jobs", self.settings.jobs, "--gitops", "any", "--restart-watcher", "Always")
        self.release.run("build", *where, *options, "set.yaml", folder=folder)
        return self.repository.commit(message)

    # The watcher

    def start(self, folder: Path, name: str = "watcher", uid: str = "", script: Path | None = None) -> Process:
        """Start the watcher of the pod of a name."""
        return spawn_container(self.plane, self.client.get("pods", name), folder)

    def watcher_job(self) -> Json:
        """Return the watcher's Job, empty while there is none."""
        return self.client.find("jobs", self.job["metadata"]["name"]) or {"metadata": {"uid": ""}}

    def watcher_of(self, uid: str, kubelet: WatcherKubelet) -> Process | None:
        """Return the process of a watcher's Job, where nothing else runs."""
        pods = self.client.list("pods", labels=f"{UID}={uid}")
        names = {pod["metadata"]["name"] for pod in pods if "deletionTimestamp" not in pod["metadata"]}
        running = dict(kubelet.processes)
        if len(running) != 1 or not running.keys() <= names:
            return None
        (process,) = running.values()
        return process

    # The state

    def stored_state(self) -> Json:
        """Return the state's ConfigMap."""
        return self.client.get("configmaps", f"{self.name}-restart-state")

    def raise_format(self) -> int:
        """Write the state in the next format, as a newer release would, and return its number."""
        while True:
            item = self.stored_state()
            readable = json.loads(item["data"]["state.json"])
            readable["format"] += 1
            item["data"]["state.json"] = json.dumps(readable)
            try:
                self.client.replace(item)
            except ApiError as error:
                if error.status != 409:  # the watcher was faster
                    raise
            else:
                return int(readable["format"])

    def clear_state(self) -> None:
        """Delete the data of the state."""
        nothing = {"data": None, "binaryData": None}
        self.client.patch("configmaps", f"{self.name}-restart-state", nothing)
