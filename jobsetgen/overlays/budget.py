"""What all templates and schemas of a compile may use, however many projects it has."""

from __future__ import annotations

from jobsetgen.source.allowance import Allowance

SECONDS = 1
"""The CPU time of the child processes of a compile."""

CHARACTERS = 500_000
"""How much longer the rendered text of a compile may be than its templates."""

VALUES = 5_000_000
"""How many values all projects with templates may have in all; each has those of its overlays."""

FAILURES = 100
"""How many templates of a compile may fail to render before no more of them are rendered."""


class Budget:
    """What the templates and schemas of a compile may still use.

    Without a limit of the text, a few bytes in a loop would take minutes to read as YAML.
    `is_exceeded` is whether the CPU time is used up, and an error says so; `is_abandoned` is whether
    too many templates have failed, and an error says so.
    """

    def __init__(self) -> None:
        self.seconds = float(SECONDS)
        self.characters = CHARACTERS
        self.values = VALUES
        self.allowance = Allowance()
        self.failures = FAILURES
        self.is_exceeded = False
        self.is_abandoned = False
