"""What deploy/ci computes in a pull request: the text of the comment, and what fails the check."""

from __future__ import annotations

import re
import shutil
from typing import ClassVar

import pytest

from jobsetgen.diff.verdicts import VERDICTS
from tests.acceptance.forges import MARKER
from tests.acceptance.runners import GitHubComment, GitLabComment, documents, filled
from tests.acceptance.test_deploy import SOURCE, Clone, scripts
from tests.cases import FIXTURES, ROOT

# Prints what `diff` prints, and ends as it is told.
_JOBSETGEN = """#!/bin/sh
{ printf 'jobsetgen'; printf '\\t%s' "$@"; echo; } >> "$CALLS"
case "$*" in
  *markdown*) printf '<!-- jobsetgen diff -->\\nWhat changes.\\n'; exit "$DIFF_ENDS" ;;
  *json*) printf '{}'; exit "$GATE_ENDS" ;;
  check*) exit "$CHECK_ENDS" ;;
esac
"""
CURRENT = "The committed output matches its source."
STALE = (
    "**The committed output does not match its source.** Argo CD and Flux apply the output; this describes the source."
    " Run `jobsetgen build --each` and commit the result."
)
UNKNOWN = "**Whether the committed output matches its source is unknown.** The log of the {place} says why."
BROKEN = "**The JobSets of this {request} request do not compile.** The log of the {place} lists the errors."
FAILED = "**The comparison failed.** The log of the {place} says why."
NONE = "No training set changes."
QUIET = "<!-- nothing changes -->"
LABEL = "allow-data-loss"


class GitHub:
    """The workflow that computes, run as a runner runs it."""

    workflow = documents("deploy/ci/github-diff.yaml")[0]
    job = workflow["jobs"]["diff"]
    words: ClassVar = {"place": "run", "request": "pull"}
    without_check: ClassVar = {"CHECK": "false"}
    base = "origin/main"

    @classmethod
    def run(cls, clone: Clone, *labels: str, base: str = "main", **variables: str) -> tuple[int, str, str]:
        """Run the steps. Return the status of the last one, the output, and the text of the comment."""
        pull = {"number": 7, "labels": [{"name": each} for each in labels]}
        context = {"github": {"base_ref": base, "event": {"pull_request": pull}}, "env": cls.workflow["env"]}
        folder = clone.folder.parent
        runner = {"RUNNER_TEMP": str(folder), "GITHUB_STEP_SUMMARY": str(folder / "summary")}
        given = {**cls.workflow["env"], "JOBSETGEN": SOURCE, **runner, **variables}
        output = ""
        for step in (each for each in cls.job["steps"] if "run" in each):
            own = {name: filled(text, context) for name, text in step.get("env", {}).items()}
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
            done = clone.run(*shell, step["run"], **{**given, **own})
            output += done.stdout + done.stderr
        comment = (folder / "jobsets-diff" / "comment.md").read_text()
        assert (folder / "summary").read_text() == comment
        return done.returncode, output, comment


class GitLab:
    """The job that computes, run as a runner runs it."""

    workflow = documents("deploy/ci/gitlab-diff.yaml")[1]
    job = workflow["jobsets-diff"]
    words: ClassVar = {"place": "job", "request": "merge"}
    without_check: ClassVar = {"JOBSETS_CHECK": "false"}
    base = "b" * 40

    @classmethod
    def run(cls, clone: Clone, *labels: str, base: str = base, **variables: str) -> tuple[int, str, str]:
        """Run the job. Return its status, the output, and the text of the comment."""
        given = {
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
            "CI_MERGE_REQUEST_LABELS": ",".join(labels),
            "JOBSETGEN": SOURCE,
            "JOBSETS_LABEL": LABEL,
            "JOBSETS_CHECK": "true",
        }
        done = clone.run("sh", "-ec", "\n".join(cls.job["script"]), **{**given, **variables})
        return done.returncode, done.stdout + done.stderr, (clone.folder / "jobsets-diff" / "comment.md").read_text()


