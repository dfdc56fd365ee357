"""Finds the names in a form's text that mean nothing in its register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from db.catalogue import Catalogue
from db.record import Line, Record, ReferenceField, Table
from db.rules import templates
from db.rules.templates import Template
from db.rules.wording import Passage, Value, Wording, values
from db.summaries.conditions import unknown_in
from db.summaries.names import COMMON, COUNTED, GROUP, HOLDER, OFFICE, SHARE, lines_of, names_of


def unknown_names(template: Template, register: type[Record] | None, catalogue: Catalogue) -> Iterator[str]:
    """The names in a template that mean nothing; `register` is its only register, None when it is for several."""
    for condition in template.conditions:
        yield from unknown_in(condition, register)
    wordings: list[Wording] = [template.title, template.left, template.right, template.foot]
    for block in template.blocks:
        if isinstance(block, templates.Grid):
            wordings += [wording for row in block.rows for box in row.boxes for wording in (box.text, box.note)]
        elif isinstance(block, templates.Words):
            wordings += [block.text, block.right]
        elif isinstance(block, templates.Rows):
            kind = lines_of(register, block.of) if register else None
            is_there = kind or block.of == templates.EACH_RECORD or (
                block.counted and (block.of == HOLDER or (register and block.of in names_of(register))))  # fmt: skip
            if not is_there:
                yield block.of
            extra = ("项", "占比")
            for column in block.columns:
                yield from unknown(column.text, register, extra, catalogue, kind)
    for wording in wordings:
        yield from unknown(wording, register, (), catalogue)


def unknown(wording: Wording, register: type[Record] | None, extra: Iterable[str], catalogue: Catalogue,
            kind: type[Line] | None = None) -> Iterator[str]:  # fmt: skip
    """The names of places that mean nothing in this register (None: several), one each."""
    known = {*COMMON, *OFFICE, *GROUP, *extra, *(names_of(Record)), *(names_of(register) if register else ())}
    for around, place in values(wording):
        kinds = [kind, *(lines_of(register, name) if register else None for name in around)]
        here = known.union(*(names_of(one) for one in kinds if one))
        name = place.name if place.name in here else place.name.removeprefix("无")
        if name not in here:
            yield place.name
        elif isinstance(place, Value) and place.other:
            referred = reference_of([one for one in (*kinds, register) if one], name)
            if referred is None or place.other not in names_of(catalogue[referred]):
                yield f"{name}→{place.other}"
        elif isinstance(place, Passage) and name in (COUNTED, SHARE):
            yield from unknown_in(place.condition, register)
        elif isinstance(place, Passage) and place.field:
            kind_here = lines_of(register, name) if register else None
            if kind_here is None or place.field not in names_of(kind_here):
                yield f"{name}（{place.field}）"


def reference_of(tables: Sequence[type[Table]], label: str) -> str | None:
    """The register that the field of this label refers to, in the first of the tables that has it."""
    for table in tables:
        found = table._meta.fields.get(names_of(table).get(label, ""))
        if isinstance(found, ReferenceField):
            return found.register
    return None
