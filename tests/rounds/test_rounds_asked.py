"""What is asked of a unit: never what follows from a guess, and every cell that it speaks of is marked."""

from pathlib import Path

import pytest
from campaign_folder import workbook
from openpyxl import load_workbook
from rounds.campaign_rounds import Rounds, command
from rounds.test_rounds_projects import submit
from situations.drawn_workbook import FORM

pytestmark = pytest.mark.command

UNIT = "示例区教育局"
ROSTER = "单位编码 | 单位名称 | 应报表格\n101 | 示例区教育局 | whole-unit、project"


def codes(rounds: Rounds, unit: str = UNIT) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in rounds.unit(unit)["findings"]:
        if finding["severity"] == "must-fix":
            found.setdefault(finding["code"], []).append(finding["cell"])
    return found


def test_wrong_year__beside_this_years_forms__makes_no_right_sum_wrong(tmp_path: Path) -> None:
    """Last year's form of a project lies beside this year's: only its year is spoken of, and no value is named."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    rounds.submit(f"{UNIT}/整体.xlsx", UNIT)
    submit(rounds, UNIT, "校舍维修")
    submit(rounds, UNIT, "营养改善", year=2022)
    rounds.run()
    assert codes(rounds) == {"U03": ["A2"]}
    [wrong] = [found for found in rounds.unit(UNIT)["findings"] if found["code"] == "U03"]
    assert wrong["expected"] is None
    assert "内容确属本次评价年度的，请改正年度" in wrong["remedy"]


def test_wrong_year__of_the_only_form__names_the_year(tmp_path: Path) -> None:
    """Where nothing else would be wrong with the right year, the year is what is asked for."""
    rounds = Rounds(tmp_path / "批次", "单位编码 | 单位名称\n101 | 示例区教育局")
    rounds.submit(f"{UNIT}/整体.xlsx", UNIT, year=2022)
    rounds.run()
    [wrong] = [found for found in rounds.unit(UNIT)["findings"] if found["severity"] == "must-fix"]
    assert (wrong["code"], wrong["expected"]) == ("U03", "（2023年度）")


def test_blank_places__in_one_finding__are_each_marked_and_each_a_row_of_the_ledger(tmp_path: Path) -> None:
    """Goal, what came of it and total blank: one finding, three red cells, and three rows that close one by one."""
    rounds = Rounds(tmp_path / "批次", "单位编码 | 单位名称\n101 | 示例区教育局")
    path = rounds.submit(f"{UNIT}/整体.xlsx", UNIT)
    book = load_workbook(path)
    for cell in ("C9", "F9", "G14"):
        book.worksheets[0][cell] = None
    book.save(path)
    rounds.run()
    [blank] = [found for found in rounds.unit(UNIT)["findings"] if found["code"] == "F15"]
    assert blank["cell"] == "C9"
    assert all(cell in blank["message"] for cell in ("C9", "F9", "G14"))
    copy = load_workbook(rounds.folder / "output" / rounds.file(f"{UNIT}/整体.xlsx")["returned"])
    marked = {cell.coordinate for row in copy["Sheet1"].iter_rows() for cell in row if cell.fill.fill_type == "solid"}
    assert {"C9", "F9", "G14"} <= marked
    assert sorted(row["位置"] for row in rounds.ledger() if row["问题"].endswith("F15")) == [
        "年度总体目标", "总体目标完成情况", "总分",
    ]  # fmt: skip
    book = load_workbook(path)
    book.worksheets[0]["C9"] = "按期完成年度任务。"
    book.save(path)
    rounds.run()
    assert {row["位置"]: row["整改状态"] for row in rounds.ledger() if row["问题"].endswith("F15")} == {
        "年度总体目标": "已整改", "总体目标完成情况": "仍未整改", "总分": "仍未整改",
    }  # fmt: skip


def two_on_one_sheet(path: Path, row: int, column: int, value: object) -> Path:
    """A project's form, and below it the same form again with one cell otherwise."""
    rows: list[list[object]] = [[text.strip() for text in line.split(" | ")] for line in FORM.strip("\n").splitlines()]
    rows = [[float(str(v)) if str(v).replace(".", "", 1).isdecimal() else v for v in line] for line in rows]
    second = [list(line) for line in rows]
    second[row][column] = value
    return workbook(path, [*rows, [], [], *second])


