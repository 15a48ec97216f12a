"""Projects that every front end has to take for the same: each option, each contradiction, each kind of input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"

# It is restarted, so that it has a watcher, and has topology domains to itself, so that it is placed.
TRAIN = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: train
  annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
spec:
  failurePolicy: {maxRestarts: 3}
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        backoffLimit: 0
        parallelism: 2
        completions: 2
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: main
              image: registry.example.com/train:1
"""
# Nothing in it needs a watcher.
SINGLE = TRAIN.replace("  failurePolicy: {maxRestarts: 3}\n", "").replace("name: train\n", "name: single\n")
SINGLE = SINGLE.replace("replicas: 2", "replicas: 1")
UNPINNED = TRAIN.replace("train:1\n", "train\n")
# Compiles only with the priority of its class.
PREEMPTING = TRAIN.replace("restartPolicy: Never", "priorityClassName: high")
MISSPELT = TRAIN.replace("replicas: 2", "replica: 2")
PRIORITY_CLASS = """\
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: high
value: 2000
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\ndata:\n  key: text\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder to compile.

    `options` follow the head of its jobsetgen.yaml; without any it has none. `application` is the namespace that Argo
    CD tells. A project that `is_of_files` is none for a function, which has no files.
    """

    options: str | None = None
    files: Mapping[str, str | bytes] = field(default_factory=lambda: {"train.yaml": TRAIN})
    application: str | None = None
    is_of_files: bool = False

    @property
    def contents(self) -> dict[str, bytes]:
        """What is in the folder."""
        own = {} if self.options is None else {"jobsetgen.yaml": HEAD + self.options}
        files = {**own, **self.files}
        return {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}


TEMPLATE = TRAIN.replace("replicas: 2", "replicas: {{ replicas }}")
SCHEMA = '{"properties": {"replicas": {"type": "integer", "minimum": 1}}}'


def _list_of(*texts: str) -> str:
    items = "".join("- " + text.replace("\n", "\n  ").rstrip(" ") for text in texts)
    return f"apiVersion: v1\nkind: List\nitems:\n{items}"


def _watcher(text: str) -> Project:
    return Project(options=f"namespace: research\nwatcher:\n  {text}\n")


def _patch(patch: str, target: str = "{kind: JobSet}") -> str:
    return f"patches:\n- target: {target}\n  patch: {patch}\n"


_QUIET = "# jobsetgen: ignore[JSG504] the mirror pins it"
_SEVERAL = {
    "a.yaml": SINGLE,
    "b.yml": f"---\n{TRAIN}---\n{CONFIG.format('settings')}",
    "kustomization.yaml": "resources: [a.yaml]\n",
    "c/left-out.yaml": MISSPELT,
}
_UNUSED = "images:\n- name: registry.example.com/trian {}\n  newTag: '2'\n"

