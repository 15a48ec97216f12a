"""Rendered Jobs are folded back into their families, also after somebody has changed them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from jobsetgen.diff import folding
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.sides import Side
from jobsetgen.expand.objects import DOMAIN, NAME
from jobsetgen.output.layout import HEADER
from jobsetgen.pipeline import compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.cases import FIXTURES
from tests.unit.diff.rendering import (
    families,
    fixture,
    folded,
    marked,
    only_set,
    rendered_files,
    stream,
    trained,
    without_place,
)

pytestmark = pytest.mark.usefixtures("short_program")

WORKER = "train/job.train-workers-%d.yaml"


def workers(texts: dict[str, str]):
    return families(folded(texts))["workers"]


def edited(texts: dict[str, str], index: int, old: str, new: str) -> dict[str, str]:
    """Return files in which the text of one worker is changed."""
    name = WORKER % index
    assert old in texts[name]
    return {**texts, name: texts[name].replace(old, new)}


def test_a_job_that_was_edited_by_hand_is_irregular():
    texts = edited(rendered_files(trained()), 1, "registry.example.com/train:1", "registry.example.com/train:2")
    found = workers(texts)
    assert (found.indexes, found.irregular, found.missing) == ((0, 1, 2), (1,), ())
    assert marked(found) == marked(workers(rendered_files(trained())))


def test_the_lowest_index_gives_the_template_in_whatever_order_it_is_read():
    texts = edited(rendered_files(trained()), 0, "registry.example.com/train:1", "registry.example.com/train:2")
    for ordered in (texts, dict(reversed(texts.items()))):
        found = workers(ordered)
        assert found.irregular == (1, 2)
        assert "registry.example.com/train:2" in marked(found)


def test_the_lowest_index_gives_the_template_if_the_first_is_missing():
    texts = rendered_files(trained())
    del texts[WORKER % 0]
    found = workers(texts)
    assert (found.indexes, found.irregular, found.missing) == ((1, 2), (), (0,))
    assert marked(found) == marked(workers(rendered_files(trained())))


def test_a_removed_job_is_missing():
    texts = rendered_files(trained())
    del texts[WORKER % 2]
    found = workers(texts)
    assert (found.indexes, found.irregular, found.missing) == ((0, 1), (), (2,))


@pytest.mark.parametrize(
    "label", ["job-index", "job-global-index", "job-group-index", "job-key", "replicatedjob-replicas"]
)
def test_a_label_that_does_not_follow_from_the_index_makes_a_job_irregular(label: str):
    texts = rendered_files(trained())
    name = WORKER % 1
    text = texts[name]
    before, found, after = text.rpartition(f"jobset.sigs.k8s.io/{label}: ")
    assert found
    changed = re.sub(r"\A\S+", '"7"', after)
    assert workers({**texts, name: before + found + changed}).irregular == (1,)


def test_a_key_that_is_wrong_throughout_makes_a_job_irregular():
    texts = rendered_files(trained())
    (key,) = set(re.findall(r"job-key: (\S+)", texts[WORKER % 1]))
    assert workers(edited(texts, 1, key, "0" * 39 + "a")).irregular == (1,)


def test_a_number_that_is_wrong_throughout_makes_a_job_irregular():
    texts = rendered_files(trained())
    assert workers(edited(texts, 1, 'global-index: "1"', 'global-index: "8"')).irregular == (1,)


def test_a_comment_or_another_order_changes_nothing():
    texts = rendered_files(trained())
    expected = workers(texts)
    text = texts[WORKER % 0]
    texts[WORKER % 0] = text.replace("apiVersion: batch/v1\nkind: Job\n", "# mine\nkind: Job\napiVersion: 'batch/v1'\n")
    assert texts[WORKER % 0] != text
    assert workers(texts) == expected


def test_windows_line_endings_change_nothing():
    for owner in ("git", "watcher"):
        texts = rendered_files(trained(jobs=owner))
        windows = {name: text.replace("\n", "\r\n") for name, text in texts.items()}
        assert folded(windows) == folded(texts)


def test_a_list_is_read_item_by_item():
    texts = rendered_files(trained())
    loaded = [load(name, text.encode()).documents[0].data for name, text in texts.items()]

    side = stream(json.dumps({"apiVersion": "v1", "kind": "List", "items": loaded}))
    assert only_set(side) == only_set(folded(texts))


def test_lists_that_differ_in_one_job_are_both_read_whole():
    other = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
    lists = {}
    for index in range(2):
        job = rendered_files(trained())[WORKER % index].replace("\n", "\n  ").rstrip()
        job = job.partition("apiVersion")[2]
        lists[f"{index}.yaml"] = f"apiVersion: v1\nkind: List\nitems:\n{other}- apiVersion{job}\n"
    side = folded(lists)
    assert (len(side.pass_through), workers(lists).indexes) == (2, (0, 1))


def test_json_is_read_as_yaml_is():

    texts = rendered_files(trained())
    written = {name: json.dumps(load(name, text.encode()).documents[0].data) for name, text in texts.items()}
    assert folded(written) == folded(texts)


def test_only_the_first_job_of_a_family_is_parsed(monkeypatch: pytest.MonkeyPatch):
    texts = rendered_files(trained(workers=50))
    parsed = []

    def spy(name: str, content: bytes):
        parsed.append(name)
        return load(name, content)

    monkeypatch.setattr(folding, "load", spy)
    assert workers(texts).indexes == tuple(range(50))
    assert [name for name in parsed if "job.train-workers-" in name] == [WORKER % 0]


def test_an_alias_elsewhere_is_not_taken_for_a_value_of_the_index():
    """With the anchor, the name of the first Job is in its command; the others have no such command."""
    texts = rendered_files(trained())
    command = "- train.py\n"
    for index in range(3):
        name = f"train-workers-{index}"
        texts = edited(texts, index, f"  name: {name}\n", f"  name: &name {name}\n")
        texts = edited(texts, index, command, f"{command}        - *name\n")
    assert workers(texts).irregular == (1, 2)


def read_by_the_loader_alone(texts: dict[str, str]) -> Side:
    with (
        mock.patch.object(folding._Forms, "member", return_value=None),
        mock.patch.object(folding.Scripts, "read", return_value=None),
    ):
        return folded(texts)


def test_a_mapping_that_stands_for_two_is_read_by_the_loader():
    """The labels are the node selector, too, where they have other slots."""
    texts = rendered_files(trained())
    for index in range(3):
        texts = edited(texts, index, "  labels:\n    jobset", "  labels: &labels\n    jobset")
        texts = edited(
            texts, index, "      subdomain: train\n", "      subdomain: train\n      nodeSelector: *labels\n"
        )
    assert workers(texts).irregular == (1, 2)
    assert folded(texts) == read_by_the_loader_alone(texts)


def test_a_word_that_is_a_number_without_quotes_is_read_by_the_loader():
    """Of another namespace, no key can be verified, and the key of the second Job is the number 1000."""
    texts = rendered_files(trained())
    texts = {name: text.replace("namespace: research", "namespace: speech") for name, text in texts.items()}
    assert workers(texts).irregular == ()
    texts[WORKER % 1] = re.sub(r"job-key: [0-9a-f]+", "job-key: 1e3", texts[WORKER % 1])
    assert workers(texts).irregular == (1,)


def test_values_in_quotes_or_with_escapes_are_the_same_values():
    texts = rendered_files(trained())
    expected = folded(texts)
    for written in ("'{}'", '"{}"', "!!str {}", '"\\x74{}"'):
        changed = dict(texts)
        for index in range(3):
            name = f"train-workers-{index}"
            word = written.format(name[1:] if "x74" in written else name)
            changed = edited(changed, index, f"  name: {name}\n", f"  name: {word}\n")
        assert folded(changed) == expected


def test_the_script_of_a_second_set_is_not_parsed(monkeypatch: pytest.MonkeyPatch):
    texts = rendered_files(trained())
    other = {
        f"other-{name}": text.replace("train", "other").replace("namespace: research", "namespace: speech")
        for name, text in texts.items()
    }
    expected = read_by_the_loader_alone({**texts, **other})
    parsed = []

    def spy(name: str, content: bytes):
        parsed.append(name)
        return load(name, content)

    monkeypatch.setattr(folding, "load", spy)
    assert folded({**texts, **other}) == expected
    assert len([name for name in parsed if "restart-script" in name]) == 1
    assert [each.name for each in expected.sets] == ["train", "other"]


def test_a_script_that_was_edited_is_another_one():
    texts = rendered_files(trained())
    (name,) = (name for name in texts if "restart-script" in name)
    edited_script = texts[name].replace("namespace: research", "namespace: speech").replace("run()", "stop()")
    side = folded({**texts, "other.yaml": edited_script})
    (passed,) = side.pass_through
    assert any("stop()" in text for text in passed["data"].values())
    assert folded({**texts, "other.yaml": edited_script}) == read_by_the_loader_alone(
        {**texts, "other.yaml": edited_script}
    )


def test_two_jobs_of_one_index_are_an_irregular_one_unless_they_are_equal():
    texts = rendered_files(trained())
    copied = {**texts, "copy.yaml": texts[WORKER % 1]}
    assert folded(copied) == folded(texts)
    changed = texts[WORKER % 1].replace("train:1", "train:2")
    found = workers({**texts, "copy.yaml": changed})
    assert (found.indexes, found.irregular) == ((0, 1, 2), (1,))


def test_a_name_of_its_own_stays_in_the_template():
    texts = rendered_files(trained())
    for index in range(3):
        texts = edited(texts, index, f"  name: train-workers-{index}\n", f"  name: a-train-workers-{index}-z\n")
    found = workers(texts)
    assert found.irregular == ()
    assert found.template["metadata"]["name"] == "a-train-workers-0-z"
    texts = edited(texts, 2, "a-train-workers-2-z", "b-train-workers-2-z")
    assert workers(texts).irregular == (2,)


def test_pinned_jobs_have_a_slot_for_their_domain():
    compilation = fixture(FIXTURES / "valid" / "domains")
    one, _ = folded(rendered_files(compilation)).sets
    (found,) = one.families
    assert found.template["spec"]["template"]["spec"]["nodeSelector"]["cloud.google.com/gke-nodepool"] is DOMAIN
    assert (found.domains, found.irregular) == (("pool-1", "pool-2"), ())


def test_a_node_selector_that_was_edited_in_one_job_is_no_topology_domain():
    texts = rendered_files(trained())
    for index, pool in enumerate(["a", "a", "b"]):
        texts = edited(
            texts, index, "      subdomain: train\n", f"      subdomain: train\n      nodeSelector: {{pool: {pool}}}\n"
        )
    found = workers(texts)
    assert found.template["spec"]["template"]["spec"]["nodeSelector"] == {"pool": "a"}
    assert (found.domains, found.irregular) == ((), (2,))


def test_jobs_that_differ_in_two_node_selectors_are_not_pinned():
    texts = rendered_files(trained())
    for index, pool in enumerate("abc"):
        selector = f"nodeSelector: {{pool: {pool}, rack: r{pool}}}"
        texts = edited(texts, index, "      subdomain: train\n", f"      subdomain: train\n      {selector}\n")
    found = workers(texts)
    assert (found.domains, found.irregular) == ((), (1, 2))


def test_the_watchers_jobs_come_from_its_plan():
    texts = rendered_files(trained(jobs="watcher"))
    previews = [name for name in texts if name.endswith(".yaml.preview")]
    assert len(previews) == 4
    without = {name: text for name, text in texts.items() if name not in previews}
    assert folded(without) == folded(texts)
    broken = {**texts, previews[0]: "{"}
    assert folded(broken) == folded(texts)
    assert only_set(folded(texts)) == without_place(only_set(compiled_side(trained(jobs="watcher"), "specs", "a")))


def test_previews_in_a_stream_are_left_out():
    compilation = trained(jobs="watcher")
    assert stream(compilation.text(preview=True)) == stream(compilation.text())


def test_a_preview_without_its_plan_is_left_out():
    """As an earlier release has named it: like a manifest."""
    texts = rendered_files(trained(jobs="watcher"))
    previews = {name.removesuffix(".preview"): text for name, text in texts.items() if name.endswith(".preview")}
    assert len(previews) == 4
    for ending in ("\n", "\r\n"):
        side = folded({name: text.replace("\n", ending) for name, text in previews.items()})
        assert (side.sets, side.pass_through) == ((), ())


def test_a_plan_that_cannot_be_read_leaves_the_set_to_its_jobs():
    texts = rendered_files(trained())
    (name,) = (name for name in texts if "restart-plan" in name)
    for plan in ("{", "[]", "[" * 5000, '{"a": NaN}', '{"a": 1e999}', '{"jobset": "\\ud800"}', '"train"'):
        text = re.sub(r"  plan\.json: \|\n(?:    .*\n)*", f"  plan.json: {plan!r}\n", texts[name])
        assert text != texts[name]
        found = only_set(folded({**texts, name: text}))
        assert found.plan is None
        assert [each.replicated_job for each in found.families] == ["workers", "driver"]


def test_the_families_are_in_the_order_of_the_spec():
    texts = dict(sorted(rendered_files(trained()).items()))
    assert list(texts).index("train/job.train-driver-0.yaml") < list(texts).index(WORKER % 0)
    assert list(families(folded(texts))) == ["workers", "driver"]


def test_sets_of_one_name_in_two_namespaces_are_two():
    texts = rendered_files(trained())
    other = {f"other/{name}": text.replace("namespace: research", "namespace: speech") for name, text in texts.items()}
    side = folded({**texts, **other})
    assert [(each.namespace, each.name, each.jobs) for each in side.sets] == [
        ("research", "train", 4),
        ("speech", "train", 4),
    ]
    assert [each.irregular for found in side.sets for each in found.families] == [()] * 4


def test_the_sets_are_in_the_order_of_their_objects():
    texts = rendered_files(trained())
    other = {f"other/{name}": text.replace("namespace: research", "namespace: speech") for name, text in texts.items()}
    side = folded({**other, **texts})
    assert [each.namespace for each in side.sets] == ["speech", "research"]


WITHOUT_JOBS = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: shrunk, namespace: research}
spec:
  volumeClaimPolicies:
  - templates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
  replicatedJobs:
  - name: workers
    replicas: 0
    template:
      spec:
        template:
          spec:
            containers: [{name: main, image: a, volumeMounts: [{name: data, mountPath: /data}]}]
"""


