"""DNS names in texts that a rename makes wrong."""

from __future__ import annotations

import json
import time

import pytest

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.overlays.renaming import renamed
from jobsetgen.rules.repeats import without_repeats
from tests.unit.overlays.documents import documents, project

DEV = project("namePrefix: dev-\n")
INPUT = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: ml}
spec:
  replicatedJobs:
  - name: workers
    template:
      spec:
        template:
          spec:
            containers:
            - name: main
              args:
              - TEXT
---
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: ml}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: ml}
spec: {serviceName: redis}
"""


def old_names(text: str, given: str = INPUT) -> list[str]:
    found = renamed(documents(given.replace("TEXT", json.dumps(text))), DEV).diagnostics
    assert {each.code for each in found} <= {"JSG715"}
    return [each.message for each in found]


def is_now(old: str, new: str) -> str:
    return f"'{old}' is the name before the rename; it is now '{new}'"


FOUND = {
    "train-workers-0-0.train": ("train-workers-0-0.train", "dev-train-workers-0-0.dev-train"),
    "--master=train-workers-0-0.train:29500": ("train-workers-0-0.train", "dev-train-workers-0-0.dev-train"),
    "tcp://train-workers-0-0.train:29500/a": ("train-workers-0-0.train", "dev-train-workers-0-0.dev-train"),
    "train-workers-0-0.train.ml.svc.cluster.local": (
        "train-workers-0-0.train.ml.svc.cluster.local",
        "dev-train-workers-0-0.dev-train.ml.svc.cluster.local",
    ),
    "ping train-workers-3-12.": ("train-workers-3-12", "dev-train-workers-3-12"),
    "--job train-workers-0": ("train-workers-0", "dev-train-workers-0"),
    "ping train-workers-0-$RANK.train": ("train-workers-0-…", "dev-train-workers-0-…"),
    "ping train-workers-$(JOB)-0": ("train-workers-…", "dev-train-workers-…"),
    "redis.ml.svc": ("redis.ml.svc", "dev-redis.ml.svc"),
    "redis.ml.svc.cluster.local:6379": ("redis.ml.svc.cluster.local", "dev-redis.ml.svc.cluster.local"),
    "http://redis/": ("redis", "dev-redis"),
    "http://redis.ml/": ("redis.ml", "dev-redis.ml"),
    "redis:6379": ("redis", "dev-redis"),
    "train.ml.svc": ("train.ml.svc", "dev-train.ml.svc"),
    "store-0.redis": ("store-0.redis", "dev-store-0.dev-redis"),
    "first\nsecond train-workers-0-0.train\ntrain-workers-1-0.train": (
        "train-workers-0-0.train",
        "dev-train-workers-0-0.dev-train",
    ),
}


@pytest.mark.parametrize("text", FOUND)
def test_an_old_name_is_found(text):
    assert old_names(text) == [is_now(*FOUND[text])]


@pytest.mark.parametrize(
    "text",
    [
        "dev-train-workers-0-0.dev-train",
        "a-train-workers-0-0.train",
        "train-workers-0-0a",
        "train-workers-0-0_a",
        "train-workers-0-0A",
        "Train-workers-0-0",
        "train-workers",
        "train-drivers-0-0.train",
        "/data/train-workers-0-0/part",
        "train-workers-0.log",
        "train-workers-0-0.train.other.svc",
        "redis.other.svc",
        "http://redis.other/",
        "pip install redis",
        "python train.py",
        "redis:7",
        "redis:6379.1",
        "$(JOBSET_NAME)-workers-0-0.$(JOBSET_NAME)",
        "${A}train-workers-0-0.train",
        "",
        ".",
        "-",
    ],
)
def test_a_text_is_left_alone_without_an_old_name(text):
    assert old_names(text) == []


PLACES = {
    "env": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers:\n  - env:\n    - {name: A, value: TEXT}\n"
    "  containers: []\n",
    "command": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - command:\n    - TEXT\n",
    "data": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n\n\ndata:\n  a.conf: TEXT\n",
    "externalName": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n\n\nspec:\n  externalName: TEXT\n",
}


@pytest.mark.parametrize("field", PLACES)
def test_the_place_is_that_of_the_text(field):
    text = PLACES[field].replace("TEXT", "redis.ml.svc") + "---" + INPUT.replace("TEXT", "a")
    (found,) = renamed(documents(text), DEV).diagnostics
    assert (found.file, found.line) == ("objects.yaml", 7)
    assert (found.severity, found.path[-1]) == (
        "warning",
        0 if field == "command" else {"env": "value", "data": "a.conf"}.get(field, field),
    )
    assert found.hint == "Replace the text with a patch, or compose the name from variables."


CONTAINER = """
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: ml}
spec:
  containers:
  - name: main
    FIELDS
