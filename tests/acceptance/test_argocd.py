"""The plugin's commands as Argo CD runs them, and repositories that mean no good."""

from __future__ import annotations

import json
import re
import resource
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobsetgen.cli import argocd
from jobsetgen.frontends.argocd.environment import Application
from jobsetgen.project.files import Disk
from jobsetgen.source.loader import load
from jobsetgen.stop import StopError
from tests.acceptance.hostile import HOSTILE, SECRET
from tests.acceptance.processes import run_tool as run
from tests.acceptance.processes import seconds_of_children
from tests.cases import FIXTURES, ROOT, yaml

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"
MEGABYTES, CHARACTERS = 1100, 25_000


PLUGIN = yaml("deploy/argocd/plugin.yaml")["spec"]
DISCOVER, GENERATE = PLUGIN["discover"]["find"]["command"], PLUGIN["generate"]["command"]
PARAMETERS = PLUGIN["parameters"]["dynamic"]["command"]


@pytest.mark.parametrize(("subcommand", "function"), [("generate", "generate"), ("parameters", "form")])
@pytest.mark.parametrize(("flags", "is_allowed"), [([], False), (["--allow-kustomize"], True)])
def test_only_the_administrator_lets_projects_run_kustomize(monkeypatch, app, subcommand, function, flags, is_allowed):
    allowed = []

    def observed(files: Disk, application: Application) -> None:
        allowed.append(files.may_run_kustomize)
        raise StopError("input", "seen enough")

    monkeypatch.chdir(app)
    monkeypatch.setattr(argocd, function, observed)
    CliRunner().invoke(argocd.command, [subcommand, *flags])
    assert allowed == [is_allowed]


def discover(folder: Path) -> str:
    done = run(DISCOVER, folder)
    # Argo CD takes any other status for an error, whatever is printed.
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_folder_with_a_jobset_is_discovered(app):
    assert discover(app) == "jobset.yaml\n"


