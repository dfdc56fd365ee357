"""What the clerk does for a reason that he writes: void a number, say why numbers are missing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.registers.actions import Actions


class Reasons(QObject):
    """Asks for the reason and does it; `said(words, can be undone)`, `explained()` after a gap got its reason."""

    said = Signal(str, bool)
    explained = Signal()
    trouble = Signal(object)

    def __init__(self, actions: Actions, window: QWidget) -> None:
        """The dialogs belong to `window`."""
        super().__init__(window)
        self._actions, self._window = actions, window

    def void(self, register: str, record: int) -> None:
        """Void a record after asking for the reason; one without a number goes to the recycle bin."""
        from db.store.links import brief
        from desktop.dialogs.reason import voiding

        if not self._actions.allows("void"):
            return
        model = self._actions.store.catalogue[register]
        try:
            found = self._actions.load(model, record)
            if not found.number:
                self._actions.delete(model, record)
                self.said.emit(f"已移入回收站：{brief(found)}", True)
                return
            if found.voided_on:
                self.said.emit(f"{found.number}已于{found.voided_on}作废", False)
                return
            dialog = voiding(found.number, self._window)
            if dialog.exec():
                self._actions.void(model, record, dialog.reason.text())
                self.said.emit(f"已作废 {found.number}", True)
            dialog.deleteLater()
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)

    def explain(self, gap: object) -> None:
        """Ask why numbers are missing, and keep it."""
        from db.rules.numbering import MissingNumbers
        from desktop.dialogs.reason import missing

        if not self._actions.allows("save"):
            return
        assert isinstance(gap, MissingNumbers)
        dialog = missing(gap.text, gap.reason, self._window)
        try:
            if dialog.exec():
                self._actions.explain_missing(gap, dialog.reason.text())
                self.explained.emit()
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
        dialog.deleteLater()
