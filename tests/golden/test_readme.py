"""The README and the .gitattributes of output folders, read whole as a reviewer reads them."""

from __future__ import annotations

import pytest

from tests.cases import FIXTURES, arguments

# What each shows, by the name of its fixture.
CASES = {
    "multislice": "slices with chips, one restart policy, exclusive placement",
    "parameter-server": "two replicatedJobs, one after the other",
    "restart-rules": "a failure policy with rules and a pattern",
    "startup-gates": "gates, and accelerators of some Jobs",
    "kueue": "a set that is suspended",
    "multi-document": "several sets",
    "mixed-kinds": "a set among objects that pass through",
    "managed-by": "a JobSet of another controller",
    "zero-replicas": "a replicatedJob without Jobs",
    "domains": "placement by a list of domains",
    "native-sidecar": "containers with resources of their own",
    "multislice-chinese": "text of another alphabet",
}
WATCHED = "multislice"
NAMES = {f"readme/{name}.md" for name in (*CASES, f"{WATCHED}-watcher")} | {"readme/gitattributes.txt"}


def rendered(cli, case: str, folder, *flags: str):
    """Return the output folder of a fixture."""
    words = arguments(FIXTURES / "valid" / case)
    run = cli("build", *words, *flags, "-o", str(folder), folder=FIXTURES / "valid" / case)
    assert run.status == 0, run.err
    return folder


@pytest.mark.parametrize("case", CASES)
def test_readme(case, cli, golden, tmp_path):
    golden(f"readme/{case}.md", (rendered(cli, case, tmp_path / "out") / "README.md").read_text())


def test_readme_where_the_watcher_creates_the_jobs(cli, golden, tmp_path):
    folder = rendered(cli, WATCHED, tmp_path / "out", "--jobs", "watcher")
    golden(f"readme/{WATCHED}-watcher.md", (folder / "README.md").read_text())


def test_gitattributes(cli, golden, tmp_path):
    folder = rendered(cli, "mixed-kinds", tmp_path / "out", "--jobs", "watcher")
    golden("readme/gitattributes.txt", (folder / ".gitattributes").read_text())
