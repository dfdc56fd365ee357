"""What is wrong with a value by the kind of its field alone, whatever the register."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from db.fields import DateField, DecimalField, LineField, NumberField, TermField, TermsField
from db.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from db.tables import Table


@cache
def checked_fields(table: type[Table]) -> tuple[tuple[str, Any], ...]:
    """(name, field) of those fields whose kind or choices say what may stand in them; sorted out once for a table."""
    kinds = (LineField, NumberField, DecimalField, DateField)
    fields = table._meta.sorted_fields
    return tuple((field.name, field) for field in fields if isinstance(field, kinds) or field.choices)


def malformed(row: Table, rules: Rulebook) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of a record or a line by the kind of each field: too long, no such word, negative."""
    values = row.__data__
    for name, field in checked_fields(type(row)):
        value = values.get(name)
        if value is None or value == "":
            continue
        label = field.verbose_name
        if isinstance(field, LineField) and len(value) > field.longest:
            yield name, f"{label}太长：{len(value):,}字，最多{field.longest:,}字；没有保存，请删短"
        elif isinstance(field, TermField):
            known = rules.known_words(field.vocabulary)
            for word in value.split("、") if isinstance(field, TermsField) else (value,):
                if known and word not in known:
                    yield name, f"{label}没有“{word[:20]}”这一项"
        elif field.choices and value not in (word for word, _label in field.choices):
            yield name, f"{label}没有“{str(value)[:20]}”这一项"
        elif isinstance(field, NumberField | DecimalField) and value < 0:
            yield name, f"{label}不能是负数"
        elif isinstance(field, DateField) and not 1949 <= value.year <= 2100:
            yield name, f"{label}的年份{value.year}不对"
