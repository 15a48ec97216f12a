"""Scenarios for the table of consequences: for each trigger a pair of states between which it occurs.

There is one table for two kinds of tests: the comparison finds exactly these triggers, and the real components do what
the rows of the table say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jobsetgen import emit
from jobsetgen.diff import rows_of_jobs as jobs
from jobsetgen.diff import rows_of_objects as objects
from jobsetgen.diff import rows_of_sets as sets
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.scripts import Scripts
from jobsetgen.diff.sides import Side
from jobsetgen.options.table import Settings
from jobsetgen.options.watcher import Watcher
from jobsetgen.pipeline import Compilation, compile
from jobsetgen.source.text import Source

Object = dict[str, Any]
Edit = Callable[[list[Object], list[Object]], None]
_compilations: dict[tuple[str, str], Compilation] = {}
_SCRIPTS = Scripts()

SPEC = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo, namespace: team}
spec:
  failurePolicy: {maxRestarts: 3}
  replicatedJobs:
  - name: workers
    replicas: 4
    template:
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          spec:
            containers:
            - name: main
              image: registry.example.com/train:1
              resources: {limits: {google.com/tpu: 4}}
"""
CLAIM = """
  volumeClaimPolicies:
  - retentionPolicy: {whenDeleted: Delete}
    templates:
    - metadata: {name: ckpt}
      spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 10Gi}}}
"""
# Seconds after which no Job of a test still runs.
LATE = 100_000
MOUNT = "\n              volumeMounts: [{name: ckpt, mountPath: /ckpt}]"
WITH_CLAIM = f"{SPEC.rstrip()}{MOUNT}{CLAIM}"
GENERATED = SPEC.replace("name: demo", "generateName: demo-")
OTHER = SPEC.replace("name: demo", "name: other")
LESSONS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: lessons, namespace: team}
data: {lesson: first}
"""
FOREIGN_CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: corpus, namespace: team}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 10Gi}}}
"""
FOREIGN_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: prepare, namespace: team}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "registry.example.com/prepare:1"}]
"""
FOREIGN_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cache, namespace: team}
spec:
  serviceName: cache
  selector: {matchLabels: {app: cache}}
  template:
    metadata: {labels: {app: cache}}
    spec: {containers: [{name: main, image: "registry.example.com/cache:1"}]}
"""
FOREIGN_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: metrics, namespace: team}
spec: {clusterIP: None, selector: {app: metrics}, ports: [{port: 9090}]}
"""


class Scenario(NamedTuple):
    """Two states of a repository: two texts, and the settings that each is compiled with.

    `edit` changes the objects of both states, as a person edits rendered manifests. `beside` are triggers that occur
    together with the one that the scenario is for.
    """

    old: str
    new: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    edit: Edit | None = None
    beside: tuple[str, ...] = ()

    def within(self, namespace: str) -> Scenario:
        """Return the scenario in another namespace."""
        old, new = (text.replace("namespace: team", f"namespace: {namespace}") for text in (self.old, self.new))
        return self._replace(old=old, new=new)

    def outputs(self) -> tuple[list[Object], list[Object]]:
        """Return the objects of both states, as they are applied."""
        old, new = (_objects(each) for each in self.compilations())
        if self.edit:
            self.edit(old, new)
        return old, new

    def sides(self) -> tuple[Side, Side]:
        """Return the states as the sides of a comparison; those of manifests if one is edited."""
        if not self.edit:
            old, new = (compiled_side(each, "specs", "set.yaml") for each in self.compilations())
            return old, new
        old, new = (
            rendered_side([("stream.yaml", "---\n".join(map(emit.text, each)))], "stream", scripts=_SCRIPTS)
            for each in self.outputs()
        )
        return old, new

    def compilations(self) -> tuple[Compilation, Compilation]:
        """Return both states as they are compiled."""
        return compiled(self.old, self.before), compiled(self.new, self.after)


def compiled(text: str, settings: Mapping[str, Any]) -> Compilation:
    """Compile a text that has no errors; the same again is not compiled again."""
    key = text, repr(Settings(**settings))
    if key not in _compilations:
        result = compile([Source(name="set.yaml", content=text.encode())], Settings(**settings))
        assert result.ok, result.diagnostics
        _compilations[key] = result
    return _compilations[key]


def scenario(trigger: str, context: Context) -> Scenario:
    """Return the scenario of a trigger in a context where it occurs."""
    made = _SCENARIOS[trigger]
    own = settings_of(context)
    if isinstance(made, _Texts):
        return Scenario(made.old, made.new, own, own, made.edit, made.beside)
    return made(context, own)


def settings_of(context: Context) -> dict[str, Any]:
    """Return the settings that make a context."""
    return {"jobs": context.mode, "update_policy": context.policy, "gitops": context.profile}


def _objects(compilation: Compilation) -> list[Object]:
    return [copy.deepcopy(dict(each)) for each in compilation.objects()]


class _Texts(NamedTuple):
    """A scenario with the same settings on both sides."""

    old: str
    new: str
    edit: Edit | None = None
    beside: tuple[str, ...] = ()


def edited(before: str, after: str, text: str = SPEC) -> tuple[str, str]:
    """Return a text and the same after an edit."""
    assert before in text
    return text, text.replace(before, after)


def suspended(made: Scenario) -> Scenario:
    """Return a scenario whose set is suspended in both states."""
    old, new = (edited("spec:\n  fail", "spec:\n  suspend: true\n  fail", text)[1] for text in made[:2])
    return made._replace(old=old, new=new)


def also(text: str, other: str) -> str:
    """Return two documents in one text."""
    return f"{text}---{other}"


# --- Scenarios with other settings ------------------------------------------------------------------
def _other_mode(context: Context, own: dict[str, Any]) -> Scenario:
    """Who creates the Jobs changes; OnRestart is only possible where the watcher does."""
    before = {**own, "jobs": "watcher" if context.mode == "git" else "git"}
    beside: tuple[str, ...] = (sets.MODE,) if context.mode == "git" else (sets.MODE, sets.HANDED_OVER)
    if context.policy == "OnRestart":
        before["update_policy"] = "Recreate"
        beside = (*beside, sets.POLICY_OF_UPDATES)
    return Scenario(SPEC, SPEC, before, own, beside=beside)


def _other_profile(context: Context, own: dict[str, Any]) -> Scenario:
    before = {**own, "gitops": "flux" if context.profile != "flux" else "argocd"}
    # Without a tool the watcher may remove what a TTL ends.
    beside = (objects.CHANGED,) if context.profile == "none" else ()
    return Scenario(SPEC, SPEC, before, own, beside=beside)


def _other_update_policy(context: Context, own: dict[str, Any]) -> Scenario:
    before = {**own, "update_policy": "Block" if context.policy != "Block" else "Recreate"}
    return Scenario(SPEC, SPEC, before, own)


def _with_block(context: Context, own: dict[str, Any]) -> Scenario:
    before = {**own, "update_policy": "Recreate"}
    return Scenario(*IMAGE, before, own, beside=(sets.POLICY_OF_UPDATES,))


def _removed_claim(context: Context, own: dict[str, Any]) -> Scenario:
    """A claim goes; without a tool its watcher loses the right to delete it, which a tool never gives it."""
    beside: tuple[str, ...] = (jobs.JOBS,)
    if context.profile == "none":
        beside = (*beside, objects.CHANGED)
    if is_refused_watcher(context):
        beside = (*beside, objects.WATCHER_CHANGED)
    return Scenario(WITH_CLAIM, SPEC, own, own, beside=beside)


def _other_run(context: Context, own: dict[str, Any]) -> Scenario:
    return _new_generation(context, SPEC, SPEC, own, run_id="2")


def _new_generation(context: Context, old: str, new: str, own: dict[str, Any], **after: Any) -> Scenario:
    """The watcher's Job names the generation, and kubectl cannot change it."""
    beside = (objects.WATCHER_CHANGED,) if is_refused_watcher(context) else ()
    return Scenario(old, new, own, {**own, **after}, beside=beside)


