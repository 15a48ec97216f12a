"""What is wrong with an expression of a template, in words that need no knowledge of Python."""

from __future__ import annotations

import re
from collections.abc import Callable

from jobsetgen.overlays.template_data import TemplateError

_TYPES = re.compile(
    r"'?\b(str|Text|int|Whole|float|Real|dict|Table|list|Row|NoneType|bool|tuple)\b'?"
)
_WORDS = {
    **dict.fromkeys(("str", "Text"), "string"),
    **dict.fromkeys(("int", "Whole", "float", "Real"), "number"),
    **dict.fromkeys(("dict", "Table"), "mapping"),
    **dict.fromkeys(("list", "Row", "tuple"), "list"),
    "NoneType": "null",
    "bool": "boolean",
}
_LONGEST = 200
_UNQUOTE = "Remove the quotes of the value, or convert it with the filter int."
_ITEMS = "Loop over the keys and the values of a mapping with its items(), such as labels.items()."
# The names of functions that are not those of their filters.
_FILTERS = {"shell_word": "sh"}


def expression_error(error: Exception) -> TemplateError:
    """Return an error of computing with values as a message and a hint."""
    if isinstance(error, ZeroDivisionError):
        return TemplateError("division by zero")
    if isinstance(error, (NameError, OverflowError)):
        # A number that is too large is a name in the code of the template.
        return TemplateError("a number is out of range")
    text = " ".join(str(error)[:_LONGEST].split())
    for pattern, explain in _EXPLANATIONS:
        if found := pattern.search(text):
            return explain(found)
    return TemplateError(f"the expression fails: {in_sentence(text)}")


def in_sentence(text: str) -> str:
    """Return an error of Python with the names of JSON's types, on one line."""
    named = _TYPES.sub(lambda found: _WORDS[found[1]], " ".join(text[:_LONGEST].split()))
    return named[:1].lower() + named[1:].rstrip(".")


def _kind(name: str) -> str:
    """Return a type with its article."""
    word = _WORDS.get(name, "value")
    return word if word == "null" else f"a {word}"


def _operands(operator: str, *types: str) -> TemplateError:
    kinds = [_kind(name) for name in types]
    hint = _UNQUOTE if "a string" in kinds else ""
    return TemplateError(f"'{operator}' cannot be used with {' and '.join(kinds)}", hint)


def _arguments(name: str) -> TemplateError:
    name = name.removeprefix("do_").lstrip("_")
    return TemplateError(f"wrong arguments for '{_FILTERS.get(name, name)}'")


_Explain = Callable[["re.Match[str]"], TemplateError]
_EXPLANATIONS: tuple[tuple[re.Pattern[str], _Explain], ...] = (
    (
        re.compile(r'can only concatenate (\w+) \(not "(\w+)"\)'),
        lambda found: _operands("+", found[1], found[2]),
    ),
    (
        re.compile(r"unsupported operand type\(s\) for (\S+?)(?: or \S+)?: '(\w+)' and '(\w+)'"),
        lambda found: _operands(found[1], found[2], found[3]),
    ),
    (
        re.compile(r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'"),
        lambda found: _operands(found[1], found[2], found[3]),
    ),
    (
        re.compile(r"can't multiply sequence by non-int of type '(\w+)'"),
        lambda found: _operands("*", "str", found[1]),
    ),
    (
        re.compile(r"bad operand type for unary (\S): '(\w+)'"),
        lambda found: _operands(found[1], found[2]),
    ),
    (
        re.compile(r"'(\w+)' object is not iterable"),
        lambda found: TemplateError(f"{_kind(found[1])} is not a list"),
    ),
    (
        re.compile(r"'(\w+)' object is not callable"),
        lambda found: TemplateError(f"{_kind(found[1])} is not a function"),
    ),
    (
        re.compile(r"values to unpack \(expected (\d+)"),
        lambda found: TemplateError(f"an item of the loop does not have {found[1]} parts", _ITEMS),
    ),
    (
        re.compile(r"(\w+)\(\) (?:takes|missing|got)\b"),
        lambda found: _arguments(found[1]),
    ),
)
