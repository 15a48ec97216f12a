"""The function in the real kustomize: a JobSet, what a kustomization changes in it, and then its expansion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobsetgen import Source, compile
from tests.acceptance.pages import sessions
from tests.cases import ROOT, VALID, arguments
from tests.cluster.harness import binaries
from tests.cluster.harness.krm import SET, objects

Json = dict[str, Any]
# kustomize takes no object without a name, and reads YAML 1.2, where `no` is a text; a set of another manager is nobody's
# to expand.
OTHERS = ("generate-name", "generate-name-exclusive", "yaml-scalars", "managed-by")
CASES = [
    case for case in VALID if not arguments(case) and not (case / "jobsetgen.yaml").exists() and case.name not in OTHERS
]
FUNCTION = """
apiVersion: jobsetgen.io/v1alpha1
kind: JobSetGenerator
metadata:
  name: expand
  annotations:
    config.kubernetes.io/function: |
      exec: {path: jobsetgen, args: [krm]}
"""
OVERLAY = """
resources: [../base]
namespace: research
labels: [{pairs: {team: speech}}]
images: [{name: registry.example.com/train, newTag: "2"}]
transformers: [expand.yaml]
"""


@pytest.fixture(scope="module", autouse=True)
def _binary() -> None:
    if reason := binaries.why_not():
        pytest.skip(reason)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run kustomize on a folder, with our program on the PATH."""
    return subprocess.run(
        [binaries.binary("kustomize"), "build", "--enable-alpha-plugins", "--enable-exec", str(folder)],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, **files: str) -> Path:
    """Write files into a folder, each under its name with `.yaml`."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


# One set, several files, objects beside the set, a List, a name to be generated again, YAML's anchors.
IN_CI = ("anchors-and-merges", "list", "mixed-kinds", "multi-document", "multislice", "volume-claims")
PASSED_ON_ALIKE = pytest.mark.full_only("kustomize hands every JobSet to the function alike, and the CI tier shows six")


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=() if case.name in IN_CI else PASSED_ON_ALIKE) for case in CASES]
)
def test_kustomize_with_our_function_builds_what_we_build(case: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in case.glob("*.y*ml"))
    for name in names:
        (tmp_path / name).write_bytes((case / name).read_bytes())
    kustomization = tmp_path / "kustomization.yaml"
    kustomization.write_text(f"resources: {names}\n")
    bare = build(tmp_path)
    assert bare.returncode == 0, bare.stderr
    (tmp_path / "expand.yaml").write_text(FUNCTION)
    kustomization.write_text(f"resources: {names}\ntransformers: [expand.yaml]\n")
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    ours = compile([Source(name="bare.yaml", content=bare.stdout.encode())])
    made, built = objects(done.stdout), objects(ours.text())
    # What passes through kustomize and us is kustomize's.
    passed = objects(bare.stdout).keys()
    assert {name: made[name] for name in made.keys() - passed} == {name: built[name] for name in built.keys() - passed}
    assert {kind for kind, _ in built.keys() - passed}, "there was nothing to compare"


def test_an_overlay_changes_the_jobset_and_then_it_is_expanded(tmp_path: Path) -> None:
    write(tmp_path / "base", set=SET, kustomization="resources: [set.yaml]")
    done = build(write(tmp_path / "overlay", kustomization=OVERLAY, expand=FUNCTION))
    assert done.returncode == 0, done.stderr
    made = objects(done.stdout)
    jobs = [made["Job", f"train-workers-{index}"] for index in range(2)]
    assert [job["spec"]["template"]["spec"]["containers"][0]["image"] for job in jobs] == [
        "registry.example.com/train:2"
    ] * 2
    assert {each["metadata"]["namespace"] for each in made.values()} == {"research"}
    assert ("JobSet", "train") not in made
    assert not [name for each in made.values() for name in each["metadata"].get("annotations", {})
                if "config.kubernetes.io" in name]  # fmt: skip


def test_the_walkthrough_leads_to_a_set(tmp_path: Path) -> None:
    path = f"{binaries.build('kustomize')}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    command, filled = re.findall(
        r"^```sh\n(kustomize build --en.*)\n```$", (ROOT / "docs" / "kustomize.md").read_text(), re.M
    )
    outputs = [
        subprocess.run(
            each, shell=True, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
        ).stdout
        for each in [
            *(command for command, _ in sessions("docs/kustomize.md", without="One job in several environments")),
            command,
            filled,
        ]
    ]
    made = objects(outputs[-2])
    images = {name: item["spec"]["template"]["spec"]["containers"][0]["image"]
              for (kind, name), item in made.items() if kind == "Job" and "watcher" not in name}  # fmt: skip
    assert images["driver-worker-driver-0"].endswith(":13")
    assert {item["metadata"]["namespace"] for item in made.values()} == {"training"}
    workers = [name for kind, name in objects(outputs[-1]) if kind == "Job" and "-workers-" in name]
    assert workers == ["train-workers-0", "train-workers-1"]


FILLED = f"""{FUNCTION}
values: {{replicas: 3}}
templates:
- |
  apiVersion: v1
  kind: ConfigMap
  metadata: {{name: settings}}
  data: {{replicas: "{{{{ replicas }}}}"}}
