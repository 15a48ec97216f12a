"""The watcher's own objects: which there are, what they are called, and how the options change them."""

from __future__ import annotations

import json

import pytest

from jobsetgen.assets import restart_watcher
from jobsetgen.expand.watcher import memory
from jobsetgen.naming import script_digest
from jobsetgen.options.values import PROFILES
from jobsetgen.options.watcher import Watcher
from jobsetgen.source.loader import load
from tests.unit.expand.builds import built, jobset, objects, replicated_job

RESTARTS = jobset(failurePolicy={"maxRestarts": 3})
OWN = {"jobsetgen.io/jobset": "demo"}


def watcher(**options):
    """Return the watcher's Job under some of its own options."""
    return objects(RESTARTS, watcher=Watcher(**options))["Job/demo-restart-watcher"]


def pod(**options):
    return watcher(**options)["spec"]["template"]["spec"]


def test_order_of_the_objects_of_a_set():
    claims = [{"templates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}]  # fmt: skip
    mounts = [{"name": "data", "mountPath": "/data"}]
    container = {"name": "main", "image": "registry.example.com/train:1.0", "volumeMounts": mounts}
    found = objects(jobset(replicated_job(pod={"containers": [container]}), volumeClaimPolicies=claims))
    assert list(found) == [
        "ServiceAccount/demo-restart-watcher",
        "Role/demo-restart-watcher",
        "RoleBinding/demo-restart-watcher",
        "ConfigMap/demo-restart-plan",
        "ConfigMap/demo-restart-state",
        "ConfigMap/demo-restart-script",
        "PersistentVolumeClaim/data-demo",
        "Service/demo",
        "Job/demo-workers-0",
        "Job/demo-workers-1",
        "Job/demo-restart-watcher",
    ]


def test_the_log_level_is_an_argument_where_it_is_not_the_default():
    (plain,) = pod()["containers"]
    (debug,) = pod(log_level="debug")["containers"]
    assert "--log-level" not in plain["command"]
    assert debug["command"] == [*plain["command"], "--log-level", "debug"]


def test_where_the_watcher_creates_the_jobs_they_are_not_in_the_output():
    found = objects(RESTARTS, jobs="watcher")
    assert [name for name in found if name.startswith("Job/")] == ["Job/demo-restart-watcher"]


def test_every_object_of_the_watcher_has_the_label_of_its_set_and_none_of_jobsets_own():
    own = [item for name, item in objects(RESTARTS).items() if "-restart-" in name]
    own.append(watcher()["spec"]["template"])
    assert len(own) == 8
    for item in own:
        assert OWN.items() <= item["metadata"]["labels"].items()
        assert not any(key.startswith("jobset.sigs.k8s.io/") for key in item["metadata"]["labels"])


def test_the_output_holds_the_program_byte_for_byte():
    (document,) = [
        each.data
        for each in load("output", built(RESTARTS).text().encode()).documents
        if "-restart-script-" in each.data["metadata"]["name"]
    ]
    assert {name: text.encode() for name, text in document["data"].items()} == restart_watcher()
    assert document["metadata"]["name"] == f"demo-restart-script-{script_digest(restart_watcher())}"
    assert document["immutable"] is True


def test_kubectl_can_apply_the_program():
    """`kubectl apply` keeps the object in an annotation, and all annotations have 256 KiB together.

    At least 32 KiB remain for annotations of others.
    """
    assert len(json.dumps(objects(RESTARTS)["ConfigMap/demo-restart-script"])) <= (256 - 32) * 1024


def test_the_state_has_no_data_in_git():
    state = objects(RESTARTS)["ConfigMap/demo-restart-state"]
    assert set(state) == {"apiVersion", "kind", "metadata"}


def test_the_pod_tells_which_generation_and_which_script_it_runs():
    annotations = watcher()["spec"]["template"]["metadata"]["annotations"]
    (expansion,) = built(RESTARTS).expansions
    assert annotations["jobsetgen.io/generation"] == expansion.generation
    assert annotations["jobsetgen.io/script"] == script_digest(restart_watcher())


def test_no_mesh_puts_a_sidecar_beside_it():
    metadata = watcher()["spec"]["template"]["metadata"]
    assert metadata["labels"]["sidecar.istio.io/inject"] == "false"
    assert metadata["annotations"]["linkerd.io/inject"] == "disabled"


def test_a_person_may_want_the_mesh():
    metadata = watcher(labels={"sidecar.istio.io/inject": "true"})["spec"]["template"]["metadata"]
    assert metadata["labels"]["sidecar.istio.io/inject"] == "true"


def test_its_command_names_what_it_reads_and_writes():
    (container,) = pod()["containers"]
    assert container["command"] == [
        "python3", "-u", "-m", "watcher",
        "--plan", "demo-restart-plan", "--state", "demo-restart-state", "--job", "demo-restart-watcher",
    ]  # fmt: skip
    assert container["workingDir"] == "/jobsetgen"
    assert container["volumeMounts"] == [{"name": "script", "mountPath": "/jobsetgen", "readOnly": True}]


def test_every_file_of_its_program_lies_in_the_folder_of_the_package():
    (volume,) = pod()["volumes"]
    assert volume["configMap"]["items"] == [{"key": name, "path": f"watcher/{name}"} for name in restart_watcher()]
    assert {"__main__.py", "decide.py"} <= set(restart_watcher())


def test_only_the_sets_outcome_ends_it():
    spec = watcher()["spec"]
    assert spec["backoffLimit"] == 2147483647
    assert spec["template"]["spec"]["restartPolicy"] == "OnFailure"
    assert "activeDeadlineSeconds" not in spec
    assert "ttlSecondsAfterFinished" not in spec


def test_a_lost_node_costs_half_a_minute():
    assert pod()["tolerations"] == [
        {"key": f"node.kubernetes.io/{name}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30}
        for name in ("not-ready", "unreachable")
    ]


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [(0, "64Mi"), (1, "64Mi"), (100, "64Mi"), (101, "80Mi"), (1_100, "80Mi"), (1_101, "96Mi"), (10_000, "224Mi")],
)
def test_memory_grows_with_the_number_of_jobs(jobs, expected):
    assert memory(jobs, plan_bytes=10_000) == expected


@pytest.mark.parametrize(
    ("plan_bytes", "expected"),
    [(0, "64Mi"), (65_536, "64Mi"), (65_537, "80Mi"), (165_536, "80Mi"), (165_537, "96Mi"), (700_000, "176Mi")],
)
def test_memory_grows_with_the_size_of_the_plan(plan_bytes, expected):
    assert memory(3, plan_bytes) == expected


@pytest.mark.parametrize(("pods", "expected"), [(10_000, "64Mi"), (10_001, "80Mi"), (100_000, "144Mi")])
def test_memory_grows_with_the_pods_that_it_looks_at(pods, expected):
    assert memory(3, 0, pods) == expected


@pytest.mark.parametrize("jobs", ["git", "watcher"])
@pytest.mark.parametrize(("strategy", "expected"), [("Recreate", "64Mi"), ("BlockingRecreate", "144Mi")])
def test_only_a_set_whose_pods_are_looked_at_gets_memory_for_them(jobs, strategy, expected):
    spec = {"parallelism": 1_000, "completions": 1_000}
    policy = {"maxRestarts": 3, "restartStrategy": strategy}
    document = jobset(replicated_job(replicas=100, job=spec), failurePolicy=policy)
    (container,) = objects(document, jobs=jobs)["Job/demo-restart-watcher"]["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"memory": expected}


def test_a_large_template_gives_the_watcher_more_memory():
    large = {"name": "main", "image": "registry.example.com/train:1.0", "args": ["x" * 200_000]}
    document = jobset(replicated_job(pod={"containers": [large]}), failurePolicy={"maxRestarts": 3})
    (container,) = objects(document)["Job/demo-restart-watcher"]["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"memory": "96Mi"}


def test_the_default_resources():
    (container,) = pod()["containers"]
    assert container["resources"] == {"requests": {"cpu": "5m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}


def test_resources_replace_the_default_ones():
    (container,) = pod(resources={"limits": {"memory": "1Gi"}})["containers"]
    assert container["resources"] == {"limits": {"memory": "1Gi"}}


def test_memory_replaces_that_of_the_resources():
    (container,) = pod(memory="96Mi", resources={"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}})["containers"]
    assert container["resources"] == {"requests": {"cpu": "1", "memory": "96Mi"}, "limits": {"memory": "96Mi"}}


def test_where_it_may_run():
    toleration = {"key": "dedicated", "operator": "Exists"}
    found = pod(node_selector={"pool": "system"}, tolerations=(toleration,), priority_class="high")
    assert found["nodeSelector"] == {"pool": "system"}
    assert found["tolerations"][0] == toleration
    assert found["priorityClassName"] == "high"


def test_image_and_pull_secrets():
    found = pod(image="registry.example.com/python:3", image_pull_secrets=("a", "b"))
    assert found["containers"][0]["image"] == "registry.example.com/python:3"
    assert found["imagePullSecrets"] == [{"name": "a"}, {"name": "b"}]


def test_labels_and_annotations_are_on_the_job_and_the_pod():
    found = watcher(labels={"team": "a"}, annotations={"note": "b"})
    for metadata in (found["metadata"], found["spec"]["template"]["metadata"]):
        assert metadata["labels"]["team"] == "a"
        assert metadata["annotations"]["note"] == "b"


def test_an_existing_account_brings_its_rights_along():
    found = objects(RESTARTS, watcher=Watcher(service_account="trainer"))
    assert not {"ServiceAccount", "Role", "RoleBinding"} & {name.partition("/")[0] for name in found}
    assert found["Job/demo-restart-watcher"]["spec"]["template"]["spec"]["serviceAccountName"] == "trainer"


def test_a_name_with_no_room_behind_it_is_cut_and_hashed_in_all_four():
    name = "a" * 48
    long = {**jobset(replicated_job("w")), "metadata": {"name": name}}
    expected = f"{'a' * 38}-97daac0e-restart-watcher"
    found = objects(long)
    assert len(expected) == 63
    for kind in ("ServiceAccount", "Role", "RoleBinding", "Job"):
        assert f"{kind}/{expected}" in found
    assert f"ConfigMap/{name}-restart-plan" in found


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("owner", "policy"),
    [("git", "Recreate"), ("git", "Block"), ("watcher", "Recreate"), ("watcher", "OnRestart"), ("watcher", "Block")],
)
def test_a_new_watcher_replaces_the_old_one_under_every_policy(profile, policy, owner):
    found = objects(RESTARTS, gitops=profile, update_policy=policy, jobs=owner)
    annotations = found["Job/demo-restart-watcher"]["metadata"].get("annotations", {})
    argocd = {"argocd.argoproj.io/sync-options": "Force=true,ServerSideApply=false"}
    # Flux would delete it before it learns that the training Jobs are refused.
    flux = {} if (owner, policy) == ("git", "Block") else {"kustomize.toolkit.fluxcd.io/force": "enabled"}
    assert annotations == {"any": {**argocd, **flux}, "argocd": argocd, "flux": flux, "none": {}}[profile]


@pytest.mark.parametrize("profile", PROFILES)
def test_flux_keeps_off_what_looks_like_a_variable_in_script_and_plan(profile):
    found = objects(RESTARTS, gitops=profile)
    for name in ("ConfigMap/demo-restart-script", "ConfigMap/demo-restart-plan"):
        annotations = found[name]["metadata"].get("annotations", {})
        assert ("kustomize.toolkit.fluxcd.io/substitute" in annotations) == (profile in ("any", "flux"))


@pytest.mark.parametrize("profile", PROFILES)
def test_training_does_not_count_for_health_where_a_watcher_does(profile):
    annotations = objects(RESTARTS, gitops=profile)["Job/demo-workers-0"]["metadata"].get("annotations", {})
    assert ("argocd.argoproj.io/ignore-healthcheck" in annotations) == (profile in ("any", "argocd"))


def test_a_job_without_a_watcher_shows_its_own_failure():
    annotations = objects(jobset(replicated_job(replicas=1)))["Job/demo-workers-0"]["metadata"]["annotations"]
    assert "argocd.argoproj.io/ignore-healthcheck" not in annotations


def test_what_the_watcher_creates_is_none_of_the_tools():
    found = objects(RESTARTS, jobs="watcher", preview=True)
    assert "annotations" not in found["Job/demo-workers-0"]["metadata"]
