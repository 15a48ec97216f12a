"""Escape untrusted text for terminals and CI logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

# The last ones change the text direction. Tabs are kept only in content.
_CONTROLS = "\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_IN_CONTENT = f"[{_CONTROLS}]"
_IN_WORDS = f"[\t{_CONTROLS}]"
# What GitHub Actions interprets as a command in any output: `::error::…`, also after
# blanks, and the older `##[error]…` anywhere in a line. Azure Pipelines has `##vso[…]`.
_COMMAND = r"^(\s*):(?=:)|#(?=#\[|#vso\[)"
# The character that makes it a command, and how it is shown.
_HARMLESS = {":": "\\x3a", "#": "\\x23"}


def harmless(words: str) -> str:
    """Return text as one line without control characters and CI commands."""
    return _without_commands(re.sub(_IN_WORDS, _escaped, words))


def harmless_letters(words: str) -> list[str]:
    """Return each character of a text as `harmless` shows it."""
    letters = [re.sub(_IN_WORDS, _escaped, letter) for letter in words]
    ends = list(accumulate(map(len, letters)))
    for found in re.finditer(_COMMAND, "".join(letters)):
        # A match ends with the character that makes it a command.
        index = ends.index(found.end())
        letters[index] = _HARMLESS[letters[index]]
    return letters


def harmless_content(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of a file's content escaped like `harmless`, but with tabs and line breaks."""
    for line in lines:
        content = line.removesuffix("\n")
        yield _without_commands(re.sub(_IN_CONTENT, _escaped, content)) + line[len(content) :]


def json_text(value: Any) -> str:
    """Return data as indented JSON, in which nothing is a command of CI: `##[` has an escape."""
    import json

    text = json.dumps(value, indent=2) + "\n"
    return re.sub(r"##(?=\[|vso\[)", r"#\\u0023", text)


def _without_commands(line: str) -> str:
    return re.sub(_COMMAND, _without_command, line)


def _without_command(found: re.Match[str]) -> str:
    return found[0][:-1] + _HARMLESS[found[0][-1]]


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
