"""Draw an SVG as a square PNG: draw_icon.py SVG SIZE PNG (pixels). Needs PySide6; runs without a screen."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def main(svg: str, size: str, png: str) -> int:
    """Draw it; 1 when the picture cannot be read or written."""
    app = QGuiApplication([])
    image = QImage(int(size), int(size), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(svg)
    renderer.render(painter)
    painter.end()
    del app
    return 0 if renderer.isValid() and image.save(png) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
