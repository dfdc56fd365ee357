"""The one look of the window: colours, type, measure and icons, each named once (look.md §1, §5).

Colours are tokens (`LIGHT`, `DARK`: name -> "#RRGGBB"). `dress` gives the application, which is made with `STYLE`, its
palette, font and style sheet (resources/style.qss); sizes come in pixels from the application's font, never as
constants.

Looks are chosen by the dynamic property **role** (`set_role`); objectName stays free for field names:

* any QFrame: page, side, pane, split, head, foot, card, cardOn, rule, popup, desk, toast, problem, note, quote
* QLabel: h1, h2, b, muted, small, num, column (head of a small table), restDay (休), workDay (班), provisional (暂按)
* QPushButton: primary, quiet, icon, chip, chipOn; none = the normal button. Give buttons `Qt.FocusPolicy.TabFocus`,
  so that the focus ring appears by keyboard only.
* QLineEdit: cell (a field without a frame, inside a table of lines)

Other dynamic properties: **light** (red, orange, ochre, green, accent, ink2) colours the text of a label; **state**
(bad, noted) frames a QLineEdit or QPlainTextEdit, **hit** (yes) marks one in which
searched words stand. A plain QWidget needs WA_StyledBackground to show a ground.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6 import (
    QtCore,
)  # its Qt with all its enumerations takes a sixth of a bare start: none before the first frame
from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QIcon, QPixmap

STYLE = ("-style", "fusion")  # arguments of QApplication; setStyle() hands out a QStyle with all its enumerations
RESOURCES = Path(__file__).resolve().parent.parent / "resources"

# fmt: off
LIGHT: Mapping[str, str] = MappingProxyType({
    "paper": "#F3F2EE", "side": "#EAE8E1", "desk": "#D5D2CA", "base": "#FFFFFF", "alt": "#F9F8F5",
    "line": "#DEDAD1", "edge": "#8A867C", "ink": "#1F2328", "ink2": "#585B60",
    "accent": "#1F5B85", "on": "#FFFFFF", "pick": "#DCE8F1",
    "red": "#B42318", "redbg": "#FBE9E6", "orange": "#964800", "orangebg": "#FCEEDD",
    "ochre": "#705508", "ochrebg": "#F8F0D4", "green": "#2A683A", "greenbg": "#E4F1E5", "toast": "#9CCBEC",
    "hit": "#FCE8A4",
})
DARK: Mapping[str, str] = MappingProxyType({
    "paper": "#212428", "side": "#1C1F22", "desk": "#121416", "base": "#191B1E", "alt": "#1D2023",
    "line": "#363A40", "edge": "#7F858D", "ink": "#E6E8EA", "ink2": "#A9AEB4",
    "accent": "#82B8DF", "on": "#0F1B24", "pick": "#27415A",
    "red": "#F39085", "redbg": "#43211E", "orange": "#EBA766", "orangebg": "#40290F",
    "ochre": "#DCC163", "ochrebg": "#383010", "green": "#8AC595", "greenbg": "#1E3524", "toast": "#1F5B85",
    "hit": "#4A3B0C",
})

_ROLES = {
    "Window": "paper", "Base": "base", "AlternateBase": "alt", "Text": "ink", "WindowText": "ink", "Button": "base",
    "ButtonText": "ink", "Highlight": "pick", "HighlightedText": "ink", "Accent": "accent", "PlaceholderText": "ink2",
    "ToolTipBase": "ink", "ToolTipText": "base", "Link": "accent", "LinkVisited": "accent", "BrightText": "red",
    "Light": "base", "Midlight": "line", "Mid": "line", "Dark": "edge", "Shadow": "edge",
}
# fmt: on
_SMALLEST = 9.0  # points; look.md §1 "Type"
_CHINESE, _SERIF = "FandolHei-Regular.ttf", "NotoSerifSC-Light.ttf"  # in resources/fonts
_AROUND = (16, 48)  # px that the frame and the title bar of a window take
_RARE = "䶮𫖯𬀩"  # from names of persons; beyond the first plane and its oldest blocks
_THIN_ABOVE = 32  # px; larger icons are drawn with a thinner stroke

# Like QApplication's palette there is one set in force in a process; only `dress` writes it.
_in_force: dict[str, str] = dict(LIGHT)


def dress(app: QApplication, scheme: str = "system", larger: int = 0) -> None:
    """Give the whole application the look of `scheme` ("light", "dark" or "system"); may be called again at any time.

    "system" follows the desktop's own switch while the program runs. `larger` (0 … 4 points) is added to the
    system's font, which is taken as 9 points at least. A system in high contrast keeps its own palette.
    """
    (_wardrobe(app) or _Wardrobe(app)).wear(scheme, larger)


def cover_chinese(app: QApplication) -> None:
    """Put the bundled 黑体 behind the fonts in use where no installed font covers Chinese.

    To be called before the first word is shown: to look through the fonts takes a twentieth of a bare start.
    """
    if wardrobe := _wardrobe(app):
        wardrobe.cover_chinese()


def cover_rare_characters(app: QApplication) -> None:
    """Put the bundled serif behind the fonts in use where they lack rare characters of names, as the bundled 黑体 does.

    To be called once the window stands: to look through the fonts and to load the file takes a while.
    """
    if wardrobe := _wardrobe(app):
        wardrobe.cover_rare()


def colour(name: str) -> QColor:
    """The colour of token `name` in the scheme in force. Raises KeyError if there is no such token."""
    return QColor(_in_force[name])


def em() -> float:
    """Pixel size of the application's font, the unit of all measures (13.33 at 10 points and 96 dpi)."""
    font = QApplication.font()
    if font.pixelSize() > 0:
        return float(font.pixelSize())
    return font.pointSizeF() * QGuiApplication.primaryScreen().logicalDotsPerInch() / 72


