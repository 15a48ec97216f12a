"""A compiled set in a real cluster, with its watcher as a process under the rights of its own ServiceAccount."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jobsetgen import Settings, Source, compile
from jobsetgen.runtime.watcher.formats import state_of
from tests.cases import ROOT
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import Process

Json = dict[str, Any]
ATTEMPT = "jobset.sigs.k8s.io/restart-attempt"
HOLD = "tests.jobsetgen.io/hold"
RUNTIME = ROOT / "jobsetgen" / "runtime"


class CompiledSet:
    """One set in one namespace. The pod that its watcher's Job makes does nothing here; the process is in its place."""

    def __init__(self, plane: ControlPlane, namespace: str, text: str, **settings: Any) -> None:
        self.plane, self.namespace, self.client = plane, namespace, plane.within(namespace)
        chosen = {"namespace": namespace, "gitops": "none", "restart_watcher": "Always", **settings}
        self.settings = Settings(**chosen)
        self.push(text)
        self.job = next(each for each in self.objects if each["metadata"]["name"].endswith("-restart-watcher")
                        and each["kind"] == "Job")  # fmt: skip
        plan = next(each for each in self.objects if each["metadata"]["name"].endswith("-restart-plan"))
        self.name = plan["metadata"]["name"].removesuffix("-restart-plan")  # the watcher's may be shortened

    def push(self, text: str) -> None:
        """Compile a spec, as if it came into Git."""
        self.compilation = compile([Source(name="set.yaml", content=text.encode())], self.settings)
        assert self.compilation.ok, self.compilation.diagnostics
        self.objects = [dict(each) for each in self.compilation.objects()]

    def apply(self) -> None:
        """Apply everything that was compiled."""
        for item in self.objects:
            self.client.apply(item)

    def start(self, folder: Path, name: str = "watcher", uid: str = "", script: Path | None = None) -> Process:
        """Start a watcher's process, with what the kubelet would give it.

        `uid` is its Job's, if not that which is there; `script` is run where it is not this release's watcher.
        """
        return spawn_watcher(self.plane, self.job, self.namespace, folder, name, uid, script)

    @property
    def state(self) -> Json:
        """What the watcher has written."""
        return dict(state_of(self.client.find("configmaps", f"{self.name}-restart-state") or {}) or {})

    def jobs(self, attempt: str = "") -> dict[str, Json]:
        """Return the set's Jobs by name, of one attempt or all."""
        labels = f"jobset.sigs.k8s.io/jobset-name={self.name}" + (f",{ATTEMPT}={attempt}" if attempt else "")
        return {each["metadata"]["name"]: each for each in self.client.list("jobs", labels=labels)}

    def pods(self, job: str = "") -> list[Json]:
        """Return the set's pods, or those of one Job."""
        labels = f"jobset.sigs.k8s.io/jobset-name={self.name}" + (f",job-name={job}" if job else "")
        return self.client.list("pods", labels=labels)

    def counters(self) -> tuple[int, int]:
        """Return the restarts that the watcher has written down: all, and those that count."""
        return self.state.get("restarts", 0), self.state.get("countedRestarts", 0)

    def verdict(self) -> str:
        """Return how the watcher's Job has ended, or nothing."""
        job = self.client.find("jobs", self.job["metadata"]["name"]) or {}
        conditions = (job.get("status") or {}).get("conditions") or ()
        return next((each["type"] for each in conditions if each["type"] in ("Complete", "Failed")), "")

    def hold(self, job: str, pod: int = 0) -> str:
        """Keep a pod of a Job, and so the Job, from going when it is deleted; return the pod's name."""
        meta = self.pods(job)[pod]["metadata"]
        held = {"metadata": {"finalizers": [*meta.get("finalizers", []), HOLD]}}
        self.client.patch("pods", meta["name"], held)
        return str(meta["name"])

    def let_go(self, pod: str) -> None:
        """Let a pod go that was held."""
        removal = {"metadata": {"$deleteFromPrimitiveList/finalizers": [HOLD]}}  # the Job controller takes off its own
        self.client.patch("pods", pod, removal, kind="strategic")

    def ready(self) -> list[str]:
        """Return the names of the Jobs all of whose pods are ready."""
        return sorted(
            name for name, job in self.jobs().items() if job["status"].get("ready") == job["spec"]["parallelism"]
        )


def spawn_watcher(
    plane: ControlPlane,
    job: Json,
    namespace: str,
    folder: Path,
    name: str = "watcher",
    uid: str = "",
    script: Path | None = None,
) -> Process:
    """Start the process of a watcher's Job that is there, with what the kubelet would give it."""
    own, pod = job["metadata"]["name"], job["spec"]["template"]["spec"]
    environment = plane.credentials(folder, namespace, pod["serviceAccountName"])
    environment["JOB_UID"] = uid or plane.client.get("jobs", own, namespace=namespace)["metadata"]["uid"]
    environment["PYTHONPATH"] = str(RUNTIME)
    program = [str(script)] if script else ["-m", "watcher"]
    _, _, _, _, *options = pod["containers"][0]["command"]  # python3 -u -m watcher
    command = [sys.executable, "-u", *program, "--credentials", str(folder), *options]
    return plane.spawn(f"{namespace}-{own}-{name}", command, environment=environment)
