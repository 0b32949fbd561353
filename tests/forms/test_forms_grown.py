"""One workbook is changed, all forms follow: a scheme of four dimensions makes the rows of score and data form."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from scoring.scoring_tables import write_scheme

from evalbatch.cli.main import cli

SCHEME = """
# 设置
| 项目 | 值 |
| 方案名称 | 本区四个维度 |
# 评分方案
| 表样 | 对象 | 一级指标 | 二级指标 | 三级指标 | 分值 | 分值来源 | 评分方法 | 参数 | 计算公式 | 评分标准 |
| 评分表 | 指标 | 履职效能 | 整体效能 | 部门整体绩效目标产出指标完成情况 | 20 | 方案 | 人工 | | | 按完成比例计分 |
| 评分表 | 指标 | 履职效能 | 整体效能 | 资金支出率 | 20 | 方案 | 按比例 | 满分：≥95% | 支出决算 ÷ 支出预算 | 95% |
| 评分表 | 指标 | 管理效率 | 预算编制 | 评估率 | 20 | 方案 | 按比例 | 满分：≥100% | 已评估项目数 ÷ 新增项目数 | 全评 |
| 评分表 | 指标 | 管理效率 | 信息公开 | 公开及时 | 10 | 方案 | 人工 | | | 按期公开 |
| 评分表 | 指标 | 可持续发展 | 改革 | 数字化改革 | 15 | 方案 | 人工 | | | 有成果 |
| 评分表 | 指标 | 满意度 | 服务对象 | 群众满意度 | 15 | 方案 | 人工 | | | 有调查 |
# 数据项
| 名称 | 计量单位 |
| 新增项目数 | 个 |
| 已评估项目数 | 个 |
| 网站群数 | 个 |
"""
NAMES = {
    "部门整体绩效目标产出指标完成情况": 20,
    "资金支出率": 20,
    "评估率": 20,
    "公开及时": 10,
    "数字化改革": 15,
    "群众满意度": 15,
}
SCORE, DATA = "部门整体支出绩效评分表", "部门整体支出数据表"


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, words)))


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign of one unit with a scheme of its own, and no form of its own."""
    folder = tmp_path / "2024"
    (folder / "inbox").mkdir(parents=True)
    settings = '[campaign]\ndistrict = "示例区"\nyear = 2024\nowes = ["score", "data"]\n'
    (folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    write_scheme(folder / "scheme.xlsx", SCHEME)
    book = Workbook()
    for row in (("单位编码", "单位名称"), ("001", "示例区商务局")):
        book.worksheets[0].append(row)
    book.save(folder / "units.xlsx")
    return folder


def handed_out(folder: Path) -> Workbook:
    done = command("templates", folder)
    assert done.exit_code == 0, done.output
    return load_workbook(folder / "output/templates/预填表/001_示例区商务局/示例区商务局_自评表.xlsx")


def column_of(sheet: Worksheet, title: str) -> tuple[int, int]:
    """Where a column's title stands: its row and its number."""
    return next((cell.row, cell.column) for row in sheet for cell in row if cell.value == title)


def place_of(sheet: Worksheet, label: str) -> tuple[int, int]:
    return next((cell.row, cell.column) for row in sheet for cell in row if str(cell.value).startswith(label))


def fill_score(sheet: Worksheet, scores: dict[str, float]) -> None:
    """Give each line its score, and the total and the grade what follows."""
    _, score = column_of(sheet, "自评得分")
    for name, value in scores.items():
        row, _ = column_of(sheet, name)
        sheet.cell(row, score).value = value
        sheet.cell(row, score + 1).value = "见附件"
    sheet.cell(column_of(sheet, "总分")[0], score).value = sum(scores.values())
    sheet.cell(column_of(sheet, "自评等级")[0], score).value = "优"


def test_templates__own_scheme__makes_the_rows_of_both_forms(campaign: Path) -> None:
    """Names, weights, levels, criteria and data come from the scheme; weights stay locked, scores open; 100 in all."""
    book = handed_out(campaign)
    sheet = book[SCORE]
    first, _ = column_of(sheet, "三级指标")
    rows = [[sheet.cell(row, at).value for at in range(1, 6)] for row in range(first + 1, first + 7)]
    assert {row[2]: row[3] for row in rows} == NAMES
    assert [row[0] for row in rows] == ["履职效能", None, "管理效率", None, "可持续发展", "满意度"]
    assert [row[1] for row in rows] == ["整体效能", None, "预算编制", "信息公开", "改革", "服务对象"]
    assert rows[1][4] == "95%（取数：支出决算、支出预算）"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert merged >= {f"{column}{first + 1}:{column}{first + 2}" for column in "AB"}
    total, _ = column_of(sheet, "总分")
    assert sheet.cell(total, 4).value == 100
    assert not sheet.cell(first + 6, 6).protection.locked
    assert sheet.cell(first + 6, 4).protection.locked
    data = book[DATA]
    row, column = place_of(data, "新增项目数（个）")
    assert data.cell(row, column + 1).value is None
    assert not data.cell(row, column + 1).protection.locked
    assert place_of(data, "网站群数（个）")[0] == row + 1
    blank = load_workbook(campaign / "output/templates/空白表" / f"{SCORE}.xlsx")[SCORE]
    assert column_of(blank, "群众满意度")[0] == column_of(sheet, "群众满意度")[0]


def test_own_scheme__filled_and_run__computes_with_the_data_that_it_asked_for(campaign: Path) -> None:
    """The figures of the new rows are read under their names, and the score follows from them."""
    book = handed_out(campaign)
    data = book[DATA]
    for row in data.iter_rows(max_col=6):
        for cell in row:
            if not cell.protection.locked and cell.value is None and cell.number_format in ("#,##0.00", "#,##0"):
                cell.value = 10
    for label, value in {"新增项目数（个）": 4, "已评估项目数（个）": 3, "支出预算": 100, "支出决算": 95}.items():
        row, column = place_of(data, label)
        right = next(data.cell(row, at) for at in range(column + 1, 8) if not data.cell(row, at).protection.locked)
        right.value = value
    fill_score(book[SCORE], {**NAMES, "评估率": 15})
    book.save(campaign / "inbox" / "示例区商务局.xlsx")
    assert command("run", campaign).exit_code == 0
    run = json.loads((campaign / "output" / "run.json").read_text(encoding="utf-8"))
    [unit] = run["units"]
    assert (unit["self_score"], unit["verified_score"]) == (95, 95)
    found: list[dict[str, Any]] = [one for file in run["files"] for one in file["findings"]]
    assert not {one["code"] for one in found} & {"S04", "S03", "T03", "S10"}
    ranked = load_workbook(campaign / "output" / "汇总.xlsx", data_only=True)["得分排名"]
    assert "示例区商务局" in {cell.value for row in ranked for cell in row}


def printed(path: Path, rows: list[tuple[str, float]]) -> Path:
    """A bureau's own score form that prints its rows."""
    path.parent.mkdir(exist_ok=True)
    book = Workbook()
    sheet = book.worksheets[0]
    head = [["部门整体支出绩效评分表"], ["单位名称", "{{ unit.name }}"], ["三级指标", "分值", "自评得分"]]
    for row in (*head, *rows):
        sheet.append(list(row))
    sheet["A4"], sheet["B4"] = f"{rows[0][0]}{{{{ indicators.name }}}}", f"{rows[0][1]}{{{{ indicators.weight }}}}"
    sheet["C4"] = "{{ indicators.score }}"
    sheet.append(["总分", None, "{{ total_score }}"])
    book.save(path)
    return path


def test_score_form__that_disagrees_with_the_scheme__is_refused_by_every_command(campaign: Path) -> None:
    """A row of its own, another weight and a line left out are named with their cells; once mended, all is well."""
    rows = [*list(NAMES.items())[:-1], ("内控建设", 15)]
    wrong = [(name, 12 if name == "公开及时" else weight) for name, weight in rows]
    form = printed(campaign / "input_templates" / "score.xlsx", wrong)
    said = command("templates", "check", form)
    assert said.exit_code == 1
    for text in ("B7“公开及时”：表上分值12，评分方案是10", "A9“内控建设”：评分方案里没有", "“群众满意度”：表上没有"):
        assert text in said.output
    assert "与评分方案不一致" in command("doctor", campaign).output
    assert command("templates", campaign).exit_code != 0
    printed(form, list(NAMES.items()))
    assert command("templates", "check", form).exit_code == 0
    assert command("templates", campaign).exit_code == 0
