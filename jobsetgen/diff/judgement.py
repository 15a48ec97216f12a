"""Turn findings into changes with their consequences, and sets with their verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jobsetgen.diff import rows_of_jobs, rows_of_objects, rows_of_sets
from jobsetgen.diff.changes import ObjectChange, SetChange
from jobsetgen.diff.consequences import IDS, consequence
from jobsetgen.diff.contexts import TOOL_NAMES, Context, context_of
from jobsetgen.diff.findings import Finding
from jobsetgen.diff.job_findings import job_findings
from jobsetgen.diff.object_findings import claims_of, object_findings, retained_claims
from jobsetgen.diff.pairing import Pair
from jobsetgen.diff.phrases import all_jobs, causes, field_names, set_name
from jobsetgen.diff.policy_findings import policy_findings
from jobsetgen.diff.policy_words import failure_words
from jobsetgen.diff.profile_annotations import without_profile
from jobsetgen.diff.refusals import is_refused
from jobsetgen.diff.renaming import is_generated, named_like
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import Object
from jobsetgen.words import listed

ANYWHERE = Context("git", "Recreate", "any")
"""The context of an object that belongs to no set."""


# What is applied now is pruned by the tool that has applied it.
_REMOVALS = frozenset(
    [rows_of_objects.REMOVED, rows_of_objects.CLAIM_REMOVED, rows_of_jobs.EMPTIED]
)

# What changes in the specs of Jobs.
_OF_SPECS = frozenset(
    [
        rows_of_jobs.JOBS,
        rows_of_jobs.EDITED,
        rows_of_jobs.LIMITS_OF_JOBS,
        rows_of_jobs.STOPPED,
        rows_of_jobs.DEADLINE,
    ]
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What the sentences about one set name: its Jobs and its claims."""

    jobs: str
    claims: str = ""


def judged_set(pair: Pair[TrainingSet]) -> SetChange | None:
    """Return what happens to a set, or None if nothing does."""
    old, new = pair.old, pair.new
    if new is None:
        return _removed(old) if old else None
    if old is None:
        return _created(new)
    if pair.is_renamed:
        return _renamed(old, new)
    changes = _changes(old, new)
    return _set_change(old, new, changes) if changes else None


def judged_objects(findings: Iterable[Finding]) -> tuple[ObjectChange, ...]:
    """Return the changes of objects that pass through, the worst first."""
    return _worst_first(_judged(each, ANYWHERE, _Words("")) for each in findings)


def _changes(old: TrainingSet, new: TrainingSet) -> tuple[ObjectChange, ...]:
    """Return the changes of a set that both sides have, the worst first."""
    if old.jobs and not new.jobs:
        new = _like(new, old)
    elif new.jobs and not old.jobs:
        old = _like(old, new)
    words = _Words(all_jobs(new if new.jobs else old), listed(claims_of(old)))
    context = context_of(new)
    findings = [
        *policy_findings(old, new),
        *(_in_particular(each, old, new) for each in job_findings(old, new)),
        *object_findings(old, new),
    ]
    # What ends the set says more than what goes with it.
    findings.sort(key=lambda each: each.trigger != rows_of_jobs.EMPTIED)
    if context_of(old) != context:
        findings = list(without_profile(findings))
    before = context._replace(profile=old.profile)
    return _worst_first(
        _judged(each, before if each.trigger in _REMOVALS else context, words) for each in findings
    )


def _like(empty: TrainingSet, other: TrainingSet) -> TrainingSet:
    """Return a set without Jobs with what only its Jobs and its watcher tell, as it is otherwise."""
    if empty.plan is None:
        empty = replace(empty, mode=other.mode, is_suspended=other.is_suspended)
    if not empty.is_profile_known:
        empty = replace(empty, profile=other.profile, update_policy=other.update_policy)
    return empty


def _in_particular(finding: Finding, old: TrainingSet, new: TrainingSet) -> Finding:
    """Return a change of the Jobs as one that is refused, or comes with a new Block, if it does."""
    if finding.trigger not in _OF_SPECS or new.mode != "git":
        return finding
    if new.place is None and _is_refused(finding, new):
        return replace(finding, trigger=rows_of_jobs.REFUSED_JOBS)
    if finding.trigger == rows_of_jobs.JOBS and _comes_with_block(old, new):
        return replace(finding, trigger=rows_of_jobs.BLOCKED_TOO)
    return finding


def _is_refused(finding: Finding, new: TrainingSet) -> bool:
    families = (each for each in new.families if each.replicated_job == finding.replicated_job)
    templates = [template for each in families for template in _templates(finding, each)]
    return any(map(is_refused, templates))


def _templates(finding: Finding, family: Family) -> Iterator[Object]:
    """Yield the templates of the Jobs that a finding is about."""
    edited = [index for index in finding.indexes if index in family.edited]
    yield from (family.edited[index] for index in edited)
    if len(edited) < len(finding.indexes):
        yield family.template


def _comes_with_block(old: TrainingSet, new: TrainingSet) -> bool:
    """Whether updatePolicy becomes Block where that does not hold back the change that it is with.

    Flux also reads the annotation of the live Job, which still allows it to be replaced.
    """
    was_replaced = old.mode == "git" and old.update_policy == "Recreate"
    return was_replaced and new.update_policy == "Block" and new.profile in ("any", "flux")


