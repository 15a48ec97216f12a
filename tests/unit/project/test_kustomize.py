"""kustomize itself, on a copy of the files: what it renders, and what a hostile tree cannot make it do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.pipeline import compile_project
from jobsetgen.project import kustomize
from jobsetgen.project.files import Disk, Files, Memory
from jobsetgen.project.kustomizations import MOST_BYTES, MOST_FILES, MOST_LEVELS
from jobsetgen.project.kustomize import kustomized
from jobsetgen.source.loader import load
from jobsetgen.source.text import MAX_BYTES
from tests.cases import ROOT
from tests.kustomize_binary import kustomize_folder
from tests.rule_examples import BASE

ABOUT = Place("jobsetgen.yaml", 4, 3)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {batch: '8'}\n"
SIMPLE = {"kustomization.yaml": "resources: [a.yaml]\nnamePrefix: dev-\n", "a.yaml": OBJECT}
SECRET = "the content of a file outside"
Trees = Mapping[str, str]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    kustomize._unfit.cache_clear()
    yield
    kustomize._unfit.cache_clear()


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the real kustomize, which is on the PATH."""
    folder = kustomize_folder()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder / "kustomize"


@pytest.fixture
def left_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check that no copy is left behind."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    yield
    assert list((tmp_path / "temporary").iterdir()) == []


def memory(tree: Trees) -> Memory:
    return Memory({name: text.encode() for name, text in tree.items()})


def write(folder: Path, tree: Trees) -> None:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def rendered(files: Files, folder: str = "") -> list[dict[str, object]]:
    source, diagnostics, _ = kustomized(files, folder, ABOUT)
    assert (source is None, diagnostics) == (False, ())
    assert source is not None
    return [document.data for document in load(source.name, source.content).documents]


def failure(tree: Trees, folder: str = "") -> Diagnostic:
    source, (item,), _ = kustomized(memory(tree), folder, ABOUT)
    assert source is None
    assert (item.code, item.place) == ("JSG721", ABOUT)
    return item


def stand_in(folder: Path, script: str) -> None:
    """Put a program in the place of kustomize."""
    folder.mkdir(exist_ok=True)
    (folder / "kustomize").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "kustomize").chmod(0o755)


VERSION = 'if [ "$1" = version ]; then echo v5.8.1; exit; fi\n'


class TestRefusal:
    REMOTE = "resources: [https://example.com/train]\n"

    def test_the_kustomization_with_the_error_is_among_the_sources(self):
        tree = {"kustomization.yaml": "resources: [b, a.yaml]\n", "b/kustomization.yaml": self.REMOTE, "a.yaml": OBJECT}
        found = kustomized(memory(tree), "", ABOUT)
        assert [item.code for item in found.diagnostics] == ["JSG720"]
        (source,) = found.kustomizations
        assert (source.name, source.content) == ("b/kustomization.yaml", self.REMOTE.encode())

    def test_one_that_generates_a_secret_is_not_shown(self):
        text = f"{self.REMOTE}secretGenerator: [{{name: a, literals: [password=hunter2]}}]\n"
        found = kustomized(memory({"kustomization.yaml": text}), "", ABOUT)
        assert [item.code for item in found.diagnostics] == ["JSG720"]
        assert found.kustomizations == []


