"""Which editor a field of a register gets: chosen by the field's class, one place for all registers."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from db.record import (
    DateField,
    DecimalField,
    FlagField,
    Line,
    LineField,
    MomentField,
    NumberField,
    ParagraphField,
    PersonField,
    PersonsField,
    Record,
    ReferenceField,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
)
from desktop.registers.editors import (
    ChoiceEditor,
    ChoicesEditor,
    DateEditor,
    DecimalEditor,
    Editor,
    FlagEditor,
    LineColumn,
    LineEditor,
    LinesEditor,
    MomentEditor,
    NameEditor,
    NamesEditor,
    NumberEditor,
    ParagraphEditor,
    ReferenceEditor,
)
from desktop.registers.words import OfficeWords

_NAMES = ((UnitsField, NamesEditor, "unit"), (PersonsField, NamesEditor, "person"), (UnitField, NameEditor, "unit"),
          (PersonField, NameEditor, "person"))  # fmt: skip
_WIDE = (ParagraphField, UnitsField, PersonsField)
_COLUMN_EM = ((DateField, 7.2), (ReferenceField, 8.4), (NumberField, 3.6), (PersonField, 4.6), (TermField, 5.6))
_OTHER_EM = 5.6
PLANNED_DAYS = 366  # how far ahead a day without a year may lie in a field for planned days


def editor_for(field: object, words: OfficeWords, in_cell: bool = False) -> Editor:
    """A new editor for one field; in a cell of a small table paragraphs become one line.

    Raises:
        TypeError: for a class of field that no editor is known for.
    """
    for kind, editor, names in _NAMES:
        if isinstance(field, kind):
            return editor(names, words)
    if isinstance(field, TermField):
        make = ChoicesEditor if isinstance(field, TermsField) else ChoiceEditor
        return make(words.terms(field.vocabulary), words.initials)
    if isinstance(field, ReferenceField):
        return ReferenceEditor(field.register, words)
    if isinstance(field, ParagraphField) and not in_cell:
        return ParagraphEditor(field.lines)
    return _plain_editor(field, words)


def _plain_editor(field: object, words: OfficeWords) -> Editor:
    if isinstance(field, DateField):
        return DateEditor(words, ahead=PLANNED_DAYS) if field.planned else DateEditor(words)
    if isinstance(field, MomentField):
        return MomentEditor(words)
    if isinstance(field, FlagField):
        return FlagEditor()
    if isinstance(field, NumberField):
        return NumberEditor(0)
    if isinstance(field, DecimalField):
        return DecimalEditor(1, Decimal(0))
    if isinstance(field, LineField):
        choices = getattr(field, "choices", None)
        return ChoiceEditor([value for value, _label in choices], words.initials) if choices else LineEditor()
    raise TypeError(f"no editor for {type(field).__name__}")


def lines_editor(kind: type[Line], words: OfficeWords) -> LinesEditor:
    """A new small table for one kind of lines, with its declared columns."""
    fields = [kind._meta.fields[name] for name in kind.COLUMNS]
    long = next((field for field in fields if isinstance(field, ParagraphField)), None)
    long = long or next((field for field in fields if type(field) is LineField), fields[0])
    columns = []
    for name, field in zip(kind.COLUMNS, fields, strict=True):
        width = 0.0 if field is long else next((em for cls, em in _COLUMN_EM if isinstance(field, cls)), _OTHER_EM)
        columns.append(LineColumn(name, field.verbose_name, partial(editor_for, field, words, True), width))
    return LinesEditor(columns)


def is_wide(register: type[Record], name: str) -> bool:
    """Whether a field takes a whole row of the form."""
    if name == register.SUBJECT or any(kind.key() == name for kind in register.LINES):
        return True
    return isinstance(register._meta.fields[name], _WIDE)
