"""A form filled in by its guide passes `check` without a finding, and its live checks follow what is typed."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from workbook_text import convert, values

from evalbatch.forms import builtin_forms, tags_of, write_blank, write_prefilled, write_prefilled_project
from evalbatch.forms.sample import GRADE, MONEY, RATE, RATE_SCORE, ROWS, TOTAL
from evalbatch.model import Season, Unit
from evalbatch.single import check_file, inspect_file, single_setup

YEAR = 2024
SEASON = Season("示例区", YEAR, date(2025, 5, 31))
UNIT = Unit("900001", "示例教育局", initial=MONEY[0][1], adjusted=MONEY[0][2], executed=MONEY[0][3])
KINDS = ("total", "appropriation", "carried_over", "other_funds")


def fill(sheet: Worksheet, form: str) -> None:
    """Type the guide's example into a form, at the places of its tags."""
    tags = tags_of(load_workbook(builtin_forms()[form]).worksheets[0])

    def put(tag: str, value: object) -> None:
        if tag in tags:
            sheet[tags[tag].coordinate] = value

    for tag, value in (
        ("unit.name", UNIT.name), ("unit.code", UNIT.code), ("project.name", "业务培训"),
        ("project.department", "示例教育局"),
        ("goal", "按计划完成全年业务培训。"), ("goal_actual", "全年业务培训已经完成，各项目标都已达到。"),
        ("prepared_by", "张示例"), ("phone", "0759-5550100"), ("filled_on", date(YEAR + 1, 5, 20)),
        ("budget.total.rate", float(RATE) / 100), ("budget.total.score", float(RATE_SCORE)),
        ("total_score", float(TOTAL)), ("grade", GRADE),
    ):  # fmt: skip
        put(tag, value)
    for kind, (_, *amounts) in zip(KINDS, MONEY, strict=True):
        for word, number in zip(("initial", "adjusted", "executed"), amounts, strict=True):
            put(f"budget.{kind}.{word}", float(number))
    for row in ROWS:
        _fill_indicator(sheet, {key: tag.column for key, tag in tags.items()}, row)


def _fill_indicator(sheet: Worksheet, columns: dict[str, int], row) -> None:
    """Put one example into the first free line of its kind."""
    label = next(
        cell.row for line in sheet for cell in line if isinstance(cell.value, str) and cell.value.startswith(row.level2)
    )
    sheet.cell(label, columns["indicators.name"]).value = f"指标1：{row.name}"
    values = (row.target, row.actual.format(year=YEAR), float(row.weight), float(row.score))
    for key, value in zip(("target", "actual", "weight", "score"), values, strict=True):
        sheet.cell(label, columns[f"indicators.{key}"]).value = value


def prefilled(form: str, target: Path) -> Path:
    """The prefilled workbook of a form, or its blank where `target` says so."""
    if target.stem == "blank":
        write_blank(target, builtin_forms()[form], SEASON, guide=True)
    elif form == "project":
        write_prefilled_project(target, builtin_forms()[form], UNIT, SEASON, "业务培训")
    else:
        write_prefilled(target, [builtin_forms()[form]], UNIT, SEASON)
    return target


@pytest.mark.parametrize("copy", ["prefilled", "blank"])
@pytest.mark.parametrize("form", ["whole-unit", "project"])
def test_form__filled_by_its_guide__passes_check_without_a_finding(tmp_path: Path, form: str, copy: str) -> None:
    """Whoever writes what the example shows gets no must-fix, no query and no note."""
    path = prefilled(form, tmp_path / f"{copy}.xlsx")
    book = load_workbook(path)
    fill(next(sheet for sheet in book.worksheets if "自评表" in sheet.title), form)
    book.save(path)
    with single_setup(None) as single:
        status, found = check_file(path, single)
        read = inspect_file(path, single)
    assert [(finding.code, finding.cell, finding.message) for finding in found] == []
    assert status == "accepted"
    assert [submission["form"] for submission in read["forms"]] == [form], "the guide's example is no submission"
    assert len(read["forms"][0]["indicators"]) == len(ROWS)


@pytest.mark.render
@pytest.mark.parametrize("form", ["whole-unit", "project"])
def test_live_checks__of_a_filled_form__agree_with_what_was_typed(tmp_path: Path, form: str) -> None:
    """The form itself says its rate, its sums and its grade; a wrong total is told at once, and the guide shown."""
    path = prefilled(form, tmp_path / "prefilled.xlsx")
    for total, verdict in ((float(TOTAL), "✓ 相符"), (90, "✗ 不相符")):
        book = load_workbook(path)
        sheet = next(sheet for sheet in book.worksheets if "自评表" in sheet.title)
        fill(sheet, form)
        total_place = tags_of(load_workbook(builtin_forms()[form]).worksheets[0])["total_score"].coordinate
        sheet[total_place] = total
        book.save(tmp_path / "filled.xlsx")
        live = values(convert(tmp_path / "filled.xlsx", "xlsx", tmp_path / "out"))
        said = {
            live[name, cell]: live[name, f"L{cell[1:]}"]
            for name, cell in live
            if name == sheet.title and cell[0] == "K"
        }
        assert said["执行率应为"] == pytest.approx(float(RATE) / 100, abs=1e-4)
        assert said["预算执行得分应为"] == pytest.approx(float(RATE_SCORE))
        assert said["资金总额与各项之和"] == "✓ 相符"
        assert said["分值合计（应为100）"] == 100
        assert said["得分合计"] == pytest.approx(float(TOTAL))
        assert said["总分与得分合计"] == verdict
        assert said["等级应为"] == GRADE


def test_guide__shows_the_example__as_it_is_checked(tmp_path: Path) -> None:
    """The guide's example is the one that the tests fill in: every text of it stands on the guide."""
    guide = load_workbook(prefilled("whole-unit", tmp_path / "blank.xlsx")).worksheets[0]
    assert guide.title == "填表说明"
    shown = {str(cell.value) for row in guide for cell in row}
    for row in ROWS:
        assert {f"指标1：{row.name}", row.target, row.actual.format(year=YEAR)} <= shown
    assert any(text.endswith(f"＝{TOTAL}，等级栏选“{GRADE}”。") for text in shown)
