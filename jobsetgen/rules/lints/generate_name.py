"""JSG611: generate name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG611",
    "notice",
    since="0.1",
    source=page(
        "Kubernetes, Generated values",
        "https://kubernetes.io/docs/reference/using-api/api-concepts/#generated-values",
    ),
)
def generate_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A JobSet with generateName gets its name from its spec.

    The API server would append random characters; the compiler appends eight characters of a hash,
    so that the same spec always has the same name. A change of the spec therefore starts a new run
    beside the old one. Somebody has to delete the old one; a GitOps tool does so if pruning is on.

    Notice because nothing is wrong: the output must not change by itself, so names cannot be
    random.

    Bad (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {generateName: sweep-}
        spec:
          replicatedJobs:
          - name: workers
            template:
              spec:
                template:
                  spec: {containers: [{name: main, image: "registry.example.com/train:1.0"}]}

    Good::

        metadata: {name: sweep}
    """
    if not jobset.generate_name:
        return

    rest = "the old one stays until somebody deletes it"
    if settings.has_tool:
        rest = "the GitOps tool removes the old one only if pruning is on"
    yield Finding(
        path=("metadata", "generateName"),
        message=f"each change of the spec starts a new run under a new name; {rest}",
    )
