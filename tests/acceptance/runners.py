"""The workflows of deploy/ci that post a comment, run as a runner runs them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.acceptance.forges import HEAD, NUMBER, Forge, GitHubForge, GitLabForge, archive
from tests.acceptance.processes import run_tool
from tests.cases import ROOT

# What the workflow that posts needs besides a shell: a runner of GitHub has all of it.
PROGRAMS = ("cmp", "curl", "iconv", "jq", "unzip")
# The part of `gh api` that the workflow uses. Like gh, it follows the links to further pages, and prints each page.
GH = r"""#!/bin/bash
set -euo pipefail
[ "$1" = api ] && shift
method=GET paginate=false path= options=()
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --paginate) paginate=true ;;
    -F) # name=@file
      python3 -c 'import json, sys; print(json.dumps({sys.argv[1]: open(sys.argv[2], encoding="utf-8", newline="").read()}))' \
        "${2%%=@*}" "${2#*=@}" > fields.json
      options+=(--data-binary @fields.json)
      shift ;;
    -f) options+=(--get --data-urlencode "$2"); shift ;;
    -*) echo "gh: unknown flag $1" >&2; exit 1 ;;
    *) path=$1 ;;
  esac
  shift
done
url=$FORGE/$path
while [ -n "$url" ]; do
  curl --silent --fail --request "$method" --header "Authorization: token $GH_TOKEN" --dump-header headers \
    "${options[@]}" "$url" || { echo "gh: curl failed with $?" >&2; exit 1; }
  url=$(sed -nE 's/^Link: <(.*)>; rel="next".*/\1/p' headers)
  "$paginate" || url=
done
"""


def documents(path: str) -> list[Any]:
    """Return the documents of a file as CI reads them: in its YAML, 1.2, `on` is a text."""
    return list(YAML(typ="safe", pure=True).load_all((ROOT / path).read_text()))


def looked_up(path: str, context: Any) -> Any:
    """Return the value at a path of an expression, None if there is none."""
    for name in path.strip().split("."):
        context = context.get(name) if isinstance(context, dict) else None
    return context


def filled(text: str, context: dict[str, Any]) -> str:
    """Return a text with the values of its expressions, of the kinds that our workflows have."""

    def value(found: re.Match[str]) -> str:
        contains = re.fullmatch(r"contains\(([\w.]+)\.\*\.name, ([\w.]+)\)", found[1])
        if contains:
            names = [each["name"] for each in looked_up(contains[1], context)]
            return str(looked_up(contains[2], context) in names).lower()
        values = [looked_up(path, context) for path in found[1].split("||")]
        return next((str(each) for each in values if each), "")

    return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", value, text, flags=re.S)


class GitHubComment:
    """The workflow that posts, run as a runner runs it."""

    forge = GitHubForge
    workflow = documents("deploy/ci/github-comment.yaml")[0]
    (step,) = workflow["jobs"]["comment"]["steps"]
    origin = "[this run](https://git.example.com/example/training/actions/runs/55)"

    @classmethod
    def event(cls, repository: str = "example/training", branch: str = "change") -> dict[str, Any]:
        """Return the context of a run that another run on a pull request has started."""
        head = {"full_name": repository, "owner": {"login": repository.partition("/")[0]}}
        run = {"id": 55, "head_sha": HEAD, "head_branch": branch, "head_repository": head, "pull_requests": []}
        return {"event_name": "workflow_run", "event": {"workflow_run": run}}

    @classmethod
    def run(cls, forge: Forge, folder: Path, context: dict[str, Any] | None = None) -> tuple[int, str]:
        """Run the step. Return its status and its output."""
        own = {"token": "a-token", "repository": "example/training", "repository_owner": "example"}
        github = {**own, **(context or cls.event())}
        variables = {name: filled(text, {"github": github}) for name, text in cls.step["env"].items()}
        gh = folder / "bin" / "gh"
        gh.parent.mkdir(exist_ok=True)
        gh.write_text(GH)
        gh.chmod(0o755)
        runner = {
            "FORGE": forge.url,
            "GITHUB_REPOSITORY": "example/training",
            "GITHUB_SERVER_URL": "https://git.example.com",
            "TMPDIR": str(folder),
        }
        script = f"PATH={gh.parent}:$PATH\n{cls.step['run']}"
        done = run_tool(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], folder, **runner, **variables
        )
        return done.returncode, done.stdout + done.stderr

    @classmethod
    def post(cls, forge: Forge, folder: Path, comment: bytes) -> tuple[int, str]:
        """Run the step with the text that was computed."""
        assert isinstance(forge, GitHubForge)
        forge.upload(archive(comment__md=comment, diff__json=b"{}"))
        return cls.run(forge, folder)


class GitLabComment:
    """The job that posts, run as a runner runs it."""

    forge = GitLabForge
    jobs = documents("deploy/ci/gitlab-diff.yaml")[1]
    job = jobs["jobsets-comment"]
    origin = "[this pipeline](https://git.example.com/example/training/-/pipelines/55)"

    @classmethod
    def post(cls, forge: Forge, folder: Path, comment: bytes, **variables: str) -> tuple[int, str]:
        """Run the job with the text that was computed. Return its status and its output."""
        made = folder / "jobsets-diff"
        made.mkdir(exist_ok=True)
        (made / "comment.md").write_bytes(comment)
        return cls.run(forge, folder, **variables)

    @classmethod
    def run(cls, forge: Forge, folder: Path, **variables: str) -> tuple[int, str]:
        """Run the job. Return its status and its output."""
        given = {
            "CI_API_V4_URL": forge.url,
            "CI_COMMIT_SHA": HEAD,
            "CI_MERGE_REQUEST_IID": str(NUMBER),
            "CI_PIPELINE_URL": "https://git.example.com/example/training/-/pipelines/55",
            "CI_PROJECT_ID": "12",
            "JOBSETS_COMMENT_TOKEN": "a-token",
        }
        done = run_tool(["sh", "-ec", "\n".join(cls.job["script"])], folder, **{**given, **variables})
        return done.returncode, done.stdout + done.stderr
