"""A client of the API for tests: small, from the standard library, with nothing between a test and an answer.

It lives outside the cluster's network: only its sockets are opened inside. Plurals are resolved as kubectl does it, by
asking the server, so that resources of any CRD work.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
import urllib.parse
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.cluster.harness.processes import Network

Json = dict[str, Any]
_PATCHES = {
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",  # JSON is YAML
}
_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_IDLE = 30.0  # seconds after which a connection is made anew: the server closes one after 90
_PAGE = 500


class ApiError(Exception):
    """An answer of the API that is no success."""

    def __init__(self, status: int, message: str, body: Json) -> None:
        super().__init__(f"{status}: {message}")
        self.status, self.message, self.body = status, message, body

    @property
    def reason(self) -> str:
        """Return the API's word for it, such as AlreadyExists."""
        return str(self.body.get("reason", ""))


class Server(NamedTuple):
    """Where an API server is, and how it is known."""

    network: Network
    host: str
    port: int
    authority: Path


class Resource(NamedTuple):
    """A kind as the server serves it."""

    version: str  # as in apiVersion
    plural: str
    kind: str
    is_namespaced: bool

    @property
    def root(self) -> str:
        """Return the path of its version."""
        return f"/apis/{self.version}" if "/" in self.version else f"/api/{self.version}"

    @property
    def group(self) -> str:
        """Return its group, empty for the core's."""
        return self.version.rpartition("/")[0]


class _Connection(http.client.HTTPSConnection):
    """Opens its socket inside the network."""

    def __init__(self, server: Server, context: ssl.SSLContext, timeout: float | None) -> None:
        super().__init__(server.host, server.port, context=context, timeout=timeout)
        self.network = server.network
        self.used = time.monotonic()
        self.is_lent = threading.Lock()

    def connect(self) -> None:
        with self.network.entered():
            super().connect()

    @property
    def is_idle(self) -> bool:
        """Whether it was last used so long ago that the server may have closed it."""
        return time.monotonic() - self.used > _IDLE


