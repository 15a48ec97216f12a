"""Parse YAML text to events with ruamel.yaml, adjusted where libyaml (kubectl) differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import Event, MappingStartEvent, ScalarEvent, SequenceStartEvent
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

# Characters that are line breaks in YAML 1.1 (and to kubectl), but not in an editor.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")
_LONGEST_TAG = 200
_AFTER_OTHER_BREAK = "[\x85\u2028\u2029]([^\r\n\x85\u2028\u2029]*)\\Z"


def events(text: str) -> Iterator[Event]:
    """Yield the events of a document. Raises ruamel's errors for invalid YAML."""
    yaml = _Yaml(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    if _OTHER_BREAK.search(text):
        yaml.Reader = _Reader
    yield from yaml.parse(text)


def is_template(event: Event, key: Event) -> bool:
    """Whether a mapping begins with `{{`; `key` is its first key or a later one."""
    is_nested = isinstance(event, MappingStartEvent) and isinstance(key, MappingStartEvent)
    return is_nested and key.start_mark.index == event.start_mark.index + 1


def is_empty(event: Event) -> bool:
    """Whether a value is not written at all; its event is where the next text begins."""
    is_plain = isinstance(event, ScalarEvent) and not event.style
    return is_plain and event.start_mark.index == event.end_mark.index


def end_column(first: Event, last: Event) -> int | None:
    """Return the column after a value that ends on the line where it begins, or None.

    Values that span lines have no end: code scanning shows a result in a pull request only if all
    of its lines are in the diff.
    """
    if isinstance(last, (SequenceStartEvent, MappingStartEvent)):
        return None
    start, end = first.start_mark, last.end_mark
    # A block ends with an empty event, where the next value begins.
    is_written = last.start_mark.index < end.index
    # Columns restart at every YAML line break, including those that editors do not recognize.
    is_one_line = end.column - start.column == end.index - start.index
    return end.column + 1 if is_written and is_one_line else None


def tag_of(event: Event) -> str:
    """Return the tag of a value in its long form, or an empty string without one."""
    return str(getattr(event, "tag", None) or "")


def short_tag(tag: str) -> str:
    """Return a tag as it is usually written."""
    return tag.replace("tag:yaml.org,2002:", "!!")


class _Yaml(YAML):
    """ruamel's entry point without plug-ins, which it would look for on disk at each document."""

    def official_plug_ins(self) -> list[str]:
        return []


class _Scanner(Scanner):
    """ruamel's scanner, with tabs as white space wherever libyaml (kubectl) accepts them.

    Only indentation must not contain tabs.
    """

    def scan_to_next_token(self) -> Any:
        if not self.allow_simple_key:
            while self.reader.peek() in " \t":
                self.reader.forward()
        return super().scan_to_next_token()

    def scan_tag(self) -> Any:
        """Cut a long tag: ruamel decodes it in time that grows with the square of its length."""
        token = super().scan_tag()
        handle, suffix = token.value
        if len(suffix) > _LONGEST_TAG:
            # Not within an escape, such as %41.
            cut = re.sub("%.?$", "", suffix[:_LONGEST_TAG])
            token.value = handle, f"{cut}…"
        return token


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
