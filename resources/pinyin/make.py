"""Makes initials.txt: the first letter of the pinyin of every Chinese character, for search and completion by initials.

usage: python resources/pinyin/make.py [OUT]    (OUT defaults to initials.txt beside it)

The file has one line for each letter: the letter, a space, all its characters in order of code point; then a line
`---`; then one line for each phrase that reads otherwise than its characters one by one: the phrase, a space, its
initials. Characters: U+4E00-9FFF and U+3400-4DBF as far as pypinyin reads them, and 〇.
`db/rules/pinyin.py` reads it; pypinyin itself takes 170 ms to import.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from pypinyin import Style, lazy_pinyin

BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
# Where an office's usual reading is not pypinyin's first: surnames that are hardly anything else, and 〇.
OWN_READINGS = {"〇": "l", "冼": "x", "曾": "z", "翟": "z", "覃": "q", "逄": "p", "郇": "x", "阚": "k"}
# Read as in names of organs, offices and places, not as character by character.
PHRASES = """
会计 kj  会计师 kjs  银行 yh  商行 sh  分行 fh  支行 zh  央行 yh  农商行 nsh  农发行 nfh  行长 hz  行业 hy
各行各业 ghgy  调解 tj  调整 tz  调控 tk  协调 xt  调节 tj  调处 tc  调试 ts  失调 st  微调 wt  空调 kt  校对 jd
校准 jz  校正 jz  校验 jy  校核 jh  重新 cx  重建 cj  重复 cf  重组 cz  重申 cs  重叠 cd  双重 sc  重修 cx
重审 cs  重置 cz  重启 cq  重铸 cz  重塑 cs  重阳 cy  给予 jy  供给 gj  给水 js  给付 jf  补给 bj  率先 sx
率领 sl  表率 bs  草率 cs  轻率 qs  统率 ts  反省 fx  畜牧 xm  畜产 xc  传记 zj  传略 zl  音乐 yy  乐器 yq
乐团 yt  乐队 yd  声乐 sy  乐曲 yq  党参 ds  投降 tx  便宜 py  古刹 gc  提防 df  曝光 bg  可恶 kw  厌恶 yw
朝气 zq  今朝 jz  长期 cq  长效 cx  长远 cy  长久 cj  长度 cd  长途 ct  长假 cj  长征 cz  长城 cc  长江 cj
长河 ch  长廊 cl  特长 tc  专长 zc  延长 yc  全长 qc  最长 zc  较长 jc  很长 hc  长三角 csj  长寿 cs  长沙 cs
长春 cc  长安 ca  长治 cz  长乐 cl  长白 cb  长汀 ct  长垣 cy  长葛 cg  重庆 cq  朝阳 cy  厦门 xm  西藏 xz
藏族 zz  宝藏 bz  藏语 zy  藏医 zy  乐清 yq  尉犁 yl  番禺 py  铅山 ys  东阿 de  阿胶 ej  大埔 db  黄陂 hp
莘庄 xz  蔚县 yx  枞阳 zy  犍为 qw  泌阳 by  洪洞 ht  荥经 yj  涡阳 gy  浚县 xx  繁峙 fs  吐蕃 tb  陂头 pt
十里堡 slp  会稽 kj  圩场 xc  圩镇 xz  赶圩 gx  尉迟 yc  澹台 tt  万俟 mq  单于 cy  单雄信 sxx  解缙 xj  仇英 qy
"""
# Longer or earlier matches that keep the phrases above from reading across two words (学校对…, 工商行政, 协会计划).
GUARDS = """
行政 xz  会计划 hjh  会计生 hjs  会计量 hjl  商行政 sxz  商行为 sxw  分行政 fxz  分行为 fxw  分行使 fxs
支行为 zxw  行业务 xyw  行长期 xcq  行长效 xcx  部分 bf  处分 cf  学校 xx  院校 yx  高校 gx  党校 dx  技校 jx
职校 zx  全校 qx  本校 bx  各校 gx  违反 wf  长安排 zap  长安全 zaq  长春节 zcj  长期间 zqj
"""


def characters() -> list[str]:
    """Every character of the blocks, by code point."""
    return [chr(point) for first, last in BLOCKS for point in range(first, last + 1)]


def letters() -> dict[str, str]:
    """Character to first letter; a character that pypinyin cannot read is left out."""
    found: dict[str, str] = {}
    for char in characters():
        reading = lazy_pinyin(char, style=Style.NORMAL, errors="ignore")
        if reading and reading[0][0].isascii():
            found[char] = reading[0][0]
    found.update(OWN_READINGS)
    return found


def pairs(text: str) -> dict[str, str]:
    """Phrase to initials, in written order.

    Raises:
        ValueError: when a phrase has not one letter for each character.
    """
    words = text.split()
    found = dict(zip(words[::2], words[1::2], strict=True))
    wrong = [phrase for phrase, reading in found.items() if len(phrase) != len(reading)]
    if wrong:
        raise ValueError(f"one letter for each character: {wrong}")
    return found


def phrases(singles: Mapping[str, str]) -> dict[str, str]:
    """The phrases whose initials are not those of their characters, and the guards."""
    spelt = {phrase: "".join(singles[char] for char in phrase) for phrase in pairs(PHRASES)}
    return {phrase: reading for phrase, reading in pairs(PHRASES).items() if reading != spelt[phrase]} | pairs(GUARDS)


def main(target: Path) -> None:
    """Write the table."""
    singles = letters()
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for char in sorted(singles):
        by_letter[singles[char]].append(char)
    lines = [f"{letter} {''.join(by_letter[letter])}" for letter in sorted(by_letter)]
    lines += ["---", *(f"{phrase} {reading}" for phrase, reading in phrases(singles).items())]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("initials.txt"))
