"""Values that go wrong: scalars that readers of YAML disagree on, and data where it does not belong."""

from __future__ import annotations

from typing import Any

TEXTS = (
    "1", "1e3", "0x1f", "0o7", "017", "1_000", ".5", "5.", "+1", "-", "1:30", "0b1", "yes", "No", "on", "true", "null", "~", "",
    " a", "a ", "a: b", "a #b", "#a", "- a", "? a", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "{a", "[a", "'", '"', "---",
    "...", "<<", "=", "2026-01-01", "2026-01-01T00:00:00Z", ".inf", ".NaN", "\u00a0", "a\u00a0b", "\u2028", "a\u2029b", "\u3000",
    "\x85", "\ufeff", "é", "\U0001f600", "\ud800", "a\udfff", "a\nb", "a\n", "\na", "a\n\n", "a \nb", "\ta", "a\tb", "a\n\tb", "a\n \nb", "a\r\nb",
    "a\\b", "${A}", "$(A)", "{{ a }}", "<b>", "::error::a", "##[error]a", "\x1b[31m", "\x07", "\x7f", "\u202e", "x" * 64, "x" * 300, "a\0b",
    "\x00slot", "0.1.0", "1e400", "1" * 40, "-0", "0", "00", "1.0", "1.10", "1e-7",
)  # fmt: skip
"""Texts that compile where any text does."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**70, 1.5, 1e300, -0.0, [], {}, [None], [[]], [{}], {"a": None},
    {"name": "a"}, ["a"], {"$slot": "index"}, {"": ""}, {"a": {"b": {"c": []}}},
)  # fmt: skip
"""Values of every type."""

NAMES = (
    "name", "spec", "metadata", "template", "replicas", "containers", "namespace", "labels", "annotations", "generateName", "items", "kind",
    "apiVersion", "x", "", "<<", "$patch", "Name", "replica", "1", "true", "null", "a.b/c", "\u2028",
)  # fmt: skip
"""Names of fields: right ones in wrong places, near misses, and texts that are not text without quotes."""

LINES = (
    "---", "...", "# jobsetgen: ignore[JSG504] the image is built here", "# jobsetgen: ignore[JSG504]", "# jobsetgen: ignore[JSG101] a",
    "%YAML 1.1", "%YAML 1.2", "---\n---", "\t", "a: &a b", "*a :", "<<: *a", "- ", "? ", "  x: y", "{", "}", "|", "kind: JobSet", "\u2028",
    "--- # a", "!!binary aGk=", "a: !!str 1", "a: !x 1", "# é\u2028", "<<<<<<< HEAD", "{{ .Values.a }}", "{{- if .Values.a }}",
)  # fmt: skip
"""Lines that change what the lines around them mean."""

BYTES = (
    b"", b"\t", b":", b": ", b"- ", b"\xff", b"\n", b"*a", b"&a ", b"{", b"}", b"[", b"]", b"'", b'"', b"\0", b"\xef\xbb\xbf", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\r\n", b"#", b" #", b"|", b">", b"%", b"@", b"!", b"!!", b"\\", b"\x1b[", b"\xf0\x9f\x98\x80",
    b"[" * 300, b"- " * 300, b"a: " * 50,
)  # fmt: skip
"""Bytes to put anywhere."""
