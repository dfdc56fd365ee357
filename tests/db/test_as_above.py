"""同上 in front of the end of a document number stands for the 机关代字 of the row above."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store.store import Store
from tests.db.old_files import Rows, held, kinds, planned

HEAD = ["收文日期", "来文单位", "来文字号", "标题"]


def numbers(store: Store, folder: Path, *said: str | None) -> list[str]:
    """The numbers of rows whose cells say this."""
    rows: Rows = [["2022.3.5", "县财政局", one, f"关于第{at}项预算的报告"] for at, one in enumerate(said)]
    plan = planned(store, folder, "incoming", [HEAD, *rows])
    assert kinds(plan) == ["new"] * len(said)
    return [held(store, plan, at)["from_doc_no"] for at in range(len(said))]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("同上〔2022〕4号", "蓝财〔2022〕4号"), ("同上[2021]4", "蓝财〔2021〕4号"),
        ("同上（2022）第004号", "蓝财〔2022〕4号"),
        ("同上 4号", "蓝财〔2022〕4号"), ("同上第4号", "蓝财〔2022〕4号"), ("〃〔2022〕4号", "蓝财〔2022〕4号"),
        ("同上", "蓝财〔2022〕3号"),
    ],
)  # fmt: skip
def test_the_series_above_is_that_of_the_row(store: Store, tmp_path: Path, said: str, number: str) -> None:
    plan = planned(store, tmp_path, "incoming", [
        HEAD, ["2022.3.5", "县财政局", "蓝财[2022]3号", "关于预算的报告"], ["2022.3.6", "同上", said, "关于决算的报告"],
    ])  # fmt: skip
    assert held(store, plan, 1).get("from_doc_no") == number
    assert "取自上面一行" in plan.row(1).cells[2].note


def test_one_follows_the_other(store: Store, tmp_path: Path) -> None:
    said = numbers(
        store, tmp_path, "蓝财〔2021〕3号", "同上〔2022〕4号", "同上5号", "蓝教〔2022〕1号", "同上〔2022〕2号"
    )
    assert said == ["蓝财〔2021〕3号", "蓝财〔2022〕4号", "蓝财〔2022〕5号", "蓝教〔2022〕1号", "蓝教〔2022〕2号"]


def test_without_a_number_above_it_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    assert numbers(store, tmp_path, "无", "同上〔2022〕4号") == ["无", "同上〔2022〕4号"]
    assert numbers(store, tmp_path, None, "同上5号") == ["", "同上5号"]


def test_other_columns_keep_their_words(store: Store, tmp_path: Path) -> None:
    plan = planned(store, tmp_path, "incoming", [
        HEAD, ["2022.3.5", "县财政局", "蓝财〔2022〕3号", "关于预算的报告"],
        ["2022.3.6", "同上（农业股）", "蓝财〔2022〕4号", "同上，另加一页的函"],
    ])  # fmt: skip
    assert (held(store, plan, 1)["from_unit"], held(store, plan, 1)["title"]) == (
        "同上（农业股）",
        "同上，另加一页的函",
    )


def test_the_number_of_a_paper_sent_out_is_read_so_too(store: Store, tmp_path: Path) -> None:
    rows = [["蓝政办发〔2022〕3号", "关于放假的通知", "2022.3.5"], ["同上〔2022〕4号", "关于值班的通知", "2022.3.6"]]
    plan = planned(store, tmp_path, "outgoing", [["发文字号", "标题", "成文日期"], *rows])
    assert held(store, plan, 1)["number"] == "蓝政办发〔2022〕4号"
