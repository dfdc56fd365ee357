"""Feeds the readers of typed text with mutations of real text: each answers or refuses in a sentence, and never breaks.

    python -m tests.torture.fuzzing FOLDER COUNT SEED

A mutation cuts, doubles, swaps and mixes pieces of real inputs and of characters that have hurt such readers before.
"""

from __future__ import annotations

import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from db.errors import Refused
from db.exchange.book import Book
from db.exchange.delimited import sheet_of
from db.exchange.pasted import sheet_of_block
from db.exchange.planning import Plan
from db.exchange.reading import MOST_ROWS
from db.registers.incoming import Incoming
from db.registers.rectification_plan import RectificationPlan
from db.rules.notice import read_notice
from db.rules.numbering import Numbering, gaps, is_document_number, mask_of, mend
from db.rules.typed_dates import read_date, read_written
from db.rules.workdays import Workdays
from db.store.store import Store
from db.summaries.annual.template import Names, read
from tests.db.notices import NOTICE_2024, NOTICE_2026
from tests.torture.deeds import opened

TODAY = date(2022, 12, 30)
SLOW = 5.0  # seconds; a reader that takes longer has gone astray
DATES = ("2022年3月5日", "二〇二二年十二月三十日", "+10工作日", "今天", "3.5", "０３０５", "-3天", "周一", "2022/02/30")
WRITTEN = ("蓝政办发〔2022〕5号", "整2022-05", "第12次", "国务院令第713号", "商务部公告2022年第5号", "[2022]第005号")
TEMPLATES = (
    "{{year}}年印发文件{{ out_total }}件，{{印发文件.同比}}，{{机关}}",
    "{{revoked=0且办复率>=98.5%：未发生撤销，办复率达{{reply_rate}}}}。", "# 标题\n## 二级\n全年{{out_total}}件",
)  # fmt: skip
SHEETS = (
    "收文日期\t来文单位\t来文字号\t标题\t文种\n2022.1.4\t县财政局\t蓝财[2022]1号\t关于下达预算的报告\t报告\n1月5日\t〃\t无号\t另一件\t请示",
    "序号,发现日期,来源,问题,责任单位\n1,2022.12.20,自查,学法用法不够经常,县政府办\n合计,,,,",
)  # fmt: skip
ODD = (
    "", "\x00", "\ufeff", "\u202e", "𬀩", "\ud7ff", "﷽", "é", "\t", "\n", "\r", '"', "'", "=cmd()", "〔", "〕", "{{",
    "}}", "9" * 40, "０", "一", "亿", "-", "²", "①", "٣", "½", "1e999", "NaN", "\u3000", "%", "：", "且", "年", "月",
    "日",
    "至",
)  # fmt: skip
NUMBERINGS = tuple(map(Numbering, ("{series}〔{year}〕{sequence}号", "整{year}-{sequence:02}", "第{sequence}次")))
NAMES = Names([("out_total", "印发文件"), ("revoked", "被责令改正或撤销"), ("reply_rate", "办复率")])


def mutated(seeds: Sequence[str], rng: random.Random) -> str:
    """A text made of real ones, cut and mixed."""
    text = rng.choice(seeds)
    for _ in range(rng.randint(1, 5)):
        at, to = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        kind = rng.randrange(6)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + rng.choice(ODD) + text[at:]
        elif kind == 2:
            text = text[:at] + rng.choice(ODD) + text[to:]
        elif kind == 3:
            text = text[:to] + text[at:]
        elif kind == 4:
            text = text[:at] + rng.choice(seeds)[: rng.randint(0, 30)] + text[to:]
        else:
            text = text[:at] + chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x4E00, 0x9FFF)))) + text[at + 1 :]
    return text[:5_000]


def require_sentence(error: Exception) -> None:
    """A refusal is in the clerk's language, not Python's."""
    if not any("\u4e00" <= sign <= "\u9fff" for sign in str(error)):
        raise AssertionError(f"no sentence: {error!r}")


def read_dates(text: str) -> None:
    """Typed and written dates: a day, nothing, or a ValueError in words."""
    for reader in (lambda: read_date(text, TODAY, Workdays()), lambda: read_written(text)):
        try:
            reader()
        except ValueError as error:
            require_sentence(error)


def read_numbers(text: str) -> None:
    """Document numbers: mended once is mended for good, and what is recognised is rendered as it was."""
    once = mend(text)
    assert mend(once) == once, text
    is_document_number(text)
    try:
        mask_of(text)
    except ValueError as error:
        require_sentence(error)
    for numbering in NUMBERINGS:
        found = numbering.parse(text)
        if found:
            assert numbering.parse(numbering.render(*found)) == found, text
            gaps([found[2]] if found[2] < 1_000 else [])


def read_notices(text: str) -> None:
    """The State Council's notice of holidays: clauses and doubts, or a ValueError in words."""
    try:
        found = read_notice(text, 2024)
        found.days()
        assert found.title is not None
    except ValueError as error:
        require_sentence(error)


def read_templates(text: str) -> None:
    """A report's template: lines, and faults told at their line."""
    read(text, NAMES)


def planning(store: Store) -> Callable[[str], None]:
    """A block that was pasted, and the same text as a .csv: a plan row by row, or a refusal."""
    ways = (lambda text: sheet_of_block(text, ""), lambda text: sheet_of(text, "表", MOST_ROWS))

    def plan(text: str) -> None:
        for sheet_from in ways:
            try:
                book = Book("表", (sheet_from(text),))
                for register in (Incoming, RectificationPlan):
                    made = Plan(store, register, book)
                    for at in range(min(len(made), 20)):
                        made.row(at)
            except Refused as error:
                require_sentence(error)

    return plan


def main(folder: Path, count: int, seed: int) -> None:
    """Feed so many inputs to all readers; one in a hundred is a sheet. Tell what broke as JSON."""
    rng = random.Random(seed)
    done: Counter[str] = Counter()
    broken: list[str] = []
    with closing(opened(folder)) as store:
        kinds: list[tuple[str, Callable[[str], None], Sequence[str], int]] = [
            ("date", read_dates, DATES, 40), ("number", read_numbers, WRITTEN, 39),
            ("notice", read_notices, (NOTICE_2024, NOTICE_2026), 5), ("template", read_templates, TEMPLATES, 15),
            ("sheet", planning(store), SHEETS, 1),
        ]  # fmt: skip
        for name, reader, seeds, share in kinds:
            for _ in range(max(1, count * share // 100)):
                text = mutated(seeds, rng)
                started = time.perf_counter()
                try:
                    reader(text)
                except Exception:  # noqa: BLE001 (whatever it is, it is to be read)
                    broken.append(f"{name} {text!r}: {traceback.format_exc(limit=-3)}")
                if time.perf_counter() - started > SLOW:
                    broken.append(f"{name} {text!r}: took longer than {SLOW:g} s")
                done[name] += 1
    print(json.dumps({"deed": ", ".join(f"{name} {times:,}" for name, times in done.items()),
                      "trials": done.total(), "broken": broken}))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
