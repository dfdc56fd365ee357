"""The size at the start: fits every screen, and is that of last time as far as the screen is the same."""

from __future__ import annotations

import struct

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.settings import MachineSettings
from desktop.window.main import FIRST_SIZE, MainWindow

SCREEN_WIDTH_AT = 46  # bytes: where QWidget.saveGeometry() notes the width of the screen


@pytest.fixture
def left(qapp: QApplication, settings: MachineSettings) -> MachineSettings:
    """What a window of 760 × 600 leaves when it is closed."""
    window = MainWindow(settings)
    window.resize(760, 600)
    window.show()
    settings.geometry = window.saveGeometry()
    window.hide()
    window.deleteLater()
    return settings


def of_a_screen(geometry: QByteArray, width: int) -> QByteArray:
    """The same geometry as it is kept on a screen of another width (pixels)."""
    kept = bytearray(geometry.data())
    assert struct.unpack_from(">i", kept, SCREEN_WIDTH_AT) == (QApplication.primaryScreen().size().width(),)
    struct.pack_into(">i", kept, SCREEN_WIDTH_AT, width)
    return QByteArray(bytes(kept))


def test_a_window_is_as_large_as_it_was_left(left: MachineSettings) -> None:
    window = MainWindow(left)
    window.show_first(QSize(1024, 738))
    assert (window.size(), window.isMaximized()) == (QSize(760, 600), False)


def test_a_window_that_was_left_on_a_larger_screen_fits_this_one(left: MachineSettings) -> None:
    left.geometry = of_a_screen(left.geometry, 1920)
    window = MainWindow(left)
    window.show_first(QSize(1024, 738))
    assert window.isMaximized()
    assert window.normalGeometry().width() <= 1024


def test_a_window_that_was_left_on_a_smaller_screen_is_as_large_as_at_first(left: MachineSettings) -> None:
    left.geometry = of_a_screen(left.geometry, 320)
    window = MainWindow(left)
    window.show_first(QSize(1920, 1040))
    assert (window.size(), window.isMaximized()) == (FIRST_SIZE, False)


def test_on_a_small_screen_the_first_size_leaves_room_for_a_frame_of_four_pixels_and_its_title(
    qapp: QApplication, settings: MachineSettings
) -> None:
    window = MainWindow(settings)
    window.show_first(QSize(1024, 768))
    within = window.normalGeometry()
    assert within.width() + 2 * 4 <= 1024
    assert within.height() + theme.row() + 4 + 4 <= 768
