"""Argo CD's sync options, a list in one annotation such as `Force=true,Prune=false`."""

from __future__ import annotations

from collections.abc import Mapping

_REPLACE = "Replace"


def sync_options(written: str) -> dict[str, str]:
    """Return the options in a value of the annotation."""
    pairs = (option.partition("=") for option in written.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}


def replaces_always(options: Mapping[str, str]) -> bool:
    """Whether options make Argo CD delete and create a Job at every sync, changed or not."""
    return options.get(_REPLACE) == "true" and options.get("Force") == "true"


def without_replace(written: str) -> str:
    """Return a value of the annotation without the option Replace."""
    options = [option.strip() for option in written.split(",")]
    return ",".join(option for option in options if option.partition("=")[0].strip() != _REPLACE)
