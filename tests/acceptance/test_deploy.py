"""What stands in deploy/ and in the hook file, run as the tools run it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import ClassVar

import pytest
from ruamel.yaml import YAML

from jobsetgen.source.loader import load
from tests.acceptance.processes import IDENTITY, PROGRAM, make_environment
from tests.acceptance.processes import run_tool as run
from tests.cases import FIXTURES, ROOT, yaml

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"


HOOKS = {hook["id"]: hook for hook in yaml(".pre-commit-hooks.yaml")}


class TestPreCommit:
    def hook(self, name, *files, folder):
        return run([*shlex.split(HOOKS[name]["entry"]), *HOOKS[name]["args"], *files], folder)

    @pytest.mark.parametrize("name", HOOKS)
    def test_its_arguments_end_before_the_names_of_files(self, name):
        assert HOOKS[name]["args"] == ["--"]

    def test_it_looks_at_files_that_are_named_after_jobsets(self):
        pattern = re.compile(HOOKS["jobsetgen-validate"]["files"])
        assert [
            name for name in ("jobset.yaml", "a/train-jobset-1.yml", "b/jobsets.yaml") if pattern.search(name)
        ] != []
        assert not any(map(pattern.search, ["a/jobsetgen.yaml", "deployment.yaml", ".github/workflows/ci.yaml"]))

    @pytest.mark.parametrize("name", ["jobsetgen-build", "jobsetgen-check"])
    def test_it_gets_every_changed_file(self, name):
        filters = {"files", "exclude", "types", "types_or", "exclude_types"}
        assert filters.isdisjoint(HOOKS[name])

    def test_validate_takes_each_file_for_itself(self, app):
        (app / "other").mkdir()
        shutil.copy(MULTISLICE, app / "other")
        assert self.hook("jobsetgen-validate", "jobset.yaml", "other/jobset.yaml", folder=app).returncode == 0

    def test_validate_fails_on_an_error_in_any(self, app):
        shutil.copy(FIXTURES / "invalid" / "unknown-field" / "jobset.yaml", app / "broken-jobset.yaml")
        done = self.hook("jobsetgen-validate", "broken-jobset.yaml", "jobset.yaml", folder=app)
        assert done.returncode == 1
        assert "broken-jobset.yaml:8:5: error[JSG101]" in done.stderr


# Where the tests have no such tool, or may not use it, a script stands in for it, which only writes down how it was
# called: `pip`, as the jobsetgen of these tests is installed already, `flux` and `kubectl`.
_RECORDER = """#!/bin/sh
{ printf '%s' "${0##*/}"; printf '\\t%s' "$@"; echo; } >> "$CALLS"
"""
SOURCE = f"https://git.example.com/tools/jobsetgen@{'0123456789' * 4}"
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\ngitops: flux\n"


class Clone:
    """A git repository, and a PATH on which jobsetgen is real and pip, flux and kubectl are recorders.

    With other `programs`, in front of the machine's, pip is theirs, and so is the jobsetgen that it installs.
    """

    def __init__(self, folder: Path, programs: Path | None = None, **variables: str) -> None:
        self.folder, self._calls, tools = folder / "clone", folder / "calls", folder / "tools"
        self.folder.mkdir()
        tools.mkdir()
        for name in ("flux", "kubectl") if programs else ("pip", "flux", "kubectl"):
            (tools / name).write_text(_RECORDER)
            (tools / name).chmod(0o755)
        self._variables = {
            **IDENTITY,
            **variables,
            "CALLS": str(self._calls),
            "PATH": os.pathsep.join([str(tools), str(programs or PROGRAM.parent), os.environ["PATH"]]),
        }
        self.run("git", "init", "--quiet", "--initial-branch", "main")

    def run(self, *command: str, **variables: str):
        return run([*command], self.folder, **self._variables, **variables)

    def render(self, *options: str) -> None:
        assert self.run("jobsetgen", "build", *options, "-o", "jobset/rendered", "jobset").returncode == 0

    def commit(self) -> str:
        """Commit everything, and return the commit's hash."""
        self.run("git", "add", ".")
        assert self.run("git", "commit", "--quiet", "-m", "A commit").returncode == 0
        return self.run("git", "rev-parse", "HEAD").stdout.strip()

    @property
    def calls(self) -> list[list[str]]:
        """How the recorders were called, in order, each with its name in front."""
        return [line.split("\t") for line in self._calls.read_text().splitlines()] if self._calls.exists() else []

    def write_project(self) -> None:
        """Write a project, and commit it."""
        (self.folder / "jobset").mkdir()
        shutil.copy(MULTISLICE, self.folder / "jobset")
        (self.folder / "jobset" / "jobsetgen.yaml").write_text(PROJECT)
        self.commit()


