"""What users read is in the English of the field: no phrase in it is one of those that read like a translation."""

from __future__ import annotations

import re
from importlib import import_module
from textwrap import dedent

import click
import pytest

from jobsetgen.cli.main import _COMMANDS
from tests.acceptance.literals import comments, literals
from tests.acceptance.pages import LINKING, PAGES, prose, read
from tests.acceptance.wording import ALLOWED, PHRASES
from tests.cases import ROOT

READ = [
    *PAGES,
    *(
        page
        for page in LINKING
        if page.startswith(("docs/rules/", "deploy/", "jobsetgen/")) or page == "CONTRIBUTING.md"
    ),
]
# The watcher's script is part of the output, which does not change with its English.
MODULES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "jobsetgen").rglob("*.py")
    if "runtime" not in path.relative_to(ROOT).parts
)
MANIFESTS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "deploy").rglob("*.yaml"))


def _helps() -> list[tuple[str, ...]]:
    """Return the arguments that print each help text: of the program, of its commands, and of theirs."""
    commands: dict[tuple[str, ...], click.Command] = {
        (name,): import_module(f"jobsetgen.cli.{name}").command for name in _COMMANDS
    }
    for parent, command in list(commands.items()):
        if isinstance(command, click.Group):
            commands |= {(*parent, name): child for name, child in command.commands.items()}
    return [
        ("--help",),
        *((*words, option) for words, command in commands.items() for option in _help_options(command)),
    ]


def _help_options(command: click.Command) -> list[str]:
    advanced = [option for each in command.params for option in each.opts if option == "--help-all"]
    return ["--help", *advanced]


HELPS = _helps()


def found_in(text: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the phrases to replace in a text, each with what to write instead."""
    words = " ".join(prose(text).split())
    for phrase in allowed:
        words = words.replace(phrase, "")
    return [
        f"{match[0]} (write: {phrase.instead})"
        for phrase in PHRASES
        for match in re.finditer(phrase.pattern, words, re.I)
    ]


def found_in_module(source: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the phrases to replace in the texts of a module that users read."""
    return [phrase for text in literals(source) for phrase in found_in(text, allowed)]


def text_of(name: str) -> str:
    """Return what users read of a file."""
    if name.endswith(".py"):
        return "\n".join(prose(text) for text in literals(read(name)))
    return comments(read(name)) if name.endswith(".yaml") else prose(read(name))


def test_no_phrase_reads_like_a_translation():
    found = {page: found_in(read(page), ALLOWED.get(page, ())) for page in READ}
    assert {page: phrases for page, phrases in found.items() if phrases} == {}


def test_no_message_reads_like_a_translation():
    found = {module: found_in_module(read(module), ALLOWED.get(module, ())) for module in MODULES}
    assert {module: phrases for module, phrases in found.items() if phrases} == {}


def test_no_comment_in_a_manifest_reads_like_a_translation():
    found = {name: found_in(comments(read(name)), ALLOWED.get(name, ())) for name in MANIFESTS}
    assert {name: phrases for name, phrases in found.items() if phrases} == {}


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_no_help_reads_like_a_translation(arguments, cli):
    run = cli(*arguments)
    assert run.status == 0
    assert found_in(run.out, ALLOWED.get(" ".join(arguments), ())) == []


def test_what_is_allowed_is_there(cli):
    helps = {" ".join(arguments): arguments for arguments in HELPS}
    assert set(ALLOWED) <= {*READ, *MODULES, *MANIFESTS, *helps}
    unused = [
        phrase
        for name, phrases in ALLOWED.items()
        for phrase in phrases
        if phrase not in (prose(cli(*helps[name]).out) if name in helps else text_of(name))
    ]
    assert unused == []


BAD = [
    "16GB is no quantity.",
    "The ConfigMap is here twice.",
    "Write it anew.",
    "Say --namespace.",
    "Another file is in the way.",
    "Then nothing of\nthat happens.",
    "It belongs into the project.",
    "Those are no Jobs.",
    "The folder is none below it.",
    "Those wait that come later.",
    "Of what lies outside, nothing is printed.",
    "What becomes of running Jobs",
    "It is equal, but for the name.",
    "another JobSet makes it as well",
    "The alias names none.",
    "up to here the input expands to 9 Jobs",
    "The watcher has one of that name.",
    "more than the 40 s that it may take",
    "An entry that would change nothing.",
    "Pass --allow-empty where that is meant.",
    "Exclusive sets cannot keep off these pods.",
    "They keep other Jobs off its domains.",
    "It overwrites the other without a word.",
    "It is applied on the server's side.",
    "backoffLimit is not set, so Kubernetes takes 6",
    "Nothing acts upon it.",
    "Scripts are not looked at.",
    "A pod waits for ever.",
    "before the failurePolicy learns of it",
    "The rule is strict. Checked are the labels.",
    "It has exactly one of both.",
]


@pytest.mark.parametrize("text", BAD)
def test_such_a_phrase_is_found(text):
    assert found_in(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "There is no JobSet object.",
        "It is no longer needed.",
        "It is no slower than before.",
        "`is no quantity`",
        "Jobs are no longer deleted.",
        "There are no gates.",
        "<!-- in the way -->",
        "Labels are checked, and so are names.",
        "A list that is meant to be short.",
    ],
)
def test_other_sentences_pass(text):
    assert found_in(text) == []


MODULE = dedent(
    '''
    """The docstring of a module is no quantity."""

    LIMIT = 3
    """The docstring of a constant is no quantity."""


    @job_rule("JSG001", source=page("A title", "https://example.com"))
    def rule(job):
        """A page of a rule."""
        value = job.value
        yield Finding(message=f"{value!r} is wrong" f" by {len(f'{value} bytes')}", hint="name")


    @click.command("build")
    def command():
        """Help of a command."""


    def function():
        """The docstring of a function is no quantity."""
    '''
)


def test_the_texts_of_a_module_are_its_literals_its_rules_and_its_help():
    assert set(literals(MODULE)) == {
        "A title",
        "A page of a rule.",
        "… is wrong by …",
        "… bytes",
        "Help of a command.",
    }
    assert found_in_module(MODULE) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("{value!r} is wrong", "{value!r} is no quantity, {value!r} is wrong"),
        ("A page of a rule", "A page that is no rule"),
        ("Help of a command", "Help that is no text"),
        ('hint="name"', 'hint="write it" " anew"'),
    ],
)
def test_a_planted_phrase_in_a_module_is_found(good, bad):
    assert len(found_in_module(MODULE.replace(good, bad))) == 1


def test_the_comments_of_a_manifest_are_its_texts():
    manifest = "# Applies it anew.\nkind: Job # the job\nurl: https://example.com/#anew\n"
    assert comments(manifest) == "Applies it anew.\nthe job"
