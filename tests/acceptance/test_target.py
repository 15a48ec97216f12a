"""`--target jobset`: what it writes compiles to the same plain objects, whatever the options, and to itself."""

from __future__ import annotations

import json
import os
import re
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobsetgen.cli.compiling import compiled
from jobsetgen.frontends.krm.function import answer
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options import values
from jobsetgen.options.watcher import CARRIED_FIELDS, LOG_LEVELS
from jobsetgen.pipeline import Compilation, compile, compile_inputs, with_jobsets
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import options_layer
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.target.keys import CARRIED
from tests.cases import VALID, arguments, parsed

CORPUS = os.environ.get("JOBSETGEN_CORPUS")
MANIFESTS = sorted(Path(CORPUS).rglob("*.yaml")) if CORPUS else []
MODES = {"git": (), "watcher": ("--jobs", "watcher"), "flux": ("--gitops", "flux", "--namespace", "research")}


def built(folder: Path, *words: str) -> Compilation:
    with chdir(folder):
        return compiled(*parsed(*words))


@cache
def fixture(case: Path, mode: str) -> Compilation:
    """Return a fixture as it is built in a mode, once for all tests."""
    return built(case, *arguments(case), *MODES[mode])


def again(output: str) -> Compilation:
    """Compile an output as somebody does who has nothing else: not even the options."""
    return compile([Source(name="jobsets.yaml", content=output.encode())])


def refuse_loss(result: Compilation) -> None:
    """Fail unless the JobSets of a compilation compile to its objects, and to themselves."""
    target = with_jobsets(result)
    read = again(target.text())
    assert [item for item in read.diagnostics if item.is_error] == []
    assert read.text() == result.text()
    assert with_jobsets(read).text() == target.text()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_the_jobsets_of_a_fixture_give_its_plain_objects(case, mode):
    result = fixture(case, mode)
    if mode == "git":
        assert result.ok
    if result.ok:
        refuse_loss(result)


def test_most_fixtures_can_be_built_in_each_mode():
    for mode in MODES:
        assert sum(fixture(case, mode).ok for case in VALID) > len(VALID) * 0.9


@pytest.mark.skipif(not CORPUS, reason="JOBSETGEN_CORPUS names no folder of manifests")
def test_the_jobsets_of_real_manifests_give_their_plain_objects():
    results = [built(path.parent, path.name) for path in MANIFESTS]
    valid = [each for each in results if each.ok and not each.is_empty]
    assert valid
    for each in valid:
        refuse_loss(each)


NAMES = st.sampled_from(["a", "research", "team-b"])
MAPS = st.dictionaries(NAMES, NAMES, min_size=1, max_size=3)
TEXT = st.text(max_size=20).filter(lambda text: "\0" not in text)
WATCHER: dict[str, st.SearchStrategy[Any]] = {
    "image": st.sampled_from(["python:3.12", f"registry.example.com/python@sha256:{'0' * 64}"]),
    "logLevel": st.sampled_from(LOG_LEVELS),
    "resources": st.just({"limits": {"memory": "1Gi", "cpu": 1.5}}),
    "serviceAccountName": NAMES,
    "priorityClassName": NAMES,
    "imagePullSecrets": st.lists(NAMES, max_size=2, unique=True),
    "nodeSelector": MAPS,
    "tolerations": st.lists(st.fixed_dictionaries({"key": NAMES, "operator": st.just("Exists")}), max_size=2),
    "carriedFields": st.lists(st.sampled_from(CARRIED_FIELDS), max_size=2, unique=True),
    "labels": MAPS,
    "annotations": st.dictionaries(NAMES, TEXT, max_size=2),
}
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "namespace": NAMES,
    "gitops": st.sampled_from(values.PROFILES),
    "kubernetesVersion": st.sampled_from(VERSIONS),
    "jobs": st.sampled_from(values.JOBS_OWNERS),
    "updatePolicy": st.sampled_from(["Recreate", "Block"]),
    "restartWatcher": st.sampled_from(["Auto", "Always"]),
    "runId": TEXT,
    "priorityClasses": st.dictionaries(NAMES, st.integers(-9, 2**31 - 1), max_size=2),
    "defaultPriority": st.integers(-9, 2**31 - 1),
    "maxJobs": st.integers(1000, 10**30),
    "maxBytes": st.integers(2**24, 2**32),
    "compat": st.sampled_from(values.COMPAT_LEVELS),
    "placement": st.fixed_dictionaries(
        {"strategy": st.sampled_from(["affinity", "node-selector"])},
        optional={"domains": st.dictionaries(NAMES, st.lists(NAMES, unique=True), max_size=2)},
    ),
    "watcher": st.fixed_dictionaries({}, optional=WATCHER),
}
OPTIONS = st.fixed_dictionaries({}, optional=CHOICES)
# Sets with and without a watcher, exclusive placement, several sets, objects beside them, a project.
SHOWN = ["multislice", "domains", "project", "existing-claim", "priority-classes"]


