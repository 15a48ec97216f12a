"""What is wrong with a template, in words that need no knowledge of Jinja2 or Python."""

from __future__ import annotations

import re

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

from jobsetgen.overlays.template_data import TemplateError
from jobsetgen.overlays.template_language import nearby

_STATEMENTS = (
    *("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "with", "endwith"),
    *("macro", "endmacro", "raw", "endraw"),
)
_UNKNOWN = re.compile(r"Encountered unknown tag '(.*?)'", re.S)
_UNCLOSED = re.compile(r"The innermost block that needs to be closed is '(\w+)'")
_EXPECTED = re.compile(r"expected token '(.*)', got '(.*)'", re.S)
_ENDED = re.compile(r"unexpected end of template, expected '(.*)'", re.S)
_CHARACTER = re.compile(r"unexpected char (.*) at \d+", re.S)
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
_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "begin of print statement": "{{",
}
_UNENDED = {
    "Missing end of raw directive": "'raw' is not closed",
    "Missing end of comment tag": "'{#' is not closed",
}
_NOT_ITERABLE = re.compile(r"'(\w+)' object is not iterable")
_LONGEST = 200


def in_plain_words(error: Exception) -> TemplateError:
    """Return the error of reading or rendering a template as a message and a hint."""
    if isinstance(error, TemplateError):
        return error
    if isinstance(error, TemplateSyntaxError):
        return _of_syntax(error.message or "invalid syntax")
    if isinstance(error, (UndefinedError, SecurityError)):
        return _of_missing(error)
    if isinstance(error, ZeroDivisionError):
        return TemplateError("division by zero")
    if isinstance(error, (RecursionError, SyntaxError)):
        return TemplateError("the template is nested too deeply, or calls itself without end")
    if found := _NOT_ITERABLE.search(str(error)):
        return TemplateError(
            f"the expression fails: a {_WORDS.get(found[1], 'value')} is not a list"
        )
    if isinstance(error, OverflowError):
        return TemplateError("a number is out of range")
    return TemplateError(f"the expression fails: {_sentence(str(error))}")


def _of_missing(error: Exception) -> TemplateError:
    message, _, hint = str(error).partition("\n")
    return TemplateError(message, hint)


def _of_syntax(message: str) -> TemplateError:
    if found := _UNKNOWN.match(message):
        return _of_statement(found[1], _UNCLOSED.search(message))
    if found := _UNCLOSED.search(message):
        return TemplateError(f"'{found[1]}' is not closed", f"Close it with {{% end{found[1]} %}}.")
    if found := _EXPECTED.match(message):
        return TemplateError(f"expected {_token(found[1])}, but found {_token(found[2])}")
    if found := _ENDED.match(message):
        return TemplateError(f"the template ends where {_token(found[1])} is expected")
    if found := _CHARACTER.match(message):
        return TemplateError(f"unexpected character {found[1]}")
    if message in _UNENDED:
        return TemplateError(_UNENDED[message])
    return TemplateError(f"invalid template: {_sentence(message)}")


def _of_statement(name: str, inside: re.Match[str] | None) -> TemplateError:
    """Return the error of a statement that is unknown, or closes what is not open."""
    if name not in _STATEMENTS:
        return TemplateError(f"unknown statement '{name}'", nearby(name, _STATEMENTS))
    if inside is None:
        return TemplateError(f"'{name}' belongs to no statement before it")
    opened = inside[1]
    hint = f"Close it with {{% end{opened} %}} first."
    return TemplateError(f"'{name}' is inside '{opened}', which is not closed", hint)


def _token(name: str) -> str:
    return f"'{_TOKENS.get(name, name)}'"


def _sentence(text: str) -> str:
    """Return an error of Python with the names of JSON's types, on one line."""
    named = _TYPES.sub(lambda found: _WORDS[found[1]], " ".join(text[:_LONGEST].split()))
    return named[:1].lower() + named[1:].rstrip(".")
