"""Tables about the same projects that are no self-evaluation: their titles say so."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

import pytest
from reading.drawn import drawn

from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
PROJECT = """2023年度项目支出绩效自评表
项目名称 | 修路 | < | < | 实施单位 | 公路站 | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 100 | 100
"""
OTHERS = {
    "monitoring in mid-year": "2023年度项目支出绩效目标运行监控表\n项目名称 | 修路 | < | < | 实施单位 | 公路站\n"
    "项目资金（万元） |  | 年初预算数 | 1-7月执行数 | 执行率 | 全年预计执行数\n^ | 年度资金总额 | 120 | 60 | 50% | 120\n"
    "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1-7月完成情况 | 全年预计完成情况\n产出指标 | 数量指标 | 里程 | ≥3公里 | 1公里 | 3公里\n",
    "a list of all projects": "2023年度项目支出绩效自评情况汇总表\n序号 | 项目名称 | 全年预算数 | 全年执行数 | 执行率 | 自评得分\n1 | 修路 | 118 | 115.05 | 97.5% | 98.53\n合计 |  | 118 | 115.05 | 97.5% |\n",
    "final accounts": "收入支出决算总表\n编制单位：公路站 |  | 2023年度 | 金额单位：万元\n项目 | 年初预算数 | 全年预算数 | 决算数\n一、财政拨款 | 100 | 98 | 98\n",
}


@pytest.mark.parametrize("drawing", OTHERS.values(), ids=OTHERS)
def test_table__of_another_kind__is_no_form(drawing: str) -> None:
    """Alone it is refused; beside a form its cells are unused, and the form is read."""
    assert [finding.code for finding in read_sheets([drawn(drawing)], LEXICON).findings] == ["F05"]
    both = read_sheets([drawn(drawing, "其他"), drawn(PROJECT, "自评")], LEXICON)
    assert [(one.sheet, one.project) for one in both.submissions] == [("自评", "修路")]
    assert {cell.sheet for cell in both.unused} == {"其他"}


@pytest.mark.parametrize("title", ["2023年度项目绩效自评明细表", "修路项目绩效目标申报表"])
def test_table__scored_under_another_title__is_a_form_still(title: str) -> None:
    """Who gives every indicator its score evaluates, whatever the title says."""
    [one] = read_sheets([drawn(PROJECT.replace("2023年度项目支出绩效自评表", title))], LEXICON).submissions
    assert (one.form, one.project) == ("project", "修路")


def test_form__under_the_title_of_a_list__has_the_year_of_that_title() -> None:
    """2023年度项目支出绩效自评汇总表 over one project's form is its title, and no cell unused."""
    reading = read_sheets([drawn(PROJECT.replace("自评表", "自评汇总表"))], LEXICON)
    assert ([one.year for one in reading.submissions], reading.unused) == ([2023], ())
