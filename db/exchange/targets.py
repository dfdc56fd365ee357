"""What a column of a file can be: a field of the register, a field of its lines, or a part of a date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from db.exchange.columns import IDENTITY as IDENTITY_LABEL
from db.exchange.columns import record_columns
from db.record import DateField, DocumentNumberField, Line, PersonField, Record, UnitField
from db.resources import rows_of

HEADINGS = "exchange/headings.csv"
IDENTITY = "uuid"
MORE = "remarks.more"  # the key of columns that go into the remarks with their headings
LEFT_OUT = ""  # the key of a column that is not imported

Part = Literal["", "年", "月", "日", "机关代字", "年份", "顺序号"]
_PARTS: tuple[Part, ...] = ("年", "月", "日")
NUMBER_PARTS: tuple[Part, Part, Part] = ("机关代字", "年份", "顺序号")
_SHARED = ("number", "series", "year", "sequence", "stage", "due_on", "first_due_on", "due_basis", "voided_on",
           "void_reason")  # fmt: skip
_AND = re.compile(r"[及和与、/+,;|\s]+")
_MARKS = re.compile(r"[及和与、/+,;|\s()\[\]【】]+")
_OF_UNIT = re.compile(r"(?:单位|部门|科室|股室|机关)$")
_BRACKETED = re.compile(r"[(（\[【〔〈<《{「][^)）\]】〕〉>》}」]*[)）\]】〕〉>》}」]")


@dataclass(frozen=True)
class Target:
    """Where a column goes. `key` names it (for the remembered match and the command line), `label` is its Chinese name.

    `line` is the kind of lines of whose lines `field` is one; `fixed` are fields that each such line gets as well
    (a unit under 会办单位 has the role 会办), `several` what they get instead where there are several (two units
    under 主办单位 are 分办). `part`: the column holds only the year, month or day of a date, or a part of a document
    number. `beside`: the column holds a number, or a person, as well, which goes into that field.
    """

    key: str
    label: str
    field: str
    line: type[Line] | None = None
    fixed: tuple[tuple[str, Any], ...] = ()
    several: tuple[tuple[str, str], ...] = ()
    part: Part = ""
    beside: str = ""

    @property
    def is_many(self) -> bool:
        """Whether several columns may go there: each is a line, or a remark, of its own."""
        return self.line is not None or self.key == MORE

    def model_field(self, register: type[Record]) -> Any:
        """The peewee field that the column fills."""
        return (self.line or register)._meta.fields[self.field]


def folded(label: str) -> str:
    """A heading as it is compared: half width, lower case, without blanks, line breaks and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", label).lower())


def bare(label: str) -> str:
    """The same without what stands in brackets: 来文单位（盖章） -> 来文单位."""
    return folded(_BRACKETED.sub("", unicodedata.normalize("NFKC", label)))


@dataclass(frozen=True)
class Targets:
    """The targets of a register by key, and which of them each folded heading means (the likeliest first).

    `behind`: for the key of two fields what the second is called for short: 时间 in 签发人及时间.
    """

    by_key: dict[str, Target]
    meant: dict[str, tuple[str, ...]]
    behind: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def joined(self, label: str) -> str:
        """The key of the two fields that a heading names together: 来文字号及标题, 责任单位（责任人）; "" for none."""
        words = [word for part in _MARKS.split(unicodedata.normalize("NFKC", label)) if (word := folded(part))]
        if words[1:] == ["人"]:  # 拟稿单位（人）
            words = [words[0], _OF_UNIT.sub("人", words[0])]
        whole = "".join(words)
        for parts in (words, *((whole[:at], whole[at:]) for at in range(2, len(whole) - 1))):
            keys = [self.meant.get(part, ()) for part in parts]
            both = [f"{own}+{beside}" for one in keys for other in keys for own in one for beside in other]
            short = (
                key for key, said in self.behind.items()
                if len(keys) == 2 and any(key.split("+")[0] in keys[at] and parts[1 - at] in said for at in (0, 1))
            )  # fmt: skip
            if found := next((key for key in both if key in self.by_key), "") or next(short, ""):
                return found
        return ""

    def parts_of(self, label: str) -> list[str]:
        """The things that a heading names, folded: 任务来源 and 依据 of 任务来源及依据."""
        text = _BRACKETED.sub("", unicodedata.normalize("NFKC", label))
        return [word for part in _AND.split(text) if (word := folded(part))]

    def names_several(self, label: str, is_known: bool = False) -> bool:
        """Whether a heading names more than one thing: 密级及缓急, 办理去向及结果. `is_known`: one of them is known."""
        parts = self.parts_of(label)
        if is_known and self.meant.keys().isdisjoint(parts):
            return False
        return len({self.meant.get(part, (part,))[0] for part in parts}) > 1 and all(len(part) > 1 for part in parts)

    def by_label(self, text: str) -> Target | None:
        """The target that a clerk names: by its key, its label, or any heading that stands for it."""
        keys = (text,) if text in self.by_key else self.meant.get(folded(text), ())
        return self.by_key[keys[0]] if keys else None


