"""The table: what a person can choose about a compile, each option once.

An option is a field of Settings, or of a section of it: its name, type, default, text, flag and
parameter. The JSON Schema of jobsetgen.yaml, its reading, the command line, the Argo CD plugin's
form and the reference in docs/project.md are derived from the rows, so a new option is a row here
and its use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.kubernetes.priorities import SYSTEM_PRIORITY_CLASSES
from jobsetgen.kubernetes.versions import VERSIONS, is_since
from jobsetgen.options import kinds
from jobsetgen.options.row import Flag, Option, Parameter, option, rows_of, section
from jobsetgen.options.values import (
    JOBS_OWNERS,
    PROFILES,
    RESTART_WATCHERS,
    STRATEGIES,
    UPDATE_POLICIES,
    ImageOverride,
    JobsOwner,
    Profile,
    RestartWatcher,
    Strategy,
    UpdatePolicy,
)
from jobsetgen.options.watcher import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How exclusive placement is expressed; `domains` lists topology domains by node label key."""

    strategy: Strategy = option(
        "affinity",
        kinds.choice(STRATEGIES),
        "",
        flag=Flag(name="--placement", help="How exclusive placement is expressed."),
        parameter=Parameter(
            name="placement",
            position=5,
            title="How exclusive placement is expressed",
            tooltip="affinity, node-selector, or domains, which the jobsetgen.yaml lists",
        ),
    )
    domains: Mapping[str, tuple[str, ...]] = option(
        {},
        kinds.DOMAINS,
        "For the strategy domains: the topology domains, by node label key, in the order in which"
        " Jobs take them.",
    )


