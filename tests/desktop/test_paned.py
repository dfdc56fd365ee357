"""The frame of dialogs: its sentence is whole whatever the screen and the size of type."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.dialogs.paned import PanedDialog

WORDS = "已恢复：恢复前共13,424条，现在共13,423条。恢复前的台账存为/home/文员/.local/share/fazhi-ledger/备份.db。"


@pytest.mark.logs("This plugin does not support")
@pytest.mark.parametrize("pixels", [13, 20, 28])
def test_no_line_of_a_sentence_is_cut_on_a_small_screen(qtbot: QtBot, pixels: int) -> None:
    dialog = PanedDialog("已恢复", WORDS * 3, "知道了", "关闭")
    qtbot.addWidget(dialog)
    dialog.setStyleSheet(f"QLabel {{ font-size: {pixels}px }}")
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.words.height() >= dialog.words.heightForWidth(dialog.words.width())