def up4(x: float) -> int:
    """The next multiple of 4 px that is not below `x` px; a hundredth over does not count."""
    return 4 * math.ceil((x - 0.01) / 4)


def give_size(window: QWidget, width: float, height: float) -> None:
    """Give a window its first size in em, or as much of it as its screen has room for beside a title bar and edges."""
    room = window.screen().availableSize() - QSize(*_AROUND)
    window.resize(QSize(up4(width * em()), up4(height * em())).boundedTo(room))


def row() -> int:
    """Height in px of a list row, field, button, tab and header: 28 at 10 points (look.md §1 "Measure")."""
    return max(up4(2.1 * em()), up4(QFontMetrics(QApplication.font()).height() + 4))


def points(offset: float = 0) -> float:
    """Size in points of text `offset` points larger than the application's font, never below 8."""
    return max(8.0, em() * 72 / QGuiApplication.primaryScreen().logicalDotsPerInch() + offset)


def pixmap(name: str, colour: str = "ink2", size: int = 16) -> QPixmap:
    """Icon resources/icons/`name`.svg, `size` px wide, tinted with token `colour`, sharp on the densest screen.

    Raises FileNotFoundError if there is no such icon and KeyError if there is no such token.
    """
    app = QGuiApplication.instance()
    return _drawn(name, _in_force[colour], size, app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0)


def icon(name: str, colour: str = "ink2") -> QIcon:
    """`pixmap` as an icon of 16 px for buttons and actions; `set_icon` follows a change of scheme, this does not."""
    from PySide6.QtGui import QIcon  # the frame has none

    out = QIcon()
    densest = QGuiApplication.instance().devicePixelRatio()  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
    for ratio in sorted({1.0, densest}):
        tinted = _drawn(name, _in_force[colour], 16, ratio)
        out.addPixmap(tinted)
        out.addPixmap(tinted, QIcon.Mode.Disabled)
    return out


def set_icon(target: QAbstractButton | QAction | QLabel, name: str, colour: str = "ink2", size: int = 16) -> None:
    """Put icon `name` on a button, an action or a label and keep its tint right when the scheme changes."""
    tint: _Tint = target.property("tint") or _Tint(target, name, colour, size)
    tint.name, tint.token, tint.size = name, colour, size
    tint.draw()


def set_role(widget: QWidget, role: str, name: str = "role", *, fresh: bool = False) -> None:
    """Set the dynamic property `name` (role, light or state) and let the style sheet look at the widget anew.

    `fresh`: the widget was made just now, the sheet has not looked at it yet.
    """
    if widget.property(name) == role:
        return
    widget.setProperty(name, role)
    if not fresh and widget.testAttribute(
        QtCore.Qt.WidgetAttribute.WA_WState_Polished
    ):  # before that the sheet has not looked at it yet
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # QFrame reckons its margins anew only on this
        widget.update()


