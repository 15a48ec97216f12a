"""A default of the API server is the same whether it is written or not, and nothing else is."""

from __future__ import annotations

import pytest

from tests.unit.diff.objects import POD, claim, data, job, rows, service

MAIN = f"{POD}.containers[main]"


def pod(text: str):
    return job(pod=text)


def container(text: str):
    return job(container=text)


def binding(text: str):
    return data(f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: a}}, {text}}}")


# An object as people write it, and as the API server stores it.
STORED = [
    (job("{}"), job("{completions: 1, parallelism: 1, backoffLimit: 6, completionMode: NonIndexed, manualSelector: false, suspend: false, podReplacementPolicy: TerminatingOrFailed}")),
    (job("completions: 2"), job("{completions: 2, parallelism: 1}")),
    (job("backoffLimitPerIndex: 1"), job("{backoffLimitPerIndex: 1, backoffLimit: 2147483647}")),
    (job("podFailurePolicy: {rules: []}"), job("{podFailurePolicy: {}, podReplacementPolicy: Failed}")),
    (job("podFailurePolicy: {rules: [{onPodConditions: [{type: A}]}]}"), job("podFailurePolicy: {rules: [{onPodConditions: [{type: A, status: 'True'}]}]}")),
    (pod("{}"), pod("{dnsPolicy: ClusterFirst, restartPolicy: Always, schedulerName: default-scheduler, securityContext: {}, terminationGracePeriodSeconds: 30}")),
    (pod("dnsPolicy: ''"), pod("dnsPolicy: ClusterFirst")),
    (pod("serviceAccountName: a"), pod("{serviceAccountName: a, serviceAccount: a}")),
    (pod("serviceAccount: a"), pod("{serviceAccountName: a, serviceAccount: a}")),
    (container("{}"), container("{terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File}")),
    (container("image: a"), container("{image: a, imagePullPolicy: Always}")),
    (container("image: 'a:latest'"), container("{image: 'a:latest', imagePullPolicy: Always}")),
    (container("image: 'a:1'"), container("{image: 'a:1', imagePullPolicy: IfNotPresent}")),
    (container("image: 'localhost:5000/a'"), container("{image: 'localhost:5000/a', imagePullPolicy: Always}")),
    (container(f"image: 'a@sha256:{64 * 'a'}'"), container(f"{{image: 'a@sha256:{64 * 'a'}', imagePullPolicy: IfNotPresent}}")),
    (container("image: A"), container("{image: A, imagePullPolicy: IfNotPresent}")),
    (container("ports: [{containerPort: 1}]"), container("ports: [{containerPort: 1, protocol: TCP}]")),
    (container("livenessProbe: {httpGet: {port: 1}}"), container("livenessProbe: {httpGet: {port: 1, path: /, scheme: HTTP}, failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1}")),
    (container("livenessProbe: {grpc: {port: 1}, periodSeconds: 0}"), container("livenessProbe: {grpc: {port: 1, service: ''}, periodSeconds: 10}")),
    (container("env: [{name: A, valueFrom: {fieldRef: {fieldPath: a}}}]"), container("env: [{name: A, valueFrom: {fieldRef: {fieldPath: a, apiVersion: v1}}}]")),
    (container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: a}}}]"), container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: a, divisor: '0'}}}]")),
    (pod("volumes: [{name: a}]"), pod("volumes: [{name: a, emptyDir: {}}]")),
    (pod("volumes: [{name: a, configMap: {name: a}}]"), pod("volumes: [{name: a, configMap: {name: a, defaultMode: 420}}]")),
    (pod("volumes: [{name: a, secret: {secretName: a}}]"), pod("volumes: [{name: a, secret: {secretName: a, defaultMode: 420}}]")),
    (pod("volumes: [{name: a, hostPath: {path: /}}]"), pod("volumes: [{name: a, hostPath: {path: /, type: ''}}]")),
    (pod("volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: a}}]}}]"), pod("volumes: [{name: a, projected: {defaultMode: 420, sources: [{serviceAccountToken: {path: a, expirationSeconds: 3600}}]}}]")),
    (pod("volumes: [{name: a, image: {reference: a}}]"), pod("volumes: [{name: a, image: {reference: a, pullPolicy: Always}}]")),
    (claim("{}"), claim("volumeMode: Filesystem")),
    (claim("dataSource: {kind: A, name: a}"), claim("{dataSource: {kind: A, name: a}, dataSourceRef: {kind: A, name: a}}")),
    (service("{}"), service("{type: ClusterIP, sessionAffinity: None, internalTrafficPolicy: Cluster, ipFamilyPolicy: SingleStack}")),
    (service("clusterIP: None"), service("{clusterIP: None, clusterIPs: [None], ipFamilyPolicy: RequireDualStack}")),
    (service("{clusterIP: None, selector: {a: b}}"), service("{clusterIP: None, selector: {a: b}, ipFamilyPolicy: SingleStack}")),
    (service("ports: [{port: 1}]"), service("ports: [{port: 1, targetPort: 1, protocol: TCP}]")),
    (service("sessionAffinity: ClientIP"), service("{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}}")),
    (service("type: LoadBalancer"), service("{type: LoadBalancer, externalTrafficPolicy: Cluster, allocateLoadBalancerNodePorts: true}")),
    (service("type: ExternalName"), service("{type: ExternalName, internalTrafficPolicy: null}")),
    (binding("roleRef: {name: a}, subjects: [{kind: User, name: a}]"), binding("roleRef: {name: a, apiGroup: rbac.authorization.k8s.io}, subjects: [{kind: User, name: a, apiGroup: rbac.authorization.k8s.io}]")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "stored"), STORED, ids=lambda each: str(each.get("spec") or each))
