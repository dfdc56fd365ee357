"""Reports become templates: what each number is taken for, how surely, and what is left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from db.catalogue import Catalogue, counts_of
from db.figures import Value
from db.record import Figure
from db.summaries.annual.bindings import SURE, Binding, Reader, in_text
from db.summaries.annual.phrases import bundled
from db.summaries.annual.proposing import propose

REPORTS = Path(__file__).parents[1] / "reference" / "annual"


@pytest.fixture(scope="module")
def figures(catalogue: Catalogue) -> dict[str, Figure]:
    """Every figure that the registers declare."""
    found: dict[str, Figure] = {}
    for _register, figure in catalogue.figures():
        for one in (figure, *counts_of(figure)):
            found.setdefault(one.key, one)
    return found


@pytest.fixture(scope="module")
def reader(figures: dict[str, Figure]) -> Reader:
    """A reader that knows no values."""
    return Reader(figures.values())


def bound(reader: Reader, text: str) -> dict[str, str | None]:
    """The figure that each number of a text is taken for."""
    return {str(one.number): one.figure for one in reader.bindings(text)}


def only(reader: Reader, text: str) -> Binding:
    """The one number of a text."""
    (one,) = reader.bindings(text)
    return one


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("全年共印发文件283件", "out_total"),
        ("全年共制发公文283件", "out_total"),
        ("共印发283件文件", "out_total"),
        ("印发\n文件２８３ 件", "out_total"),
        ("以办公室文件发文二百八十三件", "out_total"),
        ("接收流转提报县政府的请示（报告）3003件", "in_below_reqrep"),
        ("收到请示、报告3,003件", "in_below_reqrep"),
        ("处理上级各类来文来电2701件", "in_above"),
        ("共确定重大行政决策23件", "dec_total"),
        ("公布重大行政决策事项目录8项", "dec_catalogue"),
        ("公布行政规范性文件23件", "norm_total"),
        ("出台规范性文件23件", "norm_total"),
        ("督促办理人大代表建议256件", "npc_total"),
        ("办理政协委员提案95件", "cppcc_total"),
        ("办理人大代表建议和政协委员提案共计351件", "prop_total"),
        ("建议提案办复率达百分之百", "reply_rate"),
        ("下发督办通知单58份", "sup_notice"),
        ("督查督办事项86    件", "sup_matter"),
        ("协调督办重点工作事项235项", "sup_matter"),
        ("接收县直单位和乡镇请示报告756件", "in_below_reqrep"),
        ("中心组集体学法12次", "study_law"),
        ("组织12次集体学法", "study_law"),
        ("党组理论学习中心组学习会16次", "study_total"),
        ("行政机关负责人出庭应诉率达100％", "leader_court_rate"),
        ("开展普法宣传活动30余场（次）", "pub_events"),
        ("发放宣传资料2.5万余份", "pub_materials"),
        ("受教育群众3万余人次", "pub_people"),
        ("县政府常务会学法9次", "study_law"),
        ("组织局机关干部集体学法8次", "study_law"),
        ("一年来，开展集中学法4次", "study_law"),
        ("全年累计印发文件283件", "out_total"),
        ("查摆法治建设方面问题7个", "issue_total"),
        ("已整改完成5个", "issue_closed"),
        ("负责人出庭应诉案件21件", "leader_court"),
    ],
)
def test_a_number_is_taken_for_the_figure_that_its_words_name(reader: Reader, text: str, figure: str) -> None:
    one = only(reader, text)
    assert one.figure == figure
    assert one.confidence >= 0.7
    assert text[one.start : one.end].replace(" ", "").strip("件次份场人（）") != ""


@pytest.mark.parametrize(
    "text",
    [
        "审核行政规范性文件15件",
        "2021年至2022年，累计印发规范性文件7件",
        "2020—2023年共确定重大行政决策31项",
        "自2019年起累计印发文件1283件",
        "五年来印发文件1283件",
        "主动公开市政府规章13件、行政规范性文件42件",
        "主动公开行政许可文件1513件",
        "接受群众咨询500余人",
        "全省法院审结案件中行政机关败诉1874件",
        "组织干部职工集中学法考试4次",
        "废止规范性文件23件",
        "接收乡镇报备规范性文件14件",
        "规范性文件合法性审查42件",
        "收集意见建议256条",
        "发出检察建议3件",
        "提出法律意见建议45条",
        "转发上级文件35件",
        "印发会议纪要24期",
        "参加考试126人，合格率100%",
        "受理依申请公开35件，答复率100%",
        "办理市长热线和人大代表来信412条，办结率100%",
        "12345热线办结率99.2%",
        "群众满意度98%",
        "行政复议案件受理32件，审结30件",
        "召开县政府常务会议23次",
        "印发《关于加强法治政府建设的通知》等文件12件",
        "重大行政决策合法性审查11件次",
        "编发政务信息283期",
        "后勤保障服务满意率达98%以上",
        "组织召开县政府常务会议3次专题研究法治政府建设",
        "共处理群众诉求电话320余件，办结率达100%，满意率达98%",
        "其中县政府文件96份、县政府办文件332份",
        "审查部门规范性文件12件、合同协议46份",
        "拨付资金283万元",
        "配备法律顾问5名",
        "全县各部门开展普法宣传活动1200场次",
        "力争全年印发文件283件",
        "近三年累计印发文件283件",
        "上年度印发文件283件",
        "三、下一步工作计划\n开展集体学法12次，印发文件283件",
    ],
)
def test_what_is_another_thing_or_another_time_is_never_taken_with_confidence(reader: Reader, text: str) -> None:
    for one in reader.bindings(text):
        assert one.figure is None or one.confidence < SURE, one


def test_the_report_of_2022_gives_all_its_numbers(reader: Reader) -> None:
    text = (REPORTS / "report-2022.txt").read_text(encoding="utf-8")
    wanted = {
        "out_total": 283,
        "in_below_reqrep": 3003,
        "in_above": 2701,
        "dec_total": 23,
        "norm_total": 23,
        "sup_notice": 58,
        "sup_matter": 86,
        "npc_total": 256,
        "cppcc_total": 95,
        "reply_rate": 100,
        "study_law": 12,
    }
    found = {one.figure: one.number for one in reader.bindings(text) if one.figure}
    assert found == {key: Decimal(number) for key, number in wanted.items()}
    assert all(one.figure or one.confidence == 0 for one in reader.bindings(text))


def test_the_slip_of_each_month_is_told(reader: Reader) -> None:
    one = only(reader, "今年以来，办公室每月中心组集体学法12次")
    assert (one.figure, one.confidence < SURE) == ("study_law", True)
    assert "全年" in one.reason


def test_the_value_of_the_year_raises_the_confidence_and_another_value_lowers_it(figures: dict[str, Figure]) -> None:
    text = "全年共印发文件283件"
    same = only(Reader(figures.values(), {"out_total": Value(283)}), text)
    other = only(Reader(figures.values(), {"out_total": Value(300)}), text)
    nothing = only(Reader(figures.values(), {"out_total": Value(0)}), text)
    assert same.confidence > nothing.confidence >= SURE > other.confidence
    assert "300" in other.reason


def test_a_number_of_the_same_value_alone_is_proposed_without_confidence(figures: dict[str, Figure]) -> None:
    reader = Reader(figures.values(), {"out_total": Value(283)})
    one = only(reader, "全年各种文件一共有283件")
    assert (one.figure, one.confidence < SURE) == ("out_total", True)
    assert only(reader, "全年植树共283件").figure is None


def test_of_two_numbers_for_one_figure_the_better_attested_keeps_it(reader: Reader) -> None:
    assert bound(reader, "全年印发文件283件。全县各部门印发文件3200件。") == {"283": "out_total", "3200": None}


def test_a_part_of_a_number_is_not_taken_for_another_value_of_it(reader: Reader) -> None:
    text = "制订年度学法计划，全年开展集体学法十二次（其中会前学法10次）。"
    assert bound(reader, text) == {"12": "study_law", "10": None}
    text = "发文412件，其中：以县政府名义发文96件、以县政府办名义发文316件。"
    assert bound(reader, text) == {"412": "out_total", "96": None, "316": None}


def test_a_sum_of_the_numbers_before_it_is_what_they_are_parts_of(reader: Reader) -> None:
    text = "印发蓝政发文件34件，蓝政办发文件97件，蓝政办函132件，合计263件。"
    assert bound(reader, text) == {"34": None, "97": None, "132": None, "263": "out_total"}
    assert bound(reader, "印发蓝政发文件34件，蓝政办发文件97件，合计131件。")["131"] == "out_total"
    assert bound(reader, "印发文件34件，收到上级来文97件，合计200件。") == {
        "34": "out_total",
        "97": "in_above_documents",
        "200": None,
    }


def test_of_numbers_as_well_attested_none_is_taken_without_asking(reader: Reader) -> None:
    first, second = reader.bindings("理论学习中心组学法4次。镇班子会前学法12期。")
    assert (first.figure, second.figure) == ("study_law", None)
    assert first.confidence < SURE
    assert "会前学法12期" in first.reason


def test_a_rate_is_of_what_the_sentence_before_it_speaks_of(reader: Reader) -> None:
    text = "承办县人大代表建议89件、县政协提案102件。办复率100%，满意率98.9%，基本满意率1.1%。"
    assert bound(reader, text)["98.9"] == "sat_rate"
    assert bound(reader, "承办建议89件。\n受理热线工单120件，满意率98%。")["98"] is None
    assert bound(reader, "承办建议89件。热线回访满意率98%。")["98"] is None


def test_a_heading_is_no_part_of_the_sentence_after_it(reader: Reader) -> None:
    assert bound(reader, "二、存在问题及整改\n查摆问题4个，制定整改措施12条") == {"4": "issue_total", "12": None}


def test_a_change_against_last_year_belongs_to_the_figure_before_it(reader: Reader) -> None:
    first, more, share = reader.bindings("全年印发文件283件，比上年增加15件，增长5.6%。")
    assert (first.comparison, more.comparison, share.comparison) == ("", "增减", "同比")
    assert {one.figure for one in (first, more, share)} == {"out_total"}


def test_a_report_of_another_matter_proposes_nothing(reader: Reader) -> None:
    text = "全年植树造林1200亩，栽种苗木35000株，培训林农420人次，巡山护林86次，查处案件12起，投入资金300万元。"
    assert all(one.figure is None and one.confidence == 0 for one in reader.bindings(text))


@pytest.mark.parametrize("name", ["other-office-2023.txt", "wrapped-2021.txt"])
def test_reports_of_other_offices_bind_what_they_share(reader: Reader, name: str) -> None:
    text = (REPORTS / name).read_text(encoding="utf-8")
    sure = {one.figure: str(one.number) for one in reader.bindings(text) if one.figure and one.confidence >= SURE}
    wanted = {
        "other-office-2023.txt": {
            "study_total": "16",
            "study_law": "8",
            "out_total": "412",
            "norm_total": "8",
            "norm_cleaned": "120",
            "sup_notice": "75",
            "sup_done_rate": "96.5",
            "leader_court_rate": "100",
            "in_above_documents": "1856",
        },
        "wrapped-2021.txt": {
            "study_law": "12",
            "dec_catalogue": "6",
            "dec_total": "9",
            "sup_notice": "32",
            "in_above": "1200",
        },
    }[name]
    assert sure.items() >= wanted.items()


def test_sentences_that_claim_get_a_condition(reader: Reader) -> None:
    nil, rate = "未发生被责令改正或者撤销的情形", "负责人出庭应诉率均达100%"
    text = f"{nil}，{rate}，均严格落实公众参与、合法性审查等法定程序。人均学习3次。"
    claims = {one.condition: one.text for one in propose(text, reader).claims}
    assert claims == {
        "revoked=0": "未发生被责令改正或者撤销的情形",
        "leader_court_rate=100": "负责人出庭应诉率均达100%",
        "dec_step_full=100": "均严格落实公众参与、合法性审查等法定程序",
    }


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("办理代表建议132件、政协提案87件，办结率、见面率、满意率均达100%。",
         "sat_rate=100且npc_reply_rate=100且cppcc_reply_rate=100且meet_rate=100"),
        ("提请审议重大行政决策事项9件，均经合法性审查。", "dec_legal_rate=100"),
        ("新制定规范性文件2件，均按规定报备。", "norm_filed_rate=100"),
        ("承办建议29件、提案31件，全部按时办复。", "ontime_reply_rate=100"),
        ("受理依申请公开52件，均按期答复。", ""),
        ("审查合同88份，均经合法性审查。", ""),
    ],
)  # fmt: skip
def test_a_claim_is_of_what_its_sentence_speaks_of(reader: Reader, text: str, condition: str) -> None:
    (claim,) = propose(text, reader).claims
    assert claim.condition == condition


def test_the_years_own_number_is_kept_when_an_older_one_stands_beside_it(reader: Reader) -> None:
    text = "2022年度法治政府建设工作报告\n2021年至2022年，印发规范性文件7件，2022年制定规范性文件2件。"
    assert bound(reader, text)["2"] == "norm_total"


def test_a_claim_that_no_figure_can_tell_is_left_to_the_clerk(reader: Reader) -> None:
    (claim,) = propose("全部苗木均已成活。", reader).claims
    assert (claim.condition, claim.confidence) == ("", 0.0)
    assert "自行核实" in claim.reason


def test_a_report_becomes_a_template_without_losing_a_word(reader: Reader) -> None:
    body = "2022年，甲县办印发文件283    件、组织十二次集体学法，学习了《甲》、《乙》、《丙》等，植树9棵。"
    text = f"甲县办\n\n2022年度报告\n\n{body}\n二、存在问题\n一是不够。"
    template = propose(text, reader, "甲县办", ("study_titles", "problems")).template()
    assert template.split("\n") == [
        "{{office}}",
        "{{year}}年度报告",
        "{{year}}年，{{office}}印发文件{{out_total}}件、组织{{study_law}}次集体学法，学习了{{study_titles}}等，植树9棵。",
        "二、存在问题",
        "{{problems}}",
    ]


def test_what_the_clerk_confirms_is_taken_and_what_he_refuses_is_not(reader: Reader) -> None:
    text = "每月集体学法12次，印发文件283件"
    found = propose(text, reader)
    assert found.template() == "每月集体学法12次，印发文件{{out_total}}件"
    study, out = (one.start for one in found.bindings)
    assert found.template(confirmed={study}, refused={out}) == "每月集体学法{{study_law}}次，印发文件283件"


def test_every_wording_is_of_a_figure_or_a_passage_that_a_register_declares(catalogue: Catalogue) -> None:
    known = {one.key for _register, figure in catalogue.figures() for one in (figure, *counts_of(figure))}
    known |= {one.of.key for _register, one in catalogue.passages()}
    assert {one.figure for one in bundled()} <= known


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (283, "件", "283"),
        (Decimal(100), "%", "100%"),
        (Decimal("97.89"), "%", "97.9%"),
        (Decimal("99.96"), "%", "99.96%"),
        (Decimal(93), "%", "93%"),
        (Decimal("99.996"), "%", "99.996%"),
        (Decimal("12.25"), "个工作日", "12.3"),
    ],
)
def test_a_number_in_a_sentence_has_no_needless_decimals_and_never_rounds_up_to_all(
    value: int | Decimal, unit: str, told: str
) -> None:
    assert in_text(value, unit) == told
