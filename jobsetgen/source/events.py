"""Parse YAML text to events with ruamel.yaml, adjusted where libyaml (kubectl) differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import Event
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

# Characters that are line breaks in YAML 1.1 (and to kubectl), but not in an editor.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")
_AFTER_OTHER_BREAK = "[\x85\u2028\u2029]([^\r\n\x85\u2028\u2029]*)\\Z"


def events(text: str) -> Iterator[Event]:
    """Yield the events of a document. Raises ruamel's errors for invalid YAML."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    if _OTHER_BREAK.search(text):
        yaml.Reader = _Reader
    yield from yaml.parse(text)


class _Scanner(Scanner):
    """ruamel's scanner, with tabs as white space wherever libyaml (kubectl) accepts them.

    Only indentation must not contain tabs.
    """

    def scan_to_next_token(self) -> Any:
        if not self.allow_simple_key:
            while self.reader.peek() in " \t":
                self.reader.forward()
        return super().scan_to_next_token()


class _Reader(Reader):
    """ruamel's reader, counting columns from every line break that its scanner recognizes.

    kustomize and kpt write these line breaks unescaped, and indent the following text. Line
    numbers remain those of an editor.
    """

    def forward(self, length: int = 1) -> None:
        start = self.pointer
        super().forward(length)
        if found := re.search(_AFTER_OTHER_BREAK, self.buffer[start : self.pointer]):
            self.column = len(found[1])
