"""Project files with options that reach too far."""

from __future__ import annotations

from tests.hostile.place import SET, Place, Trick


def _options(text: str, jobset: str = SET) -> Trick:
    def make(place: Place) -> None:
        place.configure(text.format(top=place.top))
        place.write("app/jobset.yaml", jobset)

    return make


def _many_jobs(count: int) -> str:
    return SET.replace("replicas: 2", f"replicas: {count}")


def _shared(place: Place) -> None:
    """Let two projects have one output."""
    place.write("app/second/jobsetgen.yaml", (place.app / "jobsetgen.yaml").read_text())
    place.write("app/second/jobset.yaml", SET)
    place.link("app/second/rendered", "../rendered")


def _nested(place: Place) -> None:
    place.configure("output: .\n")
    place.write("app/rendered/jobsetgen.yaml", (place.app / "jobsetgen.yaml").read_text())


def _in_a_project(place: Place) -> None:
    """Let the output of a project hold another project."""
    place.write("app/rendered/jobsetgen.yaml", (place.app / "jobsetgen.yaml").read_text())
    place.write("app/rendered/jobset.yaml", SET)


def _above(place: Place) -> None:
    place.write("jobsetgen.yaml", (place.app / "jobsetgen.yaml").read_text().replace("rendered", "app"))


_OUTPUTS = ("..", "../..", ".", "/", "/etc", "{top}/outside", "a/../../..", "~", "$HOME", "./rendered/../../outside",
            '"\\0"', '"a\\nb"', '""', "null", "[a]", "-", "--help", ".git", ".git/hooks", "n/" * 2_000)  # fmt: skip
_RESOURCES = ("/etc/passwd", "/dev/zero", "/proc/self/environ", "../../outside/secret.yaml", "~/.netrc", "$HOME",
              "https://example.com/set.yaml", "github.com/a/b//c?ref=main", "*", "-", ".", "..", "rendered", "",
              "jobsetgen.yaml", "file:///etc/passwd", "jobset.yaml/", "{top}/outside")  # fmt: skip

TRICKS: dict[str, Trick] = {
    **{f"output: {text[:30]}": _options(f"output: {text}\n") for text in _OUTPUTS},
    **{f"resources: {text}": _options(f'resources: ["{text}", jobset.yaml]\n') for text in _RESOURCES},
    "a million Jobs": _options("maxJobs: 2000000\n", _many_jobs(1_000_000)),
    "two billion Jobs, all allowed": _options("maxJobs: 2147483647\nmaxBytes: 4294967296\n", _many_jobs(2**31 - 1)),
    "20,000 Jobs of 30 GB": _options(
        "maxJobs: 50000\n",
        _many_jobs(50_000).replace('train:1"', f'train:1", command: ["{"x" * 600_000}"]'),
    ),
    "10 GB of output": _options(
        "maxJobs: 50000\nmaxBytes: 1000000000000\n",
        _many_jobs(50_000).replace('train:1"', f'train:1", command: ["{"x" * 200_000}"]'),
    ),
    "all bytes allowed": _options(
        "maxJobs: 50000\nmaxBytes: 4294967296\n",
        _many_jobs(20_000).replace('train:1"', f'train:1", command: ["{"x" * 200_000}"]'),
    ),
    "an image of the options": _options(
        'images: [{{name: registry.example.com/train, newName: "a\\n  hostPID: true"}}]\n'
    ),
    "a namespace of the options": _options('namespace: "../../kube-system"\n'),
    "a watcher of the options": _options(
        'watcher: {{image: "a\\e[2J", labels: {{"a/b/c": "x"}}, serviceAccount: "../x"}}\n'
    ),
    "10,000 replicas of the options": _options(
        "replicas: [" + "{{jobSet: train, replicatedJob: workers, replicas: 3}}, " * 5_000 + "]\n"
    ),
    "unknown options": _options("".join(f"option{number}: a\n" for number in range(20_000))),
    "two projects with one output": _shared,
    "a project in its output": _in_a_project,
    "a project that writes itself": _nested,
    "a project that writes into another": _above,
}  # fmt: skip
