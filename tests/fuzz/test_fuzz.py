"""A short run of `make fuzz`, always over the same inputs; and that the oracles find what they are for."""

from __future__ import annotations

import copy
import random
from pathlib import Path

import pytest

from tests.fuzz import case, kubectl, layers, mutations, odd, options, oracles, patching, rounds
from tests.fuzz.case import Case
from tests.fuzz.chance import Chance
from tests.fuzz.oracles import Bench, FoundError, examine
from tests.fuzz.running import Done, RunawayError
from tests.fuzz.seeds import SMALL

INPUTS = 300
BUILD = ("build", ".")
SHARED = (
    odd.VALUES,
    options._VALUES,
    patching.BAD_ENTRIES,
    layers._BAD_OPTIONS,
    layers._BAD_VALUES,
    mutations._POLICIES,
)
GOOD = Case((BUILD,), {"set.yaml": SMALL.encode()}, checks=frozenset(["again"]))


def test_nothing_is_found_in_a_short_run():
    with rounds.session() as session:
        session.play("make test", INPUTS)
    found = [f"{each.text}\n{case.written(each.case)}" for each in session.failures.values()]
    assert found == []
    assert session.tally.ends["compiled"] > INPUTS // 8
    assert session.tally.ends["refused"] > INPUTS // 8
    assert len(session.tally.front_ends) > 6


def test_an_input_leaves_alone_what_others_are_made_from():
    rolled = random.Random(7)
    chance = Chance(lambda strategy: rolled.randint(0, strategy.wrapped_strategy.end))
    before = copy.deepcopy(SHARED)
    for _ in range(300):
        mutations.rough(chance, {"functionConfig": options.function_config(chance, is_rough=True)})
    assert before == SHARED


@pytest.mark.parametrize(
    "content",
    [b"", b"a", b"a\n", b"a\r\nb", b"\xff\xfe", b"a\0b", "\u2028\U0001f600\n".encode(), b" a\n b\n", b"a \n", b"\xed\xa0\x80", b'"\\\n'],
)  # fmt: skip
def test_a_saved_input_is_read_as_it_was(content):
    given = Case((("build", "a b", "-"),), {"a: b.yaml": content}, content, {"A": '[{"a": "\u2028"}]'})
    read = case.read(case.written(given, "what was wrong"))
    assert read[:4] == given[:4]


def wrong(done: Done):
    """Return a command that ends in a given way, whatever it is."""
    return lambda command, *_: done._replace(command=command)


OUTPUT = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
WRONG = {
    "status": Done(BUILD, 3, b"", b"jobsetgen: not enough memory\n"),
    "strange line": Done(BUILD, 1, b"", b"Traceback (most recent call last):\n"),
    "fails without a word": Done(BUILD, 1, b"", b""),
    "place": Done(BUILD, 1, b"", b"set.yaml:8:2: error[JSG101]: a\n"),
    "output of an error": Done(BUILD, 1, b"a", b"set.yaml:1:1: error[JSG101]: a\n"),
    "time": Done(BUILD, 0, OUTPUT, b"", 100.0),
    "fixed point": Done(BUILD, 0, b"a: b\n", b""),
}


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()
    return Bench(tmp_path / "inputs")


@pytest.mark.parametrize("oracle", [name for name in WRONG if name != "fixed point"])
def test_an_oracle_finds_what_it_is_for(oracle, bench, monkeypatch):
    monkeypatch.setattr(oracles.running, "run", wrong(WRONG[oracle]))
    with pytest.raises(FoundError, match=oracle):
        examine(GOOD, bench)


def test_an_output_that_changes_when_it_is_compiled_again_is_found(bench, monkeypatch):
    outputs = iter([OUTPUT, OUTPUT + b"data: {}\n"])
    monkeypatch.setattr(oracles.running, "run", lambda command, *_: Done(command, 0, next(outputs), b""))
    with pytest.raises(FoundError, match="fixed point"):
        examine(GOOD, bench)


@pytest.mark.parametrize("error", [RecursionError(), RunawayError()], ids=["exception", "time"])
def test_an_exception_is_found(error, bench, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(oracles.running, "run", fail)
    with pytest.raises(FoundError):
        examine(GOOD, bench)


def test_a_mistake_of_the_fuzzer_is_reported_and_the_run_goes_on(monkeypatch):
    with rounds.session() as session:
        monkeypatch.setattr(rounds, "examine", lambda *_: 1 // 0)
        session.play("its own mistake", 5)
        monkeypatch.undo()
        session.play("make test", 5)
    assert list(session.failures) == ["the fuzzer: ZeroDivisionError"]
    assert session.tally.own_mistakes == 1
    assert sum(session.tally.ends.values()) == 5


def test_a_run_that_was_stopped_keeps_what_it_has_found(tmp_path, monkeypatch):
    last = tmp_path / "last-0.yaml"

    def stop(self, *_):
        if self.tally.ends:
            raise KeyboardInterrupt
        self.tally.ends["compiled"] = 3

    monkeypatch.setattr(rounds.Session, "play", stop)
    monkeypatch.setattr(rounds.running, "limit_memory", lambda: None)
    with pytest.raises(KeyboardInterrupt):
        rounds.play(1, 0, float("inf"), last)
    tally, failures = rounds.kept(last)
    assert (tally.ends["compiled"], failures) == (3, {})
    assert rounds.kept(last) is None


def test_an_error_that_leaves_files_is_found(bench, monkeypatch):
    def write(command, *_):
        Path("out").write_text("half")
        return Done(command, 1, b"", b"jobsetgen: it went wrong\n")

    monkeypatch.setattr(oracles.running, "run", write)
    with pytest.raises(FoundError, match="touched files"):
        examine(GOOD, bench)


@pytest.mark.skipif(kubectl.PROGRAM is None, reason="kubectl is not on this machine")
def test_kubectl_reads_what_we_read(tmp_path):
    alike = OUTPUT + b'data:\n  a: "1e3"\n  b: |\n    a\n\n     b\n'
    assert kubectl.is_read_alike([OUTPUT.decode(), alike.decode()], tmp_path)
    # As an output may be that is no YAML, or other data to kubectl.
    assert not kubectl.is_read_alike(["a: [\n"], tmp_path)