VALID = {
    "no-project": Project(),
    "nothing-chosen": Project(options=""),
    "namespace": Project(options="namespace: research\n"),
    "images": Project(
        options="images:\n- name: registry.example.com/train\n  newName: mirror.example.com/train\n  newTag: '2'\n"
    ),
    "replicas": Project(options="replicas:\n- {jobSet: train, replicatedJob: workers, replicas: 3}\n"),
    "gitops": Project(options="gitops: flux\n"),
    "kubernetes-version": Project(options="kubernetesVersion: '1.33'\n"),
    "jobs": Project(options="jobs: watcher\n"),
    "on-restart": Project(options="jobs: watcher\nupdatePolicy: OnRestart\n"),
    "block": Project(options="updatePolicy: Block\n"),
    "always": Project(options="restartWatcher: Always\n", files={"single.yaml": SINGLE}),
    "never": Project(options="restartWatcher: Never\n", files={"single.yaml": SINGLE}),
    "run-id": Project(options="runId: second\n"),
    "node-selector": Project(options="placement: {strategy: node-selector}\n"),
    "domains": Project(
        options="placement:\n  strategy: domains\n  domains: {cloud.google.com/gke-nodepool: [pool-1, pool-2]}\n"
    ),
    "priority-classes": Project(
        options="priorityClasses: {high: 1000}\n",
        files={"train.yaml": PREEMPTING},
    ),
    "priority-class-in-input": Project(files={"classes.yaml": PRIORITY_CLASS, "train.yaml": PREEMPTING}),
    "priority-class-in-list": Project(files={"list.yaml": _list_of(PREEMPTING, PRIORITY_CLASS)}),
    "priority-class-contradicted": Project(
        options="priorityClasses: {high: 1000}\n",
        files={"classes.yaml": PRIORITY_CLASS, "train.yaml": PREEMPTING},
    ),
    "default-priority": Project(options="defaultPriority: 7\n"),
    "max-jobs": Project(options="maxJobs: 2.0\n"),
    "max-bytes": Project(options="maxBytes: 10000000\n"),
    "strict": Project(options="namespace: research\nstrict: true\n"),
    "allow-empty": Project(options="allowEmpty: true\n"),
    "compat": Project(options="compat: 1\n"),
    "compat-2": Project(
        options="compat: 2\nplacement: {strategy: domains, domains: {cloud.google.com/gke-nodepool: [a, b]}}\n",
        files={"classes.yaml": PRIORITY_CLASS, "train.yaml": PREEMPTING},
    ),
    "lint": Project(options="lint: {ignore: [JSG504]}\n"),
    "watcher-image": _watcher("image: registry.example.com/python:3.13"),
    "watcher-log-level": _watcher("logLevel: debug"),
    "watcher-resources": _watcher("resources: {requests: {cpu: 0.5}, limits: {memory: 96Mi}}"),
    "watcher-account": _watcher("serviceAccountName: restarts"),
    "watcher-priority": _watcher("priorityClassName: high"),
    "watcher-secrets": _watcher("imagePullSecrets: [registry, mirror]"),
    "watcher-nodes": _watcher("nodeSelector: {pool: system}"),
    "watcher-tolerations": _watcher("tolerations: [{key: pool, value: system, effect: NoSchedule}]"),
    "watcher-carried-fields": _watcher("carriedFields: [serviceAccountName, hostPath]"),
    "watcher-labels": _watcher("labels: {team: research}"),
    "watcher-annotations": _watcher("annotations: {note: ours}"),
    "nulls": Project(options="namespace: null\nwatcher: {image: null, labels: {team: research}}\n"),
    "several-files": Project(options="namespace: research\n", files=_SEVERAL),
    "several-files-without-a-project": Project(files=_SEVERAL),
    "list": Project(files={"list.yaml": _list_of(TRAIN, CONFIG.format("in-a-list"), SINGLE)}),
    "passed-through": Project(
        options="namespace: research\n",
        files={"config.yaml": CONFIG.format("settings"), "train.yaml": TRAIN, "z.yaml": CONFIG.format("more")},
    ),
    "managed-by-others": Project(
        files={"train.yaml": TRAIN.replace("spec:\n", "spec:\n  managedBy: kueue.x-k8s.io/multikueue\n", 1)}
    ),
    "unused-image": Project(options=_UNUSED.format("")),
    "silenced-in-the-project": Project(
        options=_UNUSED.format("# jobsetgen: ignore[JSG704] used again in spring\n").replace("\n\n", "\n")
    ),
    "warned": Project(files={"train.yaml": UNPINNED}),
    "silenced": Project(files={"train.yaml": UNPINNED.replace("train\n", f"train {_QUIET}\n")}),
    "silenced-under-strict": Project(
        options="namespace: research\nstrict: true\n",
        files={"train.yaml": UNPINNED.replace("train\n", f"train {_QUIET}\n")},
    ),
    "silenced-without-a-reason": Project(
        files={"train.yaml": TRAIN.replace("train:1\n", "train:1 # jobsetgen: ignore[JSG504]\n")}
    ),
    "namespace-of-the-application": Project(options="namespace: research\n", application="training"),
    "namespace-of-the-set": Project(
        files={"train.yaml": TRAIN.replace("  name: train\n", "  name: train\n  namespace: own\n")},
        application="training",
    ),
    "patches": Project(
        options=_patch("{spec: {successPolicy: {operator: All}}}")
        + "- target: {kind: JobSet}\n  patch: [{op: replace, path: /spec/replicatedJobs/0/replicas, value: 3}]\n",
    ),
    "name-prefix": Project(options="namePrefix: prod-\n", files={"list.yaml": _list_of(TRAIN, CONFIG.format("a"))}),
    "name-suffix": Project(options="nameSuffix: -b\nnamespace: research\n"),
    "labels": Project(options="labels: {team: research}\n"),
    "annotations": Project(options="annotations: {example.com/owner: research}\n"),
    "values": Project(
        options="values: {replicas: 3}\nvaluesSchema: values.json\n",
        files={"train.yaml.j2": TEMPLATE, "values.json": SCHEMA},
        is_of_files=True,
    ),
    "resources": Project(options="resources: [c, b.yaml]\n", files={
        "b.yaml": SINGLE, "c/train.yaml": TRAIN, "d.yaml": MISSPELT}, is_of_files=True),
    "output": Project(options="output: rendered\n", is_of_files=True),
    "readme": Project(options="readme: false\n", is_of_files=True),
    "gitattributes": Project(options="gitattributes: false\n", is_of_files=True),
}  # fmt: skip

