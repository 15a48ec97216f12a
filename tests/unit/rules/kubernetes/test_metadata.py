"""JSG305 to JSG307: labels, annotations and node selectors."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, plain, said


def test_a_label_of_the_set():
    message = (
        "5:18: 'Research & Development' cannot be the value of a label: it must have letters, "
        "digits and -_. and begin and end with a letter or digit"
    )
    found = said("JSG305", jobset(metadata="labels: {team: Research & Development}"))
    assert found == [message]


def test_an_annotation_of_the_set():
    message = (
        "5:17: 'run id' cannot be the key of an annotation: its name must have letters, digits "
        "and -_. and begin and end with a letter or digit"
    )
    found = said("JSG305", jobset(metadata='annotations: {run id: "7"}'))
    assert found == [message]


def test_a_label_of_a_claim_template():
    message = "7:72: 'a/b/c' cannot be the key of a label: the prefix 'a/b' must be a DNS name in lower case"
    found = said(
        "JSG305", jobset(spec="volumeClaimPolicies: [{templates: [{metadata: {name: cache, labels: {a/b/c: d}}}]}]")
    )
    assert found == [message]


def test_a_label_of_the_jobs_with_a_bad_value():
    message = (
        "12:23: '2026/11' cannot be the value of a label: it must have letters, digits and -_. "
        "and begin and end with a letter or digit"
    )
    found = said("JSG306", jobset(template="labels: {run: 2026/11}"))
    assert found == [message]


def test_a_label_of_the_pods_with_a_bad_key():
    message = (
        "17:22: 'Example.com/team' cannot be the key of a label: the prefix 'Example.com' must "
        "be a DNS name in lower case"
    )
    found = said("JSG306", jobset(pods="labels: {Example.com/team: a}"))
    assert found == [message]


def test_a_key_with_nothing_behind_the_slash():
    message = (
        "17:22: 'example.com/' cannot be the key of a label: its name must have letters, "
        "digits and -_. and begin and end with a letter or digit"
    )
    found = said("JSG306", jobset(pods="labels: {example.com/: a}"))
    assert found == [message]


def test_a_key_that_is_too_long():
    message = (
        "17:22: 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' cannot be "
        "the key of a label: its name has 64 characters, 1 more than the 63 allowed"
    )
    found = said("JSG306", jobset(pods=f"labels: {{{'k' * 64}: a}}"))
    assert found == [message]


def test_a_value_that_is_too_long():
    message = (
        "17:27: 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv' "
        "cannot be the value of a label: it has 70 characters, 7 more than the 63 allowed"
    )
    found = said("JSG306", jobset(pods=f"labels: {{run: {'v' * 70}}}"))
    assert found == [message]


def test_an_empty_value_is_one():
    assert said("JSG306", jobset(pods='labels: {run: ""}')) == []


def test_a_node_selector():
    message = (
        "19:63: '4 x 4' cannot be the value of a node selector: it must have letters, digits "
        "and -_. and begin and end with a letter or digit"
    )
    found = said("JSG306", jobset(pod='nodeSelector: {cloud.google.com/gke-tpu-topology: "4 x 4"}'))
    assert found == [message]


def test_the_labels_of_a_selector():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "
        "DoNotSchedule, labelSelector: {matchLabels: {app: a b}}}]"
    )
    message = (
        "19:142: 'a b' cannot be the value of a label: it must have letters, digits and -_. "
        "and begin and end with a letter or digit"
    )
    found = said("JSG306", jobset(pod=pod))
    assert found == [message]


def test_the_labels_of_an_affinity():
    pod = (
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "[{topologyKey: zone, labelSelector: {matchLabels: {app_: a}}}]}}"
    )
    message = (
        "19:137: 'app_' cannot be the key of a label: its name must have letters, digits and "
        "-_. and begin and end with a letter or digit"
    )
    found = said("JSG306", jobset(pod=pod))
    assert found == [message]


def test_what_the_expansion_sets_itself_is_not_looked_at():
    assert said("JSG306", jobset(pods='labels: {jobset.sigs.k8s.io/jobset-name: "no label at all"}')) == []


def test_in_a_plain_job_it_is():
    message = (
        "9:48: 'no label at all' cannot be the value of a label: it must have letters, digits "
        "and -_. and begin and end with a letter or digit"
    )
    found = said("JSG306", plain(labels="jobset.sigs.k8s.io/jobset-name: no label at all"))
    assert found == [message]


def test_an_annotation_with_a_space_in_its_key():
    message = (
        "12:23: 'run id' cannot be the key of an annotation: its name must have letters, "
        "digits and -_. and begin and end with a letter or digit"
    )
    found = said("JSG307", jobset(template='annotations: {run id: "7"}'))
    assert found == [message]


def test_annotations_of_more_than_256_kib():
    found = said("JSG307", jobset(pods=f"annotations: {{a: {'x' * 262144}}}"))
    assert found == ["17:26: the annotations have 262,145 bytes; at most 262,144 are allowed"]


def test_annotations_of_256_kib():
    assert said("JSG307", jobset(pods=f"annotations: {{a: {'x' * 262143}}}")) == []


def test_an_annotation_may_have_capitals_in_its_prefix():
    assert said("JSG307", jobset(pods='annotations: {Example.com/run: "7"}')) == []
