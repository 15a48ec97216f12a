"""The wheel, installed where nothing else of the repository is."""

from __future__ import annotations

import os
import shlex
import site
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from jobsetgen.release import VERSION
from tests.acceptance.processes import make_environment, run_tool
from tests.cases import FIXTURES, ROOT, without_script
from tests.outputs import built


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Build the wheel and install it in a fresh environment, which borrows only the dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    make_environment(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # Behind the environment's own packages, and without the editable installation of this checkout.
    dependencies = [path for path in site.getsitepackages() if Path(path).is_dir()]
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in dependencies))
    return folder / "venv" / "bin" / "jobsetgen"


def published(checkout: Path, mask: int, zone: str) -> dict[str, bytes]:
    """Return the archives that `make dist` builds in a checkout, whose user has a umask and a time zone."""
    environment = Path(sys.prefix)
    # This environment is ready, whatever the dates of the checkout's files.
    make = ["make", "--no-print-directory", "dist", f"VENV={environment}", f"--old-file={environment}/.ready"]
    variables = {**os.environ, "PYTHONHASHSEED": str(mask), "TZ": zone}
    done = subprocess.run(make, cwd=checkout, env=variables, capture_output=True, text=True, check=False, umask=mask)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (checkout / "dist").iterdir()}


def test_two_builds_of_a_commit_have_the_same_bytes_and_its_date(kept, tmp_path):
    builds = []
    for number, (mask, zone) in enumerate([(0o022, "UTC"), (0o077, "Asia/Tokyo")]):
        checkout = tmp_path / str(number)
        subprocess.run(["git", "clone", "--quiet", kept.clone, checkout], check=True, umask=mask)
        subprocess.run(["git", "checkout", "--quiet", "--detach", kept.commit], cwd=checkout, check=True, umask=mask)
        for path in checkout.rglob("*.py"):
            os.utime(path, (number, number))
        builds.append(published(checkout, mask, zone))
    first, second = builds
    assert sorted(first) == [f"jobsetgen-{VERSION}-py3-none-any.whl", f"jobsetgen-{VERSION}.tar.gz"]
    assert first == second

    committed = run_tool(["git", "log", "-1", "--format=%ct", kept.commit], kept.clone).stdout
    with tarfile.open(tmp_path / "0" / "dist" / f"jobsetgen-{VERSION}.tar.gz") as archive:
        assert {member.mtime for member in archive} == {int(committed)}


def run(program: Path, *arguments: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_package_is_the_installed_one(program, tmp_path):
    code = "import jobsetgen; print(jobsetgen.__file__)"
    printed = subprocess.run(
        [program.with_name("python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(program.parent.parent) in printed.stdout


def test_it_builds_from_another_folder(program, tmp_path):
    case = FIXTURES / "valid" / "multislice" / "jobset.yaml"
    expected = (ROOT / "tests/golden/snapshots/valid/multislice/any.yaml").read_text()
    assert without_script(run(program, "build", str(case), folder=tmp_path)) == expected


def test_it_finds_its_schemas(program, tmp_path):
    expected = (ROOT / "tests/golden/snapshots/schema/jobset-1.37.json").read_text()
    assert run(program, "schema", folder=tmp_path) == expected


def test_it_finds_its_templates(program, tmp_path):
    expected = (ROOT / "tests/golden/snapshots/init/jax.yaml").read_text()
    assert run(program, "init", "jax", folder=tmp_path) == expected


def test_it_has_the_pages_of_the_codes(program, tmp_path):
    expected = (ROOT / "docs/rules/JSG226.md").read_text()
    assert run(program, "rule", "JSG226", "--format", "markdown", folder=tmp_path) == expected


def test_it_finds_the_script_and_the_tables_of_characters(program, tmp_path):
    case = FIXTURES / "valid" / "existing-account"
    options = shlex.split((case / "args.txt").read_text())
    printed = run(program, "build", *options, str(case / "jobset.yaml"), folder=tmp_path)
    assert without_script(printed) == built(case, "any").output
