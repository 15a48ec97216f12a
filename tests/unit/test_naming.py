"""Names, keys and hashes: identities of running objects, which never change."""

from __future__ import annotations

import hashlib
import subprocess
import uuid

from jobsetgen import naming


def test_names_of_jobs_pods_and_claims():
    assert naming.job_name("set", "workers", 3) == "set-workers-3"
    assert naming.pod_hostname("set", "workers", 3, 1) == "set-workers-3-1"
    assert naming.claim_name("cache", "set") == "cache-set"


def test_the_job_key_is_upstreams():
    assert naming.job_key("default", "multislice-workers-0") == "1e69042f53a6917b3c4761dd7c2c76dcd35dd507"
    assert naming.job_key("a", "b") == hashlib.sha1(b"a/b").hexdigest()


def test_the_uid_is_a_uuid_of_namespace_and_name():
    uid = uuid.UUID(naming.jobset_uid("default", "multislice"))
    assert str(uid) == "adb11fcf-f61f-51d3-ae14-405907778175"
    assert uid.version == 5


def test_the_generation_depends_on_nothing_but_the_content():
    assert naming.generation({"a": 1, "b": [2]}) == naming.generation({"b": [2], "a": 1})
    assert naming.generation({"a": 1, "b": [2]}) == hashlib.sha256(b'{"a":1,"b":[2]}').hexdigest()[:16]
    assert naming.generation({"a": 1}) != naming.generation({"a": "1"})


class TestTheWatchersNames:
    def test_they_are_the_sets_with_an_ending(self):
        assert naming.watcher_name("demo") == "demo-restart-watcher"
        assert naming.plan_name("demo") == "demo-restart-plan"
        assert naming.state_name("demo") == "demo-restart-state"
        assert naming.script_name("demo", "0123456789") == "demo-restart-script-0123456789"

    def test_a_program_is_told_by_ten_digits_of_a_hash_that_anybody_can_compute(self, tmp_path):
        files = {"b.py": b"1\n", "__main__.py": b"", "a.py": b"2"}
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        command = "sha256sum *.py | LC_ALL=C sort -k 2 | sha256sum"
        done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert naming.script_digest(files) == done.stdout[:10]

    def test_the_name_of_each_file_counts(self):
        digests = [{"a": b"1", "b": b"2"}, {"a": b"2", "b": b"1"}, {"a": b"12", "b": b""}, {"ab": b"12"}, {"a": b"12"}]
        assert len(set(map(naming.script_digest, digests))) == len(digests)

    def test_the_longest_that_is_not_cut(self):
        assert naming.watcher_name("a" * 47) == "a" * 47 + "-restart-watcher"

    def test_a_longer_one_is_cut_and_told_by_its_hash(self):
        first, second = naming.watcher_name("a" * 48), naming.watcher_name("a" * 47 + "b")
        assert len(first) == len(second) == 63
        assert first != second
        assert first.startswith("a" * 38 + "-")

    def test_what_is_left_does_not_end_in_a_dash(self):
        assert "--" not in naming.watcher_name("a" * 37 + "-" + "b" * 20)

    def test_a_label_is_the_name_or_what_fits_of_it(self):
        assert naming.shortened("demo") == "demo"
        assert len(naming.shortened("a" * 64)) == 63
