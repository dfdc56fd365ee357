"""What belongs to this machine and not to the office: window geometry, colours, size of type, pinned fields.

The office's own settings are rows of the ledger and travel with it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

NAME = "fazhi-ledger"
SCHEMES = ("system", "light", "dark")
LARGEST = 4  # points


class MachineSettings:
    """Values kept by QSettings for this user on this machine."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, NAME, NAME)

    @property
    def scheme(self) -> str:
        """The colours: "light", "dark" or "system"; "system" when the file says anything else."""
        scheme = str(self._settings.value("scheme", "system"))
        return scheme if scheme in SCHEMES else "system"

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._settings.setValue("scheme", scheme)

    @property
    def larger(self) -> int:
        """Points added to the system's font, 0 to 4."""
        points = str(self._settings.value("larger", 0))
        return min(int(points), LARGEST) if points.isdecimal() else 0

    @larger.setter
    def larger(self, points: int) -> None:
        self._settings.setValue("larger", points)

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size, as QWidget.saveGeometry() gives it."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def pinned(self, register: str, default: tuple[str, ...]) -> set[str]:
        """The pinned fields of a register's entry form."""
        value = self._settings.value(f"pinned/{register}")
        return set(default) if value is None else set(filter(None, str(value).split(",")))

    def columns(self, register: str) -> tuple[str, ...]:
        """The columns of a register's book as they were chosen last; empty when they never were."""
        value = self._settings.value(f"columns/{register}")
        return tuple(filter(None, str(value).split(","))) if value is not None else ()

    def set_columns(self, register: str, names: tuple[str, ...]) -> None:
        """Keep the columns of a register's book."""
        self._settings.setValue(f"columns/{register}", ",".join(names))

    def layout(self, name: str) -> str:
        """The columns of a list as they were made last, as JSON; empty when they never were."""
        return str(self._settings.value(f"layout/{name}", ""))

    def set_layout(self, name: str, text: str) -> None:
        """Keep the columns of a list; an empty text forgets them."""
        self._settings.setValue(f"layout/{name}", text)

    def folder(self, purpose: str) -> Path | None:
        """The folder that files were read from or written to last for a purpose; None when there is none."""
        text = str(self._settings.value(f"folder/{purpose}", ""))
        return Path(text) if text else None

    def set_folder(self, purpose: str, folder: Path) -> None:
        """Remember a folder for a purpose."""
        self._settings.setValue(f"folder/{purpose}", str(folder))

    def put_off(self, warning: str) -> date | None:
        """The day for which a warning was put off last; None when it never was."""
        try:
            return date.fromisoformat(str(self._settings.value(f"put_off/{warning}", "")))
        except ValueError:
            return None

    def set_put_off(self, warning: str, day: date) -> None:
        """Remember that a warning is not to be shown again on a day."""
        self._settings.setValue(f"put_off/{warning}", day.isoformat())

    @property
    def gutter(self) -> str:
        """The edge at which books are bound: "top" or "left"."""
        return "left" if self._settings.value("gutter") == "left" else "top"

    @gutter.setter
    def gutter(self, gutter: str) -> None:
        self._settings.setValue("gutter", gutter)

    def bound(self, book: str) -> tuple[int, int]:
        """The last page and the last number of a book (register, series and year) as it was printed last; else 0, 0."""
        page, _stroke, number = str(self._settings.value(f"bound/{book}", "0-0")).partition("-")
        return (int(page), int(number)) if page.isdecimal() and number.isdecimal() else (0, 0)

    def set_bound(self, book: str, page: int, number: int) -> None:
        """Remember up to where a book was printed."""
        self._settings.setValue(f"bound/{book}", f"{page}-{number}")

    def set_pinned(self, register: str, names: set[str]) -> None:
        """Keep the pinned fields of a register."""
        self._settings.setValue(f"pinned/{register}", ",".join(sorted(names)))
