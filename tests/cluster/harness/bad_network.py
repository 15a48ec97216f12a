"""A proxy between watchers and the API server on which things go wrong by chance, each counted by its kind.

It has the API server's own certificate, so that a watcher trusts it as it trusts the server, and listens on the loopback
interface of the cluster's network. It passes on the watcher's token. Each proxy has a seed of its own.
"""

from __future__ import annotations

import http.client
import json
import random
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.cluster.harness.control_plane import HOST, ControlPlane

Json = dict[str, Any]
RATE = 0.15  # of the requests and of the events of watches that meet a fault
LATENCY = (0.05, 0.5)  # seconds
STALL = (1.0, 3.0)
LONGEST_WATCH = 15.0
REFUSALS = (401, 429, 500, 502, 503, 504)
ANSWERED = ("latency", "slow body", "truncated body", "answer lost", "504 after the effect")
UNANSWERED = ("request lost", "stalled")
WATCH_FAULTS = ("cut", "truncated event", "doubled event", "reordered events", "late event")
LOST = -1  # in place of a status: the connection ends without an answer
KINDS = {
    *ANSWERED,
    *UNANSWERED,
    *(str(status) for status in (*REFUSALS, 409, 410)),
    *(f"watch: {way}" for way in (*WATCH_FAULTS, "410 as an event", "410")),
}


class BadNetwork:
    """What one proxy does. `steady` is a status that answers everything, or all watches where it is 410.

    Of the faults that can strike a request, one strikes that has struck least, here or on the other networks that are
    given the same `before`: a few networks meet most kinds.
    """

    def __init__(
        self, plane: ControlPlane, seed: int | str, rate: float = RATE, before: Counter[str] | None = None
    ) -> None:
        self.plane, self.rate = plane, rate
        self.before = Counter() if before is None else before
        self.steady = 0  # none
        self.chance = random.Random(seed)
        self.struck: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()  # by method and kind of object
        self.lock = threading.Lock()
        self.trusts = ssl.create_default_context(cafile=str(plane.server.authority))
        with plane.network.entered():
            self.http = _Server((HOST, 0), _Handler)
        self.http.owner = self
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificates = plane.certificates
        tls.load_cert_chain(certificates.path("server.crt"), certificates.path("server.key"))
        # The handshake is up to the thread of each connection: one that is slow holds up no other.
        self.http.socket = tls.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.http.server_address[1])

    @contextmanager
    def running(self) -> Iterator[BadNetwork]:
        """Serve for the length of a block."""
        thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.http.shutdown()
            self.http.server_close()
            thread.join()

    def strike(self, kinds: tuple[str, ...]) -> str:
        """Return the fault that strikes now, already counted, or nothing."""
        with self.lock:
            if self.chance.random() >= self.rate:
                return ""
            least = min(self.before[kind] for kind in kinds)
            kind = self.chance.choice([kind for kind in kinds if self.before[kind] == least])
            self.before[kind] += 1  # that two networks count one at once may get lost, and does no harm
            self.struck[kind] += 1
            return kind

    def count_request(self, what: str) -> None:
        """Note a request."""
        with self.lock:
            self.requests[what] += 1

    def seconds(self, between: tuple[float, float]) -> float:
        """Return a time by chance."""
        with self.lock:
            return self.chance.uniform(*between)

    def connected(self) -> http.client.HTTPSConnection:
        """Return a new connection to the API server."""
        server = self.plane.server
        connection = http.client.HTTPSConnection(server.host, server.port, context=self.trusts, timeout=60)
        with server.network.entered():
            connection.connect()
        return connection


class BehindBadNetwork:
    """A control plane whose watchers speak to the API server through a proxy; tests speak to it without."""

    def __init__(self, plane: ControlPlane, network: BadNetwork) -> None:
        self._plane, self._network = plane, network

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plane, name)

    def credentials(self, folder: Path, namespace: str, service_account: str) -> dict[str, str]:
        """Return what the kubelet would put into the pod's environment, with the proxy's port."""
        environment = self._plane.credentials(folder, namespace, service_account)
        return {**environment, "KUBERNETES_SERVICE_PORT": str(self._network.port)}