def test_a_set_without_jobs_has_its_claim_and_its_service():
    compilation = compile([Source(name="a.yaml", content=WITHOUT_JOBS.encode())])
    found = only_set(stream(compilation.text()))
    expected = only_set(compiled_side(compilation, "specs", "a"))
    assert [each["kind"] for each in expected.others] == ["PersistentVolumeClaim", "Service"]
    assert (found.name, found.families, found.others) == (expected.name, (), expected.others)


OTHER_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: %s, namespace: research}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {jobset.sigs.k8s.io/jobset-name: %s}
"""


@pytest.mark.parametrize(("name", "selected"), [("metrics", "train"), ("train", "another")])
def test_a_service_of_another_name_or_set_is_not_the_sets(name: str, selected: str):
    texts = rendered_files(trained())
    side = folded({**texts, "service.yaml": OTHER_SERVICE % (name, selected)})
    of_train = next(each for each in side.sets if each.name == "train")
    assert of_train.others == only_set(folded(texts)).others


def test_jobs_of_nobody_pass_through():
    job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  labels: %s\nspec: {}\n"
    labels = [
        "{}",
        "{jobset.sigs.k8s.io/jobset-name: a}",
        "{jobset.sigs.k8s.io/jobset-name: a, jobset.sigs.k8s.io/replicatedjob-name: b}",
        '{jobset.sigs.k8s.io/jobset-name: a, jobset.sigs.k8s.io/replicatedjob-name: b, jobset.sigs.k8s.io/job-index: "x"}',
        '{jobset.sigs.k8s.io/jobset-name: a, jobset.sigs.k8s.io/replicatedjob-name: b, jobset.sigs.k8s.io/job-index: "9999999"}',
    ]
    side = stream("---\n".join(job % each for each in labels))
    assert side.sets == ()
    assert len(side.pass_through) == len(labels)


def test_a_file_that_is_not_yaml_breaks_the_side():
    texts = {**rendered_files(trained()), "bad.yaml": "a: 1\n---\nkind: [\n"}
    side = folded(texts)
    assert side.is_broken
    assert (side.sets, side.pass_through) == ((), ())
    # The first document is not an object, and the second ends too early.
    assert [(each.file, each.line, each.code) for each in side.diagnostics] == [
        ("bad.yaml", 1, "JSG110"),
        ("bad.yaml", 4, "JSG002"),
    ]


OVERLAY = """
resources: [../rendered]
namePrefix: exp-
labels: [{pairs: {team: speech}, includeTemplates: true, includeSelectors: true}]
images: [{name: registry.example.com/train, newTag: "2"}]
"""


@pytest.fixture(scope="module")
def kustomize():
    if shutil.which("kubectl") is None:
        pytest.skip("there is no kubectl on the PATH")

    def build(folder: Path, overlay: str, **options) -> Side:
        for name, text in dict(_folder(trained(**options))).items():
            path = folder / "rendered" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (folder / "overlay").mkdir()
        (folder / "overlay" / "kustomization.yaml").write_text(overlay)
        done = subprocess.run(
            ["kubectl", "kustomize", str(folder / "overlay")], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return stream(done.stdout)

    return build


def _folder(compilation):
    from jobsetgen.output.layout import files

    return files(compilation)


def test_jobs_that_kustomize_has_changed_are_still_a_family(kustomize, tmp_path: Path):
    side = kustomize(tmp_path, OVERLAY)
    found = families(side)["workers"]
    assert (found.indexes, found.irregular, found.missing) == ((0, 1, 2), (), ())
    assert found.template["metadata"]["name"] == "exp-train-workers-0"
    assert "image: registry.example.com/train:2\n" in marked(found)
    assert {each["kind"] for each in only_set(side).others} >= {"Service", "Role", "Job"}
    assert side.pass_through == ()
    assert only_set(side).plan is not None


def test_kustomize_may_patch_one_job(kustomize, tmp_path: Path):
    patch = "- {op: add, path: /spec/backoffLimit, value: 4}"
    overlay = (
        f"resources: [../rendered]\npatches: [{{target: {{kind: Job, name: train-workers-1}}, patch: '{patch}'}}]\n"
    )
    found = families(kustomize(tmp_path, overlay))["workers"]
    assert (found.indexes, found.irregular) == ((0, 1, 2), (1,))


def test_kustomize_may_change_the_namespace(kustomize, tmp_path: Path):
    side = kustomize(tmp_path, "resources: [../rendered]\nnamespace: speech\n")
    found = only_set(side)
    assert found.namespace == "speech"
    assert [each.irregular for each in found.families] == [(), ()]
    assert side.pass_through == ()


def test_kustomize_alone_changes_nothing(kustomize, tmp_path: Path):
    for owner in ("git", "watcher"):
        side = kustomize(tmp_path / owner, "resources: [../rendered]\n", jobs=owner)
        expected = only_set(folded(rendered_files(trained(jobs=owner))))
        found = only_set(side)
        # kustomize sorts the objects by their kind.
        assert sorted(map(str, map(_plain, found.others))) == sorted(map(str, map(_plain, expected.others)))
        assert [marked(each) for each in found.families] == [marked(each) for each in expected.families]
        assert [each.template["metadata"]["name"] for each in found.families] == [NAME, NAME]
        assert (found.plan, found.mode, found.profile) == (expected.plan, expected.mode, expected.profile)


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def test_variables_of_flux_are_left_in_the_jobs():
    texts = rendered_files(trained())
    for index in range(3):
        texts = edited(texts, index, "registry.example.com/train:1", "${REGISTRY}/train:1")
    found = workers(texts)
    assert found.irregular == ()
    assert "image: ${REGISTRY}/train:1\n" in marked(found)


def test_the_header_is_no_part_of_a_job():
    texts = rendered_files(trained())
    assert all(text.startswith(HEADER) for text in texts.values())
    bare = {name: text.removeprefix(HEADER) for name, text in texts.items()}
    assert folded(bare) == folded(texts)


@pytest.mark.parametrize("field", ["parallelism", "completions"])
def test_a_negative_number_of_pods_is_none(field: str):
    texts = rendered_files(trained())
    changed = {name: text.replace(f"  {field}: 2", f"  {field}: -2") for name, text in texts.items()}
    assert workers(changed).pods == 0
    assert workers(texts).pods == 2
