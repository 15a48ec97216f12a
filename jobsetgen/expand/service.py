"""The headless Service that gives pods their stable DNS names."""

from __future__ import annotations

from jobsetgen.expand.objects import Object, metadata
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet


def headless_service(jobset: JobSet) -> Object:
    """Return the Service with the name of the subdomain, which selects every pod of the set."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(jobset.network.subdomain, jobset.namespace),
        "spec": {
            "clusterIP": "None",
            "publishNotReadyAddresses": jobset.network.publish_not_ready_addresses,
            "selector": {keys.JOBSET_NAME: jobset.name},
        },
    }
