"""A Job template as plain data, with accessors for the rules and the expansion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.pods import CONTAINER_FIELDS
from jobsetgen.plain import integer, mapping, objects


class JobTemplate(NamedTuple):
    """The template of a replicatedJob, or a Job in the input.

    `path` is its path in the document. With `defaults_restart_policy`, the pods' restartPolicy is
    not written, and is JobSet's default. `written` is the whole as it is in the document, without
    any default, and None if it is missing.

    Values may be missing or have the wrong type, which schema validation has then reported. Every
    accessor returns an empty value in this case, so that other rules can continue.
    """

    path: Path
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    defaults_restart_policy: bool = False
    written: Any = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The Job's labels."""
        return mapping(self.metadata, "labels")

    @property
    def annotations(self) -> Mapping[str, str]:
        """The Job's annotations."""
        return mapping(self.metadata, "annotations")

    @property
    def spec_path(self) -> Path:
        """The path of the Job's spec."""
        return (*self.path, "spec")

    @property
    def pod_template(self) -> Mapping[str, Any]:
        """The pod template."""
        return mapping(self.spec, "template")

    @property
    def pod_metadata(self) -> Mapping[str, Any]:
        """The pod template's metadata."""
        return mapping(self.pod_template, "metadata")

    @property
    def pod_annotations(self) -> Mapping[str, str]:
        """The pod template's annotations."""
        return mapping(self.pod_metadata, "annotations")

    @property
    def pod_labels(self) -> Mapping[str, str]:
        """The pod template's labels."""
        return mapping(self.pod_metadata, "labels")

    @property
    def pod(self) -> Mapping[str, Any]:
        """The pod's spec."""
        return mapping(self.pod_template, "spec")

    @property
    def pod_path(self) -> Path:
        """The path of the pod's spec."""
        return (*self.path, "spec", "template", "spec")

    def containers(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield every container with its path, init containers first."""
        for field in CONTAINER_FIELDS:
            for index, container in objects(self.pod, field):
                yield (*self.pod_path, field, index), container

    @property
    def is_indexed(self) -> bool:
        """Whether its pods have completion indexes."""
        return self.spec.get("completionMode") == "Indexed"

    @property
    def parallelism(self) -> int:
        """The parallelism; 1 by default."""
        return integer(self.spec, "parallelism", 1)

    @property
    def completions(self) -> int | None:
        """The number of pods that must succeed, or None if it is not set."""
        value = self.spec.get("completions")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def pods(self) -> int:
        """The number of pods that run at the same time: at most the number of completions."""
        if self.completions is None:
            return self.parallelism
        return min(self.parallelism, self.completions)
