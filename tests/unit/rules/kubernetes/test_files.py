"""JSG334 and JSG335: files of volumes."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_mode_in_decimal_digits():
    message = "19:75: the mode 755 must be from 0 to 0777 in octal digits, which is 511\nhint: Did you mean 0755?"
    found = said("JSG334", jobset(pod="volumes: [{name: tools, configMap: {name: tools, defaultMode: 755}}]"))
    assert found == [message]


def test_a_mode_in_octal_digits():
    found = said("JSG334", jobset(pod="volumes: [{name: tools, configMap: {name: tools, defaultMode: 0755}}]"))
    assert found == []


def test_a_mode_that_was_meant_otherwise():
    found = said("JSG334", jobset(pod="volumes: [{name: keys, secret: {secretName: keys, defaultMode: 1000}}]"))
    assert found == ["19:76: the mode 1000 must be from 0 to 0777 in octal digits, which is 511"]


def test_the_mode_of_one_file():
    pod = "volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: run, mode: 777}]}}]"
    message = "19:98: the mode 777 must be from 0 to 0777 in octal digits, which is 511\nhint: Did you mean 0777?"
    found = said("JSG334", jobset(pod=pod))
    assert found == [message]


def test_the_mode_of_a_file_in_a_projected_volume():
    pod = "volumes: [{name: all, projected: {sources: [{secret: {name: keys, items: [{key: a, path: a, mode: -1}]}}]}}]"
    found = said("JSG334", jobset(pod=pod))
    assert found == ["19:111: the mode -1 must be from 0 to 0777 in octal digits, which is 511"]


def test_an_absolute_path():
    found = said(
        "JSG335", jobset(pod="volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: /bin/run}]}}]")
    )
    assert found == ["19:87: the path '/bin/run' must lead into the volume: relative, and without '..'"]


def test_a_path_that_begins_with_two_dots():
    found = said(
        "JSG335", jobset(pod="volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: ..run}]}}]")
    )
    assert found == ["19:87: the path '..run' must lead into the volume: relative, and without '..'"]


def test_an_empty_path():
    found = said(
        "JSG335", jobset(pod='volumes: [{name: tools, configMap: {name: tools, items: [{key: run, path: ""}]}}]')
    )
    assert found == ["19:87: the path of the file is empty"]


def test_an_empty_key():
    found = said(
        "JSG335", jobset(pod='volumes: [{name: tools, secret: {secretName: tools, items: [{key: "", path: run}]}}]')
    )
    assert found == ["19:79: the key of the file is empty"]


def test_a_file_that_shows_nothing():
    found = said("JSG335", jobset(pod="volumes: [{name: info, downwardAPI: {items: [{path: labels}]}}]"))
    assert found == ["19:58: the file labels has neither a fieldRef nor a resourceFieldRef"]


def test_a_file_that_shows_two_things():
    pod = (
        "volumes: [{name: info, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "
        "metadata.name}, resourceFieldRef: {containerName: main, resource: limits.cpu}}]}}]"
    )
    found = said("JSG335", jobset(pod=pod))
    assert found == ["19:58: the file a has both a fieldRef and a resourceFieldRef"]


def test_a_source_of_two_kinds():
    message = "19:57: the source is of several kinds: secret, configMap\nhint: Make each an item of the list."
    found = said(
        "JSG335",
        jobset(pod="volumes: [{name: all, projected: {sources: [{secret: {name: a}, configMap: {name: b}}]}}]"),
    )
    assert found == [message]


def test_a_source_without_a_name():
    found = said("JSG335", jobset(pod="volumes: [{name: all, projected: {sources: [{configMap: {}}]}}]"))
    assert found == ["19:58: the configMap of the projected volume has no name"]


def test_two_files_at_one_place():
    pod = (
        "volumes: [{name: all, projected: {sources: [{secret: {name: a, items: [{key: k, path: "
        "f}]}}, {configMap: {name: b, items: [{key: k, path: f}]}}]}}]"
    )
    found = said("JSG335", jobset(pod=pod))
    assert found == ["19:151: two files of the projected volume are at f"]


def test_a_token_that_ends_too_soon():
    pod = (
        "volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 60}}]}}]"
    )
    found = said("JSG335", jobset(pod=pod))
    assert found == ["19:114: expirationSeconds is 60; a token lives from 600 to 4,294,967,296 seconds"]


def test_a_token_at_a_path_that_leads_out():
    found = said(
        "JSG335",
        jobset(pod="volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: ../token}}]}}]"),
    )
    assert found == ["19:88: the path '../token' must lead into the volume: relative, and without '..'"]
