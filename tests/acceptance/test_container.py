"""The sidecar's Containerfile without a container engine: its own commands in a mount namespace, and what comes of them.

/opt, /srv and /home are the container's there; the rest is this machine's. It runs as Argo CD's user on a read-only tree.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.processes import run as jobsetgen
from tests.cases import FIXTURES, ROOT

FILE = (ROOT / "deploy" / "argocd" / "Containerfile").read_text()
MULTISLICE = FIXTURES / "valid" / "multislice"
_COPIED = (".coverage*", ".git", ".venv", "tests", "docs", ".*cache*", ".hypothesis", "dist")
_OURS = ("/opt", "/srv", "/home")


def instructions(name: str) -> list[str]:
    """Return what stands behind each instruction of a name, in order."""
    return re.findall(rf"^{name} (.+)$", FILE, re.M)


def _python() -> str | None:
    """Return a Python that any user may run, as that of an image is."""
    for each in ("/usr/local/bin/python3", "/usr/bin/python3"):
        check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
        command = ["setpriv", "--reuid=999", "--regid=999", "--clear-groups", each, "-c", check]
        if os.path.exists(each) and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return each
    return None


def _why_not() -> str:
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return "a mount namespace needs root, unshare and setpriv"
    if not all(map(os.path.isdir, _OURS)):
        return f"there are no folders {', '.join(_OURS)} to put the container's own over"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "no mount namespace can be made here"
    return "" if _python() else "there is no Python 3.11 or newer that any user may run"


pytestmark = pytest.mark.skipif(bool(_why_not()), reason=_why_not())


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Run what builds the image; return a folder with what lies in /opt, /srv and /home of it."""
    root = tmp_path_factory.mktemp("image")
    root.chmod(0o755)
    for name in _OURS:
        (root / name[1:]).mkdir()
    shutil.copytree(ROOT, root / "srv", dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_COPIED))
    done = inside(root, *instructions("RUN"))
    assert done.returncode == 0, done.stderr
    for words in map(shlex.split, instructions("COPY")):
        if words[0].startswith("--from") or words[0] == ".":
            continue  # both stages are one here
        target = root / words[1][1:]
        target.parent.mkdir(parents=True)
        shutil.copy(ROOT / words[0], target)
    (root / "home" / "app").mkdir()  # an application's folder, where that user can see it
    shutil.copy(MULTISLICE / "jobset.yaml", root / "home" / "app")
    return root


def inside(root: Path, *commands: str, lead: str = "") -> subprocess.CompletedProcess[str]:
    """Run commands where the folders of the container lie over those of this machine."""
    mounts = [f"mount --bind {root}{name} {name}" for name in _OURS]
    script = "\n".join([*mounts, lead, *commands])
    environment = {"PATH": f"{Path(_python() or '').parent}:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    inherited = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTPS_"))}
    return subprocess.run(
        ["unshare", "--mount", "--propagation=private", "sh", "-e", "-c", script],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def as_argocd(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the application's folder as the image's user, with its environment, on a read-only tree."""
    (user,) = instructions("USER")
    variables = [*instructions("ENV"), "ARGOCD_APP_NAMESPACE=training"]
    lead = "\n".join([*(f"mount -o remount,bind,ro {name}" for name in _OURS), "cd /home/app"])
    drop = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs", "env", "-i"]
    return inside(root, shlex.join([*drop, *variables, *words]), lead=lead)


def test_the_plugins_commands_run_as_its_user_on_a_read_only_tree(image):
    done = as_argocd(image, "jobsetgen", "argocd", "generate")
    expected = jobsetgen("argocd", "generate", folder=MULTISLICE, ARGOCD_APP_NAMESPACE="training")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.encode() == expected.stdout
    assert as_argocd(image, "jobsetgen", "argocd", "discover").stdout == "jobset.yaml\n"


def test_what_is_there_cannot_be_changed_by_it(image):
    done = as_argocd(image, "python3", "-c", "open('/opt/jobsetgen/x', 'w')")
    assert done.returncode != 0
    assert "x" not in [path.name for path in (image / "opt" / "jobsetgen").iterdir()]


def test_the_plugin_file_is_where_the_server_looks_for_it(image):
    found = image / "home" / "argocd" / "cmp-server" / "config" / "plugin.yaml"
    assert found.read_bytes() == (ROOT / "deploy" / "argocd" / "plugin.yaml").read_bytes()


def test_no_shell_is_needed():
    assert all(line.startswith("[") for line in instructions("ENTRYPOINT"))
    plugin = (ROOT / "deploy" / "argocd" / "plugin.yaml").read_text()
    assert not re.search(r"\bsh\b", plugin)
