"""The multislice example from its spec to its end: two failures, two restarts from checkpoints, completion."""

from __future__ import annotations

from pathlib import Path

from jobsetgen import Settings, Source, compile
from tests.cases import FIXTURES, ROOT
from tests.simulation.cluster import NAMESPACE, conditions, uid
from tests.simulation.training import Training

EXAMPLE = FIXTURES / "valid" / "multislice" / "jobset.yaml"
TRANSCRIPT = ROOT / "docs" / "examples" / "transcript.txt"
JOBS = [f"multislice-workers-{index}" for index in range(4)]


class Multislice(Training):
    """The example; its pods train a hundred steps a second and save every two hundred and fifty."""

    name = "multislice"

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.step = self.saved = 0
        super().__init__(EXAMPLE.read_text())

    def push(self, text: str, **settings: object) -> None:
        compilation = compile([Source(name="jobset.yaml", content=text.encode())], Settings(namespace=NAMESPACE))
        self.tool.push([item for item in compilation.objects() if item["kind"] in ("Job", "ConfigMap")])

    def say(self, text: str) -> None:
        self.lines.append(f"{self.cluster.time()[14:19]}  {text}")

    def train(self, seconds: int) -> None:
        """Let everybody have turns; the pods train while all of them run."""
        before, attempt = self.names(), self.state.get("restarts")
        for _ in range(seconds):
            self.round()
            if self.running() == JOBS:
                if self.step == 0 or set(self.names().values()) != set(before.values()):
                    self.say(f"4 Jobs run, from step {self.saved}: {', '.join(self.names().values())}")
                    self.step, before = self.saved, self.names()
                self.step += 100
                self.saved = self.step - self.step % 250
            if self.state.get("restarts") != attempt:
                attempt = self.state["restarts"]
                entry = self.state["evidence"][-1] if self.state["evidence"] else {}
                self.say(
                    f"state: restarts {attempt}" + (f", after {entry['job']} ({entry['reason']})" if entry else "")
                )

    def fail(self, job: str) -> None:
        self.say(f"{job} fails at step {self.step}; the last checkpoint is {self.saved}")
        self.cluster.fail(job)

    def complete(self) -> None:
        self.say(f"all Jobs complete at step {self.step}")
        for job in JOBS:
            self.cluster.complete(job)


def transcript() -> str:
    """Live the example's life and return what was seen."""
    life = Multislice()
    life.say(f"applied: {', '.join(sorted(life.names()))}, multislice-restart-watcher")
    life.train(12)
    life.fail("multislice-workers-2")
    life.train(12)
    life.fail("multislice-workers-0")
    life.train(12)
    life.complete()
    life.settle()
    terminal = life.state["terminal"]
    life.say(f"state: {terminal['type']}, {terminal['reason']}: {terminal['message']}")
    assert life.exits == [0]
    assert [conditions(job) for job in life.cluster.jobs().values()] == [{"Complete"}] * 4
    assert len({uid(job) for job in life.cluster.jobs().values()}) == 4
    life.say("the watcher exits with 0; Job multislice-restart-watcher is Complete")
    return "".join(f"{line}\n" for line in life.lines)


def test_the_transcript_in_the_documentation_is_what_happens():
    assert Path(TRANSCRIPT).read_text() == transcript()