@pytest.mark.parametrize(
    "text",
    [
        "kind: List\nitems:\n- apiVersion: jobset.x-k8s.io/v1alpha2\n  kind: JobSet\n",
        "{apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet}",
        '{"kind":"JobSet"}',
        "kind: 'JobSet' # training\r\n",
        "kind: !!str &kind JobSet\n",
        "kind:\n  JobSet\n",
        "? kind\n: JobSet\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_so_is_one_in_whatever_form(tmp_path, text, encoding):
    (tmp_path / "all.yml").write_text(text, encoding=encoding)
    assert discover(tmp_path) == "all.yml\n"


def test_so_is_a_project(tmp_path):
    (tmp_path / "jobsetgen.yaml").write_text("kind: JobSetGenerator\n")
    assert discover(tmp_path) == "jobsetgen.yaml\n"


@pytest.mark.parametrize("name", ["Deployment", "JobSetter", "XJobSet"])
def test_another_folder_is_not(tmp_path, name):
    (tmp_path / "a.yaml").write_text(f"apiVersion: v1\nkind: {name}\n")
    (tmp_path / "b.yaml").symlink_to(MULTISLICE)
    assert discover(tmp_path) == ""


def test_a_jobset_under_a_wrong_group_is_discovered_and_refused(app):
    text = MULTISLICE.read_text().replace("jobset.x-k8s.io/", "batch.x-k8s.io/")
    (app / "jobset.yaml").write_text(text)
    assert discover(app) == "jobset.yaml\n"
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("error[JSG111]: the apiVersion of this JobSet is batch.x-k8s.io/v1alpha2") == 1
    assert "Did you mean 'jobset.x-k8s.io/v1alpha2'?" in done.stderr


def test_a_jobset_of_another_api_is_generated_as_it_is(app):
    foreign = {"apiVersion": "example.com/v1", "kind": "JobSet", "metadata": {"name": "nightly"}}
    (app / "jobset.yaml").write_text(json.dumps(foreign))
    assert discover(app) == "jobset.yaml\n"
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert done.returncode == 0
    assert [document.data for document in load("", done.stdout.encode()).documents] == [foreign]
    assert "notice[JSG604]: this JobSet belongs to another API, example.com/v1" in done.stderr


@pytest.mark.parametrize("name", ["kustomization.yaml", "Kustomization", "Chart.yaml"])
def test_a_folder_of_kustomize_or_helm_is_theirs_unless_it_is_a_project(app, name):
    (app / name).write_text("resources: [jobset.yaml]\n")
    assert discover(app) == ""
    (app / "jobsetgen.yaml").write_text("apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n")
    assert discover(app) == "jobsetgen.yaml\n"


def test_generate_refuses_a_folder_that_kustomize_must_render(app):
    (app / "kustomization.yaml").write_text("resources: [jobset.yaml]\nnamePrefix: dev-\n")
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[JSG114]: this kustomization lists the JobSet file jobset.yaml" in done.stderr


@pytest.mark.parametrize("name", ["second.yaml", "jobsetgen.yaml"])
def test_a_link_to_nothing_is_an_error_and_not_left_out(app, name):
    (app / name).symlink_to("shared/set.yaml")
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert f"cannot read {name}: not a regular file, or a broken symbolic link" in done.stderr


def test_generate_prints_manifests_only(app):
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stderr) == (0, "")
    objects = [document.data for document in load("output", done.stdout.encode()).documents]
    watcher = ["ServiceAccount", "Role", "RoleBinding", "ConfigMap", "ConfigMap", "ConfigMap"]
    assert [item["kind"] for item in objects] == [*watcher, "Service", *["Job"] * 5]
    assert {item["metadata"]["namespace"] for item in objects} == {"training"}
    assert "kustomize.toolkit.fluxcd.io" not in done.stdout


def test_the_commands_of_the_page_and_its_application_are_what_the_plugin_takes(app):
    page = (ROOT / "deploy" / "argocd" / "README.md").read_text()
    (command,) = re.findall(r"^```sh\n(.*)\n```$", page, re.M)
    done = run(["sh", "-c", command], app)
    assert (done.returncode, done.stderr) == (0, "")
    application = (ROOT / "deploy" / "argocd" / "application.yaml").read_text()
    shown = re.findall(r"^ +#   - (\{name: .*\})$", application, re.M)
    given = [load("parameter", line.encode()).documents[0].data for line in shown]
    announced = {each["name"]: each for each in json.loads(run(PARAMETERS, app).stdout)}
    assert all(announced[each["name"]]["collectionType"] in each for each in given)
    assert all(name in page for name in announced)


def test_the_sidecar_runs_as_the_image_does():
    (container,) = yaml("deploy/argocd/sidecar.yaml")["spec"]["template"]["spec"]["containers"]
    file = (ROOT / "deploy" / "argocd" / "Containerfile").read_text()
    assert f"USER {container['securityContext']['runAsUser']}\n" in file
    assert f"ENTRYPOINT {json.dumps(container['command'])}\n" in file
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_an_application_without_a_namespace_fails_with_a_reason(app):
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[JSG411]" in done.stderr


def test_an_empty_folder_fails_instead_of_pruning_everything(tmp_path):
    done = run(GENERATE, tmp_path, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert "delete everything" in done.stderr


def test_a_compile_that_takes_too_long_ends_with_a_reason(app):
    (app / "large.yaml").write_text("---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n" * 50_000)
    done = run([*GENERATE, "--timeout", "1"], app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "jobsetgen: the compile takes longer than 1 s, the limit of --timeout\n"


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_repository_ends_in_a_clear_error_within_the_limits(case, app):
    (app / "jobset.yaml").unlink()
    (app.parent / "secret.yaml").write_text(f"kind: JobSet\nsecret: {SECRET}\n")
    case.write(app)
    before = seconds_of_children()
    limit = ("--timeout", str(case.seconds))
    done = run([*GENERATE, *limit], app, ARGOCD_APP_NAMESPACE="training")
    assert seconds_of_children() - before < case.seconds + 10
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert case.is_said(done.stderr)
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
    assert "root:x:0" not in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < CHARACTERS
    for command in (DISCOVER, PARAMETERS):
        also = run([*command, *limit], app)
        assert SECRET not in also.stdout + also.stderr
        assert "Traceback" not in also.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEGABYTES * 1000


def test_an_object_in_a_json_file_is_not_left_out_in_silence(app):
    (app / "more.json").write_text('{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "more"}}')
    (app / "package.json").write_text('{"name": "no object"}')
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("more.json:1:1: error[JSG702]: this object is not compiled") == 1
    assert "package.json" not in done.stderr
    (app / "jobsetgen.yaml").write_text(
        "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nresources: [jobset.yaml, more.json]\n"
    )
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert done.returncode == 0
    assert "name: more\n" in done.stdout


def test_a_jobset_in_a_json_file_alone_is_discovered(tmp_path):
    (tmp_path / "set.json").write_text('{"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet"}')
    assert discover(tmp_path) == "set.json\n"


@pytest.mark.parametrize("text", ["kind:!" * 40_000, "kind:" + " " * 240_000, "kind:" + "# \n" * 80_000])
def test_discovery_takes_no_longer_than_a_file_is_long(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    assert discover(tmp_path) == ""


def test_what_fills_the_memory_is_said_in_a_sentence(app):
    deep = "[" * 60 + "]" * 60
    (app / "more.yaml").write_text(f"kind: JobSet\na: {deep}\nb: [{'{},' * 200_000}]\n")
    done = run([*GENERATE, "--memory", "100", "--timeout", "600"], app, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "jobsetgen: the compile needs more than 100 MB, the limit of --memory\n"


def test_of_what_lies_outside_not_even_is_said_whether_it_is_there(app):
    (app / "jobsetgen.yaml").write_text(
        "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nresources: [/etc/hosts, /etc/nothing]\n"
    )
    done = run(GENERATE, app, ARGOCD_APP_NAMESPACE="training")
    assert done.returncode == 1
    assert done.stderr.count("is outside the root of the project") == 2


BASE_PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"


@pytest.fixture
def overlay(app) -> Path:
    """An overlay of an application as it stands in Argo CD's copy of the repository."""
    (app / "jobsetgen.yaml").write_text(BASE_PROJECT)
    folder = app.parent / "overlays" / "prod"
    folder.mkdir(parents=True)
    (folder / "jobsetgen.yaml").write_text(f"{BASE_PROJECT}resources: [../../{app.name}]\n")
    return folder


@pytest.mark.parametrize("path", ["overlays/prod", "./overlays//prod/", "clusters/a/overlays/prod"])
def test_a_base_may_be_anywhere_in_the_repository(overlay, path):
    done = run(GENERATE, overlay, ARGOCD_APP_NAMESPACE="training", ARGOCD_APP_SOURCE_PATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "kind: Job\n" in done.stdout


@pytest.mark.parametrize("path", ["", "prod", "overlays/other", "../overlays/dev"])
def test_nothing_outside_of_what_argocd_has_handed_over_is_read(overlay, path):
    done = run(GENERATE, overlay, ARGOCD_APP_NAMESPACE="training", ARGOCD_APP_SOURCE_PATH=path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is outside the root of the project" in done.stderr
