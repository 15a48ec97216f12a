"""GitHub and GitLab as the workflows of deploy/ci see them: an HTTP API on loopback, and runners for the scripts."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ruamel.yaml import YAML

from tests.acceptance.processes import run_tool
from tests.cases import ROOT

MARKER = "<!-- jobsetgen diff -->"
HEAD = "a" * 40
NUMBER = 7
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


def archive(**files: bytes) -> bytes:
    """Return an archive; in a name, `__` stands for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name.replace("__", "."), content)
    return stream.getvalue()


class Call(NamedTuple):
    """A request to the API."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str


class Forge:
    """An API with one open pull request, or merge request, and its comments."""

    account: Any
    token_header: str

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.comments: list[dict[str, Any]] = []
        self.url = ""
        # Pull requests are created and pushed to while a script runs: what is answered first and later may differ.
        self.later_head = HEAD

    def answer(self, call: Call) -> Any:
        """Return what is at a path: data, or the bytes of a file. Raises KeyError if there is nothing."""
        raise NotImplementedError

    @property
    def writes(self) -> list[Call]:
        """The requests that change something."""
        return [call for call in self.calls if call.method != "GET"]

    def add(self, body: str, author: Any = None) -> dict[str, Any]:
        """Add a comment, by default one of our own account."""
        comment = {"id": 100 + len(self.comments), "body": body, **self.authored(author or self.account)}
        self.comments.append(comment)
        return comment

    def authored(self, author: Any) -> dict[str, Any]:
        """Return how a comment tells its author."""
        raise NotImplementedError

    def comment(self, number: str) -> dict[str, Any]:
        """Return a comment by its id. Raises KeyError."""
        return {str(each["id"]): each for each in self.comments}[number]


class GitHubForge(Forge):
    """GitHub, with the artifact of one run."""

    account = "github-actions[bot]"
    token_header = "Authorization"

    def __init__(self) -> None:
        super().__init__()
        self.pulls = [self.pull(NUMBER)]
        self.files: list[dict[str, str]] = [{"filename": "train/jobset.yaml"}]
        self.artifacts: list[dict[str, Any]] = []
        self.archives: dict[str, bytes] = {}

    def pull(self, number: int, repository: str = "example/training", branch: str = "change") -> dict[str, Any]:
        """Return an open pull request."""
        owner = repository.partition("/")[0]
        head = {"sha": HEAD, "ref": branch, "repo": {"full_name": repository, "owner": {"login": owner}}}
        return {"number": number, "state": "open", "head": head}

    def upload(self, content: bytes, *, size: int | None = None) -> None:
        """Add an artifact to the run, as a later attempt does."""
        number = 900 + len(self.artifacts)
        size = len(content) if size is None else size
        self.artifacts.append({"id": number, "name": "jobsets-diff", "size_in_bytes": size, "expired": False})
        self.archives[str(number)] = content

    def authored(self, author: Any) -> dict[str, Any]:
        return {"user": {"login": author}}

    def answer(self, call: Call) -> Any:
        path = call.path.removeprefix("/repos/example/training/")
        match call.method, *path.split("/"):
            case "GET", "pulls":
                return [each for each in self.pulls if _is_meant(each, call.query)]
            case "GET", "pulls", number:
                (pull,) = [each for each in self.pulls if each["number"] == int(number)]
                return {**pull, "head": {**pull["head"], "sha": self.later_head}}
            case "GET", "pulls", _, "files":
                return self.files
            case "GET", "actions", "runs", "55", "artifacts":
                found = [each for each in self.artifacts if each["name"] == call.query["name"]]
                return {"total_count": len(found), "artifacts": found}
            case "GET", "actions", "artifacts", number, "zip":
                return self.archives[number]
            case "GET", "issues", "7", "comments":
                return self.comments
            case "POST", "issues", "7", "comments":
                return self.add(call.body["body"])
            case "PATCH", "issues", "comments", number:
                self.comment(number)["body"] = call.body["body"]
                return {}
        raise KeyError(call.path)


def _is_meant(pull: dict[str, Any], query: dict[str, str]) -> bool:
    owner = (pull["head"]["repo"] or {"owner": {"login": ""}})["owner"]["login"]
    return query["state"] == pull["state"] and query["head"] == f"{owner}:{pull['head']['ref']}"


class GitLabForge(Forge):
    """GitLab, where the token belongs to account 42."""

    account = 42
    token_header = "PRIVATE-TOKEN"

    def authored(self, author: Any) -> dict[str, Any]:
        return {"author": {"id": author}}

    def answer(self, call: Call) -> Any:
        path = call.path.removeprefix("/projects/12/merge_requests/7").removeprefix("/")
        match call.method, *path.split("/"):
            case "GET", "user":
                return {"id": self.account}
            case "GET", "":
                return {"sha": self.later_head}
            case "GET", "notes":
                return self.comments
            case "POST", "notes":
                return self.add(call.body["body"])
            case "PUT", "notes", number:
                self.comment(number)["body"] = call.body["body"]
                return {}
        raise KeyError(call.path)


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    """Serve an API on loopback until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            token = self.headers[forge.token_header].removeprefix("token ")
            query = dict(parse_qsl(parts.query))
            call = Call(self.command, parts.path, query, json.loads(body) if body else None, token)
            forge.calls.append(call)
            try:
                found = forge.answer(call)
            except (KeyError, ValueError):
                self.send_error(404)
                return
            links, content = _page(found, call, forge.url)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            for link in links:
                self.send_header("Link", link)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = respond  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        forge.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            yield forge
        finally:
            server.shutdown()


def _page(found: Any, call: Call, url: str) -> tuple[list[str], bytes]:
    """Return the link to the next page, if there is one, and the content of this one."""
    if isinstance(found, bytes):
        return [], found
    links = []
    if isinstance(found, list):
        size, page = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
        if page * size < len(found):
            links = [f'<{url}{call.path}?per_page={size}&page={page + 1}>; rel="next"']
        found = found[(page - 1) * size : page * size]
    return links, json.dumps(found).encode()


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
    text = "This is what changes.\n"
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
    text = GitHubComment.text
    jobs = documents("deploy/ci/gitlab-diff.yaml")[1]
    job = jobs["jobsets-comment"]
    origin = "[this pipeline](https://git.example.com/example/training/-/pipelines/55)"

    @classmethod
    def post(cls, forge: Forge, folder: Path, comment: bytes, **variables: str) -> tuple[int, str]:
        """Run the job with the text that was computed. Return its status and its output."""
        made = folder / "jobsets-diff"
        made.mkdir(exist_ok=True)
        (made / "comment.md").write_bytes(comment)
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
