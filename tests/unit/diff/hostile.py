"""Text that would do something in Markdown, in a terminal or in the log of a CI job if it were not escaped."""

from __future__ import annotations

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.diff.changes import Comparison, FieldChange
from jobsetgen.diff.sides import Side
from tests.unit.diff.builders import change, comparison, family, jobs_change, object_change, replaced, training

TEXTS = {
    "mention": "@octocat",
    "team": "cc @acme/admins please",
    "issue": "fixes #123",
    "other issue": "acme/infra#7",
    "GH issue": "GH-1",
    "merge request": "see !12 and &5 and %3 and ~bug and $9",
    "commit": "deadbeef 0123456789abcdef0123456789abcdef01234567",
    "tracker": "ABC-123",
    "link": "http://evil.example/x",
    "bare link": "www.evil.example",
    "mail": "mail me@evil.example or mailto:me@evil.example",
    "autolink": "<https://evil.example>",
    "Markdown link": "[click](https://evil.example)",
    "reference link": "[click]: https://evil.example",
    "image": "![x](https://evil.example/pixel.png)",
    "HTML": "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "end of details": "</summary></details><h1>Approved</h1>",
    "end of code": "</code><a href='https://evil.example'>x</a>",
    "end of comment": "--> <b>x</b> <!--",
    "marker": "<!-- jobsetgen diff -->",
    "quick action": "/close",
    "quick action on a line": "x\n/approve\n/merge\n",
    "heading": "# Approved",
    "heading below": "Approved\n===",
    "rule": "---",
    "list": "1. one",
    "other list": "2) two",
    "bullet": "- [x] done",
    "quote": "> quoted",
    "table": "a | b\\| c || d",
    "table rows": "a |\n| --- |\n| b |",
    "emphasis": "**bold** _em_ ~~gone~~ *x*",
    "tick": "`",
    "ticks": "a `` b ``` c",
    "fence": "```\n# out\n```",
    "long fence": "````````` out",
    "tilde fence": "~~~\nout\n~~~",
    "indented": "    code",
    "emoji": ":tada: x:rocket:",
    "math": "$x$ $`x`$",
    "entity": "&lt;b&gt; &#64;octocat",
    "backslash": "\\`x\\`",
    "bidi": "safe\u202egnp.exe\u2066",
    "invisible": "a\u200bb\ufeffc\u00ad\u2060",
    "marks": "z" + "\u0301" * 40,
    "surrogate": "\ud800",
    "private": "\ue000\U000e0041",
    "escape codes": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "null": "a\x00b",
    "carriage return": "good\rbad",
    "tab": "a\tb",
    "workflow command": "::error::x",
    "old workflow command": "##[error]x",
    "workflow command on a line": "x\n::set-output name=a::b",
    "separators": "a\u2028b\u0085c\x0bd",
    "wide": "漢字" * 40,
    "long": "x" * 5_000,
    "long line of words": "word " * 2_000,
    "empty": "",
    "blank": "   ",
}


def hostile(text: str) -> Comparison:
    """Return a comparison with a text wherever untrusted text can be."""
    old = training(text, family(text), namespace=text)
    field = replaced(("spec", text, "containers", text), text, text)
    script = replaced(("data", text), "", "", [f" {text}", f"-{text}", f"+{text}", text])
    nested = FieldChange(path=("metadata", "labels", text), operation="add", new={text: [text]})
    whole = change(
        old,
        training(text, family(text), namespace=text, generation="bbbb"),
        jobs_change("recreates", f"Recreates {text} when applied", field, script, nested, name=text),
        object_change("PersistentVolumeClaim", text, "remove", "deletes-data", text),
        object_change(text, text, "move", "metadata-only", text),
        sentence=text,
        causes=[text, f"x {text}"],
        renamed_from=(text, text),
        notes=(text,),
        failure_policy=((text,), (f"{text} 2",)),
        added_diagnostics=(_diagnostic(text),),
        gone_diagnostics=(_diagnostic(text),),
    )
    other = object_change(text, text, "replace", "pass-through", text, field)
    side = Side(kind="project", label=text)
    return comparison(whole, pass_through=(other,), notes=(text,), new=side)


def broken(text: str) -> Comparison:
    """Return a comparison with a side that does not compile and has a text in what it says."""
    side = Side(kind="specs", label=text, is_broken=True, diagnostics=(_diagnostic(text),))
    return comparison(old=side, unchanged=0)


def _diagnostic(text: str) -> Diagnostic:
    return Diagnostic(place=Place(text, 1, 1), code=text, severity="error", message=text, hint=text)
