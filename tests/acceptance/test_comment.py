"""The comment on a pull request: what deploy/ci posts, and what it refuses to post."""

from __future__ import annotations

import re
import shutil

import pytest
from ruamel.yaml import YAML

from tests.acceptance.forges import HEAD, MARKER, NUMBER, archive, serving
from tests.acceptance.runners import PROGRAMS, GitHubComment, GitLabComment, documents
from tests.cases import ROOT

QUIET = "<!-- nothing changes -->"
CHANGES = "This is what changes.\n"
TEXT = f"{MARKER}\n{CHANGES}".encode()
NOTHING = f"{MARKER}\n{QUIET}\nNo training set changes.\n".encode()


def posted(ci, text: str) -> str:
    """Return the comment that is made of a text without its marker."""
    return f"{MARKER}\nFor commit {HEAD}, from {ci.origin}.\n\n{text}"


@pytest.fixture
def forge(ci):
    missing = [each for each in PROGRAMS if ci is GitHubComment and shutil.which(each) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with serving(ci.forge()) as api:
        yield api


@pytest.mark.parametrize("ci", [GitHubComment, GitLabComment])
class TestBoth:
    def test_the_first_run_creates_the_comment(self, ci, forge, tmp_path):
        assert ci.post(forge, tmp_path, TEXT) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, CHANGES)]
        assert {call.token for call in forge.calls} == {"a-token"}

    def test_a_later_run_edits_it(self, ci, forge, tmp_path):
        ci.post(forge, tmp_path, TEXT)
        assert ci.post(forge, tmp_path, f"{MARKER}\nSomething else.\n".encode()) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, "Something else.\n")]

    def test_a_comment_of_somebody_else_is_left_alone_even_with_our_marker(self, ci, forge, tmp_path):
        forge.add(f"{MARKER}\nNothing to see here.", author=13)
        assert ci.post(forge, tmp_path, TEXT)[0] == 0
        assert [each["body"] for each in forge.comments] == [f"{MARKER}\nNothing to see here.", posted(ci, CHANGES)]

    @pytest.mark.parametrize("body", ["The tests passed.", f"> {MARKER}", f"Quoted:\n{MARKER}", f"{MARKER} quoted"])
    def test_so_is_a_comment_of_our_account_that_does_not_begin_with_the_marker(self, ci, forge, tmp_path, body):
        forge.add(body)
        assert ci.post(forge, tmp_path, TEXT)[0] == 0
        assert [each["body"] for each in forge.comments] == [body, posted(ci, CHANGES)]

    def test_ours_is_found_on_the_last_of_many_pages(self, ci, forge, tmp_path):
        for number in range(249):
            forge.add(f"Comment {number}", author=13)
        forge.add(posted(ci, "What an earlier commit changes.\n"))
        assert ci.post(forge, tmp_path, TEXT)[0] == 0
        assert [call.method for call in forge.writes] in (["PATCH"], ["PUT"])
        assert (len(forge.comments), forge.comments[-1]["body"]) == (250, posted(ci, CHANGES))

    def test_where_nothing_changes_there_is_no_comment(self, ci, forge, tmp_path):
        assert ci.post(forge, tmp_path, NOTHING) == (0, "")
        assert forge.writes == []

    def test_where_nothing_changes_any_more_the_comment_says_so(self, ci, forge, tmp_path):
        ci.post(forge, tmp_path, TEXT)
        assert ci.post(forge, tmp_path, NOTHING)[0] == 0
        assert [each["body"] for each in forge.comments] == [posted(ci, f"{QUIET}\nNo training set changes.\n")]

    def test_the_result_of_an_earlier_commit_is_not_posted(self, ci, forge, tmp_path):
        forge.later_head = "b" * 40
        status, output = ci.post(forge, tmp_path, TEXT)
        assert (status, f"is no longer {HEAD}." in output) == (0, True)
        assert forge.writes == []

    @pytest.mark.parametrize(
        ("comment", "reason"),
        [
            (TEXT + b"x" * 10_000_000, "comment.md has more than 262,144 bytes."),
            (TEXT + b"\xff", "comment.md is not UTF-8."),
            (b"\xef\xbb\xbf" + TEXT, "comment.md does not begin with the marker."),
            (b"\n" + TEXT, "comment.md does not begin with the marker."),
            (TEXT.replace(b"\n", b"\0\n"), "comment.md does not begin with the marker."),
            (b"", "comment.md does not begin with the marker."),
        ],
        ids=["10 MB", "invalid UTF-8", "byte order mark", "no first line", "NUL", "empty"],
    )
    def test_a_text_that_we_did_not_make_is_refused(self, ci, forge, tmp_path, comment, reason):
        status, output = ci.post(forge, tmp_path, comment)
        assert (status, reason in output) == (1, True), output
        assert forge.writes == []

    def test_a_text_of_every_kind_of_character_arrives_as_it_is(self, ci, forge, tmp_path):
        text = "`$(touch owned)` \"${HOME}\" \\n 'x' 🙂\n\n```diff\n-\t%s\n```"
        assert ci.post(forge, tmp_path, f"{MARKER}\n{text}".encode())[0] == 0
        assert [each["body"] for each in forge.comments] == [posted(ci, text)]
        assert not list(tmp_path.rglob("owned"))