@pytest.fixture
def clone(tmp_path):
    """A repository with a project and its rendered output, both committed."""
    made = Clone(tmp_path)
    made.write_project()
    made.render()
    made.commit()
    return made


def documents(path: str) -> list:
    """Return the documents of a file as CI reads them: in its YAML, 1.2, `on` is a text."""
    return list(YAML(typ="safe", pure=True).load_all((ROOT / path).read_text()))


def defaults(inputs: dict) -> dict[str, str]:
    """Return the values of a CI file's inputs where a caller gives only what has to be given."""
    return {**{name: str(each.get("default", "")) for name, each in inputs.items()}, "jobsetgen": SOURCE}


class GitHub:
    """The reusable workflow, run as a runner runs it: each command in a bash of its own, until one fails."""

    workflow = documents("deploy/ci/github-actions.yaml")[0]
    inputs = workflow["on"]["workflow_call"]["inputs"]
    check, push = "check", "push"
    error = "::error file=jobset/jobset.yaml,line=8,col=5,title=JSG101::unknown field 'replica'"
    # Asked for by its name, bash is run with these.
    shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
    about: ClassVar = {
        "GITHUB_ACTOR": "somebody",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "example/training",
        "GITHUB_SERVER_URL": "https://git.example.com",
    }
    source, credentials = "https://git.example.com/example/training", "somebody:a-token"

    @classmethod
    def filled(cls, text: str, given: dict[str, str]) -> str:
        """Return a text with the values of its expressions; only inputs and the token are known here."""
        known = {"github.token": "a-token", **{f"inputs.{name}": value for name, value in given.items()}}
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], text)

    @classmethod
    def run(cls, clone: Clone, job: str, **inputs: str) -> tuple[int, str]:
        """Run a job of the workflow. Return the status of its last command, and all output."""
        given = {**defaults(cls.inputs), **inputs}
        commit = clone.run("git", "rev-parse", "HEAD").stdout.strip()
        about = {**cls.about, "GITHUB_SHA": commit, "GITHUB_STEP_SUMMARY": str(clone.folder.parent / "summary")}
        status, output = 0, ""
        for step in cls.workflow["jobs"][job]["steps"]:
            if "run" in step and status == 0:
                texts = {**cls.workflow["env"], **step.get("env", {})}
                variables = {name: cls.filled(text, given) for name, text in texts.items()}
                done = clone.run(*cls.shell, step["run"], **about, **variables)
                status, output = done.returncode, output + done.stdout + done.stderr
        return status, output

    @classmethod
    def explained(cls, clone: Clone, output: str) -> str:
        return (clone.folder.parent / "summary").read_text()


class GitLab:
    """The included jobs, run as a runner runs them: the commands of one in one shell, until one fails."""

    spec, workflow = documents("deploy/ci/gitlab.yaml")
    inputs = spec["spec"]["inputs"]
    check, push = "jobsets", "jobsets-push"
    error = "jobset/jobset.yaml:8:5: error[JSG101]: unknown field 'replica'"
    shell = ("sh", "-ec")
    about: ClassVar = {
        "CI_COMMIT_BRANCH": "main",
        "CI_PROJECT_URL": "https://git.example.com/example/training",
        "CI_REGISTRY_USER": "somebody",
        "CI_REGISTRY_PASSWORD": "a-token",
    }
    source, credentials = "https://git.example.com/example/training", "somebody:a-token"

    @classmethod
    def run(cls, clone: Clone, job: str, **inputs: str) -> tuple[int, str]:
        """Run a job. Return its status, and all output."""
        given = {**defaults(cls.inputs), **inputs}
        texts = cls.workflow[cls.workflow[job]["extends"]]["variables"]
        variables = {
            name: re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: given[found[1]], text)
            for name, text in texts.items()
        }
        commit = clone.run("git", "rev-parse", "HEAD").stdout.strip()
        script = "\n".join(cls.workflow[job]["script"])
        done = clone.run(*cls.shell, script, **cls.about, **variables, CI_COMMIT_SHA=commit)
        return done.returncode, done.stdout + done.stderr

    @classmethod
    def explained(cls, clone: Clone, output: str) -> str:
        return output


