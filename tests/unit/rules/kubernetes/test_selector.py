"""JSG346: the Job's selector."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, plain, said


def test_a_selector_of_ones_own():
    found = said("JSG346", jobset(job="selector: {matchLabels: {app: train}}"))
    assert found == ["14:9: a Job's selector is made by the API server\nhint: Take it out."]


def test_a_selector_by_an_expression():
    found = said("JSG346", jobset(job="selector: {matchExpressions: [{key: app, operator: Exists}]}"))
    assert found == ["14:9: a Job's selector is made by the API server\nhint: Take it out."]


def test_an_empty_selector():
    assert said("JSG346", jobset(job="selector: {}")) == []


def test_a_selector_that_excludes_what_no_pod_has():
    found = said("JSG346", jobset(job="selector: {matchExpressions: [{key: debug, operator: DoesNotExist}]}"))
    assert found == []


def test_a_selector_of_a_copied_job():
    found = said("JSG346", plain(job="selector: {matchLabels: {batch.kubernetes.io/controller-uid: 0d1c2b3a}}"))
    assert found == ["6:3: a Job's selector is made by the API server\nhint: Take it out."]


def test_a_selector_by_the_name_of_the_job():
    assert said("JSG346", plain(job="selector: {matchLabels: {job-name: prepare}}")) == []


def test_a_selector_by_another_name():
    found = said("JSG346", plain(job="selector: {matchLabels: {job-name: other}}"))
    assert found == ["6:3: a Job's selector is made by the API server\nhint: Take it out."]


def test_labels_of_a_copied_job():
    message_0 = "9:16: the pods' label batch.kubernetes.io/controller-uid is made by the API server\nhint: Take it out."
    found = said("JSG346", plain(labels="batch.kubernetes.io/controller-uid: 0d1c2b3a, job-name: other"))
    assert found == [message_0, "9:62: the pods' label job-name is made by the API server\nhint: Take it out."]


def test_the_name_of_the_job_as_a_label():
    assert said("JSG346", plain(labels="job-name: prepare")) == []


def test_labels_of_a_copied_job_in_a_set():
    found = said("JSG346", jobset(pods="labels: {controller-uid: 0d1c2b3a}"))
    assert found == ["17:22: the pods' label controller-uid is made by the API server\nhint: Take it out."]


def test_a_selector_by_hand():
    found = said("JSG346", plain(job="<<: {manualSelector: true, selector: {matchLabels: {app: prepare}}}"))
    assert found == []


def test_a_selector_by_hand_that_is_missing():
    found = said("JSG346", plain(job="manualSelector: true"))
    assert found == ["6:19: manualSelector is true, but there is no selector"]


def test_a_selector_by_hand_that_finds_no_pod():
    found = said("JSG346", plain(job="<<: {manualSelector: true, selector: {matchLabels: {app: train}}}"))
    assert found == ["6:60: the selector asks for the label app: train, which the pods do not have"]


def test_the_name_of_a_job_as_a_label_in_a_set():
    message = "17:22: the pods' label job-name is made by the API server\nhint: Take it out."
    assert said("JSG346", jobset(pods="labels: {job-name: demo-workers}")) == [message]
    assert said("JSG346", jobset(pods="labels: {job-name: demo-workers-0}")) == []
    several = jobset(pods="labels: {job-name: demo-workers-0}").replace(
        "name: workers\n", "name: workers\n    replicas: 2\n"
    )
    assert said("JSG346", several) == [message.replace("17:", "18:")]


def test_no_name_is_wrong_where_there_is_no_job():
    none = jobset(pods="labels: {job-name: other}").replace("name: workers\n", "name: workers\n    replicas: 0\n")
    assert said("JSG346", none) == []
