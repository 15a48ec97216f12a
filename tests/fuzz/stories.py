"""What is done with an input: the commands of each front end, over the same files."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from tests import growth
from tests.fuzz import edits, layers, mutations, odd, options, seeds, writer
from tests.fuzz.case import Case, Command
from tests.fuzz.chance import Chance

Files = dict[str, bytes]
_FORMATS = ("text", "json", "github", "sarif")


ONE_IN = {"fixed": 4, "jobsets": 6, "seed": 20, "kubectl": 16, "large": 12, "process": 500}
"""Of how many inputs one is examined by an oracle that takes long."""


class _Material(NamedTuple):
    """What a story is told with: documents and files, and whether they are meant to compile."""

    documents: list[Any]
    files: Files
    flags: tuple[str, ...]
    is_rough: bool


@st.composite
def cases(draw: Callable[[st.SearchStrategy[int]], int]) -> Case:
    """An input of any front end."""
    chance = Chance(draw)
    story = chance.weighted(_STORIES)
    found = story(chance)
    assume(not found.allows_too_many_jobs)
    return found._replace(checks=found.checks | _checks(chance))


def _checks(chance: Chance) -> frozenset[str]:
    """Return the oracles that take long and are asked for an input."""
    return frozenset(name for name, one_in in ONE_IN.items() if chance.hit(one_in))


# --- Material -------------------------------------------------------------------------------------
def _material(chance: Chance) -> _Material:
    """Return files: what compiles, with allowed changes, or anything else."""
    kind = chance.weighted({"good": 24, "rough": 29, "bytes": 8, "refused": 39})
    seed = chance.pick(seeds.refused() if kind == "refused" else seeds.good())
    documents = _changed(chance, seed.documents, kind)
    flags = (*seed.options, *options.flags(chance, 1 if kind == "good" else 2)) if chance.hit(3) else seed.options
    is_rough = kind != "good"
    if seed.is_project:
        return _Material(documents, {**seed.files, **_edited(chance, seed.files, kind)}, flags, is_rough)
    content = writer.written(chance, documents).encode("utf-8", "surrogatepass")
    files = {"set.yaml": edits.edited(chance, content) if kind == "bytes" else content}
    if chance.hit(8):
        files["jobsetgen.yaml"] = json.dumps(options.project(chance, is_rough=is_rough)).encode()
    return _Material(documents, files, flags, is_rough)


def _changed(chance: Chance, documents: Sequence[Any], kind: str) -> list[Any]:
    found = [copy.deepcopy(each) for each in documents[:4]] or [{}]
    for _ in range(chance.number(0, 3)):
        mutations.gentle(chance, chance.pick(found))
    if kind == "rough":
        for _ in range(chance.number(1, 3)):
            mutations.rough(chance, chance.pick(found))
        if chance.hit(10):
            found.append(
                chance.pick((None, 1, "a", [], {}, copy.deepcopy(found[0]), {"kind": "JobSet"}, {"a": odd.TEXTS[0]}))
            )
    return found


def _edited(chance: Chance, files: Files, kind: str) -> Files:
    name = chance.pick(sorted(files))
    return {name: edits.edited(chance, files[name])} if kind != "good" else {}


# --- Stories --------------------------------------------------------------------------------------
def _layers(chance: Chance) -> Case:
    """Compile a project with bases, in every way that it is compiled."""
    files, folder = layers.project(chance, is_rough=not chance.hit(3))
    values = chance.pick(((), (), (), ("--set", "count=2"), ("--set", "text=a: b")))
    words = (folder, *values)
    ways: dict[str, tuple[Command, ...]] = {
        "build": (("build", *words),),
        "target": (("build", *words, "--target", "jobset"),),
        "validate": (("validate", "--format", chance.pick(_FORMATS), *words), ("build", *words)),
        "folder": (("build", "-o", "out", *words), ("check", "-o", "out", *words), ("build", "-o", "out", *words)),
        "explain": (("explain", "--sources", *words),),
        "root": (("build", "--root", folder, *words),),
        "each": (("validate", "--each", "."),),
    }
    way = chance.weighted({"build": 8, "target": 3, "validate": 3, "folder": 1, "explain": 1, "root": 1, "each": 1})
    return Case(ways[way], files, checks=frozenset(["layers", "fixed", "jobsets"]))


def _build(chance: Chance) -> Case:
    found = _material(chance)
    if set(found.files) == {"set.yaml"} and chance.hit(20):
        return Case((("build", "."),), {**found.files, "kustomization.yaml": _kustomization(chance)})
    if "jobsetgen.yaml" not in found.files and chance.hit(4):
        (content,) = [*found.files.values()][:1]
        return Case((("build", "-", *found.flags),), {}, stdin=content)
    more = chance.pick(((), (), (), ("--preview",), ("--allow-empty",)))
    return Case((("build", *_paths(chance, found.files), *found.flags, *more),), found.files)


def _kustomization(chance: Chance) -> bytes:
    """Return a kustomization that changes what it lists, which only kustomize does (JSG114), or that only lists it."""
    change = chance.pick(({"namePrefix": "dev-"}, {"patches": [{"path": "set.yaml"}]}, {}))
    return json.dumps({"resources": ["set.yaml"], **change}).encode()


def _paths(chance: Chance, files: Files) -> tuple[str, ...]:
    is_one = "set.yaml" in files and chance.hit(2)
    return ("set.yaml",) if is_one else (".",)


def _folder(chance: Chance) -> Case:
    found = _material(chance)
    paths = (
        _paths(chance, found.files)
        if "jobsetgen.yaml" in found.files
        else ("set.yaml",)
        if "set.yaml" in found.files
        else (".",)
    )
    flags = (*paths, *found.flags, *chance.pick(((), (), ("--no-readme",), ("--no-gitattributes",))))
    return Case(
        (("build", "-o", "out", *flags), ("check", "-o", "out", *flags), ("build", "-o", "out", *flags)), found.files
    )


def _against(chance: Chance) -> Case:
    """Check a file that is not what build writes."""
    found = _material(chance)
    committed = edits.edited(chance, next(iter(found.files.values())))
    return Case(
        (("check", "--against", "old.txt", *_paths(chance, found.files), *found.flags),),
        {**found.files, "old.txt": committed},
    )


def _validate(chance: Chance) -> Case:
    found = _material(chance)
    each = ("--each",) if chance.hit(4) else ()
    words = (*_paths(chance, found.files), *found.flags)
    commands = [("validate", "--format", chance.pick(_FORMATS), *each, *words)]
    if not each and chance.hit(3):
        commands.append(("build", *words))
    return Case(tuple(commands), found.files)


def _explain(chance: Chance) -> Case:
    found = _material(chance)
    return Case(
        (("explain", "--format", chance.pick(("text", "json")), *_paths(chance, found.files), *found.flags),),
        found.files,
    )


def _graph(chance: Chance) -> Case:
    found = _material(chance)
    return Case((("graph", *_paths(chance, found.files), *found.flags),), found.files)


def _projects(chance: Chance) -> Case:
    """Do as CI does for projects that Flux applies."""
    found = _material(chance)
    project = {**options.project(chance, is_rough=found.is_rough), "output": "rendered"}
    files = {**found.files, "jobsetgen.yaml": json.dumps(project).encode()}
    commands = ("build", "--each"), ("check", "--each"), ("build", "--each", "--fail-on-change")
    return Case(tuple((*command, *found.flags) for command in commands), files)


def _krm(chance: Chance) -> Case:
    found = _material(chance)
    listed: dict[str, Any] = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": found.documents}
    config = options.function_config(chance, is_rough=found.is_rough)
    if config is not None:
        listed["functionConfig"] = config
    if chance.hit(12):
        _generate_map(found.documents)
    if chance.hit(3):
        for index, item in enumerate(each for each in found.documents if isinstance(each, dict)):
            _annotate(
                item,
                {"internal.config.kubernetes.io/path": "a.yaml", "internal.config.kubernetes.io/index": str(index)},
            )
    if found.is_rough and chance.hit(4):
        mutations.rough(chance, listed)
    content = writer.written(chance, [listed]).encode("utf-8", "surrogatepass")
    return Case((("krm",),), {}, stdin=edits.edited(chance, content) if found.is_rough and chance.hit(4) else content)


def _generate_map(documents: list[Any]) -> None:
    """Let a set with a watcher use a ConfigMap that kustomize is going to rename (JSG709)."""
    spec = documents[0].get("spec") if isinstance(documents[0], dict) else None
    jobs = spec.get("replicatedJobs") if isinstance(spec, dict) else None
    if isinstance(jobs, list) and documents[0].get("kind") == "JobSet":
        documents[0]["spec"]["failurePolicy"] = {"maxRestarts": 1}
        for container in mutations.containers(documents[0])[:1]:
            container["envFrom"] = [{"configMapRef": {"name": "generated"}}]
    notes = {"internal.config.kubernetes.io/needsHashSuffix": "enabled"}
    metadata = {"name": "generated", "annotations": notes}
    documents.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}})


def _annotate(item: dict[str, Any], added: dict[str, str]) -> None:
    metadata = item.get("metadata")
    notes = metadata.setdefault("annotations", {}) if isinstance(metadata, dict) else {}
    if isinstance(notes, dict):
        notes.update(added)


def _argocd(chance: Chance) -> Case:
    found = _material(chance)
    commands: tuple[Command, ...] = (("argocd", "generate"),)
    if chance.hit(3):
        commands = (("argocd", "discover"), ("argocd", "parameters"), *commands)
    return Case(commands, found.files, environment=options.environment(chance, is_rough=found.is_rough))


def _diff(chance: Chance) -> Case:
    """Compare an input with a changed one, or with what is rendered of it."""
    found = _material(chance)
    old = next(iter(found.files.values()))
    files = {"old.yaml": old}
    more = ("-f", chance.pick(("text", "markdown", "json")), *found.flags)
    if chance.hit(4):
        return Case(
            (("build", "-o", "out", "old.yaml", *found.flags), ("diff", "old.yaml", "out", "--exit-code", *more)), files
        )
    if chance.hit(4):
        return Case((("diff", "old.yaml", "old.yaml", "--exit-code", *more),), files)
    changed = _changed(chance, found.documents, chance.pick(("good", "good", "rough")))
    files["new.yaml"] = writer.written(chance, changed).encode("utf-8", "surrogatepass")
    return Case(
        (("diff", "old.yaml", "new.yaml", *more, *chance.pick(((), ("--exit-code",), ("--fail-on", "deletes-data")))),),
        files,
    )


def _argument(chance: Chance) -> str:
    """Return a text that can be an argument of a program."""
    return chance.pick(odd.TEXTS).replace("\0", "").encode("utf-8", "replace").decode()


def _edited_output(chance: Chance) -> Case:
    """Compare rendered manifests with such as somebody has edited, or compile these."""
    old = chance.pick(seeds.rendered())
    new = _changed(chance, old[: chance.number(1, len(old))], "rough" if chance.hit(2) else "good")
    files = {
        "old.yaml": writer.written(chance, old).encode("utf-8", "surrogatepass"),
        "new.yaml": writer.written(chance, new).encode("utf-8", "surrogatepass"),
    }
    if chance.hit(4):
        return Case((("build", "new.yaml", *options.flags(chance, 1)),), files)
    if chance.hit(4):
        return Case((("check", "--against", "old.yaml", "new.yaml", "--allow-empty"),), files)
    names = chance.pick((("old.yaml", "new.yaml"), ("new.yaml", "old.yaml")))
    return Case((("diff", *names, "-f", chance.pick(("text", "markdown", "json"))),), files)


def _helpers(chance: Chance) -> Case:
    """Ask for what needs no manifests."""
    name = chance.pick(("rule", "schema", "init", "domains", "prices"))
    text = _argument(chance)
    if name == "rule":
        return Case(
            (
                (
                    "rule",
                    chance.pick(("JSG101", "jsg5", "JSG999", text)),
                    "-f",
                    chance.pick(("text", "json", "markdown")),
                ),
            ),
            {},
        )
    if name == "schema":
        return Case((("schema", chance.pick(("JobSet", "jobsetgenerator", text))),), {})
    if name == "init":
        template = chance.pick(("jax", "driver-worker"))
        option = chance.pick(("--image", "--name", "--max-restarts", "--topology"))
        return Case((("init", template, option, chance.pick(("a", "2x4", "7", text))),), {})
    if name == "domains":
        nodes = {"kind": "NodeList", "items": [{"kind": "Node", "metadata": {"name": "n1", "labels": {"a": text}}}]}
        mutations.rough(chance, nodes)
        return Case((("domains", "--nodes", "nodes.json", "--key", "a"),), {"nodes.json": json.dumps(nodes).encode()})
    prices = {"nvidia.com/gpu": 2.5, text: chance.pick(odd.VALUES)}
    files = {"old.yaml": seeds.SMALL.encode(), "prices.yaml": json.dumps(prices).encode()}
    return Case((("diff", "old.yaml", "old.yaml", "--prices", "prices.yaml"),), files)


def _grown(chance: Chance) -> Case:
    """Compile an input that is large in one way."""
    least, make = growth.INPUTS[chance.pick(sorted(growth.INPUTS))]
    content = make(chance.number(1, least)).encode()
    if chance.hit(3):
        content = edits.edited(chance, content)
    command = chance.weighted({"build": 4, "validate": 2, "explain": 1})
    return Case(((command, "set.yaml", *options.flags(chance, 1)),), {"set.yaml": content})


def _usage(chance: Chance) -> Case:
    """Call a command with words that nobody has looked at."""
    found = _material(chance)
    text = _argument(chance)
    flag = chance.pick(("--namespace", "--run-id", "--ignore", "--watcher-image", "--watcher-memory", "--watcher-label", "--watcher-toleration", "--priority-class", "--max-jobs", "--jobs", "-o", "--format"))  # fmt: skip
    command = chance.pick(("build", "validate", "explain", "graph", "check", "diff"))
    return Case(((command, *_paths(chance, found.files), f"{flag}={text}" if flag != "-o" else "-oout"),), found.files)


_STORIES: dict[Callable[[Chance], Case], int] = {
    _build: 55,
    _validate: 14,
    _explain: 7,
    _layers: 12,
    _krm: 6,
    _argocd: 8,
    _folder: 3,
    _diff: 6,
    _projects: 3,
    _graph: 3,
    _against: 2,
    _helpers: 2,
    _usage: 1,
    _grown: 2,
    _edited_output: 3,
}