@pytest.mark.parametrize("ci", [GitHub, GitLab])
class TestCI:
    def test_it_passes_when_the_committed_output_is_current(self, ci, clone):
        status, output = ci.run(clone, ci.check)
        assert status == 0, output
        assert clone.calls == [["pip", "install", f"jobsetgen @ git+{SOURCE}"]]
        assert clone.run("git", "status", "--porcelain").stdout == ""

    def test_it_installs_from_the_repository_at_a_commit(self, ci, kept, tmp_path):
        programs = tmp_path / "venv" / "bin"
        make_environment(programs.parent)
        clone = Clone(tmp_path, programs, **kept.environment)
        clone.write_project()
        status, output = ci.run(clone, ci.check, jobsetgen=f"{kept.url}@{kept.commit}")
        assert status == 1
        assert "+++ b/jobset/rendered/kustomization.yaml\n" in output  # as what was installed says
        installed = clone.run("pip", "freeze").stdout.splitlines()
        assert f"jobsetgen @ git+{kept.url}@{kept.commit}" in installed

    def test_it_tells_what_will_run(self, ci, clone):
        _, output = ci.run(clone, ci.check)
        assert "JobSet multislice in namespace training: 4 slices, 8 hosts, 32 chips" in ci.explained(clone, output)

    def test_it_fails_with_the_diff_when_the_output_is_stale(self, ci, clone):
        jobset = clone.folder / "jobset" / "jobset.yaml"
        jobset.write_text(jobset.read_text().replace("python:3.8", "python:3.9"))
        clone.commit()
        status, output = ci.run(clone, ci.check)
        assert status == 1
        assert "-        image: python:3.8\n+        image: python:3.9\n" in output
        assert "+++ b/jobset/rendered/multislice/job.multislice-workers-0.yaml\n" in output
        assert clone.run("git", "status", "--porcelain").stdout == ""

    def test_so_it_does_when_nothing_was_rendered(self, ci, clone):
        shutil.rmtree(clone.folder / "jobset" / "rendered")
        clone.commit()
        status, output = ci.run(clone, ci.check)
        assert status == 1
        assert "+++ b/jobset/rendered/kustomization.yaml\n" in output

    def test_it_fails_on_the_line_of_an_error(self, ci, clone):
        shutil.copy(FIXTURES / "invalid" / "unknown-field" / "jobset.yaml", clone.folder / "jobset")
        clone.commit()
        status, output = ci.run(clone, ci.check)
        assert status == 1
        assert ci.error in output
        assert output.count("unknown field") == 1  # no command was run after the one that failed

    def test_the_profile_is_the_one_that_was_asked_for(self, ci, clone):
        assert ci.run(clone, ci.check, gitops="flux")[0] == 0
        assert ci.run(clone, ci.check, gitops="argocd")[0] == 1
        clone.render("--gitops", "argocd")
        clone.commit()
        assert ci.run(clone, ci.check, gitops="argocd")[0] == 0

    @pytest.mark.parametrize("text", ["$(touch owned) `touch owned`", "'; touch owned; '\"; touch owned; \""])
    def test_no_input_is_taken_for_a_command(self, ci, clone, text):
        given = {name: f"-{name} {text}" for name in ("path", "output", "jobsetgen", "repository")}
        (clone.folder / "jobset" / "rendered").rename(clone.folder / given["output"])
        (clone.folder / "jobset").rename(clone.folder / given["path"])
        clone.commit()
        assert [ci.run(clone, job, **given)[0] for job in (ci.check, ci.push)] == [0, 0]
        assert clone.calls[0] == ["pip", "install", f"jobsetgen @ git+{given['jobsetgen']}"]
        assert f"--path={given['output']}" in clone.calls[1]
        assert ci.run(clone, ci.check, **given, gitops=text)[0] == 2
        assert not list(clone.folder.parent.rglob("owned"))

    def test_it_pushes_the_folder_with_where_it_comes_from(self, ci, clone):
        status, output = ci.run(clone, ci.push, repository="registry.example.com/training")
        assert status == 0, output
        commit = clone.run("git", "rev-parse", "HEAD").stdout.strip()
        artifact = f"oci://registry.example.com/training:{commit}"
        push, tag = clone.calls
        assert push[:4] == ["flux", "push", "artifact", artifact]
        assert sorted(push[4:]) == [
            f"--creds={ci.credentials}",
            "--path=jobset/rendered",
            "--reproducible",
            f"--revision=main@sha1:{commit}",
            f"--source={ci.source}",
        ]
        assert tag == ["flux", "tag", "artifact", artifact, "--tag=latest", f"--creds={ci.credentials}"]

    def test_every_input_has_a_type_and_is_used(self, ci):
        assert {name: each["type"] for name, each in ci.inputs.items()} == {
            **dict.fromkeys(["path", "output", "gitops", "jobsetgen", "repository"], "string"),
            "push": "boolean",
        }
        assert [name for name, each in ci.inputs.items() if "default" not in each] == ["jobsetgen"]
        assert all(each["description"] for each in ci.inputs.values())
        assert set(re.findall(r"\binputs\.(\w+)", str(ci.workflow))) == set(ci.inputs)

    def test_nothing_is_put_into_the_text_of_a_command(self, ci):
        found = scripts(ci.workflow)
        programs = re.compile(r"^ *(pip \w+|jobsetgen \w+|flux \w+)", re.M)
        assert [name for text in found for name in programs.findall(text)] == [
            *["pip install", "jobsetgen validate", "jobsetgen explain", "jobsetgen check"],
            *["flux push", "flux tag"],
        ]
        assert not [text for text in found if "${{" in text or "$[[" in text]


