"""JSON Schemas, and what in a document does not fit them.

A check of ours runs first, as importing the jsonschema library takes longer than a whole build; the
library then explains what failed. A test holds that the two agree.
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
    """Return everything in the data that does not fit the kind's schema, in the order of the data.

    `version` is a Kubernetes minor version that is known.
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
