"""Compile an Argo CD application: an untrusted folder with the parameters of the Application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.frontends.argocd.discovery import json_objects
from jobsetgen.frontends.argocd.environment import NAMESPACE, VERSION, Application
from jobsetgen.frontends.argocd.parameters import announced, blamed, read_parameters
from jobsetgen.frontends.argocd.values import value_parameters
from jobsetgen.overlays.values import Given
from jobsetgen.pipeline import Compilation, compile_inputs, with_diagnostics
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Files
from jobsetgen.project.foreign import read_rendered_first
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer, chosen_layer, settings_of
from jobsetgen.target.reading import with_carried_options


def generate(files: Files, application: Application) -> Compilation:
    """Compile an application; the parameters of its spec override the folder's project."""
    alone = _read_alone(files)
    parameters = read_parameters(application.parameters, value_parameters(alone))
    read = alone
    if parameters.assignments:
        read = _read_alone(files, Given(assignments=parameters.assignments))
    whole = read.with_layers(parameters.layers, parameters.diagnostics)
    result = _compiled(whole, application)
    if result.ok or not parameters.files:
        return result
    # Parameters can cause an error whose place is in the folder.
    own = {*parameters.files, *(item.file for item in parameters.diagnostics)}
    is_said = any(item.is_error and item.file in own for item in result.diagnostics)
    if is_said or not _compiled(alone, application).ok:
        return result
    return with_diagnostics(result, [blamed(parameters)])


def form(files: Files, application: Application) -> tuple[str, Sequence[Diagnostic]]:
    """Return the parameters that an Application can set, as JSON, and the folder's diagnostics.

    They are announced even if the folder has errors, which the user may be about to fix.
    """
    inputs = with_carried_options(_read_alone(files))
    settings = settings_of(_with_destination(inputs, application).layers)
    if not application.version() and not _names_a_version(inputs.layers):
        # Argo CD does not pass the version to this command.
        settings = replace(settings, kubernetes_version="")
    return announced(settings, value_parameters(inputs).values()), inputs.diagnostics


def _read_alone(files: Files, given: Given | None = None) -> Inputs:
    """Read the folder, and report its JSON files with objects, which are not compiled."""
    inputs = read_rendered_first(files, given)
    if any(layer.resources is not None for layer in inputs.layers):
        return inputs
    # In a plain directory, Argo CD would apply them; omitting them would prune them.
    message = (
        f"this object is not compiled; list it in resources of a {FILE_NAME} or move it elsewhere"
    )
    left_out = [
        diagnostic(NO_RESOURCE, Place(files.shown(name)), message) for name in json_objects(files)
    ]
    return inputs.with_diagnostics(left_out)


def _compiled(inputs: Inputs, application: Application) -> Compilation:
    plugin = chosen_layer(Place("argocd"), {"gitops": "argocd", "allowEmpty": False})
    whole = _with_destination(inputs, application).with_layers([plugin])
    required = NAMESPACE in application.variables
    return compile_inputs(whole._replace(namespace_required=required))


def _with_destination(inputs: Inputs, application: Application) -> Inputs:
    """Return the inputs with the namespace and Kubernetes version of the destination, if known."""
    version = application.version()
    layers = [*application.destination()]
    if version and not _names_a_version(inputs.layers):
        layers.append(chosen_layer(Place(VERSION), {"kubernetesVersion": version}))
    return inputs.with_layers(layers)


def _names_a_version(layers: Sequence[Layer]) -> bool:
    return any("kubernetesVersion" in layer.data for layer in layers)
