"""The examples of every rule's page: what is called good they accept, and what is called an error they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import NamedTuple

import pytest

from jobsetgen import Source, compile
from jobsetgen.review.pages import Example, examples
from jobsetgen.rules.registry import CODES
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.admission import Verdict, documents, judge_concurrently
from tests.rule_examples import settings_for, whole

# Errors by code whose bad example nobody refuses but us, at no time.
ACCEPTED = {
    "JSG004": "they ignore a tag that they do not know, and take its text",
    "JSG226": "a pattern that does not compile is skipped at run time, so that its rule never matches",
    "JSG260": "any key is valid; one that nobody looks for has no effect, and nobody hears of it",
    "JSG401": "the second of two objects of one name overwrites the first, and nobody hears of it",
    "JSG402": "the second set uses the first one's Service, which does not select its pods: no name resolves",
    "JSG405": "our limit of Jobs in one output, which an option raises",
    "JSG408": "the watcher would read such a mapping in its plan as a mark of ours",
    "JSG411": "they know the namespace by the request; we have to write a hash of it",
    "JSG413": "the cluster knows the class's priority; we have to write it, and cannot guess it",
    "JSG414": "placement by domains is ours",
    "JSG436": "our limit of bytes in one output, which an option raises",
    "JSG510": "an option of ours leaves out the watcher, which the set cannot do without",
    "JSG514": "a queued Job is ended by its deadline with us, so Git cannot hold that field",
    "JSG515": "a start order is a scheduling gate with us, and a pod that names its node cannot have one",
    "JSG520": "Flux replaces a variable before the server sees it",
    "JSG723": "an annotation of ours, which nobody reads but a build",
}
# Examples without an error, in which they refuse what we accept.
STRICTER = {
    "JSG517 bad": "a pod's own priority is refused at admission; a warning, as defaults of the cluster may agree with it",
    "JSG518 bad": "an overhead without its RuntimeClass is refused at admission; a warning, as a webhook may add the class",
    "JSG518 good": "the RuntimeClass is not in this cluster",
    "JSG604 bad": "the other API is not in this cluster",
}


class Case(NamedTuple):
    """One example of a code, and how many of its kind stand before it."""

    code: str
    example: Example
    number: int

    @property
    def name(self) -> str:
        """Return what the tables call it."""
        return f"{self.code} {'good' if self.example.good else 'bad'}"

    @property
    def is_error(self) -> bool:
        """Whether we refuse it."""
        source = Source(name="example.yaml", content=whole(self.example).encode())
        return not compile([source], settings_for(self.example)).ok


def cases() -> Iterator[Case]:
    """Yield every example but those of the project file, of which they know nothing."""
    for code in CODES:
        read = [each for each in examples(code) if each.reading not in ("project", "template")]
        yield from (Case(code.id, each, number) for number, each in enumerate(read))


CASES = list(cases())


@pytest.fixture(scope="module")
def verdicts(plane: ControlPlane) -> Iterator[Mapping[Case, Future[Verdict]]]:
    """What they say to each example, side by side, and each as soon as it is known."""
    with judge_concurrently(plane, {case: documents(whole(case.example).encode()) for case in CASES}) as judged:
        yield judged


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.name} {case.number}") for case in CASES])
def test_they_say_of_an_example_what_we_say(case: Case, verdicts: Mapping[Case, Future[Verdict]]) -> None:
    verdict = verdicts[case].result()
    if case.is_error:
        assert verdict.is_refusal != (case.code in ACCEPTED), f"{whole(case.example)}\n{verdict}"
    else:
        assert verdict.is_refusal == (case.name in STRICTER), f"{whole(case.example)}\n{verdict}"


def test_how_many_examples_they_refuse(
    verdicts: Mapping[Case, Future[Verdict]], report_line: Callable[[str], None]
) -> None:
    errors = [case for case in CASES if case.is_error]
    alone = [case for case in errors if not verdicts[case].result().is_refusal]
    report_line(f"examples of rules: {len(CASES)}; {len(errors)} errors, of which they accept {len(alone)}")
    assert {case.code for case in alone} == ACCEPTED.keys()
