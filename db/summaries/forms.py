"""The office's forms: a template, and what stands in it for one record, or for the records of a list.

Templates name registers and fields, this module names none. A list may be counted by unit or by person, each on a
sheet of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from db.directory import forms as texts
from db.errors import Problem, Refused
from db.figures import Period
from db.record import Record
from db.rules import templates
from db.rules.templates import ALL, Template
from db.rules.wording import Wording
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries import document
from db.summaries.filling import Filler, Scope, capacities, lines_of, names_of, parts_of, unknown
from db.summaries.tables import table_of
from db.summaries.wording import period_words, text_of

EVERYBODY, ANY_TIME = "人员", "不限"
CODE = "fazhi"
_BOX: dict[str, document.BoxKind] = {
    "标签": "label", "竖标": "upright", "内容": "value", "正文": "text", "题头": "head",
}  # fmt: skip
_WORDS: dict[str, document.WordsKind] = {"段": "text", "注": "note", "小标题": "heading", "裁": "cut", "左右": "sides"}
_WITHIN = re.compile(r"(.+)≤(\d+)日")
_EQUAL = re.compile(r"(.+?)([=≠])(.*)")


@dataclass(frozen=True)
class Chosen:
    """What is to stand on the sheets: one record, or those of a list in a period, of one unit or person."""

    record: tuple[str, int] | None = None
    period: Period | None = None
    group: str = ""


class Templates:
    """The forms that the program brings, as the office has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _texts(self) -> dict[str, str]:
        return texts.bundled() | {key: row.text for key, row in texts.own().items()}

    def keys(self) -> list[str]:
        """The key of every form."""
        return list(self._texts)

    def text(self, key: str) -> str:
        """A form as text, to be edited."""
        return self._texts[key]

    def is_own(self, key: str) -> bool:
        """Whether the office has edited it."""
        return key in texts.own()

    def template(self, key: str) -> Template:
        """A form, read and checked.

        Raises:
            Refused: when there is no such form, or its text cannot be understood.
        """
        if key not in self._texts:
            known = "、".join(f"{one}（{template.name}）" for one, template in self.all().items())
            raise Refused(f"没有“{key}”这张表单；有：{known}")
        return self.read(key, self._texts[key])

    def all(self) -> dict[str, Template]:
        """Every form that can be read, in the order of registers; one that the office spoilt is left as bundled."""
        order = {key: at for at, key in enumerate(self._store.catalogue.keys())}
        found: list[Template] = []
        for key, text in self._texts.items():
            try:
                found.append(templates.read(key, text))
            except Refused:
                found.append(templates.read(key, texts.bundled()[key]))
        usable = [one for one in found if set(one.registers) <= set(order)]
        first = {one.key: min((order[key] for key in one.registers), default=99) for one in usable}
        return {one.key: one for one in sorted(usable, key=lambda one: (first[one.key], not one.is_single, one.key))}

    def of_record(self, record: Record) -> list[Template]:
        """The forms that can be made of one record."""
        return [one for one in self.all().values() if one.is_single and record.key() in one.registers
                and all(holds(self._store, record, part) for part in one.conditions)]  # fmt: skip

    def read(self, key: str, text: str) -> Template:
        """Read and check the text of a form.

        Raises:
            Refused: naming each line that cannot be read and each name that means nothing.
        """
        template = templates.read(key, text)
        problems = list(self._problems(template))
        if problems:
            raise Refused(problems)
        return template

    def _problems(self, template: Template) -> Iterator[Problem]:
        catalogue = self._store.catalogue
        for key in template.registers:
            if key not in catalogue.keys():
                yield Problem("text", f"没有“{key}”这本台账")
                return
        registers = [catalogue[key] for key in template.registers]
        register = registers[0] if len(registers) == 1 else None
        labels = [*names_of(Record), *(label for one in registers for label in names_of(one))]
        for name in dict.fromkeys(_unknown(template, register, self._store)):
            like = get_close_matches(name, labels, 1, 0.5)
            hint = f"；是不是“{like[0]}”" if like else ""
            yield Problem("text", f"“{{{name}}}”不是这本台账的项目{hint}")

    def keep(self, key: str, text: str) -> None:
        """Keep a form as the office wants it; as bundled, nothing is kept.

        Raises:
            Refused: naming each line that cannot be read and each name that means nothing; nothing is then changed.
        """
        template = self.read(key, text)
        row = texts.own().get(key) or texts.FormText(key_name=key)
        row.text = text
        with self._store.change(f"修改表单{template.name}") as change:
            if text != texts.bundled().get(key):
                change.put(row)
            elif row.id:
                change.remove(row)
        self.__dict__.pop("_texts", None)

    def restore(self, key: str) -> None:
        """Go back to the bundled form (恢复原样)."""
        self.keep(key, texts.bundled()[key])


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
        return document.Forms(self._store.rules.setting("office"), template.name, template.wide, found)

    def groups(self, template: Template, chosen: Chosen) -> list[str]:
        """The units, persons or values that sheets can be made for; empty when it is one sheet for all."""
        if template.is_single or template.per == ALL:
            return []
        return list(self._grouped(template, self._records(template, chosen)))

    def _singles(self, template: Template, chosen: Chosen) -> Iterator[Record]:
        if chosen.record is not None:
            key, number = chosen.record
            yield self._store.load(self._store.catalogue[key], number)
        else:
            yield from self._records(template, chosen)

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
        return all(holds(self._store, record, condition) for condition in template.conditions)

    def _period(self, template: Template, chosen: Chosen) -> str:
        return period_words(chosen.period) if chosen.period and template.period != ANY_TIME else "全部"

    def _words(self, template: Template, chosen: Chosen) -> str:
        return "，".join(filter(None, (self._period(template, chosen), chosen.group, *template.conditions)))


