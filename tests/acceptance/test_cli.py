"""The command line as a user meets it: exit codes, files, folders, projects."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from jobsetgen.assets import restart_watcher
from jobsetgen.naming import script_digest
from jobsetgen.output.layout import HEADER
from jobsetgen.source.loader import load
from tests.acceptance.processes import PROGRAM
from tests.acceptance.processes import run as process
from tests.cases import FIXTURES, VALID

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"
BROKEN = FIXTURES / "invalid" / "unknown-field" / "jobset.yaml"


def identity(document):
    return document.data["kind"], document.data["metadata"]["name"]


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class TestExitStatus:
    def test_0_when_done(self, cli, app):
        assert cli("build", folder=app).status == 0

    def test_1_for_a_wrong_input_with_nothing_on_standard_output(self, cli, app):
        shutil.copy(BROKEN, app / "broken.yaml")
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "broken.yaml:8:5: error[JSG101]" in run.err

    @pytest.mark.parametrize("arguments", [["build", "gone.yaml"], ["build", "--gitops", "helm"], ["fly"], ["check"]])
    def test_2_for_wrong_usage(self, cli, app, arguments):
        run = cli(*arguments, folder=app)
        assert (run.status, run.out) == (2, "")

    def test_2_for_a_malformed_namespace(self, cli, app):
        run = cli("build", "-n", "Team A", folder=app)
        assert run.status == 2
        assert "a namespace must have at most 63 lower-case letters, digits and dashes" in run.err

    def test_an_empty_input_is_an_error(self, cli, tmp_path):
        run = cli("build", folder=tmp_path)
        assert run.status == 1
        assert ".:1:1: error[JSG113]: the input contains no objects" in run.err
        assert cli("build", "--allow-empty", folder=tmp_path).status == 0

    def test_of_a_project_without_objects_its_file_is_named(self, cli, tmp_path):
        (tmp_path / "prod").mkdir()
        (tmp_path / "prod/set.yaml").touch()
        (tmp_path / "prod/jobsetgen.yaml").write_text(
            "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nresources: [set.yaml]\n"
        )
        assert "prod/jobsetgen.yaml:1:1: error[JSG113]" in cli("build", "prod", folder=tmp_path).err
        assert "\njobsetgen.yaml:1:1: error[JSG113]" in "\n" + cli("build", folder=tmp_path / "prod").err

    def test_so_is_a_set_that_makes_no_object(self, cli):
        text = MULTISLICE.read_text().replace("replicas: 4", "replicas: 0")
        text = text.replace("spec:\n  failure", "spec:\n  network: {enableDNSHostnames: false}\n  failure", 1)
        run = cli("build", "-", stdin=text)
        assert run.status == 1
        assert "stdin:1:1: error[JSG113]" in run.err

    def test_strict_makes_warnings_errors(self, cli, app):
        run = cli("build", "--strict", "--gitops", "argocd", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "error[JSG410]" in run.err

    def test_the_most_jobs(self, cli, app):
        assert cli("build", "--max-jobs", "4", folder=app).status == 0
        assert "error[JSG405]" in cli("build", "--max-jobs", "3", folder=app).err


class TestProcess:
    def test_a_reader_that_leaves_early(self, app):
        text = MULTISLICE.read_text().replace("replicas: 4", "replicas: 2000")
        command = f"'{PROGRAM}' build - 2>errors | head -n 1"
        done = subprocess.run(command, shell=True, cwd=app, input=text.encode(), capture_output=True, check=True)
        assert done.stdout == b"apiVersion: v1\n"
        assert "Traceback" not in (app / "errors").read_text()

    def test_an_output_that_cannot_be_written(self, app):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "build"], cwd=app, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 3
        assert b"jobsetgen: cannot write the output: No space left on device\n" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_version(self, app):
        assert process("--version", folder=app).stdout.startswith(b"jobsetgen 0.")

    def test_a_file_that_cannot_be_read(self, app):
        (app / "dir.yaml").mkdir()
        done = process("build", "dir.yaml/../gone.yaml", folder=app)
        assert done.returncode == 2
        assert b"cannot read dir.yaml/../gone.yaml: No such file or directory" in done.stderr


class TestOutputFolder:
    def test_a_second_run_rewrites_nothing(self, cli, app):
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        before = {path: path.stat().st_mtime_ns for path in app.rglob("*")}
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert {path: path.stat().st_mtime_ns for path in app.rglob("*")} == before

    def test_stale_files_of_ours_go_and_others_stay(self, cli, app):
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        (app / "out" / "multislice" / "notes.yaml").write_text("kind: Note\n")
        (app / "out" / "gone").mkdir()
        (app / "out" / "gone" / "job.gone.yaml").write_text(HEADER)
        (app / "jobset.yaml").write_text(MULTISLICE.read_text().replace("replicas: 4", "replicas: 1"))
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert names(app / "out") == [
            ".gitattributes",
            "README.md",
            "kustomization.yaml",
            "multislice/configmap.multislice-restart-plan.yaml",
            f"multislice/configmap.multislice-restart-script-{script_digest(restart_watcher())}.yaml",
            "multislice/configmap.multislice-restart-state.yaml",
            "multislice/job.multislice-restart-watcher.yaml",
            "multislice/job.multislice-workers-0.yaml",
            "multislice/notes.yaml",
            "multislice/role.multislice-restart-watcher.yaml",
            "multislice/rolebinding.multislice-restart-watcher.yaml",
            "multislice/service.multislice.yaml",
            "multislice/serviceaccount.multislice-restart-watcher.yaml",
        ]
        assert not (app / "out" / "gone").exists()

    def test_a_file_of_somebody_else_is_not_overwritten(self, cli, app):
        (app / "out").mkdir()
        (app / "out" / "kustomization.yaml").write_text("resources: []\n")
        run = cli("build", "-o", "out", "jobset.yaml", folder=app)
        assert run.status == 2
        assert "out/kustomization.yaml already exists and was not written by jobsetgen" in run.err
        assert names(app / "out") == ["kustomization.yaml"]

    def test_nothing_is_written_on_an_error(self, cli, app):
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        before = {path: path.read_bytes() for path in (app / "out").rglob("*.yaml")}
        (app / "jobset.yaml").write_bytes(BROKEN.read_bytes())
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 1
        assert {path: path.read_bytes() for path in (app / "out").rglob("*.yaml")} == before

    def test_a_file_in_the_place_of_the_folder(self, cli, app):
        (app / "out").write_text("")
        run = cli("build", "-o", "out", "jobset.yaml", folder=app)
        assert run.status == 3
        assert run.err.splitlines()[-1] == "jobsetgen: cannot write out: Not a directory; out is unchanged"
        assert "Usage:" not in run.err

    def test_the_kustomization_builds_to_the_same(self, cli, app):
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            pytest.skip("kubectl is not on this machine")
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        done = subprocess.run([kubectl, "kustomize", "out"], cwd=app, capture_output=True, text=True, check=True)
        built = load("kustomize", done.stdout.encode()).documents
        ours = load("build", cli("build", "jobset.yaml", folder=app).out.encode()).documents
        assert sorted(map(identity, built)) == sorted(map(identity, ours))


class TestPreview:
    FLAGS = ("--jobs", "watcher", "jobset.yaml")
    LEAD = "# Preview: the restart-watcher creates this Job. Do not apply it.\n"

    def test_the_output_has_the_jobs_only_on_request(self, cli, app):
        assert cli("build", *self.FLAGS, folder=app).out.count("\nkind: Job\n") == 1
        out = cli("build", "--preview", *self.FLAGS, folder=app).out
        assert out.count("\nkind: Job\n") == 5
        assert out.count(f"---\n{self.LEAD}") == 4

    def test_where_the_jobs_are_in_the_output_it_changes_nothing(self, cli, app):
        plain = cli("build", "jobset.yaml", folder=app).out
        assert cli("build", "--preview", "jobset.yaml", folder=app).out == plain

    def test_a_folder_has_them_where_the_kustomization_does_not_look(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        preview = app / "out" / "multislice" / "preview"
        assert names(preview) == [f"job.multislice-workers-{index}.yaml.preview" for index in range(4)]
        assert (preview / "job.multislice-workers-0.yaml.preview").read_text().startswith(HEADER + self.LEAD)
        assert "preview" not in (app / "out" / "kustomization.yaml").read_text()

    def test_check_looks_at_them(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        assert cli("check", "-o", "out", *self.FLAGS, folder=app).status == 0
        (app / "out" / "multislice" / "preview" / "job.multislice-workers-3.yaml.preview").unlink()
        assert cli("check", "-o", "out", *self.FLAGS, folder=app).status == 1

    @pytest.mark.parametrize(
        "arguments", [["build", "--preview"], ["build", "-o", "out"], ["check", "-o", "out"]], ids=" ".join
    )
    def test_they_count_where_they_are_written(self, cli, app, arguments):
        (app / "jobset.yaml").write_text(MULTISLICE.read_text().replace("replicas: 4", "replicas: 500"))
        size = len(cli("build", *self.FLAGS, folder=app).out) + 10_000
        flags = [*self.FLAGS, "--max-bytes", str(size)]
        assert cli("build", *flags, folder=app).status == 0
        run = cli(*arguments, *flags, folder=app)
        assert run.status == 1
        assert run.err.count("error[JSG436]: the output may have") == 1
        assert not (app / "out").exists()

    def test_a_second_run_rewrites_nothing(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        before = {path: path.stat().st_mtime_ns for path in app.rglob("*")}
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        assert {path: path.stat().st_mtime_ns for path in app.rglob("*")} == before

    def test_stale_previews_are_removed(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        (app / "jobset.yaml").write_text(MULTISLICE.read_text().replace("replicas: 4", "replicas: 1"))
        run = cli("check", "-o", "out", *self.FLAGS, folder=app)
        assert run.out.count("job.multislice-workers-3.yaml.preview\n+++ /dev/null\n") == 1
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        assert names(app / "out" / "multislice" / "preview") == ["job.multislice-workers-0.yaml.preview"]

    def test_previews_that_an_earlier_release_named_as_manifests_are_removed(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        preview = app / "out" / "multislice" / "preview"
        current = names(preview)
        for name in current:
            (preview / name).rename(preview / name.removesuffix(".preview"))
        run = cli("check", "-o", "out", *self.FLAGS, folder=app)
        assert run.status == 1
        for name in current:
            assert f"--- a/out/multislice/preview/{name.removesuffix('.preview')}\n+++ /dev/null\n" in run.out
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        assert names(preview) == current
        assert cli("check", "-o", "out", *self.FLAGS, folder=app).status == 0

    def test_previews_of_sets_with_the_same_name_are_numbered(self, cli, app):
        text = MULTISLICE.read_text()
        for namespace in ("a", "b"):
            named = text.replace("name: multislice\n", f"name: multislice\n  namespace: {namespace}\n", 1)
            (app / f"{namespace}.yaml").write_text(named)
        assert cli("build", "-o", "out", "--jobs", "watcher", "a.yaml", "b.yaml", folder=app).status == 0
        found = names(app / "out" / "multislice" / "preview")
        assert found[:2] == ["job.multislice-workers-0.2.yaml.preview", "job.multislice-workers-0.yaml.preview"]
        assert len(found) == 8

    @pytest.mark.parametrize("command", ["build out/multislice", "build out/multislice/*.yaml"])
    def test_building_the_output_again_skips_previews(self, cli, app, command):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        again = subprocess.run(
            f"'{PROGRAM}' {command}", shell=True, cwd=app, capture_output=True, text=True, check=True
        )
        listed = load("again", again.stdout.encode()).documents
        printed = load("build", cli("build", *self.FLAGS, folder=app).out.encode()).documents
        assert sorted(map(identity, listed)) == sorted(map(identity, printed))

    def test_kubectl_reads_the_folder_recursively_without_previews(self, cli, app):
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            pytest.skip("kubectl is not on this machine")
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        # As `kubectl apply -R -f` finds files, but without a server.
        command = [kubectl, "patch", "--local", "-R", "-f", "out/multislice", "--type=merge", "-p", "{}", "-o", "name"]
        read = subprocess.run(command, cwd=app, capture_output=True, text=True, check=True).stdout.splitlines()
        printed = load("build", cli("build", *self.FLAGS, folder=app).out.encode()).documents
        assert sorted(name.rpartition("/")[2] for name in read) == sorted(identity(each)[1] for each in printed)
        assert sum(name.startswith("job") for name in read) == 1

    def test_they_go_when_git_owns_the_jobs_again(self, cli, app):
        assert cli("build", "-o", "out", *self.FLAGS, folder=app).status == 0
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert not (app / "out" / "multislice" / "preview").exists()

    def test_a_link_in_the_place_of_their_folder_is_not_followed(self, cli, app, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (app / "out" / "multislice").mkdir(parents=True)
        os.symlink(tmp_path / "elsewhere", app / "out" / "multislice" / "preview")
        run = cli("build", "-o", "out", *self.FLAGS, folder=app)
        assert run.status == 2
        assert "out/multislice/preview is a symbolic link" in run.err
        assert list((tmp_path / "elsewhere").iterdir()) == []


class TestWatcher:
    @pytest.mark.parametrize(
        ("flags", "message"),
        [
            (["--watcher-label", "team"], "'team' is not of the form key=value"),
            (["--watcher-node-selector", "=a"], "'=a' is not of the form key=value"),
            (["--watcher-toleration", "=a"], "'=a' is not of the form key[=value][:effect]"),
        ],
    )
    def test_an_option_of_another_form_is_wrong_usage(self, cli, app, flags, message):
        run = cli("build", *flags, folder=app)
        assert (run.status, run.out) == (2, "")
        assert message in run.err

    @pytest.mark.parametrize(
        ("flags", "message"),
        [
            (
                ["--update-policy", "OnRestart"],
                "error[JSG706]: updatePolicy OnRestart requires jobs: watcher; a GitOps tool applies changes at once",
            ),
            (["--watcher-image", "a b"], "error[JSG705]: invalid image 'a b'"),
            (["--watcher-memory", "64MB"], "error[JSG705]: invalid quantity '64MB'"),
            (
                ["--watcher-toleration", "a:Never"],
                'error[JSG103]: watcher.tolerations[0].effect is "Never", but must be one of'
                " NoExecute, NoSchedule, PreferNoSchedule",
            ),
            (
                ["--watcher-service-account", "A B"],
                "error[JSG705]: invalid serviceAccountName 'A B':"
                " must consist of lower-case letters, digits, dashes and dots",
            ),
            (
                ["--watcher-label", "jobset.sigs.k8s.io/jobset-name=a"],
                "error[JSG705]: labels cannot have jobset.sigs.k8s.io/jobset-name, which is reserved for jobsetgen",
            ),
        ],
    )
    def test_a_value_that_cannot_be_is_reported_as_in_a_project_with_the_flag_as_its_place(
        self, cli, app, flags, message
    ):
        run = cli("build", *flags, folder=app)
        assert (run.status, run.out) == (1, "")
        assert [line for line in run.err.splitlines() if "error" in line] == [f"{flags[0]}:1:1: {message}"]

    @pytest.mark.parametrize("name", ["--watcher-annotation", "--watcher-image", "--run-id"])
    def test_a_value_that_is_no_text_is_wrong_usage(self, app, name):
        done = process("build", name, os.fsdecode(b"a=\xff"), folder=app)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().endswith(f"Error: the value of {name} is not UTF-8\n")

    def test_a_mistake_in_the_project_and_one_in_a_flag_are_two(self, cli, app):
        head = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
        (app / "jobsetgen.yaml").write_text(f"{head}watcher: {{image: a b}}\nupdatePolicy: OnRestart\n")
        run = cli("build", "--watcher-image", "c d", "--update-policy", "OnRestart", folder=app)
        assert run.status == 1
        assert [line.partition(": error")[0] for line in run.err.splitlines() if "error" in line] == [
            "--update-policy:1:1",
            "--watcher-image:1:1",
            "jobsetgen.yaml:3:18",
        ]

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("dedicated", ["- key: dedicated", "operator: Exists"]),
            ("dedicated=a", ["- key: dedicated", "operator: Equal", "value: a"]),
            ("dedicated:NoExecute", ["- key: dedicated", "operator: Exists", "effect: NoExecute"]),
            ("a.b/c=d:NoSchedule", ["- key: a.b/c", "operator: Equal", "value: d", "effect: NoSchedule"]),
        ],
    )
    def test_a_toleration(self, cli, app, written, expected):
        out = cli("build", "--watcher-toleration", written, folder=app).out
        lines = [line.strip() for line in out.splitlines()]
        at = lines.index("tolerations:") + 1
        assert lines[at : at + len(expected)] == expected
        assert lines[at + len(expected)] == "- key: node.kubernetes.io/not-ready"

    def test_flags_are_laid_over_the_project(self, cli, app):
        project = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nwatcher: {}\n"
        text = "{image: a, labels: {a: '1', b: '1'}, imagePullSecrets: [one]}"
        (app / "jobsetgen.yaml").write_text(project.replace("{}", text))
        flags = ("--watcher-image", "b", "--watcher-label", "b=2", "--watcher-image-pull-secret", "two")
        out = cli("build", *flags, folder=app).out
        assert "        image: b\n" in out
        assert '    a: "1"\n    b: "2"\n' in out
        assert "      imagePullSecrets:\n      - name: one\n      - name: two\n" in out

    def test_its_log_level(self, cli, app):
        plain = cli("build", folder=app).out
        loud = cli("build", "--watcher-log-level", "debug", folder=app).out
        assert "        - --log-level\n" not in plain
        assert "        - --log-level\n        - debug\n" in loud
        project = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nwatcher: {logLevel: debug}\n"
        (app / "jobsetgen.yaml").write_text(project)
        assert cli("build", folder=app).out == loud
        assert cli("build", "--watcher-log-level", "info", folder=app).out == plain

    def test_a_project_that_waits_for_restarts_needs_a_flag_to_be_right(self, cli, app):
        project = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nupdatePolicy: OnRestart\n"
        (app / "jobsetgen.yaml").write_text(project)
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "jobsetgen.yaml:3:15: error[JSG706]: updatePolicy OnRestart requires jobs: watcher" in run.err
        assert cli("build", "--jobs", "watcher", folder=app).status == 0


class TestPriorityClass:
    """An exclusive set whose pods name a class, of which the compile must know the value."""

    SET = (FIXTURES / "valid" / "priority-classes" / "jobset.yaml").read_text()
    HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: research\n"

    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "jobset.yaml").write_text(self.SET)
        (tmp_path / "jobsetgen.yaml").write_text(f"{self.HEAD}priorityClasses: {{research-high: 5, research-low: 3}}\n")
        return tmp_path

    def priorities(self, cli, folder, *flags):
        run = cli("build", *flags, folder=folder)
        assert run.status == 0, run.err
        return re.findall(r'^        jobset.sigs.k8s.io/priority: "(\d+)"$', run.out, re.M)

    def test_a_flag_wins_over_the_project_entry_by_entry(self, cli, folder):
        flags = ("--priority-class", "research-high=6", "--priority-class", "research-new=8")
        assert self.priorities(cli, folder)[0] == "5"
        assert self.priorities(cli, folder, *flags)[0] == "6"
        for name, value in (("research-low", "3"), ("research-new", "8")):
            (folder / "jobset.yaml").write_text(self.SET.replace("research-high", name))
            assert self.priorities(cli, folder, *flags)[0] == value

    def test_it_needs_no_project(self, cli, folder):
        (folder / "jobsetgen.yaml").unlink()
        assert cli("build", "-n", "research", folder=folder).status == 1
        assert self.priorities(cli, folder, "-n", "research", "--priority-class", "research-high=6")[0] == "6"

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ("high", "error[JSG102]: priorityClasses.research-high is a string, but must be an integer"),
            ("1.5", "error[JSG102]: priorityClasses.research-high is a string, but must be an integer"),
            (
                "2147483648",
                "error[JSG106]: priorityClasses.research-high is 2147483648, which is out of range for int32",
            ),
        ],
    )
    def test_a_value_that_cannot_be_is_the_only_error(self, cli, folder, value, said):
        (folder / "jobsetgen.yaml").unlink()
        run = cli("build", "-n", "research", "--priority-class", f"research-high={value}", folder=folder)
        assert (run.status, run.out) == (1, "")
        assert run.err == f"--priority-class:1:1: {said}\n"

    def test_another_form_is_wrong_usage(self, cli, folder):
        run = cli("build", "--priority-class", "high", folder=folder)
        assert run.status == 2
        assert "'high' is not of the form key=value" in run.err


class TestCheck:
    def test_missing_output_is_a_difference(self, cli, app):
        run = cli("check", "-o", "out", "jobset.yaml", folder=app)
        assert run.status == 1
        assert "--- /dev/null\n+++ b/out/kustomization.yaml\n" in run.out

    def test_stale_files_are_a_difference(self, cli, app):
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        (app / "out" / "job.old.yaml").write_text(HEADER)
        run = cli("check", "-o", "out", "jobset.yaml", folder=app)
        assert run.status == 1
        assert "--- a/out/job.old.yaml\n+++ /dev/null\n" in run.out

    def test_against_a_file(self, cli, app):
        (app / "out.yaml").write_text(cli("build", "jobset.yaml", folder=app).out)
        assert cli("check", "--against", "out.yaml", "jobset.yaml", folder=app).status == 0
        (app / "out.yaml").write_text((app / "out.yaml").read_text().removesuffix("\n"))
        run = cli("check", "--against", "out.yaml", "jobset.yaml", folder=app)
        assert run.status == 1
        assert "\\ No newline at end of file" in run.out

    def test_against_what_cannot_be_read(self, cli, app):
        assert cli("check", "--against", ".", "jobset.yaml", folder=app).status == 2


class TestInputs:
    def test_a_folder_is_read_by_name_without_what_is_no_manifest(self, cli, app):
        (app / "a.yml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")
        (app / ".hidden.yaml").write_text("not: a manifest\n")
        (app / "kustomization.yaml").write_text("resources: [jobset.yaml]\n")
        (app / "notes.txt").write_text("kind: Note")
        out = cli("build", folder=app).out
        assert out.startswith("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n")
        assert [line for line in out.splitlines() if line.startswith("kind: ")].count("kind: ConfigMap") == 1 + 3

    def test_a_dash_after_the_end_of_options_is_standard_input(self, cli, app):
        expected = cli("build", "jobset.yaml", folder=app)
        run = cli("build", "--", "-", folder=app, stdin=MULTISLICE.read_text())
        assert (run.status, run.out) == (0, expected.out)

    def test_a_path_may_begin_with_a_dash(self, cli, app):
        expected = cli("build", "--gitops", "argocd", "jobset.yaml", folder=app)
        (app / "--strict").mkdir()
        (app / "jobset.yaml").rename(app / "--strict" / "-.yaml")
        for path in ("--strict", "--strict/-.yaml"):
            run = cli("build", "--gitops", "argocd", "--", path, folder=app)
            assert (run.status, run.out) == (0, expected.out)
            assert run.err.startswith("--strict/-.yaml:")

    def test_several_paths_in_their_order(self, cli, app):
        (app / "z.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: z\n")
        assert cli("build", "z.yaml", "jobset.yaml", folder=app).out.index("name: z") < 60

    def test_standard_input(self, cli, app):
        out = cli("build", "-", folder=app, stdin=MULTISLICE.read_text()).out
        assert out == cli("build", "jobset.yaml", folder=app).out

    def test_the_project_file_itself_is_a_path(self, cli):
        case = FIXTURES / "valid" / "project"
        assert cli("build", "jobsetgen.yaml", folder=case).out == cli("build", ".", folder=case).out

    def test_two_projects_are_wrong_usage(self, cli):
        run = cli("build", "valid/project", "valid/domains", folder=FIXTURES)
        assert run.status == 2
        assert "only one project" in run.err

    def test_a_resource_behind_a_link_that_leads_out_is_refused(self, cli, app, tmp_path):
        (tmp_path / "secret.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: secret}\n")
        os.symlink(tmp_path / "secret.yaml", app / "link.yaml")
        project = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nresources: [link.yaml]\n"
        (app / "jobsetgen.yaml").write_text(project)
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "jobsetgen.yaml:3:13: error[JSG702]: link.yaml is outside the root of the project" in run.err


class TestProjectDiagnostics:
    IMAGES = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: a\nimages: [{name: b, newTag: '2'}]"

    def said(self, cli, app, project):
        (app / "jobsetgen.yaml").write_text(project)
        return [line for line in cli("build", folder=app).err.splitlines() if line.startswith("jobsetgen.yaml")]

    def test_strict_makes_its_warnings_errors(self, cli, app):
        assert self.said(cli, app, f"{self.IMAGES}\nstrict: true\n") == [
            "jobsetgen.yaml:4:17: error[JSG704]: no container of a JobSet uses the image b"
        ]

    def test_a_comment_silences_its_warnings(self, cli, app):
        assert self.said(cli, app, f"{self.IMAGES} # jobsetgen: ignore[JSG704] used from tomorrow on\n") == []


class TestOneForAnother:
    """Objects of the input that JobSets use, or that become the same."""

    SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: multislice}\nspec: {clusterIP: None, selector: {jobset.sigs.k8s.io/jobset-name: multislice}}\n"

    def test_a_service_that_is_used_goes_where_the_jobs_go(self, cli, app):
        (app / "service.yaml").write_text(self.SERVICE)
        out = cli("build", "-n", "training", folder=app).out
        assert out.count("kind: Service\n") == 1
        assert "  name: multislice\n  namespace: training\nspec:\n  clusterIP: None\n" in out

    def test_two_generated_names_that_are_one_are_an_error(self, cli, tmp_path):
        text = (FIXTURES / "valid" / "generate-name" / "jobset.yaml").read_text()
        (tmp_path / "a.yaml").write_text(text)
        (tmp_path / "b.yaml").write_text(
            text.replace("backoffLimit: 0", "backoffLimit: 5").replace(
                "spec:\n", "spec:\n  network: {enableDNSHostnames: true}\n", 1
            )
        )
        run = cli("build", folder=tmp_path)
        assert (run.status, run.out) == (1, "")
        assert "b.yaml" in run.err
        assert "error[JSG401]" in run.err

    def test_a_priority_below_zero_is_no_label(self, cli, app):
        text = (FIXTURES / "valid" / "minimal" / "jobset.yaml").read_text()
        run = cli("build", "--default-priority", "-1", "-", stdin=text)
        assert run.status == 0
        assert "jobset.sigs.k8s.io/priority" not in run.out
        assert "notice[JSG603]: no label can hold the negative priority -1" in run.err
        run = cli("build", "--default-priority", "-1", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "error[JSG413]" in run.err

    def test_a_projects_replicas_of_one_of_two_namesakes(self, cli, tmp_path):
        text = (FIXTURES / "valid" / "minimal" / "jobset.yaml").read_text()
        one, two = (text.replace("metadata:\n", f"metadata:\n  namespace: {name}\n", 1) for name in "ab")
        two = two.replace("- name: ", "- name: x")
        (tmp_path / "all.yaml").write_text(f"{one}---\n{two}")
        name = next(line.split()[-1] for line in text.splitlines() if "- name:" in line)
        jobset = next(line.split()[-1] for line in text.splitlines() if line.startswith("  name:"))
        entry = f"replicas: [{{jobSet: {jobset}, replicatedJob: {name}, replicas: 3}}]\n"
        (tmp_path / "jobsetgen.yaml").write_text(f"apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n{entry}")
        assert cli("build", folder=tmp_path).status == 0

    def test_a_file_of_a_project_is_validated_as_its_project(self, cli, app):
        (app / "jobsetgen.yaml").write_text("apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: a\n")
        argocd = ("--gitops", "argocd")
        assert "JSG410" in cli("validate", "jobset.yaml", *argocd, folder=app).err
        each = cli("validate", "--each", "jobset.yaml", *argocd, folder=app)
        assert each.err.startswith("jobsetgen: no problems in ")


class TestNamespace:
    PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: of-project\n"

    def namespaces(self, out):
        return {line.strip() for line in out.splitlines() if line.startswith("  namespace:")}

    def test_the_projects_comes_last(self, cli, app):
        (app / "jobsetgen.yaml").write_text(self.PROJECT)
        assert self.namespaces(cli("build", folder=app).out) == {"namespace: of-project"}

    def test_that_of_the_application_before_it(self, cli, app, monkeypatch):
        (app / "jobsetgen.yaml").write_text(self.PROJECT)
        done = process("build", folder=app, ARGOCD_APP_NAMESPACE="of-application")
        assert self.namespaces(done.stdout.decode()) == {"namespace: of-application"}

    def test_the_flag_before_both(self, app):
        (app / "jobsetgen.yaml").write_text(self.PROJECT)
        done = process("build", "-n", "of-flag", folder=app, ARGOCD_APP_NAMESPACE="of-application")
        assert self.namespaces(done.stdout.decode()) == {"namespace: of-flag"}

    def test_the_sets_own_before_all(self, cli, app):
        text = MULTISLICE.read_text().replace("  name: multislice\n", "  name: multislice\n  namespace: of-set\n", 1)
        assert self.namespaces(cli("build", "-n", "of-flag", "-", stdin=text).out) == {"namespace: of-set"}

    def test_none_is_an_error_for_an_exclusive_set_in_the_plugin(self, app):
        done = process("build", folder=app, ARGOCD_APP_NAMESPACE="")
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"error[JSG411]" in done.stderr


class TestFormats:
    def test_json(self, cli, app):
        shown = json.loads(cli("validate", "--gitops", "argocd", "--format", "json", folder=app).out)
        assert shown["version"] == 1
        assert {item["code"] for item in shown["diagnostics"]} == {"JSG410"}

    def test_sarif(self, cli):
        run = cli("validate", "--format", "sarif", str(BROKEN))
        (result,) = json.loads(run.out)["runs"][0]["results"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert result["ruleId"] == "JSG101"
        assert region == {"startLine": 8, "startColumn": 5, "endLine": 8, "endColumn": 12}

    def test_github_escapes_what_its_commands_are_made_of(self, cli, tmp_path):
        (tmp_path / "a,b:c%.yaml").write_bytes(BROKEN.read_bytes())
        run = cli("validate", "--format", "github", folder=tmp_path)
        assert run.out.startswith("::error file=a%2Cb%3Ac%25.yaml,line=8,col=5,title=JSG101::unknown field 'replica'")
        assert "%0ADid you mean" in run.out

    def test_text_goes_to_standard_error(self, cli, app):
        run = cli("validate", "--gitops", "argocd", folder=app)
        assert (run.status, run.out) == (0, "")
        assert "warning[JSG410]" in run.err


class TestSchema:
    def test_it_accepts_every_valid_fixture(self, cli):
        import jsonschema

        from jobsetgen.kubernetes.leftovers import without_leftovers
        from jobsetgen.model.unit import is_jobset
        from jobsetgen.plain import without_nulls

        schema = json.loads(cli("schema").out)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for case in VALID:
            for path in case.glob("*.y*ml"):
                for document in load(path.name, path.read_bytes()).documents:
                    if is_jobset(document.data):
                        validator.validate(without_leftovers(without_nulls(document.data)))


class TestTexts:
    @pytest.mark.parametrize(
        "words",
        [
            ["init", "jax", "--image"],
            ["init", "jax", "--topology"],
            ["init", "driver-worker", "--image"],
            ["domains", "--nodes", "-", "--key"],
        ],
    )
    def test_bytes_that_are_not_utf8_are_wrong_usage(self, cli, words):
        run = cli(*words, "\udc80")
        assert (run.status, run.out) == (2, "")
        assert "the value is not UTF-8" in run.err

    @pytest.mark.parametrize(("path", "reason"), [("", "No such file"), ("jobset.yaml/", "Not a directory")])
    def test_a_path_is_read_as_it_is_written(self, cli, path, reason):
        run = cli("build", path, folder=FIXTURES / "valid" / "multislice")
        assert (run.status, run.out) == (2, "")
        assert f"cannot read {path}: {reason}" in run.err

    def test_an_output_with_too_long_a_name_is_named(self, cli):
        run = cli("build", "-o", "x" * 300, "jobset.yaml", folder=FIXTURES / "valid" / "minimal")
        assert (run.status, run.out) == (3, "")
        assert run.err.startswith("jobsetgen: cannot write xxx")


class TestDomains:
    @pytest.mark.parametrize("metadata", ["[1]", '{"labels": [1]}', '{"labels": {"k": 1}}'])
    def test_a_node_of_another_shape_has_no_domain(self, cli, metadata):
        run = cli("domains", "--nodes", "-", "--key", "k", stdin=f'{{"kind": "Node", "metadata": {metadata}}}')
        assert (run.status, run.out) == (1, "")

    def test_numbers_of_any_length(self, cli):
        nodes = [{"kind": "Node", "metadata": {"labels": {"k": name}}} for name in ("9" * 5000, "10", "9")]
        run = cli("domains", "--nodes", "-", "--key", "k", stdin=json.dumps(nodes))
        assert [line[6:9] for line in run.out.splitlines() if line.startswith("    - ")] == ['"9"', '"10', '"99']

    def test_a_list_without_an_end_to_its_depth(self, cli):
        assert cli("domains", "--nodes", "-", "--key", "k", stdin="[" * 100_000).status == 1

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{", "stdin:1:2: invalid JSON"),
            ('{"items": 3}', "stdin:1:1: not a list of nodes"),
            ('{"items": [{"kind": "Pod"}]}', "stdin:1:1: not a list of nodes"),
            ('{"items": [{"kind": "Node"}]}', "no node in stdin has the label rack"),
        ],
    )
    def test_what_is_no_node_list(self, cli, text, message):
        run = cli("domains", "--nodes", "-", "--key", "rack", stdin=text)
        assert (run.status, run.out) == (1, "")
        assert message in run.err

    def test_a_file_that_is_not_there(self, cli, tmp_path):
        assert cli("domains", "--nodes", "gone.json", "--key", "rack", folder=tmp_path).status == 2


class TestInit:
    def test_values_are_written_safely(self, cli):
        spec = cli("init", "jax", "--image", "a: b # c", "--slices", "1").out
        assert 'image: "a: b # c"' in spec

    def test_a_name_that_is_none(self, cli):
        assert cli("init", "driver-worker", "--name", "A B").status == 2
        assert cli("init", "jax", "--slices", str(2**31)).status == 2

    @pytest.mark.parametrize(
        ("options", "topology"),
        [
            ([], "2x4"),
            (["--hosts", "16"], "8x8"),
            (["--hosts", "1", "--chips", "8"], "2x4"),
            (["--hosts", "4", "--topology", "4x4"], "4x4"),
            (["--accelerator", "tpu-v5p-slice", "--hosts", "16"], "4x4x4"),
            (["--accelerator", "tpu-v5p-slice", "--hosts", "48", "--topology", "4x4x12"], "4x4x12"),
            (["--accelerator", "tpu-v9-slice", "--topology", "2x2x2x2"], "2x2x2x2"),
        ],
    )
    def test_the_topology_has_the_chips_of_the_hosts(self, cli, options, topology):
        spec = cli("init", "jax", *options).out
        assert f"gke-tpu-topology: {topology}\n" in spec
        assert "JSG524" not in cli("validate", "--namespace", "training", "-", stdin=spec).err

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                ["--hosts", "4", "--topology", "2x4"],
                "16 chips (4 hosts of 4) on the topology 2x4, which has 8 chips; did you mean 4x4?",
            ),
            (
                ["--accelerator", "tpu-v5p-slice", "--topology", "2x4"],
                "the topology 2x4 does not have the 3 dimensions of tpu-v5p-slice; did you mean 2x2x2?",
            ),
            (["--topology", "eight"], "'eight' is not a topology such as 2x4; did you mean 2x4?"),
            (
                ["--hosts", "3"],
                "no topology of tpu-v5-lite-podslice with 12 chips (3 hosts of 4) is known; pass --topology",
            ),
            (
                ["--accelerator", "tpu-v9-slice"],
                "no topology of tpu-v9-slice with 8 chips (2 hosts of 4) is known; pass --topology",
            ),
        ],
    )
    def test_a_topology_that_does_not_fit_or_is_not_known(self, cli, options, message):
        run = cli("init", "jax", *options)
        assert (run.status, run.out) == (2, "")
        assert message in run.err


@pytest.mark.parametrize(
    ("command", "status"),
    [("krm <&-", 1), ("build - <&-", 1), ("build . >&-", 3), ("build . 2>&-", 0), ("check -o none . <&- >&- 2>&-", 3)],
)
def test_closed_streams_are_no_traceback(app, command, status):
    done = subprocess.run(f"{PROGRAM} {command}", shell=True, cwd=app, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_an_image_of_signs_alone_takes_no_longer_than_it_is_long(tmp_path):
    text = (FIXTURES / "valid" / "minimal" / "jobset.yaml").read_text()
    image = re.search("image: .*", text)[0]
    (tmp_path / "jobset.yaml").write_text(text.replace(image, f'image: "{"@" * 200_000}a\\n"'))
    (tmp_path / "jobsetgen.yaml").write_text(
        "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
        f'images: [{{name: a, newName: "{"a/" * 20_000}:"}}]\n'
    )
    done = subprocess.run([PROGRAM, "validate", "."], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert b"error[JSG710]" in done.stderr
