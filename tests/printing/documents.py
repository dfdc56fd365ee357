"""A month and a register book with invented content, as wide and as long as real ones."""

from __future__ import annotations

from datetime import date, datetime

from db.summaries.document import Align, Book, Cell, Chart, Column, Note, Part, Series, Source, Summary, Table

OFFICE = "蓝山县人民政府办公室"
MOMENT = datetime(2023, 1, 3, 9, 20)
MONTH = (date(2022, 12, 1), date(2023, 1, 1))
ALIGNS: dict[str, Align] = {"l": "left", "c": "centre", "r": "right"}

FIGURES = """印发文件 件 32 28 +14.3% 29 +10.3% 283 271 +4.4%
接收请示（报告） 件 298 268 +11.2% 281 +6.0% 3003 2894 +3.8%
　其中：请示 件 173 155 +11.6% 168 +3.0% 1744 1702 +2.5%
　　　　报告 件 125 113 +10.6% 113 +10.6% 1259 1192 +5.6%
处理上级来文来电 件 265 241 +10.0% 252 +5.2% 2701 2655 +1.7%
办件按时办结率 % 96.4 95.8 +0.6点 94.1 +2.3点 97.2 95.6 +1.6点
确定重大行政决策 件 3 2 +50.0% 0 — 23 19 +21.1%
公布行政规范性文件 件 2 3 −33.3% 2 持平 23 26 −11.5%
下发督办通知 件 6 5 +20.0% 4 +50.0% 58 51 +13.7%
督查督办事项 件 9 8 +12.5% 7 +28.6% 86 79 +8.9%
督查事项按时办结率 % 88.9 87.5 +1.4点 85.7 +3.2点 91.9 89.9 +2.0点
办复人大代表建议 件 0 0 — 0 — 256 241 +6.2%
办复政协提案 件 0 0 — 0 — 95 102 −6.9%
中心组集体学法 次 1 1 持平 1 持平 12 12 持平
普法宣传活动 场 4 2 +100.0% 3 +33.3% 21 18 +16.7%
整改问题销号 个 2 1 +100.0% 0 — 11 9 +22.2%"""
BELOW = (232, 198, 276, 258, 247, 251, 239, 243, 262, 231, 268, 298)
ABOVE = (218, 176, 241, 229, 222, 233, 219, 214, 236, 207, 241, 265)
SENT = (21, 15, 26, 24, 23, 25, 22, 21, 27, 19, 28, 32)
OVERDUE = r"""1 督〔2022〕61号 湘江源水源地一级保护区围网及标识标牌设置 市生态环境局\n蓝山分局 2022-11-30 31天\n22个工作日 林地占用手续未批，已申请延期至2023年1月20日
2 督〔2022〕67号 塔峰镇、祠堂圩镇农村自建房安全隐患“回头看” 县住房和城乡建设局 2022-12-09 22天\n15个工作日 尚余14户未完成鉴定
3 督〔2022〕70号 县政府常务会议第18次会议议定事项：城北小学扩建征拆资金拨付 县财政局 2022-12-20 11天\n8个工作日 专项债资金未到位
4 督〔2022〕74号 12345热线反映的新圩镇路灯亮化问题 新圩镇人民政府 2022-12-26 5天\n4个工作日 未报原因，已电话催办2次"""  # noqa: E501
RANKING = """1 县农业农村局 8 8 100.0% 0
2 县教育局 11 10 90.9% 1
2 县水利局 11 10 90.9% 1
4 县自然资源局 9 8 88.9% 0
5 县住房和城乡建设局 12 10 83.3% 2
6 县财政局 7 5 71.4% 1
— 县气象局 2 2 样本不足 0"""
STUDY = """第12次 2022-12-15 党组理论学习中心组 《中国共产党章程》；《信访工作条例》 11 10 90.9%
第23次 2022-12-08 常务会议会前学法 《中华人民共和国安全生产法》第三章 9 9 100.0%"""
ISSUES = """整2022-03 普法宣传主要集中在单位干部职工，面向群众的活动少 县司法局 2022-12-31 已销号 12月组织宪法宣传周进乡村4场，受众1260人
整2022-05 部分乡镇请示、报告不分，多头主送 政府办文书股 2022-12-31 已销号 退文率由3.1%降至0.9%
整2022-08 规范性文件备案超期1件 县司法局 2023-01-31 整改中 已补报，正在完善流程
整2022-09 督查台账个别事项未及时更新进展 政府督查室 长期坚持 整改中 按季复查，下次复查2023-03-31"""  # noqa: E501
DUE = """行政应诉 （2022）湘1127行初86号答辩状及证据提交 县自然资源局 2023-01-05 3个工作日
督查事项 农村自建房安全隐患“回头看”整改销号 县住房和城乡建设局 2023-01-06 4个工作日
规范性文件 《蓝山县城市管理办法》有效期届满评估 县城市管理和综合执法局 2023-01-13 9个工作日
信息公开 2022年度政府信息公开工作年度报告（部门）报送 政府办信息股 2023-01-31 18个工作日
整改 规范性文件备案超期整改 县司法局 2023-01-31 18个工作日"""
PROPOSALS = """人大代表建议 256 256 251 100.0% 98.0% 238／256（93.0%）
政协提案 95 95 93 100.0% 97.9% 89／95（93.7%）"""
NUMBERS = """蓝政发 23 无 -
蓝政函 96 41（作废） 2022年6月2日因文种有误作废，号不复用
蓝政办发 58 无 -
蓝政办函 107 无 -"""
NOTE = (
    "注：按业务日期（成文、收文、立项、学习日期）统计；基数为零时以“—”表示；比率的增减为百分点（简写“点”）；"
    "四舍五入保留1位小数。补录：11月收文2件于12月6日补录，已计入11月，不影响本月数。"
)
INCOMING = """永政办发〔2022〕{}号 永州市人民政府办公室 关于印发《永州市“十四五”县域商业体系建设实施方案》的通知 县商务局 阅存
湘政办函〔2022〕{}号 湖南省人民政府办公厅 关于做好2023年元旦春节期间有关工作的通知 政府办综合股 转办
永政函〔2022〕{}号 永州市人民政府 关于同意蓝山县城市更新专项规划（2021—2035年）的批复 县自然资源局 印发执行
永安办〔2022〕{}号 永州市安全生产委员会办公室 关于开展岁末年初安全生产重大隐患专项整治和督导检查的紧急通知 县应急管理局 已报送
〔电〕{}号 永州市防汛抗旱指挥部办公室 关于做好低温雨雪冰冻天气防范应对工作的通知 县应急管理局 已报送
永人社函〔2022〕{}号 永州市人力资源和社会保障局 关于商请提供根治欠薪冬季专项行动进展情况的函 县人力资源和社会保障局 函复
永财预〔2022〕{}号 永州市财政局 关于提前下达2023年中央财政衔接推进乡村振兴补助资金预算的通知 县财政局 转办"""  # noqa: E501


