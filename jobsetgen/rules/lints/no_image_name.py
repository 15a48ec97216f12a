"""JSG528: no image name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.images import has_form, is_image
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.options.values import ImageOverride
from jobsetgen.rules.common.images import places_by_image
from jobsetgen.rules.common.occurrences import not_ignored
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import page


@input_rule(
    "JSG528",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Image names",
        "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    ),
)
def no_image_name(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """An image has a name that no registry accepts: a placeholder, or a name with capital letters.

    The API server accepts it. The kubelet does not, and the pods wait with the reason
    InvalidImageName: the set neither starts nor fails, and holds its nodes. A name with a variable
    is not checked, since the variable may be substituted later; JSG507 reports it. An image of
    several containers of a set is reported once, at the first that no comment suppresses.

    Warning because something on the cluster may rewrite images as pods are admitted.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "<your image>"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "example.com/train:1.4.2"}]}}}}
    """
    if not _are_valid(settings.images):
        return
    for unit in units:
        for image, paths in places_by_image(unit).items():
            if _is_left_to_others(image) or is_image(image):
                continue
            path = next(not_ignored(unit, "JSG528", paths), None)
            if path is not None:
                yield unit, _finding(image, path)


def _are_valid(overrides: Sequence[ImageOverride]) -> bool:
    """Whether overrides make images of images; JSG710 reports those that do not."""
    return all(
        has_form(part, text) for each in overrides for part, text in each.parts().items() if text
    )


def _is_left_to_others(image: str) -> bool:
    """Whether JSG507 reports an image, or the rule that refuses none and whitespace around one."""
    return "$" in image or not image or image != image.strip()


def _finding(image: str, path: Path) -> Finding:
    message = f"'{image}' is not the name of an image: no container with it starts"
    hint = "Write [REGISTRY/]NAME[:TAG][@DIGEST], with the name in lowercase."
    return Finding(path=path, message=message, hint=hint)
