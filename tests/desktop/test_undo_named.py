"""What was taken back, or made again, is named by the toast: the one record, or how many there were."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from db.store.store import Store
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import CTRL, REGISTERS, SHIFT, press, registered

REGISTER = REGISTERS[0]


def test_undo_and_redo_name_the_record_by_the_number_that_it_had_and_its_title(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    entry = registered(open_page, store)
    record = store.load(REGISTER, 4)
    assert record.number
    said = f"{REGISTER.VERB} {record.number}《{getattr(record, REGISTER.SUBJECT)}》"
    press(Qt.Key.Key_Z, CTRL)
    assert store.load(REGISTER, 4).number == ""
    assert entry.toast.sentence() == f"已撤销：{said}"
    press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert entry.toast.sentence() == f"已重做：{said}"


def test_a_long_title_is_cut_so_that_the_toast_stays_one_line(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    entry = registered(open_page, store)
    record = store.load(REGISTER, 4)
    setattr(record, REGISTER.SUBJECT, "关于" + "进一步" * 20 + "的通知")
    store.save(record)
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert entry.toast.sentence().endswith("《关于" + "进一步" * 6 + "…》")
