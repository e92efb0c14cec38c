from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
import time

import pytest

from rules.clocks import Clocks, clocks_of
from rules.journal import Journal, Step
from rules.recursion import WALKING, frames_allowed, on_large_stack
from rules.sandbox import Died, Finished, contained

LINUX_HOST = sys.platform == "linux"
LINUX = pytest.mark.skipif(not LINUX_HOST, reason="other hosts do not tell another process's processor time")
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
    journal = Journal({**QUICK, Step.NONE: 60.0})

    def work() -> bytes:
        with journal.during(Step.RULE, "BA999"):
            return _forever()

    outcome = contained(work, journal)
    assert isinstance(outcome, Died)
    assert (outcome.during.step, outcome.during.name) == (Step.RULE, "BA999")
    assert outcome.reason.startswith("took longer than 0.4 s")


@LINUX
def test_a_limit_counts_what_is_computed_and_not_what_is_waited() -> None:
    journal = Journal({**QUICK, Step.NONE: 60.0, Step.FILE: 0.8})

    def work() -> bytes:
        with journal.during(Step.FILE, "app/slow.py"):
            time.sleep(1)
        return b"in time"

    assert contained(work, journal) == Finished(b"in time")


@LINUX
def test_what_computes_is_stopped_by_its_processor_time() -> None:
    journal = Journal({**QUICK, Step.NONE: 60.0})

    def work() -> bytes:
        while time.process_time() < QUICK[Step.FILE] * 1.5:
            pass
        with journal.during(Step.FILE, "app/busy.py"):
            return _forever()

    outcome = contained(work, journal)
    assert isinstance(outcome, Died)
    assert outcome.reason == "took longer than 0.4 s of processor time"
    assert outcome.during.cpu >= QUICK[Step.FILE] * 1.5


def test_what_only_waits_is_stopped_by_the_wall() -> None:
    journal = Journal({**QUICK, Step.NONE: 60.0, Step.RULE: 0.1})

    def work() -> bytes:
        with journal.during(Step.RULE, "BA999"):
            signal.pause()
        return b"never"

    outcome = contained(work, journal)
    assert isinstance(outcome, Died)
    assert (outcome.during.step, outcome.during.name) == (Step.RULE, "BA999")
    assert outcome.reason == ("took longer than 0.5 s" if LINUX_HOST else "took longer than 0.1 s")


def test_where_the_processor_time_is_not_told_the_wall_is_the_limit() -> None:
    journal = Journal(QUICK)
    began = journal.current().wall
    late = journal.overdue(Clocks(began + 0.5, None))
    assert late is not None
    assert late.reason == "took longer than 0.4 s"
    assert journal.overdue(Clocks(began + 0.5, 0.0)) is None
    assert journal.overdue(Clocks(began + 0.3, None)) is None


@LINUX
def test_the_clock_of_a_process_counts_its_computing() -> None:
    own = clocks_of(os.getpid()).cpu
    assert own is not None
    assert own <= time.process_time() <= own + 60
    assert clocks_of(2**22 + 1).cpu is None


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
            assert journal.overdue(_in(50)) is None
        overdue = journal.overdue(_in(50))
        assert overdue is not None
        assert overdue.entry.name == "BA305"
    assert journal.current().step is Step.NONE
    assert time.monotonic() - journal.current().wall < 5


def _in(seconds: float) -> Clocks:
    return Clocks(time.monotonic() + seconds, time.process_time())


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
