"""The keys of lists: what makes two items of the old and the new list the same one, as data.

From the markers `+listMapKey` and `+patchMergeKey` of the Kubernetes API types. An item of a list
that is not here has no identity, as a toleration or a rule of a podFailurePolicy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diff.api_types import ApiType
from jobsetgen.diff.defaults import default


class ListKey(NamedTuple):
    """The fields that identify an item of a list, and whether the order of the items counts.

    It counts if pods run differently in another order. To the API server, another order of any of
    these lists is another pod template, which a Job cannot take.
    """

    fields: tuple[str, ...]
    is_ordered: bool = False


_NAME = ListKey(("name",))
# By type and field.
_KEYS: Mapping[str, ListKey] = {
    "PodSpec.containers": _NAME,
    # They run one after the other.
    "PodSpec.initContainers": ListKey(("name",), is_ordered=True),
    "PodSpec.volumes": _NAME,
    "PodSpec.imagePullSecrets": _NAME,
    # The first line of /etc/hosts with a name counts.
    "PodSpec.hostAliases": ListKey(("ip",), is_ordered=True),
    "PodSpec.schedulingGates": _NAME,
    "PodSpec.resourceClaims": _NAME,
    "PodSpec.evictionResponders": _NAME,
    "PodSpec.topologySpreadConstraints": ListKey(("topologyKey", "whenUnsatisfiable")),
    "Container.ports": ListKey(("containerPort", "protocol")),
    # A value may refer to the variables before it, as $(NAME).
    "Container.env": ListKey(("name",), is_ordered=True),
    "Container.volumeMounts": ListKey(("mountPath",)),
    "Container.volumeDevices": ListKey(("devicePath",)),
    "ResourceRequirements.claims": _NAME,
    "ServiceSpec.ports": ListKey(("port", "protocol")),
    "ServiceAccount.secrets": _NAME,
    "ServiceAccount.imagePullSecrets": _NAME,
    "ObjectMeta.ownerReferences": ListKey(("uid",)),
    "WorkloadSpec.volumeClaimTemplates": ListKey(("metadata.name",)),
    "List.items": ListKey(("kind", "metadata.namespace", "metadata.name")),
}
# Types that the table of types does not have, such as those of a CRD, embed pod templates as well.
# Nothing is known about them, so order counts.
_ANYWHERE: Mapping[str, ListKey] = {
    field: key._replace(is_ordered=True)
    for name, key in _KEYS.items()
    for of, _, field in [name.partition(".")]
    if of in ("PodSpec", "Container") and field != "ports"
}

KEYED_LISTS = frozenset(name.partition(".")[2] for name in _KEYS)
"""The names of all fields with such a list."""


def list_key(of: ApiType, field: str) -> ListKey | None:
    """Return the key of the list in a field of a type; None if its items have no identity."""
    if not of.is_known:
        return _ANYWHERE.get(field)
    return _KEYS.get(f"{of.name}.{field}")


def item_keys(items: Sequence[Any], key: ListKey, of: ApiType) -> list[str] | None:
    """Return the key of each item as text, such as `8080/UDP`; `of` is the type of the items.

    A part that is the default is left out. None if an item has no key, or two have the same.
    """
    found = [_item_key(item, key, of) for item in items]
    distinct = {each for each in found if each is not None}
    return [each for each in found if each] if len(distinct) == len(items) else None


def _item_key(item: Any, key: ListKey, of: ApiType) -> str | None:
    if not isinstance(item, Mapping):
        return None
    parts = []
    for field in key.fields:
        value = _value(item, field)
        if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
            return None
        if value not in (None, "", default(of, field, item)):
            parts.append(str(value))
    return "/".join(parts) or None


def _value(item: Mapping[str, Any], field: str) -> Any:
    """Return the value at a field, which may be in a field: `metadata.name`."""
    first, _, rest = field.partition(".")
    value = item.get(first)
    if not rest:
        return value
    return _value(value, rest) if isinstance(value, Mapping) else None