def _emptied(_: Context, own: dict[str, Any]) -> Scenario:
    """A set loses its last Job; with it goes the watcher, which has nothing to do any more."""
    return Scenario(*edited("replicas: 4", "replicas: 0"), own, own, beside=(objects.REMOVED,))


def _emptied_beside(context: Context, own: dict[str, Any]) -> Scenario:
    """A set loses its last Job, and keeps its watcher, which kubectl cannot change."""
    watched = {**own, "restart_watcher": "Always"}
    beside = (objects.WATCHER_CHANGED,) if context.profile == "none" else ()
    return Scenario(*edited("replicas: 4", "replicas: 0"), watched, watched, beside=beside)


def is_refused_watcher(context: Context) -> bool:
    """Whether kubectl refuses nothing but the watcher's Job where the generation changes."""
    return context.mode == "watcher" and context.profile == "none"


def _other_watcher(context: Context, own: dict[str, Any]) -> Scenario:
    return Scenario(SPEC, SPEC, own, {**own, "watcher": Watcher(log_level="debug")})


# --- Edits of rendered manifests --------------------------------------------------------------------
def _of(items: list[Object], kind: str) -> list[Object]:
    return [item for item in items if item["kind"] == kind]


def _refuse_jobs(_: list[Object], items: list[Object]) -> None:
    """Let the training Jobs have a restartPolicy that does not exist."""
    for job in _of(items, "Job"):
        if not job["metadata"]["name"].endswith("-restart-watcher"):
            job["spec"]["template"]["spec"]["restartPolicy"] = "Sometimes"


