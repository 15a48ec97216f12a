"""Diagnostics at a terminal, and the summary below them."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.review.on_terminal import Screen, as_blocks, summary_line
from jobsetgen.review.source_lines import SourceLines
from jobsetgen.source.text import Source

PLAIN = Screen(width=80, is_colored=False)
COLORED = Screen(width=80, is_colored=True)


def problem(line: int = 2, severity: str = "error", code: str = "JSG101", **more) -> Diagnostic:
    place = Place("set.yaml", line, 3, 8)
    return Diagnostic(place=place, severity=severity, code=code, message="a message", **more)


def lines(text: str = "spec:\n  nmae: a\n") -> SourceLines:
    return SourceLines([Source(name="set.yaml", content=text.encode())])


def test_a_diagnostic_has_its_line_and_what_to_do():
    assert as_blocks([problem(hint="A hint.")], lines(), PLAIN) == (
        "set.yaml:2:3: error[JSG101]: a message\n"
        "    2 |   nmae: a\n"
        "      |   ^^^^^\n"
        "  hint: A hint.\n"
        "  more: jobsetgen rule JSG101\n"
        "\n"
    )


@pytest.mark.parametrize(("severity", "color"), [("error", 31), ("warning", 33), ("notice", 34)])
def test_colors_tell_the_severity(severity, color):
    text = as_blocks([problem(severity=severity)], lines(), COLORED)
    assert text.startswith("\x1b[1mset.yaml:2:3:\x1b[0m ")
    assert f"\x1b[1;{color}m{severity}[JSG101]:\x1b[0m a message\n" in text
    assert f"  \x1b[1;{color}m^^^^^\x1b[0m\n" in text


def test_the_page_of_a_code_is_named_once():
    text = as_blocks([problem(), problem(line=1), problem(code="JSG102")], lines(), PLAIN)
    assert text.count("jobsetgen rule JSG101") == 1
    assert text.count("jobsetgen rule JSG102") == 1


@pytest.mark.parametrize("place", [Place("set.yaml", 9), Place("--watcher-image"), Place("other.yaml")])
def test_without_a_line_there_is_no_source(place):
    item = Diagnostic(place=place, severity="error", code="JSG101", message="a message")
    assert " | " not in as_blocks([item], lines(), PLAIN)


@pytest.mark.parametrize(
    "content",
    [b"a: 1\r\nb: \x002\r\n", b"a: 1\nb: \xff2\n", "a: 1\rb: 2".encode("utf-16")],
)
def test_lines_are_those_of_the_places_whatever_the_bytes(content):
    shown = SourceLines([Source(name="f", content=content)])
    assert str(shown.at(Place("f", 2, 1))).startswith("b: ")


CANARY = "Y2FuYXJ5"
CONFIG = f"apiVersion: v1\nkind: ConfigMap\ndata: {{a: {CANARY}}}\n"


@pytest.mark.parametrize(
    "secret",
    [
        f"kind: Secret\ndata: {{a: {CANARY}}}\n",
        f"kind: Secret # {CANARY}\n",
        f"kind: secret\ndata: {{a: {CANARY}}}\n",
        f'kind: "Sec\\x72et"\ndata: {{a: {CANARY}}}\n',
        f'kind: "Sec\\\n  ret"\ndata: {{a: {CANARY}}}\n',
        f'"\\x6bind": Secret\ndata: {{a: {CANARY}}}\n',
        f"kind: !!binary U2VjcmV0\ndata: {{a: {CANARY}}}\n",
        f"a: &a Secret\nkind: *a\ndata: {{a: {CANARY}}}\n",
        f"kind: # a comment\n  Secret\ndata: {{a: {CANARY}}}\n",
        f"? kind\n: Secret\ndata: {{a: {CANARY}}}\n",
        f"kind: >-\n  Secret\ndata: {{a: {CANARY}}}\n",
        f"kind: List\nitems:\n- {{kind: Secret, data: {{a: {CANARY}}}}}\n",
        f"kind: SecretList\nitems:\n- {{data: {{a: {CANARY}}}}}\n",
        f"kind: Sekret\nstringData: {{a: {CANARY}}}\n",
        f"kind: Secret\ndata: {{a: {CANARY}\n",
        f'{{"kind":"Secret","data":{{"a":"{CANARY}"\n',
        f"stringData:\n\ta: {CANARY}\n",
    ],
)
def test_no_line_of_a_secret_is_shown(secret):
    text = f"{CONFIG}---\n{secret}---\n{CONFIG}"
    shown = lines(text)
    seen = [shown.at(Place("set.yaml", number)) for number in range(1, text.count("\n") + 2)]
    count = secret.count("\n")
    assert seen[:3] == CONFIG.splitlines()
    assert seen[3 : 4 + count] == [None] * (1 + count)
    assert seen[4 + count : -1] == ["---", *CONFIG.splitlines()]


@pytest.mark.parametrize(
    "document",
    [
        'kind: JobSet\nspec: {imagePullSecrets: [{name: a}], volumes: [{secret: {secretName: "\\x61"}}]}\n',
        "kind: JobSet\nspec:\n  imagePullSecrets: [\n",
        "kind: ConfigMap\ndata: {about: 'kind: Secret'}\n",
        "kind: SecretStore\nspec: {a: b}\n",
    ],
)
def test_a_mention_of_secrets_hides_nothing(document):
    shown = lines(document)
    assert [shown.at(Place("set.yaml", number)) for number in (1, 2)] == document.splitlines()[:2]


@pytest.mark.parametrize(
    ("severities", "files", "jobsets", "line"),
    [
        (["error", "warning", "error"], 3, 4, "2 errors, 1 warning in 3 files; 4 JobSets"),
        (["notice", "error"], 1, 1, "1 error, 1 notice in 1 file; 1 JobSet"),
        ([], 2, 1, "no problems in 2 files; 1 JobSet"),
        (["error"], 0, 0, "1 error; no JobSets"),
        (["error"], 0, None, "1 error"),
    ],
)
def test_the_summary_counts(severities, files, jobsets, line):
    found = [problem(severity=severity) for severity in severities]
    assert summary_line(found, files, jobsets, PLAIN) == f"{line}\n"
