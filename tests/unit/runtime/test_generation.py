"""The watcher recomputes a plan's generation as the compiler computes it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen import Settings, Source, compile
from jobsetgen.kubernetes import updates
from jobsetgen.options.watcher import Watcher
from jobsetgen.runtime.watcher.formats import MismatchError, check_generation
from jobsetgen.runtime.watcher.generation import _IN_PLACE, generation_of

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
VALID = sorted((ROOT / "fixtures" / "valid").glob("*/*.yaml"))
RUN_ID = "a run"
SET = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {%s}
spec:
  replicatedJobs:
  - name: workers
    replicas: 2
    template: {spec: {template: {spec: {containers: [{name: main, image: train}]}}}}
"""


def plans(text: bytes, **settings: Any) -> Iterator[Json]:
    """Yield the plans of a manifest, if it compiles."""
    wanted = {"namespace": "training", "jobs": "watcher", "run_id": RUN_ID, "restart_watcher": "Always", **settings}
    compilation = compile([Source(name="set.yaml", content=text)], Settings(**wanted))
    for item in compilation.objects():
        written = (item.get("data") or {}).get("plan.json")
        if written and item["kind"] == "ConfigMap":
            yield json.loads(written)


def plan(metadata: str = "name: train", **settings: Any) -> Json:
    """Return the plan of a small set."""
    (found,) = plans((SET % metadata).encode(), **settings)
    return found


@pytest.mark.parametrize("gitops", ["any", "none"])
def test_it_is_the_compilers_for_all_that_compiles(gitops):
    found = [(file.stem, each) for file in VALID for each in plans(file.read_bytes(), gitops=gitops)]
    assert len(found) > 30
    unlike = [name for name, each in found if generation_of(each, RUN_ID) != each["generation"]]
    unnamed = [name for name, each in found if "runId" not in each]
    assert unlike == unnamed


def test_a_set_named_from_its_generation_has_none_that_can_be_recomputed():
    named = plan("generateName: train-")
    assert "runId" not in named
    assert generation_of(named, RUN_ID) != named["generation"]
    check_generation(named, named.get("runId"), "plan.json")


def test_a_plan_whose_jobs_git_makes_has_no_run_id():
    assert "runId" not in plan(jobs="git")


def test_a_plan_names_the_fields_that_an_option_adds_where_git_makes_the_jobs():
    watcher = Watcher(carried_fields=("hostPath",))
    assert plan(jobs="git", watcher=watcher)["carriedFields"] == ["hostPath"]
    assert "carriedFields" not in plan(jobs="watcher", watcher=watcher)
    assert "carriedFields" not in plan(jobs="git")


def test_what_changes_in_place_is_the_same_to_both():
    assert _IN_PLACE == updates._CHANGES_IN_PLACE


def edit_template(job: Json) -> None:
    job["job"]["spec"]["template"]["spec"]["serviceAccountName"] = "admin"


def edit_replicas(job: Json) -> None:
    job["replicas"] += 1


def edit_domains(job: Json) -> None:
    job["domains"] = ["a", "b"]


def edit_name(job: Json) -> None:
    job["name"] = "others"


@pytest.mark.parametrize("edit", [edit_template, edit_replicas, edit_domains, edit_name])
def test_another_job_has_another_generation(edit: Callable[[Json], None]):
    edited = plan()
    check_generation(edited, edited["runId"], "plan.json")
    edit(edited["replicatedJobs"][0])
    with pytest.raises(MismatchError, match=r"^plan.json: its Jobs are those of generation \w{16} and not of \w{16}$"):
        check_generation(edited, edited["runId"], "plan.json")


def test_another_run_has_another_generation():
    whole = plan()
    assert generation_of(whole, "another run") != whole["generation"]


def test_another_order_of_keys_has_not():
    whole = plan()
    turned = json.loads(json.dumps(whole, sort_keys=True))
    assert generation_of(turned, RUN_ID) == whole["generation"]


@pytest.mark.parametrize("field", sorted(_IN_PLACE))
def test_what_may_change_in_place_has_the_same_generation(field):
    edited = copy.deepcopy(plan())
    edited["replicatedJobs"][0]["job"]["spec"][field] = 7
    assert generation_of(edited, RUN_ID) == edited["generation"]
