"""What is always so of a watcher's requests and of what it writes, whatever goes wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobsetgen.runtime.watcher.contract import ATTEMPT, GENERATION, JOB_ATTEMPT, JOBSET
from jobsetgen.runtime.watcher.formats import mark_of
from tests.simulation.cluster import Json, conditions, uid

if TYPE_CHECKING:
    from tests.simulation.faulty_training import FaultyTraining


class Rules:
    """Checks each request when it is sent, and the state between the rounds."""

    def __init__(self, training: FaultyTraining) -> None:
        self.training = training
        self.reached: dict[tuple[str, str], tuple[int, int, str]] = {}  # by run: restarts, counted, outcome

    # --- Requests ---------------------------------------------------------------------------------
    def check_request(self, method: str, plural: str, path: str, body: bytes | None) -> None:
        """See that a request can do no harm, however late it arrives."""
        if method == "GET":
            return
        item = json.loads(body or b"{}")
        name = path.partition("?")[0].rpartition("/")[2]
        if method == "DELETE":
            self._check_delete(plural, name, item)
        elif method == "PATCH":
            assert item["metadata"]["uid"], "a patch names the UID that it means"
        elif method == "PUT":
            self._check_replace(plural, name, item)
        elif plural == "jobs" and "dryRun" not in path:
            self._check_create(item)

    def _check_delete(self, plural: str, name: str, options: Json) -> None:
        assert plural == "jobs"
        assert options["propagationPolicy"] == "Foreground"
        wanted = options["preconditions"]["uid"]
        assert wanted, "a delete names the UID that it means"
        job = self.training.cluster.of("jobs").get(name)
        state = self.training.state
        if job is not None and uid(job) == wanted and state:
            assert self._is_justified(state, job), f"nothing that is written says why {name} is deleted"

    def _is_justified(self, state: Json, job: Json) -> bool:
        """Whether the state, as it is written, says that a Job is to go."""
        if state["terminal"] or mark_of(uid(job)) in {*state["previous"], *state["leftover"]}:
            return True
        meta = job["metadata"]
        if _generation(job) != state["generation"] or meta["name"] not in self.training.own_names:
            return True
        alone = state["jobRestarts"].get(meta["name"], [0])[0]
        is_current = meta["labels"].get(ATTEMPT) == str(state["restarts"])
        is_current = is_current and meta["labels"].get(JOB_ATTEMPT, "0") == str(alone)
        owners = {each["uid"] for each in meta.get("ownerReferences") or ()}
        is_ours = state["plan"]["jobs"] == "watcher"
        return is_ours and not (is_current and state["planUid"] in owners)

    def _check_replace(self, plural: str, name: str, item: Json) -> None:
        assert (plural, name) == ("configmaps", f"{self.training.name}-restart-state")
        assert item["metadata"]["resourceVersion"], "a state replaces the one that was read, and no other"
        assert item["metadata"]["uid"]

    def _check_create(self, job: Json) -> None:
        state, meta = self.training.state, job["metadata"]
        assert meta["labels"][JOBSET] == self.training.name
        assert meta["name"] in self.training.own_names
        if state and state["generation"] == _generation(job):
            assert int(meta["labels"][ATTEMPT]) <= state["restarts"], "an attempt begins after it is written"
            alone = state["jobRestarts"].get(meta["name"], [0])[0]
            assert int(meta["labels"].get(JOB_ATTEMPT, "0")) <= alone

    # --- The state --------------------------------------------------------------------------------
    def check_state(self) -> None:
        """See that counters never fall within a run, and that an end is final."""
        state = self.training.state
        if not state:
            return
        run = state["generation"], state["planUid"]
        restarts, counted, outcome = self.reached.get(run, (0, 0, ""))
        assert state["restarts"] >= restarts
        assert state["countedRestarts"] >= counted
        assert outcome in ("", self.training.outcome)
        self.reached[run] = state["restarts"], state["countedRestarts"], self.training.outcome

    def forget_state(self) -> None:
        """Take the next state as it is: somebody has deleted the last one."""
        self.reached.clear()

    # --- Jobs -------------------------------------------------------------------------------------
    def check_ends(self) -> None:
        """See that, once a set is over, none of its Jobs runs.

        One that somebody deletes after the last look of a watcher that leaves is put back and runs.
        """
        if self.training.outcome:
            unseen = self.training.unseen
            jobs = [job for name, job in self.training.own_jobs().items() if name not in unseen]
            assert all(job["spec"].get("suspend") or conditions(job) for job in jobs)


def _generation(job: Json) -> str:
    annotations = job["spec"]["template"]["metadata"].get("annotations") or {}
    return str(annotations.get(GENERATION, ""))
