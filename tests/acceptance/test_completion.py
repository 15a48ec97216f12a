"""`jobsetgen completion`: its scripts in real shells, which complete without calling jobsetgen."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import click
import pytest

from jobsetgen.cli.command_tree import walk
from jobsetgen.cli.main import jobsetgen
from jobsetgen.rules.registry import CODES
from tests.acceptance.processes import run
from tests.acceptance.terminals import Terminal

COMMANDS = list(walk(click.Context(jobsetgen, info_name="jobsetgen", **jobsetgen.context_settings)))
READY, TAB, FINISH = "ready>", "\t", "\x19"

# Replaces what is typed with all its completions, and ends.
BASH = f"""
PS1='{READY}'
source ./script
bind 'set bell-style none'
bind '"\\C-i": insert-completions'
finish() {{ printf '%s' "$READLINE_LINE" > found; exit; }}
bind -x '"\\C-y": finish'
"""
# Writes down what functions of completion add, which `compadd -O` asks for without adding it.
ZSH = f"""
autoload -Uz compinit
compinit -u -d dump
source ./script
compadd() {{
  local -a found
  if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\\ * ]]; then
    builtin compadd "$@"
    return
  fi
  builtin compadd -A found "$@"
  print -rl -- $found >> found
  builtin compadd "$@"
}}
finish() {{ exit }}
zle -N finish
bindkey '^Y' finish
unsetopt beep list_beep
PS1='{READY}'
"""


@pytest.fixture(params=["bash", "zsh", "fish"])
def complete(request, cli, tmp_path):
    """Return a function that completes a line in a shell, and gives the words that it offers, sorted."""
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"{request.param} is not on this machine")
    folder = tmp_path / "here"
    (folder / "out").mkdir(parents=True)
    (folder / "overlay.yaml").write_text("")
    (folder / "jobset.yaml").write_text("")
    (folder / "script").write_text(cli("completion", request.param).out)
    (folder / "jobsetgen").write_text("#!/bin/sh\necho called >> called\n")
    (folder / "jobsetgen").chmod(0o755)
    ask = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}[request.param]

    def asked(line):
        found = ask(program, folder, line)
        assert not (folder / "called").exists()
        return sorted(found)

    return asked


def in_bash(program, folder, line):
    (folder / "rc").write_text(BASH)
    with Terminal([program, "--noprofile", "--rcfile", "rc", "-i"], folder, INPUTRC="/dev/null") as terminal:
        terminal.wait_for(READY)
        terminal.type(line + TAB + FINISH)
        assert terminal.wait() == 0
    start = max(line.rfind(" "), line.rfind("=")) + 1
    typed = (folder / "found").read_text()
    assert typed.startswith(line[:start])
    found = typed[start:].split()
    # Without a completion, what was typed stays.
    return [] if found == [line[start:]] else [word.rstrip("/") for word in found]


def in_zsh(program, folder, line):
    (folder / ".zshrc").write_text(ZSH)
    (folder / "found").write_text("")
    with Terminal([program, "-i"], folder, ZDOTDIR=str(folder), HOME=str(folder)) as terminal:
        terminal.wait_for(READY)
        terminal.type(line + TAB + FINISH)
        assert terminal.wait() == 0
    return {word.rstrip("/=") for word in (folder / "found").read_text().split()}


def in_fish(program, folder, line):
    code = f"source ./script; complete -C {shlex.quote(line)}"
    done = subprocess.run([program, "--no-config", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    offered = [row.split("\t")[0].rpartition("=")[2] for row in done.stdout.splitlines()]
    return {word.rstrip("/") for word in offered}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("jobsetgen bu", ["build"]),
        ("jobsetgen c", ["check", "completion"]),
        ("jobsetgen init ", ["driver-worker", "jax"]),
        ("jobsetgen init jax --sl", ["--slices"]),
        ("jobsetgen build --gi", ["--gitops"]),
        ("jobsetgen build --gitops ", ["any", "argocd", "flux", "none"]),
        ("jobsetgen build --gitops=a", ["any", "argocd"]),
        ("jobsetgen build -n research --watcher-l", ["--watcher-label", "--watcher-log-level"]),
        ("jobsetgen diff build --fo", ["--format"]),
        ("jobsetgen schema JobSetG", ["JobSetGenerator"]),
        ("jobsetgen completion z", ["zsh"]),
        ("jobsetgen build jobset.y", ["jobset.yaml"]),
        ("jobsetgen check --against o", ["out", "overlay.yaml"]),
        ("jobsetgen build -o o", ["out"]),
        ("jobsetgen build --run-id ", []),
        ("jobsetgen rule JSG50", sorted(code.id for code in CODES if code.id.startswith("JSG50"))),
    ],
)
def test_what_completes_a_line(line, expected, complete):
    assert complete(line) == expected


def test_after_two_dashes_nothing_is_an_option(complete):
    assert complete("jobsetgen build -- --g") == []


def called_in_bash(script, *words):
    """Return what bash's function offers for the last of several words."""
    array = " ".join(map(shlex.quote, ("jobsetgen", *words)))
    code = f"{script}\nCOMP_WORDS=({array}) COMP_CWORD={len(words)}\n_jobsetgen\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "jobsetgen")
def test_every_option_and_choice_is_offered(command, cli):
    script = cli("completion", "bash").out
    names = [name for option in command.options for name in option.names]
    assert called_in_bash(script, *command.path, "-") == names
    for option in command.options:
        if option.value.kind == "words":
            for name in option.names:
                assert called_in_bash(script, *command.path, name, "") == list(option.value.words)


def test_every_command_is_offered(cli):
    script = cli("completion", "bash").out
    paths = {command.path for command in COMMANDS}
    for command in COMMANDS:
        if command.commands:
            offered = called_in_bash(script, *command.path, "")
            assert {(*command.path, name) for name in offered} == {
                path for path in paths if path[:-1] == command.path and path
            }


def test_a_value_called_code_is_completed_with_the_codes():
    command = click.Command("lint", params=[click.Option(["--ignore"], metavar="CODE", multiple=True)])
    (found,) = walk(click.Context(command, info_name="lint"))
    (option, _) = found.options
    assert (option.value.kind, option.is_repeatable) == ("codes", True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_code_is_in_the_script(shell, cli):
    script = cli("completion", shell).out
    assert [code.id for code in CODES if code.id not in script] == []


@pytest.mark.parametrize("instruction", ["bash_complete", "bash_source", "nope"])
def test_no_variable_makes_the_program_complete_a_line(instruction, tmp_path):
    done = run("--version", folder=tmp_path, _JOBSETGEN_COMPLETE=instruction)
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, b"jobsetgen", b"")


def test_another_shell_is_wrong_usage(cli):
    run = cli("completion", "tcsh")
    assert (run.status, run.out) == (2, "")