def source(figure: str) -> Source:
    """A source over December 2022."""
    return Source(figure, *MONTH)


def series(label: str, values: tuple[int, ...]) -> Series:
    """A series whose numbers open figures named after the label and the category's place."""
    return Series(label, values, tuple(source(f"{label}{at}") for at in range(len(values))))


def columns(heads: str, widths: tuple[float, ...], aligns: str) -> tuple[Column, ...]:
    """Columns from heads separated by blanks, widths in points and letters l, c, r."""
    return tuple(Column(head, width, ALIGNS[a]) for head, width, a in zip(heads.split(), widths, aligns, strict=True))


def cells(line: str, sourced: bool = False) -> tuple[Cell, ...]:
    """A row from texts separated by blanks ("-" is an empty cell), figures with a source if asked for."""
    return tuple(
        Cell("" if text == "-" else text.replace("\\n", "\n"), source(text) if sourced and text.isdecimal() else None)
        for text in line.split(" ")
    )


def table(
    heads: str, widths: tuple[float, ...], aligns: str, lines: str, size: float = 9.0, sourced: bool = False
) -> Table:
    r"""A table from plain lines; \\n in a cell is a line end of its own."""
    rows = [cells(line, sourced) for line in lines.split("\n")]
    return Table(columns(heads, widths, aligns), tuple(rows), size)


