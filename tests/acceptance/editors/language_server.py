"""The yaml-language-server that editors run: installed from npm, started, and spoken to over its standard streams.

It lies outside of the checkout, keyed by its lock file, so that a `git clean` costs no download and two checkouts share
it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import queue
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

LOCKED = Path(__file__).resolve().parent
CACHE = Path.home() / ".cache" / "jobsetgen" / "editors"
INSTALLS_WITHIN = 300.0
ANSWERS_WITHIN = 60.0
Inbox = queue.Queue[dict[str, Any] | None]
# How npm says that a package cannot be had from here. Anything else, such as another checksum, is a failure.
_OUT_OF_REACH = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT"
    r"|E401|E403|E404|E429|E5\d\d)\b"
)


class CannotInstallError(Exception):
    """This machine lacks what the server needs; the message says in one sentence what."""


class NoAnswerError(Exception):
    """The server ended, or said nothing for too long."""


def installed(cache: Path = CACHE) -> Path:
    """Return the server's program, a file for node, which is installed first where the cache does not have it.

    Raises CannotInstallError where node, npm or npm's registry is missing, and RuntimeError where npm fails.
    """
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise CannotInstallError(f"there is no {tool} on the PATH")
    lock = (LOCKED / "package-lock.json").read_bytes()
    folder = cache / hashlib.sha256(lock).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of two runs at once, the second waits and finds it done
        if not folder.exists():
            _install(folder)
    return folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


def _install(folder: Path) -> None:
    """Install beside the folder and rename: an install that is cut short leaves nothing that looks whole."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKED / name, made)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        try:
            done = subprocess.run(
                command, cwd=made, capture_output=True, text=True, timeout=INSTALLS_WITHIN, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise CannotInstallError(f"npm was not done within {INSTALLS_WITHIN:.0f} seconds") from late
        if found := _OUT_OF_REACH.search(done.stderr if done.returncode else ""):
            raise CannotInstallError(f"npm cannot get the packages from its registry: {found[0]}")
        if done.returncode:
            raise RuntimeError(f"npm ci failed:\n{done.stderr}")
        made.rename(folder)


class LanguageServer:
    """A running server and what it has said. Its workspace is a folder, which documents are named in."""

    def __init__(self, stdin: IO[bytes], inbox: Inbox, folder: Path, settings: dict[str, Any]) -> None:
        self._stdin = stdin
        self._inbox = inbox
        self._folder = folder
        self._settings = settings
        self._count = 0
        self._asked_for_settings = False
        self._problems: dict[str, list[dict[str, Any]]] = {}
        self._results: dict[int, dict[str, Any]] = {}

    def initialize(self) -> None:
        """Open the session as an editor does, and wait until the server has asked for the settings."""
        root = self._folder.as_uri()
        capabilities = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        }
        folders = [{"uri": root, "name": self._folder.name}]
        opening = {"processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities}
        self.request("initialize", opening)
        self.notify("initialized", {})
        while not self._asked_for_settings:
            self._take_one()

    def open(self, name: str, text: str) -> None:
        """Open a document, which need not be on the disk."""
        document = {"uri": self._uri(name), "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def problems(self, name: str) -> list[dict[str, Any]]:
        """Wait for the problems of an open document, and return them from its top to its end.

        A problem is one of the protocol's: a message, and a range of lines and characters that both count from 0.
        """
        uri = self._uri(name)
        while uri not in self._problems:
            self._take_one()
        return sorted(self._problems[uri], key=lambda problem: problem["range"]["start"]["line"])

    def completion(self, name: str, line: int, character: int) -> list[str]:
        """Return the labels that are offered at a place in an open document."""
        offered = self.request("textDocument/completion", self._place(name, line, character))
        items = offered["items"] if isinstance(offered, dict) else offered
        return [item["label"] for item in items]

    def hover(self, name: str, line: int, character: int) -> str:
        """Return the text that is shown over a place in an open document, or nothing."""
        shown = self.request("textDocument/hover", self._place(name, line, character))
        return shown["contents"]["value"] if shown else ""

    def request(self, method: str, params: Any) -> Any:
        """Ask the server and return its result. Raises NoAnswerError."""
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        while number not in self._results:
            self._take_one()
        answer = self._results.pop(number)
        if "error" in answer:
            raise NoAnswerError(f"{method}: {answer['error']}")
        return answer["result"]

    def notify(self, method: str, params: Any) -> None:
        """Tell the server something that it does not answer. Raises NoAnswerError where it has ended."""
        self._send({"method": method, "params": params})

    def _uri(self, name: str) -> str:
        return (self._folder / name).as_uri()

    def _place(self, name: str, line: int, character: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self._uri(name)}, "position": {"line": line, "character": character}}

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        try:
            self._stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
            self._stdin.flush()
        except BrokenPipeError as ended:
            raise NoAnswerError("the server has ended") from ended

    def _take_one(self) -> None:
        """Wait for one message and act on it."""
        try:
            message = self._inbox.get(timeout=ANSWERS_WITHIN)
        except queue.Empty:
            raise NoAnswerError(f"the server said nothing for {ANSWERS_WITHIN:.0f} seconds") from None
        if message is None:
            raise NoAnswerError("the server has ended")
        method = message.get("method")
        if method is None:
            self._results[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self._problems[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            self._send({"id": message["id"], "result": self._answer(method, message.get("params"))})

    def _answer(self, method: str, params: Any) -> Any:
        """Answer the server's own questions: those for settings; the others want no more than an answer."""
        if method != "workspace/configuration":
            return None
        self._asked_for_settings = True
        return [self._settings.get(item["section"]) for item in params["items"]]


@contextmanager
def running(program: Path, folder: Path, settings: dict[str, Any]) -> Iterator[LanguageServer]:
    """Run the server with a folder as its workspace, and end it whatever happens.

    `settings` are the editor's, by section: `{"yaml": {...}}`.
    """
    command = ["node", str(program), "--stdio"]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None
    # A pipe cannot be read with a timeout, a queue can.
    inbox: Inbox = queue.Queue()
    reader = threading.Thread(target=_read_all, args=(stdout, inbox), daemon=True)
    reader.start()
    try:
        server = LanguageServer(stdin, inbox, folder, settings)
        server.initialize()
        yield server
    finally:
        process.kill()
        process.wait()
        reader.join()
        stdout.close()
        with suppress(BrokenPipeError):
            stdin.close()


def _read_all(stream: IO[bytes], inbox: Inbox) -> None:
    """Put every message of a stream into a queue, and None at its end."""
    try:
        while message := _read(stream):
            inbox.put(message)
    finally:
        inbox.put(None)


def _read(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the next message of a stream, or None at its end."""
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    # A message that was cut off by the end of the process is none.
    content = stream.read(length)
    return json.loads(content) if length and len(content) == length else None
