"""The pictures of the documentation, as data: what stands where.

Sizes and places are in pixels, from the top left corner. tests/unit/test_pictures.py holds them to
what a reader needs: every text fits into its box, and every arrow begins and ends at a shape.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Point = tuple[float, float]
# What a box stands for: what people write, a plain object of Kubernetes, the restart-watcher.
Kind = Literal["source", "plain", "watcher"]


class Frame(NamedTuple):
    """What holds boxes, with a title at its top."""

    x: float
    y: float
    width: float
    height: float
    title: str


class Box(NamedTuple):
    """A box with lines of text in its middle."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    kind: Kind = "plain"


class Arrow(NamedTuple):
    """A line with a head at its last point."""

    points: tuple[Point, ...]
    dashed: bool = False


class Label(NamedTuple):
    """Lines of text without a box; the place is the middle of the first line."""

    x: float
    y: float
    lines: tuple[str, ...]


class Picture(NamedTuple):
    """A picture, with a title and a description for those who cannot see it."""

    name: str
    width: int
    height: int
    title: str
    description: str
    frames: tuple[Frame, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    labels: tuple[Label, ...] = ()


OVERVIEW = Picture(
    name="overview",
    width=960,
    height=376,
    title="From a JobSet to what the cluster runs",
    description="jobsetgen build compiles a JobSet to Jobs, a Service and the restart-watcher's"
    " objects, which are committed to Git. Argo CD, Flux or kubectl applies them. In the cluster,"
    " the restart-watcher, one small pod, restarts, orders and ends the Jobs.",
    frames=(
        Frame(20, 20, 200, 300, "You write"),
        Frame(325, 20, 235, 300, "In Git, for review"),
        Frame(680, 20, 260, 300, "In the cluster"),
    ),
    boxes=(
        Box(40, 70, 160, 84, ("JobSet", "workers: 4 Jobs", "of 2 pods each"), "source"),
        Box(40, 190, 160, 60, ("jobsetgen.yaml", "options, if any"), "source"),
        Box(345, 60, 195, 60, ("4 Jobs", "workers-0 to workers-3")),
        Box(345, 140, 195, 60, ("Service", "gives pods their names")),
        Box(345, 220, 195, 78, ("restart-watcher", "Job, Role, plan,", "program"), "watcher"),
        Box(700, 60, 102, 52, ("workers-0", "2 pods")),
        Box(818, 60, 102, 52, ("workers-1", "2 pods")),
        Box(700, 124, 102, 52, ("workers-2", "2 pods")),
        Box(818, 124, 102, 52, ("workers-3", "2 pods")),
        Box(700, 238, 220, 60, ("restart-watcher", "one small pod"), "watcher"),
    ),
    arrows=(
        Arrow(((220, 112), (325, 112))),
        Arrow(((560, 112), (680, 112))),
        Arrow(((722, 238), (722, 176))),
        Arrow(((898, 238), (898, 176))),
    ),
    labels=(
        Label(272, 84, ("jobsetgen", "build")),
        Label(620, 84, ("Argo CD, Flux", "or kubectl")),
        Label(810, 212, ("restarts, orders, ends",)),
        Label(
            480,
            352,
            ("jobsetgen diff says in the pull request what a change does to running training",),
        ),
    ),
)

SET = Picture(
    name="set",
    width=800,
    height=214,
    title="A set",
    description="The JobSet multislice has one replicatedJob, workers, with 4 replicas. Each"
    " replica is one Job, and each Job has 2 pods.",
    boxes=(
        Box(20, 77, 140, 60, ("JobSet", "multislice"), "source"),
        Box(205, 77, 170, 60, ("replicatedJob", "workers, replicas: 4"), "source"),
        *(
            Box(435, 16 + 47 * index, 215, 40, (f"Job multislice-workers-{index}",))
            for index in range(4)
        ),
        *(Box(700, 16 + 47 * index, 80, 40, ("2 pods",)) for index in range(4)),
    ),
    arrows=(
        Arrow(((160, 107), (205, 107))),
        *(Arrow(((375, 107), (435, 36 + 47 * index))) for index in range(4)),
        *(Arrow(((650, 36 + 47 * index), (700, 36 + 47 * index))) for index in range(4)),
    ),
)

GENERATION = Picture(
    name="generation",
    width=790,
    height=216,
    title="Generations and attempts",
    description="A generation begins with attempt 0. After a failure, attempt 1 follows with the"
    " same spec. A pushed change of the image begins another generation, with attempt 0 and every"
    " counter at zero.",
    frames=(
        Frame(20, 20, 380, 176, "generation e07e86c164b31e2a"),
        Frame(530, 20, 240, 176, "generation 40c6d5da8ad10f6a"),
    ),
    boxes=(
        Box(40, 66, 120, 60, ("attempt 0", "4 Jobs")),
        Box(260, 66, 120, 60, ("attempt 1", "4 new Jobs")),
        Box(590, 66, 120, 60, ("attempt 0", "4 new Jobs")),
    ),
    arrows=(
        Arrow(((160, 96), (260, 96))),
        Arrow(((400, 96), (530, 96))),
    ),
    labels=(
        Label(210, 86, ("a Job fails",)),
        Label(465, 68, ("a push changes", "the image")),
        Label(210, 156, ("restarts: 0, then 1", "image: 2.1")),
        Label(650, 156, ("restarts: 0 again", "image: 2.2")),
    ),
)

WATCHER = Picture(
    name="watcher",
    width=815,
    height=180,
    title="A pass of the restart-watcher",
    description="In each pass the watcher observes the Jobs, the pods and the plan, decides, records"
    " the decision in the state, and then acts. Afterwards, or after a crash, the next pass begins.",
    boxes=(
        Box(20, 26, 160, 60, ("1. observe", "Jobs, pods, plan"), "watcher"),
        Box(225, 26, 160, 60, ("2. decide", "by the policies"), "watcher"),
        Box(430, 26, 160, 60, ("3. record", "in restart-state"), "watcher"),
        Box(635, 26, 160, 60, ("4. act", "on Jobs, by UID"), "watcher"),
    ),
    arrows=(
        Arrow(((180, 56), (225, 56))),
        Arrow(((385, 56), (430, 56))),
        Arrow(((590, 56), (635, 56))),
        Arrow(((715, 86), (715, 130), (100, 130), (100, 86))),
    ),
    labels=(
        Label(410, 156, ("the next pass, also after a crash: recorded decisions are carried out",)),
    ),
)

OWNERS = Picture(
    name="owners",
    width=830,
    height=270,
    title="Who creates the Jobs",
    description="With jobs: git, the GitOps tool creates the Jobs of the first attempt and the"
    " watcher those of later ones; nothing owns them. With jobs: watcher, the tool applies the"
    " plan, and the watcher creates every Job from it, owned by the plan's ConfigMap.",
    frames=(
        Frame(20, 20, 380, 230, "jobs: git"),
        Frame(420, 20, 390, 230, "jobs: watcher"),
    ),
    boxes=(
        Box(40, 66, 140, 44, ("Argo CD, Flux",)),
        Box(40, 186, 140, 44, ("restart-watcher",), "watcher"),
        Box(280, 116, 100, 64, ("Jobs", "no owner")),
        Box(440, 66, 140, 44, ("Argo CD, Flux",)),
        Box(645, 60, 145, 56, ("plan", "a ConfigMap")),
        Box(440, 186, 140, 44, ("restart-watcher",), "watcher"),
        Box(645, 180, 145, 56, ("Jobs", "owned by the plan")),
    ),
    arrows=(
        Arrow(((180, 88), (280, 136))),
        Arrow(((180, 208), (280, 160))),
        Arrow(((580, 88), (645, 88))),
        Arrow(((580, 196), (660, 116)), dashed=True),
        Arrow(((580, 212), (645, 212))),
    ),
    labels=(
        Label(258, 100, ("first attempt",)),
        Label(258, 208, ("later attempts",)),
        Label(612, 78, ("applies",)),
        Label(596, 152, ("reads",)),
        Label(612, 232, ("creates",)),
    ),
)

COUNTERS = Picture(
    name="counters",
    width=820,
    height=250,
    title="What a failure counts",
    description="A failed Job is held against the rules of the failurePolicy; the first that"
    " matches decides. RestartJobSet adds one to restarts, RestartJob one to the restarts of that"
    " Job, FailJobSet ends the set. Without a rule, the set restarts.",
    boxes=(
        Box(20, 95, 120, 60, ("a Job fails",)),
        Box(195, 95, 170, 60, ("failurePolicy", "first matching rule"), "watcher"),
        Box(470, 20, 330, 60, ("restart the set", "restarts + 1; all Jobs start again"), "watcher"),
        Box(470, 95, 330, 60, ("restart this Job", "jobRestarts of the Job + 1"), "watcher"),
        Box(
            470, 170, 330, 60, ("end the set as Failed", "terminal: reason and message"), "watcher"
        ),
    ),
    arrows=(
        Arrow(((140, 125), (195, 125))),
        Arrow(((365, 115), (470, 50))),
        Arrow(((365, 125), (470, 125))),
        Arrow(((365, 135), (470, 200))),
    ),
    labels=(
        Label(345, 52, ("RestartJobSet,", "or no rule")),
        Label(428, 118, ("RestartJob",)),
        Label(345, 192, ("FailJobSet, or", "maxRestarts reached")),
    ),
)

PICTURES = (OVERVIEW, SET, GENERATION, WATCHER, OWNERS, COUNTERS)
