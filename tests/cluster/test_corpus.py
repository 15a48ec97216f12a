"""Other people's manifests, from a folder that an environment variable names: they accept what we accept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobsetgen import Compilation, Settings, Source, compile
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.admission import documents, ensure_namespace, judge, offer
from tests.cluster.oracles.comparison_inputs import CORPUS, MANIFESTS
from tests.cluster.oracles.controller_refusals import pods_refused

NAMESPACE = "corpus"
AT_ONCE = 8  # manifests side by side
# The codes of what we alone refuse, each with why.
OURS_BY_CODE = {
    "JSG413": "the priority of a class is known to the cluster alone; priorityClasses in the project file tells us",
}

pytestmark = pytest.mark.skipif(not CORPUS, reason="JOBSETGEN_CORPUS names no folder of manifests")


def test_they_accept_what_we_accept(plane: ControlPlane, report_line: Callable[[str], None]) -> None:
    assert MANIFESTS
    ours = {path: errors(compiled(path)) for path in MANIFESTS}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        judged = pool.map(lambda path: judge(plane, documents(path.read_bytes(), path.name)), MANIFESTS)
        theirs = dict(zip(MANIFESTS, judged, strict=True))
    stricter = [f"{path}:\n{theirs[path]}" for path in MANIFESTS if theirs[path].is_refusal and not ours[path]]
    assert not stricter, "\n".join(stricter)
    alone = [path for path in MANIFESTS if ours[path] and not theirs[path].is_refusal]
    unexplained = [f"{path}: {ours[path] - OURS_BY_CODE.keys()}" for path in alone if ours[path] - OURS_BY_CODE.keys()]
    assert not unexplained, "\n".join(unexplained)
    codes = Counter(code for path in alone for code in ours[path])
    both = sum(bool(ours[path]) for path in MANIFESTS) - len(alone)
    report_line(f"corpus: {len(MANIFESTS)} files, {both} refused by both, {len(alone)} by us alone ({dict(codes)})")


def test_they_take_what_we_make_of_them(plane: ControlPlane, report_line: Callable[[str], None]) -> None:
    client = plane.within(NAMESPACE)
    ensure_namespace(client, NAMESPACE)
    outputs = {path: compilation for path in MANIFESTS if (compilation := compiled(path)).ok}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        refused = list(pool.map(lambda path: refusals(client, path, outputs[path]), outputs))
    found = [line for lines in refused for line in lines]
    assert not found, "\n".join(found)
    objects = sum(sum(1 for _ in each.objects()) for each in outputs.values())
    report_line(f"corpus: {objects:,} objects made of {len(outputs)} files, all taken by the API, and their pods")


def compiled(path: Path) -> Compilation:
    """Return what we make of a manifest."""
    return compile([Source(name=path.name, content=path.read_bytes())], Settings(namespace=NAMESPACE))


def errors(compilation: Compilation) -> set[str]:
    """Return the codes of our errors."""
    return {each.code for each in compilation.diagnostics if each.is_error}


def refusals(client: Client, path: Path, compilation: Compilation) -> list[str]:
    """Return what the API says against an output, and against a pod of each template in it."""
    found, stored = [], []
    for document in documents(compilation.text().encode(), str(path)):
        try:
            if document.is_served:
                stored.append(offer(client, document))
        except (ApiError, LookupError) as error:
            found.append(f"{document}: {error}")
    return found + [f"{path}: {each}" for each in pods_refused(client, [job for job in stored if job["kind"] == "Job"])]
