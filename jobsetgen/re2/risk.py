r"""Decide which patterns Python's `re` searches in time linear in the text's length.

A backtracking search is linear if all of these hold:

- Without its unlimited repetitions, the pattern can match in few ways. `(a?){28}` has 2²⁸.
- Every unlimited repetition is of single characters. `(a+)+` and `(foo|bar)+` are not.
- No two attempts repeat over the same stretch of text. This holds if, on every path to a
  repetition, something since the previous one cannot match within the stretch: `exit code [0-9]+$`
  begins again only after an `e`. It does not hold for `[0-9]+ms` or `.*a`.

A repetition at the very end needs no such guard, because nothing after it can fail. What is not
clearly linear is reported as a risk, even if it is none.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from jobsetgen.re2.characters import Ranges
from jobsetgen.re2.tree import Characters, Group, Node, Repeat

# The most steps from one position of the text, in all ways to match, without repetitions.
_MOST_STEPS = 1000
_MOST_PATHS = 100
_NEWLINE: Ranges = ((10, 10),)

_Guards: TypeAlias = frozenset[frozenset[Ranges]]
"""For every path since the last repetition, the characters that are on it.

The begin of the text is like a character that nothing repeats over, which is the empty set.
"""


class _RiskError(Exception):
    """The pattern is not clearly linear."""


class _Cost(NamedTuple):
    """In how many ways something can match from one position, and in how many steps at most."""

    ways: int = 1
    steps: int = 0

    def then(self, other: _Cost) -> _Cost:
        """Return the cost of both in a row: each way of the first tries the second anew."""
        steps = self.steps + self.ways * other.steps
        if steps > _MOST_STEPS:
            raise _RiskError
        return _Cost(self.ways * other.ways, steps)


def is_linear(pattern: Group) -> bool:
    """Whether Python's `re` searches for a pattern in time linear in the text's length."""
    try:
        _of_group(pattern, frozenset([frozenset()]), is_last=True)
    except _RiskError:
        return False
    return True


def _of_group(group: Group, guards: _Guards, *, is_last: bool) -> tuple[_Cost, _Guards]:
    """Return what alternatives cost, and the guards after them."""
    ways = 0
    steps = len(group.branches)
    after: _Guards = frozenset()

    for branch in group.branches:
        cost, own = _Cost(), guards
        for place, node in enumerate(branch, start=1):
            ends = is_last and place == len(branch)
            each, own = _of_node(node, own, is_last=ends)
            cost = cost.then(each)
        ways += cost.ways
        steps += cost.steps
        after |= own

    if len(after) > _MOST_PATHS:
        raise _RiskError
    return _Cost().then(_Cost(ways, steps)), after


def _of_node(node: Node, guards: _Guards, *, is_last: bool) -> tuple[_Cost, _Guards]:
    """Return what a part costs, and the guards after it."""
    if isinstance(node, Characters):
        return _Cost(1, 1), _guarded(guards, node.members)
    if isinstance(node, Group):
        return _of_group(node, guards, is_last=is_last)
    if isinstance(node, Repeat):
        if node.most is None:
            return _of_loop(node, guards, is_last=is_last)
        return _of_rounds(node, guards, is_last=is_last)
    if node.kind == "A":
        guards = _guarded(guards, ())
    elif node.kind == "^":
        guards = _guarded(guards, _NEWLINE)
    return _Cost(1, 1), guards


def _guarded(guards: _Guards, members: Ranges) -> _Guards:
    """Return guards to which characters were added on every path."""
    return frozenset(path | {members} for path in guards)


def _of_loop(loop: Repeat, guards: _Guards, *, is_last: bool) -> tuple[_Cost, _Guards]:
    """Return what an unlimited repetition costs, apart from its way over the text."""
    members = _single(loop.item)
    if members is None:
        raise _RiskError
    if not is_last:
        for path in guards:
            if all(_overlap(members, guard) for guard in path):
                raise _RiskError
    after: _Guards = frozenset([frozenset([members])])
    if loop.least:
        return _Cost(1, loop.least), after
    return _Cost(2, 1), after | guards


def _of_rounds(repeat: Repeat, guards: _Guards, *, is_last: bool) -> tuple[_Cost, _Guards]:
    """Return what a limited repetition costs."""
    most = repeat.most or 0
    if not most:
        return _Cost(), guards
    if most > 1 and _has_loop(repeat.item):
        raise _RiskError
    ends = is_last and most == 1
    each, after = _of_node(repeat.item, guards, is_last=ends)

    cost = _Cost()
    ways = 0
    for number in range(most + 1):
        if number >= repeat.least:
            ways += cost.ways
        if number < most:
            cost = cost.then(each)
    total = _Cost().then(_Cost(ways, cost.steps + 1))
    return total, after if repeat.least else after | guards


def _single(node: Node) -> Ranges | None:
    """Return the characters of a part that is one character, None for any other part."""
    if isinstance(node, Characters):
        return node.members
    if isinstance(node, Group) and len(node.branches) == 1 and len(node.branches[0]) == 1:
        return _single(node.branches[0][0])
    return None


def _has_loop(node: Node) -> bool:
    """Whether an unlimited repetition is in a part."""
    if isinstance(node, Repeat):
        return node.most is None or _has_loop(node.item)
    if isinstance(node, Group):
        return any(_has_loop(each) for branch in node.branches for each in branch)
    return False


def _overlap(one: Ranges, other: Ranges) -> bool:
    """Whether a character is in both of two sets."""
    return any(low <= last and first <= high for low, high in one for first, last in other)
