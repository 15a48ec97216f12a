"""YAML text to events: ruamel.yaml, led to where libyaml, and so kubectl, goes another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import Event
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

# Line breaks of YAML 1.1, and so to kubectl, that end no line in an editor.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")
_AFTER_OTHER_BREAK = re.compile("[\x85\u2028\u2029]([^\r\n\x85\u2028\u2029]*)\\Z")


def events(text: str) -> Iterator[Event]:
    """Yield the events of a document. Raises ruamel's errors on the way for what is not YAML."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    if _OTHER_BREAK.search(text):
        yaml.Reader = _Reader
    yield from yaml.parse(text)


class _Scanner(Scanner):
    """ruamel's scanner, with tabs as white space wherever libyaml, and so kubectl, takes them.

    Only indentation must not have any.
    """

    def scan_to_next_token(self) -> Any:
        if not self.allow_simple_key:
            while self.reader.peek() in " \t":
                self.reader.forward()
        return super().scan_to_next_token()


class _Reader(Reader):
    """ruamel's reader, counting columns from every break that its scanner knows.

    kustomize and kpt write the breaks of a text as they are, and indent what comes after. Line
    numbers stay those of an editor.
    """

    def forward(self, length: int = 1) -> None:
        start = self.pointer
        super().forward(length)
        if found := _AFTER_OTHER_BREAK.search(self.buffer[start : self.pointer]):
            self.column = len(found[1])
