"""No way past one's role: neither by taking back what others did, nor by a role that was taken away meanwhile."""

from __future__ import annotations

import pytest

from db.directory.vocabulary import TermRow
from db.errors import Refused
from db.rules.permissions import ADMINISTRATOR, CLERK, READER, REVIEWER
from db.store import accounts, office
from db.store.store import Store
from tests.db.office import cheap_hashes, outgoing, saved

GOOD = "蓝山办公室2026"


@pytest.fixture
def guarded(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A ledger with an administrator and a clerk, with hashes that cost little."""
    cheap_hashes(monkeypatch)
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    return store


@pytest.mark.parametrize(("given", "refused"), [("void", "不能作废"), ("edit_rules", "不能修改期限")])
def test_nobody_gets_past_his_role_by_taking_back_what_others_did(guarded: Store, given: str, refused: str) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.give(guarded, "undo_others", (CLERK, REVIEWER))
    record = saved(guarded, outgoing())
    word = TermRow(vocabulary="kind", word="新文种")
    is_void = given == "void"
    done = guarded.void(type(record), record.id, "重复") if is_void else office.put_word(guarded, word)
    accounts.sign_in(guarded, "李喆", GOOD)
    with pytest.raises(Refused, match=refused):
        guarded.undo(done.id)
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.give(guarded, given, (CLERK, REVIEWER))
    accounts.sign_in(guarded, "李喆", GOOD)
    guarded.undo(done.id)


def test_nobody_closes_the_account_that_he_works_with_and_a_new_role_holds_at_once(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.set_role(guarded, "李喆", ADMINISTRATOR)
    with pytest.raises(Refused, match="您正在用的账号"):
        accounts.close(guarded, "王堃")
    accounts.set_role(guarded, "王堃", READER)
    with pytest.raises(Refused, match="管理员来做"):
        accounts.add(guarded, "赵婷", CLERK, GOOD)
