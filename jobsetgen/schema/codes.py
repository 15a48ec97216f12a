"""What can be wrong with a document's shape."""

from __future__ import annotations

from typing import NamedTuple

from jobsetgen.diagnostics import Code, Finding
from jobsetgen.upstream import kubernetes, manual

UNKNOWN_FIELD = Code(
    id="JSG101",
    title="unknown field",
    severity="error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go", "unmarshal"
    ),
    doc="""An object has a field that its kind does not define, usually because of a typo or wrong
    indentation.

    Error because no cluster acts on such a field: the API server refuses the object, or drops the
    field where field validation is off.

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
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go", "unmarshal"
    ),
    doc="""A value has a different type from its field: a number where text is expected, or text
    where a list is.

    YAML reads `yes`, `on` and `n` as booleans and `0644` as a number, so such text needs quotes.

    Error because no API server can decode such an object.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: yes}]}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: "yes"}]}]}}}
    """,
)
NOT_ALLOWED = Code(
    id="JSG103",
    title="value not allowed",
    severity="error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go",
        "ValidateCustomResource",
    ),
    doc="""A value is not one of those that the field allows.

    Error because every API server refuses it.

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
    source=kubernetes(
        "staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go",
        "ValidateCustomResource",
    ),
    doc="""A required field is missing.

    Error because every API server refuses the object without it.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""An object has a field that the chosen Kubernetes version does not have, but another
    version does.

    `--kubernetes-version`, or `kubernetesVersion` in jobsetgen.yaml, sets the version of the
    cluster that the output is for.

    Error because no cluster of that version acts on the field: the API server refuses the object,
    or drops the field where field validation is off.

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
    source=kubernetes(
        "staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go",
        "ValidateCustomResource",
    ),
    doc="""A number, or the length of a list, is outside what the field allows.

    Error because every API server refuses it.

    Bad::

        spec: {ttlSecondsAfterFinished: -1}

    Good::

        spec: {suspend: true}
    """,
)


class Problem(NamedTuple):
    """A finding and its code.

    `meant` is what was clearly meant: the key instead of an unknown one, or the value instead of a
    wrong one; None if that is not clear.
    """

    code: Code
    finding: Finding
    meant: str | int | None = None
