"""What is wrong with a template, in words that need no knowledge of Jinja2 or Python."""

from __future__ import annotations

import re

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

from jobsetgen.overlays.expression_errors import expression_error, in_sentence
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
_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "begin of print statement": "{{",
}
_RAW = "Put text that contains '{#' between {% raw %} and {% endraw %}."
_NO_EXPRESSION = re.compile(r"[Ee]xpected an expression, got '(.*)'", re.S)
_UNENDED = {
    "unexpected '}'": "expected '}}', but found '}'",
    "Missing end of raw directive": "'raw' is not closed",
    "Missing end of comment tag": "'{#' is not closed",
}


def in_plain_words(error: Exception) -> TemplateError:
    """Return the error of reading or rendering a template as a message and a hint."""
    if isinstance(error, TemplateError):
        return error
    if isinstance(error, TemplateSyntaxError):
        return _of_syntax(error.message or "invalid syntax")
    if isinstance(error, (UndefinedError, SecurityError)):
        return _of_missing(error)
    if isinstance(error, (RecursionError, SyntaxError)):
        return TemplateError("the template is nested too deeply, or calls itself without end")
    return expression_error(error)


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
        return TemplateError(f"expected {_token(found[1])}, but the template ends")
    if found := _CHARACTER.match(message):
        return _of_character(found[1])
    if found := _NO_EXPRESSION.match(message):
        return TemplateError(f"expected an expression, but found {_token(found[1])}")
    if message in _UNENDED:
        return TemplateError(_UNENDED[message], _RAW if "#" in _UNENDED[message] else "")
    return TemplateError(f"invalid template: {in_sentence(message)}")


def _of_character(shown: str) -> TemplateError:
    """Return the error of a character that begins nothing; `shown` is in the quotes of Python."""
    if shown.strip("'\"") in ("", "\\'"):
        return TemplateError("a string in an expression is not closed", "Close its quotes.")
    return TemplateError(f"unexpected character {shown}")


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
