"""What can be wrong with a document's shape."""

from __future__ import annotations

from typing import NamedTuple

from jobsetgen.diagnostics import Code, Finding

UNKNOWN_FIELD = Code(
    id="JSG101",
    name="unknown-field",
    severity="error",
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
    name="wrong-type",
    severity="error",
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
    name="value-not-allowed",
    severity="error",
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
    name="missing-field",
    severity="error",
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
    name="field-of-another-version",
    severity="error",
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
    name="out-of-range",
    severity="error",
    doc="""A number, or the length of a list, outside what the field allows.

    Bad::

        spec: {ttlSecondsAfterFinished: -1}

    Good::

        spec: {suspend: true}
    """,
)
CODES = (UNKNOWN_FIELD, WRONG_TYPE, NOT_ALLOWED, MISSING_FIELD, OTHER_VERSION, OUT_OF_RANGE)


class Problem(NamedTuple):
    """A finding and its code."""

    code: Code
    finding: Finding
