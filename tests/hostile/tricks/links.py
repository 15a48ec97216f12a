"""Links where a file or a folder is expected."""

from __future__ import annotations

import os

from tests.hostile.place import SET, Place, Trick


def _input(target: str, *, is_project: bool = True) -> Trick:
    def make(place: Place) -> None:
        if not is_project:
            place.without_project()
        place.link("app/more.yaml", target.format(top=place.top))

    return make


def _instead(name: str, target: str) -> Trick:
    def make(place: Place) -> None:
        path = place.repository / name
        if path.is_dir() and not path.is_symlink():
            os.rename(path, place.moved)
        place.link(name, target.format(top=place.top))

    return make


def _chain(place: Place) -> None:
    for step in range(60):
        place.link(f"app/step-{step}.yaml", f"step-{step + 1}.yaml")
    place.link("app/step-60.yaml", place.outside / "secret.yaml")


def _folder_of_resources(place: Place) -> None:
    place.configure("resources: [parts, jobset.yaml]\n")
    place.link("app/parts", place.outside)


def _upwards(place: Place) -> None:
    place.link("app/up", "..")
    place.link("app/self", ".")
    place.configure("resources: [up/app/jobset.yaml, self/self/up/app/jobset.yaml]\n")


def _through_an_inner_link(place: Place) -> None:
    place.configure("resources: [inner/../../outside/secret.yaml]\n")
    place.link("app/inner", "../../outside")


def _harmless(place: Place) -> None:
    place.without_project()
    place.write("common/more.yaml", SET.replace("name: train", "name: common"))
    place.link("app/more.yaml", "../common/more.yaml")


def _in_an_output(name: str, target: str) -> Trick:
    def make(place: Place) -> None:
        for output in (place.out, place.rendered):
            output.mkdir(parents=True, exist_ok=True)
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(path):
                path.symlink_to(target.format(top=place.top))

    return make


def _output(target: str) -> Trick:
    def make(place: Place) -> None:
        for output in (place.out, place.rendered):
            if not os.path.lexists(output):
                output.symlink_to(target.format(top=place.top))

    return make


_TARGETS = {
    "the user's key": "{top}/home/.ssh/id_ed25519",
    "a file beside": "../../outside/secret.yaml",
    "/etc/passwd": "/etc/passwd",
    "its environment": "/proc/self/environ",
    "its memory": "/proc/self/mem",
    "its standard input": "/dev/stdin",
    "an open file": "/proc/self/fd/1",
    "/dev/zero": "/dev/zero",
    "/dev/full": "/dev/full",
    "itself": "more.yaml",
    "nothing": "gone.yaml",
    "nothing beside": "../../outside/gone.yaml",
    "a folder": "../..",
}

TRICKS: dict[str, Trick] = {
    **{f"a link to {what}": _input(target) for what, target in _TARGETS.items()},
    **{f"a link to {what}, without a project": _input(target, is_project=False) for what, target in _TARGETS.items()},
    "a chain of 60 links": _chain,
    "a project file beside": _instead("app/jobsetgen.yaml", "{top}/outside/jobsetgen.yaml"),
    "a project file that is a secret": _instead("app/jobsetgen.yaml", "{top}/outside/secret.yaml"),
    "a set beside": _instead("app/jobset.yaml", "{top}/outside/jobset.yaml"),
    "a compiled folder beside": _instead("app", "{top}/outside"),
    "a compiled folder of the machine": _instead("app", "/etc"),
    "a compiled folder that is its own parent": _instead("app", "."),
    "a folder of resources beside": _folder_of_resources,
    "links upwards": _upwards,
    "a way back through a link": _through_an_inner_link,
    "a link within the work tree": _harmless,
    "an output beside": _output("{top}/outside/precious"),
    "an output at home": _output("{top}/home"),
    "an output that is the repository": _output("{top}/repository"),
    "an output that is a link to nothing": _output("{top}/outside/made"),
    "an output in a circle": _output("out"),
    "a set's folder in an output beside": _in_an_output("train", "{top}/outside/precious"),
    "a manifest in an output beside": _in_an_output("train/job.train-workers-0.yaml", "{top}/outside/secret.yaml"),
    "a kustomization in an output beside": _in_an_output("kustomization.yaml", "{top}/outside/secret.yaml"),
    "a README in an output beside": _in_an_output("README.md", "{top}/home/.netrc"),
    "a stale file in an output beside": _in_an_output("old.yaml", "{top}/outside/secret.yaml"),
    "a device in an output": _in_an_output("train/job.train-workers-0.yaml", "/dev/zero"),
}
