"""JSG504: images that move."""

from __future__ import annotations

import pytest

from jobsetgen.options.values import ImageOverride
from tests.unit.rules.lints.sets import jobset, said

HINT = "\nhint: Name a version's tag, or better its digest."


@pytest.mark.parametrize("image", ["busybox", "registry.example.com:5000/team/train", "${REGISTRY}/train"])
def test_no_tag(image):
    message = f"the image '{image}' has no tag: nodes, and restarts, may run different versions of it"
    assert said("JSG504", jobset(image=image)) == [f"24:22: warning: {message}{HINT}"]


def test_the_tag_latest():
    message = "the image 'busybox:latest' has the tag latest: nodes, and restarts, may run different versions of it"
    assert said("JSG504", jobset(image="busybox:latest")) == [f"24:22: warning: {message}{HINT}"]


@pytest.mark.parametrize(
    "image",
    [
        "busybox:1.37",
        "registry.example.com:5000/train:v1",
        f"busybox@sha256:{64 * 'a'}",
        f"busybox:latest@sha256:{64 * 'a'}",
        "busybox:${TAG}",
        "${IMAGE}",
        "registry.example.com/$IMAGE",
    ],
)
def test_what_is_fixed_or_still_to_be_substituted(image):
    assert said("JSG504", jobset(image=image)) == []


def test_init_containers_too():
    text = jobset(pod="initContainers: [{name: fetch, image: busybox}]")
    assert [each.partition(": ")[0] for each in said("JSG504", text)] == ["20:51"]


def test_what_a_project_sets_counts():
    assert said("JSG504", jobset(image="train"), images=(ImageOverride(name="train", new_tag="1.0"),)) == []


def test_a_job_that_passes_through():
    text = """\
apiVersion: batch/v1
kind: Job
metadata: {name: fetch}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: busybox}]
"""
    assert [each.partition(": ")[0] for each in said("JSG504", text)] == ["8:40"]


def test_an_image_that_is_no_text_is_left_to_the_schema():
    assert said("JSG504", jobset(image="[busybox]")) == []
