"""What the names in a form's text may be: Chinese labels of fields and lines, and names that every form knows.

COMMON are answered by every record, whatever its register calls it; OFFICE by the office; GROUP by the sheet; COUNTED,
SHARE and ROW by the rows of a table of counts.
"""

from __future__ import annotations

from functools import cache

from db.record import Line, Record, Table

HOLDER = "责任单位"
COMMON = ("台账", "事项", HOLDER, "身份", "阶段", "逾期", "办理状态", "附件")
OFFICE = ("本单位", "县名", "今天", "截止时间", "制表人", "审核人", "经办人员")
GROUP = ("组", "件数", "期间", "人员", "序")
COUNTED, SHARE, ROW = "件数", "占比", "项"


@cache
def names_of(table: type[Table]) -> dict[str, str]:
    """Label -> name of every field, property and kind of lines of a register or a kind of lines."""
    found: dict[str, str] = {}
    for one in table._meta.sorted_fields:  # of equal labels the field that every record has comes first
        if one.verbose_name:
            found.setdefault(one.verbose_name, one.name)
    for kind in table.LINES if issubclass(table, Record) else ():
        found.setdefault(kind.TITLE, kind.key())
    for name in dir(table):
        told = getattr(table, name, None)
        if isinstance(told, property) and "：" in (told.__doc__ or ""):
            found.setdefault((told.__doc__ or "").partition("：")[0], name)
    return found


def lines_of(register: type[Record], label: str) -> type[Line] | None:
    """The kind of lines with this label; None when the register has none."""
    return next((kind for kind in register.LINES if label == kind.TITLE), None)
