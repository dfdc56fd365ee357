"""The forms that the program brings, as the office has edited them: read, checked, kept, restored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property

from db.directory import forms as texts
from db.errors import Problem, Refused
from db.record import Record
from db.rules import templates
from db.rules.templates import Template
from db.store.change import Change
from db.store.store import Store
from db.summaries.checking import unknown_names
from db.summaries.conditions import holds
from db.summaries.names import COMMON, GROUP, OFFICE, names_of

_REGISTERS = re.compile("^台账：.*$", re.MULTILINE)
LOOKED_AT = 50  # newest records of a register among which one is looked for to show a form with


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
        """A form as text, to be edited: registers by their titles."""
        return self._titled(self._texts[key])

    def _titled(self, text: str) -> str:
        """A text with the titles of registers in its line 台账 instead of their keys."""
        titles = {register.key(): register.TITLE for register in self._store.catalogue}
        return _REGISTERS.sub(lambda line: re.sub("[a-z_]+", lambda key: titles.get(key[0], key[0]), line[0]), text, 1)

    def _keyed(self, text: str) -> str:
        """A text with keys in its line 台账 instead of titles, as it is kept."""
        keys = {register.TITLE: register.key() for register in self._store.catalogue}
        return _REGISTERS.sub(
            lambda line: re.sub(
                "[^：、，, ]+$|[^：、，, ]+(?=[、，, ])", lambda title: keys.get(title[0], title[0]), line[0]
            ),
            text,
            1,
        )

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
        today = self._store.rules.today
        return [
            one for one in self.of_register(record.key()) if all(holds(record, part, today) for part in one.conditions)
        ]

    def of_register(self, register: str) -> list[Template]:
        """The forms of which a record of a register gets a sheet of its own."""
        return [one for one in self.all().values() if one.is_single and register in one.registers]

    def newest_record(self, template: Template) -> tuple[str, int]:
        """The newest record that a form of one record can be made of: (key of the register, id).

        Raises:
            Refused: when there is none.
        """
        for key in template.registers:
            register = self._store.catalogue[key]
            live = register.deleted_at.is_null() & register.voided_on.is_null()
            for row in register.select(register.id).where(live).order_by(register.id.desc()).limit(LOOKED_AT):
                record = self._store.load(register, row.id)
                if all(holds(record, part, self._store.rules.today) for part in template.conditions):
                    return key, record.id
        raise Refused(f"台账里还没有可以印成《{template.name}》的记录；登记一条就能预览，文字照样能改能存")

    def read(self, key: str, text: str) -> Template:
        """Read and check the text of a form.

        Raises:
            Refused: naming each line that cannot be read and each name that means nothing.
        """
        template = templates.read(key, self._keyed(text))
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
        for name in dict.fromkeys(unknown_names(template, register, catalogue)):
            like = get_close_matches(name, labels, 1, 0.5)
            hint = f"；是不是“{like[0]}”" if like else ""
            yield Problem("text", f"“{{{name}}}”不是这本台账的项目{hint}")

    def keep(self, key: str, text: str) -> Change:
        """Keep a form as the office wants it; as bundled, nothing is kept.

        Raises:
            Refused: naming each line that cannot be read and each name that means nothing; nothing is then changed.
        """
        text = self._keyed(text)
        template = self.read(key, text)
        row = texts.own().get(key) or texts.FormText(key_name=key)
        row.text = text
        with self._store.change(f"修改表单{template.name}", may="edit_rules") as change:
            if text != texts.bundled().get(key):
                change.put(row)
            elif row.id:
                change.remove(row)
        self.__dict__.pop("_texts", None)
        return change

    def bundled(self, key: str) -> str:
        """The form as the program brings it (恢复原样)."""
        return self._titled(texts.bundled()[key])

    def names(self, key: str) -> list[str]:
        """The names that may stand in the braces of a form: those of its register, then those of every form."""
        template = self.all()[key]
        own = [names_of(self._store.catalogue[one]) for one in template.registers[:1]] or [names_of(Record)]
        return list(dict.fromkeys((*own[0], *COMMON, *OFFICE, *GROUP)))