class TestRendering:
    def test_a_folder_is_what_kustomize_makes_of_it(self, real, left_over):
        (found,) = rendered(memory(SIMPLE))
        assert found["metadata"] == {"name": "dev-settings"}

    def test_it_is_the_same_as_without_us(self, real, tmp_path):
        tree = {
            "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {b: 'yes', \"a\": 'é'}\n",
            "base/a.yaml": OBJECT,
            "over/kustomization.yaml": (
                "resources: [../base]\nnamespace: prod\nbuildMetadata: [originAnnotations]\n"
                "patches: [{path: patch.yaml}]\ntransformers: [suffix.yaml]\n"
                "configMapGenerator: [{name: made, files: [text.txt, key=text.txt], envs: [one.env]}]\n"
            ),
            "over/patch.yaml": OBJECT.replace("'8'", "'16'"),
            "over/suffix.yaml": "apiVersion: builtin\nkind: SuffixTransformer\nmetadata: {name: s}\nsuffix: -b\n"
            "fieldSpecs: [{path: metadata/name}]\n",
            "over/text.txt": "one\r\ntwo \u2028 \x85 \t",
            "over/one.env": "A=1\nB\n",
        }
        write(tmp_path, tree)
        alone = subprocess.run([real, "build", tmp_path / "over"], capture_output=True, check=True)
        source, _, _ = kustomized(Disk(str(tmp_path)), "over", ABOUT)
        assert source is not None
        assert source.content == alone.stdout

    def test_the_name_of_the_result_says_where_its_lines_are(self, real):
        source, _, _ = kustomized(memory({f"deploy/{name}": text for name, text in SIMPLE.items()}), "deploy", ABOUT)
        assert source is not None
        assert source.name == "deploy (rendered by kustomize)"

    def test_a_base_beside_the_project_is_copied_in_its_place(self, real, tmp_path, left_over):
        write(tmp_path, {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": OBJECT})
        write(tmp_path, {"project/over/kustomization.yaml": "resources: [../../base]\nnameSuffix: -b\n"})
        files = Disk(str(tmp_path / "project"), root=str(tmp_path))
        (found,) = rendered(files, "over")
        assert found["metadata"] == {"name": "settings-b"}


class TestProject:
    """A project that lists a folder of kustomize."""

    PROJECT: ClassVar[Trees] = {
        "jobsetgen.yaml": "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
        "resources:\n- {path: deploy, kustomize: true}\n",
        "deploy/kustomization.yaml": "resources: [jobset.yaml]\nnamePrefix: dev-\n",
        "deploy/jobset.yaml": json.dumps(BASE),
    }

    def test_its_jobsets_are_compiled_as_kustomize_changes_them(self, real):
        result = compile_project(memory(self.PROJECT))
        assert (result.ok, [str(item) for item in result.diagnostics if item.is_error]) == (True, [])
        assert "name: dev-demo-workers-0" in result.text()

    def test_a_mistake_has_its_line_in_what_kustomize_prints(self, real):
        wrong = json.dumps(BASE).replace('"replicatedJobs"', '"replicatedJob"')
        result = compile_project(memory({**self.PROJECT, "deploy/jobset.yaml": wrong}))
        assert {item.file for item in result.diagnostics if item.is_error} == {"deploy (rendered by kustomize)"}

    def test_a_failure_has_its_place_in_the_project_file(self, real):
        wrong = {**self.PROJECT, "deploy/kustomization.yaml": "resources: [jobset.yaml]\nnamespace: 5\n"}
        (item,) = compile_project(memory(wrong)).diagnostics
        assert (item.code, item.file, item.line) == ("JSG721", "jobsetgen.yaml", 4)

    def test_in_the_plugin_it_is_refused(self, real, tmp_path):
        write(tmp_path, self.PROJECT)
        (item,) = compile_project(Disk(str(tmp_path), may_run_kustomize=False)).diagnostics
        assert (item.code, item.line) == ("JSG721", 4)


class TestFailing:
    def test_what_kustomize_says_has_the_names_of_the_files(self, real, left_over):
        tree = {"a.yaml": OBJECT, "over/kustomization.yaml": "resources: [../a.yaml]\n"}
        assert "security; file 'a.yaml' is not in or below 'over'" in failure(tree, "over").message

    def test_so_it_has_above_the_project(self, real, tmp_path):
        write(tmp_path, {"base/kustomization.yaml": "resources: [../a.yaml]\n", "a.yaml": OBJECT})
        write(tmp_path, {"project/kustomization.yaml": "resources: [../base]\n"})
        _, (item,), _ = kustomized(Disk(str(tmp_path / "project"), root=str(tmp_path)), "", ABOUT)
        shown = f"{tmp_path}/project/.."
        assert f"security; file '{shown}/a.yaml' is not in or below '{shown}/base'" in item.message

    def test_a_crash_is_one_sentence(self, real):
        tree = {"kustomization.yaml": "resources: [a.yaml]\ncrds: [crd.json]\n", "a.yaml": OBJECT, "crd.json": ""}
        message = failure(tree).message
        assert message == "kustomize has crashed: panic: runtime error: index out of range [0] with length 0"

    def test_a_patch_without_a_target_is_reported(self, real):
        tree = {"kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n", "a.yaml": OBJECT,
                "p.yaml": OBJECT.replace("settings", "other")}  # fmt: skip
        assert "no resource matches strategic merge patch" in failure(tree).message

    def test_a_resource_that_is_no_yaml_is_reported(self, real):
        assert "kustomize fails: " in failure({**SIMPLE, "a.yaml": "{"}).message

    @pytest.mark.parametrize(
        "extra",
        [
            "secretGenerator: [{name: a, literals: [password]}, {name: b, literals: [password=hunter2]}]\n",
            'patches:\n- patch: \'{"kind": "Secret", "stringData": {"a": "hunter2"}}\'\n',
        ],
    )
    def test_no_value_of_a_secret_is_quoted(self, real, extra):
        item = failure({**SIMPLE, "kustomization.yaml": f"resources: [a.yaml]\n{extra}"})
        assert item.message == "kustomize fails: its reason is not shown, because it may quote a Secret"

    def test_the_configuration_of_what_fails_is_left_out(self, real):
        tree = {**SIMPLE, "kustomization.yaml": "resources: [a.yaml]\npatches: [{patch: '[5]', target: {kind: A}}]\n"}
        message = failure(tree).message
        assert message.startswith("kustomize fails: trouble configuring builtin PatchTransformer: unable to parse")

    def test_without_kustomize_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")
        item = failure(SIMPLE)
        assert item.message == "kustomize is not on the PATH"
        assert item.hint == "Install kustomize 5.0 or later; kubectl kustomize is not used."

    @pytest.mark.parametrize("path", ["", ".", "bin", ":", "bin:."])
    def test_a_program_of_the_repository_is_not_run(self, tmp_path, monkeypatch, path):
        stand_in(tmp_path / "bin", f"touch {tmp_path}/ran")
        shutil.copy(tmp_path / "bin" / "kustomize", tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", path)
        assert failure(SIMPLE).message == "kustomize is not on the PATH"
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize(
        ("version", "message"),
        [
            ("v4.5.7", "is kustomize v4.5.7; the minimum is 5.0"),
            ("{Version:kustomize/v4.5.7 GitCommit:}", "is kustomize v4.5.7; the minimum is 5.0"),
            ("(devel)", "does not say its version, but '(devel)'"),
            ("", "does not say its version, but ''"),
        ],
    )
    def test_an_old_kustomize_is_refused(self, tmp_path, monkeypatch, version, message):
        stand_in(tmp_path, f"echo '{version}'")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert failure(SIMPLE).message == f"{tmp_path}/kustomize {message}"

    def test_a_program_that_cannot_run_is_reported(self, tmp_path, monkeypatch):
        (tmp_path / "kustomize").write_text("not a program")
        (tmp_path / "kustomize").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "cannot run" in failure(SIMPLE).message

    def test_where_it_may_not_run_it_says_who_can_allow_it(self, tmp_path, monkeypatch):
        stand_in(tmp_path, f"touch {tmp_path}/ran")
        monkeypatch.setenv("PATH", str(tmp_path))
        _, (item,), _ = kustomized(Disk(str(tmp_path), may_run_kustomize=False), "", ABOUT)
        assert item.message == "kustomize may not run in the Argo CD plugin"
        assert item.hint.startswith("Add --allow-kustomize to the commands 'generate' and 'parameters'")
        assert not (tmp_path / "ran").exists()


class TestLimits:
    def test_an_output_of_more_than_ten_megabytes_is_refused(self, real, left_over):
        big = OBJECT.replace("'8'", json.dumps("a" * 2_000_000))
        names = [f"{n}.yaml" for n in range(6)]
        tree = {"kustomization.yaml": json.dumps({"resources": names})}
        tree |= {name: big.replace("settings", f"settings-{name[0]}") for name in names}
        assert failure(tree).message == "the output of kustomize has more than 10,000,000 bytes"

    def test_an_endless_output_is_cut(self, tmp_path, monkeypatch, left_over):
        stand_in(tmp_path, f"{VERSION}while :; do echo 0123456789012345678901234567890123456789; done")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert failure(SIMPLE).message == "the output of kustomize has more than 10,000,000 bytes"

    def test_bases_that_double_at_each_level_run_out_of_time(self, real, left_over, monkeypatch):
        monkeypatch.setattr(kustomize, "CPU_SECONDS", 2)
        tree = {f"{n}/kustomization.yaml": f"resources: [a, b]\nnamePrefix: p{n}-\n" for n in range(40)}
        for n in range(40):
            for side in "ab":
                below = f"../../{n + 1}" if n < 39 else "../../last"
                tree[f"{n}/{side}/kustomization.yaml"] = f"resources: [{below}]\nnameSuffix: -{side}\n"
        tree["last/kustomization.yaml"] = "resources: [a.yaml]\n"
        tree["last/a.yaml"] = OBJECT
        assert failure(tree, "17").message == "kustomize was killed: more than 2 s of CPU time, or no memory left"

    def test_an_endless_program_is_ended_with_its_children(self, tmp_path, monkeypatch, left_over):
        monkeypatch.setattr(kustomize, "WALL_SECONDS", 1)
        stand_in(tmp_path, f"{VERSION}/bin/sleep 98765 & /bin/sleep 98765")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert failure(SIMPLE).message == "kustomize takes longer than 1 s"
        found = subprocess.run(["/bin/ps", "-eo", "args"], capture_output=True, text=True, check=True)
        assert "sleep 98765" not in found.stdout

    def test_memory_is_limited(self, tmp_path, monkeypatch):
        stand_in(tmp_path, f"{VERSION}ulimit -v; ulimit -t; ulimit -c; exit 1")
        monkeypatch.setenv("PATH", str(tmp_path))
        ended = kustomize._run([f"{tmp_path}/kustomize", "build"], str(tmp_path))
        assert ended.told == "kustomize fails: exit status 1"
        stand_in(tmp_path, "ulimit -v; ulimit -t; ulimit -c")
        assert kustomize._run([f"{tmp_path}/kustomize"], str(tmp_path)).output.split() == [b"1953125", b"20", b"0"]

    def test_running_out_of_memory_is_said(self):
        ended = kustomize._judged(2, b"", b"fatal error: runtime: out of memory\n\ngoroutine 1 [running]:\n")
        assert ended.problem == "kustomize needs more than 2,000 MB of memory"


def test_the_documentation_has_the_limits():
    (row,) = re.findall(r"^\| limits \| (.*)$", (ROOT / "docs" / "kustomize.md").read_text(encoding="utf-8"), re.M)
    assert row.startswith(
        f"{kustomize.CPU_SECONDS} s of CPU time, {kustomize.WALL_SECONDS} s,"
        f" {kustomize.MEMORY // 10**9} GB of memory, {MAX_BYTES // 10**6} MB of output;"
        f" {MOST_LEVELS} levels of kustomizations, {MOST_FILES:,} files with {MOST_BYTES // 10**6} MB in all"
    )


class TestIsolation:
    def test_nothing_of_the_environment_is_passed_on(self, tmp_path, monkeypatch):
        stand_in(tmp_path, "/usr/bin/env")
        monkeypatch.setenv("TOKEN", "secret")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        ended = kustomize._run([f"{tmp_path}/kustomize"], str(tmp_path))
        names = {line.partition(b"=")[0] for line in ended.output.splitlines()}
        # Those that a shell sets itself.
        assert names <= {b"PWD", b"SHLVL", b"_", b"OLDPWD"}

    def test_a_line_of_an_env_file_takes_no_value_from_the_environment(self, real, monkeypatch):
        monkeypatch.setenv("TOKEN", "secret")
        tree = {"kustomization.yaml": "configMapGenerator: [{name: a, envs: [e]}]\n", "e": "TOKEN\nHOME\nPATH\n"}
        (found,) = rendered(memory(tree))
        assert found["data"] == {"TOKEN": "", "HOME": "", "PATH": ""}

    @pytest.mark.parametrize("depth", [0, 1, 2])
    def test_a_file_beside_the_root_is_not_there_for_kustomize(self, real, tmp_path, depth):
        write(tmp_path, {"secret": SECRET})
        up = "../" * (depth + 1)
        write(
            tmp_path / "root",
            {f"{'a/' * depth}kustomization.yaml": f"secretGenerator: [{{name: a, files: [{up}secret]}}]\n"},
        )
        source, (item,), _ = kustomized(Disk(str(tmp_path / "root")), "a/" * depth, ABOUT)
        assert (source, item.code) == (None, "JSG720")

    def test_the_names_between_the_copy_and_the_root_cannot_be_guessed(self, tmp_path):
        contents = {"../base/a": b"one", "x/kustomization.yaml": b"two"}
        starts = set()
        for n in range(2):
            (tmp_path / str(n)).mkdir()
            start = kustomize._copied(str(tmp_path / str(n)), contents, "x")
            starts.add(Path(start).name)
            assert Path(start, "../base/a").read_bytes() == b"one"
        assert len(starts) == 2


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Return a socket that waits for connections."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(100)
        server.setblocking(False)
        yield server


def was_called(server: socket.socket) -> bool:
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def remote_trees(url: str) -> Iterator[Trees]:
    """Yield trees that make kustomize itself open a connection."""
    below = {"kustomization.yaml": "resources: [a.yaml, one]\n", "a.yaml": OBJECT,
             "one/kustomization.yaml": "resources: [../two]\n"}  # fmt: skip
    for field in ("resources", "crds", "configurations", "components", "generators", "transformers", "validators"):
        yield {**below, "two/kustomization.yaml": f"{field}: ['{url}']\n"}
    for field in ("patches", "replacements"):
        yield {**below, "two/kustomization.yaml": f"resources: [b.yaml]\n{field}: [{{path: '{url}'}}]\n",
               "two/b.yaml": OBJECT.replace("settings", "b")}  # fmt: skip
    yield {**below, "two/kustomization.yaml": f"openapi: {{path: '{url}'}}\nnamePrefix: a-\n"}
    yield {**below, "two/kustomization.yaml": f"configMapGenerator: [{{name: a, files: ['k={url}']}}]\n"}
    yield {**below, "two/kustomization.yaml": f"Resources: ['{url}']\n"}
    plugin = f"apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {{name: a}}\nFiles: ['{url}']\n"
    yield {**below, "two/kustomization.yaml": "generators: [g.yaml]\n", "two/g.yaml": plugin}


def test_no_connection_is_opened_where_kustomize_itself_opens_one(real, listener, tmp_path):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/org/repo"
    for number, tree in enumerate(remote_trees(url)):
        folder = tmp_path / str(number)
        write(folder, tree)
        source, diagnostics, _ = kustomized(Disk(str(folder)), "", ABOUT)
        assert source is None
        assert {item.code for item in diagnostics} == {"JSG720"}
        assert not was_called(listener), tree
        # The tree is dangerous indeed. kustomize waits for an answer, so it is ended.
        calling = subprocess.Popen([real, "build", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        is_called = reaches(listener, calling)
        calling.kill()
        calling.wait()
        assert is_called, tree


def reaches(server: socket.socket, process: subprocess.Popen[bytes]) -> bool:
    """Whether a process opens a connection before it ends."""
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        if was_called(server):
            return True
        time.sleep(0.01)
    return was_called(server)


def traced(real: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a kustomize on the PATH whose system calls are recorded; return the record."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not on the PATH")
    record = folder / "record"
    probe = subprocess.run([strace, "-o", record, "/bin/true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("processes cannot be traced here")
    record.unlink()
    stand_in(folder / "bin", f'exec {strace} -f -qq -A -e trace=%network,%file -o {record} {real} "$@"')
    monkeypatch.setenv("PATH", str(folder / "bin"))
    return record


_OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)", O_RDONLY.*= \d+$')


def test_kustomize_opens_its_copies_and_no_socket(real, tmp_path, monkeypatch):
    write(tmp_path, {"secret": SECRET})
    tree = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": OBJECT,
            "over/kustomization.yaml": "resources: [../base]\nconfigMapGenerator: [{name: made, files: [t.txt]}]\n",
            "over/t.txt": "text", "over/unnamed.yaml": OBJECT}  # fmt: skip
    write(tmp_path / "project", tree)
    record = traced(real, tmp_path, monkeypatch)
    assert len(rendered(Disk(str(tmp_path / "project")), "over")) == 2
    calls = record.read_text()
    assert "socket(" not in calls
    opened = {match[1] for line in calls.splitlines() if (match := _OPENED.search(line))}
    files = {path for path in opened if not path.startswith(("/proc/", "/sys/", "/etc/ld.so", "/lib", "/usr/lib"))}
    assert {Path(path).name for path in files} >= {"a.yaml", "t.txt", "kustomization.yaml"}
    assert not [path for path in files if path.startswith(str(tmp_path))]
    assert "unnamed.yaml" not in calls


def test_the_record_would_show_a_socket(real, tmp_path, monkeypatch):
    write(tmp_path / "project", {"kustomization.yaml": "resources: ['http://127.0.0.1:9/a.yaml']\n"})
    record = traced(real, tmp_path, monkeypatch)
    subprocess.run([tmp_path / "bin" / "kustomize", "build", tmp_path / "project"], capture_output=True, check=False)
    assert "socket(" in record.read_text()
