"""The dialog in which the columns of a list are chosen and put in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from db.record import Record
from db.store.condition_words import field_label
from desktop import theme

_NAME = Qt.ItemDataRole.UserRole


class ColumnDialog(QDialog):
    """Ticked fields are columns, from the top in their order. `chosen(names)`; `default_asked()` for 恢复默认."""

    chosen = Signal(object)
    default_asked = Signal()

    def __init__(
        self, register: type[Record], shown: Sequence[str], offered: Sequence[str],
        initials: Callable[[str], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{register.TITLE}的列")
        self._initials = initials
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setPlaceholderText("找字段：几个字或拼音首字母")
        self.search.setAccessibleName("找字段")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("列")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumSize(theme.up4(22 * theme.em()), theme.row() * 14)
        for name in offered:
            item = QListWidgetItem(field_label(register, name))
            item.setData(_NAME, name)
            item.setSizeHint(QSize(0, theme.row() - 4))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )  # fmt: skip
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.installEventFilter(self)
        words = QLabel("打勾的字段是列，从上到下就是从左到右。空格打勾，Alt+↑、Alt+↓ 挪动，也可以拖。")
        words.setWordWrap(True)
        theme.set_role(words, "small")
        self._go = QPushButton("确定")
        theme.set_role(self._go, "primary")
        self._go.setDefault(True)
        self._go.clicked.connect(self._take)
        self.list.itemChanged.connect(self._allow)
        self.list.setFocus()
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(self._new_buttons())

    def _new_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        default, up, down, leave = (QPushButton(words) for words in ("恢复默认", "上移", "下移", "取消"))
        theme.set_role(default, "quiet")
        default.clicked.connect(self._ask_default)
        up.clicked.connect(self._up)
        down.clicked.connect(self._down)
        leave.clicked.connect(self.reject)
        line.addWidget(default)
        line.addStretch(1)
        for button in (up, down, leave, self._go):
            button.setAutoDefault(False)
            line.addWidget(button)
        return line

    def _narrow(self, text: str) -> None:
        """Show the fields that a text or initials find; the first of them is the current one."""
        wanted, found = text.strip().lower(), []
        for at in range(self.list.count()):
            item = self.list.item(at)
            label = item.text()
            item.setHidden(wanted not in label.lower() and not self._initials(label).startswith(wanted))
            found += [] if item.isHidden() else [at]
        if found:
            self.list.setCurrentRow(found[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with an arrow moves the current field, Enter takes the choice; ↓ goes from the box to the fields."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self._move(steps[Qt.Key(event.key())])
            return True
        if watched is self.search and event.key() == Qt.Key.Key_Down:
            self.list.setFocus()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        return False

    def names(self) -> tuple[str, ...]:
        """The ticked fields from the top."""
        items = [self.list.item(at) for at in range(self.list.count())]
        return tuple(item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        if 0 <= at + by < self.list.count():
            item = self.list.takeItem(at)
            self.list.insertItem(at + by, item)
            self.list.setCurrentRow(at + by)

    def _allow(self, _item: QListWidgetItem) -> None:
        """There is at least one column."""
        self._go.setEnabled(bool(self.names()))
        self._go.setToolTip("" if self.names() else "至少要有一列")

    def _ask_default(self) -> None:
        self.default_asked.emit()
        self.accept()

    def _take(self) -> None:
        if self.names():
            self.chosen.emit(self.names())
            self.accept()
