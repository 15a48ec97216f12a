"""What is secret in an object: facts that everything shares which shows objects to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VALUE_FIELDS = ("data", "stringData")
"""The fields of a Secret whose keys are shown and whose values are not."""

SHOWN_FIELDS = frozenset(["apiVersion", "kind", "metadata", "type", "immutable"])
"""The fields of a Secret that are shown.

Any other field is a mistake, such as `stringdata`, and may hold values as well.
"""

METADATA_FIELDS = frozenset(
    [
        "annotations",
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "generateName",
        "generation",
        "labels",
        "managedFields",
        "name",
        "namespace",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    ]
)
"""The fields of a Secret's metadata that are shown: any other may be its data, one level too deep."""

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation of any object: kubectl keeps in it what it has applied, values included."""

HIDDEN, CHANGED = "(hidden)", "(hidden, changed)"
"""What is shown in place of a value, and of one that has changed."""

_LIST = "SecretList"
# A tuple: the kind of an object that is not valid may be a list, which has no hash.
_KINDS = ("Secret", _LIST)


def is_secret(value: Any) -> bool:
    """Whether a value is a Secret, of any API version."""
    return isinstance(value, Mapping) and value.get("kind") == "Secret"


def is_secret_list(value: Any) -> bool:
    """Whether a value is a list of Secrets, whose items need no kind."""
    return isinstance(value, Mapping) and value.get("kind") == _LIST


def holds_secret(value: Any) -> bool:
    """Whether a Secret is somewhere in a value."""
    if isinstance(value, Mapping):
        return value.get("kind") in _KINDS or any(map(holds_secret, value.values()))
    return isinstance(value, list) and any(map(holds_secret, value))
