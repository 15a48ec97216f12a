"""What `build --target jobset` writes, beside the real JobSet webhooks: they accept it, and have no default to add.

They fill in what a JobSet leaves open, and so do we. What the API adds to a Job template (empty metadata, the
protocol of a port) is left to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from copy import deepcopy
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from jobsetgen import Settings, Source, compile
from jobsetgen.cli.compiling import compiled
from jobsetgen.pipeline import compile_inputs, with_jobsets
from jobsetgen.source.loader import load
from tests.cases import FIXTURES, VALID, arguments, parsed
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.tiers import SPECS
from tests.cluster.oracles.admission import Document, offer
from tests.cluster.oracles.random_specs import random_jobset
from tests.projects.archives import archives, read_archive

PROJECTS = archives("valid")
AT_ONCE = 4
# The version whose Job templates JobSet 0.12 has.
JOBSETS_KUBERNETES = "1.36"
Json = dict[str, Any]
# What the server itself sets in an object.
OF_THE_SERVER = {"creationTimestamp", "generation", "managedFields", "name", "namespace", "uid"}


@cache
def jobsets(case: Path) -> list[Json]:
    """Return the JobSets that a fixture is built to, as a reader of the output gets them.

    It is a folder, or a project in one file.
    """
    if case.suffix == ".txtar":
        result = compile_inputs(read_archive(case).read())
    else:
        with chdir(case):
            result = compiled(*parsed(*arguments(case)))
    assert result.ok
    written = load("jobsets.yaml", with_jobsets(result).text().encode()).documents
    # JobSets of another controller, and other objects, pass through.
    pairs = zip(result.units, written, strict=True)
    return [document.data for unit, document in pairs if unit.jobset]


def stored(client: Client, jobset: Json) -> Json:
    """Return what the server would store of a JobSet, without what only the server sets."""
    within = {**jobset, "metadata": {"namespace": "default", **jobset["metadata"]}}
    found = offer(client, Document(json.dumps(within).encode(), within))
    kept = {name: value for name, value in found["metadata"].items() if name in jobset["metadata"]}
    assert found["metadata"].keys() - kept.keys() <= OF_THE_SERVER
    return {**found, "metadata": kept}


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield the paths at which two values differ, but for what the server adds to a template."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        added = [] if ".template" in path else sorted(theirs.keys() - ours.keys())
        yield from (f"{path}.{name} is added" for name in added)
        for name in ours:
            yield from differences(ours[name], theirs.get(name), f"{path}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(*pair, f"{path}[{index}]")
    elif ours != theirs:
        yield f"{path} is {theirs!r} instead of {ours!r}"


@pytest.mark.parametrize("case", [*VALID, *PROJECTS], ids=lambda case: case.stem)
def test_the_webhooks_accept_a_jobset_and_add_nothing_to_it(plane: ControlPlane, case: Path) -> None:
    for jobset in jobsets(case):
        found = stored(plane.client, jobset)
        assert list(differences(jobset, found)) == []


def test_most_fixtures_have_a_jobset() -> None:
    assert sum(len(jobsets(case)) for case in VALID) > len(VALID)


@pytest.mark.parametrize(
    ("path", "added"),
    [
        (("network",), [".spec.network is added"]),
        (("successPolicy",), [".spec.successPolicy is added"]),
        (("replicatedJobs", 0, "groupName"), [".spec.replicatedJobs[0].groupName is added"]),
    ],
    ids=str,
)
def test_a_default_that_is_missing_is_noticed(plane: ControlPlane, path: tuple[Any, ...], added: list[str]) -> None:
    (jobset,) = deepcopy(jobsets(FIXTURES / "valid" / "minimal"))
    *above, name = path
    del reduce(getitem, above, jobset["spec"])[name]
    assert list(differences(jobset, stored(plane.client, jobset))) == added


def test_random_jobsets_are_accepted_as_they_are(plane: ControlPlane, report_line: Callable[[str], None]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda seed: refusal(plane.client, seed), range(SPECS)))
    given = [each for each in answers if each is not None]
    report_line(f"random specs as JobSets: {SPECS}, of which {len(given)} are accepted")
    assert [each for each in given if each] == []
    assert len(given) > 0.2 * SPECS


def refusal(client: Client, seed: int) -> str | None:
    """Return what the server refuses or changes in the JobSet of a random spec; None if we refuse the spec."""
    text = json.dumps(random_jobset(seed))
    settings = Settings(kubernetes_version=JOBSETS_KUBERNETES)
    result = compile([Source(name="train.yaml", content=text.encode())], settings)
    if not result.ok:
        return None
    (document,) = load("jobsets.yaml", with_jobsets(result).text().encode()).documents
    try:
        found = list(differences(document.data, stored(client, document.data)))
    except ApiError as error:
        found = [str(error)]
    return f"seed {seed}: {found}\n  {text}" if found else ""
