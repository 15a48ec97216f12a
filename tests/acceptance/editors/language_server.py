"""The yaml-language-server that editors run: installed from npm, started, and spoken to over its standard streams."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tests.acceptance import npm

LOCKED = Path(__file__).resolve().parent
ANSWERS_WITHIN = 60.0
Inbox = queue.Queue[dict[str, Any] | None]


class NoAnswerError(Exception):
    """The server ended, or said nothing for too long."""


def installed() -> Path:
    """Return the server's program, a file for node, which is installed first where the cache does not have it.

    Raises CannotInstallError where node, npm or npm's registry is missing, and RuntimeError where npm fails.
    """
    return npm.installed(LOCKED) / "yaml-language-server" / "bin" / "yaml-language-server"


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
