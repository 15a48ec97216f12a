"""A row of the option table. Rows are stored as metadata of the fields of the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields, is_dataclass
from functools import reduce
from typing import Any, NamedTuple

from jobsetgen.options.kinds import Kind

_ROW, _SECTION = "option", "section"


class Flag(NamedTuple):
    """A flag of the command line. Its help is shown with the option's default.

    Every compiling command has it; with `is_shared=False`, only commands that add it. `switch` is
    the value that a flag without one gives a switch. `refused` returns why a value is invalid, or
    an empty string.
    """

    name: str
    help: str
    short: str = ""
    is_shared: bool = True
    switch: bool = True
    refused: Callable[[str], str] | None = None

    @property
    def key(self) -> str:
        """Its name in click: `--update-policy` is `update_policy`."""
        return self.name.removeprefix("--").replace("-", "_")


class Parameter(NamedTuple):
    """A parameter of the Argo CD plugin.

    `position` is its place in the form that Argo CD shows. With `ignores_empty` an empty value is
    treated as if the parameter were not set.
    """

    name: str
    position: int
    title: str
    tooltip: str
    ignores_empty: bool = False


class Option(NamedTuple):
    """One option.

    `path` is its path in a jobsetgen.yaml, `setting` its path in Settings. `text` describes it
    without the default, which is `default`, or `default_text` in words. With `in_file=False`, it
    is only a flag. `group` is its heading in `--help` and in the reference. Options that are
    `is_advanced` come last in the reference, and are listed by `--help-all` alone.
    """

    kind: Kind
    text: str
    path: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    default: Any = None
    default_text: str = ""
    group: str = ""
    flag: Flag | None = None
    parameter: Parameter | None = None
    in_file: bool = True
    is_advanced: bool = False

    @property
    def shown_default(self) -> str:
        """The default as shown to people; empty if the default is to omit the option."""
        if self.default_text:
            return self.default_text
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return str(self.default) if isinstance(self.default, int) or self.default else ""

    def of(self, settings: Any) -> Any:
        """Return the value of this option in settings."""
        return reduce(getattr, self.setting, settings)


class Section(NamedTuple):
    """A mapping of options in a jobsetgen.yaml; `group` is the heading of its options."""

    settings: type
    text: str
    group: str


def option(default: Any, kind: Kind, text: str, *, name: str = "", **more: Any) -> Any:
    """Return a dataclass field that is an option.

    Its name in a jobsetgen.yaml is `name`, or the field's name in camel case.
    """
    row = Option(kind=kind, text=text, path=(name,), default=default, **more)
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata={_ROW: row})
    return field(default=default, metadata={_ROW: row})


def section(settings: type, text: str, *, group: str = "") -> Any:
    """Return a dataclass field whose own fields are options.

    Without a group, they are listed in the group of the parent.
    """
    return field(default_factory=settings, metadata={_SECTION: Section(settings, text, group)})


def rows_of(settings: type, group: str) -> Iterator[Option]:
    """Yield the options of a settings class in order, including those of its sections."""
    assert is_dataclass(settings)
    for each in fields(settings):
        if (row := each.metadata.get(_ROW)) is not None:
            name = row.path[0] or camel_case(each.name)
            yield row._replace(path=(name,), setting=(each.name,), group=group)
        elif (about := each.metadata.get(_SECTION)) is not None:
            name = camel_case(each.name)
            for row in rows_of(about.settings, about.group or group):
                yield row._replace(path=(name, *row.path), setting=(each.name, *row.setting))


def sections_of(settings: type) -> dict[str, Section]:
    """Return the sections of a settings class by their names in a jobsetgen.yaml."""
    assert is_dataclass(settings)
    found = {camel_case(each.name): each.metadata.get(_SECTION) for each in fields(settings)}
    return {name: about for name, about in found.items() if about is not None}


def camel_case(name: str) -> str:
    """Return a field's name in a jobsetgen.yaml: update_policy becomes updatePolicy."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
