"""JSG436: output too large."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.options.values import MOST_BYTES
from jobsetgen.rules.rule import Located, Sizes, output_rule


@output_rule(
    "JSG436",
    "error",
    since="0.1",
    source=upstream.manual("docs/project.md", "jobsetgen.yaml"),
)
def output_too_large(sizes: Sizes, settings: Settings) -> Iterator[Located]:
    """The output would have more bytes than --max-bytes (or `maxBytes` in jobsetgen.yaml) allows.

    Each Job repeats its whole template: a template of 600 KB with 50,000 replicas is 30 GB of YAML.
    The default of 1 GiB has room for 100,000 Jobs of 10 KB. Where previews of the Jobs that the
    watcher will create are written as well, by `build -o` and `--preview`, they count. Nothing is
    written before the size is known.

    It is reported at the object with which the limit is passed.

    Error because so much output fills the disk of the machine that compiles it, and no Git server
    takes it; if it is intended, raise the limit. It can be raised to 4 GiB, so that a project whose
    author nobody knows fills no disk.

    Bad (max-bytes 1000)::

        spec:
          replicatedJobs:
          - {replicas: 5}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 5}
    """
    total = 0
    first: Unit | None = None
    for unit, size in sizes:
        total += size
        if total > settings.max_bytes and first is None:
            first = unit
    if first is None:
        return

    message = f"the output may have {total:,} bytes; at most {settings.max_bytes:,} are allowed"
    hint = "Raise --max-bytes, or maxBytes in jobsetgen.yaml, if so much output is intended."
    if total > MOST_BYTES:
        hint = f"Split the input into several projects: no more than {MOST_BYTES:,} can be allowed."
    yield first, Finding(path=("metadata", "name"), message=message, hint=hint)
