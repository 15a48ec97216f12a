"""`jobsetgen init`."""

from __future__ import annotations

from typing import Any

import click

from jobsetgen.cli.exits import Group
from jobsetgen.cli.printing import give
from jobsetgen.cli.texts import utf8
from jobsetgen.emit import scalar
from jobsetgen.kubernetes.names import is_dns_1035_label
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.kubernetes.tpus import (
    chips_of,
    is_known,
    misfit,
    sides,
    topology_with,
    wrong_dimensions,
)
from jobsetgen.templating import filled_template

_TOPOLOGY = "--topology"
_COUNT = click.IntRange(1, MAX_INT32)
_MAX_RESTARTS = click.option(
    "--max-restarts",
    type=click.IntRange(0, MAX_INT32),
    default=3,
    show_default=True,
    help="Maximum number of restarts.",
)

_EXAMPLES = {
    "Start with eight TPU slices": "jobsetgen init jax --slices 8 > jobset.yaml",
    "Start with a driver and its workers": "jobsetgen init driver-worker > jobset.yaml",
}


@click.group("init", cls=Group, examples=_EXAMPLES)
def command() -> None:
    """Print a commented starter spec, ready to build."""


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not is_dns_1035_label(value):
        raise click.BadParameter(
            "a name must consist of lower-case letters, digits and dashes, begin with a letter,"
            " and not end with a dash"
        )
    return value


@command.command("jax")
@click.option(
    "--name",
    default="multislice",
    show_default=True,
    callback=_name,
    help="The JobSet's name.",
)
@click.option("--slices", type=_COUNT, default=4, show_default=True, help="Number of TPU slices.")
@click.option("--hosts", type=_COUNT, default=2, show_default=True, help="Hosts per slice.")
@click.option("--chips", type=_COUNT, default=4, show_default=True, help="Chips per host.")
@click.option(
    "--accelerator",
    callback=utf8,
    default="tpu-v5-lite-podslice",
    show_default=True,
    help="The kind of TPU.",
)
@click.option(
    _TOPOLOGY,
    callback=utf8,
    show_default="by --hosts and --chips",
    help="The topology of a slice.",
)
@click.option(
    "--image", callback=utf8, default="python:3.8", show_default=True, help="The image to run."
)
@_MAX_RESTARTS
def _jax(**values: Any) -> None:
    """Several TPU slices that run one JAX program."""
    _print_spec("jax", {**values, "topology": _topology(**values)})


def _topology(
    *, accelerator: str, topology: str | None, hosts: int, chips: int, **_others: Any
) -> str:
    """Return the topology of a slice; raise UsageError if it is wrong or not known."""
    meant = topology_with(accelerator, hosts * chips)
    if topology is None:
        if not meant:
            wanted = f"{accelerator} with {chips_of(hosts, chips)}"
            message = f"no topology of {wanted} is known; pass {_TOPOLOGY}"
            raise click.UsageError(message)
        return meant

    if is_known(accelerator) and (fault := _fault(accelerator, topology, hosts, chips)):
        hint = f"; did you mean {meant}?" if meant else ""
        raise click.BadParameter(f"{fault}{hint}", param_hint=_TOPOLOGY)
    return topology


def _fault(accelerator: str, topology: str, hosts: int, chips: int) -> str:
    """Say why a topology does not fit the other options, or nothing."""
    if not sides(topology):
        return f"'{topology}' is not a topology such as 2x4"
    return wrong_dimensions(accelerator, topology) or misfit(topology, hosts, chips)


@command.command("driver-worker")
@click.option(
    "--name",
    default="driver-worker",
    show_default=True,
    callback=_name,
    help="The JobSet's name.",
)
@click.option("--workers", type=_COUNT, default=4, show_default=True, help="Number of workers.")
@click.option(
    "--image", callback=utf8, default="debian:12", show_default=True, help="The image to run."
)
@_MAX_RESTARTS
def _driver_worker(**values: Any) -> None:
    """One driver and its workers; the set is complete when the driver is."""
    _print_spec("driver-worker", values)


def _print_spec(framework: str, values: dict[str, Any]) -> None:
    give([filled_template(f"init/{framework}.yaml.j2", values, {"yaml": scalar})])