class _Handler(BaseHTTPRequestHandler):
    """One connection of a watcher."""

    protocol_version = "HTTP/1.1"

    @property
    def network(self) -> BadNetwork:
        return self.server.owner  # type: ignore[attr-defined,no-any-return]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        is_watch = "watch=1" in self.path
        plural = self.path.partition("?")[0].split("/namespaces/")[1].split("/")[1]
        self.network.count_request(f"{'WATCH' if is_watch else self.command} {plural}")
        steady = self.network.steady
        if steady == LOST:
            self.close_connection = True
        elif steady and (steady != 410 or is_watch):
            self._refuse(steady)
        elif is_watch:
            self._watch()
        else:
            self._pass_on(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    # --- Requests ---------------------------------------------------------------------------------
    def _kinds(self) -> tuple[str, ...]:
        """The faults that this request may meet."""
        more = ("409",) if self.command != "GET" else ("410",) if "limit=" in self.path else ()
        return (*ANSWERED, *UNANSWERED, *(str(status) for status in REFUSALS), *more)

    def _pass_on(self, body: bytes | None) -> None:
        fault = self.network.strike(self._kinds())
        if fault.isdecimal():
            self._refuse(int(fault))
        elif fault in UNANSWERED:
            time.sleep(self.network.seconds(STALL) if fault == "stalled" else 0)
            self.close_connection = True
        else:
            self._give(fault, *self._asked(body))

    def _asked(self, body: bytes | None) -> tuple[int, bytes]:
        """Return what the API server answers."""
        connection = self.network.connected()
        try:
            connection.request(self.command, self.path, body, self._own_headers())
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _own_headers(self) -> dict[str, str]:
        names = ("Authorization", "Accept", "Content-Type", "User-Agent")
        return {name: self.headers[name] for name in names if self.headers[name]}

    def _give(self, fault: str, status: int, answer: bytes) -> None:
        """Send an answer, as far as a fault lets it."""
        if fault == "answer lost":
            self.close_connection = True
            return
        if fault == "504 after the effect":
            self._refuse(504)
            return
        if fault == "latency":
            time.sleep(self.network.seconds(LATENCY))
        self._send_head(status, len(answer))
        if fault == "truncated body":
            self.wfile.write(answer[: len(answer) // 2])
            self.close_connection = True
        elif fault == "slow body":
            self._send_slowly(answer)
        else:
            self.wfile.write(answer)

    def _send_slowly(self, answer: bytes) -> None:
        size = len(answer) // 10 + 1
        for begin in range(0, len(answer), size):
            self.wfile.write(answer[begin : begin + size])
            time.sleep(0.03)

    def _send_head(self, status: int, length: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _refuse(self, status: int) -> None:
        text = json.dumps({"kind": "Status", "code": status, "message": "the network is bad"}).encode()
        self._send_head(status, len(text))
        self.wfile.write(text)

    # --- Watches ----------------------------------------------------------------------------------
    def _watch(self) -> None:
        fault = self.network.strike(("watch: 410", "watch: 410 as an event"))
        if fault == "watch: 410":
            self._refuse(410)
            return
        self.close_connection = True
        connection = self.network.connected()
        try:
            connection.request("GET", self.path, None, self._own_headers())
            response = connection.getresponse()
            if response.status != 200:
                answer = response.read()
                self._send_head(response.status, len(answer))
                self.wfile.write(answer)
                return
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            if fault:
                gone = {"kind": "Status", "code": 410, "message": "too old resource version"}
                self._tell(json.dumps({"type": "ERROR", "object": gone}).encode() + b"\n")
                return
            connection.sock.settimeout(LONGEST_WATCH)
            self._tell_all(response)
        except OSError:
            pass  # one of both sides has gone, or there was no news for long
        finally:
            connection.close()

    def _tell_all(self, news: Any) -> None:
        """Pass on the lines of a watch, as far as faults let them."""
        before: bytes = b""
        for line in news:
            fault = self.network.strike(tuple(f"watch: {way}" for way in WATCH_FAULTS))
            if fault == "watch: cut":
                return
            if fault == "watch: truncated event":
                self._tell(line[: len(line) // 2])
                return
            if fault == "watch: late event":
                time.sleep(self.network.seconds(LATENCY))
            self._tell(line)
            if fault == "watch: doubled event":
                self._tell(line)
            elif fault == "watch: reordered events" and before:
                self._tell(before)
            before = line

    def _tell(self, line: bytes) -> None:
        self.wfile.write(line)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Keep the output of the tests."""


class _Server(ThreadingHTTPServer):
    """Knows whose it is."""

    daemon_threads = True
    request_queue_size = 128
    owner: BadNetwork

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A watcher that was ended leaves its connections in the middle."""