def repository_of_caller() -> str:
    """Return where the caller pushes to once its comment is taken up."""
    caller = (ROOT / "deploy" / "ci" / "github-caller.yaml").read_text()
    (repository,) = re.findall(r"# repository: (\S+)", caller)
    return repository


def scripts(data) -> list[str]:
    """Return the text of every command in a CI file."""
    if isinstance(data, list):
        return [text for each in data for text in scripts(each)]
    if not isinstance(data, dict):
        return []
    own = [data[key] for key in ("run", "script") if isinstance(data.get(key), str | list)]
    flat = [text for each in own for text in ([each] if isinstance(each, str) else each)]
    return [*flat, *(text for each in data.values() for text in scripts(each))]


class TestGitHub:
    JOBS = GitHub.workflow["jobs"]
    CALLER = documents("deploy/ci/github-caller.yaml")[0]

    def test_a_job_may_do_what_it_has_to_and_nothing_else(self):
        assert GitHub.workflow["permissions"] == self.CALLER["permissions"] == {}
        assert {name: job["permissions"] for name, job in self.JOBS.items()} == {
            "check": {"contents": "read"},
            "push": {"contents": "read", "packages": "write"},
        }
        checkouts = [step for job in self.JOBS.values() for step in job["steps"] if "checkout" in step.get("uses", "")]
        assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * 2

    def test_the_token_is_there_only_for_the_push(self):
        steps = [step for job in self.JOBS.values() for step in job["steps"]]
        assert [step["name"] for step in steps if "token" in str(step)] == ["Push the rendered folder"]

    def test_the_caller_allows_what_the_jobs_ask_for(self):
        (job,) = self.CALLER["jobs"].values()
        assert job["permissions"] == {
            key: value for each in self.JOBS.values() for key, value in each["permissions"].items()
        }

    def test_every_action_has_a_version(self):
        steps = [step for job in self.JOBS.values() for step in job["steps"]]
        used = [step["uses"] for step in steps if "uses" in step] + [
            job["uses"] for job in self.CALLER["jobs"].values()
        ]
        assert len(used) == 5
        assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+(\.\d+\.\d+)?", name) for name in used)

    def test_it_runs_as_it_is_run_here(self):
        assert GitHub.workflow["defaults"] == {"run": {"shell": "bash"}}
        assert all("shell" not in step and "if" not in step for job in self.JOBS.values() for step in job["steps"])

    def test_only_what_was_checked_is_pushed_and_only_from_the_default_branch(self):
        assert self.JOBS["push"]["needs"] == "check"
        assert self.JOBS["push"]["if"].split(" && ") == [
            "inputs.push",
            "github.event_name == 'push'",
            "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)",
        ]

    def test_the_caller_gives_what_is_asked_for(self):
        (job,) = self.CALLER["jobs"].values()
        kinds = {"string": str, "boolean": bool}
        assert all(isinstance(value, kinds[GitHub.inputs[name]["type"]]) for name, value in job["with"].items())
        assert {name for name, each in GitHub.inputs.items() if each.get("required")} <= set(job["with"])
        assert self.CALLER["on"] == {"pull_request": None, "push": {"branches": ["main"]}}

    def test_with_what_the_caller_gives_it_passes(self, clone):
        (job,) = self.CALLER["jobs"].values()
        given = {name: str(value) for name, value in job["with"].items()}
        given["repository"] = repository_of_caller()
        assert [GitHub.run(clone, name, **given)[0] for name in self.JOBS] == [0, 0]
        assert clone.calls[1][3].startswith("oci://ghcr.io/example/training:")

    def test_what_is_explained_is_one_block_of_markdown(self, clone):
        GitHub.run(clone, "check")
        assert all(line.startswith("    ") for line in (clone.folder.parent / "summary").read_text().splitlines())


