"""词汇表: the words that choices are taken from; added, renamed, put in order, no longer offered, never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QWidget

from db.catalogue import Catalogue
from db.directory.vocabulary import TermRow
from db.record import TermField
from db.store import office
from db.store.change import Change
from desktop.dialogs.rows import Column
from desktop.dialogs.tables import TablePage
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import LineEditor
from desktop.registers.words import OfficeWords


def vocabulary_titles(catalogue: Catalogue) -> dict[str, str]:
    """What each vocabulary is called: the label of the fields that it is chosen in, with their registers."""
    labels: dict[str, dict[str, None]] = {}
    registers: dict[str, dict[str, None]] = {}
    for register in catalogue:
        for table in (register, *register.LINES):
            for field in table._meta.sorted_fields:
                if isinstance(field, TermField):
                    labels.setdefault(field.vocabulary, {})[str(field.verbose_name)] = None
                    registers.setdefault(field.vocabulary, {})[register.TITLE] = None
    return {name: f"{'、'.join(words)}（{'、'.join(registers[name])}）" for name, words in labels.items()}


class WordsPage(TablePage):
    """The words of one vocabulary at a time."""

    TITLE = "词汇表"
    PERMISSION = "edit_rules"
    ABOUT = "各栏可选的词。改名、停用只影响以后登记：旧记录上的词不变，照样查得到。归类用于统计和编号，一般不改。"
    RETIRED = "显示停用的"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        self.choice = QComboBox()
        self.choice.setAccessibleName("哪个词汇表")
        titles = vocabulary_titles(actions.store.catalogue)
        for vocabulary in actions.store.rules.terms:
            self.choice.addItem(titles.get(vocabulary, vocabulary), vocabulary)
        super().__init__(actions, words, jobs, parent)
        self.choice.setMaxVisibleItems(20)
        self.tools.insertWidget(0, self.choice, 1)
        self.choice.currentIndexChanged.connect(self.reload)
        self.add_button("上移", partial(self._move, -1), hint="Alt+↑")
        self.add_button("下移", partial(self._move, 1), hint="Alt+↓")
        self.add_button("停用或启用", self.retire, hint="停用的词不再列出，旧记录上的不变  Delete")
        self.add_button("增加词", self.go_to_new, "primary")
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(key), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(partial(self._move, by))

    def columns(self) -> Sequence[Column]:
        """The word, its class, its series, whether it is offered."""
        return (
            Column("word", "词", 0, LineEditor), Column("group", "归类", 10, LineEditor),
            Column("series", "编号前缀", 10, LineEditor), Column("is_active", "", 8, written=_state),
        )  # fmt: skip

    def rows(self) -> list[TermRow]:
        """In the office's order."""
        words = TermRow.select().where(TermRow.vocabulary == self.choice.currentData())
        return list(words.order_by(TermRow.position, TermRow.id))

    def blank(self) -> TermRow:
        """A new word of this vocabulary."""
        return TermRow(vocabulary=self.choice.currentData())

    def store_row(self, row: TermRow) -> Change:
        """Store a word."""
        return self._actions.edit(partial(office.put_word, word=row))

    def is_retired(self, row: TermRow) -> bool:
        """No longer offered."""
        return not row.is_active

    def keys_of(self, row: TermRow) -> Sequence[str]:
        """The word and its class."""
        return (row.word, row.group)

    def retire(self) -> None:
        """Offer the word no longer, or again."""
        word = self.current_row()
        if word is not None and self.can_edit:
            word.is_active = not word.is_active
            done = f"“{word.word}”已重新启用" if word.is_active else f"“{word.word}”不再列出，旧记录上的不变"
            self.perform(partial(self.store_row, word), done)

    def _move(self, by: int) -> None:
        """Change places with the neighbour on show."""
        at = self.view.currentIndex().row()
        word, other = self.model.row_at(at), self.model.row_at(at + by)
        if not self.can_edit or not word or not other or not word.id or not other.id:
            return
        words = self.rows()
        here, there = (next(n for n, row in enumerate(words) if row.id == one.id) for one in (word, other))
        words.insert(there, words.pop(here))
        self.perform(partial(self._actions.edit, partial(office.order_words, words=words)), "次序已改")


def _state(row: TermRow) -> str:
    return "" if row.is_active else "停用"
