"""Where an import stands: ticks for what is done, a dot for now, rings for what is to come (look.md §4.6)."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from db.exchange.outcome import Counts
from desktop import theme

STEPS = ("选文件", "对列", "试导", "导入", "结果")
CHOOSE, MATCH, TRY, WRITE, RESULT = range(5)


class StepLine(QWidget):
    """The steps, read by a screen reader as one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[QLabel, QLabel]] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for words in STEPS:
            mark, label = QLabel(), QLabel(words)
            self._parts.append((mark, label))
            line.addWidget(mark)
            line.addWidget(label)
            line.addSpacing(8)
        self.show_step(CHOOSE)

    def show_step(self, now: int) -> None:
        """`now` is the step under way."""
        for at, (mark, label) in enumerate(self._parts):
            icon, colour = ("done", "accent") if at < now else ("dot", "accent") if at == now else ("ok", "edge")
            theme.set_icon(mark, icon, colour, 12)
            theme.set_role(label, "b" if at == now else "muted")
        self.setAccessibleName(f"第 {now + 1} 步，共 {len(STEPS)} 步：{STEPS[now]}")


class ImportHead(QFrame):
    """The line over an import: what is imported, from which file, and where it stands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "head")
        self.setFixedHeight(theme.row() + 16)
        self.name, self.file, self.steps = QLabel(f"导入{title}"), QLabel(), StepLine()
        theme.set_role(self.name, "h1")
        theme.set_role(self.file, "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(self.name)
        line.addWidget(self.file, 1)
        line.addWidget(self.steps)


def hint(step: int, written: Counts | None, refused: int, lacks_columns: bool) -> str:
    """What is to be known at a step: `written` counts what came in, `refused` the rows that are left out."""
    if step == RESULT and written:
        rest = f"下面 {refused:,} 行没有导入，可另存改好再导。" if refused else ""
        return f"已导入：新增 {written.new:,} 条，改动 {written.changed:,} 条。{rest}"
    if step == TRY:
        lacking = "（表里没有的栏，回上一步统一填）" if lacks_columns else ""
        rest = f"拒绝的和待定的 {refused:,} 行不导入：可就地改{lacking}，或另存为表格改好再导。" if refused else ""
        return f"{rest}空格子不会清掉台账里的内容，整批一步可撤销。"
    return "先试导，看清每一行再写入。" if step == MATCH else ""