@cache
def documents(name: str) -> Inputs:
    case = next(each for each in VALID if each.name == name)
    result = built(case, *arguments(case))
    return Inputs(documents=tuple(unit.document for unit in result.units))


def test_every_option_that_is_carried_is_tried():
    watcher = {f"jobsetgen.io/watcher.{name}" for name in WATCHER}
    tried = {f"jobsetgen.io/{name}" for name in CHOICES}
    placement = {"jobsetgen.io/placement.strategy", "jobsetgen.io/placement.domains"}
    of_a_flag = {"jobsetgen.io/watcher.memory"}
    assert (
        CARRIED.keys() == (tried - {"jobsetgen.io/placement", "jobsetgen.io/watcher"}) | watcher | placement | of_a_flag
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(SHOWN), options=OPTIONS)
def test_the_jobsets_carry_random_options(name, options):
    layer, wrong = options_layer(options)
    assert wrong == []
    result = compile_inputs(documents(name).with_layer(layer, wrong))
    if result.ok:
        refuse_loss(result)


JOBSET = """apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: train
  annotations: {example.com/team: research, jobsetgen.io/jobs: watcher, jobsetgen.io/runId: "2"}
spec:
  failurePolicy:
    maxRestarts: 3
    rules: [{action: FailJobSet}, {name: second, action: RestartJobSet}, {action: RestartJobSet}]
  volumeClaimPolicies:
  - templates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
  replicatedJobs:
  - name: workers
    template: {spec: {template: {spec: {containers: [{name: main, image: "registry.example.com/train:1.0",
      volumeMounts: [{name: data, mountPath: /data}]}]}}}}
"""
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {clusterIP: None}\n"


def jobset_of(result: Compilation) -> dict[str, Any]:
    """Return the first object of an output as JobSets."""
    return next(with_jobsets(result).objects())


class TestDefaults:
    @pytest.fixture
    def spec(self) -> dict[str, Any]:
        return jobset_of(again(JOBSET))["spec"]

    def test_the_first_level_is_that_of_the_webhook(self, spec):
        assert spec["network"] == {"enableDNSHostnames": True, "publishNotReadyAddresses": True}
        assert spec["startupPolicy"] == {"startupPolicyOrder": "AnyOrder"}
        assert spec["successPolicy"] == {"operator": "All"}

    def test_rules_are_named_by_their_index(self, spec):
        policy = spec["failurePolicy"]
        names = [rule["name"] for rule in policy["rules"]]
        assert names == ["failurePolicyRule0", "second", "failurePolicyRule2"]
        assert policy["restartStrategy"] == "Recreate"

    def test_claims_are_deleted_with_the_set(self, spec):
        (policy,) = spec["volumeClaimPolicies"]
        assert policy["retentionPolicy"] == {"whenDeleted": "Delete"}

    def test_jobs_are_indexed_and_pods_restart_on_failure(self, spec):
        (workers,) = spec["replicatedJobs"]
        job = workers["template"]["spec"]
        assert (workers["groupName"], workers["replicas"]) == ("default", 1)
        assert (job["completionMode"], job["template"]["spec"]["restartPolicy"]) == ("Indexed", "OnFailure")


