"""Random JobSets with odd values: whatever we accept, the API takes what we make of it, and its pods."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from jobsetgen import Settings, Source, compile
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.tiers import SPECS
from tests.cluster.oracles.admission import Document, offer
from tests.cluster.oracles.controller_refusals import pods_refused
from tests.cluster.oracles.random_specs import random_jobset

AT_ONCE = 4
# What they may say against what we accept.
KNOWN = {
    r'tolerations\[\d+\]\.operator: Unsupported value: "[LG]t"': "an alpha feature, which a cluster may have switched on",
    r"the integer value of priority .* must not be provided": "a warning: a cluster's default class may say the same",
    r"PreemptionPolicy .* must not be provided": "a warning: a cluster's default class may say the same",
    r"Pod Overhead set without corresponding RuntimeClass": "a warning: a webhook may add the class",
    r'RuntimeClass ".*" not found': "the cluster of these tests has none",
}
_KNOWN = re.compile("|".join(KNOWN))


def test_what_we_accept_of_random_specs_they_take(
    plane: ControlPlane, namespace: str, report_line: Callable[[str], None]
) -> None:
    client = plane.within(namespace)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda seed: refusals(client, seed), range(SPECS)))
    accepted = [each for each in found if each is not None]
    report_line(f"random specs: {SPECS}, of which {len(accepted)} are accepted")
    refused = [line for lines in accepted for line in lines]
    assert not refused, "\n".join(refused)
    assert 0.2 * SPECS < len(accepted) < 0.8 * SPECS, "most are right, or most are wrong: that shows little"


def refusals(client: Client, seed: int) -> list[str] | None:
    """Return what the API says against what we make of a random spec; None when we refuse it."""
    text = json.dumps(random_jobset(seed))
    compilation = compile([Source(name="train.yaml", content=text.encode())], Settings(namespace=client.namespace))
    if not compilation.ok:
        return None
    found, jobs = [], []
    for item in compilation.objects():
        try:
            stored = offer(client, Document(b"", item))
        except ApiError as error:
            found.append(f"{item['kind']}: {error}")
        else:
            jobs += [stored] if item["kind"] == "Job" else []
    found += pods_refused(client, jobs)
    return [f"seed {seed}: {each}\n  {text}" for each in found if not _KNOWN.search(each)]
