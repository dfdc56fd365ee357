"""A ledger lives through whatever clerks do, in any order; what must always hold is looked at after every step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import peewee as pw
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from db import catalogue
from db.errors import Refused
from db.fields import DateField, DecimalField, FlagField, NumberField, TermField
from db.record import Line, Record
from db.rules.permissions import ADMINISTRATOR, ROLES
from db.store import accounts, backup, guard, health, index, journal, keys, sealing, waiting
from db.store.bringing import bring
from db.store.emptying import empty_bin
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from tests.db.office import Clock, cheap_hashes

CLERK = "李喆"
PASSWORD, CODE = "清风明月照我还乡", "ABCD-EFGH-JKLM-NPQR"
TEXTS = ("甲", "关于做好防汛工作的通知", "李喆、王堃", "塔峰镇人民政府", "塔政〔2022〕7号", "通过", " 两 处 空白 ")
REGISTERS = tuple(catalogue.load().keys())


def values_of(field: pw.Field, store: Store, empty: bool) -> st.SearchStrategy[Any]:
    """What a clerk may enter into a field."""
    nothing: st.SearchStrategy[Any] = st.nothing()
    if isinstance(field, TermField):
        words = store.rules.words(field.vocabulary)
        return st.sampled_from((*words, "") if empty else words)
    if isinstance(field, FlagField):
        return st.booleans()
    if isinstance(field, DateField):
        return (st.none() if empty else nothing) | st.dates(date(2022, 11, 1), date(2023, 1, 20))
    if isinstance(field, NumberField):
        return (st.none() if empty else nothing) | st.integers(-1, 120)
    if isinstance(field, DecimalField):
        return (st.none() if empty else nothing) | st.sampled_from((Decimal("0.5"), Decimal(2), Decimal("0.3")))
    return st.sampled_from((*TEXTS, "") if empty else TEXTS)


def entered(register: type[Record]) -> list[str]:
    """The fields of a register that its form lets a clerk fill."""
    names = [name for section in register.FORM for name in section.fields]
    return [name for name in names if name in register._meta.fields and name != "number"]


def replayed(store: Store) -> dict[tuple[str, int], dict[str, Any]]:
    """What the journal says of every record, from its first row to its last."""
    told: dict[tuple[str, int], dict[str, Any]] = {}
    for key, number in store.connection.execute("SELECT DISTINCT register, record FROM journal").fetchall():
        if key not in REGISTERS:  # the log of accounts
            continue
        register = store.catalogue[key]
        told[key, number] = held = store.shapes[register].defaults | {kind.key(): [] for kind in register.LINES}
        for entry in store.history(register, number):
            for name, value in entry.before.items():
                assert held[name] == value, (entry.id, name)
            held.update(entry.after)
    return told


def held_by(store: Store, record: Record) -> dict[str, Any]:
    """The columns and lines of one record as the journal writes them."""
    values = store.shapes[type(record)].values(record)
    for kind in record.LINES:
        rows = [{"id": line.id, **store.shapes[kind].values(line)} for line in record.lines(kind)]
        values[kind.key()] = [{name: value for name, value in row.items() if name != "owner"} for row in rows]
    return values


class Life(RuleBasedStateMachine):
    """Clerks at work on a copy of an empty ledger, in a folder of its own."""

    def __init__(self, empty_ledger: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=empty_ledger.parent))
        shutil.copy(empty_ledger, self.folder / LEDGER)
        self.clock = Clock()
        self.store = Store.open(self.folder, CLERK, self.clock)
        self.changes: list[int] = []
        self.held: list[Record] | None = None  # what `everything` found since the last change
        self.confirmed: list[journal.Head] = []
        self.who, self.turned = "", 0  # who is signed in; how often the encryption was turned on or off

    def teardown(self) -> None:
        self.store.close()
        keys.ring.forget()
        shutil.rmtree(self.folder)

    def open_again(self) -> None:
        """Open the ledger, and let whoever was signed in sign in again."""
        self.store = Store.open(self.folder, CLERK, self.clock)
        if self.store.has_accounts:
            accounts.sign_in(self.store, self.who, PASSWORD)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something; what is refused leaves no trace."""
        self.clock.tick()
        self.held = None
        head, may_write = self.store.head(), not accounts.only_looks(self.store)
        with suppress(Refused):
            change = act()
            self.changes += [change.id] if change.id else []
            self.confirmed.append(journal.head(self.store.connection))
            assert may_write or self.store.head() == head
            return
        assert self.store.head() == head

    def everything(self) -> list[Record]:
        """Every record of every register, with its lines."""
        if self.held is None:
            self.held = [
                self.store.load(register, number)
                for register in self.store.catalogue
                for (number,) in self.rows_of(register, "id")
            ]
        return self.held

    def rows_of(self, register: type[Record], columns: str) -> list[tuple[Any, ...]]:
        """Some columns of every row of a register, as SQLite has them."""
        return self.store.connection.execute(f'SELECT {columns} FROM "{register.key()}"').fetchall()

    def any_record(self, data: st.DataObject) -> Record:
        """One of the records."""
        key, number = data.draw(st.sampled_from([(record.key(), record.id) for record in self.everything()]), "record")
        return self.store.load(self.store.catalogue[key], number)

    def lines_for(self, kind: type[Line], data: st.DataObject) -> list[Line]:
        """Some lines of one kind."""
        fields = {name: field for name, field in kind._meta.fields.items() if name in kind.COLUMNS}
        row = st.fixed_dictionaries(
            {name: values_of(fields[name], self.store, name not in kind.MUSTS) for name in fields}
        )
        return [kind(**values) for values in data.draw(st.lists(row, max_size=3), kind.key())]

    @rule(key=st.sampled_from(REGISTERS), data=st.data())
    def create(self, key: str, data: st.DataObject) -> None:
        register = self.store.catalogue[key]
        record = register()
        names = {*register.MUSTS, *data.draw(st.lists(st.sampled_from(entered(register)), max_size=6), "fields")}
        for name in sorted(names):
            must = name in register.MUSTS
            setattr(record, name, data.draw(values_of(register._meta.fields[name], self.store, not must), name))
        for kind in register.LINES:
            record.rows[kind.key()] = self.lines_for(kind, data)
        if data.draw(st.integers(0, 5), "typed number") == 0 and register.NUMBERING is not None:
            record.number = register.NUMBERING.render(record.series, 2022, data.draw(st.integers(1, 6), "sequence"))
        self.attempt(lambda: self.store.save(record))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        for name in data.draw(st.lists(st.sampled_from(entered(type(record))), min_size=1, max_size=4), "fields"):
            setattr(record, name, data.draw(values_of(record._meta.fields[name], self.store, True), name))
        self.attempt(lambda: self.store.save(record))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def edit_lines(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        if not record.LINES:
            return
        kind = data.draw(st.sampled_from(record.LINES), "kind")
        kept = [line for line in record.lines(kind) if data.draw(st.booleans(), "keep")]
        record.rows[kind.key()] = data.draw(st.permutations([*kept, *self.lines_for(kind, data)]), "order")
        self.attempt(lambda: self.store.save(record))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        target = data.draw(st.sampled_from([stage.key for stage in record.STAGES]), "target")
        self.attempt(lambda: self.store.move(record, target))

    @precondition(lambda self: self.changes)
    @rule(data=st.data(), reason=st.sampled_from(("", "重复登记")))
    def void(self, data: st.DataObject, reason: str) -> None:
        record = self.any_record(data)
        self.attempt(lambda: self.store.void(type(record), record.id, reason))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        self.attempt(lambda: self.store.delete(type(record), record.id))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        self.attempt(lambda: self.store.restore(type(record), record.id))

    @rule()
    def undo(self) -> None:
        self.attempt(self.store.undo)

    @rule()
    def redo(self) -> None:
        self.attempt(self.store.redo)

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def undo_an_earlier_change(self, data: st.DataObject) -> None:
        change = data.draw(st.sampled_from(self.changes), "change")
        self.attempt(lambda: self.store.undo(change))

    @rule()
    def pause(self) -> None:
        self.store.merge_index()

    @rule(days=st.integers(1, 20))
    def let_days_pass(self, days: int) -> None:
        self.clock.tick(days * 86_400)

    @rule()
    def back_up_and_go_on_from_the_backup(self) -> None:
        self.clock.tick()
        path = backup.back_up(self.folder / LEDGER, self.folder / BACKUPS / self.clock().strftime(backup.NAME))
        self.store.close()
        shutil.copy(path, self.folder / LEDGER)
        self.open_again()

    @rule(key=st.sampled_from(REGISTERS))
    def empty_the_bin(self, key: str) -> None:
        register = self.store.catalogue[key]
        self.attempt(lambda: empty_bin(self.store, register, "年底清理").change)

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def empty_a_bin_that_holds_something_and_undo_across_it(self, data: st.DataObject) -> None:
        binned = sorted({record.key() for record in self.everything() if record.deleted_at and not record.emptied_at})
        if binned:
            self.empty_the_bin(data.draw(st.sampled_from(binned), "register"))
            self.undo_an_earlier_change(data)

    @rule()
    def back_up(self) -> None:
        self.clock.tick()
        backup.back_up(self.folder / LEDGER, backup.free_name(self.folder / BACKUPS, self.clock()))

    @precondition(lambda self: self.changes and backup.backups_in(self.folder / BACKUPS))
    @rule(data=st.data())
    def bring_one_back_from_a_backup(self, data: st.DataObject) -> None:
        record = self.any_record(data)
        path = data.draw(st.sampled_from(backup.backups_in(self.folder / BACKUPS)), "backup")
        self.attempt(lambda: bring(self.store, path, type(record), record.id))

    @precondition(lambda self: not self.store.has_accounts)
    @rule()
    def begin_to_use_accounts(self) -> None:
        accounts.begin(self.store, ADMINISTRATOR, PASSWORD)
        self.who = ADMINISTRATOR
        for role in ROLES:
            if role != ADMINISTRATOR:
                accounts.add(self.store, role, role, PASSWORD)

    @precondition(lambda self: self.store.has_accounts)
    @rule(role=st.sampled_from(ROLES))
    def let_another_sign_in(self, role: str) -> None:
        accounts.sign_in(self.store, role, PASSWORD)
        self.who = role

    @precondition(lambda self: self.store.has_accounts)
    @rule()
    def stop_using_accounts(self) -> None:
        head, may = self.store.head(), accounts.may(self.store, "accounts")
        with suppress(Refused):
            accounts.stop(self.store)
        assert (self.store.head() == head) is not may
        assert self.store.has_accounts is not may

    @precondition(lambda self: self.turned < 2)
    @rule()
    def turn_the_encryption(self) -> None:
        self.clock.tick()
        self.held = None
        self.turned += 1
        self.store.close()
        if keys.is_plain(self.folder / LEDGER):
            sealing.seal(self.folder, PASSWORD, CODE, self.clock())
        else:
            sealing.unseal(self.folder, self.clock())
        self.open_again()
        assert keys.is_plain(self.folder / LEDGER) is (self.turned != 1)

    @invariant()
    def every_confirmed_change_is_there(self) -> None:
        for count, told in self.confirmed:
            row = self.store.connection.execute("SELECT hash FROM journal WHERE id = ?", (count,)).fetchone()
            assert row == (told,)

    @invariant()
    def no_transaction_is_open(self) -> None:
        assert not self.store.connection.in_transaction

    @invariant()
    def the_journal_tells_every_row(self) -> None:
        rows = {(record.key(), record.id): held_by(self.store, record) for record in self.everything()}
        assert replayed(self.store) == rows

    @invariant()
    def no_number_is_given_twice(self) -> None:
        for register in self.store.catalogue:
            rows = self.rows_of(register, "number, series, year, sequence")
            numbered = [given for number, *given in rows if number]
            assert all(sequence is not None for _series, _year, sequence in numbered)
            assert len(set(map(tuple, numbered))) == len(numbered)
            assert not [row for row in rows if row[-1] is not None and not row[0]]

    @invariant()
    def the_index_holds_the_records_that_are_not_deleted(self) -> None:
        run = self.store.connection.execute
        texts = dict(run("SELECT key, text FROM search_text"))
        rows = waiting.of_all(self.store.connection, self.store.numbered())
        overlaid = {one.merged for one in rows}
        pending = {one.key: one.text for one in rows if one.key is not None}
        for register in self.store.catalogue:
            number = self.store.register_numbers[register.key()]
            live = [record for record in self.everything() if isinstance(record, register) and not record.deleted_at]
            keys = {
                index.key_of(record.listed_on, number, record.id): self.store.shapes.text(record) for record in live
            }
            token = f'"{index.register_token(number)}"'
            merged = {row[0] for row in run("SELECT rowid FROM search WHERE search MATCH ?", (token,))} - overlaid
            own = {key for key in pending if key & index.REGISTER_MASK == number << index.REGISTER_BITS}
            assert merged.isdisjoint(own)
            assert {key: pending[key] if key in pending else texts[key] for key in merged | own} == keys

    @invariant()
    def every_record_is_sound(self) -> None:
        for record in self.everything():
            assert record.stage in {stage.key for stage in record.STAGES}
            if not record.deleted_at:  # one that was taken back has given its number back, too
                assert [one for one in guard.problems(record, self.store.rules) if one.kind == "must"] == []
                ranked = self.store.load(type(record), record.id)
                ranked.rank()
                for name in ("listed_on", "is_open", "sort_due"):
                    assert getattr(ranked, name) == getattr(record, name), name

    @invariant()
    def the_check_finds_nothing(self) -> None:
        assert list(health.findings(self.store)) == []


def test_a_ledger_lives_through_whatever_clerks_do(empty_ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_hashes(monkeypatch)
    # A run of thirty steps is short enough to read; shrinking it would take minutes.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    life = settings(max_examples=20, stateful_step_count=30, deadline=None, phases=phases)
    start: Any = partial(Life, empty_ledger)
    run_state_machine_as_test(start, settings=life)
