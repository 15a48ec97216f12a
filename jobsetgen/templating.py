"""Starter specs: the templates in templates/init, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.assets import asset
from jobsetgen.emit import scalar


def starting_spec(framework: str, values: Mapping[str, Any]) -> str:
    """Return the starter spec of a framework with values filled in.

    Jinja2 is imported only here, because builds do not need it.
    """
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(asset("templates", "init")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["yaml"] = scalar
    return environment.get_template(f"{framework}.yaml.j2").render(values)