def _created(new: TrainingSet) -> SetChange:
    finding = Finding(trigger=rows_of_sets.CREATED, kind="JobSet", name=new.name, operation="add")
    change = _judged(finding, context_of(new), _Words(all_jobs(new)))
    return _set_change(None, new, (change,))


def _removed(old: TrainingSet) -> SetChange:
    claims = claims_of(old)
    trigger = rows_of_sets.REMOVED_WITH_CLAIMS if claims else rows_of_sets.REMOVED
    finding = Finding(trigger=trigger, kind="JobSet", name=old.name, operation="remove")
    words = _Words(all_jobs(old), listed(claims))
    findings = [finding, *retained_claims(old)]
    found = _worst_first(_judged(each, context_of(old), words) for each in findings)
    return _set_change(old, None, found)


def _renamed(old: TrainingSet, new: TrainingSet) -> SetChange:
    """Return the change of a set under another name: it is deleted, and created anew."""
    trigger = rows_of_sets.RENAMED
    if is_generated(old) and is_generated(new):
        trigger = rows_of_sets.NAMED_ANEW
    words = _Words(all_jobs(new), listed(claims_of(old)))
    context = context_of(new)._replace(profile=old.profile)
    names = set_name(old), set_name(new)
    finding = Finding(trigger=trigger, kind="JobSet", name=new.name, old=names[0], new=names[1])
    found = [_judged(finding, context, words)]
    if claims_of(old):
        lost = Finding(
            trigger=rows_of_sets.REMOVED_WITH_CLAIMS,
            kind="JobSet",
            name=old.name,
            operation="remove",
        )
        found.append(_judged(lost, context, replace(words, jobs=all_jobs(old))))
    found += [_judged(each, context, words) for each in retained_claims(old)]
    # What else changes comes with the new Jobs, whatever it would do to running ones.
    found += [
        replace(
            _judged(each, context, words),
            consequence=found[0].consequence,
            sentence="Comes with the new name",
        )
        for each in job_findings(named_like(old, new), new)
        if each.fields
    ]
    change = _set_change(old, new, _worst_first(found))
    return replace(change, renamed_from=(old.namespace, old.name))


def _judged(finding: Finding, context: Context, words: _Words) -> ObjectChange:
    what = consequence(finding.trigger, context)
    sentence = what.sentence.format(
        jobs=finding.jobs or words.jobs,
        claims=words.claims,
        name=f"{finding.kind} {finding.name}",
        old=finding.old,
        new=finding.new,
        fields=field_names(finding.fields),
        tool=TOOL_NAMES[context.profile],
    )
    return ObjectChange(
        kind=finding.kind,
        name=finding.name,
        operation=finding.operation,
        trigger=finding.trigger,
        consequence=what.id,
        sentence=sentence,
        source=what.source,
        fields=finding.fields,
        replicated_job=finding.replicated_job,
        indexes=finding.indexes,
    )


def _worst_first(changes: Iterable[ObjectChange]) -> tuple[ObjectChange, ...]:
    return tuple(sorted(changes, key=lambda change: IDS.index(change.consequence)))


def _set_change(
    old: TrainingSet | None, new: TrainingSet | None, changes: Sequence[ObjectChange]
) -> SetChange:
    worst = changes[0]
    state = new or old
    assert state is not None
    return SetChange(
        namespace=state.namespace,
        name=state.name,
        verdict=worst.consequence,
        sentence=worst.sentence,
        old=old,
        new=new,
        causes=tuple(_causes(changes, worst.consequence)),
        changes=tuple(changes),
        notes=tuple(_notes(old, new)),
        failure_policy=(failure_words(old), failure_words(new)),
    )


def _causes(changes: Iterable[ObjectChange], verdict: str) -> Iterator[str]:
    """Yield what leads to the verdict, in a phrase for each field."""
    for change in changes:
        if change.consequence != verdict:
            continue
        if change.fields:
            yield from causes(change.name, change.fields)
        elif change.replicated_job or change.operation != "replace":
            yield f"{change.name} is {_DONE[change.operation]}"


_DONE = {"add": "added", "remove": "removed", "replace": "edited", "move": "moved"}


def _notes(old: TrainingSet | None, new: TrainingSet | None) -> Iterator[str]:
    """Yield what is unusual in rendered Jobs: some are missing, or not like the others."""
    for side, state in (("old", old), ("new", new)):
        for family in state.families if state else ():
            if family.irregular:
                numbers = listed([str(each) for each in family.irregular[:10]])
                yield f"{side} side: {_unlike(family)}: {numbers}"
            if family.missing:
                numbers = listed([str(each) for each in family.missing[:10]])
                yield f"{side} side: missing Jobs of {family.replicated_job}: {numbers}"


def _unlike(family: Family) -> str:
    words = f"Jobs of {family.replicated_job} that differ from the others"
    is_known = len(family.edited) == len(family.irregular)
    return words if is_known else f"{words} (not all of them are compared)"
