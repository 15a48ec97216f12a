"""Bases and resources that lead out of the tree, back to themselves, or to far too many others."""

from __future__ import annotations

import os

from tests.hostile.place import SET, Place
from tests.hostile.projects.tree import HostileProject, Make, config_map, project, writes


def _resources(*names: str) -> Make:
    return writes({"jobsetgen.yaml": project("", names)})


def _chain(length: int, *, circle: bool = False) -> Make:
    def make(place: Place) -> None:
        place.write("app/jobsetgen.yaml", project("", ["b0"]))
        for level in range(length):
            last = ["../b0"] if circle else ["a.yaml"]
            base = [f"../b{level + 1}"] if level < length - 1 else last
            place.write(f"app/b{level}/jobsetgen.yaml", project("", base))
        place.write(f"app/b{length - 1}/a.yaml", SET)

    return make


def _diamond(place: Place) -> None:
    """Let each of 40 levels have two bases, which have the same two bases."""
    for level in range(40):
        below = [f"../x{level + 1}", f"../y{level + 1}"] if level < 39 else ["a.yaml"]
        for side in "xy":
            place.write(f"app/{side}{level}/jobsetgen.yaml", project("", below))
            place.write(f"app/{side}{level}/a.yaml", SET)
    place.write("app/jobsetgen.yaml", project("", ["x0", "y0"]))


def _wide(place: Place) -> None:
    """Let each of three levels have 40 bases."""
    names = [f"b{number}" for number in range(40)]
    for level in range(3):
        for name in names:
            below = [f"../../l{level + 1}/{each}" for each in names] if level < 2 else ["a.yaml"]
            place.write(f"app/l{level}/{name}/jobsetgen.yaml", project("", below))
            place.write(f"app/l{level}/{name}/a.yaml", SET)
    place.write("app/jobsetgen.yaml", project("", [f"l0/{name}" for name in names]))


def _circle_by_links(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["b"]))
    place.write("app/b/jobsetgen.yaml", project("", ["c"]))
    place.link("app/b/c", "../../app")


def _linked_folder(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["b"]))
    place.link("app/b", place.outside)


def _linked_file(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["b.yaml"]))
    place.link("app/b.yaml", place.outside / "secret.yaml")


def _linked_project(place: Place) -> None:
    """Let the jobsetgen.yaml of a base be somebody else's."""
    place.write("app/jobsetgen.yaml", project("", ["b"]))
    place.write("app/b/a.yaml", SET)
    place.link("app/b/jobsetgen.yaml", place.outside / "jobsetgen.yaml")


def _linked_patch(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("patches: [{path: p.yaml}]\n", ["jobset.yaml"]))
    place.link("app/p.yaml", place.outside / "jobset.yaml")


def _links_in_a_circle(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["b"]))
    place.link("app/b", "c")
    place.link("app/c", "b")


def _links_through_outside(place: Place) -> None:
    """Lead out of the tree and back into it."""
    (place.outside / "back").symlink_to(place.app)
    place.write("app/jobsetgen.yaml", project("", ["out/back/jobset.yaml", "jobset.yaml"]))
    place.link("app/out", place.outside)


def _long_links(place: Place) -> None:
    for number in range(200):
        place.link(f"app/l{number}", f"l{number + 1}")
    place.write("app/jobsetgen.yaml", project("", ["l0"]))


def _pipe(name: str) -> Make:
    def make(place: Place) -> None:
        place.write("app/jobsetgen.yaml", project("patches: [{path: p.yaml}]\n", ["b", "a.yaml"]))
        for each in ("app/b/jobsetgen.yaml", "app/a.yaml", "app/p.yaml"):
            place.write(each, SET)
        place.write("app/b/jobsetgen.yaml", project())
        (place.repository / name).unlink()
        os.mkfifo(place.repository / name)

    return make


def _device(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["zero.yaml"]))
    place.link("app/zero.yaml", "/dev/zero")


def _many_resources(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["base"]))
    place.write("app/base/jobsetgen.yaml", project("", [f"a{number}.yaml" for number in range(100_000)]))


