"""The page of a code, built from its docstring, as Markdown, text and data.

It is used by `jobsetgen rule CODE`, docs/rules/ and SARIF.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from jobsetgen.diagnostics import Code

WIDTH = 80
"""The maximum number of columns of prose in text."""

_EXAMPLE = re.compile(r"^(Bad|Good)(?: \(([^)]+)\))?::\n\n((?:(?:    .*)?\n?)+)", re.M)
_QUOTED = re.compile(r"`[^`]+`")
# The context of an example in a docstring, and its description on the page.
_READINGS = {
    None: "",
    "file": "",
    "project": "`jobsetgen.yaml`",
    "template": "a `*.yaml.j2` with the values `{name: a, note: 'a: b'}`",
    "values": (
        "`values` of a project whose schema has `workers: {type: integer}`, and whose template has"
        " `v{{ name }}`"
    ),
    "values schema": "the file that `valuesSchema` names",
    "parameters": "`spec.source.plugin.parameters` of an Application",
    "kustomization": "`kustomization.yaml` beside the `jobset.yaml`",
    "kustomized": "`kustomization.yaml` in a folder with `kustomize: true`",
    "items": "`items` of a ResourceList, as kustomize passes it to a function",
    "argocd": "with `--gitops argocd`",
    "flux": "with `--gitops flux`",
    "none": "with `--gitops none`",
    "restart-watcher Never": "with `--restart-watcher Never`",
    "environment ARGOCD_APP_NAMESPACE": "in the Argo CD plugin, with no destination namespace",
    "max-bytes 1000": "with `--max-bytes 1000`",
    "placement domains": "with `--placement domains` and no domain listed",
}


class Example(NamedTuple):
    """An example of a code: whether it is good, its context, and its YAML."""

    good: bool
    reading: str | None
    text: str


class _Section(NamedTuple):
    kind: Literal["title", "prose", "yaml"]
    text: str


def _source_as_markdown(code: Code) -> str:
    """Return the link to a code's source; links to docs/ are relative to docs/rules/."""
    text, url = code.source
    if "://" not in url:
        url = f"../{url.removeprefix('docs/')}"
    return f"Source: [{text}]({url})"


def _source_as_text(code: Code) -> str:
    text, url = code.source
    return f"Source: {text}\n\n    {url}"


def prose(code: Code) -> str:
    """Return the prose before the examples."""
    return inspect.cleandoc(code.doc).partition("\nBad")[0].strip()


def paragraphs(code: Code) -> list[str]:
    """Return each paragraph of the prose as one line."""
    return [part.replace("\n", " ") for part in prose(code).split("\n\n")]


def summary(code: Code) -> str:
    """Return the first paragraph of the prose, which describes the problem."""
    return paragraphs(code)[0]


def examples(code: Code) -> list[Example]:
    """Return the examples in a code's docstring."""
    found = _EXAMPLE.finditer(inspect.cleandoc(code.doc) + "\n")
    return [
        Example(each[1] == "Good", each[2], textwrap.dedent(each[3]).strip("\n") + "\n")
        for each in found
    ]


def page_as_markdown(code: Code) -> str:
    """Return a code's page as in docs/rules/."""
    forms = {"title": "# {}", "prose": "{}", "yaml": "```yaml\n{}\n```"}
    blocks = [forms[section.kind].format(section.text) for section in _sections(code)]
    blocks.append(_source_as_markdown(code))
    return "\n\n".join(blocks) + "\n"


def page_as_text(code: Code) -> str:
    """Return a code's page for a terminal, with wrapped prose and unwrapped YAML."""
    blocks = ["\n".join(_lines(section)) for section in _sections(code)]
    blocks.append(_source_as_text(code))
    return "\n\n".join(blocks) + "\n"


def page_as_data(code: Code) -> dict[str, Any]:
    """Return a code's page as data. New releases only add fields."""
    return {
        "code": code.id,
        "name": code.name,
        "severity": code.severity,
        "since": code.since,
        "source": {"title": code.source.text, "url": code.source.url},
        "summary": summary(code),
        "description": "\n\n".join(paragraphs(code)),
        "examples": [
            {
                "good": example.good,
                "reading": _READINGS[example.reading],
                "yaml": example.text,
            }
            for example in examples(code)
        ],
    }


def _sections(code: Code) -> Iterator[_Section]:
    yield _Section("title", f"{code.id}: {code.title}")
    yield _Section("prose", f"Severity: {code.severity}. Since: {code.since}.")
    if code.merged_into:
        yield _Section("prose", f"Merged into {code.merged_into}.")
    yield _Section("prose", prose(code))
    for example in examples(code):
        yield _Section("prose", _lead(example))
        yield _Section("yaml", example.text.rstrip())
    if code.severity != "error":
        yield _Section("prose", "Where it does not matter, a comment on its line silences it:")
        yield _Section("yaml", f"# jobsetgen: ignore[{code.id}] the reason why")


def _lead(example: Example) -> str:
    title = "Good" if example.good else "Bad"
    reading = _READINGS[example.reading]
    return f"{title} ({reading}):" if reading else f"{title}:"


def _lines(section: _Section) -> Iterator[str]:
    if section.kind == "yaml":
        yield from (f"    {line}".rstrip() for line in section.text.split("\n"))
        return
    for index, paragraph in enumerate(section.text.split("\n\n")):
        if index:
            yield ""
        yield from _wrapped(paragraph)


def _wrapped(paragraph: str) -> list[str]:
    """Return a paragraph in lines without breaks inside backquotes."""
    glued = _QUOTED.sub(lambda found: re.sub(r"\s", "\0", found[0]), paragraph)
    lines = textwrap.wrap(glued, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]
