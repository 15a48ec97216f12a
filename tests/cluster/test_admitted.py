"""What a build prints, taken by the real API: every object of every fixture, its pods, and the watcher's where only pods
of the restricted profile are let in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cases import VALID, arguments
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import until
from tests.cluster.oracles.admission import Document, documents, offer
from tests.cluster.oracles.controller_refusals import pod_of, pods_refused, prepare

Json = dict[str, Any]
Cli = Callable[..., Any]
MODES = {"git": ("--jobs", "git"), "watcher": ("--jobs", "watcher", "--preview")}
# Fixtures with Jobs that are taken, and whose pods are not.
NEVER_ADMITTED = {
    "priority-classes": "a pod has a priority and no class; the warning that the API server refuses it is silenced there",
}
RESTRICTED = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "latest",
}


def built(cli: Cli, case: Path, mode: str) -> list[Document]:
    """Return the objects that a build of a fixture prints, of kinds that the server knows."""
    run = cli("build", *arguments(case), *MODES[mode], folder=case)
    assert run.status == 0, run.err
    return [each for each in documents(run.out.encode(), f"{case.name}, jobs: {mode}") if each.is_served]


@pytest.fixture(scope="module")
def kinds() -> Counter[str]:
    """Return where is counted what has been stored, by kind."""
    return Counter()


# The Jobs of a preview are those of `jobs: git` but for their owner: the CI tier offers the previews of these.
PREVIEWS_IN_CI = ("driver-worker", "multislice", "startup-gates", "volume-claims")
OTHERS = pytest.mark.full_only("the CI tier offers what `jobs: git` prints for this fixture, and has four previews")
BUILDS = [
    pytest.param(case, mode, id=f"{case.name}-{mode}", marks=OTHERS if is_left_out else ())
    for case in VALID
    for mode in MODES
    for is_left_out in [mode == "watcher" and case.name not in PREVIEWS_IN_CI]
]


@pytest.mark.parametrize(("case", "mode"), BUILDS)
def test_the_api_takes_what_a_build_prints(
    case: Path, mode: str, cli: Cli, plane: ControlPlane, namespace: str, kinds: Counter[str]
) -> None:
    printed = built(cli, case, mode)
    client = plane.within(namespace)
    for document in printed:
        assert document.name, f"a GitOps tool applies by name:\n{document.text.decode()}"
        taken(partial(offer, client, document), document)
    with applied(client, printed) as objects:
        kinds.update(each["kind"] for each in objects)
        refusals = [each for jobs in by_namespace(plane, objects) for each in pods_refused(*jobs)]
    assert bool(refusals) == (case.name in NEVER_ADMITTED), "\n".join(refusals)


def test_how_much_a_build_prints(kinds: Counter[str], report_line: Callable[[str], None]) -> None:
    each = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    report_line(f"objects that builds print, taken by the API: {kinds.total()} ({each})")


def taken(ask: Callable[[], Json], document: Document) -> Json:
    """Return what was stored; a refusal is shown with what was refused."""
    try:
        return ask()
    except (ApiError, LookupError) as error:
        refusal = str(error)
    pytest.fail(f"{document}: {refusal}\n\n{document.text.decode()}", pytrace=False)


@contextmanager
def applied(client: Client, printed: list[Document]) -> Iterator[list[Json]]:
    """Apply documents server-side, and take them away again: some name a namespace, and the next fixture the same, and a
    default PriorityClass is every pod's.
    """
    objects: list[Json] = []
    try:
        for document in printed:
            apply = partial(client.apply, document.item, text=document.text, strict=True)
            objects.append(taken(apply, document))
        yield objects
    finally:
        remove(client, [each for each in objects if each["kind"] != "Namespace"])


def remove(client: Client, objects: Iterable[Json]) -> None:
    """Delete objects, and wait until they are gone."""
    left = [(client.resource_of(each).plural, each["metadata"]) for each in objects]
    for plural, meta in left:
        client.delete(plural, meta["name"], namespace=meta.get("namespace", ""))
    for plural, meta in left:
        until(lambda each=meta, of=plural: client.find(of, each["name"], namespace=each.get("namespace", "")) is None)  # type: ignore[misc]


def by_namespace(plane: ControlPlane, objects: Iterable[Json]) -> Iterator[tuple[Client, list[Json]]]:
    """Yield the Jobs among objects together, with a client for each of their namespaces."""
    jobs = [each for each in objects if each["kind"] == "Job"]
    for name in sorted({each["metadata"]["namespace"] for each in jobs}):
        yield plane.within(name), [each for each in jobs if each["metadata"]["namespace"] == name]


@pytest.fixture(scope="module")
def restricted(plane: ControlPlane) -> Client:
    """Return a client for a namespace into which only pods of the restricted profile are let."""
    name = plane.new_namespace("restricted")
    plane.client.patch("namespaces", name, {"metadata": {"labels": RESTRICTED}})
    return plane.within(name)


@pytest.mark.parametrize("mode", MODES)
def test_every_watchers_pod_is_let_in(
    mode: str, cli: Cli, restricted: Client, report_line: Callable[[str], None]
) -> None:
    watchers = [each for case in VALID for each in built(cli, case, mode) if is_watcher(each)]
    assert watchers
    for document in watchers:
        pod = pod_of(offer(restricted, document))  # the Job as the server has read it
        prepare(restricted, pod)
        let_in = taken(partial(restricted.create, pod), document)
        assert let_in["spec"]["containers"][0]["name"] == "restart-watcher"
    report_line(f"pods of watchers in a restricted namespace, jobs: {mode}: {len(watchers)}")


def is_watcher(document: Document) -> bool:
    """Whether a document is a watcher's Job."""
    return document.kind == "Job" and b"- name: restart-watcher\n" in document.text


def test_a_privileged_pod_is_refused_where_watchers_are_let_in(restricted: Client) -> None:
    container = {"name": "main", "image": "busybox", "securityContext": {"privileged": True}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "main"}, "spec": {"containers": [container]}}
    with pytest.raises(ApiError, match='violates PodSecurity "restricted:latest": privileged') as refused:
        restricted.create(pod)
    assert refused.value.status == 403