@pytest.fixture
def clone(tmp_path):
    """A repository whose jobsetgen does as it is told."""
    clone = Clone(tmp_path)
    (tmp_path / "tools" / "jobsetgen").write_text(_JOBSETGEN)
    (tmp_path / "tools" / "jobsetgen").chmod(0o755)
    return clone


@pytest.mark.parametrize("ci", [GitHub, GitLab])
class TestBoth:
    @pytest.mark.parametrize(
        ("ends", "status", "comment"),
        [
            ("0 0 0", 0, [QUIET, CURRENT, "", NONE]),
            ("0 0 1", 1, [STALE, "", NONE]),
            ("4 0 0", 0, [CURRENT, "", "What changes."]),
            ("4 0 1", 1, [STALE, "", "What changes."]),
            ("4 0 2", 2, [UNKNOWN, "", "What changes."]),
            ("4 4 0", 4, [CURRENT, "", "What changes."]),
            ("4 4 1", 4, [STALE, "", "What changes."]),
            ("1 1 1", 1, ["", BROKEN]),
            ("3 3 0", 3, [CURRENT, "", FAILED]),
            ("3 3 3", 3, [UNKNOWN, "", FAILED]),
            ("4 3 0", 3, [CURRENT, "", "What changes."]),
        ],
    )
    def test_the_text_and_the_status_follow_from_how_the_commands_end(self, ci, clone, ends, status, comment):
        variables = dict(zip(("DIFF_ENDS", "GATE_ENDS", "CHECK_ENDS"), ends.split(), strict=True))
        done, output, text = ci.run(clone, **variables)
        assert done == status, output
        assert text.splitlines() == [MARKER, *(line.format(**ci.words) for line in comment)]

    @pytest.mark.parametrize(("ends", "status"), [("0 0", 0), ("4 0", 0), ("4 4", 4), ("1 1", 1), ("3 3", 3)])
    def test_where_no_output_is_committed_none_is_checked(self, ci, clone, ends, status):
        variables = dict(zip(("DIFF_ENDS", "GATE_ENDS"), ends.split(), strict=True))
        done, output, text = ci.run(clone, **variables, **ci.without_check)
        assert (done, "committed output" in text) == (status, False), output
        assert (QUIET in text.splitlines()) == (ends == "0 0")
        assert ["jobsetgen", "check", "--each"] not in clone.calls

    def test_it_compares_with_the_base_and_checks_the_committed_output(self, ci, clone):
        ci.run(clone, DIFF_ENDS="4", GATE_ENDS="0", CHECK_ENDS="0")
        compare = ["jobsetgen", "diff", "--base", ci.base, "--each", "-f"]
        assert clone.calls == [
            ["pip", "install", f"jobsetgen @ git+{SOURCE}"],
            [*compare, "markdown", "--max-chars", "64000", "--exit-code"],
            [*compare, "json", "--fail-on", "deletes-data,sync-fails"],
            ["jobsetgen", "check", "--each"],
        ]

    @pytest.mark.parametrize(("labels", "status"), [([LABEL], 0), (["bug", LABEL, "x"], 0), (["bug"], 4)], ids=str)
    def test_the_label_overrides_what_would_be_lost(self, ci, clone, labels, status):
        done, output, _ = ci.run(clone, *labels, DIFF_ENDS="4", GATE_ENDS="4", CHECK_ENDS="0")
        assert (done, f"he label {LABEL}" in output) == (status, True)

    @pytest.mark.parametrize("label", [f"not-{LABEL}", f"{LABEL}-2", "allow"])
    def test_no_other_label_does(self, ci, clone, label):
        assert ci.run(clone, label, DIFF_ENDS="4", GATE_ENDS="4", CHECK_ENDS="0")[0] == 4

    def test_it_does_not_override_output_that_is_out_of_date(self, ci, clone):
        assert ci.run(clone, LABEL, DIFF_ENDS="4", GATE_ENDS="4", CHECK_ENDS="1")[0] == 1

    @pytest.mark.parametrize("base", ["$(touch owned)", "`touch owned`", '";touch${IFS}owned;"'])
    def test_no_name_of_a_branch_is_taken_for_a_command(self, ci, clone, base):
        ci.run(clone, base=base, DIFF_ENDS="0", GATE_ENDS="0", CHECK_ENDS="0")
        assert clone.calls[1][3].removeprefix("origin/") == base
        assert not list(clone.folder.parent.rglob("owned"))

    def test_nothing_is_put_into_the_text_of_a_command(self, ci, clone):
        assert not [text for text in scripts(ci.workflow) if "${{" in text or "$[[" in text]


