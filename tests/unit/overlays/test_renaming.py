"""Names and the references to them, before and after a rename."""

from __future__ import annotations

import textwrap
import time

import pytest

from jobsetgen.overlays.references import references
from jobsetgen.overlays.renaming import renamed, renamed_options
from tests.unit.overlays.documents import documents, field, project

DEV = project("namePrefix: dev-\n")
POD = ("spec", "template", "spec")

JOBSET = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  replicatedJobs:
  - name: driver
    template: {spec: {template: {spec: {containers: [{name: main, image: a}]}}}}
  - name: workers
    dependsOn: [{name: driver, status: Ready}]
    template: {spec: {template: {spec: {containers: [{name: main, image: a}]}}}}
"""


def all_renamed(text: str, options: str = "namePrefix: dev-\n") -> list[dict]:
    changed = renamed(documents(text), project(options))
    assert changed.diagnostics == ()
    return [document.data for document in changed.documents]


def named(kind: str, name: str = "a", group: str = "v1") -> str:
    return f"---\napiVersion: {group}\nkind: {kind}\nmetadata: {{name: {name}}}\n"


def test_without_options_nothing_changes():
    given = documents(JOBSET)
    assert renamed(given, project("")).documents == tuple(given)


def test_a_name_gets_a_prefix_and_a_suffix():
    (jobset,) = all_renamed(JOBSET, "namePrefix: dev-\nnameSuffix: -b\n")
    assert jobset["metadata"]["name"] == "dev-train-b"


def test_a_name_keeps_its_place():
    (before,), (after,) = (given := documents(JOBSET)), renamed(given, DEV).documents
    assert after.place(("metadata", "name")) == before.place(("metadata", "name"))
    assert after.place(("spec", "replicatedJobs", 1)) == before.place(("spec", "replicatedJobs", 1))


def test_the_given_documents_stay_as_they_are():
    given = documents(JOBSET)
    renamed(given, DEV)
    assert given[0].data["metadata"]["name"] == "train"


def test_the_suffix_of_a_generated_name_goes_before_its_dash():
    text = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: train-}\n"
    (job,) = all_renamed(text, "namePrefix: dev-\nnameSuffix: -b\n")
    assert job["metadata"]["generateName"] == "dev-train-b-"


@pytest.mark.parametrize(
    "text",
    [
        named("Namespace"),
        named("CustomResourceDefinition", group="apiextensions.k8s.io/v1"),
        named("APIService", group="apiregistration.k8s.io/v1"),
    ],
)
def test_a_name_is_kept_that_others_decide_on(text):
    assert all_renamed(text)[0]["metadata"]["name"] == "a"


def test_the_replicated_jobs_of_a_set_keep_their_names():
    (jobset,) = all_renamed(JOBSET)
    assert [each["name"] for each in jobset["spec"]["replicatedJobs"]] == ["driver", "workers"]
    assert field(jobset, "spec", "replicatedJobs", 1, "dependsOn", 0, "name") == "driver"


# A field of a pod and the kind of the object that it names, with the name `a`.
POD_FIELDS = {
    "volumes: [{name: a, configMap: {name: a}}]": "v1 ConfigMap",
    "volumes: [{name: a, secret: {secretName: a}}]": "v1 Secret",
    "volumes: [{name: a, projected: {sources: [{configMap: {name: a}}]}}]": "v1 ConfigMap",
    "volumes: [{name: a, projected: {sources: [{secret: {name: a}}]}}]": "v1 Secret",
    "volumes: [{name: a, persistentVolumeClaim: {claimName: a}}]": "v1 PersistentVolumeClaim",
    "initContainers: [{name: a, envFrom: [{configMapRef: {name: a}}]}]": "v1 ConfigMap",
    "initContainers: [{name: a, envFrom: [{secretRef: {name: a}}]}]": "v1 Secret",
    "initContainers: [{name: a, env: [{name: a, valueFrom: {configMapKeyRef: {name: a, key: a}}}]}]": "v1 ConfigMap",
    "initContainers: [{name: a, env: [{name: a, valueFrom: {secretKeyRef: {name: a, key: a}}}]}]": "v1 Secret",
    "imagePullSecrets: [{name: a}]": "v1 Secret",
    "serviceAccountName: a": "v1 ServiceAccount",
    "priorityClassName: a": "scheduling.k8s.io/v1 PriorityClass",
    "runtimeClassName: a": "node.k8s.io/v1 RuntimeClass",
    "subdomain: a": "v1 Service",
    "resourceClaims: [{name: a, resourceClaimName: a}]": "resource.k8s.io/v1 ResourceClaim",
    "resourceClaims: [{name: a, resourceClaimTemplateName: a}]": "resource.k8s.io/v1 ResourceClaimTemplate",
}
TEMPLATES = {
    "v1 Pod": "spec: {POD}",
    "batch/v1 Job": "spec: {template: {spec: {POD}}}",
    "batch/v1 CronJob": "spec: {jobTemplate: {spec: {template: {spec: {POD}}}}}",
    "apps/v1 StatefulSet": "spec: {template: {spec: {POD}}}",
    "jobset.x-k8s.io/v1alpha2 JobSet": (
        "spec: {replicatedJobs: [{name: w, template: {spec: {template: {spec: {POD}}}}}]}"
    ),
    "kubeflow.org/v1 PyTorchJob": "spec: {pytorchReplicaSpecs: {Worker: {template: {spec: {POD}}}}}",
}


def of_kind(what: str) -> str:
    group, kind = what.split()
    return named(kind, group=group)


@pytest.mark.parametrize("fields", POD_FIELDS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_reference_of_a_pod_follows_the_object_that_it_names(template, fields):
    pod = "{" + fields + ", containers: []}"
    group, kind = template.split()
    referring = f"---\napiVersion: {group}\nkind: {kind}\nmetadata: {{name: r}}\n"
    referring += TEMPLATES[template].replace("{POD}", pod) + "\n"

    ((reference,),) = ([*references(each.data)] for each in documents(referring))
    assert reference.name == "a"

    found, _ = all_renamed(referring + of_kind(POD_FIELDS[fields]))
    assert field(found, *reference.path) == "dev-a"
    found, _ = all_renamed(referring + of_kind(POD_FIELDS[fields]).replace("a}", "b}"))
    assert field(found, *reference.path) == "a"
    found, _ = all_renamed(referring + named("Lease", group="coordination.k8s.io/v1"))
    assert field(found, *reference.path) == "a"


# The rest of an object with one reference, its kind, and the kind of the object named `a`.
FIELDS = [
    ("rbac.authorization.k8s.io/v1 RoleBinding", "roleRef: {kind: Role, name: a}", "rbac.authorization.k8s.io/v1 Role"),
    (
        "rbac.authorization.k8s.io/v1 RoleBinding",
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}",
        "rbac.authorization.k8s.io/v1 ClusterRole",
    ),
    (
        "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
        "subjects: [{kind: ServiceAccount, name: a, namespace: default}]",
        "v1 ServiceAccount",
    ),
    (
        "rbac.authorization.k8s.io/v1 Role",
        "rules: [{resources: [configmaps], resourceNames: [a]}]",
        "v1 ConfigMap",
    ),
    (
        "rbac.authorization.k8s.io/v1 Role",
        "rules: [{resources: [jobsets/status], resourceNames: [a]}]",
        "jobset.x-k8s.io/v1alpha2 JobSet",
    ),
    (
        "networking.k8s.io/v1 Ingress",
        "spec: {rules: [{http: {paths: [{backend: {service: {name: a}}}]}}]}",
        "v1 Service",
    ),
    ("networking.k8s.io/v1 Ingress", "spec: {tls: [{secretName: a}]}", "v1 Secret"),
    (
        "autoscaling/v2 HorizontalPodAutoscaler",
        "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: a}}",
        "apps/v1 StatefulSet",
    ),
    ("v1 PersistentVolumeClaim", "spec: {storageClassName: a}", "storage.k8s.io/v1 StorageClass"),
    (
        "v1 PersistentVolumeClaim",
        "spec: {dataSource: {kind: PersistentVolumeClaim, name: a}}",
        "v1 PersistentVolumeClaim",
    ),
    (
        "v1 PersistentVolumeClaim",
        "spec: {dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: a}}",
        "snapshot.storage.k8s.io/v1 VolumeSnapshot",
    ),
    ("v1 ServiceAccount", "imagePullSecrets: [{name: a}]", "v1 Secret"),
    ("apps/v1 StatefulSet", "spec: {serviceName: a}", "v1 Service"),
    ("jobset.x-k8s.io/v1alpha2 JobSet", "spec: {network: {subdomain: a}}", "v1 Service"),
    ("kueue.x-k8s.io/v1beta1 LocalQueue", "spec: {clusterQueue: a}", "kueue.x-k8s.io/v1beta1 ClusterQueue"),
    (
        "kueue.x-k8s.io/v1beta1 ClusterQueue",
        "spec: {resourceGroups: [{flavors: [{name: a}]}]}",
        "kueue.x-k8s.io/v1beta1 ResourceFlavor",
    ),
    (
        "networking.k8s.io/v1 NetworkPolicy",
        "spec: {podSelector: {matchLabels: {batch.kubernetes.io/job-name: a}}}",
        "batch/v1 Job",
    ),
    (
        "gateway.networking.k8s.io/v1 HTTPRoute",
        "spec: {rules: [{backendRefs: [{name: a, port: 80}]}]}",
        "v1 Service",
    ),
    ("v1 Service", "spec: {selector: {jobset.sigs.k8s.io/jobset-name: a}}", "jobset.x-k8s.io/v1alpha2 JobSet"),
    (
        "v1 Pod",
        "spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector:"
        " {matchExpressions: [{key: jobset.sigs.k8s.io/jobset-name, operator: In, values: [a]}]}}]}}}",
        "jobset.x-k8s.io/v1alpha2 JobSet",
    ),
    (
        "batch/v1 Job",
        "spec: {template: {metadata: {labels: {kueue.x-k8s.io/queue-name: a}}}}",
        "kueue.x-k8s.io/v1beta1 LocalQueue",
    ),
]


@pytest.mark.parametrize(("kind", "rest", "target"), FIELDS)
def test_a_reference_follows_the_object_that_it_names(kind, rest, target):
    referring = of_kind(kind).replace("{name: a}", "{name: r}") + rest + "\n"
    ((reference,),) = ([*references(each.data)] for each in documents(referring))
    found, _ = all_renamed(referring + of_kind(target))
    assert field(found, *reference.path) == "dev-a"
    found, _ = all_renamed(referring + of_kind(target).replace("a}", "b}"))
    assert field(found, *reference.path) == "a"


def test_a_claim_and_a_service_that_a_set_makes_have_its_new_name():
    claims = "  volumeClaimPolicies: [{templates: [{metadata: {name: data}, spec: {}}]}]\n"
    text = (
        JOBSET
        + claims
        + textwrap.dedent("""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: viewer}
        spec:
          subdomain: train
          containers: [{name: main, image: a}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: data-train}}]
        """)
    )
    _, pod = all_renamed(text)
    assert pod["spec"]["subdomain"] == "dev-train"
    assert pod["spec"]["volumes"][0]["persistentVolumeClaim"] == {"claimName": "data-dev-train"}


def test_a_subdomain_follows_the_name_of_its_own_set():
    (jobset,) = all_renamed(JOBSET + "  network: {subdomain: train}\n")
    assert jobset["spec"]["network"]["subdomain"] == "dev-train"


def test_a_subdomain_stays_that_no_service_of_the_input_has():
    (jobset,) = all_renamed(JOBSET + "  network: {subdomain: elsewhere}\n")
    assert jobset["spec"]["network"]["subdomain"] == "elsewhere"


# The namespaces of an object and of the one that it names, that of the options, and whether the name follows, as in
# kustomize: without a namespace, an object is in that of the options, or otherwise in `default`.
WITHIN = [
    *[("x", "x", "", True), ("x", "y", "", False), ("", "", "", True), ("x", "", "", False), ("", "y", "", False)],
    *[("", "default", "", True), ("default", "", "", True), ("default", "y", "", False)],
    *[("", "", "x", True), ("x", "", "x", True), ("", "x", "x", True), ("", "y", "x", False), ("y", "", "x", False)],
    *[("", "default", "x", False), ("default", "", "x", False), ("y", "y", "x", True)],
]


@pytest.mark.parametrize(("referring", "target", "chosen", "follows"), WITHIN)
def test_a_reference_follows_within_a_namespace(referring, target, chosen, follows):
    text = f"""
apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: "{referring}"}}
spec: {{serviceAccountName: a, containers: []}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: a, namespace: "{target}"}}
"""
    pod, _ = (each.data for each in renamed(documents(text), DEV, chosen).documents)
    assert pod["spec"]["serviceAccountName"] == ("dev-a" if follows else "a")


def test_a_subject_of_another_namespace_follows():
    text = """
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: x}
subjects: [{kind: ServiceAccount, name: a, namespace: z}, {kind: User, name: a}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: z}
"""
    binding, _ = all_renamed(text)
    assert [each["name"] for each in binding["subjects"]] == ["dev-a", "a"]


# The namespace of a subject and of the ServiceAccount, and whether the name follows. A binding of the cluster may use
# the name of an object anywhere.
SUBJECTS = [
    *[("z", "z", True), ("z", "x", False), ("z", "", False), ("default", "", True), ("", "", True), ("", "z", True)],
]


@pytest.mark.parametrize(("subject", "target", "follows"), SUBJECTS)
def test_a_subject_follows_in_the_namespace_that_it_says(subject, target, follows):
    text = f"""
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: b}}
subjects: [{{kind: ServiceAccount, name: a, namespace: "{subject}"}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: a, namespace: "{target}"}}
"""
    binding, _ = (each.data for each in renamed(documents(text), DEV).documents)
    assert binding["subjects"][0]["name"] == ("dev-a" if follows else "a")


HAS, NONE = "the ServiceAccount {}, and the reference {}".format, "has no namespace"
# The namespaces of an object and of the one that it names, that of the options, and what is said.
MEANT = [
    ("", "y", "", HAS("is in the namespace 'y'", NONE), "y"),
    ("x", "", "", HAS(NONE, "is in the namespace 'x'"), "x"),
    *[("x", "y", "", "", ""), ("default", "y", "", "", ""), ("x", "default", "", "", ""), ("", "y", "x", "", "")],
    *[("", "", "", "", ""), ("", "default", "", "", ""), ("default", "", "", "", ""), ("y", "", "x", "", "")],
]


@pytest.mark.parametrize(("referring", "target", "chosen", "reason", "meant"), MEANT)
def test_a_reference_is_reported_that_one_namespace_keeps_from_following(referring, target, chosen, reason, meant):
    text = f"""
apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: "{referring}"}}
spec: {{serviceAccountName: a, containers: []}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: a, namespace: "{target}"}}
"""
    found = renamed(documents(text), DEV, chosen).diagnostics
    message = f"ServiceAccount 'a' is renamed to 'dev-a', but this reference is not: {reason}"
    hint = f"To rename it as well, put both in the namespace '{meant}'."
    expected = [("JSG730", 5, message, hint)] if reason else []
    assert [(each.code, each.line, each.message, each.hint) for each in found] == expected


@pytest.mark.parametrize("namespace", ["x", ""])
def test_what_has_no_namespace_is_used_from_any(namespace):
    text = f"""
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: data, namespace: "{namespace}"}}
spec: {{volumeName: disk}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {{name: disk}}
spec: {{claimRef: {{name: data, namespace: "{namespace}"}}}}
"""
    claim, volume = all_renamed(text)
    assert claim["spec"]["volumeName"] == "dev-disk"
    assert volume["spec"]["claimRef"]["name"] == "dev-data"


@pytest.mark.parametrize("part", ["data: {job-name: a}", "spec: {nodeSelector: {job-name: a}}", "job-name: a"])
def test_a_key_that_is_no_label_is_left_alone(part):
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n{part}\n"
    (before, _) = (each.data for each in documents(text + named("Job", group="batch/v1")))
    after, _ = all_renamed(text + named("Job", group="batch/v1"))
    assert {**after, "metadata": None} == {**before, "metadata": None}


def test_options_may_have_the_old_name_or_the_new_one():
    given = project("""namePrefix: dev-
replicas:
- {jobSet: train, replicatedJob: workers, replicas: 2}
- {jobSet: dev-train, replicatedJob: driver, replicas: 1}
watcher: {imagePullSecrets: [elsewhere]}
""")
    changed = renamed_options(documents(JOBSET), given, given)
    assert [each["jobSet"] for each in changed.data["replicas"]] == ["dev-train", "dev-train"]
    assert changed.data["watcher"] == {"imagePullSecrets": ["elsewhere"]}
    assert changed.place(("replicas", 0, "jobSet")) == given.place(("replicas", 0, "jobSet"))


@pytest.mark.parametrize("chosen", ["", "x"])
def test_the_replicas_of_a_set_follow_into_any_namespace(chosen):
    given = project("namePrefix: dev-\nreplicas: [{jobSet: train, replicatedJob: workers, replicas: 2}]\n")
    jobsets = documents(JOBSET.replace("name: train", "name: train, namespace: ml"))
    changed = renamed_options(jobsets, given, given, chosen)
    assert changed.data["replicas"][0]["jobSet"] == "dev-train"


LABEL = "must consist of lower-case letters, digits and dashes, beginning with a letter and not ending with a dash"
CONFIG_MAP = named("ConfigMap")


@pytest.mark.parametrize(
    ("options", "text", "found"),
    [
        (
            "namePrefix: Dev_\n",
            JOBSET,
            [(3, f"invalid namePrefix 'Dev_': it makes the JobSet name 'Dev_train', which {LABEL}")],
        ),
        (
            "namePrefix: 1-\n",
            CONFIG_MAP + JOBSET.replace("\napi", "---\napi", 1),
            [(3, f"invalid namePrefix '1-': it makes the JobSet name '1-train', which {LABEL}")],
        ),
        ("namePrefix: 1-\n", CONFIG_MAP, []),
        (
            "nameSuffix: '-'\nnamePrefix: '-'\n",
            CONFIG_MAP,
            [
                (4, "invalid namePrefix '-': it makes the ConfigMap name '-a', which must be a DNS name in lower case"),
                (3, "invalid nameSuffix '-': it makes the ConfigMap name 'a-', which must be a DNS name in lower case"),
            ],
        ),
        (
            f"nameSuffix: {'b' * 140}\nnamePrefix: {'c' * 139}\n",
            CONFIG_MAP,
            [
                (
                    3,
                    f"invalid nameSuffix '{'b' * 140}': it makes the ConfigMap name '{'c' * 139}a{'b' * 140}',"
                    " which has 280 characters, 27 more than allowed",
                )
            ],
        ),
        ("namePrefix: Dev_\n", named("Role", group="rbac.authorization.k8s.io/v1"), []),
        ("namePrefix: dev-\n", named("ConfigMap", "A_B"), []),
        ("namePrefix: Dev_\n", named("Namespace"), []),
    ],
)
def test_an_option_is_wrong_that_spoils_a_name(options, text, found):
    given = documents(text)
    changed = renamed(given, project(options))
    assert [(each.line, each.message) for each in changed.diagnostics] == found
    assert {(each.code, each.file) for each in changed.diagnostics} <= {("JSG717", "jobsetgen.yaml")}
    assert not found or changed.documents == tuple(given)


@pytest.mark.parametrize("text", ["[]", "a", "kind: []\n", "metadata: a\n", "kind: JobSet\nmetadata: {name: 1}\n"])
def test_what_is_no_object_is_left_to_the_rules(text):
    given = documents(text)
    assert [each.data for each in renamed(given, DEV).documents] == [each.data for each in given]


def test_many_references_take_a_second():
    volumes = "".join(f"  - {{name: v{i}, configMap: {{name: c{i % 500}}}}}\n" for i in range(20_000))
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: []\n  volumes:\n{volumes}"
    given = documents(pod + "".join(named("ConfigMap", f"c{i}") for i in range(500)))
    began = time.process_time()
    changed = renamed(given, DEV)
    # Half a second on a machine that does nothing else; a search for each one would take minutes.
    assert time.process_time() - began < 4
    assert field(changed.documents[0].data, "spec", "volumes", 19_999, "configMap", "name") == "dev-c499"
