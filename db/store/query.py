"""What is typed into a search box: words, "words with blanks", -words that must not be there, and field:word.

Full and half width, upper and lower case make no difference. A minus excludes only beside something that is wanted,
so that -11月 alone finds just that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from db.store import index

_CURLY = re.compile(r"“([^“”]*\s[^“”]*)”")  # quotation marks of an input method: they keep blanks together, no more
_PART = re.compile(
    r"""(?P<minus>-?)
    (?:(?P<field>[^\W\d][^\s:"]{0,15}):(?=\S))?
    (?:"(?P<phrase>[^"]+)"(?!\S)|(?P<word>\S+))""",
    re.VERBOSE,
)
_DAY = re.compile(r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")


@dataclass(frozen=True)
class Word:
    """One condition: `text` (folded) is to be found in the field called `field`, or anywhere when that is empty.

    `typed` is the whole as it was typed (folded), for a field that does not exist.
    """

    text: str
    field: str = ""
    is_excluded: bool = False
    typed: str = ""


def parse(text: str) -> tuple[Word, ...]:
    """The conditions that a text names, all of which must hold."""
    folded = index.fold(_CURLY.sub(r'"\1"', text)).replace(index.MARK, " ")
    found = [_word(part) for part in _PART.finditer(folded)]
    if any(not word.is_excluded for word in found):
        return tuple(found)
    return tuple(Word(part[0], typed=part[0]) for part in _PART.finditer(folded))


def _word(part: re.Match[str]) -> Word:
    minus, field = part["minus"], part["field"] or ""
    text = part["phrase"] or part["word"]
    if minus and part[0] == "-":
        minus, text = "", "-"
    return Word(text.strip() or text, field, bool(minus), part[0].removeprefix("-" if minus else ""))


def plain(word: Word) -> Word:
    """A word with a colon, taken as it was typed."""
    return Word(word.typed, "", word.is_excluded, word.typed)


def day_of(text: str) -> str:
    """The day (YYYY-MM-DD) that a word names in full, in any of the usual ways; "" when it names none."""
    found = _DAY.fullmatch(text)
    if found is None or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31):
        return ""
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
