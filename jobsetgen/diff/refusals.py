"""Whether the API server would refuse the Jobs of a rendered set."""

from __future__ import annotations

from jobsetgen import emit
from jobsetgen.expand import objects
from jobsetgen.expand.objects import Object, fill
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

_SAMPLES: dict[str, str] = {
    objects.NAME: "sample",
    objects.INDEX: "0",
    objects.GLOBAL_INDEX: "0",
    objects.GROUP_INDEX: "0",
    objects.KEY: "0" * 40,
    objects.NAMESPACED_NAME: "default_sample",
    objects.DOMAIN: "sample",
}


def is_refused(template: Object) -> bool:
    """Whether Jobs of a template have an error, as after an edit of rendered manifests.

    Jobs that are compiled have none, because then nothing is compiled at all.
    """
    job = fill(template, _SAMPLES)
    result = compile([Source(name="", content=emit.text(job).encode())])
    return not result.ok
