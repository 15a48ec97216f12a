"""Checks of option values and of contradictions between layers, independent of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.project.codes import NO_OUTPUT, ON_RESTART, WATCHER_OPTION
from jobsetgen.project.images import invalid_images
from jobsetgen.project.layer import Layer
from jobsetgen.project.replicas import repeated_replicas
from jobsetgen.project.watcher_options import watcher_problems


def contradictions(layers: Sequence[Layer], settings: Settings) -> Iterator[Diagnostic]:
    """Yield diagnostics for invalid values in each layer and for contradictions between layers.

    `settings` are the merged settings of all layers.
    """
    for layer in layers:
        yield from _of_layer(layer)
    yield from _early_on_restart(layers, settings)


def _of_layer(layer: Layer) -> Iterator[Diagnostic]:
    document, settings = layer.document, layer.settings()
    output = string(layer.data, "output")
    if "output" in layer.data and not _is_below(output):
        message = f"output folder '{output}' must be inside the project folder"
        yield document.diagnostic(NO_OUTPUT, Finding(path=("output",), message=message))
    for problem in watcher_problems(settings.watcher):
        yield document.diagnostic(WATCHER_OPTION, Finding(**problem.below("watcher")._asdict()))
    yield from invalid_images(layer)
    yield from repeated_replicas(layer)


def _is_below(folder: str) -> bool:
    """Whether a relative path stays inside its start folder and is not that folder itself."""
    path = PurePosixPath(folder)
    if not path.parts or path.is_absolute():
        return False
    return ".." not in path.parts and not set("\\\0") & set(folder)


def _early_on_restart(layers: Sequence[Layer], settings: Settings) -> Iterator[Diagnostic]:
    """Yield an error if OnRestart is set with `jobs: git`, at the layer that decided it.

    That is the last layer that sets one of the two options.
    """
    if settings.update_policy != "OnRestart" or settings.jobs != "git":
        return
    message = "updatePolicy OnRestart requires jobs: watcher; a GitOps tool applies changes at once"
    for layer in reversed(layers):
        chosen = next((name for name in ("updatePolicy", "jobs") if name in layer.data), None)
        if chosen:
            yield layer.document.diagnostic(ON_RESTART, Finding(path=(chosen,), message=message))
            return
