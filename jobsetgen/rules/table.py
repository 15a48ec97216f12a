"""Every code there is, and every rule, in an explicit table."""

from __future__ import annotations

from jobsetgen import schema
from jobsetgen.diagnostics import Code
from jobsetgen.model import codes as model_codes
from jobsetgen.project import codes as project_codes
from jobsetgen.rules import (
    claims,
    coordinator,
    dependencies,
    key_names,
    names,
    placement,
    plan_size,
    policies,
    restarts,
    together,
)
from jobsetgen.rules.kubernetes import RULES as KUBERNETES_RULES
from jobsetgen.rules.lints import RULES as LINTS
from jobsetgen.rules.rule import Rule
from jobsetgen.source import codes as source_codes

RULES: tuple[Rule, ...] = (
    *dependencies.RULES,
    *names.RULES,
    *policies.RULES,
    *coordinator.RULES,
    *claims.RULES,
    *restarts.RULES,
    *key_names.RULES,
    *KUBERNETES_RULES,
    *together.RULES,
    *placement.RULES,
    *LINTS,
)

CODES: tuple[Code, ...] = tuple(
    sorted(
        [
            *source_codes.CODES,
            *schema.CODES,
            *model_codes.CODES,
            *project_codes.CODES,
            *plan_size.CODES,
            *(rule.code for rule in RULES),
        ],
        key=lambda code: code.id,
    )
)
