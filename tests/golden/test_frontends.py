"""What Argo CD's plugin and a KRM function answer."""

from __future__ import annotations

import json
import os
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from jobsetgen.cli.main import jobsetgen
from jobsetgen.project.file import FILE_NAME
from jobsetgen.source.loader import load
from tests.acceptance.processes import run
from tests.cases import FIXTURES, INVALID, VALID, arguments, without_script
from tests.outputs import built

MULTISLICE = FIXTURES / "valid" / "multislice"
PROJECT = FIXTURES / "valid" / "project"
PLAIN = [case for case in VALID if not arguments(case)]
RESOURCE_LIST = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList"}
PARAMETERS = [
    {"name": "jobs", "string": "watcher"},
    {"name": "kubernetesVersion", "string": "1.34"},
    {"name": "watcherImage", "string": "registry.example.com/python:3.13"},
    {"name": "replicas", "map": {"multislice/workers": "2"}},
    {"name": "images", "array": ["python=registry.example.com/jax:2"]},
]
WRONG = [
    {"name": "job", "string": "watcher"},
    {"name": "jobs", "string": "gti"},
    {"name": "jobs", "string": "git"},
    {"name": "images", "string": "a:1"},
    {"name": "replicas", "map": {"multislice": "2", "multislice/workers": "two"}},
    {"name": "watcherImage", "array": []},
    {"name": "updatePolicy", "string": "OnRestart"},
    {"string": "nameless"},
]


def plugin(command: str, folder: Path, **variables: str):
    """Call Argo CD's plugin in this process, in which the tests themselves take memory."""
    others = {name: None for name in os.environ if name.startswith("ARGOCD_")}
    runner = CliRunner(env={**others, "ARGOCD_APP_NAMESPACE": "training", **variables})
    with chdir(folder):
        result = runner.invoke(jobsetgen, ["argocd", command, "--memory", "1000000"], prog_name="jobsetgen")
    assert isinstance(result.exception, SystemExit | None)
    return result.exit_code, result.stdout, result.stderr


def test_generate_with_the_parameters_of_an_application(golden):
    written = json.dumps(PARAMETERS)
    done = run("argocd", "generate", folder=MULTISLICE, ARGOCD_APP_NAMESPACE="training", ARGOCD_APP_PARAMETERS=written)
    assert (done.returncode, done.stderr) == (0, b"")
    golden("argocd/generate.yaml", without_script(done.stdout.decode()))
    assert plugin("generate", MULTISLICE, ARGOCD_APP_PARAMETERS=written) == (0, done.stdout.decode(), "")


def test_generate_with_wrong_parameters(golden):
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=json.dumps(WRONG))
    assert (status, out) == (1, "")
    golden("argocd/wrong.txt", err)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[", "invalid JSON"),
        ('{"a": 1}', "not a list of parameters"),
        ("[1]", "not a list of parameters"),
        ("[" * 100_000, "invalid JSON"),
        ("{}", "not a list of parameters"),
        ("0", "not a list of parameters"),
        ("false", "not a list of parameters"),
        ('""', "not a list of parameters"),
    ],
)
def test_generate_with_parameters_of_another_form(written, message):
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=written)
    assert (status, out) == (1, "")
    assert message in err
    assert "ARGOCD_APP_PARAMETERS:1:1: error[JSG707]" in err


@pytest.mark.parametrize("entry", ["", "=", "a=", "@", "a", ":1"])
def test_an_image_that_says_nothing_is_refused(entry):
    given = json.dumps([{"name": "images", "array": [entry]}])
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=given)
    assert (status, out) == (1, "")
    assert f"parameter images:1:1: error[JSG707]: '{entry}' is not of the form" in err


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (["python=a b:1"], "error[JSG710]: invalid newName 'a b'"),
        (["python:1 2"], "error[JSG710]: invalid newTag '1 2'"),
        (["python@latest"], "error[JSG710]: invalid digest 'latest'"),
        (["python:1", "python:2"], "error[JSG710]: duplicate image 'python'"),
        (["python=http://registry/x:1"], "error[JSG710]: invalid newName 'http://registry/x'"),
        (["python=a=b:1"], "error[JSG710]: invalid newName 'a=b'"),
        (["python@sha256:zz"], "error[JSG710]: invalid digest 'sha256:zz'"),
        (["python=*:*"], "error[JSG707]: 'python=*:*' is not of the form"),
        (["pyhton:1"], "error[JSG704]: no container of a JobSet uses the image pyhton"),
    ],
)
def test_images_that_cannot_be_or_change_nothing_are_refused(entries, message):
    given = json.dumps([{"name": "images", "array": entries}])
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=given)
    assert (status, out) == (1, "")
    assert f"parameter images:1:1: {message}" in err