def high_contrast_tokens(palette: QPalette) -> dict[str, str]:
    """Tokens for a system in high contrast: its own ink and ground, no tints, lines as dark as the ink."""
    ground, ink = palette.window().color(), palette.windowText().color()
    pairs = ((ground.red(), ink.red()), (ground.green(), ink.green()), (ground.blue(), ink.blue()))
    mixed = (round(g + (i - g) * 0.25) for g, i in pairs)
    tokens = {name: ink.name() for name in LIGHT}
    for name in ("paper", "side", "desk", "base", "alt", "on", "redbg", "orangebg", "ochrebg", "greenbg", "toast"):
        tokens[name] = ground.name()
    tokens["pick"] = tokens["hit"] = QColor(*mixed).name()
    return tokens


class _Wardrobe(QObject):
    """Child of the application that remembers what was asked for and follows the system's switch."""

    dressed = Signal()

    def __init__(self, app: QApplication) -> None:
        """Note the system's font and palette before they are replaced."""
        super().__init__(app)
        app.setProperty("wardrobe", self)
        self._app = app
        self._font = QFont(app.font())
        self._palette = app.palette()  # a copy; QPalette(…) would load the whole of QtCore.Qt
        self._scheme, self._larger = "system", 0
        self._changing = self._asked_for = False
        self._looks_dark = self._palette.window().color().lightness() < self._palette.windowText().color().lightness()
        self._covers_chinese = self._covers_rare = False
        self._bundled: list[str] = []  # families that stand in for characters that no installed font covers
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def wear(self, scheme: str, larger: int) -> None:
        """Apply scheme and size; see `dress`."""
        self._scheme, self._larger = scheme, larger
        if scheme != "system" or self._asked_for:
            self._ask_for(scheme)
        self._put_on()

    def _ask_for(self, scheme: str) -> None:
        wanted = {"light": QtCore.Qt.ColorScheme.Light, "dark": QtCore.Qt.ColorScheme.Dark}.get(
            scheme, QtCore.Qt.ColorScheme.Unknown
        )
        self._asked_for = self._changing = True  # the hint colours the system's own title bar and calls back
        self._app.styleHints().setColorScheme(wanted)
        self._changing = False
        self._looks_dark = self._app.styleHints().colorScheme() == QtCore.Qt.ColorScheme.Dark

    def _follow(self, scheme: QtCore.Qt.ColorScheme) -> None:
        self._looks_dark = scheme == QtCore.Qt.ColorScheme.Dark
        if not self._changing and self._scheme == "system":
            self._put_on()

    def _tokens(self) -> Mapping[str, str]:
        if _wants_contrast(self._palette):
            return high_contrast_tokens(self._palette)
        if self._scheme == "system":
            return DARK if self._looks_dark else LIGHT
        return DARK if self._scheme == "dark" else LIGHT

    def _put_on(self) -> None:
        _in_force.update(self._tokens())
        palette = QPalette()
        for role, token in _ROLES.items():
            palette.setColor(QPalette.ColorRole[role], colour(token))
        for role in ("Text", "WindowText", "ButtonText"):
            palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], colour("ink2"))
        self._app.setFont(self._sized_font())
        self._app.setPalette(palette)
        self._app.setStyleSheet(_sheet())
        self.dressed.emit()

    def _sized_font(self) -> QFont:
        """The system's font in the size asked for, with the bundled faces behind it that are loaded."""
        font = QFont(self._font)
        if font.pixelSize() > 0:
            font.setPixelSize(max(12, font.pixelSize()) + round(self._larger * 4 / 3))
        else:
            font.setPointSizeF(max(_SMALLEST, font.pointSizeF()) + self._larger)
        if self._bundled:
            font.setFamilies([*font.families(), *self._bundled])
        return font

    def _add_face(self, name: str) -> list[str]:
        """Load a bundled font; its families, none when the file is absent or no font."""
        path = RESOURCES / "fonts" / name
        number = QFontDatabase.addApplicationFont(str(path)) if path.is_file() else -1
        return QFontDatabase.applicationFontFamilies(number) if number >= 0 else []

    def cover_chinese(self) -> None:
        """See `cover_chinese`."""
        if not self._covers_chinese and not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
            self._bundled += self._add_face(_CHINESE)
            self._app.setFont(self._sized_font())
        self._covers_chinese = True

    def cover_rare(self) -> None:
        """See `cover_rare_characters`."""
        metrics = QFontMetrics(self._app.font())
        if not self._covers_rare and not all(metrics.inFontUcs4(ord(character)) for character in _RARE):
            families = self._add_face(_SERIF)
            if self._bundled:  # where an installed font covers Chinese it is the system that falls back on the new face
                self._bundled += families
                self._app.setFont(self._sized_font())
                self._app.setStyleSheet(_sheet())  # widgets on show have had their fonts from the sheet
        self._covers_rare = True


