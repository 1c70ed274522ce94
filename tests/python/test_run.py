"""Threads and progress of long calls."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import _run
from wirecopy._run import progress_callback, threads_or_default


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIRECOPY_THREADS", raising=False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


# --- threads --------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 7, np.int64(3), 4096])
def test_a_number_is_taken(threads: Any) -> None:
    assert threads_or_default(threads) == int(threads)
    assert type(threads_or_default(threads)) is int


@pytest.mark.parametrize("threads", [0, -1, 4097, 2**70])
def test_numbers_out_of_range(threads: int) -> None:
    with pytest.raises(ValueError, match=f"threads is {threads}; must be from 1 to 4096"):
        threads_or_default(threads)


@pytest.mark.parametrize("threads", [True, False, 2.0, "2", [2], np.float64(2)])
def test_not_a_number(threads: Any) -> None:
    with pytest.raises(TypeError, match="threads is "):
        threads_or_default(threads)


def test_default_is_no_more_than_this_process_may_use() -> None:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert 1 <= threads_or_default() <= (allowed or 1)


def test_default_keeps_to_the_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limit = tmp_path / "cpu.max"
    monkeypatch.setattr(_run, "_CGROUP_LIMIT", limit)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    for text, threads in [
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("9900000 100000\n", 64),
        ("max 100000\n", 64),
        ("nonsense", 64),
        ("5 0", 64),
    ]:
        limit.write_text(text)
        assert threads_or_default() == threads, text
    limit.unlink()
    assert threads_or_default() == 64


def test_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRECOPY_THREADS", " 3 ")
    assert threads_or_default() == 3
    assert threads_or_default(2) == 2
    monkeypatch.setenv("WIRECOPY_THREADS", "")
    assert threads_or_default() >= 1


@pytest.mark.parametrize("text", ["0", "-2", "two", "1.5", "1_0", "٣", "5000"])
def test_bad_variable(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("WIRECOPY_THREADS", text)
    with pytest.raises(ValueError, match="WIRECOPY_THREADS is "):
        threads_or_default()


# --- progress -------------------------------------------------------------------------------------


def test_a_callable_is_used_as_it_is() -> None:
    def callback(stage: str, done: int, total: int) -> None:
        raise AssertionError

    with progress_callback(callback, "test") as given:
        assert given is callback


@pytest.mark.parametrize("progress", [1, 0, "yes", []])
def test_not_a_progress(progress: Any) -> None:
    with (
        pytest.raises(TypeError, match=f"progress is {type(progress).__name__}"),
        progress_callback(progress, "test"),
    ):
        pass


def test_false_is_none_even_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_callback(False, "test") as callback:
        assert callback is None


def test_nobody_watches_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    for stderr in (io.StringIO(), None, closed):
        monkeypatch.setattr(sys, "stderr", stderr)
        with progress_callback(None, "test") as callback:
            assert callback is None


def test_true_shows_a_bar_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress_callback(True, "test") as callback:
        assert callback is not None
        callback("first", 5, 10)
        callback("first", 10, 10)
        callback("second", 1, 4)
    shown = stderr.getvalue()
    assert "test: first" in shown
    assert "10.0/10.0" in shown
    assert "test: second" in shown
    assert "1.00/4.00" in shown


def test_a_terminal_gets_a_bar_only_after_the_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(_run.time, "monotonic", lambda: now)
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress_callback(None, "test") as callback:
        assert callback is not None
        callback("first", 1, 10)
        now = 100.9
        callback("first", 2, 10)
        assert stderr.getvalue() == ""
        now = 101.0
        callback("first", 3, 10)
        assert "test: first" in stderr.getvalue()


def test_a_notebook_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class ZMQInteractiveShell:
        pass

    class FakeIPython:
        @staticmethod
        def get_ipython() -> ZMQInteractiveShell:
            return ZMQInteractiveShell()

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setitem(sys.modules, "IPython", FakeIPython)  # type: ignore[arg-type]
    with progress_callback(None, "test") as callback:
        assert callback is not None


def test_the_bar_is_closed_when_the_call_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(RuntimeError, match="broken"), progress_callback(True, "test") as callback:
        assert callback is not None
        callback("first", 1, 2)
        raise RuntimeError("broken")
    tqdm = pytest.importorskip("tqdm")
    assert not tqdm.tqdm._instances


def test_a_call_with_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    wc.count(["one two"], progress=True)
    assert "count: tokenizing" in stderr.getvalue()