def test_a_star_keeps_that_part_of_an_image():
    for entry, image in (
        ("python=*:9", "python:9"),
        ("python=registry.example.com:5000/x:*", "registry.example.com:5000/x:3.8"),
    ):
        given = json.dumps([{"name": "images", "array": [entry]}])
        status, out, _ = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=given)
        assert status == 0
        assert f"image: {image}\n" in out


def test_images_of_a_set_that_passes_through_are_not_changed_in_silence(tmp_path):
    text = (MULTISLICE / "jobset.yaml").read_text()
    (tmp_path / "jobset.yaml").write_text(text.replace("spec:\n", "spec:\n  managedBy: kueue.x-k8s.io/multikueue\n", 1))
    given = json.dumps([{"name": "images", "array": ["python:9"]}])
    status, out, err = plugin("generate", folder=tmp_path, ARGOCD_APP_PARAMETERS=given)
    assert (status, out) == (1, "")
    assert "no container of a JobSet uses the image python" in err


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "placement", "string": "domains"},
        {"name": "replicas", "map": {"multislice/workers": "999999999"}},
        {"name": "restartWatcher", "string": "Never"},
    ],
)
def test_an_error_that_parameters_bring_into_a_folder_is_blamed_on_them(tmp_path, parameter):
    text = (MULTISLICE / "jobset.yaml").read_text()
    (tmp_path / "jobset.yaml").write_text(text)
    given = json.dumps([{"name": "watcherImage", "string": "python:3"}, parameter])
    status, out, err = plugin("generate", folder=tmp_path, ARGOCD_APP_PARAMETERS=given)
    assert (status, out) == (1, "")
    blame = f"the folder compiles without the Application's parameters (watcherImage, {parameter['name']})"
    assert err.startswith(f"ARGOCD_APP_PARAMETERS:1:1: error[JSG707]: {blame}")
    (tmp_path / "jobset.yaml").write_text(text.replace("replicas:", "replicsa:"))
    assert "compiles without the Application" not in plugin("generate", folder=tmp_path, ARGOCD_APP_PARAMETERS=given)[2]


def test_a_parameter_that_contradicts_the_project_has_the_error(tmp_path):
    (tmp_path / "jobset.yaml").write_text((MULTISLICE / "jobset.yaml").read_text())
    head = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
    (tmp_path / "jobsetgen.yaml").write_text(f"{head}jobs: watcher\nupdatePolicy: OnRestart\n")
    given = json.dumps([{"name": "jobs", "string": "git"}])
    status, out, err = plugin("generate", folder=tmp_path, ARGOCD_APP_PARAMETERS=given)
    assert (status, out) == (1, "")
    assert err.startswith("parameter jobs:1:1: error[JSG706]: updatePolicy OnRestart requires jobs: watcher;")


@pytest.mark.parametrize("case", [MULTISLICE, PROJECT], ids=lambda case: case.name)
def test_what_is_announced_and_handed_back_changes_nothing(case):
    announced = plugin("parameters", folder=case)[1]
    assert plugin("generate", folder=case, ARGOCD_APP_PARAMETERS=announced)[:2] == plugin("generate", folder=case)[:2]


@pytest.mark.parametrize("written", ["", "null", "[]"])
def test_generate_without_parameters(written):
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=written)
    assert (status, err) == (0, "")
    assert out == plugin("generate", folder=MULTISLICE)[1]


def test_parameters_show_what_the_folder_has(golden):
    golden("argocd/parameters.json", plugin("parameters", folder=PROJECT)[1])


def test_parameters_are_announced_though_the_project_is_broken(tmp_path):
    (tmp_path / "jobsetgen.yaml").write_text("kind: [")
    status, out, err = plugin("parameters", folder=tmp_path)
    assert status == 0
    assert "jobs" in [each["name"] for each in json.loads(out)]
    assert "jobsetgen.yaml:1" in err


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.name)
def test_generate_is_what_build_writes(case, cli):
    status, out, err = plugin("generate", folder=case)
    built = cli("build", "--gitops", "argocd", "-n", "training", ".", folder=case)
    assert (status, out, err) == (0, built.out, built.err)


def test_the_destinations_version_is_checked_against_where_nobody_names_one():
    for version, known in (("1.31.2-eks", "1.31"), ("v1.34", "1.34"), ("1.29.0", "1.31"), ("1.99", "1.37")):
        out = plugin("parameters", folder=MULTISLICE, KUBE_VERSION=version)[1]
        shown = {each["name"]: each.get("string") for each in json.loads(out)}
        assert shown["kubernetesVersion"] == known, version


