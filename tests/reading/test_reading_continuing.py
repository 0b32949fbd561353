"""A form that goes on, on the next sheet, is one form; a form of its own stays one."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

import pytest
from reading.drawn import drawn

from evalbatch.model import Submission
from evalbatch.reading.as_json import to_json
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
TOP = """项目支出绩效自评表（2023年度）
项目名称 | 修路 | < | < | 实施单位 | 公路站 | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分
^ | 年度资金总额 | 120 | 120 | 120 | 10 | 10
"""
COLUMNS = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
FIRST = "产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 50 | 50\n"
REST = "效益指标 | 社会效益指标 | 受益人口 | ≥200人 | 260人 | 40 | 40\n总分 |  |  |  |  | 100 | 100\n填表人：张三 |  |  | 填报日期：2024-05-30 |  |  |\n"


def read(*drawings: str) -> tuple[Submission, ...]:
    reading = read_sheets([drawn(text, f"表{order}") for order, text in enumerate(drawings, 1)], LEXICON)
    assert reading.unused == ()
    return reading.submissions


SPLITS = {
    "the indicators under no title": (TOP, COLUMNS + FIRST + REST),
    "the rest under no title": (TOP + COLUMNS + FIRST, COLUMNS + REST),
    "the rest headed 续表": (TOP + COLUMNS + FIRST, "项目支出绩效自评表（续表）\n" + COLUMNS + REST),
    "the rest under a line 续表": (TOP + COLUMNS + FIRST, "（续表）\n" + COLUMNS + REST),
    "the rest under a page's number": (TOP + COLUMNS + FIRST, "第2页 |  |  |  |  | 单位：万元 |\n" + COLUMNS + REST),
    "the rest under the project's name again": (TOP + COLUMNS + FIRST, "项目名称：修路\n" + COLUMNS + REST),
    "a rest that ends the form before another": (TOP + COLUMNS + FIRST, COLUMNS + REST, TOP + COLUMNS + FIRST + REST),
}


@pytest.mark.parametrize("sheets", SPLITS.values(), ids=SPLITS)
def test_form__over_two_sheets__is_one_submission(sheets: tuple[str, ...]) -> None:
    """Indicators, total and signatures of the second sheet belong to the form of the first, each cell in its place."""
    one, *others = read(*sheets)
    assert len(others) == len(sheets) - 2
    assert [row.name for row in one.indicators] == ["里程", "受益人口"]
    assert (one.project, one.unit_name, one.year) == ("修路", "公路站", 2023)
    assert (one.total_weight, one.total_score, one.prepared_by) == (100, 100, "张三")
    assert (one.sheet, one.indicators[-1].cells["name"].sheet, one.cells["total_score"].sheet) == ("表1", "表2", "表2")
    assert to_json(one)["indicators"][-1]["sheet"] == "表2"


APART = {
    "a form that has come to its total": (TOP + COLUMNS + FIRST + REST, COLUMNS + FIRST + REST),
    "a rest that names a project of its own": (TOP + COLUMNS + FIRST, "项目名称 | 修桥\n" + COLUMNS + FIRST + REST),
    "a table of another kind": (TOP + COLUMNS + FIRST, "绩效目标监控表\n" + COLUMNS + FIRST),
    "a table of some heading": (TOP + COLUMNS + FIRST, "指标库\n" + COLUMNS + FIRST),
    "indicators without weights": (TOP + COLUMNS + FIRST, COLUMNS.replace(" | 分值 | 得分", "") + FIRST),
    "a second form with a title of its own": (TOP + COLUMNS + FIRST, "项目支出绩效自评表\n" + COLUMNS + FIRST + REST),
}


@pytest.mark.parametrize("sheets", APART.values(), ids=APART)
def test_form__beside_another__takes_nothing_of_it(sheets: tuple[str, ...]) -> None:
    """What names a form, or follows a closed one, is never joined."""
    reading = read_sheets([drawn(text, f"表{order}") for order, text in enumerate(sheets, 1)], LEXICON)
    assert "表2" not in {row.cells["name"].sheet for row in reading.submissions[0].indicators}
    assert [one.project for one in reading.submissions if one.sheet == "表1"] == ["修路"]


@pytest.mark.parametrize("name", ["a table of another kind", "a table of some heading", "indicators without weights"])
def test_table__that_is_no_rest__is_unused(name: str) -> None:
    """Without a form's name it is no form either, and each of its cells is said to be unused."""
    reading = read_sheets([drawn(text, f"表{order}") for order, text in enumerate(APART[name], 1)], LEXICON)
    assert [one.sheet for one in reading.submissions] == ["表1"]
    assert "里程" in {cell.text for cell in reading.unused if cell.sheet == "表2"}
