"""What we accept and refuse, beside what the real API, the JobSet webhooks and the controllers accept and refuse.

Each difference stands in a table with its reason; one that is gone, or that is new, fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.source.loader import load
from tests.cases import INVALID, VALID
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.admission import Document, Verdict, documents, judge_concurrently, manifests, offer

Json = dict[str, Any]

# Invalid fixtures that nobody refuses but us, at no time.
ACCEPTED = {
    "bad-pattern": "a pattern that does not compile is skipped at run time, so that its rule never matches",
    "depends-on-itself": "the controller waits for ever for a replicatedJob that waits for itself",
    "duplicate-object": "the second of two objects of one name overwrites the first, and nobody hears of it",
    "duplicate-over-files": "the second of two objects of one name overwrites the first, and nobody hears of it",
    "exclusive-unknown-priority": "the cluster knows the class's priority; we have to write it, and cannot guess it",
    "gated-with-node-name": "a start order is a scheduling gate with us, and a pod that names its node cannot have one",
    "kueue-deadline": "a queued Job is ended by its deadline with us, so Git cannot hold that field",
    "misspelt-keys": "nobody reads a key of that name; the placement is lost, the variable is empty, nothing is selected",
    "missing-replicated-job-name": "the Job is called demo--0; the name is required, and is the key of the list",
    "negative-replicas": "they make no Job, and release 0.12.0 says nothing; the source that we follow refuses it (#1279)",
    "shared-subdomain": "the second set uses the first one's Service, which does not select its pods: no name resolves",
    "too-many-jobs": "our limit of Jobs in one output, which an option raises",
    "watcher-object-twice": "the ConfigMap of that name is one that we make",
    "yaml-unknown-tag": "they ignore the tag and take its text, which is not what who writes !env means",
}
# Invalid fixtures that hold a JobSet with which nothing is wrong: the mistake is in a file or an option of ours.
OURS = {
    "field-of-a-later-version": "--kubernetes-version names an older version than the server's",
    "project-resources": "jobsetgen.yaml names a file that is not there",
    "project-targets": "jobsetgen.yaml names a JobSet that is not there",
    "project-two-documents": "jobsetgen.yaml holds two documents",
    "project-unknown-option": "jobsetgen.yaml has an unknown field",
    "project-wrong-kind": "jobsetgen.yaml is of another kind",
    "too-few-domains": "jobsetgen.yaml lists fewer domains than there are Jobs",
    "variable-under-flux": "--gitops flux: Flux replaces a variable before the server sees it",
    "warnings-are-errors": "--strict",
    "watcher-needed": "--restart-watcher Never, which the set cannot do without",
    "watcher-on-restart": "jobsetgen.yaml asks for what goes with jobs: watcher only",
    "watcher-options": "jobsetgen.yaml has options of the watcher that cannot be",
}
# Valid fixtures in which they refuse what we accept.
STRICTER = {
    "anchors-and-merges": "the server's strict YAML calls a key twice there that overrides a merged one; kubectl sends JSON",
    "dumped-list": "strict validation does not know the creationTimestamp of a dump's templates, which we drop",
    "existing-claim": "the webhook wants the defaults written out (volumeMode) that an existing claim has by now",
    "priority-classes": "admission refuses a pod's priority without its class: our warning of that is silenced there",
}


class Counts(NamedTuple):
    """How many inputs were refused, and by whom. Later means: in a child, and who applied it is not told."""

    inputs: int
    at_once: int
    later: int
    never: int

    def __str__(self) -> str:
        both = self.at_once + self.later
        return f"{self.inputs} inputs: {both} refused by them ({self.later} not before a child is made), {self.never} accepted"


def counted(verdicts: Iterable[Verdict]) -> Counts:
    """Return how many of them say what."""
    said = list(verdicts)
    at_once, later = sum(bool(each.at_once) for each in said), sum(bool(each.later) for each in said)
    return Counts(len(said), at_once, later, len(said) - at_once - later)


def read(case: Path) -> list[Document]:
    """Return the objects of a fixture as they are written."""
    return [each for path in manifests(case) for each in documents(path.read_bytes(), path.name)]


@pytest.fixture(scope="module")
def verdicts(plane: ControlPlane) -> Iterator[Mapping[Path, Future[Verdict]]]:
    """What they say to each fixture, side by side, and each as soon as it is known."""
    with judge_concurrently(plane, {case: read(case) for case in (*INVALID, *VALID)}) as judged:
        yield judged


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in INVALID])
def test_what_we_refuse_they_refuse_or_a_reason_is_written(
    case: Path, verdicts: Mapping[Path, Future[Verdict]]
) -> None:
    verdict, reason = verdicts[case].result(), (ACCEPTED | OURS).get(case.name)
    if reason is None:
        assert verdict.is_refusal, f"they accept {case.name}, for which no reason is in ACCEPTED or OURS"
    else:
        assert not verdict.is_refusal, f"they refuse {case.name}, so that it needs no reason ({reason}):\n{verdict}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in VALID])
def test_what_we_accept_they_accept_or_a_reason_is_written(
    case: Path, verdicts: Mapping[Path, Future[Verdict]]
) -> None:
    verdict, reason = verdicts[case].result(), STRICTER.get(case.name)
    if reason is None:
        assert not verdict.is_refusal, f"they refuse {case.name}, for which no reason is in STRICTER:\n{verdict}"
    else:
        assert verdict.is_refusal, f"they accept {case.name}, so that it needs no reason ({reason})"


def test_every_reason_is_a_fixtures() -> None:
    assert ACCEPTED.keys() | OURS.keys() <= {case.name for case in INVALID}
    assert ACCEPTED.keys().isdisjoint(OURS)
    assert STRICTER.keys() <= {case.name for case in VALID}


def test_how_many_they_refuse(verdicts: Mapping[Path, Future[Verdict]], report_line: Callable[[str], None]) -> None:
    asked = [case for case in INVALID if case.name not in OURS]
    counts = counted(verdicts[case].result() for case in asked)
    report_line(f"invalid fixtures, {len(OURS)} with a mistake in what is ours not among them: {counts}")
    assert counts.never == len(ACCEPTED)
    valid = counted(verdicts[case].result() for case in VALID)
    report_line(f"valid fixtures: {valid}")
    assert valid.at_once + valid.later == len(STRICTER)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in VALID])
def test_the_server_reads_what_we_read(case: Path, plane: ControlPlane) -> None:
    """What we have read is sent as JSON, as kubectl does, and what is written as YAML; both are stored alike."""
    for path in manifests(case):
        content = path.read_bytes()
        ours = [item for document in load(path.name, content).documents for item in opened(document.data)]
        theirs = documents(content, path.name)
        assert len(ours) == len(theirs)
        for item, document in zip(ours, theirs, strict=True):
            if document.kind == "JobSet" and document.is_served and document.text:
                sent = Document(b"", item, path.name)
                assert stored(plane, sent) == stored(plane, document), f"{case.name}: {document}"


def opened(item: Json) -> list[Json]:
    """Return the items of a List, or the object itself."""
    return list(item["items"]) if item.get("kind") == "List" else [item]


def stored(plane: ControlPlane, document: Document) -> Json:
    """Return what the server would store, without what it makes up."""
    item = offer(plane.client, document, strict=False)
    kept = {key: value for key, value in item["metadata"].items() if key in ("labels", "annotations", "namespace")}
    return {**item, "metadata": kept}