patches:
- target: {{kind: JobSet}}
  patch: |
    - {{op: replace, path: /spec/replicatedJobs/0/replicas, value: 3}}
"""


def test_values_and_patches_in_the_configuration_change_what_kustomize_builds(tmp_path: Path) -> None:
    folder = write(tmp_path / "base", set=SET, expand=FILLED, kustomization=OVERLAY.replace("../base", "set.yaml"))
    done = build(folder)
    assert done.returncode == 0, done.stderr
    made = objects(done.stdout)
    assert {name for kind, name in made if kind == "Job" and "-workers-" in name} == {
        f"train-workers-{index}" for index in range(3)
    }
    assert made["ConfigMap", "settings"]["data"] == {"replicas": "3"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ replicas }}", "{{ replica }}", "functionConfig.templates[0]: error: JSG714: line 4 of templates[0]"),
        ("patch: |\n    - {op", "patch: ''\n#", "functionConfig.patches[0].patch: error: JSG712: the patch is empty"),
    ],
)
def test_kustomize_shows_where_the_configuration_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FILLED
    wrong = FILLED.replace(old, new)
    done = build(write(tmp_path / "base", expand=wrong, set=SET, kustomization=OVERLAY.replace("../base", "set.yaml")))
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert message in done.stderr


GENERATED = SET.replace("name: main,", "name: main, envFrom: [{configMapRef: {name: settings}}],")
GENERATOR = """
resources: [set.yaml]
configMapGenerator: [{name: settings, literals: [batch=8]}]
transformers: [expand.yaml]
"""


def test_a_generated_config_map_keeps_its_name_or_stops_the_build(tmp_path: Path) -> None:
    folder = write(tmp_path / "base", set=GENERATED, kustomization=GENERATOR, expand=FUNCTION)
    done = build(folder)
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "JSG709: kustomize will add a hash to the name of the ConfigMap settings" in done.stderr
    (folder / "kustomization.yaml").write_text(f"{GENERATOR}generatorOptions: {{disableNameSuffixHash: true}}\n")
    made = objects(build(folder).stdout)
    assert ("ConfigMap", "settings") in made
    pod = made["Job", "train-workers-0"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["envFrom"] == [{"configMapRef": {"name": "settings"}}]


def test_a_prefix_of_the_same_kustomization_is_in_the_watchers_plan(tmp_path: Path) -> None:
    kustomization = "resources: [set.yaml]\nnamePrefix: dev-\ntransformers: [expand.yaml]\n"
    done = build(write(tmp_path / "base", set=SET, kustomization=kustomization, expand=FUNCTION))
    plan = json.loads(objects(done.stdout)["ConfigMap", "dev-train-restart-plan"]["data"]["plan.json"])
    assert plan["jobset"] == "dev-train"


def test_what_is_wrong_stops_the_build_and_is_said(tmp_path: Path) -> None:
    text = SET.replace("replicas: 2", "replicsa: 2")
    done = build(write(tmp_path / "base", set=text, kustomization="resources: [set.yaml]\ntransformers: [expand.yaml]",
                       expand=FUNCTION))  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == ""
    assert "JobSet train: spec.replicatedJobs[0].replicsa: error: JSG101" in done.stderr
