"""JSG260 and JSG605: keys under JobSet's prefixes that are misspelt, or that have no effect where they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen.model import keys
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source
from tests.rule_examples import BASE, merged

ALPHA, PLAIN = "alpha.jobset.sigs.k8s.io", "jobset.sigs.k8s.io"
TOPOLOGY = f"{ALPHA}/exclusive-topology"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def template(**fields: Any) -> dict[str, Any]:
    return {"spec": {"replicatedJobs": [{"template": fields}]}}


def pods(**fields: Any) -> dict[str, Any]:
    return template(spec={"template": fields})


def pod(**fields: Any) -> dict[str, Any]:
    return pods(spec=fields)


def variable(path: str) -> dict[str, Any]:
    return pod(containers=[{"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": path}}}]}])


def file(path: str) -> dict[str, Any]:
    shown = {"items": [{"path": "a", "fieldRef": {"fieldPath": path}}]}
    return pod(volumes=[{"name": "downward", "downwardAPI": shown}])


def projected(path: str) -> dict[str, Any]:
    shown = {"items": [{"path": "a", "fieldRef": {"fieldPath": path}}]}
    return pod(volumes=[{"name": "downward", "projected": {"sources": [{"downwardAPI": shown}]}}])


def affinity(kind: str, selector: dict[str, Any], **fields: Any) -> dict[str, Any]:
    term = {"labelSelector": selector, "topologyKey": "zone", **fields}
    return pod(affinity={kind: {REQUIRED: [term]}})


def preferred(selector: dict[str, Any]) -> dict[str, Any]:
    term = {"labelSelector": selector, "topologyKey": "zone"}
    field = "preferredDuringSchedulingIgnoredDuringExecution"
    return pod(affinity={"podAntiAffinity": {field: [{"weight": 1, "podAffinityTerm": term}]}})


def spread(key: str) -> dict[str, Any]:
    selector = {"matchLabels": {key: "a"}}
    constraint = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector}
    return pod(topologySpreadConstraints=[constraint])


def nodes(key: str) -> dict[str, Any]:
    terms = {"nodeSelectorTerms": [{"matchExpressions": [{"key": key, "operator": "Exists"}]}]}
    return pod(affinity={"nodeAffinity": {REQUIRED: terms}})


def claim(key: str) -> dict[str, Any]:
    spec = {
        "accessModes": ["ReadWriteMany"],
        "resources": {"requests": {"storage": "1Gi"}},
        "selector": {"matchLabels": {key: "a"}},
    }
    mounted = pod(containers=[{"volumeMounts": [{"name": "data", "mountPath": "/data"}]}])
    policies = [{"templates": [{"metadata": {"name": "data"}, "spec": spec}]}]
    return {"spec": {"volumeClaimPolicies": policies, **mounted["spec"]}}


def said(*fragments: dict[str, Any], beside: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """Return what a compile says about keys, and every error, when fragments are laid over a JobSet."""
    jobset: dict[str, Any] = {**BASE, "metadata": {"name": "demo", "namespace": "training"}}
    for fragment in fragments:
        jobset = merged(jobset, fragment)
    text = "\n---\n".join(map(json.dumps, (jobset, *beside)))
    found = compile([Source(name="set.yaml", content=text.encode())]).diagnostics
    return [
        f"{item.severity}[{item.code}]: {item.message}" + (f" | {item.hint}" if item.hint else "")
        for item in found
        if item.is_error or item.code == "JSG605"
    ]


def misspelt(fact: str, meant: str) -> list[str]:
    return [f"error[JSG260]: {fact} | Did you mean '{meant}'?"]


@pytest.mark.parametrize("at", [lambda **all: {"metadata": all}, lambda **all: template(metadata=all),
                                lambda **all: pods(metadata=all)], ids=["set", "Job template", "pod template"])  # fmt: skip
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"{ALPHA}/exclusive-topolgy", TOPOLOGY),
        (f"{ALPHA}/exclusive-toplogi", TOPOLOGY),
        (f"{ALPHA}/exclusive_topology", TOPOLOGY),
        (f"{ALPHA}/node-selectors", f"{ALPHA}/node-selector"),
        (f"{PLAIN}/exclusive-topology", TOPOLOGY),
        ("jobset.x-k8s.io/exclusive-topology", TOPOLOGY),
        ("jobsetgen.io/exclusive-topology", TOPOLOGY),
        ("alphajobset.sigs.k8s.io/node-selector", f"{ALPHA}/node-selector"),
        ("alphajobset.sigs.k8s.io/node-selctor", f"{ALPHA}/node-selector"),
    ],
)
def test_a_misspelt_annotation_is_an_error(at, written, meant):
    found = said(at(annotations={written: "cloud.google.com/gke-nodepool"}))
    assert found == misspelt(f"unknown annotation '{written}'", meant)


def test_the_place_is_the_key_itself():
    text = json.dumps(merged(BASE, {"metadata": {"annotations": {f"{ALPHA}/exclusive-topolgy": "a"}}}), indent=1)
    (found,) = (
        item
        for item in compile([Source(name="a.yaml", content=text.encode())]).diagnostics
        if item.code == "JSG260"
    )  # fmt: skip
    lines = text.splitlines()
    assert lines[found.line - 1][found.column - 1 :].startswith('"alpha.jobset.sigs.k8s.io/exclusive-topolgy"')


@pytest.mark.parametrize("read", [variable, file, projected])
@pytest.mark.parametrize("kind", ["label", "annotation"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"{PLAIN}/job-indx", f"{PLAIN}/job-index"),
        (f"{PLAIN}/job-globl-index", f"{PLAIN}/job-global-index"),
        ("jobset.x-k8s.io/job-index", f"{PLAIN}/job-index"),
        (f"{ALPHA}/restart-attempt", f"{PLAIN}/restart-attempt"),
    ],
)
def test_a_field_that_reads_a_misspelt_key_is_an_error(read, kind, written, meant):
    found = said(read(f"metadata.{kind}s['{written}']"))
    assert found == misspelt(f"no pod of this JobSet has the {kind} '{written}'", meant)


KEY = f"{PLAIN}/replicatedjob-nam"


@pytest.mark.parametrize(
    "fragment",
    [
        affinity("podAffinity", {"matchLabels": {KEY: "a"}}),
        affinity("podAntiAffinity", {"matchExpressions": [{"key": KEY, "operator": "Exists"}]}),
        affinity("podAffinity", {"matchLabels": {"a": "b"}}, matchLabelKeys=[KEY]),
        affinity("podAffinity", {"matchLabels": {"a": "b"}}, mismatchLabelKeys=[KEY]),
        preferred({"matchLabels": {KEY: "a"}}),
        spread(KEY),
    ],
    ids=["labels", "expressions", "matchLabelKeys", "mismatchLabelKeys", "preferred", "spread"],
)
def test_a_selector_of_pods_by_a_misspelt_key_is_an_error(fragment):
    expected = misspelt(f"no pod of this JobSet has the label '{KEY}'", f"{PLAIN}/replicatedjob-name")
    assert said(fragment) == expected


@pytest.mark.parametrize(
    "fragment",
    [
        pod(nodeSelector={f"{ALPHA}/namespaced-jobs": "a"}),
        nodes(f"{ALPHA}/namespaced-jobs"),
        affinity("podAffinity", {"matchLabels": {"a": "b"}}, topologyKey=f"{ALPHA}/namespaced-jobs"),
    ],
    ids=["nodeSelector", "nodeAffinity", "topologyKey"],
)
def test_a_misspelt_node_label_is_an_error(fragment):
    key = f"{ALPHA}/namespaced-job"
    assert said(fragment) == misspelt(f"unknown node label '{key}s'", key)


def test_a_claim_template_that_selects_by_a_misspelt_key_is_an_error():
    key = f"{PLAIN}/jobset-name"
    assert said(claim(f"{PLAIN}/jobset-nmae")) == misspelt(f"unknown label '{PLAIN}/jobset-nmae'", key)
    assert said(claim(key)) == []


def service(name: str, **selector: str) -> dict[str, Any]:
    spec = {"clusterIP": "None", "selector": selector}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "training"}, "spec": spec}


@pytest.mark.parametrize("name", ["other", "demo"])
def test_a_service_that_selects_by_a_misspelt_key_is_one_error(name):
    found = said(beside=(service(name, **{f"{PLAIN}/jobsetname": "demo"}),))
    assert found == misspelt(f"no pod of a JobSet has the label '{PLAIN}/jobsetname'", f"{PLAIN}/jobset-name")


def test_a_service_is_looked_at_without_a_jobset_too():
    text = json.dumps(service("other", **{"jobset.x-k8s.io/jobset-name": "demo"}))
    codes = [item.code for item in compile([Source(name="a.yaml", content=text.encode())]).diagnostics]
    assert codes == ["JSG260"]


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (
            {"metadata": {"annotations": {f"{ALPHA}/synced-start-configmap": "a"}}},
            f"unknown annotation '{ALPHA}/synced-start-configmap' | "
            "Move it to a Job template or a pod template if another program reads it there.",
        ),
        (
            {"metadata": {"labels": {TOPOLOGY: "a"}}},
            f"unknown label '{TOPOLOGY}' | Write it as an annotation.",
        ),
        (
            template(metadata={"annotations": {f"{ALPHA}/synced-start-configmap": "a"}}),
            f"unknown annotation '{ALPHA}/synced-start-configmap'",
        ),
        (
            pods(metadata={"labels": {f"{PLAIN}/job-indx": "7"}}),
            f"unknown label '{PLAIN}/job-indx'",
        ),
        (
            variable(f"metadata.labels['{PLAIN}/coordinator']"),
            f"no pod of this JobSet has the label '{PLAIN}/coordinator' | Set spec.coordinator.",
        ),
        (
            variable(f"metadata.annotations['{TOPOLOGY}']"),
            f"no pod of this JobSet has the annotation '{TOPOLOGY}'",
        ),
        (
            variable(f"metadata.labels['{PLAIN}/slice-shape']"),
            f"no pod of this JobSet has the label '{PLAIN}/slice-shape'",
        ),
        (
            # Both the prefix and the name differ: it may be another program's.
            variable("metadata.labels['tools.jobset.sigs.k8s.io/job-indx']"),
            "no pod of this JobSet has the label 'tools.jobset.sigs.k8s.io/job-indx' | "
            f"Did you mean '{PLAIN}/job-index'?",
        ),
        (
            variable(f"metadata.labels['{PLAIN}/jobset']"),
            f"no pod of this JobSet has the label '{PLAIN}/jobset'",
        ),
        (spread(f"{PLAIN}/slice-shape"), f"no pod of this JobSet has the label '{PLAIN}/slice-shape'"),
        (pod(nodeSelector={f"{ALPHA}/pool": "a"}), f"unknown node label '{ALPHA}/pool'"),
    ],
)  # fmt: skip
def test_a_key_that_means_nothing_there_is_a_notice(fragment, expected):
    assert said(fragment) == [f"notice[JSG605]: {expected}"]


def test_a_key_that_the_expansion_takes_off_is_not_the_templates_own():
    by_hand = pods(metadata={"labels": {keys.COORDINATOR: "demo-workers-0-0"}})
    expected = f"no pod of this JobSet has the label '{keys.COORDINATOR}' | Set spec.coordinator."
    assert said(by_hand, variable(f"metadata.labels['{keys.COORDINATOR}']")) == [f"notice[JSG605]: {expected}"]


@pytest.mark.parametrize("key", sorted(keys.IDENTITY - keys.WRITTEN_ANNOTATIONS))
@pytest.mark.parametrize("read", [variable, file])
def test_every_key_that_pods_have_is_read_in_silence(read, key):
    coordinator = {"spec": {"coordinator": {"replicatedJob": "workers"}}}
    counted = template(spec={"parallelism": 2, "completions": 2})
    for kind in ("labels", "annotations"):
        assert said(coordinator, counted, read(f"metadata.{kind}['{key}']")) == []


@pytest.mark.parametrize(
    "fragments",
    [
        [{"metadata": {"annotations": {TOPOLOGY: "pool", f"{ALPHA}/node-selector": "true"}}}],
        [template(metadata={"annotations": {TOPOLOGY: "pool"}})],
        [pods(metadata={"annotations": {TOPOLOGY: "pool"}, "labels": {f"{PLAIN}/priority": "0"}})],
        # What the expansion writes anyway, as a copy of a live object has it.
        [pods(metadata={"labels": {f"{PLAIN}/job-index": "7"}})],
        [spread(f"{PLAIN}/job-key")],
        [spread(f"{PLAIN}/priority")],
        [affinity("podAntiAffinity", {"matchLabels": {"jobsetgen.io/jobset": "demo"}})],
        [affinity("podAffinity", {}, namespaceSelector={"matchLabels": {f"{PLAIN}/jobset-nam": "a"}})],
        [variable("metadata.annotations['jobsetgen.io/generation']")],
        [pod(nodeSelector={f"{ALPHA}/namespaced-job": "a"})],
        [pod(tolerations=[{"key": f"{ALPHA}/no-schedule", "operator": "Exists"}])],
        # None of JobSet's space.
        [variable("metadata.labels['example.com/job-indx']"), spread("jobset-nam")],
        [{"metadata": {"annotations": {"kueue.x-k8s.io/exclusive-topolgy": "a", "exclusive-topolgy": "a"}}}],
        # What a pod template sets itself.
        [pods(metadata={"labels": {f"{PLAIN}/job-indx": "7"}}), variable(f"metadata.labels['{PLAIN}/job-indx']")],
        [pods(metadata={"annotations": {f"{ALPHA}/slice": "7"}}), file(f"metadata.annotations['{ALPHA}/slice']")],
        [pods(metadata={"labels": {f"{PLAIN}/slice": "7"}}), spread(f"{PLAIN}/slice")],
    ],
)
def test_what_has_an_effect_or_is_anothers_is_silent(fragments):
    assert said(*fragments) == []


def test_a_malformed_key_is_one_error():
    found = said({"metadata": {"annotations": {f"{ALPHA}/exclusive topology": "a"}}})
    assert [each.partition(":")[0] for each in found] == ["error[JSG305]"]


def test_a_plain_job_is_nobodys_template():
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "a", "labels": {f"{PLAIN}/job-indx": "0"}},
        "spec": variable(f"metadata.labels['{PLAIN}/job-indx']")["spec"]["replicatedJobs"][0]["template"]["spec"],
    }
    job["spec"]["template"]["spec"]["restartPolicy"] = "Never"
    job["spec"]["template"]["spec"]["containers"][0] |= {"name": "main", "image": "registry.example.com/train:1.0"}
    assert said(beside=(job,)) == []


def test_a_jobset_of_another_manager_is_left_to_it():
    managed = {"spec": {"managedBy": "example.com/manager"}}
    assert said(managed, {"metadata": {"annotations": {f"{ALPHA}/exclusive-topolgy": "a"}}}) == []


def test_a_comment_silences_the_notice():
    annotations = f"annotations:\n    {ALPHA}/synced-start-configmap: a  # jobsetgen: ignore[JSG605] read elsewhere\n"
    text = json.dumps(BASE["spec"])
    text = f"apiVersion: {keys.API_VERSION}\nkind: JobSet\nmetadata:\n  name: a\n  {annotations}spec: {text}\n"
    codes = [item.code for item in compile([Source(name="a.yaml", content=text.encode())]).diagnostics]
    assert "JSG605" not in codes