def lists() -> tuple[Part, ...]:
    """The parts of the month that are lists."""
    return (
        Part(
            "三、督查事项逾期清单（4件）",
            (
                table(
                    "序号 立项编号 事项 承办单位 办理时限 逾期 原因及措施",
                    (28, 76, 128, 92, 54, 52, 0),
                    "cclcccl",
                    OVERDUE,
                ),
            ),
        ),
        Part(
            "四、承办单位按时办结率排名（全年累计，应办结3件以上）",
            (
                table(
                    "位次 单位 应办结（件） 按时办结（件） 按时办结率 逾期未办结（件）",
                    (40, 150, 70, 70, 80, 0),
                    "clrrrr",
                    RANKING,
                ),
            ),
        ),
        Part(
            "五、学习情况",
            (table("期次 日期 类别 学习内容 应到 实到 出勤率", (44, 60, 100, 0, 34, 34, 44), "ccclrrr", STUDY),),
        ),
        Part(
            "六、整改情况",
            (table("问题编号 问题 责任单位 完成时限 状态 进展", (58, 150, 70, 56, 44, 0), "clcccl", ISSUES),),
        ),
        Part(
            "七、下月到期事项（5件）",
            (table("类别 事项 承办单位 到期日 剩余", (58, 0, 100, 58, 64), "clccr", DUE),),
        ),
        Part(
            "八、建议提案办理（县十八届人大二次会议、县政协十届二次会议）",
            (
                table(
                    "类别 交办 办复 面商 办复率 面商率 满意（已反馈）",
                    (100, 50, 50, 50, 64, 64, 0),
                    "lrrrrrr",
                    PROPOSALS,
                ),
            ),
        ),
        Part("九、发文编号核查", (table("机关代字 本年最大号 缺号、作废 说明", (90, 80, 80, 0), "crcl", NUMBERS),)),
    )


def month() -> Summary:
    """The monthly summary of December 2022: nine parts on three pages."""
    months = tuple(f"{number}月" for number in range(1, 13))
    chart = Chart(
        "件", months, (series("请示（报告）", BELOW), series("上级来文来电", ABOVE)), series("印发文件", SENT)
    )
    figures = table(
        "指标 单位 本月 上月 环比 上年同月 同比 本年累计 上年同期 累计同比",
        (102, 27, 34, 34, 51, 48, 51, 48, 48, 0), "lcrrrrrrrr", FIGURES, 10.5, sourced=True,
    )  # fmt: skip
    return Summary(
        office=OFFICE,
        title="法治政府建设工作月度汇总",
        under="2022年12月（统计期间：2022年12月1日至31日，截至2022年12月31日24时）",
        footer=f"{OFFICE}　2022年12月月度汇总",
        parts=(
            Part("一、主要指标", (figures, Note(NOTE))),
            Part("二、全年收文、发文逐月情况", (chart,)),
            *lists(),
        ),
        signatures=("制表", "审核", "签发"),
        printed_on="2023年1月3日",
        checksum="7c1e 90ab 4d27 f3b8 0e65 2a9d c814 5bf6（第18402条，2023年1月3日09:12）",
    )


def book(count: int = 34) -> Book:
    """The register of incoming documents with `count` rows."""
    letters = [line.split(" ") for line in INCOMING.split("\n")]
    days = (12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30)  # working days
    rows: list[tuple[Cell, ...]] = []
    for at in range(count):
        number, unit, title, to, result = letters[at * 5 % 7]
        day = at * 12 // count
        due = f"2022-12-{days[day + 3]:02}" if at % 3 else ""
        done = f"2022-12-{days[day + 2]:02}" if at % 3 and at % 5 else ""
        urgency = "特急" if "紧急" in title else "平件" if at % 4 else "加急"
        texts = (
            f"上{2641 + at}", f"2022-12-{days[day]:02}", unit, number.format(40 + at * 3), title, urgency,
            "办件" if due else "阅件", to, due, done, result if done or not due else "在办",
        )  # fmt: skip
        rows.append(tuple(Cell(text) for text in texts))
    return Book(
        office=OFFICE,
        title="收文登记簿（上级来文）",
        under="2022年度　第2641号至第2674号",
        footer="登记人：周𫖯　　审核：欧阳喆　　打印：2023-01-03 09:20　　筛选：级别＝上级，编号2641—2674",
        columns=columns(
            "收文号 收文日期 来文单位 来文字号 标题 缓急 类别 承办单位 办理时限 办结日期 办理结果",
            (40, 54, 100, 100, 0, 28, 28, 84, 54, 54, 44), "cclclcclccc",
        ),
        rows=tuple(rows),
    )  # fmt: skip
