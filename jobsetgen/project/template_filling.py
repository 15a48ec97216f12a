"""Fill the templates of a project and its bases, and check the values by the schemas of these."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobsetgen.diagnostics import Diagnostic, Finding, Place, diagnostic
from jobsetgen.options.project import VALUES, VALUES_SCHEMA
from jobsetgen.plain import string
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.files import Files
from jobsetgen.project.hierarchy import Project
from jobsetgen.project.inputs import Inputs, source_of, unread
from jobsetgen.project.limits import Usage
from jobsetgen.project.members import Member
from jobsetgen.source.codes import TOO_LARGE
from jobsetgen.source.text import Source

if TYPE_CHECKING:
    from jobsetgen.overlays.budget import Budget
    from jobsetgen.overlays.values import Given, Values

Parts = Mapping[Member, Inputs]
"""What the members of a project are read as, in their order."""


class TemplateFilling:
    """The templates of all projects of a compile, and the values `given` on the command line."""

    def __init__(self, files: Files, given: Given | None, usage: Usage) -> None:
        self._files = files
        self._given = given
        self._usage = usage
        self._budget: Budget | None = None
        self._templates: list[Source] = []

    def read(self, name: str) -> Inputs:
        """Read a template; it is filled later, with the values of all projects."""
        source = source_of(self._files, name)
        self._templates.append(source)
        return Inputs(sources=(source,))

    def filled(self, project: Project, parts: Parts) -> list[Inputs]:
        """Return the parts with the templates filled.

        If the values do not match the project's schema, none is filled, and the last part says why.
        """
        templates = [member for member in parts if member.kind == "template"]
        if not templates and VALUES_SCHEMA.path[0] not in project.layer.data:
            return list(parts.values())
        # Imported here, because most projects have no templates.
        from jobsetgen.overlays.budget import Budget
        from jobsetgen.project.templates import filled_inputs, values_for

        bases = [layer for part in parts.values() for layer in part.layers]
        layers = [*bases, *(each.layer for each in project.way())]
        values = values_for(layers, self._given)
        self._budget = self._budget or Budget()
        checked = self._checked(project, values, self._budget)
        if any(item.is_error for item in checked.diagnostics):
            return [*parts.values(), checked]
        sources = [parts[member].sources[0] for member in templates]
        filled = dict(zip(templates, filled_inputs(sources, values, self._budget), strict=True))
        return [*(filled.get(member, part) for member, part in parts.items()), checked]

    def _checked(self, project: Project, values: Values, budget: Budget) -> Inputs:
        """Return what is wrong with the values by the project's schema, if it has one."""
        path = VALUES_SCHEMA.path
        name = string(project.layer.data, path[0])
        if not name:
            return Inputs()
        from jobsetgen.project.templates import mismatches

        file = posixpath.join(project.folder, name)
        refused = unread(self._files, file, name)
        if refused:
            finding = Finding(path=path, message=refused.message, hint=refused.hint)
            return Inputs(diagnostics=(project.layer.document.diagnostic(NO_RESOURCE, finding),))
        source = source_of(self._files, file)
        message = self._usage.add_bytes(len(source.content))
        if message:
            return Inputs(diagnostics=(diagnostic(TOO_LARGE, Place(source.name), message),))
        wrong = tuple(mismatches(values, source, budget))
        return Inputs(diagnostics=wrong, sources=(source,), values_schemas=(source,))

    def unused_values(self, project: Project, read: Inputs) -> list[Diagnostic]:
        """Return warnings of values of the project that is compiled, unless it has errors."""
        has_values = bool(self._given) or VALUES.path[0] in project.layer.data
        is_wrong = any(item.is_error for item in read.diagnostics)
        if project.is_base or not has_values or is_wrong:
            return []
        from jobsetgen.project.templates import unused

        layers = [*read.layers[:-1], project.layer]
        return list(unused(layers, self._given, self._templates))
