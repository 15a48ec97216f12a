"""Folders of kustomize that fetch, that run programs, or that lead out of the tree.

All are refused before kustomize is looked for.
"""

from __future__ import annotations

from tests.hostile.place import SET, Place
from tests.hostile.projects.tree import HostileProject, Make, project, writes

_PROJECT = project("").replace("output: rendered\n", "output: rendered\nresources: [{path: k, kustomize: true}]\n")
_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_OUTSIDE = "JSG720: outside the folder being compiled"
_MISSING = "JSG720: file not found"
_CIRCLE = "JSG720: is its own base"
_HELM = "JSG720: would run Helm"
_FETCHES = "JSG720: kustomize would fetch"


def _kustomization(text: str) -> Make:
    return writes(
        {
            "jobsetgen.yaml": _PROJECT,
            "k/kustomization.yaml": f"{_HEAD}{text}",
            "k/jobset.yaml": SET,
        }
    )


def _remote(depth: int) -> Make:
    """Return what names a repository below so many levels of bases."""

    def make(place: Place) -> None:
        _kustomization("resources: [../k0]\n")(place)
        for level in range(depth):
            below = f"../k{level + 1}" if level < depth - 1 else "https://example.com/a//b?ref=main"
            place.write(f"app/k{level}/kustomization.yaml", f"{_HEAD}resources: [{below}]\n")

    return make


def _below_bases(place: Place) -> None:
    """Name a repository in a kustomization below two bases of ours."""
    place.write("app/jobsetgen.yaml", project("", ["b"]))
    place.write("app/b/jobsetgen.yaml", project("", ["../c"]))
    place.write("app/c/jobsetgen.yaml", _PROJECT)
    place.write("app/c/k/kustomization.yaml", f"{_HEAD}components: [github.com/a/b//c]\n")


def _linked(name: str, target: str, text: str = "resources: [jobset.yaml]\n") -> Make:
    def make(place: Place) -> None:
        _kustomization(text)(place)
        place.link(f"app/{name}", place.outside / target)

    return make


def _linked_folder(place: Place) -> None:
    place.write("app/jobsetgen.yaml", _PROJECT)
    (place.outside / "kustomization.yaml").write_text(f"{_HEAD}resources: [secret.yaml]\n")
    place.link("app/k", place.outside)


def _chain(place: Place) -> None:
    _kustomization("resources: [../k0]\n")(place)
    for level in range(1_000):
        place.write(f"app/k{level}/kustomization.yaml", f"{_HEAD}resources: [../k{level + 1}]\n")


def _diamond(place: Place) -> None:
    """Let 40 levels have the same two bases each, of which the last is remote."""
    _kustomization("resources: [../x0, ../y0]\n")(place)
    for level in range(40):
        below = f"../x{level + 1}, ../y{level + 1}" if level < 39 else "github.com/a/b"
        for side in "xy":
            place.write(f"app/{side}{level}/kustomization.yaml", f"{_HEAD}resources: [{below}]\n")


_PLUGIN = (
    "apiVersion: example.com/v1\nkind: Run\nmetadata:\n  name: a\n  annotations:\n"
    "    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n"
)
_TEXTS = {
    "a repository": ("resources: [github.com/a/b//c?ref=main]\n", _FETCHES),
    "a file of a host": ("resources: ['https://example.com/a.yaml']\n", _FETCHES),
    "the metadata server": ("resources: ['http://169.254.169.254/a.yaml']\n", _FETCHES),
    "a repository by ssh": ("resources: ['git@example.com:a/b.git']\n", _FETCHES),
    "a repository of files": ("resources: ['file:///etc']\n", _FETCHES),
    "a program of git": ("resources: ['git::ext::sh -c touch% hacked']\n", _FETCHES),
    "a component of a host": ("components: ['https://example.com/a']\n", _FETCHES),
    "a schema of a host": ("openapi: {path: 'https://example.com/a.json'}\n", _FETCHES),
    "definitions of a host": ("crds: ['https://example.com/a.yaml']\n", _FETCHES),
    "a configuration of a host": ("configurations: ['https://example.com/a.yaml']\n", _FETCHES),
    "a patch of a host": ("patches: [{path: 'https://example.com/a.yaml'}]\n", _FETCHES),
    "a generator of a host": ("generators: ['https://example.com/a.yaml']\n", _FETCHES),
    "a secret of a host": (
        "secretGenerator: [{name: a, files: ['a=https://example.com/a']}]\n", _FETCHES,
    ),
    "a chart of Helm": ("helmCharts: [{name: a, repo: 'https://example.com'}]\n", _HELM),
    "a command of Helm": ("helmGlobals: {chartHome: /etc}\n", _HELM),
    "a function that runs": (
        f"generators:\n- |\n{''.join(f'  {line}' + chr(10) for line in _PLUGIN.splitlines())}",
        "JSG720: it would run a program",
    ),
    "a file above": ("resources: [../../../outside/secret.yaml]\n", _OUTSIDE),
    "a folder above": ("resources: [../../../outside]\n", _OUTSIDE),
    "an absolute path": ("resources: [/etc/passwd]\n", "JSG720: is not a relative path"),
    "a secret of a file above": (
        "secretGenerator: [{name: a, files: [../../../outside/secret.yaml]}]\n", _OUTSIDE,
    ),
    "variables of a file above": (
        "configMapGenerator: [{name: a, envs: [../../../outside/secret.yaml]}]\n", _OUTSIDE,
    ),
    "itself": ("resources: [../k]\n", _CIRCLE),
    "an unknown field": ("exec: touch hacked\n", "JSG720: unknown field 'exec'"),
    "20,000 missing files": (f"resources: [{', '.join(['a.yaml'] * 20_000)}]\n", _MISSING),
    "a path of 10**5 characters": (f"resources: [{'x/' * 90_000}]\n", _MISSING),
    "an alias bomb": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        "JSG006: the aliases expand to far more values",
    ),
}  # fmt: skip

PROJECTS = (
    *(
        HostileProject(f"kustomize: {name}", said, _kustomization(text))
        for name, (text, said) in _TEXTS.items()
    ),
    HostileProject("kustomize: a repository three levels down", _FETCHES, _remote(3)),
    HostileProject("kustomize: a repository below two bases", _FETCHES, _below_bases),
    HostileProject("kustomize: a chain of 1,000", "JSG720: levels of kustomizations", _chain),
    HostileProject("kustomize: 2**40 by diamonds", _FETCHES, _diamond),
    HostileProject("kustomize: a linked folder", "JSG702: outside the root", _linked_folder),
    HostileProject("kustomize: a linked kustomization", _OUTSIDE, _linked("k/kustomization.yaml", "secret.yaml")),
    HostileProject("kustomize: a linked resource", _OUTSIDE, _linked("k/jobset.yaml", "secret.yaml")),
    HostileProject(
        "kustomize: a linked file of a secret",
        _OUTSIDE,
        _linked("k/token", "secret.yaml", "secretGenerator: [{name: a, files: [token]}]\n"),
    ),
)  # fmt: skip
