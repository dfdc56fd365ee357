"""The kinds of fields that a register may have: plain peewee fields with a label, a hint and a meaning."""

from __future__ import annotations

# Each class declares `__new__` for type checkers: peewee's stub has constructors of its own, which ours are not.
from typing import TYPE_CHECKING, Any, ClassVar

import peewee as pw

LONGEST = 2_000  # characters of a one-line field; a longer paste is refused at the field
APPLICABLE, NOT_APPLICABLE = "适用", "不适用"


class LastingIdField(pw.AutoField):
    """An id that is never given again, not even when its row is gone: the journal knows lines by it."""

    def ddl(self, ctx: Any) -> Any:
        """The column's declaration."""
        return pw.NodeList((super().ddl(ctx), pw.SQL("AUTOINCREMENT")))


class LineField(pw.TextField):
    """One line of text; never NULL, empty when not given. A time of day (`is_time`) is mended to 16:40."""

    longest: ClassVar[int] = LONGEST

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", is_time: bool = False, **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", is_time: bool = False, **options: Any) -> None:
        super().__init__(verbose_name=label, help_text=help_text, default="", **options)
        self.is_time = is_time


class ParagraphField(LineField):
    """Text of several lines; `lines` is the height of its editor."""

    longest = 20_000

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", lines: int = 3, **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", lines: int = 3, **options: Any) -> None:
        super().__init__(label, help_text, **options)
        self.lines = lines


class DocumentNumberField(LineField):
    """A document number as written by its issuer; brackets and digits are mended (GB/T 9704-2012, 7.2.5)."""


class ReferenceField(DocumentNumberField):
    """The number of a record of the register `register` (its key): completed from there, opened by a click.

    `Record.referrers` finds the way back.
    """

    if TYPE_CHECKING:

        def __new__(cls, label: str, register: str, help_text: str = "", **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, register: str, help_text: str = "", **options: Any) -> None:
        super().__init__(label, help_text, **options)
        self.register = register


class UnitField(LineField):
    """The name of a unit as it was called at the time; completed from the directory."""


class UnitsField(LineField):
    """Several units or other recipients, joined by 、."""


class PersonField(LineField):
    """The name of a person; completed from the directory."""


class PersonsField(LineField):
    """Several persons, joined by 、."""


class TermField(LineField):
    """A word of a vocabulary that the office edits; the word itself is stored."""

    if TYPE_CHECKING:

        def __new__(
            cls, label: str, vocabulary: str, help_text: str = "", default_word: str = "", **options: Any
        ) -> Any:
            """For type checkers only."""

    def __init__(
        self, label: str, vocabulary: str, help_text: str = "", default_word: str = "", **options: Any
    ) -> None:
        super().__init__(label, help_text, **options)
        self.vocabulary, self.default = vocabulary, default_word


class TermsField(TermField):
    """Several words of a vocabulary, joined by 、."""


class ApplicableField(LineField):
    """Whether a step of a procedure applies (适用, 不适用); empty while nobody has said."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", default_word: str = APPLICABLE) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", default_word: str = APPLICABLE) -> None:
        super().__init__(label, help_text, choices=[(word, word) for word in (APPLICABLE, NOT_APPLICABLE)])
        self.default = default_word


class DateField(pw.DateField):
    """A day; NULL when not given. `planned` days lie ahead: 1231 typed in March means this December."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", planned: bool = False, **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", planned: bool = False, **options: Any) -> None:
        super().__init__(verbose_name=label, help_text=help_text, null=True, **options)
        self.planned = planned


class MomentField(pw.TextField):
    """A day and time `YYYY-MM-DD HH:MM` as text; empty when not given."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", **options: Any) -> None:
        super().__init__(verbose_name=label, help_text=help_text, default="", **options)


class NumberField(pw.IntegerField):
    """A whole number ≥ `least` with its unit of measure (份、页、人); NULL when not given."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", unit: str = "", least: int = 0, **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", unit: str = "", least: int = 0, **options: Any) -> None:
        super().__init__(verbose_name=label, help_text=help_text, null=True, **options)
        self.unit, self.least = unit, least


class YearField(NumberField):
    """A calendar year; one that cannot be (5, 20222) is refused like a date of that year."""


class DecimalField(pw.DecimalField):
    """A decimal number ≥ 0 with one place (学时); NULL when not given."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", unit: str = "", **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", unit: str = "", **options: Any) -> None:
        super().__init__(max_digits=8, decimal_places=1, verbose_name=label, help_text=help_text, null=True, **options)
        self.unit = unit


class FlagField(pw.BooleanField):
    """A statement that is true or not."""

    if TYPE_CHECKING:

        def __new__(cls, label: str, help_text: str = "", **options: Any) -> Any:
            """For type checkers only."""

    def __init__(self, label: str, help_text: str = "", **options: Any) -> None:
        super().__init__(verbose_name=label, help_text=help_text, default=options.pop("default", False), **options)
