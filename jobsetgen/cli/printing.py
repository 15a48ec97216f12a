"""The one place that prints. Whatever a command shows goes through here, escaped for its medium.

What people read may hold names, patterns and values of an input that nobody has reviewed. What
programs read (YAML, JSON, SARIF, workflow commands) is escaped by whoever writes that format.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from jobsetgen.review.terminal import harmless, harmless_content


def complain(words: str) -> None:
    """Show one sentence about the run on standard error."""
    sys.stderr.write(f"jobsetgen: {harmless(words)}\n")


def report(text: str) -> None:
    """Show lines about the input on standard error."""
    sys.stderr.writelines(harmless_content(text.splitlines(keepends=True)))


def show(text: str) -> None:
    """Show lines to people on standard output."""
    sys.stdout.writelines(harmless_content(text.splitlines(keepends=True)))


def give(chunks: Iterable[str]) -> None:
    """Write to standard output what another program reads."""
    sys.stdout.writelines(chunks)
