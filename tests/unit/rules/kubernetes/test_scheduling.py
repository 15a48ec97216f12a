"""JSG352 to JSG355: tolerations, affinity, spreading, gates."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_exists_with_a_value():
    found = said("JSG352", jobset(pod="tolerations: [{key: google.com/tpu, operator: Exists, value: present}]"))
    assert found == ["19:74: a toleration with the operator Exists takes no value"]


def test_a_toleration_of_everything():
    assert said("JSG352", jobset(pod="tolerations: [{operator: Exists}]")) == []


def test_a_toleration_without_a_key():
    found = said("JSG352", jobset(pod="tolerations: [{operator: Equal, value: a, effect: NoSchedule}]"))
    assert found == ["19:38: a toleration without a key needs the operator Exists, not Equal"]


def test_a_toleration_of_a_key_that_none_has():
    message = "19:33: 'a/b/c' cannot be the key of a taint: the prefix 'a/b' must be a DNS name in lower case"
    found = said("JSG352", jobset(pod="tolerations: [{key: a/b/c, operator: Exists}]"))
    assert found == [message]


def test_a_toleration_of_a_value_that_none_has():
    message = (
        "19:46: 'a b' cannot be the value of a taint: it must have letters, digits and -_. and "
        "begin and end with a letter or digit"
    )
    found = said("JSG352", jobset(pod="tolerations: [{key: team, value: a b}]"))
    assert found == [message]


def test_a_time_for_another_effect():
    found = said(
        "JSG352", jobset(pod="tolerations: [{key: a, operator: Exists, effect: NoSchedule, tolerationSeconds: 30}]")
    )
    assert found == ["19:93: tolerationSeconds needs the effect NoExecute"]


def test_a_time_for_no_execute():
    found = said(
        "JSG352", jobset(pod="tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]")
    )
    assert found == []


def test_in_without_values():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:128: the operator In needs values"]


def test_exists_with_values():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: Exists, values: "
        "[a]}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:166: the operator Exists takes no values"]


def test_greater_than_two_numbers():
    pod = (
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: "
        '1, preference: {matchExpressions: [{key: cores, operator: Gt, values: ["8", '
        '"16"]}]}}]}}'
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:168: the operator Gt needs exactly one value"]


def test_a_value_that_no_node_has():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a "
        "b]}]}]}}}"
    )
    message = (
        "19:163: 'a b' cannot be the value of a label: it must have letters, digits and -_. "
        "and begin and end with a letter or digit"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == [message]


def test_a_value_that_is_only_preferred_is_not_looked_at():
    pod = (
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: "
        "1, preference: {matchExpressions: [{key: zone, operator: In, values: [a b]}]}}]}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == []


def test_a_key_that_no_node_has():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchExpressions: [{key: a b, operator: Exists}]}]}}}"
    )
    message = (
        "19:134: 'a b' cannot be the key of a label: its name must have letters, digits and "
        "-_. and begin and end with a letter or digit"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == [message]


def test_no_terms_at_all():
    pod = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}"
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:107: nodeSelectorTerms is empty; no node would do"]


def test_a_field_other_than_the_name_of_the_node():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchFields: [{key: spec.podCIDR, operator: In, values: "
        "[a]}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:129: 'spec.podCIDR' is no field of a node to match; only metadata.name is"]


def test_two_nodes_by_their_names_in_one_field():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [a, "
        "b]}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:166: matchFields needs exactly one value"]


def test_any_node_that_has_a_name():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: Exists}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:154: matchFields takes the operators In and NotIn, not Exists"]


def test_a_node_of_a_name_that_none_has():
    pod = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "{nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: "
        "[Node_1]}]}]}}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:167: 'Node_1' cannot be the name of a node"]


def test_a_weight_above_100():
    pod = (
        "affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
        "[{weight: 101, podAffinityTerm: {topologyKey: zone}}]}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:101: the weight is 101, but must be from 1 to 100"]


def test_an_empty_topology_key():
    pod = 'affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: ""}]}}'
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:101: the topologyKey is empty"]


def test_a_topology_key_that_no_node_has():
    pod = (
        "affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: "
        "1, podAffinityTerm: {topologyKey: a b}}]}}"
    )
    message = (
        "19:131: 'a b' cannot be the key of a node label: its name must have letters, digits "
        "and -_. and begin and end with a letter or digit"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == [message]


def test_an_expression_about_pods():
    pod = (
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "[{topologyKey: zone, labelSelector: {matchExpressions: [{key: app, operator: NotIn, "
        "values: []}]}}]}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:178: the operator NotIn needs values"]


def test_an_expression_about_namespaces():
    pod = (
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "[{topologyKey: zone, namespaceSelector: {matchExpressions: [{key: team, operator: In, "
        "values: [a b]}]}}]}}"
    )
    message = (
        "19:181: 'a b' cannot be the value of a label: it must have letters, digits and -_. "
        "and begin and end with a letter or digit"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == [message]


def test_a_namespace_of_a_name_that_none_has():
    pod = (
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        "[{topologyKey: zone, namespaces: [Team_A]}]}}"
    )
    found = said("JSG353", jobset(pod=pod))
    assert found == ["19:120: 'Team_A' cannot be the name of a namespace"]


def test_a_skew_of_zero():
    pod = "topologySpreadConstraints: [{maxSkew: 0, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]"
    found = said("JSG354", jobset(pod=pod))
    assert found == ["19:51: maxSkew is 0, but must be at least 1"]


def test_a_spread_over_nothing():
    pod = 'topologySpreadConstraints: [{maxSkew: 1, topologyKey: "", whenUnsatisfiable: DoNotSchedule}]'
    found = said("JSG354", jobset(pod=pod))
    assert found == ["19:67: the topologyKey is empty"]


def test_one_spread_twice():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "
        "DoNotSchedule}, {maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]"
    )
    message = "19:108: two topologySpreadConstraints have the topologyKey zone and whenUnsatisfiable DoNotSchedule"
    found = said("JSG354", jobset(pod=pod))
    assert found == [message]


def test_two_spreads_over_one_key():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "
        "DoNotSchedule}, {maxSkew: 2, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]"
    )
    found = said("JSG354", jobset(pod=pod))
    assert found == []


def test_domains_for_a_spread_that_is_not_enforced():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}]"
    )
    found = said("JSG354", jobset(pod=pod))
    assert found == ["19:120: minDomains needs whenUnsatisfiable DoNotSchedule"]


def test_no_domains_at_least():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, minDomains: 0}]"
    )
    found = said("JSG354", jobset(pod=pod))
    assert found == ["19:119: minDomains is 0, but must be at least 1"]


def test_an_expression_about_the_pods_to_spread():
    pod = (
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "
        "DoNotSchedule, labelSelector: {matchExpressions: [{key: app, operator: DoesNotExist, "
        "values: [a]}]}}]"
    )
    found = said("JSG354", jobset(pod=pod))
    assert found == ["19:185: the operator DoesNotExist takes no values"]


def test_a_gate_twice():
    found = said("JSG355", jobset(pod="schedulingGates: [{name: example.com/a}, {name: example.com/a}]"))
    assert found == ["19:61: the scheduling gate example.com/a is here twice"]


def test_a_gate_of_a_name_that_none_has():
    message = (
        "19:38: 'hold on' cannot be the name of a scheduling gate: its name must have letters, "
        "digits and -_. and begin and end with a letter or digit"
    )
    found = said("JSG355", jobset(pod="schedulingGates: [{name: hold on}]"))
    assert found == [message]


def test_a_gate_before_a_node():
    found = said("JSG355", jobset(pod="<<: {schedulingGates: [{name: example.com/hold}], nodeName: node-1}"))
    assert found == ["19:73: a pod with scheduling gates cannot name its node"]


def test_a_gate():
    assert said("JSG355", jobset(pod="schedulingGates: [{name: example.com/hold}]")) == []


@pytest.mark.parametrize("operator", ["Gt", "Lt"])
@pytest.mark.parametrize("value", ["", "a", "01", "+1", "-0", "1.5", "9223372036854775808"])
def test_a_toleration_that_compares_with_no_number(operator, value):
    text = jobset(pod=f"tolerations: [{{key: a, operator: {operator}, value: '{value}'}}]")
    assert [line.partition(": ")[2] for line in said("JSG352", text)] == [
        f"the operator {operator} of a toleration needs a whole number as its value, not '{value}'"
    ]


@pytest.mark.parametrize("value", ["0", "-5", "9223372036854775807"])
def test_a_toleration_that_compares(value):
    assert said("JSG352", jobset(pod=f"tolerations: [{{key: a, operator: Gt, value: '{value}'}}]")) == []


def term(fields: str) -> str:
    field = "requiredDuringSchedulingIgnoredDuringExecution"
    return jobset(
        pods="labels: {app: train}",
        pod=f"affinity: {{podAffinity: {{{field}: [{{topologyKey: zone, {fields}}}]}}}}",
    )


def spread(fields: str) -> str:
    return jobset(
        pods="labels: {app: train}",
        pod=f"topologySpreadConstraints: [{{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, {fields}}}]",
    )


BOTH = pytest.mark.parametrize(("code", "make"), [("JSG353", term), ("JSG354", spread)])


@BOTH
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("matchLabelKeys: [app]", "matchLabelKeys needs a labelSelector beside it"),
        (
            "labelSelector: {}, matchLabelKeys: [a b]",
            "'a b' cannot be the key of a label: its name must have letters, digits and -_. and begin and end with a "
            "letter or digit",
        ),
        (
            "labelSelector: {matchLabels: {app: train}}, matchLabelKeys: [app]",
            "app is both in matchLabelKeys and in the labelSelector",
        ),
        (
            "labelSelector: {matchExpressions: [{key: app, operator: Exists}]}, matchLabelKeys: [app]",
            "app is both in matchLabelKeys and in the labelSelector",
        ),
    ],
)
def test_label_keys(code, make, fields, message):
    assert [line.partition(": ")[2] for line in said(code, make(fields))] == [message]


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        "matchLabelKeys: []",
        "labelSelector: {matchLabels: {app: train}}, matchLabelKeys: [pod-template-hash]",
        # A label that the pod does not have is left out of the selector.
        "labelSelector: {matchLabels: {other: train}}, matchLabelKeys: [other]",
    ],
)
def test_label_keys_that_can_be(code, make, fields):
    assert said(code, make(fields)) == []


def test_keys_that_match_and_do_not():
    text = term("labelSelector: {matchLabels: {app: train}}, matchLabelKeys: [run], mismatchLabelKeys: [run]")
    assert [line.partition(": ")[2] for line in said("JSG353", text)] == [
        "run is both in matchLabelKeys and in mismatchLabelKeys"
    ]
    assert said("JSG353", term("labelSelector: {matchLabels: {app: train}}, mismatchLabelKeys: [app]")) == []
    assert len(said("JSG353", term("mismatchLabelKeys: [app]"))) == 1