INVALID = {
    "watcher-label-of-ours": _watcher("labels: {jobset.sigs.k8s.io/jobset-name: train}"),
    "watcher-without-an-image": _watcher("image: ' '"),
    "watcher-quantity": _watcher("resources: {limits: {memory: 96mb}}"),
    "watcher-toleration": _watcher("tolerations: [{key: a b}]"),
    "watcher-carried-field": _watcher("carriedFields: [image]"),
    "output-larger-than-its-limit": Project(options="namespace: research\nmaxBytes: 100\n"),
    "on-restart-in-git": Project(options="updatePolicy: OnRestart\n"),
    "image-of-no-form": Project(options="images: [{name: registry.example.com/train, newName: 'a b'}]\n"),
    "ignored-error": Project(options="lint: {ignore: [JSG101, JSG540]}\n"),
    "image-twice": Project(
        options="images:\n- {name: registry.example.com/train, newTag: '2'}\n"
        "- {name: registry.example.com/train, newTag: '3'}\n"
    ),
    "contradictions-together": Project(
        options="updatePolicy: OnRestart\nimages: [{name: a, digest: b}]\nwatcher: {labels: {job-name: a}}\n"
    ),
    "no-such-set": Project(options="replicas: [{jobSet: trian, replicatedJob: workers, replicas: 1}]\n"),
    "no-such-job": Project(options="replicas: [{jobSet: train, replicatedJob: worker, replicas: 1}]\n"),
    "negative-replicas": Project(options="replicas: [{jobSet: train, replicatedJob: workers, replicas: -1}]\n"),
    "strict-and-an-unused-image": Project(options="strict: true\n" + _UNUSED.format("")),
    "strict-and-a-warning": Project(options="namespace: research\nstrict: true\n", files={"train.yaml": UNPINNED}),
    "strict-and-a-comment-without-a-reason": Project(
        options="namespace: research\nstrict: true\n",
        files={"train.yaml": TRAIN.replace("train:1\n", "train:1 # jobsetgen: ignore[JSG504]\n")},
    ),
    "silenced-errors-stay": Project(
        options="updatePolicy: OnRestart # jobsetgen: ignore[JSG706] we know\n",
        files={"train.yaml": MISSPELT.replace("replica: 2", "replica: 2 # jobsetgen: ignore[JSG101] we know")},
    ),
    "misspelt-field": Project(files={"train.yaml": MISSPELT}),
    "several-wrong-files": Project(
        options="images: [{name: registry.example.com/trian, newTag: '2'}]\n",
        files={"a.yaml": MISSPELT, "b.yaml": SINGLE.replace("backoffLimit: 0", "backoffLimit: -1")},
    ),
    "one-wrong-file": Project(files={"a.yaml": SINGLE, "b.yaml": MISSPELT, "c.yaml": CONFIG.format("settings")}),
    "wrong-in-a-list": Project(files={"list.yaml": _list_of(SINGLE, MISSPELT)}),
    "same-set-twice": Project(files={"a.yaml": TRAIN, "b.yaml": TRAIN}),
    "service-in-the-way": Project(
        files={
            "train.yaml": TRAIN,
            "z.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: train}\nspec: {selector: {a: b}}\n",
        }
    ),
    "old-api-group": Project(files={"train.yaml": TRAIN.replace("jobset.x-k8s.io", "batch.x-k8s.io")}),
    "no-name": Project(files={"train.yaml": TRAIN.replace("  name: train\n", "")}),
    "wrong-type-of-an-option": Project(options="maxJobs: many\n"),
    "wrong-type-of-a-section": Project(options="watcher: [image]\n"),
    "wrong-type-of-an-entry": Project(options="images: [registry.example.com/train]\n"),
    "wrong-type-beside-a-wrong-set": Project(options="strict: 'yes'\n", files={"train.yaml": MISSPELT}),
    "unknown-option": Project(options="maxJob: 5\nnamespace: research\n"),
    "unknown-word": Project(options="placement: {strategy: domain}\n"),
    "unknown-version": Project(options="kubernetesVersion: '1.99'\n"),
    "unknown-compat": Project(options="compat: 3\n"),
    "number-out-of-range": Project(options="defaultPriority: 2147483648\n"),
    "number-above-the-maximum": Project(options="maxBytes: 4294967297\n"),
    "malformed-namespace": Project(options="namespace: Team A\n"),
    "too-many-jobs": Project(options="maxJobs: 1\n"),
    "too-many-bytes": Project(options="maxBytes: 1\n"),
    "watcher-needed": Project(options="restartWatcher: Never\n"),
    "too-few-domains": Project(
        options="placement: {strategy: domains, domains: {cloud.google.com/gke-nodepool: [pool-1]}}\n"
    ),
    "no-domains": Project(options="placement: {strategy: domains}\n"),
    "wrong-after-the-projects-change": Project(
        options="images: [{name: registry.example.com/train, newTag: '2'}]\nreplicas:\n"
        "- {jobSet: train, replicatedJob: workers, replicas: 60000}\n"
    ),
    "patch-of-nothing": Project(options=_patch("{spec: {suspend: true}}", "{kind: JobSet, name: trian}")),
    "patch-with-an-unknown-directive": Project(options=_patch("{spec: {$patchs: delete}}")),
    "patch-beyond-a-list": Project(options=_patch("[{op: remove, path: /spec/replicatedJobs/1}]")),
    "prefix-of-no-name": Project(options="namePrefix: Prod_\n"),
    "label-of-no-form": Project(options="labels: {team: a b}\n"),
    "value-that-is-undefined": Project(
        options="values: {replica: 3}\n", files={"train.yaml.j2": TEMPLATE}, is_of_files=True
    ),
    "value-beyond-its-schema": Project(
        options="values: {replicas: 0}\nvaluesSchema: values.json\n",
        files={"train.yaml.j2": TEMPLATE, "values.json": SCHEMA},
        is_of_files=True,
    ),
    "no-project-of-ours": Project(options="---\n" + HEAD, is_of_files=True),
    "not-yaml": Project(files={"a.yaml": MISSPELT, "b.yaml": "a: ["}, is_of_files=True),
    "no-such-resource": Project(options="resources: [gone.yaml, ../up.yaml, train.yaml, ./train.yaml]\n",
                                is_of_files=True),
    "output-outside": Project(options="output: ../rendered\n", is_of_files=True),
    "output-of-another-type": Project(options="output: [rendered]\n", is_of_files=True),
}  # fmt: skip
