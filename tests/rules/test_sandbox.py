from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
import time

import pytest

from rules.journal import Journal, Step
from rules.recursion import WALKING, frames_allowed, on_large_stack
from rules.sandbox import Died, Finished, contained

QUICK = {Step.NONE: 0.4, Step.FILE: 0.4, Step.RULE: 0.4, Step.MODEL: 0.4}


def _forever() -> bytes:
    while True:
        pass


def test_what_the_work_returns_comes_back_however_large() -> None:
    assert contained(lambda: b"x" * 3_000_000, Journal()) == Finished(b"x" * 3_000_000)


def test_an_exception_is_told() -> None:
    def work() -> bytes:
        raise ValueError("the words")

    with pytest.raises(RuntimeError, match="ValueError: the words"):
        contained(work, Journal())


def test_work_that_does_not_come_back_is_killed_and_blamed() -> None:
    journal = Journal(QUICK)

    def work() -> bytes:
        with journal.during(Step.RULE, "BA999"):
            return _forever()

    began = time.monotonic()
    outcome = contained(work, journal)
    assert time.monotonic() - began < 5
    assert isinstance(outcome, Died)
    assert (outcome.during.step, outcome.during.name) == (Step.RULE, "BA999")
    assert outcome.reason.startswith("took longer than")


def test_a_crash_of_the_process_is_blamed_on_what_it_did() -> None:
    journal = Journal()

    def work() -> bytes:
        with journal.during(Step.MODEL, "project"), journal.during(Step.FILE, "app/a.py"):
            return ctypes.string_at(0)

    outcome = contained(work, journal)
    assert isinstance(outcome, Died)
    assert (outcome.during.step, outcome.during.name) == (Step.FILE, "app/a.py")
    assert outcome.reason == "ended the process with SIGSEGV"


def test_memory_is_limited() -> None:
    def work() -> bytes:
        try:
            return str(len(bytearray(8 * 1024**3))).encode()
        except MemoryError:
            return b"refused"

    assert contained(work, Journal()) == Finished(b"refused")


def test_the_stack_takes_the_recursion_that_is_allowed() -> None:
    def work() -> bytes:
        return str(_recurse(WALKING - 200)).encode()

    assert contained(work, Journal()) == Finished(str(WALKING - 200).encode())


def test_a_large_stack_gives_results_and_errors_and_leaves_the_limits_alone() -> None:
    limit = sys.getrecursionlimit()
    assert on_large_stack(sys.getrecursionlimit) == max(limit, WALKING)
    with pytest.raises(ZeroDivisionError):
        on_large_stack(lambda: 1 / 0)
    with frames_allowed(50), pytest.raises(RecursionError):
        _recurse(60)
    assert (sys.getrecursionlimit(), threading.stack_size()) == (limit, 0)


def test_a_thread_may_ask() -> None:
    outcomes: list[object] = []
    thread = threading.Thread(target=lambda: outcomes.append(contained(lambda: b"x", Journal())))
    thread.start()
    thread.join()
    assert outcomes == [Finished(b"x")]


def _recurse(depth: int) -> int:
    return 0 if depth == 0 else 1 + _recurse(depth - 1)


def test_recursion_through_c_ends_in_an_exception_and_not_in_a_crash() -> None:
    class Deep:
        def __getattr__(self, name: str) -> Deep:
            return getattr(self, name + "x" if len(name) < 3 else name)  # type: ignore[no-any-return]

    def work() -> bytes:
        try:
            return repr(Deep().name).encode()
        except RecursionError:
            return b"too deep"

    assert contained(work, Journal()) == Finished(b"too deep")


def test_no_core_is_left_behind() -> None:
    outcome = contained(lambda: repr(resource.getrlimit(resource.RLIMIT_CORE)).encode(), Journal())
    assert outcome == Finished(b"(0, 0)")


def test_steps_nest_and_end() -> None:
    journal = Journal({**QUICK, Step.FILE: 100.0})
    with journal.during(Step.RULE, "BA305"):
        with journal.during(Step.FILE, "ä.py"):
            assert (journal.current().step, journal.current().name) == (Step.FILE, "ä.py")
            assert journal.overdue(time.monotonic() + 50) is None
        overdue = journal.overdue(time.monotonic() + 50)
        assert overdue is not None
        assert overdue.name == "BA305"
    assert journal.current().step is Step.NONE
    assert time.monotonic() - journal.current().began < 0.1


def test_a_killed_parent_takes_the_review_with_it() -> None:
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:

        def work() -> bytes:
            os.write(writing, str(os.getpid()).encode())
            return _forever()

        contained(work, Journal())
        os._exit(0)
    child = int(os.read(reading, 20))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    deadline = time.monotonic() + 5
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(child)


def _alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
