"""Numbers in running Chinese text with what they count: 283件, 1,003 件, 二百八十三件, 30余场次, 1.5万份, 百分之百.

Dates, times, ordinals, document and telephone numbers, sums of money and measures are no counts and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

PERCENT = "%"
UNITS = (  # the longer before those that they begin with
    *"人次 场次 件次 批次 户次 家次 件 次 期 场 项 份 条 个 起 宗 部 篇 名 人 户 家 册 轮 批 例 封".split(),
    *"处 类 套 张 本 幅 则 卷 课 门 堂 块 支".split(),
)
_NO_COUNT = (  # what begins like a unit and is none: 3个月, 10个工作日, 2个百分点, 四个意识, 三项制度, 2部门
    *(f"个{word}" for word in "月 工作日 小时 百分点 季度 年度 自信 意识 维护 确立 大局 务必 方面 层面".split()),
    *"条例 部门 人大 家庭 名义 本书记 项制度 类似 期间 处室 处长 份额 次性".split(),
)
_WIDE = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {ord("％"): ord("%"), ord("．"): ord(".")}
_MARKS = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？"}
_BLANKS = frozenset(" \t\xa0　\u2002\u2003\u200b\ufeff\r")
_STOPS = frozenset("。！？；;：:")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|第[一二三四五六七八九十]+[章条部]"
)
_SHORT = 16  # characters of a line that is a heading rather than a wrapped one
_MARK, _COUNTED = re.compile("[，、,]"), re.compile(rf"(?:[\d０-９,.]+\s*)?(?:{'|'.join(UNITS)})")
_DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")  # as on receipts
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_ROUGHLY = "(?P<rough_before>超过|将近|接近|约|近|逾|超)?"
_UNIT = "|".join(UNITS)
_ARABIC = re.compile(
    rf"(?<![\d.:：/A-Za-z〔\[+\-—–~～·第])(?:(?<![最附邻靠拉亲]){_ROUGHLY})"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:，\d{3})+(?=[余多]?(?:件|次|份|条|人))|\d+(?:\.\d+)?)"
    r"(?P<rough>[余多几]?)(?P<scale>[十百千万亿]?)(?P<rough_after>[余多]?)"
    rf"(?P<unit>{_UNIT}|%)?"
)
_CHINESE = re.compile(
    rf"(?<![第零〇一二两三四五六七八九十百千万亿几]){_ROUGHLY}(?P<number>[零〇一二两三四五六七八九十百千万亿]+)(?P<rough>[余多]?)"
    rf"(?P<unit>{_UNIT})"
)
_PER_CENT = re.compile(r"百分之(?P<number>[零〇一二两三四五六七八九十百点]+|\d+(?:\.\d+)?)|百分(?P<whole>百)")
_ORDINAL = re.compile("(?:人大|政协|届|全会|委员会|大会)$")  # 十八届人大二次会议
_END_OF_CLAUSE = re.compile(r"[，,。；;、）)！？\n]|$")


@dataclass(frozen=True)
class Written:
    """One number of a text: characters `start` … `end` of it (with 约, 余, 万 and the sign of per cent, not the unit).

    `text` is what stands there, `value` what it means, `unit` what it counts ("" when nothing is said); `is_rough`
    for 余, 多, 约. `left` and `right` are the places in the folded text between which number and unit stand.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    is_rough: bool
    left: int
    right: int


