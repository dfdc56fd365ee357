"""导入清单: many units or people from a .csv file or pasted cells; shown as they were read, then added together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from db.directory.lists import decode
from db.errors import Refused, reason_of
from desktop import theme
from desktop.dialogs.cells import RowsView
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.rows import Column, RowsModel
from desktop.file_asking import ask_open
from desktop.registers.marks import ProblemLine

_BIGGEST = 4 << 20  # bytes; a list of five thousand units has half of one


class ListDialog(PanedDialog):
    """Text left or above, the rows that it gives below; what is in the table already is left out and counted."""

    def __init__(
        self, title: str, heads: Mapping[str, tuple[str, ...]], read: Callable[[str], list[Any]],
        known: Collection[str], take: Callable[[list[Any]], None], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        columns = "、".join(words[0] for words in heads.values())
        words = f"从表格软件里复制后粘贴，或选 CSV 文件。按表头认列：{columns}；没有表头的，第一列作名称。"
        super().__init__(title, words, "导入", "取消", parent)
        self._read, self._known = read, known
        self._give = take
        self._rows: list[Any] = []
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("清单")
        self.text.setPlaceholderText("在这里粘贴")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._follow)
        self.view = RowsView(RowsModel([
            Column(name, words[0], 0, written=None) for name, words in heads.items()
        ]))  # fmt: skip
        self.problem = ProblemLine("")
        self.problem.hide()
        pick, self.said = QPushButton("从文件选..."), QLabel()
        theme.set_role(self.said, "small")
        pick.setAutoDefault(False)
        pick.clicked.connect(self._pick)
        self.button.clicked.connect(self._take)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.problem)
        self.foot.insertWidget(0, pick)
        self.foot.insertWidget(1, self.said)
        self.column.insertWidget(1, self.view, 2)
        theme.give_size(self, 68, 38)
        self._follow()

    def _follow(self) -> None:
        """Read what stands there anew."""
        self._rows = []
        text = self.text.toPlainText()
        same = 0
        self._say("")
        if text.strip():
            try:
                read = self._read(text)
            except Refused as refused:
                self._say(str(refused))
            else:
                self._rows = [row for row in read if row.name not in self._known]
                same = len(read) - len(self._rows)
        self.view.rows.show(self._rows)
        self.said.setText(f"{same:,}项已在表里，不再导入" if same else "")
        self.button.setText(f"导入 {len(self._rows):,} 项" if self._rows else "导入")
        self.button.setEnabled(bool(self._rows))
        self.button.setToolTip("" if self._rows else "先粘贴清单或选文件")

    def _say(self, sentence: str) -> None:
        self.problem.set_sentence(sentence)
        self.problem.setVisible(bool(sentence))

    def _pick(self) -> None:
        path = ask_open(self, "import", self.windowTitle(), "清单 (*.csv *.txt);;所有文件 (*)")
        if path is None:
            return
        try:
            if path.stat().st_size > _BIGGEST:
                self._say("文件太大，不像一份清单；请分几次导入")
                return
            self.text.setPlainText(decode(path.read_bytes()))
        except OSError as error:
            self._say(f"读不了{path}（{reason_of(error)}）；没有导入任何内容")
        except Refused as refused:
            self._say(str(refused))

    def _take(self) -> None:
        try:
            self._give(self._rows)
        except Refused as refused:
            more = len(refused.problems) - 3
            said = "；".join(problem.text for problem in refused.problems[:3])
            self._say(f"没有导入：{said}" + (f"；另有{more}处" if more > 0 else ""))
        else:
            self.accept()
