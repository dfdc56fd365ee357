"""Computes the figures that the registers declare; every value can name the rows behind it.

Periods are half-open [start, end). All figures leave out voided and deleted records. Rates and means are Decimal,
rounded half up when they are shown; a base of zero gives None, which prints as "—".
"""

from db.figures.figures import EMPTY, Figures, Side, part_key
from db.figures.passages import Passages, Told
from db.figures.periods import Period, Value, rounded, shares
from db.record import Figure

__all__ = ["EMPTY", "Figure", "Figures", "Passages", "Period", "Side", "Told", "Value", "part_key", "rounded", "shares"]