def _bad_namespace(text: str) -> str:
    if len(text) <= MAX_LABEL and is_dns_1123_label(text):
        return ""
    return f"a namespace has at most {MAX_LABEL} lower-case letters, digits and dashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of one compile.

    `namespace` is the one for sets that name none; None where none is known.
    `output` is the folder, below the project's, for what is rendered; empty where none is named.
    """

    # No option: whoever compiles knows whether the objects go where a namespace must be known.
    namespace_required: bool = False
    namespace: str | None = option(
        None,
        kinds.NAME_OR_NONE,
        "The namespace of the sets that name none.",
        flag=Flag(
            name="--namespace",
            short="-n",
            help="The namespace of JobSets that name none.",
            refused=_bad_namespace,
        ),
    )
    images: tuple[ImageOverride, ...] = option(
        (),
        kinds.IMAGES,
        "Other names, tags or digests for images.",
        parameter=Parameter(
            name="images",
            position=9,
            title="Images",
            tooltip="name=new:tag, name:tag or name@digest, as `kustomize edit set image` has them",
        ),
    )
    replicas: Mapping[tuple[str, str], int] = option(
        {},
        kinds.REPLICAS,
        "Other numbers of Jobs.",
        parameter=Parameter(
            name="replicas",
            position=8,
            title="Numbers of Jobs",
            tooltip="By <JobSet>/<replicatedJob>, such as train/workers: 4",
        ),
    )
    gitops: Profile = option(
        "any",
        kinds.choice(PROFILES),
        "Whose annotations the output carries.",
        flag=Flag(name="--gitops", help="Whose annotations to write (default {default})."),
    )
    kubernetes_version: str = option(
        VERSIONS[-1],
        kinds.choice(VERSIONS),
        "The Kubernetes minor version to check against.",
        default_text="the newest known",
        flag=Flag(
            name="--kubernetes-version",
            help="The cluster's version (default {default}).",
        ),
        parameter=Parameter(
            name="kubernetesVersion",
            position=6,
            title="Kubernetes version to check against",
            tooltip="A minor version, such as 1.36; empty: the destination cluster's",
            ignores_empty=True,
        ),
    )
    jobs: JobsOwner = option(
        "git",
        kinds.choice(JOBS_OWNERS),
        "Who creates the Jobs. git: they are in the output, and the GitOps tool creates them."
        " watcher: the restart-watcher creates them from the plan in the output.",
        flag=Flag(name="--jobs", help="Who creates the Jobs (default {default})."),
        parameter=Parameter(
            name="jobs",
            position=1,
            title="Who creates the Jobs",
            tooltip="git: Argo CD, from the manifests; watcher: the restart-watcher, from its plan",
        ),
    )
    update_policy: UpdatePolicy = option(
        "Recreate",
        kinds.choice(UPDATE_POLICIES),
        "What a change of what cannot change in a Job does. Recreate: the new Jobs replace the old."
        " OnRestart (only with jobs: watcher): they are taken up at the next restart."
        " Block: nothing is replaced; with jobs: git the sync fails and says why.",
        flag=Flag(
            name="--update-policy",
            help="How to roll out changed Jobs (default {default}).",
        ),
        parameter=Parameter(
            name="updatePolicy",
            position=2,
            title="How to roll out changed Jobs",
            tooltip="Recreate, Block, or with jobs: watcher OnRestart",
        ),
    )
    restart_watcher: RestartWatcher = option(
        "Auto",
        kinds.choice(RESTART_WATCHERS),
        "Auto: a set that needs the restart-watcher has one. Always: every set. Never: none, and"
        " one that needs it is an error.",
        flag=Flag(
            name="--restart-watcher",
            help="Which sets have a watcher (default {default}: only sets that need one).",
        ),
        parameter=Parameter(
            name="restartWatcher",
            position=3,
            title="Which sets have a restart-watcher",
            tooltip="Auto: only sets that need one; Always; Never",
        ),
    )
    run_id: str = option(
        "",
        kinds.TEXT,
        "A change of it runs a finished set again.",
        flag=Flag(name="--run-id", help="Any text; a change of it runs a finished set again."),
        parameter=Parameter(
            name="runId",
            position=7,
            title="Run",
            tooltip="Any text; a change of it runs a finished set again",
        ),
    )
    placement: Placement = section(Placement, "How exclusive placement is expressed.")
    priority_classes: Mapping[str, int] = option(
        {},
        kinds.NUMBER_MAP,
        "The values of the cluster's priority classes, by name.",
        flag=Flag(
            name="--priority-class",
            help="The value of a priority class of the cluster; repeatable.",
        ),
    )
    default_priority: int = option(
        0,
        kinds.whole(format="int32"),
        "The priority of pods that name none.",
        flag=Flag(
            name="--default-priority",
            help="The priority of pods that name none (default {default}).",
        ),
    )
    max_jobs: int = option(
        50_000,
        kinds.whole(minimum=1),
        "The most Jobs a compile may make.",
        flag=Flag(
            name="--max-jobs", help="The maximum number of Jobs to generate (default {default})."
        ),
        is_advanced=True,
    )
    output: str = option(
        "",
        kinds.TEXT,
        "The folder that holds the rendered output, below this file's: what `build --each` writes"
        " and `check --each` compares.",
    )
    strict: bool = option(
        False,
        kinds.SWITCH,
        "Whether warnings are errors.",
        flag=Flag(name="--strict", help="Warnings are errors."),
    )
    allow_empty: bool = option(
        False,
        kinds.SWITCH,
        "Whether an output without any object is allowed.",
        flag=Flag(
            name="--allow-empty",
            help="Allow an output without objects.",
            is_shared=False,
        ),
        is_advanced=True,
    )
    compat: int = option(
        1,
        kinds.whole(format="int32", enum=[1]),
        "The release whose Jobs the output keeps to.",
        is_advanced=True,
    )
    watcher: Watcher = section(
        Watcher,
        "How the restart-watcher's pod is run.",
        group="The restart-watcher",
    )

    def since(self, version: str) -> bool:
        """Whether the cluster's Kubernetes is of a minor version or a later one."""
        return is_since(self.kubernetes_version, version)

    @property
    def has_tool(self) -> bool:
        """Whether a GitOps tool applies the output; only in the profile `none` a person does."""
        return self.gitops != "none"

    @property
    def tool_owns_jobs(self) -> bool:
        """Whether a GitOps tool puts back a Job that is deleted."""
        return self.has_tool and self.jobs == "git"

    def priority_of(self, name: str) -> int | None:
        """Return the priority of a class, or None for one that is not known here."""
        return self.priority_classes.get(name, SYSTEM_PRIORITY_CLASSES.get(name))

    def pod_priority(self, pod: Mapping[str, Any]) -> int | None:
        """Return a pod's priority as admission would resolve it, or None with an unknown class."""
        if isinstance(pod.get("priority"), int):
            return int(pod["priority"])
        name = pod.get("priorityClassName")
        return self.priority_of(name) if isinstance(name, str) and name else self.default_priority

    def priority_label(self, pod: Mapping[str, Any]) -> str | None:
        """Return a pod's priority as a label's value, or None where it is unknown or negative."""
        priority = self.pod_priority(pod)
        return None if priority is None or priority < 0 else str(priority)


RESOURCES = Option(
    kind=kinds.FILES,
    text="The files to compile, relative to this one, in this order.",
    path=("resources",),
    default_text="every *.yaml and *.yml beside it, by name",
    group="The compile",
)
"""What a project compiles: an option of its file alone, as others name the files themselves."""

OPTIONS = (RESOURCES, *rows_of(Settings, RESOURCES.group))
"""Every option, in the order in which people are shown them."""
