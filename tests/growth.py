"""Inputs that grow with a number, each in one way that once took more time than it should.

The tests count the calls that an input of twice the size takes; the benchmark measures seconds.
"""

from __future__ import annotations

from collections.abc import Callable

Make = Callable[[int], str]

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"


def jobset(jobs: str, policies: str = "", name: str = "train") -> str:
    """Return a JobSet with replicatedJobs."""
    head = "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\n"
    return f"{head}metadata: {{name: {name}, namespace: a}}\nspec:\n{policies}  replicatedJobs:\n{jobs}"


def job(name: str = "w", more: str = "", pod: str = "") -> str:
    """Return a replicatedJob; `more` are further fields of it, `pod` further fields of its pod."""
    containers = "" if "containers:" in pod else "containers: [{name: main, image: 'a:1'}], "
    return f"  - {{name: {name}, template: {{spec: {{template: {{spec: {{{containers}{pod}}}}}}}}}{more}}}\n"


def _each(count: int, form: str, separator: str = "") -> str:
    return separator.join(form.replace("#", str(index)) for index in range(count))


def _containers(more: str) -> str:
    """Return the one container of a pod with further fields."""
    return f"containers: [{{name: main, image: 'a:1', {more}}}]"


def _sets(count: int, policies: str = "") -> str:
    return "".join(f"---\n{jobset(job(), policies, f't{index}')}" for index in range(count))


def _pattern(part: str) -> Make:
    rule = "  failurePolicy: {{maxRestarts: 1, rules: [{{name: r, action: FailJobSet, onJobFailureMessagePatterns: ['{}']}}]}}\n"
    return lambda n: jobset(job(), rule.format("(?i)" + part * n))


def _targets(n: int) -> str:
    targets = _each(n, "x#", ",")
    policy = f"  successPolicy: {{operator: All, targetReplicatedJobs: [{targets}]}}\n"
    return jobset("".join(job(f"w{index}") for index in range(n)), policy)


def _depending(n: int) -> str:
    first = job("w0")
    return jobset(
        first + "".join(job(f"w{i}", f", dependsOn: [{{name: w{i - 1}, status: Ready}}]") for i in range(1, n))
    )


def _services(n: int) -> str:
    service = "---\n{apiVersion: v1, kind: Service, metadata: {name: t#}, spec: {clusterIP: None}}\n"
    return _each(n, service) + _sets(n)


COMPILED: dict[str, tuple[int, Make]] = {
    "documents": (60, lambda n: _each(n, "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c#}}\n") + _sets(1)),
    "keys": (200, lambda n: HEAD + _each(n, "  k#: v#\n") + _sets(1)),
    "lines": (400, lambda n: f"{HEAD}  a: |\n" + _each(n, "    line #\n") + _sets(1)),
    "digits": (2000, lambda n: f'{HEAD}  a: "{"1" * n}x"\n{_sets(1)}'),
    "words": (2000, lambda n: f"{HEAD}  a: {'ab ' * n}\n{_sets(1)}"),
    "sets": (8, _sets),
    "watched sets": (6, lambda n: _sets(n, "  failurePolicy: {maxRestarts: 3}\n")),
    "replicatedJobs": (20, lambda n: jobset("".join(job(f"w{index}") for index in range(n)))),
    "dependencies": (20, _depending),
    "containers": (40, lambda n: jobset(job(pod=f"containers: [{_each(n, '{name: c#, image: a:1}', ', ')}]"))),
    "volumes": (60, lambda n: jobset(job(pod=f"volumes: [{_each(n, '{name: v#, emptyDir: {}}', ', ')}]"))),
    "tolerations": (60, lambda n: jobset(job(pod=f"tolerations: [{'{operator: Exists}, ' * n}]"))),
    "variables": (60, lambda n: jobset(job(pod=_containers(f"env: [{_each(n, '{name: E#, value: $(E#)}', ', ')}]")))),
    "claims of a container": (
        60,
        lambda n: jobset(
            job(
                pod=_containers(f"resources: {{claims: [{_each(n, '{name: c, request: r#}', ', ')}]}}")
                + ", resourceClaims: [{name: c, resourceClaimName: c}]"
            )
        ),
    ),
    "merged": (40, lambda n: f"{HEAD}  <<: &a {{{_each(n, 'k#: v', ', ')}}}\n{_sets(1)}"),
    "classes of Unicode": (40, _pattern(r"\pL")),
    "classes of a pattern": (60, _pattern("[a-z]")),
}
"""Inputs that compile, each with its smallest size."""

REFUSED: dict[str, tuple[int, Make]] = {
    "empty documents": (200, lambda n: "---\n" * n),
    "no objects": (60, lambda n: "---\na\n" * n),
    "nulls as keys": (200, lambda n: "?\n" * n),
    "duplicate keys": (200, lambda n: "a: b\n" * n),
    "duplicate long keys": (20, lambda n: f"{'k' * 1000}: b\n" * n),
    "merges of one mapping": (200, lambda n: f"a: &a {{{_each(n, 'k#: v', ', ')}}}\nb:\n" + "  <<: *a\n" * n),
    "aliases of a long text": (60, lambda n: f"a: &a {'x' * 10 * n}\nb: [{'*a, ' * n}]\n"),
    "long aliases as keys": (60, lambda n: f"a: &a {'x' * 10 * n}\nb:\n" + "  ? *a\n  : x\n" * n),
    "tag": (2000, lambda n: "!" + "x" * n),
    "unknown tags": (60, lambda n: "- !x a\n" * n),
    "unknown fields": (60, lambda n: jobset(job(), _each(n, "  replicatedJob#: b\n"))),
    "misspelt fields": (40, lambda n: jobset("".join(job(f"w{i}", ", replica: 1") for i in range(n)))),
    "unknown targets": (20, _targets),
    "unknown dependency": (
        2000,
        lambda n: jobset(job("ab" * n) + job("b", f", dependsOn: [{{name: {'ba' * n}, status: Ready}}]")),
    ),
    "unknown volumes": (
        160,
        lambda n: jobset(
            job(
                pod=_containers(f"volumeMounts: [{_each(n, '{name: v#, mountPath: /#}', ', ')}]")
                + f", volumes: [{_each(n, '{name: x#, emptyDir: {}}', ', ')}]"
            )
        ),
    ),
    "host ports": (60, lambda n: jobset(job(pod=_containers(f"ports: [{'{containerPort: 1, hostPort: 1}, ' * n}]")))),
    "one name many times": (20, lambda n: jobset("".join(job() for _ in range(n)))),
    "services of sets": (10, _services),
    "brackets of a class": (200, lambda n: _pattern("[" + "[:" * n)(1)),
    "address": (2000, lambda n: jobset(job(pod=f"hostAliases: [{{ip: '{'0' * n}x', hostnames: [a]}}]"))),
}
"""Inputs with errors, each with its smallest size."""

INPUTS = {**COMPILED, **REFUSED}


def listed(text: str) -> str:
    """Return the documents of a text as a ResourceList."""
    documents = [each for each in text.split("---\n") if each.strip()]
    items = "".join("-\n" + "".join(f"  {line}\n" for line in each.splitlines()) for each in documents)
    return f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}"
