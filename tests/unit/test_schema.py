"""The quick check and the library agree; messages say what to do."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.kubernetes.leftovers import without_leftovers
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.model.unit import is_jobset
from jobsetgen.plain import without_nulls
from jobsetgen.schema import conforms, problems, schema_of, standalone
from jobsetgen.schema.explain import library_errors
from jobsetgen.source.loader import load
from jobsetgen.words import near
from tests.acceptance.test_properties import ODD, places
from tests.cases import VALID

FINE = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "a"},
    "spec": {
        "replicatedJobs": [{"name": "w", "template": {"spec": {"template": {"spec": {"containers": [{"name": "m"}]}}}}}]
    },
}


@cache
def jobsets() -> list[Any]:
    """Return the JobSets of the valid fixtures as they are checked."""
    return [
        without_leftovers(without_nulls(document.data))
        for case in VALID
        for path in sorted(case.glob("*.y*ml"))
        for document in load(path.name, path.read_bytes()).documents
        if is_jobset(document.data)
    ]


@settings(max_examples=400, derandomize=True)
@given(st.data())
def test_the_quick_check_and_the_library_agree(data):
    document = copy.deepcopy(data.draw(st.sampled_from(jobsets())))
    if data.draw(st.booleans()):
        place = data.draw(st.sampled_from(places(document)))
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        parent[place[-1]] = data.draw(st.sampled_from(ODD))
    schema = schema_of("JobSet", data.draw(st.sampled_from(VERSIONS)))
    assert conforms(document, schema, schema["$defs"]) == (not list(library_errors(document, schema)))


def test_the_generator_finds_both_answers():
    schema = schema_of("JobSet", VERSIONS[-1])
    assert conforms(FINE, schema, schema["$defs"])
    assert not conforms({**FINE, "x": 1}, schema, schema["$defs"])


def told(change, version=VERSIONS[-1]):
    document = copy.deepcopy(FINE)
    change(document["spec"], document["spec"]["replicatedJobs"][0])
    return [(code.id, finding.message, finding.hint) for code, finding, _ in problems(document, "JobSet", version)]


def test_nothing_is_told_of_what_fits():
    assert told(lambda spec, job: None) == []


def test_of_each_unknown_field():
    found = told(lambda spec, job: job.update(replica=1, zzz=2))
    assert found == [
        ("JSG101", "unknown field 'replica' in spec.replicatedJobs[0]", "Did you mean 'replicas'?"),
        ("JSG101", "unknown field 'zzz' in spec.replicatedJobs[0]", ""),
    ]


def test_of_each_missing_field():
    found = told(lambda spec, job: (job.pop("name"), job.pop("template")))
    assert [message for _, message, _ in found] == [
        "spec.replicatedJobs[0] has no name, which is required",
        "spec.replicatedJobs[0] has no template, which is required",
    ]


def test_of_types():
    found = told(lambda spec, job: (job.update(replicas="2", dependsOn={}), spec.update(suspend="x", network=[])))
    assert sorted((message, hint) for _, message, hint in found) == [
        ("spec.network is a list, but must be a mapping", ""),
        ("spec.replicatedJobs[0].dependsOn is a mapping, but must be a list", ""),
        ("spec.replicatedJobs[0].replicas is a string, but must be an integer", "Write it without quotes."),
        ("spec.suspend is a string, but must be a boolean", ""),
    ]


def test_of_ranges():
    found = told(lambda spec, job: (job.update(replicas=2**31), spec.update(ttlSecondsAfterFinished=-1)))
    assert [message for _, message, _ in found] == [
        "spec.replicatedJobs[0].replicas is 2147483648, which is out of range for int32",
        "spec.ttlSecondsAfterFinished is -1, but must be at least 0",
    ]


def test_of_a_list_that_is_too_long():
    def change(count):
        return lambda spec, job: job.update(dependsOn=[{"name": f"j{i}", "status": "Ready"} for i in range(count)])

    assert told(change(5)) == []
    assert told(change(6)) == [("JSG106", "spec.replicatedJobs[0].dependsOn has 6 items; at most 5 are allowed", "")]


def test_of_a_field_that_another_version_has():
    def change(spec, job):
        job["template"]["spec"]["template"]["spec"]["containers"][0]["restartPolicyRules"] = []

    assert told(change, "1.34") == []
    ((code, message, _),) = told(change, "1.33")
    assert code == "JSG105"
    assert message.endswith("restartPolicyRules is not in Kubernetes 1.33; the first version that has it is 1.34")


def test_near_misses():
    assert near("Replica", ["replicas", "name"]) == "Did you mean 'replicas'?"
    assert near("xyz", ["replicas", "name"]) == ""


def test_an_old_name_suggests_what_it_is_called_now():
    assert near("RecreateJob", ["FailJobSet", "RestartJobSet", "RestartJob"]) == "Did you mean 'RestartJob'?"
    assert near("jobs", ["network", "replicatedJobs"]) == "Did you mean 'replicatedJobs'?"
    assert near("RecreateJob", ["Recreate"]) == "Did you mean 'Recreate'?"


def test_a_schema_for_editors_holds_all_it_refers_to():
    text = json.dumps(standalone("JobSet", VERSIONS[-1]))
    defined = json.loads(text)["$defs"]
    used = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert used == set(defined)
    assert "$defs" not in standalone("JobSetGenerator", VERSIONS[-1])
