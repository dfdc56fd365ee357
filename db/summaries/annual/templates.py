"""The templates that a report can be drafted from: those that the program brings, and the office's own."""

from __future__ import annotations

from dataclasses import dataclass

from db.directory.reports import ReportTemplate
from db.errors import Problem, Refused
from db.resources import RESOURCES, rows_of
from db.store.change import Change
from db.store.store import Store

_LONGEST_NAME, _LONGEST = 60, 200_000


@dataclass(frozen=True)
class TemplateText:
    """A template by its name; `is_own` for one that the office can edit and remove."""

    name: str
    text: str
    is_own: bool


def templates() -> list[TemplateText]:
    """The office's templates, the one changed last first, then those of the program."""
    own = ReportTemplate.select().order_by(ReportTemplate.changed_at.desc(), ReportTemplate.id.desc())
    brought = (
        TemplateText(row["name"], (RESOURCES / "templates" / row["file"]).read_text(encoding="utf-8"), False)
        for row in rows_of("templates/reports.csv")
    )
    return [*(TemplateText(row.name, row.text, True) for row in own), *brought]


def template(name: str = "") -> TemplateText:
    """The template with this name; without one, that which is used when nobody chooses: the first.

    Raises:
        Refused: when there is none of that name; the message tells the others.
    """
    known = templates()
    for one in known:
        if name in ("", one.name):
            return one
    raise Refused(f"没有叫“{name}”的报告模板；有：{'、'.join(one.name for one in known)}")


def put_template(store: Store, name: str, text: str, source: str = "") -> Change:
    """Keep a template under a name, in place of the office's own of that name.

    Raises:
        Refused: for an empty name or text, or a name that a template of the program has.
    """
    name = " ".join(name.split())
    problems: list[Problem] = []
    if not name or len(name) > _LONGEST_NAME:
        problems.append(Problem("name", f"请给模板起个名字，不超过{_LONGEST_NAME}字"))
    if any(one.name == name and not one.is_own for one in templates()):
        problems.append(Problem("name", f"“{name}”是程序自带的模板，不能覆盖；请另起一个名字"))
    if not text.strip() or len(text) > _LONGEST:
        problems.append(Problem("text", f"模板不能是空的，也不能超过{_LONGEST}字"))
    if problems:
        raise Refused(problems)
    row = ReportTemplate.get_or_none(ReportTemplate.name == name) or ReportTemplate(name=name)
    row.text, row.changed_at, row.changed_by = text, store.moment(), store.user
    row.source = source or row.source
    with store.change("修改报告模板" if row.id else "增加报告模板", may="edit_rules") as change:
        change.put(row)
    return change


def remove_template(store: Store, name: str) -> Change:
    """Take one of the office's templates away; undo brings it back.

    Raises:
        Refused: when the office has none of that name.
    """
    row = ReportTemplate.get_or_none(ReportTemplate.name == name)
    if row is None:
        raise Refused(f"“{name}”不是本单位的模板，不能删除")
    with store.change("删除报告模板", may="edit_rules") as change:
        change.remove(row)
    return change
