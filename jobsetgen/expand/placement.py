"""Exclusive placement: one Job per topology domain, in the pod template instead of a webhook."""

from __future__ import annotations

from jobsetgen.expand.objects import DOMAIN, KEY, NAMESPACED_NAME, Object
from jobsetgen.kubernetes.affinity import REQUIRED
from jobsetgen.model import keys
from jobsetgen.model.treatment import Exclusivity


def place(pod: Object, how: Exclusivity, priority: str | None) -> Object:
    """Return a pod's spec with the placement of its Job merged into the user's."""
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
    """Append two required terms: affinity to the Job's own pods, anti-affinity to all others.

    The scheduler accepts a Job's first pod although no other pod matches, because the term matches
    the pod itself. Both terms cover all namespaces, because the whole cluster shares the domains.
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