class TestGitLab:
    CHECK, PUSH = GitLab.workflow["jobsets"], GitLab.workflow["jobsets-push"]

    def test_it_checks_merge_requests_and_pushes_from_the_default_branch(self):
        on_default = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
        assert self.CHECK["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}, {"if": on_default}]
        assert self.PUSH["rules"] == [{"if": f'"$[[ inputs.push ]]" == "true" && {on_default}'}]
        assert self.PUSH["needs"] == ["jobsets"]

    def test_every_image_has_a_version(self):
        assert re.fullmatch(r"python:\d+\.\d+", self.CHECK["image"])
        assert re.fullmatch(r"ghcr\.io/fluxcd/flux-cli:v\d+\.\d+\.\d+", self.PUSH["image"]["name"])


FLUX = ROOT / "deploy" / "flux"
# What the sources and the Kustomizations have in common. All fields here are in the schemas of source-controller and
# kustomize-controller 1.9, which Flux 2.9 is made of.
_SOURCE = {"interval": "1m"}
_APPLIED = {"interval": "5m", "prune": True}


class TestFlux:
    PAGE = (FLUX / "README.md").read_text()

    def walk(self, clone: Clone):
        """Do everything that the page says, from top to bottom, in an empty repository with a remote."""
        clone.run("git", "init", "--quiet", "--bare", "--initial-branch", "main", "../remote")
        clone.run("git", "remote", "add", "origin", "../remote")
        for file in FLUX.glob("*.yaml"):
            shutil.copy(file, clone.folder)
        script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", self.PAGE, re.M | re.S))
        return clone.run("bash", "-euo", "pipefail", "-c", script, REGISTRY_USER="somebody", REGISTRY_TOKEN="a-token")

    def test_the_page_leads_from_nothing_to_a_set_that_runs(self, tmp_path):
        clone = Clone(tmp_path)
        done = self.walk(clone)
        assert done.returncode == 0, done.stderr
        assert (
            done.stdout.count("JobSet driver-worker in namespace training: 3 Jobs"),
            done.stderr.count("warning"),
        ) == (1, 0)
        called = [" ".join(call[:4]) for call in clone.calls]
        assert called[:3] == [
            "kubectl create namespace training",
            "kubectl apply -f training.yaml",
            "flux reconcile kustomization training",
        ]
        assert "kubectl apply -f training-oci.yaml" in called

    def test_what_is_pushed_is_what_the_kustomization_of_flux_applies(self, tmp_path):
        self.walk(Clone(tmp_path))
        run(["git", "clone", "--quiet", "remote", "pulled"], tmp_path)
        pulled = tmp_path / "pulled"
        (check,) = set(re.findall(r"`(jobsetgen check [^`]*)`", self.PAGE))
        assert run(shlex.split(check), pulled).returncode == 0
        applied = pulled / documents("deploy/flux/training.yaml")[1]["spec"]["path"]
        names = load("k", (applied / "kustomization.yaml").read_bytes()).documents[0].data["resources"]
        objects = [load(name, (applied / name).read_bytes()).documents[0].data for name in names]
        assert {item["metadata"]["namespace"] for item in objects} == {"training"}
        assert [item["metadata"]["name"] for item in objects if item["kind"] == "Job"] == [
            "driver-worker-restart-watcher"
        ]
        assert len(list(applied.glob("*/preview/job.*.yaml.preview"))) == 4

    def test_from_git_it_applies_the_rendered_folder(self):
        source, applied = documents("deploy/flux/training.yaml")
        assert (source["apiVersion"], source["kind"]) == ("source.toolkit.fluxcd.io/v1", "GitRepository")
        assert source["spec"] == {**_SOURCE, "url": "https://github.com/example/training", "ref": {"branch": "main"}}
        assert applied["spec"] == {**_APPLIED, "path": "./jobset/rendered", "sourceRef": refers_to(source)}

    def test_from_a_registry_it_applies_what_ci_pushes(self):
        source, applied = documents("deploy/flux/training-oci.yaml")
        repository = repository_of_caller()
        assert (source["apiVersion"], source["kind"]) == ("source.toolkit.fluxcd.io/v1", "OCIRepository")
        assert source["spec"] == {
            **_SOURCE,
            "url": f"oci://{repository}",
            "ref": {"tag": "latest"},
            "secretRef": {"name": "training-registry"},
        }
        assert applied["spec"] == {**_APPLIED, "path": "./", "sourceRef": refers_to(source)}
        assert f"flux create secret oci {source['spec']['secretRef']['name']} " in self.PAGE

    @pytest.mark.parametrize("file", ["training.yaml", "training-oci.yaml"])
    def test_it_is_set_as_the_page_on_gitops_says(self, file):
        kustomization = yaml_documents(f"deploy/flux/{file}")[1]
        assert kustomization["apiVersion"] == "kustomize.toolkit.fluxcd.io/v1"
        assert kustomization["kind"] == "Kustomization"
        assert kustomization["metadata"] == {"name": "training", "namespace": "flux-system"}
        advice = (ROOT / "docs" / "gitops.md").read_text().partition("\n## Flux\n")[2]
        advised = load("advice", re.search(r"^```yaml\n(.*?)^```$", advice, re.M | re.S)[1].encode()).documents[0].data
        assert advised["spec"].items() <= kustomization["spec"].items()
        assert not {"force", "images", "postBuild", "commonMetadata", "targetNamespace"} & set(kustomization["spec"])

    def test_links_lead_somewhere(self):
        for target in re.findall(r"\]\(([^)#]+)", self.PAGE):
            assert target.startswith("https://fluxcd.io/") or (FLUX / target).exists(), target

    def test_jobs_of_the_profile_may_be_replaced_by_flux_and_say_nothing_to_others(self, clone):
        rendered = clone.folder / "jobset" / "rendered"
        listed = load("k", (rendered / "kustomization.yaml").read_bytes()).documents[0].data["resources"]
        assert len(listed) == 12
        job = (rendered / listed[7]).read_text()
        assert "kustomize.toolkit.fluxcd.io/force: enabled" in job
        assert "argocd" not in job


def refers_to(source: dict) -> dict[str, str]:
    return {"kind": source["kind"], "name": source["metadata"]["name"]}


def yaml_documents(path: str) -> list:
    """Return the documents of a file as kubectl reads them, with nothing wrong in any."""
    loaded = load(path, (ROOT / path).read_bytes())
    assert loaded.diagnostics == []
    return [document.data for document in loaded.documents]
