"""The editors of a form: pure widgets, which field gets which is decided by the form."""

from __future__ import annotations

from desktop.registers.completion import Completion
from desktop.registers.editors.base import Editor, Unreadable, Words
from desktop.registers.editors.choices import ChoiceEditor, ChoicesEditor
from desktop.registers.editors.dates import DateEditor, MomentEditor
from desktop.registers.editors.lines import LineColumn, LinesEditor
from desktop.registers.editors.names import NameEditor, NamesEditor, ReferenceEditor
from desktop.registers.editors.numbers import DecimalEditor, NumberEditor
from desktop.registers.editors.text import FlagEditor, LineEditor, ParagraphEditor

__all__ = [
    "ChoiceEditor",
    "ChoicesEditor",
    "Completion",
    "DateEditor",
    "DecimalEditor",
    "Editor",
    "FlagEditor",
    "LineColumn",
    "LineEditor",
    "LinesEditor",
    "MomentEditor",
    "NameEditor",
    "NamesEditor",
    "NumberEditor",
    "ParagraphEditor",
    "ReferenceEditor",
    "Unreadable",
    "Words",
]
