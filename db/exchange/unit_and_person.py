"""Tells the units and the people apart that stand in one cell: 县水利局 张三, 县水利局（张三）."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from db.directory.units import UnitNames
from db.exchange.book import Cell
from db.exchange.readings import EMPTY, NOTHING, Both, Reading, line_text

_BETWEEN = re.compile(r"[\s/／|、，,：:；;()（）【】\[\]]+|(?<![0-9])[—–-]+|[—–-]+(?![0-9])")
_CAPTION = re.compile(r"(?:责任|承办|牵头|主办|办理|联系|经办|具体)?(?:单位|部门|负责人|责任人|承办人|联系人|经办人)")
_PHONE = re.compile(r"[0-9][0-9-]{6,}")
_PLAIN = re.compile(r"[㐀-鿿𠀀-𪛟·]+")
_OFFICE = re.compile(
    r".+(?:局|委|办|镇|乡|街道|政府|法院|检察院|医院|学院|学校|中心|公司|单位|部门|办公室|管委会|联合会)"
)
_LIKE_OFFICE = re.compile(r".+(?:会|社|馆|站|所|队|村|场|室|科|股|部|处|团|厂|组|区|县|市|校|院|联|行|园)")
_POST = re.compile(
    r"(?:党组|党委|常务)?副?(?:书记|局长|主任|镇长|乡长|县长|部长|科长|股长|站长|所长|院长|校长|处长|主席|主任科员|科员)"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盘盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳"
    "时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞"
    "敖巩明佘池查麻苑迟邝匡"
)
_DOUBLE = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "夏侯", "司徒", "端木", "慕容")
_SHORTEST_OFFICE = 3
_NAME = range(2, 4)  # characters of a name with a single surname


class Told(NamedTuple):
    """The units and people of a text in their order; `is_all`: it says nothing besides."""

    units: tuple[str, ...]
    people: tuple[str, ...]
    is_all: bool


def tell_apart(text: str, units: UnitNames, people: Collection[str]) -> Told | None:
    """What of a text is a unit and what a person; None when any of it is not certain."""
    found: dict[str, list[str]] = {"unit": [], "person": []}
    is_all = True
    for piece in filter(None, _BETWEEN.split(text)):
        if _CAPTION.fullmatch(piece):
            continue
        if _PHONE.fullmatch(piece) or _POST.fullmatch(piece):
            is_all = False
            continue
        parts = _parts(piece, units, people)
        if parts is None:
            return None
        for kind, name, is_bare in parts:
            found[kind].append(name)
            is_all = is_all and is_bare
    told = Told(tuple(dict.fromkeys(found["unit"])), tuple(dict.fromkeys(found["person"])), is_all)
    return told if told.units or told.people else None


def read_both(
    cell: Cell, unit: Any, person: Any, read_unit: Callable[[Cell], Reading], units: UnitNames, people: Collection[str]
) -> Reading:
    """What a cell says of the fields `unit` and `person`; what is not certain stays whole in that of the unit."""
    text = line_text(cell, keep_lines=True)
    if text in NOTHING:
        return EMPTY
    told, whole = tell_apart(text, units, people), line_text(cell)
    if told is None:
        note = f"分不清单位和人，全文记在{unit.verbose_name}"
        return Reading(Both(whole, None), whole, note=note)
    named = "、".join(str(read_unit(name).value) for name in told.units)
    called = "、".join(told.people)
    is_held = told.is_all and (not told.people or len(told.units) <= 1 >= len(told.people))
    left = "" if is_held else whole
    note = f"{person.verbose_name}记作“{called}”" if called else ""
    return Reading(Both(named, called), whole, note=note, left=left)


def _parts(piece: str, units: UnitNames, people: Collection[str]) -> list[tuple[str, str, bool]] | None:
    """The unit, the person, or one behind the other that a piece without marks is, each with whether it is bare."""
    if _is_unit(piece, units) and piece not in people:
        return [("unit", piece, True)]
    if person := _person(piece, people):
        return [person]
    for at in range(len(piece) - 2, 2, -1):  # 县水利局张三: the longest name of a unit
        person = _person(piece[at:], people) if _is_unit(piece[:at], units) else None
        if person:
            return [("unit", piece[:at], True), person]
    return None


def _is_unit(text: str, units: UnitNames) -> bool:
    if units.knows(text):
        return True
    if len(text) < _SHORTEST_OFFICE or not _PLAIN.fullmatch(text):
        return False
    is_named_alike = text[0] in _SURNAMES and len(text) in _NAME
    return bool(_OFFICE.fullmatch(text) or (_LIKE_OFFICE.fullmatch(text) and not is_named_alike))


def _person(text: str, people: Collection[str]) -> tuple[str, str, bool] | None:
    """The name that a text is, with a post before or behind it or none."""
    if _is_name(text, people):
        return ("person", text, True)
    for post in (*_POST.finditer(text),):
        rest = text[: post.start()] if post.end() == len(text) else text[post.end() :] if not post.start() else ""
        if rest and _is_name(rest, people):
            return ("person", rest, False)
    return None


def _is_name(text: str, people: Collection[str]) -> bool:
    if text in people:
        return True
    if not _PLAIN.fullmatch(text):
        return False
    is_double = text.startswith(_DOUBLE) and len(text) in (3, 4)
    is_short_for_office = _OFFICE.fullmatch(text) or (
        len(text) == 2 and text[1] in "局委办镇乡所队站院部联会校团"
    )  # 王局, 李镇
    return (is_double or (text[0] in _SURNAMES and len(text) in _NAME)) and not is_short_for_office
