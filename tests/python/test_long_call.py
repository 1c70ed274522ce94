"""Long calls: Ctrl-C, progress, and other Python threads meanwhile."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import _core

LONG = 20.0  # seconds; no test waits for it
SOON = 1.0


def interrupt_after(seconds):
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


@pytest.mark.parametrize("threads", [1, 3])
def test_ctrl_c_stops_within_a_second(threads):
    timer = interrupt_after(0.2)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _core._test_long_call(LONG, threads)
    assert time.monotonic() - start < 0.2 + SOON
    timer.join()


@pytest.mark.parametrize("threads", [1, 3])
def test_ctrl_c_stops_a_call_that_makes_python_objects(threads):
    texts = ["the council met again on monday " * 200] * 1_000_000  # 6 GB to look at
    timer = interrupt_after(0.3)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        wc.normalize(texts, "match", threads=threads, progress=False)
    assert time.monotonic() - start < 0.3 + 2 * SOON  # the list itself is read first
    timer.join()


def test_a_call_that_makes_python_objects_reports_and_stops():
    texts = ["The Council met again on Monday. " * 100] * 2000
    column = _core.TextColumn.from_strings(texts)
    rows = np.empty(0, dtype=np.int64)
    seen = []

    def report(stage, done, total):
        seen.append((stage, done, total))

    def normalize(progress):
        return _core.normalize_strings(
            tuple(texts), column, ["casefold"], rows, _core.TextColumn.from_strings([]),
            threads=2, progress=progress,
        )  # fmt: skip

    made, maps = normalize(report)
    assert made == [text.casefold() for text in texts]
    assert maps is None
    assert seen[-1] == ("normalizing", column_bytes := sum(map(len, texts)), column_bytes)

    class EnoughError(Exception):
        pass

    def enough(stage, done, total):
        raise EnoughError

    with pytest.raises(EnoughError):
        normalize(enough)


def test_a_signal_handler_runs_meanwhile():
    class StopError(Exception):
        pass

    def handler(signum, frame):
        raise StopError

    before = signal.signal(signal.SIGINT, handler)
    try:
        timer = interrupt_after(0.1)
        with pytest.raises(StopError):
            _core._test_long_call(LONG)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_exception_in_progress_stops_and_propagates():
    class EnoughError(Exception):
        pass

    def progress(stage, done, total):
        raise EnoughError(stage)

    start = time.monotonic()
    with pytest.raises(EnoughError, match=r"^sleeping$"):
        _core._test_long_call(LONG, 2, progress)
    assert time.monotonic() - start < SOON


def test_progress_grows_and_ends_complete():
    calls = []
    _core._test_long_call(0.4, 1, lambda *call: calls.append(call))
    assert calls[-1] == ("sleeping", 40, 40)
    assert len(calls) >= 3
    counts = [done for _, done, _ in calls]
    assert counts == sorted(counts)
    assert {(type(stage), type(done), type(total)) for stage, done, total in calls} == {
        (str, int, int)
    }


def test_progress_of_a_short_call_is_called_once():
    calls = []
    _core._test_long_call(0.0, 1, lambda *call: calls.append(call))
    assert calls == [("sleeping", 0, 0)]


def test_an_exception_in_the_last_progress_propagates():
    def progress(stage, done, total):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _core._test_long_call(0.0, 1, progress)


def test_other_python_threads_advance():
    stop = threading.Event()
    steps = 0

    def count():
        nonlocal steps
        while not stop.is_set():
            steps += 1

    thread = threading.Thread(target=count)
    thread.start()
    try:
        before = steps
        _core._test_long_call(0.3)
        advanced = steps - before
    finally:
        stop.set()
        thread.join()
    assert advanced > 1000


def test_several_callers_at_once():
    threads = [threading.Thread(target=_core._test_long_call, args=(0.3, 2)) for _ in range(4)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - start < 4 * 0.3


def test_a_short_call_does_not_wait_for_a_tick():
    start = time.monotonic()
    for _ in range(20):
        _core._test_long_call(0.0)
    assert time.monotonic() - start < 20 * 0.05


def test_threads_must_be_positive():
    with pytest.raises(ValueError, match=r"^threads: 0; at least 1$"):
        _core._test_long_call(0.0, 0)
