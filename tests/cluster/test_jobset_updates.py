"""The changes of a JobSet that its API refuses, beside the real API server and JobSet's webhook.

They refuse exactly what the comparison of JobSets says they do. The set names another manager, so that its controller
leaves it alone.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.jobset_updates import CHANGES, SPEC, jobset, with_change

Json = dict[str, Any]


@pytest.fixture(scope="module")
def client(plane: ControlPlane) -> Client:
    """Return a client of a namespace in which nothing is."""
    return plane.within(plane.new_namespace("updates"))


def is_refused(client: Client, spec: Json, path: str, value: Any) -> bool:
    """Whether the server, or the webhook behind it, refuses one change of what it has stored of a spec."""
    item = jobset(spec)
    stored = client.create({**item, "metadata": {**item["metadata"], "namespace": client.namespace}})
    try:
        client.replace({**stored, "spec": with_change(stored["spec"], path, value)}, dry_run=True)
    except ApiError as error:
        if error.status not in (403, 422):
            raise
        return True
    finally:
        client.delete("jobsets", stored["metadata"]["name"])
    return False


@pytest.mark.parametrize(("path", "value", "running", "suspended"), CHANGES)
def test_each_field_is_refused_or_accepted_as_the_table_says(
    client: Client, path: str, value: Any, running: bool, suspended: bool
) -> None:
    assert is_refused(client, SPEC, path, value) == running
    assert is_refused(client, {**SPEC, "suspend": True}, path, value) == suspended
