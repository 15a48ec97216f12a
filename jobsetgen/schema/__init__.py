"""JSON Schemas, and validation of documents against them.

Our own check runs first, because importing the jsonschema library takes longer than a build. The
library is used only to explain errors. A test ensures that the two agree.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.schema.codes import WRONG_TYPE, Problem
from jobsetgen.schema.conforms import conforms
from jobsetgen.schema.files import COMPILED_KINDS, KINDS, OWN_KINDS, schema_of, standalone

__all__ = [
    "COMPILED_KINDS",
    "KINDS",
    "OWN_KINDS",
    "WRONG_TYPE",
    "Problem",
    "conforms",
    "problems",
    "schema_of",
    "standalone",
]


def problems(data: Any, kind: str, version: str) -> list[Problem]:
    """Return all violations of the kind's schema, in the order of the data.

    `version` is a supported Kubernetes minor version.
    """
    schema = schema_of(kind, version)
    if conforms(data, schema, schema["$defs"]):
        return []
    from jobsetgen.schema.explain import explained, library_errors

    return [
        problem
        for error in library_errors(data, schema)
        for problem in explained(error, kind, version)
    ]
