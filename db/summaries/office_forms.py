"""The forms that the program brings, as the office has edited them: read, checked, kept, restored."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property

from db.directory import forms as texts
from db.errors import Problem, Refused
from db.record import Record
from db.rules import templates
from db.rules.templates import Template
from db.rules.wording import Wording
from db.store.store import Store
from db.summaries.conditions import holds
from db.summaries.filling import HOLDER, lines_of, names_of, unknown


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
                and all(holds(record, part, self._store.rules.today) for part in one.conditions)]  # fmt: skip

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
            if key not in set(catalogue.keys()):
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
                block.counted and (block.of == HOLDER or (register and block.of in names_of(register))))  # fmt: skip
            if not is_there:
                yield block.of
            extra = ("项", "占比")
            for column in block.columns:
                yield from unknown(column.text, register, extra, catalogue, kind)
    for wording in wordings:
        yield from unknown(wording, register, (), catalogue)
