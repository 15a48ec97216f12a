"""GitHub and GitLab as the workflows of deploy/ci see them: an HTTP API on loopback."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

MARKER = "<!-- jobsetgen diff -->"
HEAD = "a" * 40
NUMBER = 7


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
        self.later_head = HEAD  # somebody may push while a script runs

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
    """Whether a list with a query contains a pull request; it does where the fork is gone."""
    if query["state"] != pull["state"]:
        return False
    owner, _, branch = query["head"].partition(":")
    repository = pull["head"]["repo"]
    return branch == pull["head"]["ref"] and (repository is None or repository["owner"]["login"] == owner)


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
