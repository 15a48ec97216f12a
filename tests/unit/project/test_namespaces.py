"""The namespaces of bases: whose JobSets they are for, and what a project inherits of them."""

from __future__ import annotations

from typing import Any

import pytest

from jobsetgen.diagnostics import Place, in_order
from jobsetgen.pipeline import Compilation, compile_inputs
from jobsetgen.project.files import Memory
from jobsetgen.project.layer import chosen_layer
from jobsetgen.project.reading import read_project

HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
POD = (
    "{spec: {template: {spec: {restartPolicy: Never,"
    " containers: [{name: m, image: registry.example.com/a:1, envFrom: [{configMapRef: {name: settings}}]}]}}}}"
)
SETTINGS = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"


def jobset(name: str = "train", **metadata: str) -> str:
    written = "".join(f", {key}: {value}" for key, value in metadata.items())
    return (
        f"---\napiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {{name: {name}{written}}}\n"
        f"spec: {{replicatedJobs: [{{name: workers, template: {POD}}}]}}\n"
    )


Project = tuple[str, str]
"""The options of a project, and its objects."""


def compiled(top: Project, flag: str = "", **bases: Project) -> Compilation:
    """Return a project compiled on its bases; each base may list others, as `../NAME`."""
    files = {}
    for folder, (options, objects) in {**bases, "prod": top}.items():
        files[f"{folder}/jobsetgen.yaml"] = HEAD + options
        files[f"{folder}/objects.yaml"] = objects
    inputs = read_project(Memory({name: text.encode() for name, text in files.items()}, "prod"))
    above = [chosen_layer(Place("--namespace"), {"namespace": flag})] if flag else []
    return compile_inputs(inputs.with_layers(above))


def placed(result: Compilation) -> list[str]:
    """Return the JobSets of a compile with their namespaces; there must be nothing to report."""
    assert said(result) == []
    assert [each.jobset.namespace or "" for each in result.units if each.jobset] == [
        each.namespace for each in result.units if each.jobset
    ]
    return [f"{each.namespace}/{each.name}" for each in result.units if each.jobset]


def said(result: Compilation) -> list[str]:
    return [f"{each.code} {each.place.file}: {each.message}" for each in in_order(result.diagnostics)]


OWN = "objects.yaml"


def on(*names: str, options: str = "") -> str:
    resources = (name if name.endswith(".yaml") else f"../{name}" for name in names)
    return f"resources: [{', '.join(resources)}]\n{options}"


A = ("namespace: team-a\n", jobset())
B = ("namespace: team-b\n", jobset())
NONE = ("", jobset("plain"))
OPTIONS = ("namespace: team-c\nresources: []\n", "")
ONLY_BASES = (on("a", "b"), "")


class TestWhichNamespaceASetHas:
    def test_each_of_two_bases_gives_its_own(self):
        assert placed(compiled(ONLY_BASES, a=A, b=B)) == ["team-a/train", "team-b/train"]

    def test_that_of_the_overlay_wins(self):
        result = compiled((on("a", "b", options="namespace: prod\n"), ""), a=A, b=("namespace: team-b\n", jobset("b")))
        assert placed(result) == ["prod/train", "prod/b"]

    def test_its_own_wins_over_all(self):
        own = jobset(namespace="mine")
        result = compiled((on("a", options="namespace: prod\n"), ""), "flag", a=("namespace: team-a\n", own))
        assert placed(result) == ["mine/train"]

    def test_that_of_a_flag_wins_over_bases_and_overlay(self):
        b = ("namespace: team-b\n", jobset("b"))
        assert placed(compiled(ONLY_BASES, "flag", a=A, b=b)) == ["flag/train", "flag/b"]
        assert placed(compiled((on("a", options="namespace: prod\n"), ""), "flag", a=A)) == ["flag/train"]

    def test_a_base_without_one_gives_none(self):
        assert placed(compiled((on("a", "b"), ""), a=A, b=NONE)) == ["team-a/train", "/plain"]

    def test_an_overlay_between_wins_over_its_base(self):
        result = compiled((on("middle", "b"), ""), middle=(on("a", options="namespace: middle\n"), ""), a=A, b=B)
        assert placed(result) == ["middle/train", "team-b/train"]

    def test_an_overlay_between_keeps_those_of_its_bases(self):
        c = ("namespace: team-c\n", jobset())
        result = compiled((on("middle", "c"), ""), middle=ONLY_BASES, a=A, b=B, c=c)
        assert placed(result) == ["team-a/train", "team-b/train", "team-c/train"]

    def test_one_in_a_list_has_it_too(self):
        (_, _, *lines) = jobset().split("\n", 2)
        item = "\n".join(f"    {line}" for line in lines[0].splitlines())
        text = f"apiVersion: v1\nkind: List\nitems:\n  - apiVersion: jobset.x-k8s.io/v1alpha2\n{item}\n"
        assert placed(compiled(ONLY_BASES, a=("namespace: team-a\n", text), b=B)) == ["team-a/train", "team-b/train"]

    def test_one_that_loses_its_own_in_a_patch_has_that_of_its_base(self):
        remove = "patches: [{target: {kind: JobSet}, patch: [{op: remove, path: /metadata/namespace}]}]\n"
        result = compiled(
            (on("a", "b", options=remove), ""), a=("namespace: team-a\n", jobset(namespace="mine")), b=("", SETTINGS)
        )
        assert placed(result) == ["team-a/train"]

    def test_the_written_jobset_names_it(self):
        result = compiled((on("a", "b", options="target: jobset\n"), ""), a=A, b=B)
        assert [each["metadata"]["namespace"] for each in result.objects()] == ["team-a", "team-b"]


