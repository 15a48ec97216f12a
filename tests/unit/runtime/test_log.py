"""The log has room for trouble that comes again and again, and for what else happens."""

from __future__ import annotations

import json

import pytest

from jobsetgen.runtime.watcher import log
from jobsetgen.runtime.watcher.https import Https
from jobsetgen.runtime.watcher.log import log_from, log_some


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time, which a test may change."""
    now = [1000.0]
    monkeypatch.setattr(log.time, "monotonic", lambda: now[0])
    return now


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_trouble_of_many_objects_has_a_hundred_lines_in_a_minute(capsys, clock):
    for name in range(10_000):
        log_some("an action has failed", action=["Create", str(name)])
        clock[0] += 0.001
    assert [line["action"][1] for line in lines(capsys)] == [str(name) for name in range(100)]


def test_trouble_of_another_kind_has_lines_of_its_own(capsys, clock):
    for _ in range(200):
        log_some("an action has failed")
    log_some("a watch has ended")
    assert lines(capsys)[-1]["message"] == "a watch has ended"


def test_the_next_line_tells_how_many_were_left_out(capsys, clock):
    for _ in range(250):
        log_some("an action has failed")
    clock[0] += 60
    log_some("an action has failed")
    log_some("an action has failed")
    *_, first, second = lines(capsys)
    assert first["leftOut"] == 150
    assert "leftOut" not in second


def test_the_level_debug_leaves_out_none(capsys, clock):
    log_from("debug")
    try:
        for _ in range(250):
            log_some("an action has failed")
    finally:
        log_from("info")
    assert len(lines(capsys)) == 250


@pytest.mark.parametrize("token", [b"sec\nret", b"sec ret", "secr\u00e9t".encode(), b"sec\xffret", b""])
def test_a_token_that_is_none_is_in_no_message(token, tmp_path, monkeypatch):
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "::1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "1")
    (tmp_path / "token").write_bytes(token)
    with pytest.raises(OSError, match="holds no token") as raised:
        Https(str(tmp_path)).send("GET", "/", None, "application/json")
    assert "sec" not in repr(raised.value)