"""


def alone(fields: str, kind: str = CONTAINER) -> list[str]:
    text = kind.replace("FIELDS", fields) + "---" + INPUT.replace("TEXT", "a")
    return [each.message for each in renamed(documents(text), DEV).diagnostics]


@pytest.mark.parametrize(
    "fields",
    [
        "env: [{name: REDIS_HOST, value: redis}]",
        "env: [{name: host, value: redis/0}]",
        "env: [{name: CACHE_ADDR, value: ' redis '}]",
        "args: [--redis-host, redis]",
        "args: [--host=redis]",
        "command: [redis-cli, -h, redis, ping]",
        "readinessProbe: {httpGet: {host: redis, port: 80}}",
        "livenessProbe: {tcpSocket: {host: redis, port: 6379}}",
        "startupProbe: {exec: {command: [redis-cli, -h, redis]}}",
        "lifecycle: {preStop: {exec: {command: [redis-cli, -h, redis]}}}",
        "lifecycle: {postStart: {httpGet: {host: redis, port: 80}}}",
    ],
)
def test_a_word_alone_is_a_name_where_a_host_is_meant(fields):
    assert alone(fields) == [is_now("redis", "dev-redis")]


@pytest.mark.parametrize(
    "fields",
    [
        "env: [{name: CACHE, value: redis}]",
        "env: [{name: OTEL_SERVICE_NAME, value: redis}]",
        "env: [{name: JOBSET, value: redis}]",
        "env: [{name: REDIS_HOST, value: redis2}]",
        "env: [{name: REDIS_HOST, value: redis.io}]",
        "args: [pip, install, redis]",
        "args: [--mode, train]",
        "args: [-h, 1, redis]",
        "args: [--host, {}, redis]",
        "command: [redis]",
        "image: redis",
        "readinessProbe: {httpGet: {host: other, path: /redis, port: 80}}",
    ],
)
def test_a_word_alone_is_left_alone_where_something_else_may_be_meant(fields):
    assert alone(fields) == []


def test_the_name_of_a_jobset_is_old_where_a_jobset_is_meant():
    assert alone("env: [{name: JOBSET_NAME, value: train}]") == [is_now("train", "dev-train")]
    assert alone("env: [{name: MODE, value: train}]") == []


@pytest.mark.parametrize("fields", ["stringData: {url: 'http://redis/'}", "stringData: {db.host: redis}"])
def test_the_texts_of_a_secret_are_looked_at(fields):
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ml}\nFIELDS\n"
    assert alone(fields, secret) == [is_now("redis", "dev-redis")]


def test_without_a_rename_no_name_is_old():
    text = INPUT.replace("TEXT", "redis.ml.svc")
    assert renamed(documents(text), project("")).diagnostics == ()


@pytest.mark.parametrize("network", ["subdomain: net", "subdomain: redis"])
def test_a_pod_is_found_under_the_subdomain_of_its_set(network):
    given = INPUT.replace("spec:\n  replicated", f"spec:\n  network: {{{network}}}\n  replicated", 1)
    subdomain = network.partition(": ")[2]
    renamed_subdomain = {"net": "net", "redis": "dev-redis"}[subdomain]
    old, new = f"train-workers-0-0.{subdomain}", f"dev-train-workers-0-0.{renamed_subdomain}"
    assert old_names(old, given) == [is_now(old, new)]


@pytest.mark.parametrize("namespace", ["ml", "other", "third"])
def test_a_set_of_the_same_name_is_another_in_another_namespace(namespace):
    first, *_ = INPUT.split("---")
    second = first.replace("ml}", "other}")
    text = f"train-workers-0-0.train.{namespace}.svc"
    expected = [] if namespace == "third" else [is_now(text, f"dev-train-workers-0-0.dev-train.{namespace}.svc")] * 2
    assert old_names(text, f"{first}---{second}") == expected


# The namespaces of the object with the text and of the Service, the text, and whether it has an old name.
WITHIN = [
    *[("", "ml", "redis:6379", False), ("ml", "", "redis:6379", False), ("default", "", "redis:6379", True)],
    *[("", "ml", "redis.ml.svc", True), ("", "", "redis.ml.svc", True), ("", "other", "redis.ml.svc", False)],
]


@pytest.mark.parametrize(("own", "target", "text", "is_old"), WITHIN)
def test_a_short_name_is_old_where_a_reference_would_follow(own, target, text, is_old):
    given = f"""
apiVersion: v1
kind: ConfigMap
metadata: {{name: c, namespace: "{own}"}}
data: {{url: "{text}"}}
---
apiVersion: v1
kind: Service
metadata: {{name: redis, namespace: "{target}"}}
"""
    found = [each.message for each in renamed(documents(given), DEV).diagnostics]
    old = text.partition(":")[0]
    assert found == ([is_now(old, f"dev-{old}")] if is_old else [])


def test_what_a_rename_explains_is_not_said_again():
    def said(code: str, line: int) -> Diagnostic:
        return Diagnostic(place=Place("a.yaml", line), code=code, severity="warning", message="")

    kept = [said("JSG715", 1), said("JSG506", 2), said("JSG504", 1)]
    assert without_repeats([said("JSG506", 1), *kept], kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "-1" * 200_000,
        "1-" * 200_000,
        "a." * 200_000,
        "redis:6379x " * 40_000,
        "//" * 200_000,
        "train-workers-0-0x " * 20_000,
    ],
    ids=["indexes", "dashes", "dots", "ports", "slashes", "names"],
)
def test_a_hostile_text_takes_no_longer_than_others_of_its_length(text):
    began = time.process_time()
    assert old_names(text) == []
    # A quadratic search takes minutes.
    assert time.process_time() - began < 5


def test_many_names_and_many_texts_take_no_longer_together():
    services = "".join(f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\n" for i in range(2_000))
    data = "".join(f"  k{i}: http://s{i}/\n" for i in range(2_000))
    given = documents(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}{services}")
    began = time.process_time()
    assert len(renamed(given, DEV).diagnostics) == 2_000
    assert time.process_time() - began < 5
