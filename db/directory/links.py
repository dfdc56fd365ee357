"""Links between any two records: a paper and the matter that it became, a decision and its document, two copies."""

from __future__ import annotations

import peewee as pw

from db.fields import LastingIdField
from db.record import Table

KINDS = "link_kind"  # the vocabulary; the group of a word is the same link seen from the other end
SAME = "同文"  # the kind that says: one paper received twice; a register's COPY_FIELD follows it


class Link(Table):
    """One link: `kind` is what the other record is to the record (its 答复); found from both ends."""

    TITLE = "关联"

    id = LastingIdField()
    register = pw.TextField()
    record = pw.IntegerField()
    kind = pw.TextField()
    other_register = pw.TextField()
    other_record = pw.IntegerField()
    made_at = pw.TextField()
    made_by = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("register", "record"), False), (("other_register", "other_record"), False))
