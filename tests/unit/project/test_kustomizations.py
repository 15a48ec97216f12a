"""What kustomize may read: everything that a folder names, and nothing that is fetched, run or elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.diagnostics import Place
from jobsetgen.project import kustomizations
from jobsetgen.project.files import Disk, Files, Memory
from jobsetgen.project.kustomization_fields import as_json, is_remote, references
from jobsetgen.project.kustomizations import Collected, collect
from jobsetgen.source.loader import load

ABOUT = Place("jobsetgen.yaml", 4, 3)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
PLUGIN = "apiVersion: builtin\nkind: {kind}\nmetadata: {{name: plugin}}\n"
Trees = Mapping[str, str]


def memory(tree: Trees) -> Memory:
    return Memory({name: text.encode() for name, text in tree.items()})


def collected(tree: Trees, folder: str = "") -> Collected:
    return collect(memory(tree), folder, ABOUT)


def told(found: Collected) -> list[str]:
    """Return each diagnostic with its place, as people read it."""
    assert {item.code for item in found.diagnostics} <= {"JSG720"}
    return [f"{item.file}:{item.line}: {item.message}" for item in found.diagnostics]


def only(tree: Trees, folder: str = "") -> str:
    (line,) = told(collected(tree, folder))
    return line


EVERY_FIELD = """\
resources: [a.yaml, sub]
components: [part]
crds: [crd.json]
configurations: [config.yaml]
openapi: {path: schema.json}
patchesStrategicMerge: [old.yaml, "kind: ConfigMap\\nmetadata: {name: settings}\\n"]
patchesJson6902: [{path: six.yaml, target: {kind: ConfigMap, name: settings, version: v1}}]
patches: [{path: patch.yaml}, {patch: "kind: ConfigMap"}]
replacements: [{path: replaced.yaml}]
configMapGenerator: [{name: made, files: [text.txt, key=other.txt], envs: [one.env], env: two.env}]
secretGenerator: [{name: hidden, type: Opaque, files: [secret.txt], literals: [a=b]}]
generators: [generator.yaml]
transformers: [labels.yaml]
validators: [checks.yaml]
namePrefix: dev-
"""
NAMED = [
    "a.yaml",
    "crd.json",
    "config.yaml",
    "schema.json",
    "old.yaml",
    "six.yaml",
    "patch.yaml",
    "replaced.yaml",
    "text.txt",
    "other.txt",
    "one.env",
    "two.env",
    "secret.txt",
    "sub/b.yaml",
]
WHOLE = {
    "kustomization.yaml": EVERY_FIELD,
    "sub/kustomization.yml": "resources: [b.yaml]\n",
    "part/Kustomization": "kind: Component\n",
    "generator.yaml": PLUGIN.format(kind="ConfigMapGenerator") + "literals: [a=b]\n",
    "labels.yaml": PLUGIN.format(kind="LabelTransformer") + "labels: {on: off}\n",
    "checks.yaml": PLUGIN.format(kind="PatchTransformer") + "patch: '[]'\n",
    **dict.fromkeys(NAMED, "the content\n"),
}


def test_every_file_that_a_kustomization_names_is_collected():
    found = collected({**WHOLE, "unnamed.yaml": "not collected"})
    assert told(found) == []
    assert set(found.contents) == set(WHOLE)
    assert {found.contents[name] for name in NAMED} == {b"the content\n"}


def test_a_kustomization_is_passed_on_as_what_was_read_in_it():
    found = collected(WHOLE)
    passed = json.loads(found.contents["kustomization.yaml"])
    assert passed["resources"] == ["./a.yaml", "./sub"]
    assert passed["configMapGenerator"][0]["files"] == ["./text.txt", "key=./other.txt"]
    assert passed["patchesStrategicMerge"] == ["./old.yaml", "kind: ConfigMap\nmetadata: {name: settings}\n"]
    assert passed["namePrefix"] == "dev-"


def test_a_plugin_is_passed_on_as_kustomize_reads_it():
    assert json.loads(collected(WHOLE).contents["labels.yaml"])["labels"] == {"on": "off"}


def test_a_base_may_lie_beside_the_project_if_the_root_is_above(tmp_path):
    write(tmp_path, {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": OBJECT})
    write(tmp_path, {"project/over/kustomization.yaml": "resources: [../../base]\n"})
    found = collect(Disk(str(tmp_path / "project"), root=str(tmp_path)), "over", ABOUT)
    assert set(found.contents) == {"over/kustomization.yaml", "../base/kustomization.yaml", "../base/a.yaml"}


REMOTE = [
    "https://example.com/base?ref=main",
    "HTTPS://example.com/a.yaml",
    "http:example.com",
    "git::https://example.com/org/repo",
    "git::a/b",
    "git@example.com:org/repo",
    "user@example.com/org/repo",
    "ssh://git@example.com/org/repo",
    "file:///etc",
    "FILE:///etc",
    "gh:org/repo",
    "github.com/org/repo",
    "GitHub.com/org/repo//deploy?ref=v1",
    "github.com:org/repo",
    "g\u0130thub.com/org/repo",
    "g\u0131thub.com/org/repo",
    "example.com/org/repo?ref=v1",
    "./a?ref=v1",
]


@pytest.mark.parametrize("url", REMOTE)
def test_whatever_kustomize_could_fetch_is_remote_even_if_a_file_has_its_name(url):
    assert is_remote(url)
    folder = url.rstrip("/")
    tree = {"kustomization.yaml": json.dumps({"resources": [url]}), f"{folder}/kustomization.yaml": "namePrefix: a-\n"}
    assert only(tree) == f"kustomization.yaml:1: kustomize would fetch '{url}'"


@pytest.mark.parametrize("path", ["a.yaml", "../base", "./foo@bar.service", "units/foo@bar", "a//b.yaml", "Ä.yaml"])
def test_a_path_is_not_remote(path):
    assert not is_remote(path)


URL = "https://example.com/base"
BELOW = {
    "kustomization.yaml": "resources: [one]\n",
    "one/kustomization.yaml": "resources: [../two]\n",
    "two/kustomization.yaml": "components:\n- ../three\n",
}
IN_FIELDS = {
    "resources": f"resources:\n- {URL}\n",
    "bases": f"bases:\n- {URL}\n",
    "components": f"components:\n- {URL}\n",
    "crds": f"crds:\n- {URL}\n",
    "configurations": f"configurations:\n- {URL}\n",
    "openapi": f"openapi:\n  path: {URL}\n",
    "patches": f"patches:\n- path: {URL}\n",
    "patchesStrategicMerge": f"patchesStrategicMerge:\n- {URL}\n",
    "patchesJson6902": f"patchesJson6902:\n- path: {URL}\n",
    "replacements": f"replacements:\n- path: {URL}\n",
    "files": f"configMapGenerator: [{{name: a, files: [\n    'key={URL}']}}]\n",
    "envs": f"configMapGenerator: [{{name: a, envs: [\n    '{URL}']}}]\n",
    "env": f"secretGenerator: [{{name: a,\n    env: '{URL}'}}]\n",
    "generators": f"generators:\n- {URL}\n",
    "transformers": f"transformers:\n- {URL}\n",
    "validators": f"validators:\n- {URL}\n",
}


@pytest.mark.parametrize("field", IN_FIELDS)
def test_a_url_three_levels_down_is_refused_in_every_field(field):
    tree = {**BELOW, "three/kustomization.yaml": IN_FIELDS[field]}
    assert only(tree) == f"three/kustomization.yaml:2: kustomize would fetch '{URL}'"


REFUSED = {
    "a field in another case": (
        {"kustomization.yaml": f"Resources: [{URL}]\n"},
        "kustomization.yaml:1: unknown field 'Resources'; what kustomize reads for it cannot be checked",
    ),
    "a field in letters that Go folds": (
        {"kustomization.yaml": f"re\u017fources: [{URL}]\n"},
        "kustomization.yaml:1: unknown field 're\u017fources'; what kustomize reads for it cannot be checked",
    ),
    "a field of an item in another case": (
        {"kustomization.yaml": f"patches: [{{Path: '{URL}'}}]\n"},
        "kustomization.yaml:1: unknown field 'Path'; what kustomize reads for it cannot be checked",
    ),
    "a field of a generator in another case": (
        {"kustomization.yaml": f"configMapGenerator: [{{name: a, FILES: ['{URL}']}}]\n"},
        "kustomization.yaml:1: unknown field 'FILES'; what kustomize reads for it cannot be checked",
    ),
    "a chart": (
        {"kustomization.yaml": "helmCharts: [{name: a, repo: 'https://example.com'}]\n"},
        "kustomization.yaml:1: helmCharts would run Helm",
    ),
    "a chart of old": (
        {"kustomization.yaml": "helmChartInflationGenerator: [{chartName: a}]\n"},
        "kustomization.yaml:1: helmChartInflationGenerator would run Helm",
    ),
    "an absolute path": (
        {"kustomization.yaml": "resources: [/etc/passwd]\n"},
        "kustomization.yaml:1: '/etc/passwd' is not a relative path",
    ),
    "a path out of the root": (
        {"kustomization.yaml": "resources:\n- ../elsewhere\n"},
        "kustomization.yaml:2: ../elsewhere is outside the folder being compiled",
    ),
    "a file out of the root in a generator": (
        {"kustomization.yaml": "secretGenerator: [{name: a, files: [key=../../etc/shadow]}]\n"},
        "kustomization.yaml:1: ../../etc/shadow is outside the folder being compiled",
    ),
    "a missing file, which kustomize would look for elsewhere": (
        {"kustomization.yaml": "resources: [missing]\n"},
        "kustomization.yaml:1: file not found: missing",
    ),
    "a cycle": (
        {"kustomization.yaml": "resources: [a]\n", "a/kustomization.yaml": "resources: [../b]\n",
         "b/kustomization.yaml": "resources:\n- ../a\n"},
        "b/kustomization.yaml:2: a is its own base",
    ),
    "itself": (
        {"kustomization.yaml": "resources: [.]\n"},
        "kustomization.yaml:1: . is its own base",
    ),
    "a folder without a kustomization": (
        {"kustomization.yaml": "resources: [a]\n", "a/b.yaml": OBJECT},
        "kustomization.yaml:1: no kustomization.yaml in a",
    ),
    "two kustomizations": (
        {"kustomization.yaml": "resources: [a]\n", "a/kustomization.yaml": "{}", "a/Kustomization": "{}"},
        "kustomization.yaml:1: more than one kustomization in a",
    ),
    "two documents": (
        {"kustomization.yaml": "resources: [a]\n", "a/kustomization.yaml": f"{{}}\n---\nresources: [{URL}]\n"},
        "kustomization.yaml:1: a/kustomization.yaml must contain one Kustomization",
    ),
    "a list": (
        {"kustomization.yaml": "resources: [a]\n", "a/kustomization.yaml": "[a]\n"},
        "kustomization.yaml:1: a/kustomization.yaml must contain one Kustomization",
    ),
    "a folder for a file": (
        {"kustomization.yaml": "crds: [a]\n", "a/b.yaml": OBJECT},
        "kustomization.yaml:1: a is not a file",
    ),
    "a file for a folder": (
        {"kustomization.yaml": "components: [a.yaml]\n", "a.yaml": OBJECT},
        "kustomization.yaml:1: a.yaml is not a folder",
    ),
    "an exec function": (
        {"kustomization.yaml": "transformers: [f.yaml]\n",
         "f.yaml": "apiVersion: example.com/v1\nkind: Run\nmetadata:\n  name: run\n  annotations:\n"
                   "    config.kubernetes.io/function: 'exec: {path: ./run.sh}'\n"},
        "kustomization.yaml:1: Run of example.com/v1 is not built into kustomize: it would run a program",
    ),
    "a function in the kustomization": (
        {"kustomization.yaml": "generators:\n- |\n  apiVersion: example.com/v1\n  kind: Run\n  metadata: {name: a}\n"},
        "kustomization.yaml:2: Run of example.com/v1 is not built into kustomize: it would run a program",
    ),
    "a chart as a plugin": (
        {"kustomization.yaml": "generators: [g.yaml]\n", "g.yaml": PLUGIN.format(kind="HelmChartInflationGenerator")},
        "kustomization.yaml:1: HelmChartInflationGenerator of builtin is not built into kustomize:"
        " it would run a program",
    ),
    "a plugin in a List": (
        {"kustomization.yaml": "generators: [g.yaml]\n", "g.yaml": "apiVersion: v1\nkind: List\nitems: []\n"},
        "kustomization.yaml:1: List of v1 is not built into kustomize: it would run a program",
    ),
    "a second plugin": (
        {"kustomization.yaml": "generators: [g.yaml]\n",
         "g.yaml": f"{PLUGIN.format(kind='ConfigMapGenerator')}---\napiVersion: a/v1\nkind: B\n"},
        "kustomization.yaml:1: B of a/v1 is not built into kustomize: it would run a program",
    ),
    "a plugin that fetches": (
        {"kustomization.yaml": "generators: [g.yaml]\n",
         "g.yaml": f"{PLUGIN.format(kind='ConfigMapGenerator')}files: ['{URL}']\n"},
        "kustomization.yaml:1: files of a ConfigMapGenerator names a file",
    ),
    "a plugin that fetches, in another case": (
        {"kustomization.yaml": "transformers: [g.yaml]\n",
         "g.yaml": f"{PLUGIN.format(kind='PatchTransformer')}PATH: '{URL}'\n"},
        "kustomization.yaml:1: PATH of a PatchTransformer names a file",
    ),
    "a replacement that fetches": (
        {"kustomization.yaml": "transformers: [g.yaml]\n",
         "g.yaml": f"{PLUGIN.format(kind='ReplacementTransformer')}Replacements: [{{Path: '{URL}'}}]\n"},
        "kustomization.yaml:1: Path of a ReplacementTransformer names a file",
    ),
    "plugins that a kustomization would make": (
        {"kustomization.yaml": "transformers: [made]\n", "made/kustomization.yaml": "resources: [a.yaml]\n"},
        "kustomization.yaml:1: made is not a file",
    ),
    "a plugin that is no YAML": (
        {"kustomization.yaml": "transformers: [a.txt]\n", "a.txt": "{"},
        "kustomization.yaml:1: not the YAML of a generator or transformer",
    ),
    "a kustomization that is also data": (
        {"kustomization.yaml": "resources: [a]\nconfigMapGenerator: [{name: b, files: [a/kustomization.yaml]}]\n",
         "a/kustomization.yaml": "namePrefix: a-\n"},
        "kustomization.yaml:2: a/kustomization.yaml is read in two ways, or by a link",
    ),
}  # fmt: skip


@pytest.mark.parametrize("tree", REFUSED)
def test_a_hostile_tree_is_refused_at_the_line_that_names_it(tree):
    files, message = REFUSED[tree]
    assert only(files) == message


def test_everything_wrong_is_reported_in_one_run():
    tree = {
        "kustomization.yaml": f"resources:\n- {URL}\n- a\ncrds:\n- b.yaml\n",
        "a/kustomization.yaml": "helmCharts: []",
    }
    assert told(collected(tree)) == [
        f"kustomization.yaml:2: kustomize would fetch '{URL}'",
        "a/kustomization.yaml:1: helmCharts would run Helm",
        "kustomization.yaml:5: file not found: b.yaml",
    ]


def test_a_folder_without_a_kustomization_is_reported_at_the_resource():
    assert only({"deploy/a.yaml": OBJECT}, "deploy") == "jobsetgen.yaml:4: no kustomization.yaml in deploy"


def test_invalid_yaml_is_reported_where_it_is():
    (item,) = collected({"kustomization.yaml": "resources: [a.yaml]\nresources: []\n"}).diagnostics
    assert (item.file, item.line) == ("kustomization.yaml", 2)


def test_a_base_of_two_overlays_is_read_once():
    tree = {
        "kustomization.yaml": "resources: [a, b]\n",
        "a/kustomization.yaml": "resources: [../base]\n",
        "b/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": f"resources: ['{URL}']\n",
    }
    assert only(tree) == f"base/kustomization.yaml:1: kustomize would fetch '{URL}'"


def chain(levels: int) -> dict[str, str]:
    tree = {f"{n}/kustomization.yaml": f"resources: [../{n + 1}]\n" for n in range(1, levels)}
    return {**tree, f"{levels}/kustomization.yaml": "namePrefix: a-\n"}


def test_fifty_levels_are_followed_and_no_more():
    assert told(collected(chain(50), "1")) == []
    assert only(chain(51), "1") == "50/kustomization.yaml:1: more than 50 levels of kustomizations"


def test_levels_that_double_are_read_once_each():
    levels = {
        f"{n}{side}/kustomization.yaml": f"resources: [../{n + 1}a, ../{n + 1}b]\n" for n in range(49) for side in "ab"
    }
    last = {f"49{side}/kustomization.yaml": "namePrefix: a-\n" for side in "ab"}
    found = collected({**levels, **last}, "0a")
    assert (told(found), len(found.contents)) == ([], 99)


def test_too_many_files_are_one_error(monkeypatch):
    monkeypatch.setattr(kustomizations, "MOST_FILES", 3)
    names = [f"{n}.yaml" for n in range(9)]
    tree = {"kustomization.yaml": json.dumps({"resources": names}), **dict.fromkeys(names, OBJECT)}
    assert only(tree).endswith("kustomize may read 3 files and 50,000,000 bytes at most")


def test_too_many_bytes_are_an_error(monkeypatch):
    monkeypatch.setattr(kustomizations, "MOST_BYTES", 100)
    assert "at most" in only({"kustomization.yaml": "crds: [a.json]\n", "a.json": "a" * 101})


def test_a_file_that_is_too_large_is_an_error():
    found = only({"kustomization.yaml": "crds: [a.json]\n", "a.json": "a" * 10_000_001})
    assert found == "kustomization.yaml:1: a.json has more than 10,000,000 bytes"


@pytest.mark.parametrize(
    "value", ["null", "5", "text", "{a: b}", "[null]", "[5]", "[[a]]", "[{a: [b]}]", "[{path: 5}]"]
)
@pytest.mark.parametrize("field", ["resources", "patches", "configMapGenerator", "openapi", "transformers"])
def test_a_value_of_another_type_is_no_traceback(field, value):
    collected({"kustomization.yaml": f"{field}: {value}\n"})


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("..", ".. is outside the folder being compiled"),
        ("/", "'/' is not a relative path"),
        ("missing", "file not found: missing"),
        ("a.yaml", "a.yaml is not a folder"),
    ],
)
def test_a_resource_that_is_no_folder_of_the_project_is_refused(folder, message):
    found = collected({"a.yaml": OBJECT}, folder)
    assert (told(found), found.contents) == ([f"jobsetgen.yaml:4: {message}"], {})


TEXTS = st.sampled_from(["a.yaml", "sub", "../x", "k=a.yaml", URL, "gh:a", "a\nb", "{a: b}", "", "/etc", "./sub/.."])
VALUES = st.recursive(
    TEXTS | st.none() | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["path", "Path", "files", "envs", "env", "patch"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from([*IN_FIELDS, "configMapGenerator", "secretGenerator", "Resources", "metadata"])


@given(st.dictionaries(FIELDS, VALUES, max_size=4))
def test_kustomize_is_given_no_entry_that_it_could_fetch(data):
    tree = {"kustomization.yaml": json.dumps(data), "a.yaml": OBJECT, "sub/kustomization.yaml": json.dumps(data)}
    found = collected(tree)
    if found.diagnostics:
        return
    passed = [json.loads(text) for name, text in found.contents.items() if name.endswith("kustomization.yaml")]
    entries = [entry.text for each in passed for entry in references(each)]
    assert [text for text in entries if not text.startswith(("./", "../", "{"))] == []


def write(folder: Path, tree: Trees) -> Files:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Disk(str(folder))


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_text("the secret")
    files = write(tmp_path / "project", {"kustomization.yaml": "configMapGenerator: [{name: a, files: [link]}]\n"})
    (tmp_path / "project" / "link").symlink_to("../secret")
    found = collect(files, "", ABOUT)
    assert found.diagnostics[0].message == f"{tmp_path}/project/link is outside the folder being compiled"
    assert b"the secret" not in b"".join(found.contents.values())


def test_a_kustomization_that_is_a_link_out_is_refused(tmp_path):
    (tmp_path / "kustomization.yaml").write_text("namePrefix: secret-\n")
    files = write(tmp_path / "project", {"a.yaml": OBJECT})
    (tmp_path / "project" / "kustomization.yaml").symlink_to("../kustomization.yaml")
    found = collect(files, "", ABOUT)
    assert [item.message for item in found.diagnostics] == [
        f"{tmp_path}/project/kustomization.yaml is outside the folder being compiled"
    ]


def test_a_pipe_is_refused_and_not_read(tmp_path):
    files = write(tmp_path, {"kustomization.yaml": "resources: [pipe.yaml]\n"})
    os.mkfifo(tmp_path / "pipe.yaml")
    assert [item.message for item in collect(files, "", ABOUT).diagnostics] == [f"{tmp_path}/pipe.yaml is not a file"]


def test_a_loop_of_links_ends(tmp_path):
    files = write(tmp_path, {"kustomization.yaml": "resources: [loop]\n"})
    (tmp_path / "loop").symlink_to(".")
    (item,) = collect(files, "", ABOUT).diagnostics
    assert item.message.endswith("is its own base")


def test_a_link_to_a_folder_leads_where_kustomize_follows_it(tmp_path):
    tree = {
        "over/kustomization.yaml": "resources: [link]\n",
        "linked/base/kustomization.yaml": "resources: [../sibling]\n",
        "linked/sibling/kustomization.yaml": "namePrefix: linked-\n",
        "over/sibling/kustomization.yaml": "namePrefix: other-\n",
    }
    files = write(tmp_path, tree)
    (tmp_path / "over" / "link").symlink_to("../linked/base")
    found = collect(files, "over", ABOUT)
    assert b"linked-" in b"".join(found.contents.values())
    assert b"other-" not in b"".join(found.contents.values())


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\ufeff", "\x7f", "😀", '"', "\\", "\t", "é"])
def test_every_character_survives_the_json(character):
    data = {f"a{character}b": [f"{character} c"]}
    assert json.loads(as_json(data)) == data
    assert load("json", as_json(data).encode()).documents[0].data == data
