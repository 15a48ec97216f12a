"""The language of templates: Jinja2 with what a manifest needs, and nothing that could harm.

Left out is what includes other files, what differs from run to run (`random`), what is for HTML,
and what inserts text that is no value (`call`, `filter` and `block`). White space: a line with
nothing but a `{% … %}` or a `{# … #}` leaves no line behind (`trim_blocks` and `lstrip_blocks`), and
the last line break of a file is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.environment import Environment
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from jobsetgen.overlays.template_data import Table, TemplateError, Text, path_of, text_of
from jobsetgen.overlays.template_filters import FILTERS, numbers
from jobsetgen.source.scalars import resolve
from jobsetgen.words import near, nearest, suggested

# Two edits turn any shorter name into any other.
_SHORTEST = 3

_FILTERS = (
    *("abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "first"),
    *("groupby", "indent", "items", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr"),
    *("slice", "sort", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode"),
    *("wordcount", "wordwrap"),
)
_STATEMENTS: dict[type[nodes.Node], str] = {
    nodes.Extends: "extends",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Block: "block",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
}


class RefusedError(TemplateError):
    """A statement that templates cannot have, with the line that it is on."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.line = line


class Undefined(StrictUndefined):
    """A value that is not there; every use of it fails, and says which one it is."""

    @property
    def _undefined_message(self) -> str:
        """The message and, on a second line, a hint."""
        name = self._undefined_name
        if self._undefined_hint:
            return f"'{name}' cannot be used in a template"
        known = self._undefined_obj
        parent = "" if known is missing else path_of(known)
        hint = hint_for(str(name), known) if isinstance(known, dict) else ""
        return f"undefined value '{_path(parent, name)}'\n{hint}"


def hint_for(name: str, known: Iterable[str]) -> str:
    """Return a hint for a name that a mapping does not have, or an empty string."""
    if isinstance(resolve(name), bool):
        return f"Quote the key '{name}' among the values: YAML reads it as a boolean."
    names = list(known)
    dashed = next((each for each in names if each.startswith(f"{name}-")), "")
    if dashed:
        return f"Rename the value '{dashed}': an expression reads its dash as a minus."
    return nearby(name, names)


def nearby(name: str, known: Iterable[str]) -> str:
    """Return a sentence that suggests a similar name, also for short ones; or an empty string."""
    names = list(known)
    hint = near(name, names)
    if hint or len(name) < _SHORTEST:
        return hint
    return suggested(nearest(name, names))


def _path(parent: str, name: object) -> str:
    if isinstance(name, int):
        return f"{parent}[{name}]"
    return f"{parent}.{name}" if parent else str(name)


class _Language(ImmutableSandboxedEnvironment):
    """The environment of templates."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a key of a mapping, also one that a method of Python's mappings hides."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Text):
            # Its methods, such as `format`, make more of its own kind.
            return super().getattr(str(obj), attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, with a key of JSON data."""
        if isinstance(argument, slice) or not isinstance(obj, Table):
            return super().getitem(obj, argument)
        return super().getitem(obj, str(argument) if isinstance(argument, int) else argument)


def language() -> Environment:
    """Return the environment that templates are read and rendered with."""
    environment = _Language(
        undefined=Undefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        # Constants are computed when they are needed, so that errors have their line.
        optimized=False,
        finalize=text_of,
        cache_size=0,
    )
    known = environment.filters
    environment.filters = {name: known[name] for name in _FILTERS}
    environment.filters.update(FILTERS)
    environment.globals = {"range": numbers, "dict": dict}
    return environment


TEXT_FILTER, VALUE_FILTER = "(text)", "(value)"
"""The filters that record a piece. No template can name them."""


class Marked:
    """Puts the recording of pieces into a template's tree; `pieces` are whether each is a value.

    The pieces are in the order of the file. What is in a macro or a `set` block is text to compute
    with, and no piece of the output.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._next = 0

    def mark(self, node: nodes.Node, *, is_output: bool = True) -> None:
        """Change a tree in place. Raises RefusedError for what templates cannot have."""
        self._refuse(node)
        if isinstance(node, nodes.Output):
            node.nodes = [self._recorded(each, is_output=is_output) for each in node.nodes]
            return
        if isinstance(node, nodes.Concat):
            node.nodes = [self._filtered(each, "string", []) for each in node.nodes]
        is_inner = is_output and not isinstance(node, (nodes.Macro, nodes.AssignBlock))
        for child in node.iter_child_nodes():
            self.mark(child, is_output=is_inner)

    def _recorded(self, node: nodes.Expr, *, is_output: bool) -> nodes.Expr:
        number = self._next
        self._next += 1
        is_text = isinstance(node, nodes.TemplateData)
        self.mark(node)
        if not is_output:
            return node
        arguments: list[nodes.Expr] = [nodes.Const(number)]
        if is_text:
            return self._filtered(nodes.Const(None, lineno=node.lineno), TEXT_FILTER, arguments)
        return self._filtered(node, VALUE_FILTER, arguments)

    def _filtered(self, node: nodes.Expr, name: str, arguments: list[nodes.Expr]) -> nodes.Filter:
        made = nodes.Filter(node, name, arguments, [], None, None, lineno=node.lineno)
        made.set_environment(self._environment)
        return made

    def _refuse(self, node: nodes.Node) -> None:
        statement = _STATEMENTS.get(type(node))
        if statement is not None:
            message = f"'{statement}' cannot be used in a template"
            hint = "List every file under resources; a template is rendered by itself."
            raise RefusedError(node.lineno, message, hint)
        if isinstance(node, nodes.For) and node.recursive:
            raise RefusedError(node.lineno, "a recursive loop cannot be used in a template")
        # Jinja2 finds these only where they are used, which may be in a branch that is not taken.
        if isinstance(node, nodes.Filter) and node.name not in self._environment.filters:
            hint = near(node.name, self._environment.filters)
            raise RefusedError(node.lineno, f"unknown filter '{node.name}'", hint)
        if isinstance(node, nodes.Test) and node.name not in self._environment.tests:
            hint = near(node.name, self._environment.tests)
            raise RefusedError(node.lineno, f"unknown test '{node.name}'", hint)
