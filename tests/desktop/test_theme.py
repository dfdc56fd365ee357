"""The look: contrast, measures from the font, icons, both schemes and high contrast."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
)

from desktop import theme

HOUSE = Path(__file__).parents[2]
SCHEMES = {"light": theme.LIGHT, "dark": theme.DARK}
TEXTS = ("ink", "ink2", "accent", "red", "orange", "ochre", "green")


@pytest.fixture(autouse=True)
def plain_look(qapp: QApplication) -> Iterator[None]:
    """Leave the application as it was found by the next test: light, 10 points."""
    qapp.setFont(QFont(qapp.font().family(), 10))
    yield
    theme.dress(qapp, "light")


def luminance(name: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2)."""
    parts = (QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF())
    linear = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 … 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def grounds(tokens: Mapping[str, str], text: str) -> list[str]:
    """The grounds on which text of that colour may stand."""
    own = [text + "bg"] if text + "bg" in tokens else []
    return ["paper", "base", "alt", "side", "pick", *own]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read_on_every_ground(scheme: str, text: str) -> None:
    tokens = SCHEMES[scheme]
    low = {ground: contrast(tokens[text], tokens[ground]) for ground in grounds(tokens, text)}
    assert min(low.values()) >= 4.5, low


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_on_the_primary_button_the_toast_and_the_desk_can_be_read(scheme: str) -> None:
    tokens = SCHEMES[scheme]
    pairs = (("on", "accent"), ("toast", "ink"), ("base", "ink"), ("ink", "desk"), ("ink2", "desk"),
             ("ink", "hit"), ("ink2", "hit"))  # fmt: skip
    for text, ground in pairs:
        assert contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert contrast(tokens["edge"], tokens["base"]) >= 3.0


def test_both_schemes_name_the_same_tokens() -> None:
    assert set(theme.LIGHT) == set(theme.DARK)
    assert all(re.fullmatch("#[0-9A-F]{6}", value) for tokens in SCHEMES.values() for value in tokens.values())


def test_a_scheme_reaches_palette_sheet_and_colour(qapp: QApplication) -> None:
    theme.dress(qapp, "dark")
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(theme.DARK["base"]) == theme.colour("base")
    assert theme.DARK["edge"] in qapp.styleSheet()
    theme.dress(qapp, "light")
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(theme.LIGHT["base"]) == theme.colour("base")
    assert theme.DARK["edge"] not in qapp.styleSheet()


