"""JSG260: misspelt key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.key_names import lost
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG260",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "labelAndAnnotateObject"),
)
def misspelt_key(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A key with a prefix of JobSet resembles one that has an effect, or has the wrong prefix.

    Such a mistake is silent: the annotation places nothing, the variable is empty, the selector
    matches no pod. The prefixes are those that end in `jobset.sigs.k8s.io`, `jobset.x-k8s.io` and
    `jobsetgen.io`.

    The rule checks the labels and annotations of the JobSet, of the Job templates and of the pod
    templates; the labels and annotations that a variable or a file reads; affinities, topology
    spread constraints and node selectors; and the selectors of claim templates and Services. A pod
    template may set and read any key of its own. Annotations of the JobSet with the last prefix are
    options, which JSG723 checks.

    Error because nothing acts on such a key on any cluster: neither JobSet nor jobsetgen has it,
    and another program's key would differ from one of theirs by more than a typo.

    Bad::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topolgy: cloud.google.com/gke-nodepool}

    Bad::

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
                            fieldPath: "metadata.labels['jobset.x-k8s.io/job-index']"

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    yield from ((unit, use.finding) for unit, use in lost(units) if use.is_misspelt)