class TestWhatAProjectInherits:
    def test_the_namespace_of_its_only_base(self):
        assert placed(compiled((on("a", OWN), jobset("own")), a=A)) == [
            "team-a/train",
            "team-a/own",
        ]

    def test_the_namespace_that_all_bases_set(self):
        b = ("namespace: team-a\n", jobset("b"))
        top = (on("a", "b", OWN), jobset("own"))
        assert placed(compiled(top, a=A, b=b)) == ["team-a/train", "team-a/b", "team-a/own"]

    def test_the_namespace_of_a_base_without_jobsets_which_is_also_for_other_bases(self):
        top = (on("options", "b", OWN), jobset("own"))
        assert placed(compiled(top, options=OPTIONS, b=NONE)) == ["team-c/plain", "team-c/own"]

    def test_not_that_of_one_base_if_another_has_jobsets_without(self):
        top = (on("a", "b", OWN), jobset("own"))
        assert placed(compiled(top, a=A, b=NONE)) == ["team-a/train", "/plain", "/own"]

    def test_not_that_of_one_base_if_another_has_several_of_its_own(self):
        c = ("namespace: team-c\n", jobset("c"))
        top = (on("middle", "c", OWN), jobset("own"))
        result = compiled(top, middle=ONLY_BASES, a=A, b=B, c=c)
        assert placed(result) == ["team-a/train", "team-b/train", "team-c/c", "/own"]

    def test_that_of_one_base_if_the_sets_of_the_others_name_theirs(self):
        top = (on("a", "b", OWN), jobset("own"))
        result = compiled(top, a=A, b=("", jobset("b", namespace="mine")))
        assert placed(result) == ["team-a/train", "mine/b", "team-a/own"]


DIFFERENT = "JSG724 prod/jobsetgen.yaml: the bases {} and {} set namespace differently"


class TestWhatIsWrong:
    def test_a_jobset_of_the_project_would_inherit_different_ones(self):
        top = (on("a", "b", OWN), jobset("own"))
        assert said(compiled(top, a=A, b=B)) == [DIFFERENT.format("a", "b")]

    def test_a_jobset_of_a_base_would_get_different_ones(self):
        result = compiled((on("a", "options", "b"), ""), a=A, options=OPTIONS, b=NONE)
        assert said(result) == [DIFFERENT.format("a", "options")]

    def test_nothing_if_every_jobset_has_one(self):
        top = (on("a", "b", OWN), jobset("own", namespace="mine"))
        assert placed(compiled(top, a=A, b=B)) == ["team-a/train", "team-b/train", "mine/own"]

    def test_two_overlays_of_one_base_have_each_a_set_of_their_own(self):
        result = compiled(
            (on("dev", "prd"), ""),
            dev=(on("base", options="namespace: dev\n"), ""),
            prd=(on("base", options="namespace: prd\n"), ""),
            base=("", jobset()),
        )
        assert placed(result) == ["dev/train", "prd/train"]

    @pytest.mark.parametrize(("dev", "prd"), [("dev", "dev"), ("", "")])
    def test_two_overlays_with_one_namespace_have_the_same_set(self, dev, prd):
        result = compiled(
            (on("dev", "prd"), ""),
            dev=(on("base", options=f"namespace: {dev}\n" if dev else ""), ""),
            prd=(on("base", options=f"namespace: {prd}\n" if prd else ""), ""),
            base=("", jobset()),
        )
        message = "the resources dev and prd both contain JobSet 'train' of base/objects.yaml, line 2"
        assert said(result) == [f"JSG724 prod/jobsetgen.yaml: {message}"]

    def test_an_object_that_is_written_without_namespace_is_there_once(self):
        result = compiled(ONLY_BASES, a=(A[0], SETTINGS), b=(B[0], SETTINGS))
        assert [each.partition(":")[0] for each in said(result)] == ["JSG401 b/objects.yaml"]

    def test_a_set_of_another_controller_passes_through_without_namespace(self):
        other = jobset().replace("spec: {", "spec: {managedBy: example.com/other, ", 1)
        result = compiled(ONLY_BASES, a=(A[0], other), b=(B[0], other))
        assert "JSG401" in [each.code for each in result.diagnostics]


