"""What the API server says about YAML text: when it is applied, and later, about what controllers make of it.

The text goes to the server as it was written, and the server parses it: no parser of ours stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles import controller_refusals

Json = dict[str, Any]
Case = TypeVar("Case")
AT_ONCE = 8  # cases side by side
# Objects that pass through a compile as they are, of kinds that an API server does not serve by itself. Here nobody can
# say whether they are right; the kind and its version are what was looked for and not found.
NOT_SERVED = {
    "AppWrapper of workload.codeflare.dev/v1beta2": "a CRD of CodeFlare's, around Jobs of every kind",
    "LocalQueue of kueue.x-k8s.io/v1beta1": "a CRD of Kueue's",
    "Workflow of argoproj.io/v1alpha1": "a CRD of Argo Workflows', with a JobSet inside a text",
    "Workload of scheduling.k8s.io/v1alpha2": "an alpha API, which Kubernetes 1.36 had and 1.37 has no more",
    "PodGroup of scheduling.k8s.io/v1alpha2": "an alpha API, which Kubernetes 1.36 had and 1.37 has no more",
    "TrainingRuntime of trainer.kubeflow.org/v1alpha1": "a CRD of Kubeflow Trainer's, which makes JobSets",
    "TrainJob of trainer.kubeflow.org/v1alpha1": "a CRD of Kubeflow Trainer's, which makes JobSets",
    "JobSet of scheduling.example.com/v1": "a CRD that has only the kind's name in common",
}
JOBSETS = "jobset.x-k8s.io/v1alpha2"
# kubectl splits before it parses, so that one broken document does not hide the others.
_SEPARATOR = re.compile(rb"^---(?=\s|\Z)", re.M)
_COMMENT = re.compile(rb"^\s*#.*$", re.M)
_FIELD = r"^{}:[ \t]*[\"']?([^\s\"']+)"


@dataclass(frozen=True)
class Document:
    """One object as somebody wrote it. `item` says only what it is and where it goes, and is no copy of the text."""

    text: bytes
    item: Json
    file: str = ""

    @property
    def kind(self) -> str:
        """Return the object's kind."""
        return str(self.item["kind"])

    @property
    def is_served(self) -> bool:
        """Whether it is of a kind that the server should know."""
        return f"{self.kind} of {self.item['apiVersion']}" not in NOT_SERVED

    @property
    def name(self) -> str:
        """Return the object's name, empty where the server is to make one."""
        return str(self.item["metadata"].get("name") or "")

    @property
    def namespace(self) -> str:
        """Return the namespace that the object names."""
        return str(self.item["metadata"].get("namespace") or "")

    def __str__(self) -> str:
        return f"{self.file}: {self.kind} {self.name}".removeprefix(": ")


@dataclass(frozen=True)
class Verdict:
    """What the real thing has against some documents."""

    at_once: tuple[str, ...] = ()  # what whoever applies them is told
    later: tuple[str, ...] = ()  # what only a controller is told, when it makes Jobs and pods of them

    @property
    def is_refusal(self) -> bool:
        """Whether there is anything."""
        return bool(self.at_once or self.later)

    def __str__(self) -> str:
        if not self.is_refusal:
            return "accepted"
        lines = [f"refused at once: {each}" for each in self.at_once]
        return "\n".join(lines + [f"refused later: {each}" for each in self.later])


def manifests(folder: Path) -> list[Path]:
    """Return the files with objects in a folder of a case, and in the folders in it."""
    return sorted(path for path in folder.rglob("*.y*ml") if path.name != "jobsetgen.yaml")


def documents(content: bytes, file: str = "") -> list[Document]:
    """Split a file as kubectl does. A List is opened; whatever has no kind is offered as a JobSet."""
    texts = [text for text in _SEPARATOR.split(content) if _COMMENT.sub(b"", text).strip()]
    return [each for text in texts for each in _opened(text, file)]


def _opened(text: bytes, file: str) -> list[Document]:
    read = _read(text)
    items = read.get("items")
    if read.get("kind") == "List" and isinstance(items, list):
        return [Document(b"", {**item, "metadata": item.get("metadata") or {}}, file) for item in items]
    return [Document(text, _what(text, read), file)]


def _read(text: bytes) -> Json:
    """Return what a document holds, as far as it can be read; kinds and names are read alike by every YAML."""
    # Whatever this reader cannot take, be it an error or a depth, is still offered to the server.
    with suppress(Exception):
        read = YAML(typ="safe").load(text)
        return read if isinstance(read, dict) else {}
    return {}


def _what(text: bytes, read: Json) -> Json:
    version = read.get("apiVersion") or _field(text, "apiVersion") or JOBSETS
    kind = read.get("kind") or _field(text, "kind")
    metadata = read.get("metadata")
    names = metadata if isinstance(metadata, dict) else {}
    return {"apiVersion": version if kind else JOBSETS, "kind": kind or "JobSet", "metadata": names}


def _field(text: bytes, name: str) -> str:
    found = re.search(_FIELD.format(name).encode(), text, re.M)
    return found[1].decode(errors="replace") if found else ""


def ensure_namespace(client: Client, name: str) -> None:
    """Make a namespace unless it is there."""
    if not name or client.find("namespaces", name):
        return
    try:
        client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    except ApiError as error:
        if error.reason != "AlreadyExists":
            raise


def offer(client: Client, document: Document, *, strict: bool = True) -> Json:
    """Create a document as kubectl does, but for the storing of it, and return what would have been stored.

    `strict` is about fields that are unknown or stand twice. Raises ApiError, and LookupError for a kind that the server does not serve.
    """
    ensure_namespace(client, document.namespace)
    try:
        return client.create(document.item, text=document.text, dry_run=True, strict=strict)
    except ApiError as error:
        # Something valid that is there, such as a namespace; what is not valid is said before.
        if error.reason != "AlreadyExists":
            raise
        return document.item


@contextmanager
def judge_concurrently(
    plane: ControlPlane, offered: Mapping[Case, list[Document]]
) -> Iterator[Mapping[Case, Future[Verdict]]]:
    """Judge many cases side by side, for the length of a block; each verdict is there as soon as it is known."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {case: pool.submit(judge, plane, each) for case, each in offered.items()}
        pool.shutdown(cancel_futures=True)


def judge(plane: ControlPlane, offered: Iterable[Document]) -> Verdict:
    """Offer documents, and when all are accepted look at what becomes of them. Kinds NOT_SERVED are left out."""
    refusals: list[str] = []
    stored: list[Json] = []
    for document in (each for each in offered if each.is_served):
        try:
            stored.append(offer(plane.client, document))
        except (ApiError, LookupError) as error:
            refusals.append(f"{document}: {error}")
    if refusals:
        return Verdict(at_once=tuple(refusals))
    return Verdict(*controller_refusals.refusals_of_stored(plane, stored))