class Client:
    """Speaks to one server as one user: by a certificate and its key, or by a token. Threads may share it.

    A resource is named by its plural ("jobs"), by plural and group ("jobsets.jobset.x-k8s.io") or by an object. A
    namespace that is not given is the client's own, and none is needed for what has none.
    """

    def __init__(
        self,
        server: Server,
        *,
        namespace: str = "default",
        certificate: tuple[Path, Path] | None = None,
        token: str = "",
    ) -> None:
        self.server, self.namespace, self.token = server, namespace, token
        self._certificate = certificate
        self._context = ssl.create_default_context(cafile=str(server.authority))
        if certificate:
            self._context.load_cert_chain(*certificate)
        self._local = threading.local()
        self._connections: list[_Connection] = []
        self._resources: tuple[Resource, ...] = ()

    def within(self, namespace: str) -> Client:
        """Return the same user's client for another namespace. It is closed by itself."""
        return Client(self.server, namespace=namespace, certificate=self._certificate, token=self.token)

    def close(self) -> None:
        """Close the connections of every thread."""
        while self._connections:
            self._connections.pop().close()

    def close_idle(self) -> None:
        """Close the connections that no thread has used for a while; the next request opens one again.

        Those of threads that have ended are among them.
        """
        for connection in tuple(self._connections):
            if connection.is_idle and connection.is_lent.acquire(blocking=False):
                connection.close()
                connection.is_lent.release()

    # Reading

    def get(self, resource: str, name: str, *, namespace: str = "") -> Json:
        """Return an object; ApiError has status 404 when there is none."""
        return self.request("GET", self._path(self.resource(resource), namespace, name))

    def find(self, resource: str, name: str, *, namespace: str = "") -> Json | None:
        """Return an object, or None."""
        try:
            return self.get(resource, name, namespace=namespace)
        except ApiError as error:
            if error.status != 404:
                raise
            return None

    def list(self, resource: str, *, namespace: str = "", labels: str = "", fields: str = "") -> list[Json]:
        """Return all objects of a namespace that match the selectors; "*" stands for all namespaces."""
        found = self.resource(resource)
        query = {"labelSelector": labels, "fieldSelector": fields, "limit": str(_PAGE), "continue": ""}
        items: list[Json] = []
        while True:
            page = self.request("GET", self._path(found, namespace), query=query)
            items += page["items"]
            query["continue"] = page["metadata"].get("continue", "")
            if not query["continue"]:
                return items

    def watch(
        self,
        resource: str,
        *,
        namespace: str = "",
        labels: str = "",
        fields: str = "",
        since: str = "",
        seconds: int = 60,
    ) -> Generator[tuple[str, Json], None, None]:
        """Yield types and objects as they change, after a resourceVersion, for so many seconds.

        Without a version it begins with an ADDED for each object there is. Close the iterator to end it sooner.
        """
        query = {"watch": "1", "labelSelector": labels, "fieldSelector": fields}
        query |= {"resourceVersion": since, "timeoutSeconds": str(seconds)}
        path = _with_query(self._path(self.resource(resource), namespace), query)
        with closing(_Connection(self.server, self._context, seconds + 10)) as connection:
            connection.request("GET", path, headers=self._headers({}))
            with connection.getresponse() as response:
                if response.status >= 300:
                    raise _error(response.status, response.read())
                for line in response:
                    event = json.loads(line)
                    yield event["type"], event["object"]

    # Writing

    def create(
        self, item: Json, *, text: bytes = b"", namespace: str = "", dry_run: bool = False, strict: bool = False
    ) -> Json:
        """Create an object; `strict` refuses unknown and duplicate fields, as kubectl asks for.

        With `text` that YAML is sent for the server to read, and the item says only where to.
        """
        query = _options(dry_run, strict)
        found, namespace = self.resource_of(item), namespace or item["metadata"].get("namespace", "")
        content = "application/yaml" if text else "application/json"
        return self.request("POST", self._path(found, namespace), text or item, query=query, content=content)

    def apply(
        self,
        item: Json,
        *,
        text: bytes = b"",
        namespace: str = "",
        manager: str = "cluster-tests",
        force: bool = True,
        dry_run: bool = False,
        strict: bool = False,
    ) -> Json:
        """Apply an object server-side; `text` and `strict` as in `create`."""
        query = _options(dry_run, strict) | {"fieldManager": manager, "force": str(force).lower()}
        found, meta = self.resource_of(item), item["metadata"]
        path = self._path(found, namespace or meta.get("namespace", ""), meta["name"])
        return self.request("PATCH", path, text or item, query=query, content=_PATCHES["apply"])

    def replace(self, item: Json, *, namespace: str = "", dry_run: bool = False) -> Json:
        """Replace an object by what a read has returned and a test has changed."""
        meta = item["metadata"]
        path = self._path(self.resource_of(item), namespace or meta.get("namespace", ""), meta["name"])
        return self.request("PUT", path, item, query=_options(dry_run))

    def patch(
        self,
        resource: str,
        name: str,
        body: Any,
        *,
        namespace: str = "",
        kind: str = "merge",
        subresource: str = "",
        dry_run: bool = False,
    ) -> Json:
        """Patch an object; `kind` is merge, json or strategic."""
        path = self._path(self.resource(resource), namespace, name, subresource)
        return self.request("PATCH", path, body, query=_options(dry_run), content=_PATCHES[kind])

    def patch_status(self, resource: str, name: str, status: Json, *, namespace: str = "") -> Json:
        """Merge into an object's status what a controller would have written there."""
        return self.patch(resource, name, {"status": status}, namespace=namespace, subresource="status")

    def delete(
        self, resource: str, name: str, *, namespace: str = "", uid: str = "", propagation: str = "Background",
        grace: int | None = None, dry_run: bool = False,
    ) -> Json:  # fmt: skip
        """Delete an object, if it is the one of the UID."""
        path = self._path(self.resource(resource), namespace, name)
        return self.request("DELETE", path, _deletion(propagation, grace, uid, dry_run))

    def delete_collection(
        self, resource: str, *, namespace: str = "", labels: str = "", propagation: str = "Background",
        grace: int | None = None,
    ) -> Json:  # fmt: skip
        """Delete all objects of a namespace that match the selector."""
        path = self._path(self.resource(resource), namespace)
        return self.request("DELETE", path, _deletion(propagation, grace), query={"labelSelector": labels})

    # What both are made of

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        content: str = "application/json",
        accept: str = "application/json",
    ) -> Json:
        """Send a request to a path and return the object that answers it. A body of bytes is sent as it is."""
        headers = self._headers({"Content-Type": content, "Accept": accept})
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        with self._connected() as connection:
            connection.request(method, _with_query(path, query or {}), data, headers)
            response = connection.getresponse()
            status, text = response.status, response.read()
        if status >= 300:
            raise _error(status, text)
        return _object(text)

    def resource(self, name: str) -> Resource:
        """Return what the server calls by a plural, with its group or without; the core's and the oldest first."""
        plural, _, group = name.partition(".")
        return self._find(lambda each: each.plural == plural and (not group or each.group == group), name)

    def resource_of(self, item: Json) -> Resource:
        """Return what an object is one of."""
        version, kind = item["apiVersion"], item["kind"]
        return self._find(lambda each: (each.version, each.kind) == (version, kind), f"{kind} of {version}")

    def _find(self, matches: Any, name: str) -> Resource:
        for is_fresh in (False, True):
            if is_fresh or not self._resources:
                self._resources = self._discovered()
            for each in self._resources:
                if matches(each):
                    return each
        raise LookupError(f"the server has no {name}")

    def _discovered(self) -> tuple[Resource, ...]:
        found: list[Resource] = []
        for path in ("/api", "/apis"):
            for group in self.request("GET", path, accept=_DISCOVERY)["items"]:
                found += _resources(group)
        return tuple(found)

    def _path(self, resource: Resource, namespace: str, name: str = "", subresource: str = "") -> str:
        within = ("namespaces", namespace or self.namespace) if resource.is_namespaced and namespace != "*" else ()
        parts = (resource.root, *within, resource.plural, name, subresource)
        return "/".join(part for part in parts if part)

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    @contextmanager
    def _connected(self) -> Iterator[_Connection]:
        """Lend the calling thread its connection, which is kept; after an error it is not trusted again."""
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _Connection(self.server, self._context, 60)
            self._connections.append(connection)
        with connection.is_lent:
            if connection.is_idle:
                connection.close()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            connection.used = time.monotonic()