@cache
def targets(register: type[Record]) -> Targets:
    """The targets of a register with the headings that offices write over them (resources/exchange/headings.csv)."""
    found = {target.key: target for target in _own(register)}
    meant: dict[str, dict[str, None]] = {}
    rows = [row for row in rows_of(HEADINGS) if row["register"] in (register.key(), "*")]
    pairs = [row for row in rows if "+" in row["field"]]
    rows = [row for row in rows if row not in pairs]
    lines = [row for row in rows if "." in row["field"]]  # before the labels of fields that follow from them
    _add_rows(register, lines, found, meant)
    for column in record_columns(register):
        meant.setdefault(folded(column.label), {})[column.name] = None
    _add_rows(register, [row for row in rows if row not in lines], found, meant)
    for target in found.values():
        meant.setdefault(folded(target.label), {})[target.key] = None
    for target in [*found.values()]:
        if target.line is None and isinstance(target.model_field(register), DateField):
            for part in _PARTS:
                one = Target(f"{target.key}/{part}", f"{target.label}：{part}", target.field, part=part)
                found[one.key] = one
    _add_parts(meant, found)
    for key in number_keys(register, Targets(found, {})):
        for part in NUMBER_PARTS:
            found[f"{key}/{part}"] = Target(f"{key}/{part}", f"{found[key].label}：{part}", key, part=part)
    _add_joined(register, found)
    for row in pairs:
        own, beside = (found[key] for key in row["field"].split("+"))
        label = f"{own.label}和{beside.label.rpartition('·')[2]}"
        found[row["field"]] = replace(own, key=row["field"], label=label, beside=beside.field)
    if "remarks" in found:
        found[MORE] = Target(MORE, f"{found['remarks'].label}（连同列名）", "remarks")
    behind = {row["field"]: frozenset(row["headings"].split()) for row in pairs}
    return Targets(found, {word: tuple(keys) for word, keys in meant.items()}, behind)


def _add_rows(
    register: type[Record], rows: Iterable[dict[str, str]], found: dict[str, Target], meant: dict[str, dict[str, None]]
) -> None:
    """Add the targets of rows of the headings, and what their headings mean."""
    for row in rows:
        target = _named(register, row["field"], row["fixed"])
        if target is not None:
            target = found.setdefault(target.key, target)
            for word in row["headings"].split():
                meant.setdefault(folded(word), {})[target.key] = None


def _add_parts(meant: dict[str, dict[str, None]], found: dict[str, Target]) -> None:
    """收文日期 over 月 and 日: each heading of a date with a part behind it means that part."""
    for word, keys in [*meant.items()]:
        key = next(iter(keys))
        for part in _PARTS:
            if f"{key}/{part}" in found:
                meant.setdefault(f"{word}{part}", {})[f"{key}/{part}"] = None


def _add_joined(register: type[Record], found: dict[str, Target]) -> None:
    """A column for each document number with the title, a unit with a person of its section, and 密级 with 缓急."""
    for target in [*found.values()]:
        is_whole = target.line is None and not target.part
        if is_whole and isinstance(target.model_field(register), DocumentNumberField):
            key, subject = f"{target.key}+{register.SUBJECT}", register.SUBJECT
            label = f"{target.label}和{register.label(subject)}"
            found[key] = Target(key, label, subject, beside=target.field)
    fields = register._meta.fields
    urgent = next((name for name, one in fields.items() if getattr(one, "vocabulary", "") == "urgency"), "")
    if (secret := register.security_field()) and urgent:
        label = f"{register.label(secret)}和{register.label(urgent)}"
        found[f"{secret}+{urgent}"] = Target(f"{secret}+{urgent}", label, secret, beside=urgent)
    for section in register.FORM:
        shown = [name for name in section.fields if name in fields]
        for unit in (name for name in shown if isinstance(fields[name], UnitField)):
            for person in (name for name in shown if isinstance(fields[name], PersonField)):
                label = f"{register.label(unit)}和{register.label(person)}"
                found[f"{unit}+{person}"] = Target(f"{unit}+{person}", label, unit, beside=person)


def number_keys(register: type[Record], known: Targets) -> tuple[str, ...]:
    """The keys of whole document numbers; that of the record itself, where it has a 机关代字, comes last."""
    own = ("number",) if register.NUMBERING and "{series}" in register.NUMBERING.mask else ()
    return (
        *(
            target.key
            for target in known.by_key.values()
            if not (target.line or target.part or target.beside or target.key in ("number", MORE))
            and isinstance(target.model_field(register), DocumentNumberField)
        ),
        *own,
    )


def _own(register: type[Record]) -> Iterator[Target]:
    """Every field that has a label, in the order of the form; then identity; then the fields of the lines."""
    fields = register._meta.fields
    shown = [name for section in register.FORM for name in section.fields if name in fields]
    own = [one.name for one in register._meta.sorted_fields if one.name not in Record._meta.fields]
    for name in dict.fromkeys((*shown, *own, *_SHARED)):
        if fields[name].verbose_name:
            yield Target(name, register.label(name), name)
    yield Target(IDENTITY, IDENTITY_LABEL, IDENTITY)
    for kind in register.LINES:
        for one in kind._meta.sorted_fields:
            if one.verbose_name:
                yield Target(f"{kind.key()}.{one.name}", f"{kind.TITLE}·{one.verbose_name}", one.name, kind)


def _named(register: type[Record], field: str, fixed: str) -> Target | None:
    """The target of a row of the headings; None where the register has no such field (a row for all registers)."""
    kind_key, _dot, name = field.rpartition(".")
    kind = next((line for line in register.LINES if line.key() == kind_key), None)
    model: Any = kind or register
    if (kind_key and kind is None) or name not in model._meta.fields:
        return None
    if kind is None:
        return Target(name, register.label(name), name)
    pairs = [(one, *word.partition("|")) for one, _equals, word in (pair.partition("=") for pair in fixed.split())]
    given = tuple((one, word) for one, word, _or, _other in pairs)
    several = tuple((one, other) for one, _word, _or, other in pairs if other)
    words = "、".join(word for _name, word in given)
    label = f"{kind.TITLE}·{words or model._meta.fields[name].verbose_name}"
    return Target(f"{field}={words}" if words else field, label, name, kind, given, several)
