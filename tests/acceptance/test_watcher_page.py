"""What docs/restart-watcher.md says of the script and its rights is so."""

from __future__ import annotations

import json
import re

from jobsetgen import Settings, Source, compile
from jobsetgen.assets import restart_watcher
from jobsetgen.naming import script_digest
from tests.cases import FIXTURES, ROOT

PAGE = (ROOT / "docs" / "restart-watcher.md").read_text()


def role(fixture: str, **settings):
    text = (FIXTURES / "valid" / fixture / "jobset.yaml").read_bytes()
    compiled = compile([Source(name="set.yaml", content=text)], Settings(namespace="training", **settings))
    return next(item for item in compiled.objects() if item["kind"] == "Role")


def test_the_hash_of_the_script():
    assert f"hash `{script_digest(restart_watcher())}`" in PAGE


def test_the_figures_of_large_sets():
    figures = json.loads((ROOT / "docs" / "large-sets.json").read_text())
    git, watcher = (figures[f"large sets, 10,000 Jobs with a plan of 690 KB, {jobs}"] for jobs in ("git", "watcher"))
    text = " ".join(PAGE.split())
    assert f"in {git['seconds']:.0f} s with `jobs: git` and in {watcher['seconds']:.0f} s with `jobs: watcher`" in text
    assert f"at most {git['peak']:.0f} and {watcher['peak']:.0f} MiB of its limit of {git['limit']} MiB" in text


def test_every_right_is_explained_and_no_other():
    explained = re.findall(r"^\| ([a-z, ]+): ([^|]+) \|", PAGE, re.M)
    pairs = {
        (resource, verb)
        for resources, verbs in explained
        for resource in resources.split(", ")
        for verb in re.findall("[a-z]+", re.sub(" on the [a-z]+", "", verbs))
    }
    given = {
        (resource, verb)
        for found in (role("startup-gates"), role("volume-claims", gitops="none"))
        for rule in found["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert pairs == given