def _wardrobe(app: QObject) -> _Wardrobe | None:
    """The application's; kept as its property, since the options of `findChild` load the whole of QtCore.Qt."""
    return app.property("wardrobe")


class _Tint(QObject):
    """Child of a button, action or label that draws its icon anew after each change of scheme."""

    def __init__(self, target: QAbstractButton | QAction | QLabel, name: str, token: str, size: int) -> None:
        """`name`, `token` and `size` may be changed before `draw`."""
        super().__init__(target)
        target.setProperty("tint", self)
        self._target = target
        self.name, self.token, self.size = name, token, size
        app = QApplication.instance()
        if app is not None and (wardrobe := _wardrobe(app)):
            wardrobe.dressed.connect(self.draw)

    def draw(self) -> None:
        """Put the icon on."""
        if isinstance(self._target, QLabel):
            self._target.setPixmap(pixmap(self.name, self.token, self.size))
            return
        self._target.setIcon(icon(self.name, self.token))
        if isinstance(self._target, QAbstractButton):
            self._target.setIconSize(QSize(self.size, self.size))


def _sheet() -> str:
    """The style sheet with colours and sizes of this moment."""
    height = row()
    sizes = {
        "h1": points(4),
        "h2": points(1.5),
        "num": points(8),
        "small": points(-1),
        "row": height,
        "r1": height - 1,
        "r2": height - 2,
        "r6": height - 6,
        "round": height // 2 - 2,
    }
    text = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    icons, shade = RESOURCES / "icons", "dark" if colour("base").lightness() > 127 else "light"
    tick = icons / f"tick-{'white' if colour('on').lightness() > 127 else 'black'}.svg"
    down, up = icons / f"down-{shade}.svg", icons / f"up-{shade}.svg"
    return Template(text).substitute(_in_force, tick=tick.as_posix(), down=down.as_posix(), up=up.as_posix(), **sizes)


def _drawn(name: str, tint: str, size: int, ratio: float) -> QPixmap:
    """The icon in colour `tint` ("#RRGGBB") from Qt's pixmap cache, drawn at `size` × `ratio` device pixels."""
    from PySide6.QtGui import QPainter, QPixmap, QPixmapCache  # when the first icon is drawn: the frame stands before

    key = f"fazhi {name} {tint} {size} {ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    from PySide6.QtSvg import QSvgRenderer

    text = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", tint)
    if size > _THIN_ABOVE:
        text = text.replace('stroke-width="1.3"', 'stroke-width="0.8"')
    found = QPixmap(QSize(size, size) * ratio)
    found.fill(QColor(0, 0, 0, 0))
    painter = QPainter(found)
    QSvgRenderer(QByteArray(text.encode())).render(painter)
    painter.end()
    found.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, found)
    return found


def _wants_contrast(system: QPalette) -> bool:
    """Whether the system asks for high contrast: Windows by its own word, others by black on white without greys."""
    if sys.platform == "win32":
        return _windows_high_contrast()
    ends = {"#000000", "#ffffff"}
    colours = {system.window().color().name(), system.base().color().name()}
    return len(colours) == 1 and {*colours, system.windowText().color().name()} == ends


def _windows_high_contrast() -> bool:
    """Ask SystemParametersInfo for SPI_GETHIGHCONTRAST (0x42); the flag HCF_HIGHCONTRASTON is 1."""
    import ctypes

    class HighContrast(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("flags", ctypes.c_uint), ("scheme", ctypes.c_wchar_p))

    answer = HighContrast(size=ctypes.sizeof(HighContrast))
    user32 = getattr(ctypes, "windll").user32  # noqa: B009  the attribute exists on Windows only
    asked = user32.SystemParametersInfoW(0x42, ctypes.sizeof(answer), ctypes.byref(answer), 0)
    return bool(asked and answer.flags & 1)
