"""Finds the registers and checks every name that they declare."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import db.registers
from db.errors import Refused
from db.record import Count, Figure, Line, Mean, Passage, Rate, Record, ReferenceField, Shares, Sum, Table


class BadRegister(TypeError):
    """A register declares a name that does not exist; the message says which."""


@dataclass(frozen=True)
class Catalogue:
    """The registers of the program, in the order in which they are shown."""

    registers: tuple[type[Record], ...]

    def __iter__(self) -> Iterator[type[Record]]:
        return iter(self.registers)

    def __getitem__(self, key: str) -> type[Record]:
        """The register with this key; KeyError when there is none."""
        for register in self.registers:
            if register.key() == key:
                return register
        raise KeyError(key)

    def named(self, word: str) -> type[Record]:
        """The register with this key or title.

        Raises:
            Refused: naming those that there are.
        """
        for register in self.registers:
            if word in (register.key(), register.TITLE):
                return register
        words = "、".join(f"{register.key()}（{register.TITLE}）" for register in self.registers)
        raise Refused(f"没有“{word}”这本台账；有：{words}")

    def keys(self) -> list[str]:
        """The keys of the registers, in their order."""
        return [register.key() for register in self.registers]

    def figures(self) -> Iterator[tuple[type[Record], Figure]]:
        """Every figure with the register that declares it; one that adds up, once for each of its registers."""
        for register in self.registers:
            for figure in register.FIGURES:
                yield register, figure

    def passages(self) -> Iterator[tuple[type[Record], Passage]]:
        """Every text of the annual report that is made of records, with the register that declares it."""
        for register in self.registers:
            for passage in register.PASSAGES:
                yield register, passage


def module_names() -> Iterator[str]:
    """The modules of `db.registers` by their full names, one register in each."""
    found = pkgutil.iter_modules(db.registers.__path__, "db.registers.")
    yield from sorted(name for _finder, name, _is_package in found)


def _fields_named(register: type[Record]) -> Iterator[tuple[str, Iterable[str]]]:
    """Where a declaration names fields or kinds of lines, and which."""
    yield "COLUMNS", register.COLUMNS
    yield "BOOK", register.BOOK
    yield "ENTRY", register.ENTRY
    yield "MUSTS", register.MUSTS
    yield "EXPECTED", register.EXPECTED
    yield "PINNED", register.PINNED
    yield "DERIVED", register.DERIVED
    yield "FINISHED, HOLDER, COPY_FIELD", filter(None, (register.FINISHED, register.HOLDER, register.COPY_FIELD))
    yield "ALSO_DUE", (name for duty in register.ALSO_DUE for name in duty if name)
    yield "BUSINESS_DATE", (register.BUSINESS_DATE,)
    yield "YEAR", filter(None, (register.YEAR,))
    yield "SUBJECT", (register.SUBJECT,)
    yield "TWINS", (name for names in register.TWINS for name in names)
    if register.NUMBERING:
        yield "NUMBERING", filter(None, (register.NUMBERING.on,))
    for section in register.FORM:
        yield f"FORM {section.title}", (*section.fields, *(section.when or ())[:1])
    for step in register.STEPS:
        yield f"STEPS {step.title}", (*step.fields, *step.done, *filter(None, (step.applies, step.reason)))
    for move in register.MOVES:
        yield f"MOVES {move.source}→{move.target}", (*move.needs, *move.clears)
    for figure in register.FIGURES:
        for key, count, names in _named_by(figure):
            # In a count of lines a name may be one of theirs: `_line_fields_named` knows.
            yield f"FIGURES {key}", () if count.of else names
    for passage in register.PASSAGES:
        yield f"PASSAGES {passage.of.key}", () if passage.of.of else passage.fields
    for where, wanted in (("MONTH_LIST", register.MONTH_LIST), ("MONTH_AHEAD", register.MONTH_AHEAD)):
        if wanted:  # A list may also show a property of the record.
            shown = (name for name, _width in wanted.columns if not hasattr(register, name))
            yield where, filter(None, (*shown, wanted.until))
    yield "SETBACK", filter(None, (register.SETBACK,))


def _stages_named(register: type[Record]) -> Iterator[tuple[str, Iterable[str]]]:
    """Where a declaration names stages, and which."""
    for move in register.MOVES:
        yield "MOVES", (move.source, move.target)
    for figure in register.FIGURES:
        for count in counts_of(figure):
            yield f"FIGURES {count.key}", count.stages
    if register.NUMBERING and register.NUMBERING.at:
        yield "NUMBERING", (register.NUMBERING.at, *register.NUMBERING.sides)


def _line_fields_named(register: type[Record]) -> Iterator[tuple[type[Line], str, Iterable[str]]]:
    """Where a declaration names fields of a kind of lines, and which."""
    for line in register.LINES:
        yield line, f"{line.__name__}.COLUMNS", line.COLUMNS
        yield line, f"{line.__name__}.MUSTS", line.MUSTS
    for figure in register.FIGURES:
        for key, count, names in _named_by(figure):
            if count.of is not None:
                yield count.of, f"FIGURES {key}", (name for name in names if name not in register._meta.fields)
    for passage in register.PASSAGES:
        if passage.of.of is not None:
            yield passage.of.of, f"PASSAGES {passage.of.key}", passage.fields


def counts_of(figure: Figure) -> tuple[Count, ...]:
    """The counts that a figure consists of: itself, part and base of a rate, the records of a mean or of shares."""
    if isinstance(figure, Rate):
        return figure.part, figure.base
    return (figure,) if isinstance(figure, Count) else (figure.of,)


def _named_by(figure: Figure) -> Iterator[tuple[str, Count, list[str]]]:
    """Each place in a figure where fields are named: its key, the count whose records or lines have them, the names."""
    if isinstance(figure, Mean):
        yield figure.key, figure.of, [figure.start, figure.end]
    elif isinstance(figure, Shares):
        yield figure.key, figure.of, [figure.by]
    elif isinstance(figure, Rate) and figure.by:
        yield figure.key, figure.base, [figure.by]
    for count in counts_of(figure):
        added = count.field if isinstance(count, Sum) else ""
        names = (count.on, count.until, count.by, count.distinct, added)
        yield count.key, count, [name for name in names if name]


def check(register: type[Record]) -> None:
    """Refuse a register whose declaration names an unknown field, stage or line.

    Raises:
        BadRegister: with the register and the names.
    """
    known = set(register._meta.fields) | {line.key() for line in register.LINES}
    for where, names in _fields_named(register):
        _refuse_unknown(register, f"{where} names unknown fields", names, known)
    for where, names in _stages_named(register):
        _refuse_unknown(register, f"{where} names unknown stages", names, {stage.key for stage in register.STAGES})
    figures = {figure.key for figure in register.FIGURES}
    for where, names in _figures_named(register):
        _refuse_unknown(register, f"{where} names unknown figures", names, figures)
    for line in register.LINES:
        _refuse_unknown(register, f"{line.__name__} lacks", ("owner",), set(line._meta.fields))
    for line, where, names in _line_fields_named(register):
        _refuse_unknown(register, f"{where} names unknown fields", names, set(line._meta.fields))
    _check_counts(register)


def _refuse_unknown(register: type[Record], words: str, names: Iterable[str], known: set[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise _bad(register, f"{words} {unknown}")


def _bad(register: type[Record], words: str) -> BadRegister:
    return BadRegister(f"{register.__module__}.{register.__name__}: {words}")


def _check_counts(register: type[Record]) -> None:
    """Refuse counts whose parts do not go together."""
    for count in (count for figure in register.FIGURES for count in counts_of(figure)):
        if count.of is not None and count.of not in register.LINES:
            raise _bad(register, f"FIGURES {count.key} counts {count.of.__name__}, which is not among its LINES")
        if count.ahead and not count.on:
            raise _bad(register, f"FIGURES {count.key} looks ahead without a date `on`")
        if count.distinct and (count.by or isinstance(count, Sum)):
            raise _bad(register, f"FIGURES {count.key} is distinct and split or added up at once")
        if count.adds and (count.by or count.distinct):
            raise _bad(register, f"FIGURES {count.key} adds to other registers and is split or distinct")


def _figures_named(register: type[Record]) -> Iterator[tuple[str, Iterable[str]]]:
    """Where a declaration names figures of its own, and which."""
    yield "EVERY_MONTH", filter(None, (register.EVERY_MONTH,))
    yield "WARNED", register.WARNED
    for where, wanted in (("MONTH_LIST", register.MONTH_LIST), ("MONTH_AHEAD", register.MONTH_AHEAD)):
        yield where, filter(None, (wanted.figure if wanted else "",))


def check_figures(figures: Iterable[tuple[type[Record], Figure]]) -> None:
    """Refuse two figures under one key; one and the same count may stand in several figures, and figures that add up
    may stand in several registers under one label.

    Raises:
        BadRegister: with the key.
    """
    seen: dict[str, tuple[type[Record], Figure]] = {}
    for register, figure in figures:
        for one in {figure, *counts_of(figure)}:
            first, other = seen.setdefault(one.key, (register, one))
            if other is not one and (first is register or not _add_up(one, other)):
                raise _bad(register, f"FIGURES names {one.key} twice")


def _add_up(one: Figure, other: Figure) -> bool:
    both = isinstance(one, Count) and isinstance(other, Count) and one.adds and other.adds
    return both and (one.label, one.unit) == (other.label, other.unit)


@cache
def load() -> Catalogue:
    """Import every module of `db.registers` and check what it declares, once.

    Raises:
        BadRegister: when a declaration names something unknown or a figure twice, or no register is found.
    """
    found: list[type[Record]] = []
    for name in module_names():
        module = importlib.import_module(name)
        for _name, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, Record) and thing is not Record and thing.__module__ == module.__name__:
                check(thing)
                found.append(thing)
    if not found:
        raise BadRegister("no register found in db.registers")
    catalogue = Catalogue(tuple(sorted(found, key=lambda register: (register.ORDER, register.key()))))
    check_figures(catalogue.figures())
    keys = {figure.key for _register, figure in catalogue.figures()}
    for register in catalogue:
        _refuse_unknown(register, "NOT_THE_SAME names unknown figures", register.NOT_THE_SAME or (), keys)
    _tell_referred(catalogue)
    return catalogue


def references(register: type[Record]) -> Iterator[tuple[type[Table], ReferenceField]]:
    """Every field of a register and of its lines that names a record by number, with its table."""
    for table in (register, *register.LINES):
        for field in table._meta.sorted_fields:
            if isinstance(field, ReferenceField):
                yield table, field


def _tell_referred(catalogue: Catalogue) -> None:
    """Let each register know where it is referred to; refuse a reference to none."""
    found: dict[str, list[tuple[type[Record], type[Table], str]]] = {register.key(): [] for register in catalogue}
    for register in catalogue:
        for table, field in references(register):
            _refuse_unknown(register, f"{field.name} refers to unknown registers", (field.register,), set(found))
            found[field.register].append((register, table, field.column_name))
    for register in catalogue:
        register.REFERRED_BY = tuple(found[register.key()])
