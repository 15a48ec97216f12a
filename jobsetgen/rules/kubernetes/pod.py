"""The pod's own fields: names, DNS, tolerations, affinity, spreading, gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, items, mapping, objects, string
from jobsetgen.naming import MAX_LABEL, bad_label_key, is_dns_1123_label, is_dns_1123_subdomain
from jobsetgen.rules.rule import job_rule

_MAX_SUBDOMAIN = 253


@job_rule("JSG350", "pod-name-field")
def pod_name_field(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A name in the pod's spec is malformed: hostname, subdomain, service account, priority class, and the like.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: Trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: trainer}}}}
    """
    for field in ("hostname", "subdomain"):
        name = string(job.pod, field)
        if name and (len(name) > MAX_LABEL or not is_dns_1123_label(name)):
            message = f"{field} '{name}' must have at most {MAX_LABEL} lower-case letters, digits and dashes"
            yield Finding(path=(*job.pod_path, field), message=message)
    for field in ("serviceAccountName", "priorityClassName", "runtimeClassName", "nodeName"):
        name = string(job.pod, field)
        if name and (len(name) > _MAX_SUBDOMAIN or not is_dns_1123_subdomain(name)):
            message = f"{field} '{name}' must have lower-case letters, digits, dashes and dots"
            yield Finding(path=(*job.pod_path, field), message=message)


@job_rule("JSG351", "dns-config")
def dns_config(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The dnsPolicy None needs a nameserver in dnsConfig.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {dnsPolicy: None}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}}}}}
    """
    if job.pod.get("dnsPolicy") == "None" and not items(mapping(job.pod, "dnsConfig"), "nameservers"):
        message = "the dnsPolicy None needs at least one nameserver in dnsConfig"
        yield Finding(path=(*job.pod_path, "dnsPolicy"), message=message)


@job_rule("JSG352", "toleration")
def toleration(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A toleration contradicts itself.

    The operator Exists takes no value; without a key only Exists is possible; tolerationSeconds needs the effect
    NoExecute.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {tolerations: [{key: google.com/tpu, operator: Exists, value: present}]}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {tolerations: [{key: google.com/tpu, operator: Exists}]}}}}
    """
    for index, each in objects(job.pod, "tolerations"):
        path = (*job.pod_path, "tolerations", index)
        operator, key = string(each, "operator") or "Equal", string(each, "key")
        if operator == "Exists" and string(each, "value"):
            yield Finding(path=(*path, "value"), message="a toleration with the operator Exists takes no value")
        if not key and operator != "Exists":
            message = f"a toleration without a key needs the operator Exists, not {operator}"
            yield Finding(path=(*path, "operator"), message=message)
        if key and (reason := bad_label_key(key)):
            yield Finding(path=(*path, "key"), message=f"'{key}' cannot be the key of a taint: {reason}")
        if "tolerationSeconds" in each and each.get("effect") != "NoExecute":
            message = "tolerationSeconds needs the effect NoExecute"
            yield Finding(path=(*path, "tolerationSeconds"), message=message)


@job_rule("JSG353", "affinity-term")
def affinity_term(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A term of an affinity is malformed.

    A topologyKey cannot be empty, a weight goes from 1 to 100, and an expression needs values with In and NotIn, and
    none with Exists and DoesNotExist.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    affinity:
                      nodeAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    affinity:
                      nodeAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]
    """
    yield from _affinity(mapping(job.pod, "affinity"), (*job.pod_path, "affinity"))


def _affinity(value: Any, path: Path) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _affinity(inner, (*path, index))
    if not isinstance(value, Mapping):
        return
    if value.get("topologyKey") == "":
        yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")
    weight = value.get("weight")
    if isinstance(weight, int) and not 1 <= weight <= 100:
        yield Finding(path=(*path, "weight"), message=f"the weight is {weight}, but must be from 1 to 100")
    if path[-2:-1] in (("matchExpressions",), ("matchFields",)):
        yield from _expression(value, path)
    for key, inner in value.items():
        yield from _affinity(inner, (*path, key))


def _expression(expression: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    operator, count = string(expression, "operator"), len(items(expression, "values"))
    if operator in ("In", "NotIn") and not count:
        yield Finding(path=(*path, "values"), message=f"the operator {operator} needs values")
    elif operator in ("Exists", "DoesNotExist") and count:
        yield Finding(path=(*path, "values"), message=f"the operator {operator} takes no values")
    elif operator in ("Gt", "Lt") and count != 1:
        yield Finding(path=(*path, "values"), message=f"the operator {operator} needs exactly one value")


@job_rule("JSG354", "topology-spread")
def topology_spread(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A topologySpreadConstraint has a maxSkew below 1, no topologyKey, or stands there twice.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 0, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}
    """
    seen: set[tuple[str, str]] = set()
    for index, each in objects(job.pod, "topologySpreadConstraints"):
        path = (*job.pod_path, "topologySpreadConstraints", index)
        skew = each.get("maxSkew")
        if isinstance(skew, int) and skew < 1:
            yield Finding(path=(*path, "maxSkew"), message=f"maxSkew is {skew}, but must be at least 1")
        if each.get("topologyKey") == "":
            yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")
        pair = (string(each, "topologyKey"), string(each, "whenUnsatisfiable"))
        if all(pair) and pair in seen:
            message = f"two topologySpreadConstraints have the topologyKey {pair[0]} and whenUnsatisfiable {pair[1]}"
            yield Finding(path=path, message=message)
        seen.add(pair)


@job_rule("JSG355", "scheduling-gate")
def scheduling_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A scheduling gate's name is malformed or there twice, or a gated pod names its node.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/a}, {name: example.com/a}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/hold}]}}}}
    """
    seen: set[str] = set()
    for index, gate in objects(job.pod, "schedulingGates"):
        name, path = string(gate, "name"), (*job.pod_path, "schedulingGates", index, "name")
        if name in seen:
            yield Finding(path=path, message=f"the scheduling gate {name} is here twice")
        elif reason := bad_label_key(name):
            yield Finding(path=path, message=f"'{name}' cannot be the name of a scheduling gate: {reason}")
        seen.add(name)
    if seen and string(job.pod, "nodeName"):
        message = "a pod with scheduling gates cannot name its node"
        yield Finding(path=(*job.pod_path, "nodeName"), message=message)


@job_rule("JSG356", "ephemeral-containers")
def ephemeral_containers(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod template has ephemeralContainers, which only a running pod can get.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {ephemeralContainers: [{name: debug, image: "busybox:1.36"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {shareProcessNamespace: true}}}}
    """
    if items(job.pod, "ephemeralContainers"):
        path = (*job.pod_path, "ephemeralContainers")
        yield Finding(path=path, message="a pod template cannot have ephemeralContainers", on_key=True)


RULES = (
    pod_name_field,
    dns_config,
    toleration,
    affinity_term,
    topology_spread,
    scheduling_gate,
    ephemeral_containers,
)
