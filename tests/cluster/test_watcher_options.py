"""The watcher's options, valid and invalid, held to what the real API server says of its Job."""

from __future__ import annotations

from typing import Any

import pytest

from jobsetgen.arrange import arrange
from jobsetgen.options.table import Settings
from jobsetgen.options.watcher import Watcher
from jobsetgen.pipeline import compile, part_objects
from jobsetgen.source.text import Source
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.unit.project.test_watcher_options import REFUSED, TAKEN

Json = dict[str, Any]
SET = b"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo}
spec:
  failurePolicy: {maxRestarts: 1}
  replicatedJobs:
  - name: workers
    template:
      spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "registry.example.com/a:1"}]}}}
"""
# Of an image, of secrets, and of labels that are ours, the API server refuses less than we do.
JUDGED_BY_THE_API = ("nodeSelector", "priorityClassName", "resources", "serviceAccountName", "tolerations")


def create(client: Client, options: Json) -> None:
    """Have the API server judge the watcher's Job under some options, whatever we say of them."""
    settings = Settings(watcher=Watcher(**options), gitops="none")
    units = compile([Source(name="set.yaml", content=SET)]).units
    parts = [part for group in arrange(units, settings).groups for part in group.parts]
    objects = [item for part in parts for item in part_objects(part)]
    named = [each for each in objects if each["metadata"]["name"] == "demo-restart-watcher"]
    client.create(next(each for each in named if each["kind"] == "Job"))


@pytest.mark.parametrize("options", TAKEN)
def test_what_we_take_the_api_server_takes(options: Json, plane: ControlPlane, namespace: str) -> None:
    create(plane.within(namespace), options)


@pytest.mark.parametrize("options", [options for options, path in REFUSED if path[0] in JUDGED_BY_THE_API])
def test_what_we_refuse_the_api_server_refuses(options: Json, plane: ControlPlane, namespace: str) -> None:
    with pytest.raises(ApiError) as refused:
        create(plane.within(namespace), options)
    # A quantity that cannot be read is a bad request.
    assert refused.value.status in (400, 422), refused.value
