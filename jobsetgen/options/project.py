"""The options that only a project has: what it compiles, and what it changes in that.

They concern the resources of their own project and nothing else. So they are fields of a
jobsetgen.yaml that no layer overrides, and no settings.
"""

from __future__ import annotations

from jobsetgen.options import kinds
from jobsetgen.options.row import Option

_GROUP = "Changes to the resources"

RESOURCES = Option(
    kind=kinds.FILES,
    text="The files, folders and other projects to compile, relative to this file, in this order.",
    path=("resources",),
    default_text="every *.yaml and *.yml in its folder, sorted by name",
    group="Compilation",
)

VALUES = Option(
    kind=kinds.VALUES,
    text="The values for the templates among the resources, *.yaml.j2; they override a base's.",
    path=("values",),
    group=_GROUP,
)

VALUES_SCHEMA = Option(
    kind=kinds.TEXT,
    text="The JSON Schema of the values, a file relative to this file.",
    path=("valuesSchema",),
    group=_GROUP,
)

PATCHES = Option(
    kind=kinds.PATCHES,
    text="Strategic merge patches and JSON patches, in this order.",
    path=("patches",),
    group=_GROUP,
)

NAME_PREFIX = Option(
    kind=kinds.TEXT,
    text="A prefix for the names of all objects.",
    path=("namePrefix",),
    group=_GROUP,
)

NAME_SUFFIX = Option(
    kind=kinds.TEXT,
    text="A suffix for the names of all objects.",
    path=("nameSuffix",),
    group=_GROUP,
)

LABELS = Option(
    kind=kinds.TEXT_MAP,
    text="Labels for all objects, not for pods and not for selectors.",
    path=("labels",),
    group=_GROUP,
)

ANNOTATIONS = Option(
    kind=kinds.TEXT_MAP,
    text="Annotations for all objects, not for pods.",
    path=("annotations",),
    group=_GROUP,
)

CHANGES = (VALUES, VALUES_SCHEMA, PATCHES, NAME_PREFIX, NAME_SUFFIX, LABELS, ANNOTATIONS)
"""What a project changes in its resources, in display order."""
