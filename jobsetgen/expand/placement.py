"""Exclusive placement: one Job to a topology domain, by the pod template instead of a webhook."""

from __future__ import annotations

from jobsetgen.expand.objects import DOMAIN, KEY, NAMESPACED_NAME, Object
from jobsetgen.kubernetes.affinity import REQUIRED
from jobsetgen.model import keys
from jobsetgen.model.treatment import Exclusivity


def place(pod: Object, how: Exclusivity, priority: str | None) -> Object:
    """Return a pod's spec with the placement of its Job in it, merged into the person's own."""
    if how.topology is None:
        return pod
    placed = dict(pod)
    if how.affinity:
        placed["affinity"] = _affinity(pod.get("affinity") or {}, how.topology, priority or "0")
    if how.domains:
        placed["nodeSelector"] = _node_selector(pod, how.topology, DOMAIN)
    if how.node_selector:
        placed["nodeSelector"] = _node_selector(pod, keys.NAMESPACED_JOB, NAMESPACED_NAME)
        toleration = {"key": keys.NO_SCHEDULE, "operator": "Exists", "effect": "NoSchedule"}
        placed["tolerations"] = [*(pod.get("tolerations") or []), toleration]
    return placed


def _node_selector(pod: Object, key: str, value: str) -> Object:
    return {**(pod.get("nodeSelector") or {}), key: value}


def _affinity(own: Object, topology: str, priority: str) -> Object:
    """Append two required terms: to the pods of one's own Job, and away from all others.

    The scheduler lets a Job's first pod in, though it finds no pod to be near to, because the term
    matches the pod itself. Both look at all namespaces, as domains are shared by the whole cluster.
    """
    mine: list[Object] = [{"key": keys.JOB_KEY, "operator": "In", "values": [KEY]}]
    others: list[Object] = [
        {"key": keys.JOB_KEY, "operator": "Exists"},
        {"key": keys.JOB_KEY, "operator": "NotIn", "values": [KEY]},
        {"key": keys.PRIORITY, "operator": "In", "values": [priority]},
    ]
    return {
        **own,
        "podAffinity": _with_term(own.get("podAffinity") or {}, mine, topology),
        "podAntiAffinity": _with_term(own.get("podAntiAffinity") or {}, others, topology),
    }


def _with_term(affinity: Object, expressions: list[Object], topology: str) -> Object:
    term = {
        "labelSelector": {"matchExpressions": expressions},
        "namespaceSelector": {},
        "topologyKey": topology,
    }
    return {**affinity, REQUIRED: [*(affinity.get(REQUIRED) or []), term]}