class TestReviewing:
    """What `explain` and `graph` say of a project with target jobset: its controller runs it."""

    @pytest.fixture
    def project(self, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET.replace("spec:\n", "spec:\n  ttlSecondsAfterFinished: 60\n", 1))
        (tmp_path / "jobsetgen.yaml").write_text(f"{PROJECT}target: jobset\n")
        return tmp_path

    def test_explain_describes_the_work_of_the_controller(self, cli, project):
        lines = cli("explain", folder=project).out.splitlines()
        facts = {line[2:13].strip(): line[14:] for line in lines if line[2:3].strip()}
        assert facts["Jobs"] == "workers: 1 Job of 1 pod (train-workers-0)"
        assert facts["After end"] == "the JobSet is deleted 60 seconds later, with its Jobs"
        assert facts["Watcher"] == (
            "none: the output is the JobSet (target jobset); JobSet's controller creates these Jobs"
        )
        assert facts["Update"] == "the API server refuses a JobSet with a changed Job; delete the JobSet first"
        assert "Generation" not in facts

    def test_explain_tells_programs_the_same(self, cli, project):
        (found,) = json.loads(cli("explain", "--format", "json", folder=project).out)["jobSets"]
        assert (found["generation"], found["watcher"][0][:5]) == ("", "none:")

    def test_graph_draws_no_watcher(self, cli, project):
        assert "watcher" not in cli("graph", folder=project).out
        (project / "jobsetgen.yaml").write_text(PROJECT)
        assert "train-restart-watcher" in cli("graph", folder=project).out


