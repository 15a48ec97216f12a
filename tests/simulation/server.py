"""The simulated cluster behind real HTTPS on the loopback interface, for the script as a process."""

from __future__ import annotations

import json
import ssl
import threading
import time
import urllib.parse
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from tests.simulation.cluster import NAMESPACE, Cluster, selected


class Server:
    """An API server with one cluster. `token` is the one that it takes; `cut` ends every watch."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        self.token = "first"
        self.lock = threading.Lock()
        self.cuts = 0
        self.expired = 0  # how many of the next watches begin too long ago
        self.refused = 0
        self.watches = 0
        self.authority = trustme.CA()
        cluster.is_watched = True
        self.http = _Http(("127.0.0.1", 0), Handler)
        self.http.owner = self
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(context)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.write_credentials(self.authority)

    @property
    def environment(self) -> dict[str, str]:
        """What the kubelet puts into a pod's environment."""
        host, port = self.http.server_address[:2]
        return {"KUBERNETES_SERVICE_HOST": str(host), "KUBERNETES_SERVICE_PORT": str(port)}

    def write_credentials(self, authority: trustme.CA) -> None:
        """Write what the kubelet mounts: the token, the authority, the namespace."""
        (self.folder / "token").write_text(self.token)
        (self.folder / "namespace").write_text(NAMESPACE)
        authority.cert_pem.write_to_path(str(self.folder / "ca.crt"))

    def rotate(self) -> None:
        """Take another token from now on; the old one is refused."""
        self.token = "second"
        (self.folder / "token").write_text(self.token)

    def cut(self) -> None:
        """End every watch at once."""
        self.cuts += 1

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Serve until the end of the block."""
        thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.cut()
            self.http.shutdown()
            self.http.server_close()
            thread.join()

    def holds(self, condition: Callable[[], bool]) -> bool:
        """Whether something is so of the cluster, while nobody changes it."""
        with self.lock:
            return condition()

    def tick(self) -> None:
        """Let the controllers have a turn."""
        with self.lock:
            self.cluster.tick()


class Handler(BaseHTTPRequestHandler):
    """Answers for the server that owns the socket."""

    protocol_version = "HTTP/1.1"

    @property
    def owner(self) -> Server:
        """Return the server."""
        return self.server.owner  # type: ignore[attr-defined]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        if self.headers["Authorization"] != f"Bearer {self.owner.token}":
            self.owner.refused += 1
            self.reply(401, {}, b"{}")
        elif query.get("watch"):
            self.watch(query)
        else:
            with self.owner.lock:
                status, headers, data = self.owner.cluster.send(self.command, self.path, body, "")
            self.reply(status, headers, data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def reply(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def watch(self, query: dict[str, str]) -> None:
        self.owner.watches += 1
        plural = urllib.parse.urlsplit(self.path).path.rpartition("/")[2]
        seen, cuts = int(query["resourceVersion"]), self.owner.cuts
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if self.owner.expired:
            self.owner.expired -= 1
            gone = {"kind": "Status", "code": 410, "reason": "Expired"}
            self.wfile.write(json.dumps({"type": "ERROR", "object": gone}).encode() + b"\n")
            return
        told = bisect_right(self.owner.cluster.history, seen, key=lambda each: each[0])
        while cuts == self.owner.cuts:
            with self.owner.lock:
                news = self.owner.cluster.history[told:]
            told += len(news)
            for _, kind, of, item in news:
                if of == plural and selected(item, query):
                    self.wfile.write(json.dumps({"type": kind, "object": item}).encode() + b"\n")
            time.sleep(0.01)

    def log_message(self, *_: Any) -> None:
        """Keep the output of the tests."""


class _Http(ThreadingHTTPServer):
    """Knows whose it is."""

    daemon_threads = True
    owner: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A process that was killed leaves its connections in the middle; a test says what matters of it."""