# The KRM function


def documents(text: str):
    return list(YAML(typ="safe").load_all(text))


def items_of(case: Path):
    files = [path for path in sorted(case.iterdir()) if path.suffix in (".yaml", ".yml") and path.name != FILE_NAME]
    read = [document.data for path in files for document in load(path.name, path.read_bytes()).documents]
    found = [each for each in read if isinstance(each, dict)]
    return [entry for each in found for entry in (each.get("items", [each]))]


def given(items, **fields):
    return json.dumps({**RESOURCE_LIST, "items": items, **fields})


@pytest.mark.parametrize("case", [case for case in PLAIN if case != PROJECT], ids=lambda case: case.name)
def test_a_function_makes_what_build_writes(case, cli):
    project = case / FILE_NAME
    chosen = {"functionConfig": documents(project.read_text())[0]} if project.exists() else {}
    made = cli("krm", stdin=given(items_of(case), **chosen))
    assert made.status == 0, made.err
    given_names = {identity(each) for each in items_of(case)}
    # What passes through is as it was given, with what a dump has left in it.
    ours = [each for each in documents(without_script(made.out))[0]["items"] if identity(each) not in given_names]
    assert ours == [each for each in documents(built(case, "any").output) if identity(each) not in given_names]


def identity(item):
    return item["kind"], item.get("metadata", {}).get("name")


def located(item, path: str, index: int):
    notes = {
        f"{prefix}config.kubernetes.io/{key}": value
        for prefix in ("", "internal.")
        for key, value in (("path", path), ("index", str(index)))
    }
    return {**item, "metadata": {**item["metadata"], "annotations": notes}}


def package():
    """Return a package of two files: the first has a JobSet between two other objects."""
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "before", "creationTimestamp": None}}
    (jobset,) = items_of(FIXTURES / "valid" / "minimal")
    after = {**config, "metadata": {"name": "after"}}
    return [
        located(config, "set.yaml", 0),
        located(jobset, "set.yaml", 1),
        located(after, "set.yaml", 2),
        located(after | {"metadata": {"name": "elsewhere"}}, "other.yaml", 7),
    ]


def test_a_functions_objects_are_written_where_the_jobset_was(cli, golden):
    run = cli("krm", stdin=given(package(), functionConfig=config_map(jobs="git", restartWatcher="Always")))
    assert (run.status, run.err) == (0, "")
    golden("krm/package.yaml", without_script(run.out))
    (made,) = documents(run.out)
    places = [
        (notes["config.kubernetes.io/path"], int(notes["config.kubernetes.io/index"]))
        for notes in (item["metadata"]["annotations"] for item in made["items"])
    ]
    assert places == [("set.yaml", index) for index in range(len(places) - 1)] + [("other.yaml", 7)]


def config_map(**data: str):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "options"}, "data": data}


def test_what_is_wrong_is_in_the_results_and_the_items_come_out_as_they_were(cli, golden):
    items = package()
    items[1]["spec"]["replicatedJobs"][0]["replicsa"] = 2
    config = config_map(jobs="gti", maxJobs="5", strict="true")
    run = cli("krm", stdin=given(items, functionConfig=config))
    assert run.status == 1
    (made,) = documents(run.out)
    assert made["items"] == items
    assert made["functionConfig"] == config
    golden("krm/results.yaml", run.out)
    golden("krm/results.txt", run.err)


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_every_result_has_a_message_and_a_severity(case, cli):
    run = cli("krm", stdin=given(items_of(case)))
    assert run.status in (0, 1)
    for result in (documents(run.out) or [{}])[0].get("results", ()):
        assert result["message"].startswith("JSG")
        assert result["severity"] in ("error", "warning", "info")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "kind: List",
        "apiVersion: v1\nkind: ResourceList",
        "[]",
        "\0",
        json.dumps({**RESOURCE_LIST, "items": [{}]}),
    ],
)
def test_what_is_no_resource_list_is_refused(text, cli):
    run = cli("krm", stdin=text)
    assert (run.status, run.out) == (1, "")
    assert "stdin:1:" in run.err


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"apiVersion": "v1", "kind": "Secret"}, "neither a JobSetGenerator nor a ConfigMap"),
        ({"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", "resources": ["a"]}, "reads no files"),
        ({"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", "output": "a"}, "writes no folder"),
        (config_map(output="rendered"), "writes no folder"),
        (config_map(readme="false"), "writes no folder"),
        (config_map(gitattributes="false"), "writes no folder"),
        ({"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", "job": "git"}, "unknown field 'job'"),
        (config_map(job="git"), "unknown field 'job'"),
        (config_map(maxJobs="many"), "maxJobs"),
        ([], "neither a JobSetGenerator nor a ConfigMap"),
        (config_map() | {"data": ["maxJobs"]}, "the data of the ConfigMap must be fields"),
        (config_map() | {"binaryData": {"maxJobs": "NQ=="}}, "options cannot be binary data"),
        (config_map(watcher="image: a\nimage: b"), "line 2 of watcher: duplicate key 'image'"),
        (config_map(images="- {name: a"), "of images: "),
        (config_map() | {"data": {"jobs": 5}}, "jobs"),
    ],
)
def test_a_wrong_function_config_is_refused(config, message, cli):
    run = cli("krm", stdin=given(package(), functionConfig=config))
    assert run.status == 1
    assert message in run.err


