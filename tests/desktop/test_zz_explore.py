import random
from datetime import datetime
from pathlib import Path
import pytest
from tests.db.office import Clock
from tests.desktop.conftest import rest


@pytest.fixture
def folder():
    return Path("/tmp/demoH2")


def test_walk(window, open_page, store, jobs, qtbot):
    random.seed(1)
    for key in store.catalogue.keys():
        window.open_page(key)
        page = window.current_register()
        import time, faulthandler

        t = time.time()
        while jobs._jobs and time.time() - t < 4:
            qtbot.wait(20)
        print(key, time.time() - t, [(j.title, j.is_cancelled) for j in jobs._jobs])
        if jobs._jobs:
            faulthandler.dump_traceback(all_threads=True, file=open("/tmp/dump.txt", "w"))
        ids = page._rows._ids or []
        for at in range(150):
            page.step(random.choice([1, 1, 2, 40, -1]))
            r = page.detail.record
            assert page.detail.form.is_dirty is False
            built, bad = page.detail.form.build()
            assert not bad
            page.detail.tabs.setCurrentIndex(at % 2)
        # saving unchanged writes nothing
        page.detail.tabs.setCurrentIndex(0)
        head = store.head()
        for at in range(60):
            page.step(3)
            page.detail.save()
        assert store.head() == head
    assert store.drafts() == []
