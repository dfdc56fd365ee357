"""The records linked with the one beside the list: seen from here, opened by a click, added by searching them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from db.directory.links import KINDS
from db.record import Record
from db.store.change import Change
from db.store.links import Linked
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.completion import Completion
from desktop.registers.editors.choices import ChoiceEditor
from desktop.registers.editors.completing import CompletingEditor
from desktop.registers.ledger import LIGHTS
from desktop.registers.listing import light_of
from desktop.registers.words import OfficeWords

_OFFERED = 8


class RecordSearch(CompletingEditor):
    """Finds a record of any register: what is typed is looked for in all of them, the newest first."""

    found = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(several=False, parent=parent)
        self._actions = actions
        self.but: Record | None = None
        self._records: list[Record] = []
        self.setObjectName("link_search")
        self.setAccessibleName("关联：搜索全部台账")
        self.set_placeholder("搜索全部台账：编号、标题、单位、拼音首字母")

    def offers(self, typed: str) -> Sequence[Completion]:
        """The newest records that hold every word, `but` for the one that is to be linked."""
        but = (self.but.key(), self.but.id) if self.but else None
        found = self._actions.find_anywhere(typed, _OFFERED + 1)
        self._records = [record for record in found if (record.key(), record.id) != but][:_OFFERED]
        return [Completion(f"{record.TITLE} {_called(record)}", "", 0) for record in self._records]

    def _take_row(self, row: int) -> None:
        if 0 <= row < len(self._records):
            record = self._records[row]
            self.set_value(None)
            self.found.emit(record)


def _called(record: Record) -> str:
    return f"{record.number or '未编号'} {getattr(record, record.SUBJECT)}"


class LinkRow(QFrame):
    """One linked record: what it is to this one, its register, number, light and title; Enter opens, Delete unlinks."""

    open_asked = Signal(str, int)
    remove_asked = Signal(int)

    def __init__(self, linked: Linked, light: tuple[str, str], parent: QWidget | None = None) -> None:
        """`light`: kind and words of the record's light."""
        super().__init__(parent)
        self.linked = linked
        record = linked.record
        gone = "回收站" if record.deleted_at else "作废" if record.voided_on else ""
        kind, shape, words = QLabel(linked.kind), QLabel(), QLabel(gone or light[1])
        theme.set_role(kind, "muted")
        colour = "ink2" if gone else LIGHTS[light[0]]
        theme.set_icon(shape, "bin" if record.deleted_at else light[0], colour, 12)
        theme.set_role(words, colour, "light")
        self.open_button = QPushButton(f"{record.TITLE}　{record.number or '未编号'}")
        theme.set_role(self.open_button, "quiet")
        self.open_button.setToolTip("打开这一条  Enter")
        self.open_button.setAccessibleName(f"{linked.kind}：{record.TITLE}{_called(record)}{gone and f'（{gone}）'}")
        self.open_button.clicked.connect(self._open)
        title = QLabel(getattr(record, record.SUBJECT))
        title.setWordWrap(True)
        title.setTextFormat(Qt.TextFormat.PlainText)
        if gone:
            font = title.font()
            font.setStrikeOut(True)
            title.setFont(font)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(kind)
        head.addWidget(self.open_button)
        head.addStretch(1)
        head.addWidget(shape)
        head.addWidget(words)
        self.remove_button = self._new_remove() if linked.link is not None else None
        if self.remove_button is not None:
            head.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(title)
        if record.voided_on and not record.deleted_at:
            note = QLabel(f"已于{record.voided_on}作废：{record.void_reason}")
            note.setTextFormat(Qt.TextFormat.PlainText)
            note.setWordWrap(True)
            theme.set_role(note, "small")
            column.addWidget(note)

    def _new_remove(self) -> QPushButton:
        button = QPushButton()
        theme.set_role(button, "icon")
        theme.set_icon(button, "x")
        button.setToolTip("取消关联  Delete")
        button.setAccessibleName(f"取消与{self.linked.record.number or '这一条'}的关联")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._remove)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the record, Delete takes the link away."""
        if event.key() == Qt.Key.Key_Delete and self.remove_button is not None and self.remove_button.isEnabled():
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        self.open_asked.emit(self.linked.record.key(), self.linked.record.id)

    def _remove(self) -> None:
        if self.linked.link is not None:
            self.remove_asked.emit(self.linked.link)


class LinksView(QWidget):
    """The links of one record. `said(words)` after each change; refusals and trouble go to `trouble`."""

    open_asked = Signal(str, int)
    said = Signal(str)
    trouble = Signal(object)

    def __init__(self, actions: Actions, words: OfficeWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._record: Record | None = None
        self.kind = ChoiceEditor(words.terms(KINDS), words.initials)
        self.kind.setObjectName("link_kind")
        self.kind.setAccessibleName("关联的种类：那一条是这一条的什么")
        self.kind.setToolTip("那一条是这一条的什么")
        self.kind.setFixedWidth(theme.up4(8 * theme.em()))
        self.search = RecordSearch(actions)
        self.search.found.connect(self._link)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(16, 4, 16, 12)
        inner.addLayout(self._rows)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._new_head())
        column.addWidget(area, 1)

    def _new_head(self) -> QVBoxLayout:
        """What the other record is to this one, and under it the search over the whole width, for its proposals."""
        add, is_the = QLabel("关联"), QLabel("那一条是这一条的")
        theme.set_role(add, "b")
        theme.set_role(is_the, "muted")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(add)
        line.addStretch(1)
        line.addWidget(is_the)
        line.addWidget(self.kind)
        head = QVBoxLayout()
        head.setContentsMargins(16, 8, 16, 4)
        head.setSpacing(4)
        head.addLayout(line)
        head.addWidget(self.search)
        return head

    def show_record(self, record: Record) -> None:
        """Show the links of a record."""
        if self._record is None or (record.key(), record.id) != (self._record.key(), self._record.id):
            self.kind.set_value(next(iter(self._actions.store.rules.words(KINDS)), None))
            self.search.set_value(None)
        self._record = self.search.but = record
        for _row in range(self._rows.count()):
            old = self._rows.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        linked = self._actions.linked(record)
        for one in linked:
            self._rows.addWidget(self._new_row(one))
        if not linked:
            nothing = QLabel("还没有关联。选好那一条是这一条的什么，再搜索那一条，按 Enter 就关联上。")
            nothing.setWordWrap(True)
            theme.set_role(nothing, "muted")
            self._rows.addWidget(nothing)
        for widget in (self.kind, self.search):
            self._actions.permit(widget, "save", not record.is_placeholder)

    def _new_row(self, linked: Linked) -> LinkRow:
        store = self._actions.store
        shown = light_of(linked.record, store.rules)
        row = LinkRow(linked, (shown.kind, shown.words))
        row.open_asked.connect(self.open_asked)
        row.remove_asked.connect(self._unlink)
        if row.remove_button is not None:
            self._actions.permit(row.remove_button, "save")
        return row

    def focus_search(self) -> None:
        """Put the cursor where a record is searched."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _link(self, other: object) -> None:
        assert isinstance(other, Record)
        assert self._record is not None
        kind = self.kind.value() if not self.kind.is_unreadable() else None
        note = "（那一条已作废）" if other.voided_on else ""
        self._do(self._actions.link, f"已关联{other.TITLE}{other.number}{note}", self._record, other, str(kind or ""))

    def _unlink(self, link: int) -> None:
        self._do(self._actions.unlink, "已取消关联", link)

    def _do(self, action: Callable[..., Change], words: str, *values: object) -> None:
        try:
            action(*values)
        except Exception as error:  # noqa: BLE001  refusals and named trouble are shown, the rest goes to the crash net
            self.trouble.emit(error)
        else:
            self.said.emit(words)