EMPTY = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "empty"},
    "spec": {"network": {"enableDNSHostnames": False}, "replicatedJobs": []},
}


def test_a_list_of_which_nothing_would_be_left_is_refused_unless_that_is_meant(cli):
    refused = cli("krm", stdin=given([EMPTY]))
    assert refused.status == 1
    assert "JSG113: the input contains no objects" in refused.err
    assert documents(refused.out)[0]["items"] == [EMPTY]
    meant = cli("krm", stdin=given([EMPTY], functionConfig=config_map(allowEmpty="true")))
    assert (meant.status, documents(meant.out)[0]["items"]) == (0, [])
    beside = cli("krm", stdin=given([EMPTY, package()[0]]))
    assert (beside.status, documents(beside.out)[0]["items"]) == (0, [package()[0]])


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (
            {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "Jobset", "metadata": {"name": "a"}},
            "unknown kind 'Jobset'",
        ),
        ({"apiVersion": "trainer.kubeflow.org/v1alpha1", "kind": "TrainJob", "metadata": {"name": "a"}}, "Trainer"),
        ({"apiVersion": "example.com/v1", "kind": "Wrapper", "metadata": {"name": "a"}, "inner": EMPTY}, "inside this"),
    ],
)
def test_what_has_to_do_with_a_jobset_is_not_passed_in_silence(item, message, cli):
    run = cli("krm", stdin=given([item]))
    assert message in run.err
    assert documents(run.out)[0]["items"] == [item]


def test_a_list_without_a_jobset_stays_one_where_it_was(cli):
    entry = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    items = [{"apiVersion": "v1", "kind": "List", "metadata": {"annotations": {"config.kubernetes.io/path": "a"}},
              "items": [entry, entry | {"metadata": {"name": "b"}}]}]  # fmt: skip
    run = cli("krm", stdin=given(items))
    assert (run.status, documents(run.out)[0]["items"]) == (0, items)


def test_half_of_a_surrogate_pair_is_no_parameter():
    given_parameters = json.dumps([{"name": "watcherImage", "string": "a\ud800"}])
    status, out, err = plugin("generate", folder=MULTISLICE, ARGOCD_APP_PARAMETERS=given_parameters)
    assert (status, out) == (1, "")
    assert "ARGOCD_APP_PARAMETERS:1:1: error[JSG707]: a string contains an unpaired surrogate" in err


def test_an_empty_list_stays_one(cli):
    run = cli("krm", stdin=given([]))
    assert (run.status, documents(run.out)) == (0, [{**RESOURCE_LIST, "items": []}])


def jobset_using(name: str, **annotations: str):
    """Return a list's items: a set that is restarted, and the ConfigMap that its pods read, with annotations."""
    (jobset,) = items_of(FIXTURES / "valid" / "minimal")
    pod = {"containers": [{"name": "main", "image": "a", "envFrom": [{"configMapRef": {"name": name}}]}]}
    replicated_job = {"name": "workers", "template": {"spec": {"backoffLimit": 0, "template": {"spec": pod}}}}
    spec = {"failurePolicy": {"maxRestarts": 1}, "replicatedJobs": [replicated_job]}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "annotations": annotations}}
    return [jobset | {"spec": spec}, config]


HASHED = {"internal.config.kubernetes.io/needsHashSuffix": "enabled"}


def test_a_name_that_kustomize_will_change_is_an_error_where_a_watcher_has_it(cli):
    run = cli("krm", stdin=given(jobset_using("files", **HASHED)))
    assert run.status == 1
    (result,) = [each for each in documents(run.out)[0]["results"] if each["severity"] == "error"]
    assert result["message"].startswith("JSG709: kustomize will add a hash to the name of the ConfigMap files")
    assert result["field"]["path"].endswith("containers[0].envFrom[0].configMapRef.name")
    assert cli("krm", stdin=given(jobset_using("files"))).status == 0
    never = config_map(restartWatcher="Never")
    jobset, config = jobset_using("files", **HASHED)
    del jobset["spec"]["failurePolicy"]
    assert cli("krm", stdin=given([jobset, config], functionConfig=never)).status == 0