def holds(store: Store, record: Record, condition: str) -> bool:
    """Whether a record meets one condition of a template.

    逾期, 未结, 已结; 有X, 无X (filled or not); X=a、b; X≠a; X≤180日 (a date up to so many days ahead of today).
    """
    today, names = store.rules.today, names_of(type(record))
    if condition in ("逾期", "未结", "已结"):
        is_late = record.due_on is not None and record.due_on < today
        return record.is_open is (condition != "已结") and (condition != "逾期" or is_late)
    if within := _WITHIN.fullmatch(condition):
        day = getattr(record, names.get(within[1], ""), None)
        return isinstance(day, date) and day <= today + timedelta(int(within[2]))
    if equal := _EQUAL.fullmatch(condition):
        found = text_of(getattr(record, names.get(equal[1].strip(), ""), None)).split("、")
        return bool(set(found) & set(equal[3].split("、"))) is (equal[2] == "=")
    name, wanted = condition[1:], condition.startswith("有")
    return names.get(name) is not None and record.filled(names[name]) is wanted


def _order(template: Template) -> Callable[[Record], tuple[str, str]]:
    """How a list is ordered: by its field, then by date and number."""

    def key(record: Record) -> tuple[str, str]:
        name = names_of(type(record)).get(template.order, "number")
        number = f"{record.series}{record.year:04}{record.sequence or 0:06}"
        return ("" if name == "number" else text_of(getattr(record, name, None)) or "~"), number

    return key


def _unknown(template: Template, register: type[Record] | None, store: Store) -> Iterator[str]:
    catalogue = store.catalogue
    wordings: list[Wording] = [template.title, template.left, template.right, template.foot]
    for block in template.blocks:
        if isinstance(block, templates.Grid):
            wordings += [wording for row in block.rows for box in row.boxes for wording in (box.text, box.note)]
        elif isinstance(block, templates.Words):
            wordings += [block.text, block.right]
        elif isinstance(block, templates.Rows):
            kind = lines_of(register, block.of) if register else None
            is_there = kind or block.of == templates.EACH_RECORD or (
                block.counted and (block.of == "责任单位" or (register and block.of in names_of(register))))  # fmt: skip
            if not is_there:
                yield block.of
            extra = ("项", "占比")
            for column in block.columns:
                yield from unknown(column.text, register, extra, catalogue, kind)
    for wording in wordings:
        yield from unknown(wording, register, (), catalogue)


def code_of(record: Record) -> str:
    """The text of the QR code that finds a record again."""
    return f"{CODE}:{record.key()}:{record.uuid}"


def record_of_code(store: Store, text: str) -> tuple[str, int] | None:
    """The record that the text of a code names, as typed, pasted or scanned; None when it is no code.

    Raises:
        Refused: when it is a code, but of no record of this ledger.
    """
    parts = text.strip().replace("：", ":").split(":")
    if len(parts) != 3 or parts[0].lower() != CODE:
        return None
    key, uuid = parts[1].lower(), parts[2].lower()
    if key in store.catalogue.keys():
        row = store.connection.execute(f'SELECT id FROM "{key}" WHERE uuid = ? AND deleted_at IS NULL', (uuid,)).fetchone()
        if row:
            return key, row[0]
    raise Refused("这个二维码不是本台账里的记录：可能是另一个单位的，或者记录已删除")
