"""Every code there is, and every rule, in an explicit table."""

from __future__ import annotations

from jobsetgen import schema
from jobsetgen.diagnostics import Code
from jobsetgen.model import reading
from jobsetgen.rules.rule import Rule
from jobsetgen.source import codes

RULES: tuple[Rule, ...] = ()

CODES: tuple[Code, ...] = (
    *codes.CODES,
    *schema.CODES,
    *reading.CODES,
    *(rule.code for rule in RULES),
)