def _missing_files(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", [f"a{number}.yaml" for number in range(4_000)]))


def _same_resource(place: Place) -> None:
    place.write("app/jobsetgen.yaml", project("", ["base"]))
    place.write("app/base/jobsetgen.yaml", project("", ["jobset.yaml"] * 100_000))


def _remote(place: Place) -> None:
    """Name a repository three levels down."""
    place.write("app/jobsetgen.yaml", project("", ["b0"]))
    place.write("app/b0/jobsetgen.yaml", project("", ["../b1"]))
    place.write("app/b1/jobsetgen.yaml", project("", ["../b2"]))
    place.write("app/b2/jobsetgen.yaml", project("", ["https://example.com/a//b?ref=main"]))


def _deep_folder(place: Place) -> None:
    name = "/".join(["d"] * 900)
    place.write("app/jobsetgen.yaml", project("", [name]))
    place.write(f"app/{name}/jobsetgen.yaml", project("", ["../" * 900 + "../../outside/jobset.yaml"]))


def _many_errors(place: Place) -> None:
    """Let 400 bases each have a mistake of their own."""
    names = [f"b{number}" for number in range(400)]
    for name in names:
        place.write(f"app/{name}/jobsetgen.yaml", project("", ["a.yaml", "missing.yaml"]))
        place.write(f"app/{name}/a.yaml", config_map("b", name))
    place.write("app/jobsetgen.yaml", project("", names))


def _large_bases(place: Place) -> None:
    """Use one base of many objects under many names."""
    objects = "---\n".join(config_map("b", f"a{number}") for number in range(2_000))
    names = [f"b{number}" for number in range(100)]
    place.write("app/big/jobsetgen.yaml", project("", ["a.yaml"]))
    place.write("app/big/a.yaml", objects)
    for name in names:
        place.write(f"app/{name}/jobsetgen.yaml", project(f"namePrefix: {name}-\n", ["../big"]))
    place.write("app/jobsetgen.yaml", project("", names))


_OUTSIDE = "JSG702: outside the root"
_MISSING = "JSG702: file not found"
_SIZE = "JSG006: of one compile have more than"
_CIRCLE = "JSG724: is its own base"
_LEVELS = "JSG724: more than 50 levels of bases"
_MANY = "JSG724: more than 1,000 projects in one compile"

PROJECTS = (
    HostileProject("base: itself", _CIRCLE, _circle_by_links),
    HostileProject("base: a circle of 40", _CIRCLE, _chain(40, circle=True)),
    HostileProject("base: a circle of 1,000", _LEVELS, _chain(1_000, circle=True)),
    HostileProject("base: a chain of 1,000", _LEVELS, _chain(1_000)),
    HostileProject("base: 2**40 by diamonds", _MANY, _diamond),
    HostileProject("base: 64,000 in three levels", _MANY, _wide),
    HostileProject("base: a folder outside by a link", _OUTSIDE, _linked_folder),
    HostileProject("base: a file outside by a link", _OUTSIDE, _linked_file),
    HostileProject("base: a project file outside by a link", _OUTSIDE, _linked_project),
    HostileProject("base: a patch outside by a link", _OUTSIDE, _linked_patch),
    HostileProject("base: links in a circle", _MISSING, _links_in_a_circle),
    HostileProject("base: out of the tree and back", "JSG702: duplicate resource", _links_through_outside),
    HostileProject("base: a chain of 200 links", _MISSING, _long_links),
    HostileProject("base: a pipe as project file", "JSG702: not a regular file", _pipe("app/b/jobsetgen.yaml")),
    HostileProject("base: a pipe as resource", "JSG702: is not a file", _pipe("app/a.yaml")),
    HostileProject("base: a pipe as patch", "JSG702: is not a file", _pipe("app/p.yaml")),
    HostileProject("base: a device by a link", _OUTSIDE, _device),
    HostileProject("base: 100,000 missing files", _SIZE, _many_resources),
    HostileProject("base: 4,000 missing files", _MISSING, _missing_files),
    HostileProject("base: one file 100,000 times", _SIZE, _same_resource),
    HostileProject("base: a remote one three levels down", "JSG702: is a URL; nothing is fetched", _remote),
    HostileProject("base: out of 900 folders", _MISSING, _deep_folder),
    HostileProject("base: 400 with a mistake", _MISSING, _many_errors),
    HostileProject("base: 200,000 objects of one file", "JSG006: change more than 10,000 objects", _large_bases),
    HostileProject("base: the folders above", _OUTSIDE, _resources("../../outside")),
    HostileProject("base: the root of the machine", _OUTSIDE, _resources("/")),
    HostileProject("base: an absolute path", _OUTSIDE, _resources("/etc/passwd")),
    HostileProject("base: the environment", _OUTSIDE, _resources("/proc/self/environ")),
    HostileProject("base: standard input", _OUTSIDE, _resources("/dev/stdin")),
    HostileProject("base: 60,000 folders above", _MISSING, _resources("../" * 60_000 + "etc")),
    HostileProject("base: a path of 10**5 characters", _MISSING, _resources("x" * 100_000)),
    HostileProject("base: a path of 90,000 folders", _MISSING, _resources("x/" * 90_000)),
    HostileProject("base: a path of 30,000 detours", _MISSING, _resources("x/../" * 30_000 + "/../../..")),
    HostileProject("base: NUL in a path", _MISSING, _resources("a\0b.yaml")),
    HostileProject("base: a surrogate in a path", "JSG007: unpaired surrogate", _resources("a\udcff.yaml")),
    HostileProject("base: the folder of git", "JSG002: invalid YAML", _resources("../.git/config")),
    HostileProject("base: the home of the user", _MISSING, _resources("~/.netrc", "$HOME/.netrc")),
)
