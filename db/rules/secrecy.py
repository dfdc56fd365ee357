"""State secrets are not registered on an ordinary computer (domain reference §0): what counts as one.

The three levels are the law's own (保守国家秘密法 2024, 第14条), so no office can edit them away; 工作秘密 and 内部 are
ordinary values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

VOCABULARY = "security"
RESERVED = "涉密（占号）"  # the word that keeps nothing but a number, so that its series has no unexplained gap
TITLE = "涉密文件，另册登记"
SENTENCE = "涉密文件请在涉密登记簿另行登记；这里不保存，也不留草稿"
RESERVING = "只占编号：保存后只留编号和“涉密文件，另册登记”，已填的内容都不保存，也不留草稿"

_LEVELS = ("绝密", "机密", "秘密")
_MARK = re.compile("(绝密|机密|秘密)★")  # as it is printed on the paper (GB/T 9704-2012, 7.2.2)


def is_classified(word: str) -> bool:
    """Whether a word of 密级 is one of the three levels, with or without its term (机密★1年)."""
    return word.strip().startswith(_LEVELS)


def is_marked(text: str) -> bool:
    """Whether a text carries the mark of a level, as copied from a classified paper's first page."""
    return "★" in text and _MARK.search(text) is not None


def marked(values: Mapping[str, Any]) -> Iterator[str]:
    """The names of those values that are texts which carry such a mark."""
    starred = [name for name, value in values.items() if value and isinstance(value, str) and "★" in value]
    return (name for name in starred if is_marked(values[name]))
