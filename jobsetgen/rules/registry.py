"""The registry: every rule and every code there is.

A rule is registered by being there: each file in a folder of rules holds the one rule of its name.
What the loader, the schemas, the model and the project say has codes without rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from jobsetgen.diagnostics import Code
from jobsetgen.model import codes as model_codes
from jobsetgen.overlays import metadata_codes, patch_codes, value_codes
from jobsetgen.project import base_codes, folder_codes, kustomize_codes, replicas_codes
from jobsetgen.project import codes as project_codes
from jobsetgen.rules import input, jobset, kubernetes, lints, merged, output
from jobsetgen.rules.rule import Rule
from jobsetgen.schema import codes as schema_codes
from jobsetgen.source import codes as source_codes
from jobsetgen.target import codes as target_codes

FOLDERS = (input, jobset, kubernetes, lints, output)
WITHOUT_RULES = (
    *(source_codes, schema_codes, model_codes),
    *(patch_codes, value_codes, metadata_codes),
    *(project_codes, base_codes, folder_codes, kustomize_codes, replicas_codes),
    target_codes,
    merged,
)


def _rules(folder: ModuleType) -> Iterator[Rule]:
    """Yield the rule of each file in a folder, by the file's name.

    Raises TypeError for a file without one: it would be a rule that never runs.
    """
    for each in iter_modules(folder.__path__):
        module = import_module(f"{folder.__name__}.{each.name}")
        rule = getattr(module, each.name, None)
        if not isinstance(rule, Rule):
            message = (
                f"{module.__name__} defines no rule named {each.name}; keep helpers in rules/common"
            )
            raise TypeError(message)
        yield rule


def _codes(module: ModuleType) -> Iterator[Code]:
    """Yield the codes that a module defines."""
    yield from (value for value in vars(module).values() if isinstance(value, Code))


RULES: tuple[Rule, ...] = tuple(rule for folder in FOLDERS for rule in _rules(folder))

CODES: tuple[Code, ...] = tuple(
    sorted(
        [
            *(rule.code for rule in RULES),
            *(code for module in WITHOUT_RULES for code in _codes(module)),
        ],
        key=lambda code: code.id,
    )
)

MERGED: dict[str, str] = {code.id: code.merged_into for code in CODES if code.merged_into}
"""The codes that comments may still name, each with the one that it was merged into."""