@pytest.mark.parametrize(
    "pod",
    [
        {"volumes": [{"name": "a", "secret": {"secretName": "files"}}]},
        {"volumes": [{"name": "a", "projected": {"sources": [{"secret": {"name": "files"}}]}}]},
        {"imagePullSecrets": [{"name": "files"}]},
        {"containers": [{"name": "main", "image": "a", "env": [
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": "files", "key": "a"}}}]}]},
    ],
)  # fmt: skip
def test_a_secret_that_kustomize_will_rename_is_found_wherever_a_pod_names_it(cli, pod):
    jobset, config = jobset_using("other")
    jobset["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"] |= pod
    secret = config | {"kind": "Secret", "metadata": {"name": "files", "annotations": HASHED}}
    run = cli("krm", stdin=given([jobset, secret]))
    assert run.status == 1
    assert "error: JSG709: kustomize will add a hash to the name of the Secret files" in run.err


def test_what_is_wrong_with_objects_of_others_stops_no_function(cli):
    twice = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    broken = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}, "spec": {"prots": 1}}
    options = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", "metadata": {"name": "c"}}
    others = [twice, broken, options, twice]
    run = cli("krm", stdin=given([*package(), *others]))
    assert (run.status, run.err) == (0, "")
    assert documents(run.out)[0]["items"][-4:] == others
    run = cli("krm", stdin=given([*package(), broken | {"metadata": {"name": "minimal"}}]))
    assert run.status == 1, "this one would be the set's own Service"


def test_what_is_for_tools_alone_stays_so(cli):
    before, jobset, *_ = package()
    jobset["metadata"]["annotations"]["config.kubernetes.io/local-config"] = "true"
    made = documents(cli("krm", stdin=given([before, jobset])).out)[0]["items"]
    assert [each["metadata"]["annotations"].get("config.kubernetes.io/local-config") for each in made] == [
        None, *["true"] * (len(made) - 1)]  # fmt: skip


def test_words_that_are_texts_to_kustomize_and_kpt_stay_texts(cli):
    text = """
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
  data: {on: x, n: y, debug: yes, "true": no}
"""
    (made,) = documents(cli("krm", stdin=text).out)
    assert made["items"][0]["data"] == {"on": "x", "n": "y", "debug": "yes", "true": "no"}
    assert '"on": x' in cli("krm", stdin=text).out, "older readers take it for a text, too"


@pytest.mark.parametrize(
    ("kind", "name", "is_looked_at"),
    [
        ("Service", "minimal", True),
        ("Service", "my-minimal-dashboard", False),
        ("ConfigMap", "minimal-restart-plan", True),
        ("ConfigMap", "minimal-restarts", False),
        ("PersistentVolumeClaim", "data-minimal", True),
        ("PersistentVolumeClaim", "minimal-data", False),
    ],
)
def test_only_what_a_set_would_use_or_make_is_looked_at(cli, kind, name, is_looked_at):
    broken = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "unknownField": 1}
    run = cli("krm", stdin=given([*package(), broken]))
    assert (run.status == 1) == is_looked_at, run.err


def test_a_jobset_under_a_wrong_group_is_an_error_of_a_function(cli):
    before, jobset, *after = package()
    items = [before, jobset | {"apiVersion": "batch.x-k8s.io/v1alpha1"}, *after]
    run = cli("krm", stdin=given(items))
    (made,) = documents(run.out)
    assert (run.status, made["items"]) == (1, items)
    (result,) = made["results"]
    assert result["message"].startswith("JSG111: the apiVersion of this JobSet is batch.x-k8s.io/v1alpha1")
    assert result["file"] == {"path": "set.yaml", "index": 1}


def test_a_jobset_of_another_api_passes_through_a_function_with_a_notice(cli):
    foreign = {"apiVersion": "example.com/v1", "kind": "JobSet", "metadata": {"name": "minimal-restart-plan"}}
    inside = {"apiVersion": "v1", "kind": "List", "items": [foreign | {"metadata": {"name": "inside"}}]}
    run = cli("krm", stdin=given([foreign, inside]))
    (made,) = documents(run.out)
    assert (run.status, made["items"]) == (0, [foreign, inside])
    assert [result["severity"] for result in made["results"]] == ["info", "info"]
    assert "info: JSG604: this JobSet belongs to another API, example.com/v1, and passes through" in run.err
