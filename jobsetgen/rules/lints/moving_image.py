"""JSG504: moving image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.images import what_moves
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.images import places_by_image
from jobsetgen.rules.common.occurrences import not_ignored
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import page


@input_rule(
    "JSG504",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Image names",
        "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    ),
)
def moving_image(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """An image has no tag, or the tag `latest`, and no digest.

    The registry decides what such a name refers to, not Git: the pods of one set can run different
    programs, and a restart can run a program that nobody reviewed. An image of several containers
    of a set is reported once, at the first that no comment suppresses.

    Warning because it is possible that the registry never moves such a name.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: example.com/train}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "example.com/train:1.4.2"}]}}}}
    """
    for unit in units:
        for image, paths in places_by_image(unit).items():
            places = list(not_ignored(unit, "JSG504", paths)) if what_moves(image) else []
            if places:
                yield unit, _finding(image, places)


def _finding(image: str, places: Sequence[Path]) -> Finding:
    used = "" if len(places) == 1 else f" of {len(places):,} containers"
    message = (
        f"the image '{image}'{used} {what_moves(image)}: nodes, and restarts, may run different"
        " versions of it"
    )
    hint = "Use the tag of a version, or better, its digest."
    return Finding(path=places[0], message=message, hint=hint)
