"""JSG605: unknown key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.key_names import lost
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG605",
    "notice",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "labelAndAnnotateObject"),
)
def unknown_key(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A key with a prefix of JobSet has no effect where it is, and resembles no key with an effect.

    A program that looks for such a key on the JobSet finds nothing: of the JobSet's own labels and
    annotations, those with these prefixes are not copied to any object of the output. JSG723 reports
    annotations of the JobSet that begin with `jobsetgen.io/`.

    Notice because other programs use these prefixes as well, and may read the key where it is.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/synced-start-configmap: start}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env:
                      - name: INDEX
                        valueFrom:
                          fieldRef:
                            fieldPath: "metadata.labels['jobset.sigs.k8s.io/job-index']"
    """
    yield from ((unit, use.finding) for unit, use in lost(units) if not use.is_misspelt)