@dataclass(frozen=True)
class Folded:
    """A text without blanks and without line ends inside a paragraph; `places[i]` is where character i stands in it."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Folded:
        """Fold a text: digits become narrow, marks Chinese, and wrapped lines are joined again."""
        kept: list[tuple[str, int]] = []
        wide = text.translate(_WIDE)
        for at, char in enumerate(wide):
            if char in _MARKS and not (wide[at - 1 : at].isdigit() and wide[at + 1 : at + 2].isdigit()):
                kept.append((_MARKS[char], at))
            elif char == "\n":
                if kept and kept[-1][0] != "\n" and _ends_paragraph(text, at):
                    kept.append(("\n", at))
            elif char not in _BLANKS:
                kept.append((char, at))
        return cls("".join(char for char, _at in kept), (*(at for _char, at in kept), len(text)))


def wraps(text: str) -> list[int]:
    """The places of the line ends that stand inside a paragraph of a text."""
    return [at for at, char in enumerate(text) if char == "\n" and not _ends_paragraph(text, at)]


def _ends_paragraph(text: str, at: int) -> bool:
    """Whether the line that ends at `at` ends a paragraph: by a stop, a blank line, or the head of what follows."""
    before = text[:at].rstrip(" \t\r　")
    if not before or before[-1] in _STOPS:
        return True
    following = text[at + 1 :].partition("\n")[0].strip()
    if not following or _BEGINS.match(following) or following.endswith(("：", ":")):
        return True
    line = before.rpartition("\n")[2].strip()
    head = _BEGINS.match(line)
    is_heading = bool(head) or len(following) > 2 * _SHORT
    told = line[head.end() :] if head else line  # the mark of 二、 is none of the heading's words
    return len(line) < _SHORT and not _MARK.search(told) and is_heading and not _COUNTED.match(following)


def find(folded: Folded) -> list[Written]:
    """Every number that counts something, in the order of the text; those in titles 《》 are names."""
    titles = [match.span() for match in re.finditer("《[^《》\n]*》", folded.text)]
    found = sorted((*_arabic(folded), *_chinese(folded), *_per_cent(folded)), key=lambda one: (one.left, -one.right))
    kept: list[Written] = []
    for one in found:
        is_name = any(start < one.left < end for start, end in titles)
        if not is_name and (not kept or one.left >= kept[-1].right):
            kept.append(one)
    return kept


def _arabic(folded: Folded) -> Iterator[Written]:
    text = folded.text
    for match in _ARABIC.finditer(text):
        unit = match["unit"] or ""
        if unit and unit != PERCENT and text.startswith(_NO_COUNT, match.start("unit")):
            continue
        if not unit and not _stands_alone(text, match):
            continue
        value = Decimal(re.sub("[,，]", "", match["number"])) * _SCALES[match["scale"]]
        rough = bool(match["rough_before"] or match["rough"] or match["rough_after"])
        end = match.end() if unit == PERCENT or not unit else match.start("unit")
        yield _written(folded, match, value, unit, rough, end)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a number without a unit can be a count: two digits or more after a word, before a stop, no heading."""
    before, after = text[: match.start()], text[match.end() :]
    if match["scale"] or len(match["number"]) < 2 or not _END_OF_CLAUSE.match(after):
        return False
    return bool(before) and before[-1] not in "\n（(，,、" and not after.startswith(("）", ")"))


def _chinese(folded: Folded) -> Iterator[Written]:
    for match in _CHINESE.finditer(folded.text):
        number = match["number"]
        if number in {"一", "十百", "千", "万", "百", "亿"} or folded.text.startswith(_NO_COUNT, match.start("unit")):
            continue  # 一次 is mostly no number: 每月一次, 一件事
        if match["unit"] == "次" and _ORDINAL.search(folded.text[: match.start()]):
            continue
        value = chinese_number(number)
        if value is not None:
            rough = bool(match["rough_before"] or match["rough"])
            yield _written(folded, match, Decimal(value), match["unit"], rough, match.start("unit"))


def _per_cent(folded: Folded) -> Iterator[Written]:
    for match in _PER_CENT.finditer(folded.text):
        if folded.text[match.end() :].startswith("点"):
            continue
        value = Decimal(100) if match["whole"] else _decimal(match["number"])
        if value is not None:
            yield _written(folded, match, value, PERCENT, False, match.end())


def _written(folded: Folded, match: re.Match[str], value: Decimal, unit: str, rough: bool, end: int) -> Written:
    start, last = folded.places[match.start()], folded.places[end - 1] + 1
    text = folded.text[match.start() : end]
    return Written(start, last, text, value, unit, rough, match.start(), match.end())


def _decimal(text: str) -> Decimal | None:
    if text == "百":
        return Decimal(100)
    if text[0].isdigit() and text.isascii():
        return Decimal(text)
    whole, _point, fraction = text.partition("点")
    value = chinese_number(whole)
    if value is None or any(char not in _DIGITS for char in fraction):
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS[char]) for char in fraction)}" if fraction else value)


def chinese_number(text: str) -> int | None:
    """二百八十三 -> 283, 一千零三 -> 1003, 二〇二二 -> 2022, 两万 -> 20000; None when it is no number."""
    text = text.translate(_FORMAL)
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    for scale in ("亿", "万"):
        if scale in text:
            high, _scale, low = text.partition(scale)
            upper, lower = chinese_number(high), chinese_number(low.lstrip("零")) if low else 0
            return None if upper is None or lower is None else upper * _SCALES[scale] + lower
    total, digit, last = 0, -1, 10_000
    for char in text:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= last or (digit < 0 and place != 10):
                return None
            total, digit, last = total + place * (1 if digit < 0 else digit), -1, place
        elif char in _DIGITS and digit <= 0:
            digit = _DIGITS[char]
        else:
            return None
    return total + max(digit, 0)
