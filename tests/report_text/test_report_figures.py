"""What a report's sentences state about the whole unit, and what they do not."""

import pytest

from evalbatch.checks.report_facts import ReportFacts
from evalbatch.checks.report_read import facts_of_text

TITLE = "部门整体支出绩效自评报告"
STATED = """
自评分数96分，等级优良 | score 96分, grade 优良
自评得分为95.5分 | score 95.5分
绩效自评得分：96.2 | score 96.2分
我单位自评９６分（优） | score 96分, grade 优
评价等级为“优” | grade 优
满分100分，自评得分96分，评价结果为“良” | score 96分, grade 良
对预算编制、预算执行、预算监督、使用效益四个方面进行评价，自评得分96分 | score 96分
根据指标体系评分，综合得分92.35分，综合评定为优 | score 92.35分, grade 优
我局自评得分为“96”分，自评等级为“优”级 | score 96分, grade 优
预算 138.79 万元，决算 134.92 万元，完成预算 97.21% | budget 138.79万元, executed 134.92万元, rate 97.21%
年初预算1,200.5万元，调整后预算数1350万元 | initial 1,200.5万元, adjusted 1350万元
全年执行数为13000000元 | executed 13000000元
2023年我单位全年预算100万元。预算执行率为96.3% | adjusted 100万元, rate 96.3%
整体支出预算138.79万元，其中：基本支出预算100万元，项目支出预算38.79万元 | budget 138.79万元
整体收入决算130万元，完成预算92%；整体支出决算134.92万元，完成预算97.21% | executed 134.92万元, rate 97.21%
""".strip().splitlines()

NOT_STATED = """
产出指标50分，自评得分48分
绩效目标完整性：自评5分（分值5分），目标齐全
预算执行情况自评得分9.7分
上年自评得分90分
财政局复核得分93分
评价等级分为优、良、中、差四个等级
年度考核结果为优秀
项目支出预算50万元，决算48万元，完成预算96%
三公经费预算3万元，决算2万元，完成预算66.67%
禁毒创文工作预算5万元，决算0.58万元
慰问困难职工项目。预算5万元，决算2万元
一般公共预算财政拨款支出决算100万元
政府采购执行率95%
预算执行率达到95%以上
预算执行率不低于95%
重点工作任务完成率100%
""".strip().splitlines()


def stated(*lines: str) -> str:
    facts = facts_of_text(lines)
    return ", ".join(f"{name} {mention.text}" for name in facts.__slots__ for mention in getattr(facts, name))


@pytest.mark.parametrize("case", STATED)
def test_report__a_sentence_on_the_whole_unit__states_its_figures(case: str) -> None:
    """Each figure with what it is, as written."""
    sentence, _, expected = case.partition(" | ")
    assert stated(TITLE, f"{sentence}。") == expected


@pytest.mark.parametrize("sentence", NOT_STATED)
def test_report__a_sentence_on_a_part_a_target_or_others__states_nothing(sentence: str) -> None:
    """Parts, projects, income, targets, other years and other people's scores are not the unit's own."""
    assert stated(TITLE, f"{sentence}。") == ""


def test_report__a_heading_of_a_part__is_about_that_part() -> None:
    """The heading above tells what a short sentence is about."""
    assert stated(TITLE, "（一）产出指标情况", "自评得分48分。") == ""
    assert stated(TITLE, "（一）自评结果", "自评得分96分。") == "score 96分"


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        (["某局部门整体支出绩效自评报告"], True),
        (["2023年度部门整体支出", "绩效评价自评报告"], True),
        (["2023年绩效自评报告（公开稿）"], True),
        (["普法宣传项目绩效自评报告"], False),
        (["普法宣传项目支出", "绩效自评报告"], False),
        (["关于召开会议的通知"], False),
        (["2023年工作报告"], False),
    ],
)
def test_report__only_a_report_of_the_whole_unit__states_anything(title: list[str], counts: bool) -> None:
    """A project's report or any other document beside the workbook is left alone."""
    assert (facts_of_text([*title, "自评得分96分。"]) != ReportFacts()) is counts


def test_report__each_figure__keeps_its_sentence() -> None:
    """What is said can be shown where it stands."""
    [mention] = facts_of_text([TITLE, "全年工作完成得好。自评得分为 95.5 分，等级优。"]).score
    assert mention.sentence == "自评得分为 95.5 分，等级优"


@pytest.mark.parametrize(
    "evil", ["1" * 500_000, "共计" * 200_000, "年初" * 200_000 + "预算5万元", "自评1" * 200, "共计" * 240]
)
def test_report__endless_text__costs_no_time(evil: str) -> None:
    """What is no sentence is not searched; what is one is searched once. Quadratic patterns would hang here."""
    assert stated(TITLE, evil, "自评得分96分。") == "score 96分"