@pytest.mark.parametrize("ci", [GitHubComment])
class TestGitHub:
    @pytest.fixture
    def forge(self, forge):
        forge.upload(archive(comment__md=TEXT))
        return forge

    def test_a_pull_request_from_a_fork_gets_its_comment(self, ci, forge, tmp_path):
        # Others have the same commit, on branches of the same name in other forks.
        others = [forge.pull(8, "other/training"), forge.pull(9, "mallory/training-2")]
        forge.pulls = [*others, forge.pull(NUMBER, "mallory/training")]
        assert ci.run(forge, tmp_path, ci.event("mallory/training")) == (0, "")
        assert [(call.method, call.path) for call in forge.writes] == [
            ("POST", f"/repos/example/training/issues/{NUMBER}/comments")
        ]

    def test_so_does_one_in_the_workflow_that_computes(self, ci, forge, tmp_path):
        event = {"pull_request": {"head": {"sha": HEAD}}}
        context = {"event_name": "pull_request", "event": event, "run_id": 55, "head_ref": "change"}
        assert ci.run(forge, tmp_path, context) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, CHANGES)]

    def test_a_number_in_the_artifact_is_ignored(self, ci, forge, tmp_path):
        forge.pulls.append(forge.pull(8, branch="another"))
        forge.upload(archive(comment__md=TEXT, number=b"8", pr__txt=b"8", diff__json=b'{"number": 8}'))
        assert ci.run(forge, tmp_path) == (0, "")
        assert [call.path for call in forge.writes] == [f"/repos/example/training/issues/{NUMBER}/comments"]

    @pytest.mark.parametrize(
        "branch", ["$(touch owned)", "`touch owned`", '";touch${IFS}owned;"', "a&state=closed", "-f", "å#?%20"]
    )
    def test_no_name_of_a_branch_is_taken_for_a_command(self, ci, forge, tmp_path, branch):
        forge.pulls = [forge.pull(NUMBER, branch=branch)]
        assert ci.run(forge, tmp_path, ci.event(branch=branch)) == (0, "")
        assert len(forge.comments) == 1
        assert not list(tmp_path.rglob("owned"))

    @pytest.mark.parametrize("changed", ["state", "sha", "repo"])
    def test_nothing_is_posted_where_no_open_pull_request_has_the_commit(self, ci, forge, tmp_path, changed):
        pull = forge.pulls[0]
        values = {"state": "closed", "sha": "b" * 40, "repo": None}
        (pull if changed == "state" else pull["head"])[changed] = values[changed]
        assert ci.run(forge, tmp_path) == (0, f"::notice::No open pull request has the head {HEAD}.\n")
        assert forge.writes == []

    def test_nothing_is_posted_where_several_have_it(self, ci, forge, tmp_path):
        forge.pulls.append(forge.pull(8))
        status, output = ci.run(forge, tmp_path)
        assert (status, output.startswith(f"::notice::Several pull requests have the head {HEAD}")) == (0, True)
        assert forge.writes == []

    @pytest.mark.parametrize(
        "files",
        [
            [{"filename": ".github/workflows/jobsets-diff.yaml"}],
            [{"filename": "gone.yaml", "previous_filename": ".github/workflows/jobsets-diff.yaml"}],
            [*[{"filename": f"+{number}"} for number in range(250)], {"filename": ".github/actions/x/action.yaml"}],
            [{"filename": f"+{number}"} for number in range(3000)],
        ],
        ids=["changed", "renamed", "on the last page", "more than are listed"],
    )
    def test_a_pull_request_that_can_change_the_workflow_does_not_write_its_own_comment(
        self, ci, forge, tmp_path, files
    ):
        forge.files = files
        assert ci.run(forge, tmp_path) == (0, "")
        (comment,) = forge.comments
        assert comment["body"] == posted(
            ci,
            "This pull request changes `.github`, so it could change what it says here. Read its\n"
            "changes, and then the summary of the run.\n",
        )

    def test_a_file_whose_path_only_contains_the_name_is_no_workflow(self, ci, forge, tmp_path):
        forge.files = [{"filename": "docs/.github/workflows/a.yaml"}, {"filename": ".githubber"}]
        assert ci.run(forge, tmp_path) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, CHANGES)]

    @pytest.mark.parametrize(
        ("content", "size", "reason"),
        [
            (archive(comment__md=TEXT), 10_000_000, "The artifact has 10000000 bytes; the limit is 1,000,000."),
            (archive(comment__md=TEXT + b"\nx" * 32_500), None, "comment.md has more than 65,000 characters."),
            (archive(**{"other/comment__md": TEXT}), None, "comment.md does not begin with the marker."),
            (b"no archive", None, "comment.md does not begin with the marker."),
        ],
        ids=["10 MB", "too long for GitHub", "in another folder", "no archive"],
    )
    def test_an_artifact_that_we_did_not_make_is_refused(self, ci, forge, tmp_path, content, size, reason):
        forge.upload(content, size=size)
        status, output = ci.run(forge, tmp_path)
        assert (status, f"::error::{reason}" in output) == (1, True), output
        assert forge.writes == []

    def test_the_longest_text_fits_into_a_comment(self, ci, forge, tmp_path):
        forge.upload(archive(comment__md=TEXT + "🙂".encode() * (65_000 - len(TEXT))))
        assert ci.run(forge, tmp_path) == (0, "")
        assert len(forge.comments[0]["body"]) <= 65_536

    def test_the_text_of_the_last_attempt_is_posted(self, ci, forge, tmp_path):
        forge.upload(archive(comment__md=f"{MARKER}\nA later attempt.\n".encode()))
        assert ci.run(forge, tmp_path) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, "A later attempt.\n")]

    def test_a_run_without_an_artifact_updates_the_comment_but_creates_none(self, ci, forge, tmp_path):
        forge.artifacts[0]["expired"] = True
        assert ci.run(forge, tmp_path) == (0, "")
        assert forge.writes == []
        forge.add(posted(ci, "What an earlier commit changes.\n"))
        assert ci.run(forge, tmp_path) == (0, "")
        failed = f"{QUIET}\n**The comparison failed.** The log of the run says why.\n"
        assert [each["body"] for each in forge.comments] == [posted(ci, failed)]

    def test_an_error_of_the_api_fails_the_run(self, ci, forge, tmp_path):
        forge.archives.clear()
        status, output = ci.run(forge, tmp_path)
        assert (status, "gh: curl failed with 22" in output) == (1, True)
        assert forge.writes == []

    def test_it_runs_nothing_but_its_own_script_with_no_more_rights_than_it_needs(self, ci, forge):
        (job,) = ci.workflow["jobs"].values()
        assert ci.workflow["permissions"] == {}
        assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
        assert set(ci.step) == {"name", "run", "env"}
        assert "${{" not in ci.step["run"]

    def test_it_is_started_by_the_workflow_that_computes_unless_that_was_cancelled(self, ci, forge):
        (job,) = ci.workflow["jobs"].values()
        assert set(ci.workflow["on"]) == {"workflow_run", "workflow_call"}
        assert ci.workflow["on"]["workflow_run"] == {"workflows": ["jobsets-diff"], "types": ["completed"]}
        assert job["if"] == (
            "github.event_name == 'pull_request' || (github.event.workflow_run.event == 'pull_request' "
            "&& github.event.workflow_run.conclusion != 'cancelled')"
        )

    def test_the_variant_without_forks_calls_it_with_the_rights_it_needs(self, ci, forge):
        page = (ROOT / "docs" / "reviewing.md").read_text()
        (snippet,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
        (called,) = YAML(typ="safe", pure=True).load(snippet).values()
        (job,) = ci.workflow["jobs"].values()
        assert called["permissions"] == job["permissions"]
        assert called["needs"] in documents("deploy/ci/github-diff.yaml")[0]["jobs"]
        saved = (ROOT / "deploy" / "ci" / "github-comment.yaml").read_text().partition(" on the default branch")[0]
        assert called["uses"] == f"./{saved.removeprefix('# Save as ')}"
        assert called["if"] == (
            "${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}"
        )


@pytest.mark.parametrize("ci", [GitLabComment])
class TestGitLab:
    def test_in_a_merged_results_pipeline_the_head_is_that_of_the_source_branch(self, ci, forge, tmp_path):
        commits = {"CI_COMMIT_SHA": "c" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD}
        assert ci.post(forge, tmp_path, TEXT, **commits) == (0, "")
        assert [each["body"] for each in forge.comments] == [posted(ci, CHANGES)]

    @pytest.mark.parametrize("line", ["/merge", "  /label ~allow-data-loss", "\t/close"])
    def test_no_line_becomes_a_quick_action(self, ci, forge, tmp_path, line):
        status, output = ci.post(forge, tmp_path, f"{MARKER}\nThis changes:\n{line}\n".encode())
        assert (status, "A line of comment.md begins with a slash" in output) == (1, True)
        assert forge.writes == []

    def test_without_an_artifact_it_updates_the_note_but_creates_none(self, ci, forge, tmp_path):
        assert ci.run(forge, tmp_path) == (0, "")
        assert forge.writes == []
        forge.add(posted(ci, "What an earlier commit changes.\n"))
        assert ci.run(forge, tmp_path) == (0, "")
        failed = f"{QUIET}\n**The comparison failed.** The log of the job says why.\n"
        assert [each["body"] for each in forge.comments] == [posted(ci, failed)]

    def test_it_blocks_no_merge(self, ci, forge):
        assert ci.job["allow_failure"] is True

    def test_it_checks_out_nothing_and_runs_for_the_same_project_only(self, ci, forge):
        assert ci.job["variables"] == {"GIT_STRATEGY": "none"}
        assert ci.job["needs"] == ["jobsets-diff"]
        (rule,) = ci.job["rules"]
        assert rule == {
            "if": '$CI_PIPELINE_SOURCE == "merge_request_event" && $JOBSETS_COMMENT_TOKEN '
            "&& $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID",
            "when": "always",
        }
        assert not [text for text in ci.job["script"] if "$[[" in text]

    def test_only_the_job_that_posts_reads_the_token(self, ci, forge):
        assert [name for name, job in ci.jobs.items() if "JOBSETS_COMMENT_TOKEN" in str(job)] == ["jobsets-comment"]
