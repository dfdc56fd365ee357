"""Synthetic papers of a county office: believable titles, common and rare words, ten years; always the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

SEED = 7
FIRST, LAST = date(2016, 1, 1), date(2026, 11, 13)
OPEN_DAYS = 60  # papers of the last days are still being worked on
RARE_SHARE = 8e-6

Values = dict[str, Any]

_VERBS = "印发 转发 开展 加强 做好 推进 进一步规范 落实 调整 召开 报送 批准 申请 组织 修订 公布 下达 核定".split()
_AREAS = "蓝山县 塔峰镇 楠市镇 毛俊镇 所城镇 新圩镇 祠堂圩镇 土市镇 太平圩镇 大桥瑶族乡 荆竹瑶族乡 浆洞瑶族乡".split()
_TOPICS = (
    "安全生产 防汛抗旱 财政预算 干部考核 义务教育 医疗保险 道路交通 环境保护 土地征收 农村宅基地 项目资金 "
    "公共卫生 招标投标 档案 信访 城市更新 森林防火 食品药品 政务公开 消防 工程建设 乡村振兴 老旧小区改造 "
    "水利设施 国有资产 行政审批 数据共享 人才引进 社会保障 文化旅游 科技创新 营商环境 节能减排 市场监管 "
    "粮食储备 养老服务 退役军人 民族团结 统计调查 公务用车 办公用房 保密 绩效评价 法治建设 固定资产投资 "
    "工业园区 电子商务 残疾人就业 河湖长制 生态红线"
).split()
_TAILS = (
    "管理工作 管理办法 专项整治行动 实施方案 有关事项 情况报告 考核办法 管理规定 任务分工 年度计划 若干措施 "
    "经费 工作要点 会议纪要 先进集体 管理系统建设"
).split()
_RARE = "蜂蜜 雪豹 钨矿 榨菜 琉璃 珊瑚 鲟鱼 茶油".split()
_OFFICES = (
    "财政局 教育局 公安局 水利局 民政局 卫生健康局 自然资源局 应急管理局 交通运输局 住房和城乡建设局 "
    "农业农村局 审计局 统计局 档案馆 发展和改革局"
).split()
_PEOPLE = "赵晓燕 李文斌 黄志强 唐小军 雷海燕 盘金花 成建国 钟丽华 欧阳明 陈国安 廖春梅 厉新民".split()
_ABOVE, _BELOW = ("省", "市"), ("县直部门", "乡镇（街道）")
_KINDS = (("通知", 40), ("通报", 6), ("请示", 12), ("批复", 6), ("函", 15), ("意见", 8), ("报告", 8))
_SENT_KINDS = (("通知", 50), ("函", 20), ("批复", 10), ("意见", 8), ("通报", 6), ("决定", 6))
_MEDIA = (("纸质公文", 60), ("电子公文", 30), ("明传电报", 6), ("传真", 4))


class _Numbers:
    """The numbers of a series, from 1 in each year."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], int] = {}

    def next(self, series: str, year: int) -> Values:
        """Series, year, sequence and the number as it is written."""
        self._last[series, year] = sequence = self._last.get((series, year), 0) + 1
        return {"series": series, "year": year, "sequence": sequence, "number": f"{series}〔{year}〕{sequence}号"}


def _choice(random: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return random.choices([word for word, _weight in weighted], [weight for _word, weight in weighted])[0]


def _title(random: Random, year: int, kind: str) -> str:
    topic = random.choice(_TOPICS) + (f"和{random.choice(_TOPICS)}" if random.random() < 0.4 else "")
    rare = f"{random.choice(_RARE)}产业发展" if random.random() < RARE_SHARE else ""
    part = f"第{random.choice('一二三四五六七八九十')}批" if random.random() < 0.3 else ""
    words = f"{random.choice(_VERBS)}{year}年{random.choice(_AREAS)}{topic}{random.choice(_TAILS)}"
    return f"关于{words}{rare}{part}的{kind}"


def _days(count: int) -> Iterator[date]:
    """So many days in their order, spread evenly from FIRST to LAST."""
    span = (LAST - FIRST).days + 1
    return (FIRST + timedelta(at * span // count) for at in range(count))


def _kept(random: Random, at: int, day: date) -> Values:
    """The columns that the store sets itself."""
    moment = f"{day}T{8 + at % 9:02}:{at % 60:02}:00.000"
    clerk = random.choice(_PEOPLE)
    return {
        "uuid": f"{random.getrandbits(128):032x}", "origin": "蓝山县人民政府办公室", "listed_on": day.isoformat(),
        "created_at": moment, "created_by": clerk, "updated_at": moment, "updated_by": clerk,
    }  # fmt: skip


def incoming(count: int) -> Iterator[Values]:
    """Papers received: stored values by field name, in the order of their days; other fields hold their defaults."""
    random, numbers = Random(SEED), _Numbers()
    for at, day in enumerate(_days(count)):
        is_below = random.random() < 0.5
        level = random.choice(_BELOW if is_below else _ABOVE)
        kind = _choice(random, _KINDS)
        unit = f"{'县' if is_below else level}{random.choice(_OFFICES)}"
        due = (day + timedelta(7 + random.randrange(25))).isoformat() if kind in ("通知", "函", "请示") else None
        is_done = due is None or ((LAST - day).days > OPEN_DAYS and random.random() < 0.97)
        finished = (day + timedelta(1 + random.randrange(20))).isoformat() if is_done else None
        yield {
            **_kept(random, at, day), **numbers.next("下" if is_below else "上", day.year),
            "received_on": day.isoformat(), "source_level": level, "source_group": "下级" if is_below else "上级",
            "from_unit": unit, "from_doc_no": f"{unit[:3]}〔{day.year}〕{random.randrange(1, 1000)}号",
            "from_doc_on": (day - timedelta(2)).isoformat(), "medium": _choice(random, _MEDIA), "kind": kind,
            "handling": "办件" if due else "阅件", "title": _title(random, day.year, kind), "urgency": "平件",
            "security": "无", "copies": 1 + at % 3, "lead_unit": f"县{random.choice(_OFFICES)}",
            "handler": random.choice(_PEOPLE), "due_on": due, "result": "直接办理" if is_done else "",
            "finished_on": finished, "stage": "done" if is_done else "working", "is_open": int(not is_done),
            "sort_due": f"2{due or '-'}" if is_done else f"0{due}",
        }  # fmt: skip


def outgoing(count: int) -> Iterator[Values]:
    """Papers sent: stored values by field name, in the order of their days; other fields hold their defaults."""
    random, numbers = Random(SEED + 1), _Numbers()
    for at, day in enumerate(_days(count)):
        kind = _choice(random, _SENT_KINDS)
        series = random.choice(("蓝政发", "蓝政函", "蓝政办发", "蓝政办函"))
        on = day.isoformat()
        yield {
            **_kept(random, at, day), **numbers.next(series, day.year), "kind": kind,
            "title": f"蓝山县人民政府办公室{_title(random, day.year, kind)}", "urgency": "平件", "security": "无",
            "direction": "下行", "draft_unit": f"县{random.choice(_OFFICES)}", "drafter": random.choice(_PEOPLE),
            "drafted_on": (day - timedelta(6)).isoformat(), "signer": random.choice(_PEOPLE), "signed_on": on,
            "doc_on": on, "printed_on": on, "copies": 20 + at % 60, "pages": 1 + at % 9, "main_to": "各乡镇人民政府",
            "publicity": "依申请公开", "stage": "issued", "is_open": 0, "sort_due": "2-",
        }  # fmt: skip