class TestReadingBack:
    def test_annotations_are_options(self):
        settings = again(JOBSET).settings
        assert (settings.jobs, settings.run_id) == ("watcher", "2")

    def test_a_project_and_a_flag_override_them(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        (tmp_path / "jobsetgen.yaml").write_text(f"{PROJECT}jobs: git\nrunId: '3'\n")
        run = cli("build", "--target", "jobset", "--run-id", "4", folder=tmp_path)
        assert "jobsetgen.io/jobs" not in run.out
        assert 'jobsetgen.io/runId: "4"' in run.out
        assert "example.com/team: research" in run.out

    def test_no_plain_object_has_them(self):
        annotations = [key for item in again(JOBSET).objects() for key in item["metadata"].get("annotations", {})]
        assert "example.com/team" in annotations
        assert [key for key in annotations if key in CARRIED] == []

    def test_the_plugin_announces_them(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        run = cli("argocd", "parameters", folder=tmp_path)
        values = {each["name"]: each.get("string") for each in json.loads(run.out)}
        assert (values["jobs"], values["runId"]) == ("watcher", "2")


class TestNamespace:
    def test_it_is_in_the_jobset_alone(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        run = cli("build", "-n", "research", "--target", "jobset", folder=tmp_path)
        assert "\n  namespace: research\n" in run.out
        assert "jobsetgen.io/namespace" not in run.out

    def test_an_object_without_one_needs_it(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET + SERVICE)
        run = cli("build", "-n", "research", "--target", "jobset", folder=tmp_path)
        assert "\n    jobsetgen.io/namespace: research\n" in run.out


class TestLostOptions:
    def built(self, jobset: str) -> Compilation:
        (document,) = load("jobset.yaml", jobset.encode()).documents
        racks = [f"rack-of-a-large-cluster-{index}" for index in range(10_000)]
        options = {"placement": {"domains": {"example.com/rack": racks}}, "gitops": "flux"}
        layer, wrong = options_layer(options)
        return with_jobsets(compile_inputs(Inputs(documents=(document,)).with_layer(layer, wrong)))

    def test_an_option_without_room_is_named_and_the_others_are_kept(self):
        result = self.built(JOBSET)
        (lost,) = [item for item in result.diagnostics if item.code == "JSG722"]
        assert (lost.severity, lost.place[:3]) == ("notice", ("jobset.yaml", 4, 3))
        assert lost.message == (
            "the option placement.domains is lost: as an annotation it needs 318,942 bytes, but this JobSet has room for"
            " 262,054"
        )
        assert jobset_of(result)["metadata"]["annotations"]["jobsetgen.io/gitops"] == "flux"

    def test_the_fullest_jobset_counts(self):
        full = JOBSET.replace("example.com/team: research", f"example.com/notes: {'n' * 262_080}")
        lost = [item.message.split(" ")[2] for item in self.built(full).diagnostics if item.code == "JSG722"]
        assert lost == ["placement.domains", "runId"]


class TestCommandLine:
    def test_a_folder_has_a_file_for_each_jobset_and_no_readme(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        assert cli("build", "-o", "out", "jobset.yaml", folder=tmp_path).status == 0
        run = cli("build", "--target", "jobset", "-o", "out", "jobset.yaml", folder=tmp_path)
        assert run.status == 0
        files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
        assert files == {"kustomization.yaml", ".gitattributes", "train/jobset.train.yaml"}

    @pytest.mark.parametrize("words", [("--target", "jobset", "jobset.yaml"), ("project",)])
    def test_a_preview_is_about_plain_jobs_and_refused(self, cli, tmp_path, words):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        project(tmp_path / "project")
        run = cli("build", "--preview", *words, folder=tmp_path)
        assert (run.status, run.out) == (2, "")
        assert "--preview shows plain Jobs: it cannot be combined with target jobset" in run.err

    def test_check_compares_the_jobsets_of_a_folder(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        words = ("--target", "jobset", "-o", "out", "jobset.yaml")
        assert cli("build", *words, folder=tmp_path).status == 0
        run = cli("check", *words, folder=tmp_path)
        assert (run.status, run.out) == (0, "")
        (tmp_path / "jobset.yaml").write_text(JOBSET.replace("name: train", "name: tune"))
        run = cli("check", *words, folder=tmp_path)
        assert run.status == 1
        assert "+++ b/out/tune/jobset.tune.yaml" in run.out
        assert "regenerate it with: jobsetgen build --target jobset -o out jobset.yaml" in run.err


def project(folder: Path) -> None:
    """Write a project that builds JobSets."""
    folder.mkdir()
    (folder / "jobset.yaml").write_text(JOBSET)
    (folder / "jobsetgen.yaml").write_text(
        "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\noutput: rendered\ntarget: jobset\n"
    )


class TestOfAProject:
    def test_each_writes_and_compares_jobsets(self, cli, tmp_path):
        project(tmp_path / "train")
        assert cli("build", "--each", folder=tmp_path).status == 0
        written = tmp_path / "train" / "rendered" / "train" / "jobset.train.yaml"
        assert "kind: JobSet" in written.read_text()
        assert "jobsetgen.io/target" not in written.read_text()
        assert cli("check", "--each", folder=tmp_path).status == 0
        written.write_text(written.read_text().replace("name: train", "name: tune"))
        run = cli("check", "--each", folder=tmp_path)
        assert run.status == 1
        assert "regenerate it with: jobsetgen build --each" in run.err

    def test_a_flag_writes_each_as_jobsets_or_as_plain_objects(self, cli, tmp_path):
        project(tmp_path / "train")
        assert cli("build", "--each", "--target", "plain", folder=tmp_path).status == 0
        rendered = tmp_path / "train" / "rendered" / "train"
        assert not (rendered / "jobset.train.yaml").exists()
        assert cli("check", "--each", folder=tmp_path).status == 1
        assert cli("build", "--each", "--target", "jobset", folder=tmp_path).status == 0
        assert [each.name for each in rendered.iterdir()] == ["jobset.train.yaml"]

    def test_diff_compares_the_jobsets_and_foretells_what_their_webhook_refuses(self, cli, tmp_path):
        for name, image in (("old", "train:1"), ("new", "train:2")):
            project(tmp_path / name)
            text = re.sub("image: [^ ,}]*", f"image: registry.example.com/{image}", JOBSET)
            (tmp_path / name / "jobset.yaml").write_text(text)
        run = cli("diff", "old", "new", folder=tmp_path)
        assert run.status == 0
        assert "JobSet train" in run.out
        assert "registry.example.com/train:2" in run.out
        assert "Job train-" not in run.out
        assert "sync fails" in run.out.lower()

    def test_a_function_leaves_jobsets_as_jobsets(self):
        config = "{apiVersion: jobsetgen.io/v1alpha1, kind: JobSetGenerator, namespace: research, target: jobset}"
        (document,) = load("jobset.yaml", JOBSET.encode()).documents
        content = (
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
            f"functionConfig: {config}\nitems: {json.dumps([document.data])}\n"
        )
        done = answer(content.encode())
        assert done.is_ok
        (listed,) = load("out.yaml", "".join(done.output).encode()).documents
        assert [(each["kind"], each["metadata"]["namespace"]) for each in listed.data["items"]] == [
            ("JobSet", "research")
        ]


class TestErrors:
    def test_errors_are_those_of_the_plain_output(self, cli, tmp_path):
        (tmp_path / "jobset.yaml").write_text(JOBSET)
        words = ("build", "jobset.yaml", "--jobs", "git", "--update-policy", "OnRestart")
        plain, target = (cli(*words, *more, folder=tmp_path) for more in ((), ("--target", "jobset")))
        assert (target.status, target.out, target.err) == (1, "", plain.err)
