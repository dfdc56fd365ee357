"""Editors whose text is read: what can be read becomes tidy on leaving, what cannot stays as typed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from desktop.registers.editors.base import SettlingEditor, Unreadable
from desktop.registers.editors.inputs import LineInput


class ReadEditor(SettlingEditor):
    """A line of text that stands for a value of another kind; subclasses say how to read and how to write it."""

    control: LineInput

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty field."""
        super().__init__(LineInput(), parent)

    def read(self, text: str) -> object | None:
        """The value that `text` (stripped, not empty) stands for. Raises ValueError with a Chinese sentence."""
        raise NotImplementedError

    def written(self, value: object) -> str:
        """`value` as the field shows it when it is left."""
        raise NotImplementedError

    def value(self) -> object | None:
        """The value; None if the field is empty. Raises Unreadable if the text cannot be read."""
        text = self.control.text().strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as trouble:
            raise Unreadable(text, str(trouble)) from trouble

    def set_value(self, value: object | None) -> None:
        """Show `value`, or a text as if it had been typed (a draft's); a complaint about the former text is gone."""
        self._complained = ""
        text = value if isinstance(value, str) else "" if value is None else self.written(value)
        self.control.show_text(text)

    def settle(self) -> None:
        """Write the value tidily, or complain once about a text that cannot be read."""
        if self.composing():
            return
        try:
            value = self.value()
        except Unreadable as trouble:
            self._complain(trouble)
            return
        self._withdraw()
        self.control.show_text("" if value is None else self.written(value))


def _figure(text: str) -> str:
    """`text` with half-width figures and without the commas and blanks between thousands."""
    return re.sub(r"(?<=\d)[,，\s](?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", text)).strip()


def _range_sentence(minimum: object | None, maximum: object | None) -> str:
    if minimum is None:
        return f"不能大于 {maximum}"
    return f"不能小于 {minimum}" if maximum is None else f"应在 {minimum} 到 {maximum} 之间"


class NumberEditor(ReadEditor):
    """A whole number from `minimum` to `maximum` (both may be None)."""

    def __init__(self, minimum: int | None = None, maximum: int | None = None, parent: QWidget | None = None) -> None:
        """The bounds count as allowed."""
        super().__init__(parent)
        self._minimum, self._maximum = minimum, maximum

    def read(self, text: str) -> int:
        """A whole number. Raises ValueError with a Chinese sentence."""
        figure = _figure(text)
        if not re.fullmatch(r"[+-]?\d{1,18}", figure):
            raise ValueError(f"“{text}”不是整数")
        number = int(figure)
        if (self._minimum is not None and number < self._minimum) or (
            self._maximum is not None and number > self._maximum
        ):
            raise ValueError(_range_sentence(self._minimum, self._maximum))
        return number

    def written(self, value: object) -> str:
        """The figures without commas, as they are typed."""
        return str(value)


class DecimalEditor(ReadEditor):
    """A number with up to `places` decimals from `minimum` to `maximum` (both may be None); exact, never a float."""

    def __init__(
        self,
        places: int = 2,
        minimum: Decimal | None = None,
        maximum: Decimal | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """The bounds count as allowed."""
        super().__init__(parent)
        self._places, self._minimum, self._maximum = places, minimum, maximum

    def read(self, text: str) -> Decimal:
        """A decimal number. Raises ValueError with a Chinese sentence; nothing is rounded away."""
        figure = _figure(text).replace("。", ".")
        if not re.fullmatch(r"[+-]?(\d{1,18}(\.\d*)?|\.\d+)", figure):
            raise ValueError(f"“{text}”不是数字")
        number = Decimal(figure)
        if len(figure.partition(".")[2].rstrip("0")) > self._places:
            raise ValueError(f"最多写 {self._places} 位小数")
        if (self._minimum is not None and number < self._minimum) or (
            self._maximum is not None and number > self._maximum
        ):
            raise ValueError(_range_sentence(self._minimum, self._maximum))
        return number

    def written(self, value: object) -> str:
        """Figures with the decimals that were given, never in powers of ten."""
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