class TestGitHub:
    def test_it_may_only_read(self):
        assert GitHub.workflow["permissions"] == {}
        assert list(GitHub.workflow["jobs"]) == ["diff"]
        assert GitHub.job["permissions"] == {"contents": "read"}
        assert "pull_request_target" not in GitHub.workflow["on"]

    def test_it_fetches_the_history_and_keeps_no_credentials(self):
        assert GitHub.job["steps"][0]["with"] == {"persist-credentials": False, "fetch-depth": 0}

    def test_every_action_is_githubs_own_and_has_a_version(self):
        used = [step["uses"] for step in GitHub.job["steps"] if "uses" in step]
        assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", each)] == []
        assert len(used) == 3

    def test_the_artifact_is_there_also_after_a_failure_and_has_the_name_that_is_looked_for(self):
        upload = GitHub.job["steps"][-1]
        assert upload["if"] == "${{ !cancelled() }}"
        assert upload["with"]["path"] == "${{ runner.temp }}/jobsets-diff"
        assert f"artifacts?name={upload['with']['name']}" in GitHubComment.step["run"]

    def test_the_workflow_that_posts_is_started_by_this_one(self):
        assert GitHubComment.workflow["on"]["workflow_run"]["workflows"] == [GitHub.workflow["name"]]

    def test_no_filter_keeps_the_required_check_from_running(self):
        assert list(GitHub.workflow["on"]) == ["pull_request"]
        assert list(GitHub.workflow["on"]["pull_request"]) == ["types"]
        assert {"opened", "synchronize", "reopened", "labeled", "unlabeled"} < set(
            GitHub.workflow["on"]["pull_request"]["types"]
        )
        assert "if" not in GitHub.job
        assert GitHub.job["name"] == "jobsets-diff"

    def test_a_new_event_of_the_same_pull_request_cancels_the_run_before(self):
        assert GitHub.workflow["concurrency"] == {
            "group": "jobsets-diff-${{ github.event.pull_request.number }}",
            "cancel-in-progress": True,
        }


class TestGitLab:
    def test_in_a_merged_results_pipeline_the_base_is_the_tip_of_the_target(self, clone):
        ends = {"DIFF_ENDS": "0", "GATE_ENDS": "0", "CHECK_ENDS": "0"}
        GitLab.run(clone, **ends, CI_MERGE_REQUEST_TARGET_BRANCH_SHA="c" * 40)
        assert clone.calls[1][3] == "c" * 40

    def test_it_fetches_the_history_in_merge_requests_only(self):
        assert GitLab.job["variables"]["GIT_DEPTH"] == "0"
        assert GitLab.job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]

    def test_the_artifact_is_there_also_after_a_failure_and_in_the_merge_request(self):
        assert GitLab.job["artifacts"]["when"] == "always"
        assert GitLab.job["artifacts"]["paths"] == ["jobsets-diff/"]
        assert GitLab.job["artifacts"]["expose_as"] == "jobsets-diff"

    def test_every_input_is_described_and_used(self):
        inputs = documents("deploy/ci/gitlab-diff.yaml")[0]["spec"]["inputs"]
        assert set(re.findall(r"\binputs\.(\w+)", str(GitLab.workflow))) == set(inputs)
        assert {each["type"] for each in inputs.values()} == {"string"}
        assert all(each["description"] for each in inputs.values())
        assert [name for name, each in inputs.items() if "default" not in each] == ["jobsetgen"]
        assert GitLabComment.job["image"] == GitLab.job["image"] == "python:3.12"