def _edit_one_job(_: list[Object], items: list[Object]) -> None:
    """Give another image to one training Job alone."""
    job = next(item for item in _of(items, "Job") if item["metadata"]["name"] == "demo-workers-1")
    job["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example.com/train:2"


def _edit_plan(_: list[Object], items: list[Object]) -> None:
    """Give another image to the Jobs in the watcher's plan alone."""
    (plan,) = (item for item in items if "plan.json" in item.get("data", {}))
    text = plan["data"]["plan.json"]
    assert "train:1" in text
    plan["data"]["plan.json"] = text.replace("train:1", "train:2")


def _rename_jobs(_: list[Object], items: list[Object]) -> None:
    """Give other names to all training Jobs."""
    for job in _of(items, "Job"):
        if not job["metadata"]["name"].endswith("-restart-watcher"):
            job["metadata"]["name"] += "-b"


def _remove_service(_: list[Object], items: list[Object]) -> None:
    items.remove(*_of(items, "Service"))


def _add_service(items: list[Object], _: list[Object]) -> None:
    items.remove(*_of(items, "Service"))


def _label_service(_: list[Object], items: list[Object]) -> None:
    (service,) = _of(items, "Service")
    service["metadata"].setdefault("labels", {})["team"] = "speech"


def _bind_another_role(_: list[Object], items: list[Object]) -> None:
    (binding,) = _of(items, "RoleBinding")
    binding["roleRef"]["name"] = "another"


IMAGE = edited("train:1", "train:2")
SUSPEND = edited("spec:\n  fail", "spec:\n  suspend: true\n  fail")
_QUEUED = SPEC.replace(
    "template:\n      spec:\n        para",
    "template:\n      metadata: {labels: {kueue.x-k8s.io/queue-name: research}}\n      spec:\n        para",
)
SUSPEND_QUEUED = edited("spec:\n  fail", "spec:\n  suspend: true\n  fail", _QUEUED)
_UNPUBLISHED = "spec:\n  network: {publishNotReadyAddresses: false}\n  fail"
_LABELLED = "template:\n      metadata: {labels: {team: speech}}\n      spec:\n        para"

_SCENARIOS: Mapping[str, _Texts | Callable[[Context, dict[str, Any]], Scenario]] = {
    # Sets
    sets.CREATED: _Texts(LESSONS, also(LESSONS, SPEC)),
    sets.REMOVED: _Texts(also(LESSONS, SPEC), LESSONS),
    sets.REMOVED_WITH_CLAIMS: _Texts(also(LESSONS, WITH_CLAIM), LESSONS),
    sets.RENAMED: _Texts(*edited("name: demo", "name: other")),
    sets.NAMED_ANEW: _Texts(*edited("train:1", "train:2", GENERATED), beside=(jobs.JOBS,)),
    sets.MODE: _other_mode,
    sets.HANDED_OVER: _other_mode,
    sets.PROFILE: _other_profile,
    sets.POLICY_OF_UPDATES: _other_update_policy,
    sets.POLICY: _Texts(*edited("maxRestarts: 3", "maxRestarts: 1")),
    # Jobs
    jobs.JOBS: lambda context, own: _new_generation(context, *IMAGE, own),
    jobs.RESPELLED: lambda context, own: _new_generation(
        context, *edited("google.com/tpu: 4", "google.com/tpu: '4'"), own
    ),
    jobs.BLOCKED_TOO: _with_block,
    jobs.REFUSED_JOBS: _Texts(SPEC, SPEC, _refuse_jobs),
    jobs.EDITED: _Texts(SPEC, SPEC, _edit_one_job),
    jobs.RUN: _other_run,
    jobs.SUSPENDED: _Texts(*SUSPEND),
    jobs.RESUMED: _Texts(*SUSPEND[::-1]),
    jobs.QUEUED_SUSPENDED: _Texts(*SUSPEND_QUEUED),
    jobs.QUEUED_RESUMED: _Texts(*SUSPEND_QUEUED[::-1]),
    jobs.LIMITS_OF_JOBS: _Texts(*edited("backoffLimit: 0", "backoffLimit: 1")),
    jobs.JOB_METADATA: _Texts(*edited("template:\n      spec:\n        para", _LABELLED)),
    jobs.EMPTIED: _emptied,
    jobs.EMPTIED_BESIDE: _emptied_beside,
    jobs.STOPPED: _Texts(*edited("parallelism: 2", "parallelism: 0")),
    jobs.DEADLINE: _Texts(*edited("backoffLimit: 0", f"backoffLimit: 0\n        activeDeadlineSeconds: {LATE}")),
    jobs.PLAN: _Texts(SPEC, SPEC, _edit_plan),
    jobs.NAMES: _Texts(SPEC, SPEC, _rename_jobs),
    # Objects
    objects.ADDED: _Texts(SPEC, SPEC, _add_service),
    objects.REMOVED: _Texts(SPEC, SPEC, _remove_service),
    objects.CHANGED: _Texts(*edited("spec:\n  fail", _UNPUBLISHED)),
    objects.METADATA: _Texts(SPEC, SPEC, _label_service),
    objects.CLAIM_REMOVED: _removed_claim,
    objects.CLAIM_RELEASED: _Texts(WITH_CLAIM.replace(": Delete", ": Retain"), SPEC, beside=(jobs.JOBS,)),
    objects.CLAIM_IMMUTABLE: _Texts(*edited("10Gi", "5Gi", WITH_CLAIM)),
    objects.SERVICE_IMMUTABLE: _Texts(*edited("clusterIP: None", "clusterIP: 10.96.0.77", also(SPEC, FOREIGN_SERVICE))),
    objects.BINDING_IMMUTABLE: _Texts(SPEC, SPEC, _bind_another_role),
    objects.DATA_IMMUTABLE: _Texts(*edited("first", "second", also(SPEC, f"{LESSONS}immutable: true\n"))),
    objects.WATCHER_CHANGED: _other_watcher,
    # Objects that pass through
    objects.FOREIGN: _Texts(*edited("first", "second", also(SPEC, LESSONS))),
    objects.FOREIGN_REMOVED: _Texts(also(SPEC, LESSONS), SPEC),
    objects.FOREIGN_CLAIM_REMOVED: _Texts(also(SPEC, FOREIGN_CLAIM), SPEC),
    objects.FOREIGN_JOB: _Texts(*edited("prepare:1", "prepare:2", also(SPEC, FOREIGN_JOB))),
    objects.FOREIGN_IMMUTABLE: _Texts(*edited("serviceName: cache", "serviceName: other", also(SPEC, FOREIGN_SET))),
}

TRIGGERS = frozenset(_SCENARIOS)
"""The triggers that have a scenario."""
