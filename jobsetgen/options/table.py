"""The table of options: everything that can be configured about a compile, each option once.

An option is a field of Settings, or of a section of it: its name, type, default, text, flag and
parameter. The JSON Schema of jobsetgen.yaml, its reading, the command line, the Argo CD plugin's
form and the reference in docs/project.md are derived from the rows: to add an option, add a row
here and use the setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.kubernetes.priorities import PRIORITY_WITHOUT_CLASS, PriorityClass
from jobsetgen.kubernetes.versions import VERSIONS, is_since
from jobsetgen.options import kinds
from jobsetgen.options.project import CHANGES, RESOURCES
from jobsetgen.options.row import Flag, Parameter, option, rows_of, section
from jobsetgen.options.values import (
    COMPAT_LEVELS,
    JOBS_OWNERS,
    MOST_BYTES,
    PROFILES,
    RESTART_WATCHERS,
    STRATEGIES,
    TARGETS,
    UPDATE_POLICIES,
    ImageOverride,
    JobsOwner,
    Profile,
    RestartWatcher,
    Strategy,
    Target,
    UpdatePolicy,
)
from jobsetgen.options.watcher import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How exclusive placement is implemented; `domains` lists domains by node label key."""

    strategy: Strategy = option(
        "affinity",
        kinds.choice(STRATEGIES),
        "",
        flag=Flag(name="--placement", help="How to implement exclusive placement."),
        parameter=Parameter(
            name="placement",
            position=5,
            title="How to implement exclusive placement",
            tooltip="affinity, node-selector, or domains (listed in jobsetgen.yaml)",
        ),
    )
    domains: Mapping[str, tuple[str, ...]] = option(
        {},
        kinds.DOMAINS,
        "The topology domains for the strategy domains, by node label key, in the order in which"
        " Jobs take them.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """Which warnings and notices are reported."""

    ignore: tuple[str, ...] = option(
        (),
        kinds.CODES,
        "Codes of warnings and notices that are not reported.",
        flag=Flag(
            name="--ignore",
            help="Do not report a warning or a notice, such as JSG504; repeatable.",
        ),
    )


def _bad_namespace(text: str) -> str:
    if len(text) <= MAX_LABEL and is_dns_1123_label(text):
        return ""
    return f"a namespace must have at most {MAX_LABEL} lower-case letters, digits and dashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of one compile.

    `namespace` is that of JobSets that do not set one; None if unknown. `default_priority` is None
    if no option sets it.
    `output` is the subfolder of the project for rendered output; empty if not set. `readme` and
    `gitattributes` are whether an output folder has these files.
    """

    # Not an option: the caller knows whether a namespace is required.
    namespace_required: bool = False
    # Not an option: the PriorityClasses of the input.
    input_classes: tuple[PriorityClass, ...] = ()
    namespace: str | None = option(
        None,
        kinds.NAME_OR_NONE,
        "The namespace of JobSets that do not set one.",
        flag=Flag(
            name="--namespace",
            short="-n",
            help="The namespace of JobSets that do not set one themselves.",
            refused=_bad_namespace,
        ),
    )
    images: tuple[ImageOverride, ...] = option(
        (),
        kinds.IMAGES,
        "Overrides of image names, tags and digests.",
        parameter=Parameter(
            name="images",
            position=9,
            title="Images",
            tooltip="name=new:tag, name:tag or name@digest, as in `kustomize edit set image`",
        ),
    )
    replicas: Mapping[tuple[str, str], int] = option(
        {},
        kinds.REPLICAS,
        "Overrides of the replicas of replicatedJobs.",
        parameter=Parameter(
            name="replicas",
            position=8,
            title="Replicas",
            tooltip="By <JobSet>/<replicatedJob>, such as train/workers: 4",
        ),
    )
    gitops: Profile = option(
        "any",
        kinds.choice(PROFILES),
        "The GitOps tool to write annotations for.",
        flag=Flag(
            name="--gitops",
            help="The GitOps tool to write annotations for.",
        ),
    )
    kubernetes_version: str = option(
        VERSIONS[-1],
        kinds.choice(VERSIONS),
        "The Kubernetes minor version to validate against.",
        default_text="the newest supported",
        flag=Flag(
            name="--kubernetes-version",
            help="The cluster's version.",
        ),
        parameter=Parameter(
            name="kubernetesVersion",
            position=6,
            title="Kubernetes version to validate against",
            tooltip="A minor version, such as 1.36; if empty, that of the destination cluster",
            ignores_empty=True,
        ),
    )
    jobs: JobsOwner = option(
        "git",
        kinds.choice(JOBS_OWNERS),
        "Who creates the Jobs. git: the GitOps tool, from the Jobs in the output. watcher: the"
        " restart-watcher, from the plan in the output.",
        flag=Flag(name="--jobs", help="Who creates the Jobs."),
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
        "How to roll out changes of immutable Job fields. Recreate: the new Jobs replace the old"
        " ones. OnRestart (only with jobs: watcher): the next restart uses the new Jobs."
        " Block: nothing is replaced; with jobs: git the sync fails with a reason.",
        flag=Flag(
            name="--update-policy",
            help="How to roll out changed Jobs.",
        ),
        parameter=Parameter(
            name="updatePolicy",
            position=2,
            title="How to roll out changed Jobs",
            tooltip="Recreate, Block or, with jobs: watcher, OnRestart",
        ),
    )
    restart_watcher: RestartWatcher = option(
        "Auto",
        kinds.choice(RESTART_WATCHERS),
        "Which sets have a restart-watcher. Auto: only sets that need one. Always: every set."
        " Never: no set; a set that needs one is an error.",
        flag=Flag(
            name="--restart-watcher",
            help="Which sets have a watcher. Auto: only sets that need one.",
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
        "Any text; change it to run a finished set again.",
        flag=Flag(name="--run-id", help="Any text; change it to run a finished set again."),
        parameter=Parameter(
            name="runId",
            position=7,
            title="Run ID",
            tooltip="Any text; change it to run a finished set again",
        ),
    )
    placement: Placement = section(Placement, "How to implement exclusive placement.")
    priority_classes: Mapping[str, int] = option(
        {},
        kinds.NUMBER_MAP,
        "The values of the cluster's priority classes, by name.",
        flag=Flag(
            name="--priority-class",
            help="The value of one of the cluster's priority classes; repeatable.",
        ),
        is_advanced=True,
    )
    default_priority: int | None = option(
        None,
        kinds.whole(format="int32"),
        "The priority of pods that do not set one.",
        default_text=str(PRIORITY_WITHOUT_CLASS),
        flag=Flag(name="--default-priority", help="The priority of pods that do not set one."),
        is_advanced=True,
    )
    max_jobs: int = option(
        50_000,
        kinds.whole(minimum=1),
        "The maximum number of Jobs to generate.",
        flag=Flag(name="--max-jobs", help="The maximum number of Jobs to generate."),
        is_advanced=True,
    )
    max_bytes: int = option(
        2**30,
        kinds.whole(minimum=1, maximum=MOST_BYTES),
        "The maximum size of the output in bytes, at most 4 GiB.",
        flag=Flag(name="--max-bytes", help="The maximum size of the output in bytes."),
        is_advanced=True,
    )
    output: str = option(
        "",
        kinds.TEXT,
        "The subfolder of the project for rendered output, which `build --each` writes and"
        " `check --each` compares.",
    )
    target: Target = option(
        "plain",
        kinds.choice(TARGETS),
        "What to write for a JobSet. plain: plain Kubernetes objects. jobset: the JobSet itself, for"
        " clusters with its controller.",
        flag=Flag(
            name="--target",
            help="What to write for a JobSet. jobset: the JobSet itself, for clusters with its"
            " controller.",
            is_shared=False,
        ),
    )
    readme: bool = option(
        True,
        kinds.SWITCH,
        "Whether the output folder has a README.md that says what its manifests run.",
        flag=Flag(
            name="--no-readme",
            help="Leave out README.md, which says what the output folder runs.",
            is_shared=False,
            switch=False,
        ),
        is_advanced=True,
    )
    gitattributes: bool = option(
        True,
        kinds.SWITCH,
        "Whether the output folder has a .gitattributes, by which GitHub and GitLab fold the diffs"
        " of its manifests.",
        flag=Flag(
            name="--no-gitattributes",
            help="Leave out .gitattributes, which folds diffs of the output folder.",
            is_shared=False,
            switch=False,
        ),
        is_advanced=True,
    )
    strict: bool = option(
        False,
        kinds.SWITCH,
        "Treat warnings as errors.",
        flag=Flag(name="--strict", help="Treat warnings as errors."),
    )
    lint: Lint = section(Lint, "Which warnings and notices are reported.")
    allow_empty: bool = option(
        False,
        kinds.SWITCH,
        "Allow an output without objects.",
        flag=Flag(
            name="--allow-empty",
            help="Allow an output without objects.",
            is_shared=False,
        ),
        is_advanced=True,
    )
    compat: int = option(
        1,
        kinds.whole(format="int32", enum=list(COMPAT_LEVELS)),
        "The compatibility level. With the same level, every release writes the same Jobs and"
        " README.md. 2: every set reads the PriorityClasses of the input.",
        flag=Flag(
            name="--compat",
            help="The compatibility level: with the same level, every release writes the same Jobs.",
        ),
        is_advanced=True,
    )
    watcher: Watcher = section(
        Watcher,
        "The restart-watcher's pod.",
        group="The restart-watcher",
    )

    def since(self, version: str) -> bool:
        """Whether the cluster's Kubernetes version is at least a minor version."""
        return is_since(self.kubernetes_version, version)

    @property
    def has_tool(self) -> bool:
        """Whether a GitOps tool applies the output: in every profile except `none`."""
        return self.gitops != "none"

    @property
    def names_tool(self) -> bool:
        """Whether it is known that a GitOps tool applies the output, and which."""
        return self.gitops in ("argocd", "flux")

    @property
    def tool_owns_jobs(self) -> bool:
        """Whether a GitOps tool recreates a deleted Job."""
        return self.has_tool and self.jobs == "git"


OPTIONS = (RESOURCES, *rows_of(Settings, RESOURCES.group), *CHANGES)
"""Every option, in display order."""