@pytest.mark.parametrize(
    ("row", "column", "value", "said", "code"),
    [
        (5, 4, 80.0, "必须更正 F14 同一表重复填报] Sheet1!B23", 1),
        (5, 4, 95.0, "提示 F14 同一表重复填报] Sheet1!B23", 0),
        (2, 1, "河道清淤", "没有发现问题", 0),
    ],
)
def test_two_tables_on_one_sheet__of_one_project__are_one_form(
    tmp_path: Path, row: int, column: int, value: object, said: str, code: int
) -> None:
    """Other values: one must go. The same values: a note. Another project: two forms."""
    path = two_on_one_sheet(tmp_path / "两张.xlsx", row, column, value)
    assert said in command("check", path, code=code)


LOCATED = [
    # the cell that is typed otherwise, what, the finding's code, cell and expected value
    ("D6", 80, "M01", "D6:D8", None),
    ("D5", 95, "M08", "D5", "90"),
]


@pytest.mark.parametrize(("cell", "value", "code", "place", "expected"), LOCATED)
def test_bureaus_figure__tells_where_the_error_is(
    tmp_path: Path, cell: str, value: float, code: str, place: str, expected: str | None
) -> None:
    """A total that the bureau has too is right, and its sources are asked for; a total that differs is itself wrong."""
    rounds = Rounds(
        tmp_path / "批次", "单位编码 | 单位名称 | 全年预算数（万元） | 全年执行数（万元）\n1 | 示例区教育局 | 100 | 90"
    )
    path = rounds.submit(f"{UNIT}/整体.xlsx", UNIT)
    book = load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)
    rounds.run()
    found = {one["code"]: one for one in rounds.unit(UNIT)["findings"] if one["severity"] == "must-fix"}
    assert (found[code]["cell"], found[code]["expected"]) == (place, expected)
    if code == "M01":
        assert list(found) == ["M01"]
        assert "总额与财政数据一致，应是来源填错" in found["M01"]["message"]
        copy = load_workbook(rounds.folder / "output" / rounds.file(f"{UNIT}/整体.xlsx")["returned"])["Sheet1"]
        assert [copy[f"D{row}"].fill.fill_type for row in (5, 6, 7, 8)] == [None, "solid", "solid", "solid"]


APPROVED = [
    ["单位名称", "表格", "一级指标", "三级指标", "年度指标值", "分值"],
    ["示例区教育局", "部门整体支出绩效自评表", "产出指标", "开展活动场次", "≥10场", 50],
    ["示例区教育局", "部门整体支出绩效自评表", "效益指标", "政策知晓率", "≥95%", 30],
    ["示例区教育局", "部门整体支出绩效自评表", "满意度指标", "群众满意度", "≥95%", 10],
]


@pytest.mark.parametrize(
    ("approved", "asked"),
    [(60, ("T02", "F11", "60")), (50, None)],
    ids=["other weights than approved", "the approved weights are not 100"],
)
def test_approved_weights__tell_where_the_error_is(
    tmp_path: Path, approved: int, asked: tuple[str, str, str] | None
) -> None:
    """A unit that changed an approved weight is told which; one that keeps to approved weights is asked for nothing.

    The form has 50 + 30 + 10 and 10 for the execution; with 30 approved as 20, and 50 as 60, it comes to 100 as well.
    """
    rounds = Rounds(tmp_path / "批次")
    rows = [list(row) for row in APPROVED]
    rows[1][5], rows[2][5] = approved, 20 if asked else 30
    rows[3][5] = 10 if asked else 5
    workbook(rounds.folder / "approved_targets.xlsx", rows)
    form = rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局")
    book = load_workbook(form)
    for cell, value in () if asked else (("F13", 5), ("G13", 5), ("G14", 94)):
        book.active[cell] = value
    book.save(form)
    said = command("run", rounds.folder)
    found = rounds.file("示例区教育局/自评表.xlsx")["findings"]
    weights = [(one["code"], one["cell"], one["expected"]) for one in found if one["code"] in ("T02", "T03")]
    assert weights == ([asked, ("T02", "F12", "20")] if asked else [])
    assert ("批复的分值合计为85分，应为90分" in said) is (asked is None)
    assert ("批复分值" in command("doctor", rounds.folder)) is (asked is None)