def test_a_default_is_no_change(written, stored):
    assert rows(written, stored) == []
    assert rows(stored, written) == []


OTHERS = [
    (job("{}"), job("backoffLimit: 0"), [("spec.backoffLimit", "add", None, 0)]),
    (job("backoffLimit: 6"), job("backoffLimit: 3"), [("spec.backoffLimit", "replace", 6, 3)]),
    (job("backoffLimitPerIndex: 1"), job("{backoffLimitPerIndex: 1, backoffLimit: 6}"), [("spec.backoffLimit", "add", None, 6)]),
    (job("suspend: true"), job("{}"), [("spec.suspend", "remove", True, None)]),
    (pod("{}"), pod("terminationGracePeriodSeconds: 0"), [(f"{POD}.terminationGracePeriodSeconds", "add", None, 0)]),
    (pod("{}"), pod("securityContext: {runAsUser: 0}"), [(f"{POD}.securityContext", "add", None, {"runAsUser": 0})]),
    (pod("serviceAccountName: a"), pod("serviceAccountName: b"), [(f"{POD}.serviceAccountName", "replace", "a", "b")]),
    (container("image: a"), container("{image: a, imagePullPolicy: IfNotPresent}"), [(f"{MAIN}.imagePullPolicy", "add", None, "IfNotPresent")]),
    # What the tag will be is not known before a variable is substituted.
    (container("image: 'a:${TAG}'"), container("{image: 'a:${TAG}', imagePullPolicy: IfNotPresent}"), [(f"{MAIN}.imagePullPolicy", "add", None, "IfNotPresent")]),
    (container("ports: [{containerPort: 1}]"), container("ports: [{containerPort: 1, protocol: UDP}]"), [(f"{MAIN}.ports[1]", "remove", {"containerPort": 1}, None), (f'{MAIN}.ports["1/UDP"]', "add", None, {"containerPort": 1, "protocol": "UDP"})]),
    (pod("volumes: [{name: a}]"), pod("volumes: [{name: a, configMap: {name: a}}]"), [(f"{POD}.volumes[a].configMap", "add", None, {"name": "a"})]),
    (pod("volumes: [{name: a, configMap: {name: a}}]"), pod("volumes: [{name: a, configMap: {name: a, defaultMode: 0}}]"), [(f"{POD}.volumes[a].configMap.defaultMode", "add", None, 0)]),
    (service("type: LoadBalancer"), service("{type: LoadBalancer, allocateLoadBalancerNodePorts: false}"), [("spec.allocateLoadBalancerNodePorts", "add", None, False)]),
    (service("type: ExternalName"), service("{type: ExternalName, internalTrafficPolicy: Cluster}"), [("spec.internalTrafficPolicy", "add", None, "Cluster")]),
    # One completion, or a work queue: no field that is written shows it.
    (job("{}"), job("parallelism: 1"), [("spec.completions", "remove", 1, None)]),
    (job("parallelism: 2"), job("{}"), [("spec.parallelism", "remove", 2, None), ("spec.completions", "add", None, 1)]),
    (job("parallelism: 1"), job("{parallelism: 1, completions: 1}"), [("spec.completions", "add", None, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), OTHERS, ids=str)
def test_another_value_is_a_change(old, new, changes):
    assert rows(old, new) == changes
