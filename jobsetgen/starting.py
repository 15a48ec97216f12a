"""Specs to start from: the templates of templates/init, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.assets import asset
from jobsetgen.emit import scalar


def starting_spec(framework: str, values: Mapping[str, Any]) -> str:
    """Return the template of a framework with its values, as text.

    Jinja2 is imported only here, as no build needs it.
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
