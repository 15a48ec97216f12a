"""JSG507 and JSG520: variables of templates that are still in a JobSet."""

from __future__ import annotations

import pytest

from jobsetgen.options.values import PROFILES, ImageOverride
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source
from tests.unit.rules.lints.sets import jobset, said

BEFORE = "\nhint: Substitute it before the compile, for example with envsubst."
NOWHERE = "where nothing on the cluster expands variables"
KEEP_FLUX_AWAY = "annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}"
SCRIPT = "command: [sh, -c, 'echo ${RANK}']"


@pytest.mark.parametrize("profile", ["any", "argocd", "none"])
def test_an_image(profile):
    found = said("JSG507", jobset(image="${REGISTRY}/train:${TAG}"), gitops=profile)
    assert found == [f"24:22: warning: ${{REGISTRY}} and ${{TAG}} left in image, {NOWHERE}{BEFORE}"]


@pytest.mark.parametrize(
    ("part", "value", "place"),
    [
        ("name", "name: ${NAME}", "4:9: warning: ${NAME} left in name"),
        ("replicated_job", "replicas: ${N}", "10:15: warning: ${N} left in replicas"),
        ("pod", "nodeSelector: {pool: '${POOL}'}", "20:34: warning: ${POOL} left in pool"),
        ("container", "resources: {limits: {cpu: '${CPU}'}}", "23:41: warning: ${CPU} left in cpu"),
        ("template", "labels: {team: '${TEAM}'}", "13:24: warning: ${TEAM} left in team"),
        ("image", "$REGION/train:1", "24:22: warning: $REGION left in image"),
    ],
)
def test_fields_that_nothing_expands(part, value, place):
    assert said("JSG507", jobset(**{part: value})) == [f"{place}, {NOWHERE}{BEFORE}"]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("command: [sh, -c, 'echo ${RANK}']", 33),
        ("args: ['--rank=${RANK}']", 22),
        ("env: [{name: RANK, value: '${RANK}'}]", 41),
        ("lifecycle: {preStop: {exec: {command: [sh, -c, 'echo ${RANK}']}}}", 62),
    ],
)
def test_where_a_shell_may_expand_it_only_flux_matters(field, column):
    message = "where Flux applies this with postBuild it replaces ${RANK} before any shell sees it"
    hint = (
        "Leave out the braces, annotate the Job template with kustomize.toolkit.fluxcd.io/substitute: disabled, "
        "or compile with --gitops argocd or none."
    )
    assert said("JSG507", jobset(container=field)) == [f"23:{column}: warning: {message}\nhint: {hint}"]


@pytest.mark.parametrize("profile", ["argocd", "flux", "none"])
def test_a_script_where_flux_is_settled(profile):
    assert said("JSG507", jobset(container=SCRIPT), gitops=profile) == []


def test_more_than_three_are_counted():
    found = said("JSG507", jobset(image="${A}/${B}/${C}/${D}:${B}"))
    assert found == [f"24:22: warning: ${{A}}, ${{B}} and 2 more left in image, {NOWHERE}{BEFORE}"]


@pytest.mark.parametrize(
    "container",
    [
        "args: ['--rank=$(RANK)']",
        "args: ['$RANK']",
        "args: ['$${RANK}']",
        "args: ['a$']",
        "args: ['{RANK}']",
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_what_nobody_replaces(container, profile):
    text = jobset(container=container)
    assert said("JSG507", text, gitops=profile) + said("JSG520", text, gitops=profile) == []


def test_labels_and_annotations_of_the_set_go_nowhere():
    assert said("JSG507", jobset(metadata="labels: {team: '${TEAM}'}")) == []


def test_an_image_that_the_project_replaces():
    override = ImageOverride(name="${IMAGE}", new_name="registry.example.com/train", new_tag="1.0")
    assert said("JSG507", jobset(image="${IMAGE}"), images=(override,)) == []


def test_other_objects_are_left_alone():
    text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: '${A}'}}"
    assert said("JSG507", text) + said("JSG520", text, gitops="flux") == []


def test_a_string_in_place_of_everything():
    text = "{apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet, metadata: {name: a}, spec: '${SPEC}'}"
    assert said("JSG507", text) == [f"1:81: warning: ${{SPEC}} left in spec, {NOWHERE}{BEFORE}"]


def test_a_script_under_flux():
    message = "Flux's postBuild substitution would replace ${RANK}: what runs is not what is compiled here"
    hint = "Write $${RANK}, or annotate the Job template with kustomize.toolkit.fluxcd.io/substitute: disabled."
    found = said("JSG520", jobset(container=SCRIPT), gitops="flux")
    assert found == [f"23:33: error: {message}\nhint: {hint}"]


def test_another_field_under_flux():
    message = "Flux's postBuild substitution would replace ${IMAGE}: what runs is not what is compiled here"
    found = said("JSG520", jobset(image="${IMAGE}"), gitops="flux")
    assert found == [f"24:22: error: {message}{BEFORE}"]
    assert said("JSG507", jobset(image="${IMAGE}"), gitops="flux") == []


@pytest.mark.parametrize("profile", ["any", "argocd", "none"])
def test_it_is_an_error_under_flux_alone(profile):
    assert said("JSG520", jobset(container=SCRIPT), gitops=profile) == []


@pytest.mark.parametrize(("text", "is_left"), [("$${A}", False), ("$$${A}", True), ("$$$${A}", False)])
def test_dollars_escape_in_pairs(text, is_left):
    found = said("JSG520", jobset(container=f"args: ['{text}']"), gitops="flux")
    assert bool(found) == is_left


@pytest.mark.parametrize("kind", ["annotations", "labels"])
def test_a_template_that_keeps_flux_away(kind):
    text = jobset(template=KEEP_FLUX_AWAY.replace("annotations", kind), container=SCRIPT)
    assert said("JSG520", text, gitops="flux") + said("JSG507", text) == []


def test_where_flux_is_kept_away_an_image_is_still_not_expanded():
    text = jobset(template=KEEP_FLUX_AWAY, image="${IMAGE}")
    assert said("JSG507", text, gitops="flux") == [f"24:22: warning: ${{IMAGE}} left in image, {NOWHERE}{BEFORE}"]


def test_a_script_in_a_block_is_silenced_at_its_header():
    block = "args:\n              - |{comment}\n                echo ${{RANK}}"
    noisy = jobset(container=block.format(comment=""))
    quiet = jobset(container=block.format(comment="  # jobsetgen: ignore[JSG507] Flux does not substitute here"))
    assert [_codes(noisy), _codes(quiet)] == [["JSG507"], []]


def _codes(text):
    return [item.code for item in compile([Source(name="set.yaml", content=text.encode())]).diagnostics]


@pytest.mark.parametrize("profile", PROFILES)
def test_flux_sees_no_template_of_what_the_watcher_creates(profile):
    assert said("JSG520", jobset(container=SCRIPT), gitops=profile, jobs="watcher") == []
    assert said("JSG507", jobset(container=SCRIPT), gitops=profile, jobs="watcher") == []


def test_an_image_is_never_expanded_whoever_creates_the_jobs():
    (found,) = said("JSG507", jobset(image="${REGISTRY}/train:1"), jobs="watcher")
    assert "${REGISTRY} left in image" in found


def test_flux_sees_no_pattern_of_a_failure_rule():
    spec = "failurePolicy: {rules: [{action: FailJobSet, onJobFailureMessagePatterns: ['^${CODE}']}]}"
    assert said("JSG520", jobset(spec=spec), gitops="flux") == []
