"""Finds the registers and checks every name that they declare."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import db.registers
from db.record import Count, Mean, Rate, Record


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

    def keys(self) -> list[str]:
        """The keys of the registers, in their order."""
        return [register.key() for register in self.registers]

    def figures(self) -> Iterator[tuple[type[Record], Count | Rate | Mean]]:
        """Every figure with the register that declares it."""
        for register in self.registers:
            for figure in register.FIGURES:
                yield register, figure


def _modules() -> Iterator[str]:
    yield from sorted(name for _finder, name, _is_package in pkgutil.iter_modules(db.registers.__path__))


def _names_in(register: type[Record]) -> Iterator[tuple[str, Iterable[str]]]:
    yield "COLUMNS", register.COLUMNS
    yield "BOOK", register.BOOK
    yield "ENTRY", register.ENTRY
    yield "MUSTS", register.MUSTS
    yield "EXPECTED", register.EXPECTED
    yield "PINNED", register.PINNED
    yield "FINISHED and HOLDER", filter(None, (register.FINISHED, register.HOLDER))
    yield "BUSINESS_DATE", (register.BUSINESS_DATE,)
    yield "SUBJECT", (register.SUBJECT,)
    for section in register.FORM:
        yield f"FORM {section.title}", section.fields
    for move in register.MOVES:
        yield f"MOVES {move.source}→{move.target}", (*move.needs, *move.clears)


def check(register: type[Record]) -> None:
    """Refuse a register whose declaration names an unknown field, stage or line.

    Raises:
        BadRegister: with the register and the names.
    """
    known = set(register._meta.fields) | {line.key() for line in register.LINES}
    for where, names in _names_in(register):
        unknown = [name for name in names if name not in known]
        if unknown:
            raise BadRegister(f"{register.__module__}.{register.__name__}: {where} names unknown fields {unknown}")
    stages = {stage.key for stage in register.STAGES}
    used = {move.source for move in register.MOVES} | {move.target for move in register.MOVES}
    if used - stages:
        raise BadRegister(f"{register.__module__}.{register.__name__}: MOVES name unknown stages {used - stages}")
    for line in register.LINES:
        if "owner" not in line._meta.fields:
            raise BadRegister(f"{line.__module__}.{line.__name__} has no owner")


def load() -> Catalogue:
    """Import every module of `db.registers` and check what it declares.

    Raises:
        BadRegister: when a declaration names something unknown, or no register is found.
    """
    found: list[type[Record]] = []
    for name in _modules():
        module = importlib.import_module(f"db.registers.{name}")
        for _name, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, Record) and thing is not Record and thing.__module__ == module.__name__:
                check(thing)
                found.append(thing)
    if not found:
        raise BadRegister("no register found in db.registers")
    return Catalogue(tuple(sorted(found, key=lambda register: (register.ORDER, register.key()))))
