"""The worker: one job at a time, results and failures on the window's thread, cancelling, closing."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.record import database
from db.store.store import Store
from desktop.jobs import Job, Jobs
from tests.desktop.clerk import REGISTERS

WAIT_S = 5


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Jobs]:
    """A worker without a ledger."""
    worker = Jobs()
    yield worker
    worker.close()


class Outcome:
    """What came back from a job, and on which thread."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[BaseException] = []
        self.threads: set[bool] = set()

    def take(self, result: object) -> None:
        self.results.append(result)
        self._note()

    def fail(self, error: BaseException) -> None:
        self.errors.append(error)
        self._note()

    def _note(self) -> None:
        self.threads.add(QThread.currentThread() is QCoreApplication.instance().thread())


def idle(qtbot: QtBot, worker: Jobs) -> None:
    """Wait until nothing is under way."""
    qtbot.waitUntil(lambda: not worker._jobs)


def test_a_result_comes_back_on_the_thread_of_the_window(worker: Jobs, qtbot: QtBot) -> None:
    outcome, threads = Outcome(), []

    def work(job: Job) -> int:
        threads.append(threading.current_thread())
        return 42

    worker.run("算", work, outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert (outcome.results, outcome.errors, outcome.threads) == ([42], [], {True})
    assert threads[0] is not threading.main_thread()


def test_a_failure_comes_back_as_the_error_itself(worker: Jobs, qtbot: QtBot) -> None:
    outcome, error = Outcome(), ValueError("planted")

    def work(job: Job) -> None:
        raise error

    worker.run("算", work, outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert (outcome.results, outcome.errors, outcome.threads) == ([], [error], {True})
    worker.run("再算", lambda job: 1, outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert outcome.results == [1]


def test_jobs_run_one_after_the_other_in_their_order(worker: Jobs, qtbot: QtBot) -> None:
    outcome, running, most = Outcome(), [], []

    def work(job: Job) -> str:
        running.append(job)
        most.append(len(running))
        running.remove(job)
        return job.title

    for title in "甲乙丙丁":
        worker.run(title, work, outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert outcome.results == [*"甲乙丙丁"]
    assert max(most) == 1


def test_progress_is_told_and_a_cancelled_job_stops_and_tells_nothing_more(worker: Jobs, qtbot: QtBot) -> None:
    outcome, begun, told, ended, steps = Outcome(), threading.Event(), [], [], []
    start, go_on = threading.Event(), threading.Event()

    def work(job: Job) -> str:
        assert start.wait(WAIT_S)
        for step in range(3):
            steps.append(job.progress(step, 3))
            begun.set()
            assert go_on.wait(WAIT_S)
            if not steps[-1]:
                break
        return "done"

    job = worker.run("算", work, outcome.take, outcome.fail)
    job.progressed.connect(lambda done, total: told.append((done, total)))
    job.ended.connect(lambda: ended.append(True))
    start.set()
    assert begun.wait(WAIT_S)
    job.cancel()
    go_on.set()
    idle(qtbot, worker)
    assert steps == [True, False]
    assert told[0] == (0, 3)
    assert ended == [True]
    assert (outcome.results, outcome.errors) == ([], [])


def test_a_job_that_is_cancelled_before_its_turn_never_runs(worker: Jobs, qtbot: QtBot) -> None:
    outcome, gate, ran = Outcome(), threading.Event(), []
    worker.run("先", lambda job: gate.wait(WAIT_S), outcome.take, outcome.fail)
    second = worker.run("后", ran.append, outcome.take, outcome.fail)
    second.cancel()
    gate.set()
    idle(qtbot, worker)
    assert ran == []
    assert outcome.results == [True]


def test_cancelling_breaks_off_the_statement_that_a_job_waits_for(store: Store, jobs: Jobs, qtbot: QtBot) -> None:
    outcome, begun = Outcome(), threading.Event()

    def work(job: Job) -> object:
        database.connect(reuse_if_open=True)
        connection = database.connection()
        job.interrupt_with(connection.interrupt)
        connection.create_function("begin", 0, begun.set)  # tells from within that the statement runs
        endless = 'WITH RECURSIVE n(i) AS (SELECT "begin"() UNION ALL SELECT 1 FROM n) SELECT max(i) FROM n'
        return connection.execute(endless).fetchone()

    job = jobs.run("算", work, outcome.take, outcome.fail)
    assert begun.wait(WAIT_S)
    job.cancel()
    idle(qtbot, jobs)
    assert (outcome.results, outcome.errors) == ([], [])


def test_a_job_has_a_connection_of_its_own_and_gives_it_back(store: Store, jobs: Jobs, qtbot: QtBot) -> None:
    outcome, seen = Outcome(), []

    def work(job: Job) -> int:
        assert database.is_closed()
        database.connect(reuse_if_open=True)
        seen.append(database.connection())
        return database.connection().execute(f'SELECT count(*) FROM "{REGISTERS[0].key()}"').fetchone()[0]

    for _time in range(2):
        jobs.run("算", work, outcome.take, outcome.fail)
    idle(qtbot, jobs)
    assert outcome.errors == []
    assert outcome.results == [3, 3]
    assert all(connection is not store.connection for connection in seen)


def test_closing_cancels_what_runs_and_waits_for_it(qtbot: QtBot) -> None:
    worker, outcome, begun, done = Jobs(), Outcome(), threading.Event(), []

    def work(job: Job) -> None:
        begun.set()
        while job.progress(0, 0):
            threading.Event().wait(0.01)
        done.append(True)

    worker.run("算", work, outcome.take, outcome.fail)
    worker.run("不会轮到", lambda job: done.append(False), outcome.take, outcome.fail)
    assert begun.wait(WAIT_S)
    worker.close()
    assert done == [True]
    QTest.qWait(0)
    assert (outcome.results, outcome.errors) == ([], [])


def test_the_window_is_told_that_something_is_under_way(worker: Jobs, qtbot: QtBot) -> None:
    running: list[str] = []
    worker.running.connect(lambda job: running.append(job.title))
    outcome = Outcome()
    worker.run("生成打印页", lambda job: None, outcome.take, outcome.fail)
    assert running == ["生成打印页"]
    idle(qtbot, worker)


def test_a_worker_never_frees_what_belongs_to_the_window(jobs: Jobs, qtbot: QtBot) -> None:
    freed: list[int] = []

    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            freed.append(threading.get_ident())

    def allocate(_job: Job) -> int:
        return len([[n] for n in range(200_000)])  # far beyond every threshold of the collector

    jobs.sweeper.begin_anew()
    Cycle()
    done: list[object] = []
    jobs.run("占用", allocate, done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert freed == []
    rows = [[n] for n in range(gc.get_threshold()[0] + 1)]
    qtbot.waitUntil(lambda: bool(freed), timeout=5_000)
    assert freed == [threading.get_ident()], f"{len(rows)} new objects are gone over"


def test_so_many_objects_at_once_are_gone_over_no_more_and_garbage_made_later_is_collected(worker: Jobs) -> None:
    sweeper, freed = worker.sweeper, list[int]()

    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            freed.append(1)

    sweeper.sweep()
    before = gc.get_freeze_count()
    pages = [[n] for n in range(sweeper.MOST + 1)]
    sweeper.sweep()
    assert gc.get_freeze_count() >= before + len(pages)
    Cycle()
    rows = [[n] for n in range(gc.get_threshold()[0] + 1)]
    sweeper.sweep()
    assert freed, f"{len(rows)} new objects are gone over"


def test_what_comes_bit_by_bit_is_not_gone_over_for_long_either(worker: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    sweeper, collect, gone_over = worker.sweeper, gc.collect, list[int]()

    def counted(age: int) -> int:
        gone_over.append(sum(len(gc.get_objects(generation=each)) for each in range(age + 1)))
        return collect(age)

    sweeper.begin_anew()
    monkeypatch.setattr(gc, "collect", counted)
    kept = [[[n] for n in range(sweeper.MOST // 8)] for _time in range(60) if sweeper.sweep() is None]
    assert len(gone_over) > len(kept) // 2
    assert max(gone_over) < 2 * sweeper.MOST


def test_pages_that_were_closed_are_freed_when_somebody_else_begins(worker: Jobs) -> None:
    freed: list[int] = []

    class Page:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            freed.append(1)

    Page()
    gc.freeze()
    worker.sweeper.sweep()
    assert not freed
    worker.sweeper.begin_anew()
    assert freed


def test_nothing_is_gone_over_while_any_worker_is_at_work(worker: Jobs, qtbot: QtBot) -> None:
    second, outcome, begun, go_on = Jobs(beside=worker), Outcome(), threading.Event(), threading.Event()

    def work(_job: Job) -> None:
        begun.set()
        go_on.wait(WAIT_S)

    second.run("备份", work, outcome.take, outcome.fail)
    worker.run("算", lambda job: None, outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert begun.wait(WAIT_S)
    assert not worker.sweeper._timer.isActive()
    go_on.set()
    idle(qtbot, second)
    assert worker.sweeper._timer.isActive()
    second.close()
    assert not gc.isenabled(), "the first worker is still there"


def test_the_window_waits_for_a_computing_worker_no_longer_than_a_moment(qtbot: QtBot) -> None:
    before = sys.getswitchinterval()
    worker = Jobs()
    assert sys.getswitchinterval() < before
    worker.close()
    assert sys.getswitchinterval() == before


def test_a_job_that_leaves_the_processor_to_the_window_stops_at_once_when_cancelled(worker: Jobs, qtbot: QtBot) -> None:
    outcome, begun, went_on = Outcome(), threading.Event(), list[bool]()

    def work(job: Job) -> None:
        begun.set()
        went_on.append(job.pause(60))

    job = worker.run("试", work, outcome.take, outcome.fail)
    assert begun.wait(WAIT_S)
    job.cancel()
    idle(qtbot, worker)
    assert went_on == [False]


def test_a_job_goes_on_after_its_pause(worker: Jobs, qtbot: QtBot) -> None:
    outcome = Outcome()
    worker.run("试", lambda job: job.pause(0), outcome.take, outcome.fail)
    idle(qtbot, worker)
    assert outcome.results == [True]
