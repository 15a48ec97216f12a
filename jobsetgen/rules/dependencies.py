"""dependsOn: which replicatedJob may wait for which."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule("JSG201", "first-depends-on")
def first_depends_on(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The first replicatedJob has dependsOn, but there is nothing before it to wait for.

    JobSet refuses the field there, also when it is an empty list.

    Bad::

        spec:
          replicatedJobs:
          - dependsOn: []

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    for each in jobset.replicated_jobs[:1]:
        if each.depends_on is not None and each.path[-1] == 0:
            message = "the first replicatedJob cannot have dependsOn, not even an empty one"
            yield Finding(path=(*each.path, "dependsOn"), message=message, on_key=True)


@jobset_rule("JSG202", "depends-on-earlier")
def depends_on_earlier(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob waits for one that does not stand before it.

    Only an earlier replicatedJob can be waited for, which rules out circles. A replicatedJob that waits for itself
    would never start; the JobSet controller accepts that, and no pod ever runs.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: drivers, status: Ready}]}

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    earlier: list[str] = []
    names = {each.name for each in jobset.replicated_jobs}
    for each in jobset.replicated_jobs:
        for item in each.depends_on or ():
            if not item.name or item.name in earlier:
                continue
            hint = near(item.name, earlier)
            if item.name == each.name:
                message = f"replicatedJob {each.name} depends on itself and would never start"
            elif item.name in names:
                message = f"replicatedJob {each.name} depends on {item.name}, which comes after it"
                hint = "Put the replicatedJob that is waited for first."
            else:
                message = (
                    f"replicatedJob {each.name} depends on {item.name}, but there is no"
                    " replicatedJob of that name"
                )
            yield Finding(path=(*item.path, "name"), message=message, hint=hint)
        earlier.append(each.name)


@jobset_rule("JSG203", "depends-on-and-in-order")
def depends_on_and_in_order(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """dependsOn stands beside a startupPolicy of InOrder; the two exclude each other.

    JobSet refuses the pair, also when dependsOn is an empty list. AnyOrder is fine.

    Bad::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}

    Good::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    if jobset.startup_order != "InOrder":
        return
    for each in jobset.replicated_jobs:
        if each.depends_on is not None:
            message = (
                f"replicatedJob {each.name} has dependsOn, which startupPolicyOrder InOrder"
                " excludes"
            )
            hint = "Keep dependsOn, which says more, and take startupPolicy out."
            yield Finding(path=(*each.path, "dependsOn"), message=message, hint=hint, on_key=True)


@jobset_rule("JSG204", "duplicate-dependency")
def duplicate_dependency(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob names the same dependency twice.

    dependsOn is a list keyed by name; the API server refuses a second entry of one name.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}, {name: driver, status: Complete}]}

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Complete}]}
    """
    for each in jobset.replicated_jobs:
        seen: set[str] = set()
        for item in each.depends_on or ():
            if item.name and item.name in seen:
                message = f"replicatedJob {each.name} names its dependency {item.name} twice"
                yield Finding(path=(*item.path, "name"), message=message)
            seen.add(item.name)


RULES = (first_depends_on, depends_on_earlier, depends_on_and_in_order, duplicate_dependency)