def kubeconfig(server: Server, certificates: Path, namespace: str = "default") -> Json:
    """Return what kubectl and the components read, for the admin; JSON is YAML."""
    cluster = {
        "server": f"https://{server.host}:{server.port}",
        "certificate-authority": str(server.authority),
    }
    user = {
        "client-certificate": str(certificates / "admin.crt"),
        "client-key": str(certificates / "admin.key"),
    }
    context = {"cluster": "test", "user": "admin", "namespace": namespace}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "admin", "user": user}],
        "contexts": [{"name": "test", "context": context}],
        "current-context": "test",
    }


def _resources(group: Json) -> Iterator[Resource]:
    for version in group["versions"]:
        name = "/".join(each for each in (group["metadata"].get("name"), version["version"]) if each)
        for each in version.get("resources", ()):
            kind = (each.get("responseKind") or {}).get("kind", "")
            yield Resource(name, each["resource"], kind, each["scope"] == "Namespaced")


def _options(dry_run: bool, strict: bool = False) -> dict[str, str]:
    return ({"dryRun": "All"} if dry_run else {}) | ({"fieldValidation": "Strict"} if strict else {})


def _deletion(propagation: str, grace: int | None, uid: str = "", dry_run: bool = False) -> Json:
    """Return the body, beside which the server reads no query."""
    body: Json = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation}
    if dry_run:
        body["dryRun"] = ["All"]
    if grace is not None:
        body["gracePeriodSeconds"] = grace
    if uid:
        body["preconditions"] = {"uid": uid}
    return body


def _with_query(path: str, query: Mapping[str, str]) -> str:
    given = {key: value for key, value in query.items() if value}
    return f"{path}?{urllib.parse.urlencode(given)}" if given else path


def _object(text: bytes) -> Json:
    try:
        return dict(json.loads(text))
    except ValueError:
        return {"message": text.decode(errors="replace")}  # such as the "ok" of /readyz


def _error(status: int, text: bytes) -> ApiError:
    body = _object(text)
    return ApiError(status, str(body.get("message", "")), body)
