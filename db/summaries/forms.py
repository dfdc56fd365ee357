"""The office's forms: a template, and what stands in it for one record, or for the records of a list.

Templates name registers and fields, this module names none. A list may be counted by unit or by person, each on a
sheet of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from db.errors import Refused
from db.figures import Period
from db.record import Record
from db.rules import templates
from db.rules.templates import ALL, Template
from db.store.codes import code_of
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries import document
from db.summaries.conditions import holds
from db.summaries.filling import Filler, Scope, capacities, parts_of
from db.summaries.names import names_of
from db.summaries.tables import table_of
from db.summaries.wording import period_words, text_of

EVERYBODY, ANY_TIME = "人员", "不限"
_BOX: dict[str, document.BoxKind] = {
    "标签": "label", "竖标": "upright", "内容": "value", "正文": "text", "题头": "head",
}  # fmt: skip
_WORDS: dict[str, document.WordsKind] = {
    "段": "text",
    "顶格": "flush",
    "注": "note",
    "小标题": "heading",
    "裁": "cut",
    "左右": "sides",
}


@dataclass(frozen=True)
class Chosen:
    """What is to stand on the sheets: records (register, id), or those of a list in a period, of one unit or person."""

    records: tuple[tuple[str, int], ...] = ()
    period: Period | None = None
    group: str = ""


class FormMaker:
    """Makes the sheets of a form. `now` is the moment of printing."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now
        self._filler = Filler(store, now)

    def forms(self, template: Template, chosen: Chosen) -> document.Forms:
        """The sheets of a form: one record's, or those of a list.

        Raises:
            Refused: when the record is gone, or there is nothing to print.
        """
        if template.is_single:
            found = tuple(self._of_record(template, record) for record in self._singles(template, chosen))
        else:
            found = tuple(self._lists(template, chosen))
        if not found:
            raise Refused(f"没有可以印在《{template.name}》上的记录：{self._words(template, chosen)}")
        return document.Forms(
            self._store.rules.setting("office"), template.name, template.wide, found, not template.is_single
        )

    def groups(self, template: Template, chosen: Chosen) -> list[str]:
        """The units, persons or values that sheets can be made for; empty when it is one sheet for all."""
        if template.is_single or template.per == ALL:
            return []
        return list(self._grouped(template, self._records(template, chosen)))

    def _singles(self, template: Template, chosen: Chosen) -> Iterator[Record]:
        """The records of which each gets a sheet; of those that were picked only what the form is meant for."""
        if not chosen.records:
            yield from self._records(template, chosen)
        for key, number in chosen.records:
            record = self._store.load(self._store.catalogue[key], number)
            if len(chosen.records) == 1 or self._is_wanted(record, template):
                yield record

    def _of_record(self, template: Template, record: Record) -> document.Form:
        scope = Scope(record, extra={"序": "1", "件数": "1"})
        form = self._form(template, scope, [record])
        title = f"{form.title}（作废）" if record.voided_on else form.title
        return replace(form, title=title, code=code_of(record) if template.code else "")

    def _lists(self, template: Template, chosen: Chosen) -> Iterator[document.Form]:
        records = self._records(template, chosen)
        for group, own in self._grouped(template, records).items():
            if chosen.group and group != chosen.group:
                continue
            extra = {"组": group, "件数": str(len(own)), "期间": self._period(template, chosen)}
            extra["人员"] = group if template.per == EVERYBODY else ""
            yield self._form(template, Scope(own[0] if own else None, extra=extra), own)

    def _grouped(self, template: Template, records: list[Record]) -> dict[str, list[Record]]:
        """The records of each sheet; a list of everything is printed even when nothing stands in it."""
        if template.per == ALL:
            return {"": records}
        found: dict[str, list[Record]] = {}
        for record in records:
            parts = list(capacities(record)) if template.per == EVERYBODY else parts_of(record, template.per)
            for part in parts:
                found.setdefault(part, []).append(record)
        return dict(sorted(found.items()))

    def _form(self, template: Template, scope: Scope, records: list[Record]) -> document.Form:
        fill = self._filler.text
        blocks = tuple(self._block(block, scope, records) for block in template.blocks)
        title, left, right, foot = (
            fill(one, scope) for one in (template.title, template.left, template.right, template.foot)
        )
        return document.Form(title, left, right, foot, blocks)

    def _block(
        self, block: templates.Block, scope: Scope, records: list[Record]
    ) -> document.Grid | document.Table | document.Words | document.Gap:
        fill = self._filler.text
        if isinstance(block, templates.Grid):
            return document.Grid(tuple(
                document.BoxRow(row.height, tuple(
                    document.Box(_BOX[box.kind], box.share, fill(box.text, scope).strip("\n"), fill(box.note, scope))
                    for box in row.boxes)) for row in block.rows))  # fmt: skip
        if isinstance(block, templates.Rows):
            return table_of(block, scope, records, self._filler)
        if isinstance(block, templates.Gap):
            return document.Gap(block.height)
        return document.Words(_WORDS[block.kind], fill(block.text, scope), fill(block.right, scope))

    def _records(self, template: Template, chosen: Chosen) -> list[Record]:
        """The records of a list, in its order; voided ones are left out."""
        store = self._store
        light = next((light for word, light in (("逾期", "late"), ("未结", "open")) if word in template.conditions), "")
        found: list[Record] = []
        for key in template.registers or store.catalogue.keys():
            register = store.catalogue[key]
            listing = Listing(
                store.connection, register, store.register_numbers[key], Filter(light=light, descending=False),
                store.rules.today, store.rules.days,
            )  # fmt: skip
            found += [record for number in self._within(template, chosen, register, listing)
                      if self._is_wanted(record := store.load(register, number), template)]  # fmt: skip
        return sorted(found, key=_order(template))

    def _within(self, template: Template, chosen: Chosen, register: type[Record], listing: Listing) -> list[int]:
        """The ids of the records in the period."""
        period = chosen.period
        if period is None or template.period == ANY_TIME:
            return listing.ids()
        name = names_of(register).get(template.period, "listed_on")
        start, end = period.start.isoformat(), period.end.isoformat()
        return [number for number, day in listing.values((name,), listing.ids()) if day and start <= day < end]

    def _is_wanted(self, record: Record, template: Template) -> bool:
        if record.voided_on or record.is_placeholder:
            return False
        return all(holds(record, condition, self._store.rules.today) for condition in template.conditions)

    def _period(self, template: Template, chosen: Chosen) -> str:
        return period_words(chosen.period) if chosen.period and template.period != ANY_TIME else "全部"

    def _words(self, template: Template, chosen: Chosen) -> str:
        return "，".join(filter(None, (self._period(template, chosen), chosen.group, *template.conditions)))


def _order(template: Template) -> Callable[[Record], tuple[str, str]]:
    """How a list is ordered: by its field, then by date and number."""

    def key(record: Record) -> tuple[str, str]:
        name = names_of(type(record)).get(template.order, "number")
        number = f"{record.series}{record.year:04}{record.sequence or 0:06}"
        return ("" if name == "number" else text_of(getattr(record, name, None)) or "~"), number

    return key
