"""Document numbers: mended, recognised, rendered, read back, and their gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules.numbering import Numbering, gaps, is_document_number, mask_of, mend

LETTER = Numbering("{series}〔{year}〕{sequence}号")
PLAN = Numbering("整{year}-{sequence:02}")
SESSION = Numbering("第{sequence}次")

numberish = st.text(
    st.sampled_from("蓝政办发函公告令第号期年月 \u3000\n[]()（）【】〔〕｛｝《》-0152022０２19五"), max_size=30
)


@pytest.mark.parametrize(
    "typed",
    [
        "蓝政发[2022]5号", "蓝政发(2022)5号", "蓝政发（2022）5号", "蓝政发【2022】5号", "蓝政发{2022}5号",
        "蓝政发［2022］5号", "蓝政发｛2022｝5号", "蓝政发〖2022〗5号", "蓝政发﹝2022﹞5号", "蓝政发<2022>5号",
        "蓝政发〔2022〕第5号", "蓝政发〔2022〕第005号", "蓝政发〔2022〕005号", "蓝政发〔２０２２〕５号",
        "蓝政发〔2022年〕5号", "  蓝政发〔2022〕5号  ", "蓝政发 〔2022〕 5 号", "蓝 政 发〔 2022 〕第 5 号",
        "蓝政发2022第5号", "蓝政发2022 5号", "蓝政发２０２２-５号", "蓝政发〔2022)5号",
    ],
)  # fmt: skip
def test_each_way_of_typing_a_number_is_mended(typed: str) -> None:
    assert mend(typed) == "蓝政发〔2022〕5号"


@pytest.mark.parametrize(
    "text",
    [
        "", "关于做好2022年度法治政府建设的通知", "关于[2022]年度工作", "总结（2022）", "见[2022]5月的报告",
        "5号", "2022",
        "国家税务总局公告2022年第5号", "商务部令2022第5号", "中华人民共和国国务院令第713号", "第12次", "第3期",
        "整2022-05", "〔2022〕×号", "收文 2022 年", "档案号20225号",
    ],
)  # fmt: skip
def test_what_is_no_document_number_is_left_alone(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("第005号", "第5号"),
        ("第 ０５ 号", "第5号"),
        ("〔2022〕第05期", "〔2022〕第5期"),
        ("[2022]3期", "〔2022〕3期"),
        ("蓝政发[2022]007", "蓝政发〔2022〕7"),
        ("湘政发[2022]1号、湘政办发(2022)02号", "湘政发〔2022〕1号、湘政办发〔2022〕2号"),
        ("关于转发湘政发[2022]5号文件 的通知２０", "关于转发湘政发〔2022〕5号文件 的通知２０"),
        ("蓝政发[2022]000号", "蓝政发〔2022〕0号"),
    ],
)
def test_other_forms_keep_what_is_theirs(typed: str, mended: str) -> None:
    assert mend(typed) == mended


@given(st.text() | numberish)
def test_mending_twice_changes_nothing_more(text: str) -> None:
    assert mend(mend(text)) == mend(text)


@given(st.integers(1900, 2099), st.integers(1, 99999), st.sampled_from(("[]", "()", "【】", "〔〕", "（）")))
def test_a_mended_number_is_a_document_number(year: int, sequence: int, pair: str) -> None:
    mended = mend(f" 蓝政办函{pair[0]}{year}{pair[1]}第{sequence:05}号")
    assert is_document_number(mended)
    assert LETTER.parse(mended) == ("蓝政办函", year, sequence)


def test_a_very_long_run_of_digits_does_not_raise() -> None:
    long = "蓝政发[2022]" + "9" * 6000 + "号"
    assert mend(long).startswith("蓝政发〔2022〕9")
    assert LETTER.parse(long) is None


@pytest.mark.parametrize(
    "text",
    [
        "蓝政发[2022]5号", "蓝政发〔2022〕05号", "蓝政发〔2022〕第5号", "政〔2022〕5号", "蓝政发〔1822〕5号",
        "蓝政发〔2022〕0号",
        "蓝政发〔2022〕5", "蓝政发〔2022〕123456号", "蓝政发〔２０２２〕5号", "蓝政发〔2022〕5号\n", "",
    ],
)  # fmt: skip
def test_only_the_form_of_the_standard_is_a_document_number(text: str) -> None:
    assert not is_document_number(text)


def test_a_number_of_the_standard_is_a_document_number() -> None:
    assert is_document_number("蓝政办函〔2022〕283号")


@pytest.mark.parametrize(
    ("numbering", "parts", "written"),
    [
        (LETTER, ("蓝政发", 2022, 5), "蓝政发〔2022〕5号"),
        (PLAN, ("", 2022, 5), "整2022-05"),
        (PLAN, ("", 2022, 105), "整2022-105"),
        (SESSION, ("", 0, 12), "第12次"),
    ],
)
def test_a_rendered_number_is_read_back(numbering: Numbering, parts: tuple[str, int, int], written: str) -> None:
    assert numbering.render(*parts) == written
    assert numbering.parse(written) == parts


def test_a_number_is_read_however_it_was_typed() -> None:
    assert LETTER.parse(" 蓝政发 [２０２２] 第０５号 ") == ("蓝政发", 2022, 5)
    assert SESSION.parse("第１２次") == ("", 0, 12)


@pytest.mark.parametrize("text", ["", "蓝政发", "蓝政发〔2022〕0号", "蓝政发〔2022〕号", "蓝政发〔2022〕5号文", "5"])
def test_what_is_no_number_of_the_mask_is_not_read(text: str) -> None:
    assert LETTER.parse(text) is None


@pytest.mark.parametrize(
    ("used", "missing"),
    [
        ([], []),
        ([1, 2, 3], []),
        ([3], [(1, 2)]),
        ([5, 1, 2, 9, 5], [(3, 4), (6, 8)]),
    ],
)
def test_gaps_are_the_runs_of_missing_numbers(used: list[int], missing: list[tuple[int, int]]) -> None:
    assert gaps(used) == missing


@given(st.sets(st.integers(1, 300), min_size=1))
def test_used_and_missing_numbers_are_all_the_numbers(used: set[int]) -> None:
    missing = [number for first, last in gaps(used) for number in range(first, last + 1)]
    assert sorted([*missing, *used]) == list(range(1, max(used) + 1))


@pytest.mark.parametrize(
    ("example", "mask", "written"),
    [
        ("LSDR—2022—00001", "LSDR—{year}—{sequence:05}", "LSDR—2023—00042"),
        ("HFGS—2017—9", "HFGS—{year}—{sequence}", "HFGS—2023—42"),
        ("LSDR-2022-001", "LSDR-{year}-{sequence:03}", "LSDR-2023-042"),
        ("蓝规〔2022〕1号", "蓝规〔{year}〕{sequence}号", "蓝规〔2023〕42号"),
        (" ＬＳ－２０２２－０１ ", "ＬＳ－{year}－{sequence:02}", "ＬＳ－2023－42"),
    ],
)
def test_a_numbering_follows_the_example_that_the_office_gives(example: str, mask: str, written: str) -> None:
    assert mask_of(example) == mask
    numbering = Numbering("x{sequence}", setting="any").like(example)
    assert numbering.render("", 2023, 42) == written
    assert numbering.parse(written) == ("", 2023, 42)
    assert numbering.setting == "any"


@pytest.mark.parametrize("example", ["", "LSDR", "LSDR—2022—", "LSDR—22—1", "LS{x}—2022—1", "2022"])
def test_an_example_without_year_and_sequence_is_refused_and_changes_nothing(example: str) -> None:
    with pytest.raises(ValueError, match="要有年份和顺序号"):
        mask_of(example)
    assert PLAN.like(example) == PLAN


@pytest.mark.parametrize("typed", ["LSDR-2022-00007", "LSDR—2022—7", "LSDR－２０２２－0007", "LSDR——2022——00007"])
def test_one_dash_is_as_good_as_another(typed: str) -> None:
    assert Numbering("LSDR—{year}—{sequence:05}").parse(typed) == ("", 2022, 7)
