"""The same input gives the same bytes, wherever and however it is compiled."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from tests.acceptance.processes import run
from tests.cases import FIXTURES, ROOT
from tests.rules.expectations import cases

# Between them: text of all kinds, several files, placement, claims, a generated name.
CASES = ["block-scalars", "mixed-kinds", "priority-classes", "volume-claims", "generate-name-exclusive", "domains"]


@pytest.fixture(params=CASES)
def case(request):
    return FIXTURES / "valid" / request.param


@cache
def built(case: Path) -> tuple[bytes, bytes]:
    """Return what `build` prints, once for each case."""
    done = run("build", ".", folder=case)
    assert done.returncode == 0
    return done.stdout, done.stderr


@pytest.fixture
def expected(case):
    return built(case)


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_under_any_hash_seed(case, expected, seed):
    done = run("build", ".", folder=case, PYTHONHASHSEED=seed)
    assert (done.stdout, done.stderr) == expected


def test_a_picture_under_any_hash_seed():
    case = FIXTURES / "valid" / "multiple-depends-on"
    drawn = {run("graph", ".", folder=case, PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "2")}
    assert len(drawn) == 1
    assert drawn.pop().startswith(b"flowchart")


@pytest.mark.parametrize(("locale", "zone"), [("C", "UTC"), ("C.UTF-8", "Asia/Kolkata"), ("POSIX", "America/St_Johns")])
def test_in_any_locale_and_time_zone(case, expected, locale, zone):
    done = run("build", ".", folder=case, LC_ALL=locale, TZ=zone, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert (done.stdout, done.stderr) == expected


def test_from_another_folder(case, expected, tmp_path):
    shutil.copytree(case, tmp_path / "elsewhere" / "app")
    done = run("build", "elsewhere/app", folder=tmp_path)
    assert done.stdout == expected[0]
    assert done.stderr.replace(b"elsewhere/app/", b"") == expected[1]


def test_with_one_core(case, expected):
    cores = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(cores)})
        done = run("build", ".", folder=case)
    finally:
        os.sched_setaffinity(0, cores)
    assert (done.stdout, done.stderr) == expected


def test_from_standard_input():
    case = FIXTURES / "valid" / "block-scalars"
    done = run("build", "-", folder=case, stdin=(case / "jobset.yaml").read_bytes())
    assert done.stdout == run("build", ".", folder=case).stdout


def test_a_folder_is_written_alike_under_any_umask(tmp_path):
    case = FIXTURES / "valid" / "volume-claims"
    for name, mask in (("a", 0o077), ("b", 0o002)):
        before = os.umask(mask)
        try:
            assert run("build", ".", "-o", str(tmp_path / name), folder=case).returncode == 0
        finally:
            os.umask(before)
    a, b = (
        {path.relative_to(tmp_path / x): path.read_bytes() for path in (tmp_path / x).rglob("*") if path.is_file()}
        for x in "ab"
    )
    assert a == b
    assert len(a) > 4


def test_no_variable_but_the_named_ones_matters(tmp_path):
    case = FIXTURES / "valid" / "multislice"
    plain = run("build", ".", folder=case).stdout
    for name in ("NAMESPACE", "KUBECONFIG", "USER", "HOME", "KUBE_VERSION", "ARGOCD_APP_NAME"):
        assert run("build", ".", folder=case, **{name: "other"}).stdout == plain
    assert run("build", ".", folder=case, ARGOCD_APP_NAMESPACE="other").stdout != plain


RULE_CASES = [str(case.path.relative_to(ROOT)) for case in cases() if case.path.is_file()]


# Every case in one format; of the others, which get the same diagnostics, some cases.
ORDERED = {"text": RULE_CASES, **dict.fromkeys(["json", "github", "sarif"], RULE_CASES[::5])}


@pytest.mark.parametrize("form", ORDERED)
def test_every_diagnostic_comes_in_the_same_order_under_any_hash_seed(form):
    files = ORDERED[form]
    runs = [run("validate", *files, "--format", form, folder=ROOT, PYTHONHASHSEED=seed) for seed in "01"]
    (said,) = {done.stdout + done.stderr for done in runs}
    assert said.count(b"JSG") > len(files)