@pytest.mark.parametrize("ci", [GitHub, GitLab])
class TestWithTheRealProgram:
    @pytest.fixture
    def clone(self, tmp_path):
        """A repository with a project and its rendered output, both on the base branch."""
        clone = Clone(tmp_path)
        clone.write_project()
        project = clone.folder / "jobset" / "jobsetgen.yaml"
        project.write_text(f"{project.read_text()}output: rendered\n")
        self.commit(clone)
        clone.run("git", "update-ref", "refs/remotes/origin/main", "HEAD")
        return clone

    def commit(self, clone):
        assert clone.run("jobsetgen", "build", "--each", ".").returncode == 0
        clone.commit()

    def run(self, ci, clone, *labels):
        base = clone.run("git", "rev-parse", "origin/main").stdout.strip()
        return ci.run(clone, *labels, **({} if ci is GitHub else {"base": base}))

    def change(self, clone, old, new):
        jobset = clone.folder / "jobset" / "jobset.yaml"
        jobset.write_text(jobset.read_text().replace(old, new))

    def test_without_a_change_there_is_nothing_to_say(self, ci, clone):
        assert self.run(ci, clone)[::2] == (0, f"{MARKER}\n{QUIET}\n{CURRENT}\n\n{NONE}\n")

    def test_a_changed_image_recreates_and_passes(self, ci, clone):
        self.change(clone, "python:3.8", "python:3.9")
        self.commit(clone)
        status, output, comment = self.run(ci, clone)
        assert status == 0, output
        assert comment.startswith(f"{MARKER}\n{CURRENT}\n\n**Recreates 1 set (8 pods, 32 TPU chips) when applied.**")
        assert comment.count(MARKER) == 1

    def test_an_application_that_is_not_compared_is_named_and_passes(self, ci, clone):
        application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: train}\n"
        (clone.folder / "app.yaml").write_text(application)
        self.commit(clone)
        status, output, comment = self.run(ci, clone)
        assert status == 0, output
        said = "**Not compared: Application `train` in `app.yaml` was added. It decides what Argo CD applies: "
        assert comment.startswith(f"{MARKER}\n{CURRENT}\n\n{said}")
        assert "\n**By the manifests alone: No change to 1 set.**\n" in comment

    def test_output_that_was_not_built_again_fails(self, ci, clone):
        self.change(clone, "python:3.8", "python:3.9")
        clone.commit()
        status, _, comment = self.run(ci, clone)
        assert status == 1
        assert comment.startswith(f"{MARKER}\n{STALE}\n\n**Recreates 1 set (8 pods, 32 TPU chips) when applied.**")

    def test_a_spec_that_does_not_compile_fails(self, ci, clone):
        self.change(clone, "replicas:", "replica:")
        clone.commit()
        status, _, comment = self.run(ci, clone)
        assert (status, comment) == (1, f"{MARKER}\n\n{BROKEN.format(**ci.words)}\n")

    def test_a_removed_claim_fails_unless_the_label_is_set(self, ci, clone):
        jobset = clone.folder / "jobset" / "jobset.yaml"
        without = jobset.read_text()
        shutil.copy(FIXTURES / "valid" / "volume-claims" / "jobset.yaml", jobset)
        self.commit(clone)
        clone.run("git", "update-ref", "refs/remotes/origin/main", "HEAD")
        jobset.write_text(without)
        self.commit(clone)
        assert self.run(ci, clone)[0] == 4
        shutil.rmtree(clone.folder.parent / "jobsets-diff", ignore_errors=True)
        (clone.folder.parent / "summary").unlink(missing_ok=True)
        assert self.run(ci, clone, LABEL)[0] == 0


@pytest.mark.parametrize("name", VERDICTS)
def test_the_page_says_what_a_verdict_asks_of_the_reviewer(name):
    page = (ROOT / "docs" / "reviewing.md").read_text(encoding="utf-8")
    table = page.partition("\n## Read the comment\n")[2].partition("\n## ")[0]
    assert table.count(f"{VERDICTS[name].label} (`{name}`)") == 1