def test_no_placeholder_is_left_in_the_sheet(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    assert "$" not in qapp.styleSheet()


def test_an_unknown_token_or_icon_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        theme.colour("violet")
    with pytest.raises(FileNotFoundError):
        theme.pixmap("no-such-icon")


def test_measures_follow_the_font_and_the_wish_for_larger_text(qapp: QApplication) -> None:
    assert [theme.up4(x) for x in (0, 0.005, 1, 25.2, 28.0, 28.02)] == [0, 0, 4, 28, 28, 32]
    theme.dress(qapp, "light")
    before = theme.em()
    theme.dress(qapp, "light", larger=3)
    assert theme.em() == pytest.approx(before + 4, abs=0.5)  # 3 points are 4 px at 96 dpi
    assert theme.row() % 4 == 0
    assert theme.row() >= 2.1 * theme.em()


def test_text_is_never_smaller_than_nine_points(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    assert qapp.font().pointSizeF() >= 9
    assert theme.points(-1) >= 8


def test_every_icon_draws_something_in_its_colour(qapp: QApplication) -> None:
    every = {path.stem for path in (theme.RESOURCES / "icons").glob("*.svg")}
    names = sorted(
        every - {"tick-black", "tick-white", "down-dark", "down-light", "up-dark", "up-light"}
    )  # the style sheet's, not tinted
    assert {"today", "in", "out", "late", "due", "soon", "ok", "done", "todo", "void", "pin", "pinned", "down"} <= set(
        names
    )
    theme.dress(qapp, "light")
    for name in names:
        image = theme.pixmap(name, "accent").toImage().convertToFormat(QImage.Format.Format_ARGB32)
        inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        strongest = max(inked, key=QColor.alpha)
        assert strongest.alpha() > 120, name
        wanted = theme.colour("accent")
        assert abs(strongest.red() - wanted.red()) < 8, name
        assert abs(strongest.blue() - wanted.blue()) < 8, name


def test_an_icon_set_once_takes_the_colour_of_the_new_scheme(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    button, label = QPushButton("登记收文"), QLabel()
    theme.set_icon(button, "plus", "ink")
    theme.set_icon(label, "late", "red", 12)
    theme.dress(qapp, "dark")
    assert button.icon().pixmap(16).toImage() == theme.icon("plus", "ink").pixmap(16).toImage()
    assert label.pixmap().toImage() == theme.pixmap("late", "red", 12).toImage()
    assert label.pixmap().width() == 12 * label.pixmap().devicePixelRatio()


def test_a_role_changes_the_look_of_a_widget_at_once(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    frame = QFrame()
    frame.resize(20, 20)
    theme.set_role(frame, "problem")
    assert frame.grab().toImage().pixelColor(10, 10) == theme.colour("redbg")
    theme.set_role(frame, "note")
    assert frame.grab().toImage().pixelColor(10, 10) == theme.colour("ochrebg")


def test_fields_and_buttons_are_as_high_as_a_row(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    assert QLineEdit().sizeHint().height() == theme.row()
    assert QPushButton("保存").sizeHint().height() == theme.row()


def test_a_system_in_high_contrast_keeps_its_own_ink_and_ground() -> None:
    system = QPalette(QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.black))
    system.setColor(QPalette.ColorRole.Window, QColor(Qt.GlobalColor.black))
    system.setColor(QPalette.ColorRole.WindowText, QColor(Qt.GlobalColor.white))
    tokens = theme.high_contrast_tokens(system)
    assert set(tokens) == set(theme.LIGHT)
    assert tokens["ink"] == tokens["line"] == tokens["red"] == "#ffffff"
    assert tokens["base"] == tokens["redbg"] == "#000000"
    assert contrast(tokens["ink"], tokens["pick"]) >= 7


def test_rare_characters_of_names_have_a_face_where_no_chinese_font_is_installed() -> None:
    script = """
import sys
from PySide6.QtGui import QFontDatabase, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel
from desktop import theme
app = QApplication([])
QFontDatabase.families = lambda *_: []
theme.dress(app, "light")
theme.cover_chinese(app)
label = QLabel("王堃")
theme.set_role(label, "small")
label.show()
def lacking():
    found = []
    for character in "蓝喆堃䶮𫖯𬀩〔〇":
        layout = QTextLayout(character, label.font())
        layout.beginLayout(); layout.createLine(); layout.endLayout()
        if any(0 in run.glyphIndexes() for run in layout.glyphRuns()):
            found.append(character)
    return "".join(found)
before = lacking()
theme.cover_rare_characters(app)
print(before or "none", lacking() or "none", label.font().families() == app.font().families())
"""
    child = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    before, after, alike = child.stdout.split()
    assert "蓝" not in before
    assert after == "none"
    assert alike == "True"  # what is on show has the new face as well


@pytest.mark.parametrize("scheme", SCHEMES)
def test_menus_and_unticked_boxes_in_lists_have_an_edge_that_can_be_seen(qapp: QApplication, scheme: str) -> None:
    theme.dress(qapp, scheme)
    menu, listed = QMenu(), QListWidget()
    menu.addAction("选择列...")
    item = QListWidgetItem("密级", listed)
    item.setCheckState(Qt.CheckState.Unchecked)
    assert menu.grab().toImage().pixelColor(0, 10) == theme.colour("edge")
    picture = listed.grab().toImage()
    row = listed.visualItemRect(item).center().y()
    assert theme.colour("edge") in [picture.pixelColor(x, row) for x in range(24)]
