"""Prices of accelerators per hour, from a file of the user's.

The file is YAML or JSON: a mapping of accelerators to the price of one unit for one hour. Prices
have no currency; the output shows the same figures.

    nvidia.com/gpu: 2.50                        # any other nvidia.com/gpu
    nvidia.com/gpu@nvidia-h100-80gb: 6.90       # on nodes with this label value
    google.com/tpu@tpu-v5p-slice: 4.20

A key is the name of a resource, alone or with a value that the pod's node selector asks for,
whatever the label's key: the type of an accelerator or of an instance. The price with a value goes
before that without. A resource without a price is "not priced"; nothing is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.diagnostics import Place
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.plain import mapping
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load
from jobsetgen.stop import StopError

Prices = Mapping[str, float]
"""The price of a unit per hour, by the keys of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of accelerators per hour, and the resources that have no price."""

    amount: float
    unpriced: frozenset[str]


def read_prices(file: str, content: bytes) -> dict[str, float]:
    """Return the prices in a file. Raises StopError if the content is anything else."""
    document = _document(file, content)
    prices = {}
    for key, value in document.data.items():
        if not _is_price(value):
            place = document.place((key,))
            raise _refused(
                place, f"invalid price {value!r} for {key}: must be a number of at least 0"
            )
        prices[key] = float(value)
    return prices


def rate(sets: Iterable[TrainingSet], prices: Prices) -> Rate:
    """Return the price per hour of the accelerators of sets while all their pods run."""
    amounts: list[float] = []
    unpriced: set[str] = set()
    for family in (family for each in sets for family in each.families):
        for resource, count in family.accelerators.items():
            units = count * family.pods * len(family.indexes)
            price = _price(resource, family, prices)
            if price is None:
                unpriced.update([resource] if units else [])
            else:
                amounts.append(units * price)
    return Rate(amount=math.fsum(amounts), unpriced=frozenset(unpriced))


def _document(file: str, content: bytes) -> Document:
    """Return the one mapping in a file."""
    loaded = load(file, content)
    for item in loaded.diagnostics:
        if item.is_error:
            raise _refused(item.place, item.message)
    if len(loaded.documents) == 1 and isinstance(loaded.documents[0].data, Mapping):
        return loaded.documents[0]
    raise _refused(Place(file), "not a mapping of accelerators to prices")


def _price(resource: str, family: Family, prices: Prices) -> float | None:
    """Return the price of a unit: that of the first value of the node selector, else the plain."""
    pod = mapping(mapping(mapping(family.template, "spec"), "template"), "spec")
    selector = mapping(pod, "nodeSelector")
    keys = [f"{resource}@{selector[label]}" for label in sorted(selector)]
    found = (prices[key] for key in [*keys, resource] if key in prices)
    return next(found, None)


def _is_price(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value >= 0


def _refused(place: Place, reason: str) -> StopError:
    return StopError("input", f"{place.file}:{place.line}:{place.column}: {reason}")
