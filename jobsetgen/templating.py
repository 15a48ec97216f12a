"""Fill in the templates that ship with the package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jobsetgen.assets import asset


def filled_template(
    name: str, values: Mapping[str, Any], filters: Mapping[str, Callable[..., Any]]
) -> str:
    """Return a template, such as "init/jax.yaml.j2", with values filled in.

    Jinja2 is imported only here, because builds do not need it.
    """
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(asset("templates")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters.update(filters)
    return environment.get_template(name).render(values)
