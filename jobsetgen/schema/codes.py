"""What can be wrong with a document's shape."""

from __future__ import annotations

from typing import NamedTuple

from jobsetgen.diagnostics import Code, Finding
from jobsetgen.upstream import UNKNOWN

UNKNOWN_FIELD = Code(
    id="JSG101",
    title="unknown field",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A field that the kind does not have, most often a typing mistake or a wrong indentation.

    The API server would drop it or refuse the object.

    Bad::

        spec:
          replicatedJobs:
          - replica: 2

    Good::

        spec:
          replicatedJobs:
          - replicas: 2
    """,
)
WRONG_TYPE = Code(
    id="JSG102",
    title="wrong type",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A value of another type than the field's: a number where text belongs, text where a list belongs.

    YAML reads `yes`, `on` and `n` as booleans and `0644` as a number, so such text needs quotes.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: yes}]}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: "yes"}]}]}}}}
    """,
)
NOT_ALLOWED = Code(
    id="JSG103",
    title="value not allowed",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A value outside the few that the field takes.

    Bad::

        spec:
          successPolicy: {operator: all}

    Good::

        spec:
          successPolicy: {operator: All}
    """,
)
MISSING_FIELD = Code(
    id="JSG104",
    title="missing field",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A required field is not there.

    Bad::

        spec:
          failurePolicy:
            rules: [{onJobFailureReasons: [PodFailurePolicy]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]
    """,
)
OTHER_VERSION = Code(
    id="JSG105",
    title="field of another version",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A field that the chosen Kubernetes version does not have, but another one has.

    `--kubernetes-version`, or `kubernetesVersion` in jobsetgen.yaml, says which cluster the output
    is for.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {workloadRef: {name: a, podGroup: b}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostNetwork: true}}}}
    """,
)
OUT_OF_RANGE = Code(
    id="JSG106",
    title="out of range",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A number, or the length of a list, outside what the field allows.

    Bad::

        spec: {ttlSecondsAfterFinished: -1}

    Good::

        spec: {suspend: true}
    """,
)


class Problem(NamedTuple):
    """A finding and its code."""

    code: Code
    finding: Finding