def patch(target: str) -> str:
    return f"patches: [{{target: {{kind: JobSet, {target}}}, patch: {{metadata: {{labels: {{is: patched}}}}}}}}]\n"


def patched(result: Compilation) -> list[str]:
    return [
        f"{each.namespace}/{each.name}" for each in result.units if each.jobset and each.data["metadata"].get("labels")
    ]


class TestPatches:
    @pytest.mark.parametrize(
        ("namespace", "expected"),
        [
            ("team-a", ["team-a/train"]),
            ("team-.", ["team-a/train", "team-b/train"]),
            # Its namespace before, as in kustomize.
            ("default", ["team-a/train", "team-b/train"]),
        ],
    )
    def test_a_target_has_the_namespace_of_a_base(self, namespace, expected):
        top = (on("a", "b", options=patch(f"namespace: {namespace}")), "")
        result = compiled(top, a=A, b=B)
        assert placed(result) == ["team-a/train", "team-b/train"]
        assert patched(result) == expected

    def test_the_name_in_a_patch_has_the_namespace_of_a_base_and_does_not_set_it(self):
        document = jobset("train", namespace="team-a").partition("spec:")[0].removeprefix("---\n")
        lines = document.replace("team-a}", "team-a, labels: {is: patched}}").splitlines()
        options = "patches:\n- patch:\n" + "".join(f"    {line}\n" for line in lines)
        result = compiled((on("a", "b", options=options), ""), a=A, b=B)
        assert placed(result) == ["team-a/train", "team-b/train"]
        assert patched(result) == ["team-a/train"]
        flagged = compiled((on("a", options=options), ""), "flag", a=A)
        assert placed(flagged) == ["flag/train"]

    def test_a_name_that_two_sets_have_is_said_with_the_namespaces_of_their_bases(self):
        lines = jobset().partition("spec:")[0].removeprefix("---\n").splitlines()
        options = "patches:\n- patch:\n" + "".join(f"    {line}\n" for line in lines)
        (message,) = said(compiled((on("a", "b", options=options), ""), a=A, b=B))
        assert message.endswith("in the namespaces 'team-a' and 'team-b'")

    def test_a_target_elsewhere_is_told_the_namespaces_that_there_are(self):
        result = compiled((on("a", options=patch("namespace: team-x")), ""), a=A)
        assert [each.hint for each in result.diagnostics] == ["Did you mean 'team-a'?"]


def references(result: Compilation) -> list[Any]:
    return [
        each["spec"]["template"]["spec"]["containers"][0]["envFrom"][0]["configMapRef"]["name"]
        for each in result.objects()
        if each["kind"] == "Job"
    ]


class TestRenames:
    def test_a_reference_follows_within_a_base(self):
        top = (on("a", "b", options="namePrefix: p-\n"), "")
        result = compiled(top, a=(A[0], jobset() + SETTINGS), b=B)
        assert placed(result) == ["team-a/p-train", "team-b/p-train"]
        assert references(result) == ["p-settings", "settings"]

    def test_a_reference_that_an_overlay_has_replaced_is_not_reported(self):
        base = ("namePrefix: p-\n", jobset() + SETTINGS.replace("settings}", "settings, namespace: other}"))
        assert [each.partition(" ")[0] for each in said(compiled((on("base"), ""), base=base))] == ["JSG730"]
        pod = "/spec/replicatedJobs/0/template/spec/template/spec"
        operation = f"{{op: replace, path: {pod}/containers/0/envFrom, value: [{{configMapRef: {{name: other}}}}]}}"
        options = f"patches: [{{target: {{kind: JobSet}}, patch: [{operation}]}}]\n"
        assert said(compiled((on("base", options=options), ""), base=base)) == []

    def test_a_reference_follows_into_what_an_overlay_adds_in_the_inherited_namespace(self):
        top = (on("a", OWN, options="namePrefix: p-\n"), SETTINGS)
        assert references(compiled(top, a=A)) == ["p-settings"]
