"""What git would read or run: nothing that a repository says is executed."""

from __future__ import annotations

import os
import subprocess

from jobsetgen.output.layout import HEADER
from tests.hostile.place import Place, Trick

_HACK = "#!/bin/sh\ntouch '{top}/outside/hacked' hacked\ncat\n"
"""What every command runs; it shows."""

_CONFIG = """\
[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = {hack}
	sshCommand = {hack}
	pager = {hack}
	editor = {hack}
	hooksPath = {top}/repository/hooks
	attributesFile = {top}/repository/attributes
	gitProxy = {hack}
	askPass = {hack}
[alias]
	ls-files = "!{hack}"
	rev-parse = "!{hack}"
	cat-file = "!{hack}"
[filter "hacked"]
	clean = {hack}
	smudge = {hack}
	required = true
[diff]
	external = {hack}
[diff "hacked"]
	textconv = {hack}
	command = {hack}
[credential]
	helper = "!{hack}"
[protocol]
	allow = always
[remote "origin"]
	url = "ext::{hack}"
	promisor = true
[gpg]
	program = {hack}
[include]
	path = {top}/outside/gitconfig
[includeIf "gitdir:**"]
	path = /proc/self/environ
"""
_HOOKS = ("post-checkout", "post-index-change", "pre-commit", "fsmonitor-watchman", "reference-transaction")


def hack(place: Place, name: str) -> None:
    """Write a program that shows when it has run."""
    place.write(name, _HACK.format(top=place.top)).chmod(0o755)


def _config(place: Place) -> str:
    return _CONFIG.format(hack=place.repository / "hack", top=place.top)


def _configured(place: Place) -> None:
    place.write(".gitattributes", "* filter=hacked diff=hacked\n")
    place.write("app/.gitattributes", "* filter=hacked diff=hacked\n")
    place.rendered.mkdir(exist_ok=True)
    place.write("app/rendered/kustomization.yaml", f"{HEADER}resources: []\n")
    _add(place)
    hack(place, "hack")
    place.write(".git/config", _config(place))
    # Of the same size and newer than the index: git must look into it.
    place.write("app/rendered/kustomization.yaml", f"{HEADER}resources: {{}}\n")
    for name in _HOOKS:
        for folder in (".git/hooks", "hooks"):
            hack(place, f"{folder}/{name}")


def _add(place: Place) -> None:
    variables = {"PATH": os.defpath, "HOME": str(place.home), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "add", "--all"], cwd=place.repository, env=variables, capture_output=True, check=False)


def _moved(place: Place) -> None:
    place.write(".git/config", f"{_config(place)}[core]\n\tworktree = {place.outside}\n")


def _commands_without_quotes(place: Place) -> None:
    place.write(".git/config", "[core\n" + _config(place))


def _inner_repository(place: Place) -> None:
    for folder in ("app", "app/rendered"):
        for name in ("objects", "refs"):
            (place.repository / folder / name).mkdir(parents=True)
        place.write(f"{folder}/HEAD", "ref: refs/heads/main\n")
        place.write(f"{folder}/config", _config(place))


def _file(text: str) -> Trick:
    def make(place: Place) -> None:
        place.write("app/.git", text.format(top=place.top))

    return make


def _module(place: Place) -> None:
    hack(place, "hack")
    command = place.repository / "hack"
    place.write(".gitmodules", f'[submodule "a"]\n\tpath = app\n\turl = ext::{command}\n\tupdate = !{command}\n')


def _linked(place: Place) -> None:
    place.link("app/.git", place.outside / ".git")


def _index(place: Place) -> None:
    place.write(".git/index", b"DIRC\x00\x00\x00\x02" + b"\xff" * 4_000)
    place.write(".git/HEAD", "ref: ../../outside/secret.yaml\n")


TRICKS: dict[str, Trick] = {
    "commands in git's configuration": _configured,
    "a work tree beside": _moved,
    "a configuration that is none": _commands_without_quotes,
    "a repository in the repository": _inner_repository,
    "a .git that points to another repository": _file("gitdir: {top}/outside/.git\n"),
    "a .git that points to a pipe": _file("gitdir: /dev/zero\n"),
    "a .git that is no text": _file("\0" * 1_000),
    "a .git that is a link": _linked,
    "a submodule with commands": _module,
    "an index that is none": _index,
}
