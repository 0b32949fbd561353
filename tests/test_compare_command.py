"""The command compare: exit codes, what people read, what programs read."""

import json
from pathlib import Path

import pytest
from campaign_folder import workbook
from click.testing import CliRunner, Result

from evalbatch.cli.compare import compare
from evalbatch.model import Refused

pytestmark = pytest.mark.command

ROWS = [
    ["项目支出绩效自评表"],
    ["（2023年度）"],
    ["项目名称", "普法宣传"],
    ["主管部门", "示例区司法局", "实施单位", "示例区总工会"],
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "年度资金总额", 100, 90, 81, 10, "90%", 9],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标", "数量指标", "活动场次", "≥8场", "12场", 90, 90, ""],
    ["总分", "", "", "", "", 100, 99, ""],
]


def with_cell(row: int, column: int, value: object) -> list[list[object]]:
    rows: list[list[object]] = [list(cells) for cells in ROWS]
    rows[row - 1][column - 1] = value
    return rows


def run(*arguments: object) -> Result:
    return CliRunner().invoke(compare, [str(argument) for argument in arguments])


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    return workbook(tmp_path / "报送.xlsx", ROWS)


def test_compare__the_same_in_another_place__ends_with_0(tmp_path: Path, submitted: Path) -> None:
    """It says how much was compared."""
    published = workbook(tmp_path / "公开.xlsx", [["附件"], *ROWS], "公开")
    result = run(published, submitted)
    assert (result.exit_code, "一致（比较了1张表、" in result.output) == (0, True)


def test_compare__a_changed_score__ends_with_1_and_both_places(tmp_path: Path, submitted: Path) -> None:
    """The finding names cell and value of both files."""
    result = run(workbook(tmp_path / "公开.xlsx", with_cell(9, 7, 96), "公开"), submitted)
    assert result.exit_code == 1
    assert "有1处不一致" in result.output
    assert "公开!G9" in result.output
    assert "“96”，与报送稿不一致。报送稿（Sheet1!G9）填的是“99”" in result.output


def test_compare__json__is_one_document(tmp_path: Path, submitted: Path) -> None:
    """Findings as everywhere, with the submission's place added."""
    published = workbook(tmp_path / "公开.xlsx", with_cell(9, 7, 96), "公开")
    result = run(published, submitted, "--json")
    document = json.loads(result.output)
    assert (document["published"], document["submitted"], document["differ"]) == (str(published), str(submitted), True)
    [finding] = document["findings"]
    assert (finding["code"], finding["severity"], finding["file"]) == ("X04", "must-fix", str(published))
    assert (finding["sheet"], finding["cell"], finding["value"]) == ("公开", "G9", "96")
    assert (finding["submitted_sheet"], finding["submitted_cell"], finding["expected"]) == ("Sheet1", "G9", "99")
    same = json.loads(run(submitted, submitted, "--json").output)
    assert (same["differ"], same["findings"]) == (False, [])


def test_compare__wrong_usage_or_an_unreadable_file__is_no_answer(tmp_path: Path, submitted: Path) -> None:
    """One argument is wrong usage; a file that is not there is refused, which ends with 2 as well."""
    assert run(submitted).exit_code == 2
    assert isinstance(run(tmp_path / "没有.xlsx", submitted).exception, Refused)
