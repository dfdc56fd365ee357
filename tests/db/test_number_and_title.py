"""A cell that holds a document number and a title, in any order and dress, is taken apart where they meet."""

from __future__ import annotations

from itertools import product

import pytest

from db.exchange.readings import parted

NUMBERS = (
    "蓝政办发〔2022〕5号", "蓝政办发[2022]5号", "蓝政办发（2022）第005号", "蓝政办发【２０２２】５号",
    "蓝政办发〔2022〕 5 号", "蓝政办发 〔2022〕5号", "蓝政办发〔2022〕\n5号",
    "蓝政办发2022第5号", "蓝政办发［2022］5号", "蓝政办发<2022>5号",
)  # fmt: skip
TITLES = ("关于值班的通知", "蓝山县人民政府办公室关于做好2022年春节值班工作的通知", "征求意见的函")
ORDERS = (
    "{number}{between}{title}", "{title}{between}{number}", "{title}{between}（{number}）",
    "{title}{between}({number})",
    "（{number}）{between}{title}", "[{number}]{between}{title}", "【{number}】{between}《{title}》",
    "{number}{between}《{title}》", "《{title}》{between}{number}", "{number}：{between}{title}",
    "{title}，{between}{number}。",
)  # fmt: skip
BETWEEN = ("", " ", "\u3000", "\n", " \n ")


@pytest.mark.parametrize(("number", "title"), list(product(NUMBERS, TITLES)))
def test_number_and_title_part_in_any_order_and_with_anything_between(number: str, title: str) -> None:
    for order, between in product(ORDERS, BETWEEN):
        text = order.format(number=number, title=title, between=between)
        assert parted(text) == ("蓝政办发〔2022〕5号", title), text


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("关于转发永政办发〔2022〕9号文件的通知", "", "关于转发永政办发〔2022〕9号文件的通知"),
        ("关于转发《永政办发〔2022〕9号》的通知", "", "关于转发《永政办发〔2022〕9号》的通知"),
        (
            "关于转发《关于值班的通知》（永政办发〔2022〕9号）的通知 蓝政办发[2022]5号",
            "蓝政办发〔2022〕5号",
            "关于转发《关于值班的通知》（永政办发〔2022〕9号）的通知",
        ),
        (
            "蓝财〔2022〕1号 关于落实永财〔2021〕9号文件的报告 永财〔2021〕9号",
            "蓝财〔2022〕1号",
            "关于落实永财〔2021〕9号文件的报告 永财〔2021〕9号",
        ),
        ("蓝财〔2022〕1 关于预算的报告", "蓝财〔2022〕1号", "关于预算的报告"),
        ("关于2022年预算的报告", "", "关于2022年预算的报告"),
        ("蓝财〔2022〕1号", "蓝财〔2022〕1号", ""),
        ("蓝山县人民政府公告〔2022〕3号", "蓝山县人民政府公告〔2022〕3号", ""),
    ],
)
def test_only_a_number_at_either_end_is_that_of_the_paper(text: str, number: str, title: str) -> None:
    assert parted(text) == (number, title)
