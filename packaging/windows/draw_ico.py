"""Pack square PNGs of one picture into a Windows icon: draw_ico.py ICO PNG... (BMP inside: all can read it)."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image


def main(ico: str, *pngs: str) -> int:
    """Write the icon, the largest picture first."""
    pictures = sorted((Image.open(png) for png in pngs), key=lambda picture: -picture.width)
    sizes = [picture.size for picture in pictures]
    pictures[0].save(Path(ico), format="ICO", sizes=sizes, append_images=pictures[1:], bitmap_format="bmp")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
