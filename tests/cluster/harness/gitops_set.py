"""A set that a GitOps tool applies from a repository, which holds what `jobsetgen build -o` has written."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from jobsetgen.output.folder import write_folder
from tests.cluster.harness import kwok
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet, Json
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.gitops_tool import Applied, Tool
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.processes import until
from tests.cluster.harness.repository import Repository

JOBS = ["train-driver-0", "train-workers-0", "train-workers-1"]
IMAGE = "registry.example.com/train"
TEXT = f"""
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: train}}
spec:
  failurePolicy: {{maxRestarts: 3}}
  replicatedJobs:
  - name: driver
    template:
      metadata: {{labels: {{team: speech, is-new: "y"}}}}
      spec:
        backoffLimit: 0
        template:
          spec:
            containers:
            - {{name: main, image: "{IMAGE}:1"}}
  - name: workers
    replicas: 2
    template:
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          spec:
            containers:
            - {{name: main, image: "{IMAGE}:1"}}
"""
QUIET = 8.0  # seconds in which a tool looks at everything at least once
PATIENCE = 400.0  # seconds for what a tool and a watcher do together: much is played at once, and Argo CD tries thrice


class GitOpsSet(CompiledSet):
    """The set in a namespace of its own, and the tool that applies it."""

    def __init__(
        self, plane: ControlPlane, tool: Tool, jobs: str, folder: Path, text: str = TEXT, **settings: Any
    ) -> None:
        self.tool, self.text = tool, text
        self.repository = Repository(folder / "repository")
        self.id = plane.new_namespace(jobs)
        super().__init__(plane, self.id, text, jobs=jobs, **{"gitops": "any", **settings})
        self._commit("the set")

    # What a team does

    def deliver(self) -> None:
        """Let the tool begin."""
        self.tool.adopt(self.id, self.namespace, self.repository)

    def change(self, *changes: tuple[str, str], **settings: Any) -> str:
        """Change the text or the settings, render and push; return the commit."""
        self.text = changed(self.text, changes)
        self.settings = replace(self.settings, **settings)
        self.push(self.text)
        revision = self._commit("a change")
        self.tool.refresh(self.id, self.repository)
        return revision

    def empty_repository(self) -> None:
        """Push a repository without any object."""
        self.repository.clear()
        self.repository.commit("nothing")
        self.tool.refresh(self.id, self.repository)

    def _commit(self, message: str) -> str:
        write_folder(str(self.repository.folder), self.compilation)
        return self.repository.commit(message)

    # What is seen

    @property
    def applied(self) -> Applied:
        """What the tool says."""
        return self.tool.look(self.id)

    def is_synced(self) -> bool:
        """Whether the tool says that the cluster has what Git has now."""
        applied = self.applied
        return applied.is_synced and applied.revision == self.repository.revision

    def wait_until_synced(self) -> None:
        """Wait until the tool says so."""
        try:
            until(self.is_synced, PATIENCE)
        except TimeoutError:
            raise TimeoutError(f"not synced: {self.applied}") from None

    def runs(self, attempt: int = 0, tag: str = "1") -> bool:
        """Whether all Jobs of an attempt run with an image, and nothing else does."""
        jobs = self.jobs()
        return sorted(jobs) == JOBS == self.ready() and all(
            (int(job["metadata"]["labels"].get(ATTEMPT, "0")), tag_of(job)) == (attempt, tag)
            and "deletionTimestamp" not in job["metadata"]
            for job in jobs.values()
        )

    def wait_until_running(self, attempt: int = 0, tag: str = "1") -> None:
        """Wait until all Jobs of an attempt run with an image, and nothing else does."""
        try:
            until(lambda: self.runs(attempt, tag), PATIENCE)
        except TimeoutError:
            raise TimeoutError(f"{attempt}, {tag}: {self.described()}; {self.applied}") from None

    def assert_nothing_changes(self) -> None:
        """Assert that for a while no Job is replaced, and then that all is synced."""
        before = self.uids()
        end = time.monotonic() + QUIET
        while time.monotonic() < end:
            assert self.uids() == before
            time.sleep(0.2)
        self.wait_until_synced()

    def described(self) -> dict[str, str]:
        """Return what each Job is, for people."""
        told = ("restarts", "countedRestarts", "terminal", "counts", "previous", "released")
        state = {name: value for name, value in self.state.items() if name in told}
        return {name: _described(job) for name, job in self.jobs().items()} | {"state": str(state)}

    def uids(self) -> dict[str, str]:
        """Return the UID of each Job."""
        return {name: job["metadata"]["uid"] for name, job in self.jobs().items()}

    def terminal(self) -> str:
        """Return the type of the set's end, or nothing."""
        return str((self.state.get("terminal") or {}).get("type", ""))

    def active(self) -> list[str]:
        """Return the names of the set's pods that have not ended."""
        return [
            pod["metadata"]["name"]
            for pod in self.pods()
            if pod.get("status", {}).get("phase") in ("Pending", "Running")
        ]

    def going(self) -> list[str]:
        """Return the names of the Jobs that are being deleted."""
        return [name for name, job in self.jobs().items() if "deletionTimestamp" in job["metadata"]]

    # What happens

    def fail(self, job: str = JOBS[1]) -> None:
        """Let a pod of a Job fail."""
        kwok.fail_pod(self.plane, self.pods(job)[0]["metadata"]["name"], namespace=self.namespace)

    def complete(self, *jobs: str) -> None:
        """Let the pods of some Jobs succeed, or of all."""
        for job in jobs or JOBS:
            for pod in self.pods(job):
                kwok.complete_pod(self.plane, pod["metadata"]["name"], namespace=self.namespace)


def tag_of(job: Json) -> str:
    """Return the tag of a Job's image."""
    return str(job["spec"]["template"]["spec"]["containers"][0]["image"].rpartition(":")[2])


def _described(job: Json) -> str:
    meta, status = job["metadata"], job.get("status") or {}
    kinds = [each["type"] for each in status.get("conditions") or () if each["status"] == "True"]
    going = ["terminating"] if "deletionTimestamp" in meta else []
    suspended = ["suspended"] if job["spec"].get("suspend") else []
    words = [f"attempt {meta['labels'].get(ATTEMPT, '0')}", f"image {tag_of(job)}", f"ready {status.get('ready', 0)}"]
    return " ".join([*words, *kinds, *going, *suspended])
