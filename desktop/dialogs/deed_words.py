"""What the dialog of one deed for many records calls its kinds and ways, and what it says will stand there."""

from __future__ import annotations

from db.record import Record
from db.store.many import Add, AddLines, Advance, Clear, ClearLines, Deed, Delete, Fill, Kind, Restore, Void

TITLES = {"fill": "统一填写", "lines": "统一添加、清空明细", "advance": "推进阶段", "void": "作废", "delete": "删除",
          "restore": "恢复"}  # fmt: skip
VERBS = {"fill": "填写", "lines": "添加", "advance": "推进", "void": "作废", "delete": "删除", "restore": "恢复"}
SAID = {
    "fill": "选一项，写上内容。空白的填上，已有内容的不动，除非选覆盖或清空；不合规则的不改，写明原因。做完一步撤销。",
    "lines": "选一种明细，写一行或几行，添在每一条原有的后面；已经有的不重复添。也可以整个清空。做完一步撤销。",
    "advance": "能转的一起转，不能转的留着不动，写明原因。做完一步撤销。",
    "void": "编号留着，不再用。写明原因，会印在登记簿上。做完一步撤销。",
    "delete": "没有编号的移入回收站；已编号的不能删除，只能作废。写明原因，每一条的历史里都记着。做完一步撤销。",
    "restore": "作废的、在回收站里的，恢复成原来的样子。做完一步撤销。",
}
REASONS = {"void": "作废原因，如：重复登记", "delete": "删除原因，如：录了两遍"}
WAYS = {
    "fill": {"fill": "填写", "add": "在原有的后面添上", "clear": "清空"},
    "lines": {"fill": "添在后面", "clear": "清空"},
}
CHIPS: tuple[tuple[Kind, str], ...] = (
    ("filled", "将改"), ("replaced", "已有内容"), ("same", "已是这样"), ("refused", "不能改"),
)  # fmt: skip


def fillable(register: type[Record]) -> list[str]:
    """The fields that can be given one value in many records: those of the form that may be typed, no lines."""
    shown = (name for section in register.FORM for name in section.fields)
    kept_out = {"number", register.SUBJECT, register.security_field(), *register.DERIVED}
    return [name for name in dict.fromkeys(shown) if name in register._meta.fields and name not in kept_out]


def column(deed: Deed | None) -> str:
    """The field whose value stands in the preview; of a deed to lines the key of their kind."""
    if isinstance(deed, Fill | Add | Clear | AddLines | ClearLines):
        return deed.name
    return "void_reason" if isinstance(deed, Void) else "stage"


def after(register: type[Record], deed: Deed | None) -> str:
    """What will stand there; "" of a deed to lines, of which the preview counts those of each record."""
    if isinstance(deed, Fill):
        return ("是" if deed.value else "否") if isinstance(deed.value, bool) else str(deed.value)
    if isinstance(deed, Add):
        return f"原有的，添上{deed.value}"
    if isinstance(deed, Clear):
        return "—"
    if isinstance(deed, Advance):
        return register.stage_of(deed.target).label
    if isinstance(deed, Void):
        return deed.reason
    ends: dict[object, str] = {Delete: "进回收站", Restore: "恢复"}
    return ends.get(type(deed), "")
