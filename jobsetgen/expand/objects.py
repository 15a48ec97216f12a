"""The parts of an expansion: objects, and families of Jobs that differ only in their index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.model import keys
from jobsetgen.naming import job_key, job_name

Object = dict[str, Any]


class Slot(str):
    """A placeholder in an object that is stamped for each index; its text is the value's name."""

    __slots__ = ()


NAME = Slot("job name")
INDEX = Slot("job index")
GLOBAL_INDEX = Slot("global index")
GROUP_INDEX = Slot("group index")
KEY = Slot("job key")
NAMESPACED_NAME = Slot("namespaced job name")
DOMAIN = Slot("topology domain")
# The same in every Job of a set; filled when the set's generation is known.
GENERATION = Slot("generation")
ATTEMPT_KEY = Slot("restart attempt's key")


class JobFamily(NamedTuple):
    """The Jobs of one replicatedJob: a template with slots, and the values of each index.

    With `is_preview`, they are not in the output: the watcher will create them.
    """

    template: Object
    jobset: str
    replicated_job: str
    hash_namespace: str
    replicas: int
    first_global_index: int
    first_group_index: int
    domains: tuple[str, ...] = ()
    is_preview: bool = False

    def name(self, index: int) -> str:
        """Return the name of the Job with an index."""
        return job_name(self.jobset, self.replicated_job, index)

    def slots(self, index: int) -> dict[str, str]:
        """Return the values of the slots for the Job with an index."""
        name = self.name(index)
        return {
            NAME: name,
            INDEX: str(index),
            GLOBAL_INDEX: str(self.first_global_index + index),
            GROUP_INDEX: str(self.first_group_index + index),
            KEY: job_key(self.hash_namespace, name),
            NAMESPACED_NAME: f"{self.hash_namespace}_{name}",
            DOMAIN: self.domains[index] if self.domains else "",
        }

    def longest(self) -> Object:
        """Return the Job with the longest name and the longest topology domain."""
        slots = self.slots(self.replicas - 1)
        slots[DOMAIN] = max(self.domains, key=len, default="")
        longest: Object = fill(self.template, slots)
        return longest

    def with_template(self, template: Object) -> JobFamily:
        """Return the same family with another template."""
        return self._replace(template=template)

    def objects(self) -> Iterator[Object]:
        """Yield every Job as an object."""
        for index in range(self.replicas):
            yield fill(self.template, self.slots(index))


Part = Object | JobFamily


def fill(value: Any, slots: Mapping[str, str]) -> Any:
    """Return data with its slots replaced by values, as the emitter does in text.

    Slots without a value are kept.
    """
    if isinstance(value, Slot):
        return slots.get(value, value)
    if isinstance(value, Mapping):
        return {key: fill(item, slots) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, slots) for item in value]
    return value


def metadata(
    name: str,
    namespace: str | None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Object:
    """Return an object's metadata without its empty parts."""
    parts = {"name": name, "namespace": namespace, "labels": labels, "annotations": annotations}
    return {
        key: dict(value) if isinstance(value, Mapping) else value
        for key, value in parts.items()
        if value
    }


def without_identity(entries: Mapping[str, str]) -> dict[str, str]:
    """Return the user's labels or annotations without the keys that the expansion sets."""
    return {key: value for key, value in entries.items() if key not in keys.IDENTITY}
