"""Blank and prefilled copies: no tag left, what is known locked, what is asked open."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from drawn_forms import fill_tags, tags_of, write_blank, write_prefilled, write_prefilled_project
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.places import builtin_forms, form_paths
from evalbatch.model import ApprovedTarget, Refused, Season, Unit

SEASON = Season("示例区", 2024, date(2025, 5, 31))
UNIT = Unit("900001", "示例教育局", initial=Decimal("100.5"), adjusted=Decimal(120), executed=Decimal("110.1"))
TARGETS = (
    ApprovedTarget("示例教育局", "whole-unit", None, "培训教师", "有序开展", Decimal(10)),
    ApprovedTarget("示例教育局", "project", "校舍维修", "维修效果", "明显改善", Decimal(20)),
    ApprovedTarget("示例民政局", "whole-unit", None, "临时救助", "≥450人次", Decimal(10)),
)


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The prefilled standard workbook of one unit, opened once and only looked at."""
    target = tmp_path_factory.mktemp("standard") / "standard.xlsx"
    write_prefilled(target, form_paths(None), UNIT, SEASON, TARGETS)
    return load_workbook(target)


@cache
def tagged_form(name: str) -> Worksheet:
    """A built-in form as the bureau keeps it, only looked at."""
    return load_workbook(builtin_forms()[name]).worksheets[0]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet for cell in row if cell.value is not None]


@pytest.mark.parametrize("name", ["project", "whole-unit", "data", "score"])
def test_blank__written__no_tag_left_and_year_and_version_in(tmp_path: Path, name: str) -> None:
    """A blank copy shows the year, keeps lists and widths, and no tag is ever left in it."""
    write_blank(tmp_path / "blank.xlsx", builtin_forms()[name], SEASON)
    tagged = tagged_form(name)
    sheet = load_workbook(tmp_path / "blank.xlsx").worksheets[0]
    assert not [text for text in texts(sheet) if "{{" in text or "}}" in text]
    assert "（2024年度）" in texts(sheet)
    assert any(text.startswith("表样版本：") for text in texts(sheet))
    assert len(sheet.data_validations.dataValidation) == len(tagged.data_validations.dataValidation) > 0
    assert sheet.column_dimensions["D"].width == tagged.column_dimensions["D"].width
    assert sheet.print_title_rows == tagged.print_title_rows


def test_blank__written_twice__same_bytes(tmp_path: Path) -> None:
    """No clock enters a copy."""
    for name in ("one.xlsx", "two.xlsx"):
        write_blank(tmp_path / name, builtin_forms()["project"], SEASON)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_standard_workbook__sheets__cover_guide_then_three_forms(standard: Workbook) -> None:
    """The unit's workbook opens on its cover, and only that sheet is selected."""
    forms = ["部门整体支出数据表", "部门整体支出绩效自评表", "部门整体支出绩效评分表"]
    assert standard.sheetnames == ["封面", "填表说明", *forms, "批复目标"]
    assert [sheet.title for sheet in standard.worksheets if sheet.sheet_view.tabSelected] == ["封面"]
    cover = standard["封面"]
    assert "示例教育局" in texts(cover)
    open_cells = [cell.coordinate for row in cover for cell in row if not cell.protection.locked]
    assert [cover.cell(int(place[1:]), 1).value for place in open_cells] == ["单位负责人：", "填报日期："]
    assert "请在2025年5月31日前（含当日）填好并报送财政局。" in texts(standard["填表说明"])


def test_standard_workbook__every_form__protected_without_password(standard: Workbook) -> None:
    """Locked cells can't be changed by accident; there is no password to lose; rows may be inserted."""
    for sheet in standard.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert sheet.protection.password is None, sheet.title
    form = standard["部门整体支出绩效自评表"]
    assert not form.protection.insertRows


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("unit.name", "示例教育局"),
        ("unit.code", "900001"),
        ("budget.total.initial", 100.5),
        ("budget.total.adjusted", 120),
        ("budget.total.executed", 110.1),
    ],
)
def test_known_value__prefilled__locked_and_white(standard: Workbook, tag: str, value: object) -> None:
    """What the bureau knows stands in its place, locked, without the tint of entry cells."""
    place = tags_of(tagged_form("whole-unit"))[tag].coordinate
    cell = standard["部门整体支出绩效自评表"][place]
    assert cell.value == value
    assert cell.protection.locked
    assert cell.fill.fill_type is None


@pytest.mark.parametrize(
    "tag", ["goal", "total_score", "grade", "prepared_by", "budget.total.rate", "indicators.actual"]
)
def test_open_value__prefilled__unlocked_and_tinted(standard: Workbook, tag: str) -> None:
    """What only the unit knows is open and tinted, in the tags' row and in the rows of indicators below it."""
    place = tags_of(tagged_form("whole-unit"))[tag]
    sheet = standard["部门整体支出绩效自评表"]
    rows = [place.row, place.row + 1, place.row + 26] if tag.startswith("indicators.") else [place.row]
    for row in rows:
        cell = sheet.cell(row, place.column)
        assert not cell.protection.locked, cell.coordinate
        assert cell.fill.fgColor.rgb == "FFFFFBE6", cell.coordinate


def test_label__prefilled__stays_locked(standard: Workbook) -> None:
    """Labels, weights of the form and notes can't be typed over."""
    sheet = standard["部门整体支出绩效自评表"]
    for row in sheet:
        for cell in row:
            if cell.value in ("总分", "年度资金总额", 100, "单位：万元"):
                assert cell.protection.locked, cell.coordinate


def test_forms_in_one_workbook__copied__keep_lists_warnings_and_page(standard: Workbook) -> None:
    """A form copied into the standard workbook keeps what it has alone."""
    alone = tagged_form("whole-unit")
    copied = standard["部门整体支出绩效自评表"]
    assert len(copied.data_validations.dataValidation) == len(alone.data_validations.dataValidation)
    assert sorted(map(str, copied.merged_cells.ranges)) == sorted(map(str, alone.merged_cells.ranges))
    assert copied.print_title_rows == alone.print_title_rows
    assert copied.page_setup.paperSize == 9
    assert copied.row_dimensions[12].height == alone.row_dimensions[12].height


def test_approved_targets__of_the_unit__listed_and_no_others(standard: Workbook) -> None:
    """The sheet of approved targets has this unit's own of the whole-unit form."""
    listed = texts(standard["批复目标"])
    assert "培训教师" in listed
    assert "维修效果" not in listed
    assert "临时救助" not in listed


def test_project_workbook__written__name_locked_and_money_open(tmp_path: Path) -> None:
    """A project's own workbook knows its unit and name; the unit's total money is not a project's."""
    target = tmp_path / "project.xlsx"
    write_prefilled_project(target, builtin_forms()["project"], UNIT, SEASON, "校舍维修", TARGETS)
    book = load_workbook(target)
    assert book.sheetnames == ["填表说明", "项目支出绩效自评表", "批复目标"]
    places = tags_of(tagged_form("project"))
    sheet = book["项目支出绩效自评表"]
    assert sheet[places["project.name"].coordinate].value == "校舍维修"
    assert sheet[places["project.name"].coordinate].protection.locked
    assert sheet[places["budget.total.initial"].coordinate].value is None
    assert "维修效果" in texts(book["批复目标"])


def test_own_form__plain_cells__entries_opened_and_version_from_the_season(tmp_path: Path) -> None:
    """A bureau's own form needs no preparation but its tags: entry cells are opened, known ones locked."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["（{{ year }}年度）", "版本：{{ version }}"],
        ["单位", "{{ unit.name }}"],
        ["指标", "完成值"],
        ["{{ indicators.name }}", "{{ indicators.actual }}"],
        [None, None],
        ["合计", "{{ total_score }}"],
        ["填表人：{{ prepared_by }}", None],
    ):
        sheet.append(row)
    book.save(tmp_path / "data.xlsx")
    season = Season("示例区", 2024, versions={"data": "甲-2"})
    write_prefilled(tmp_path / "out.xlsx", [tmp_path / "data.xlsx"], UNIT, season)
    made = load_workbook(tmp_path / "out.xlsx").worksheets[2]
    assert [made["A1"].value, made["B1"].value, made["B2"].value] == ["（2024年度）", "版本：甲-2", "示例教育局"]
    assert made["A7"].value == "填表人："
    locked = {cell.coordinate: cell.protection.locked for row in made["A1:B7"] for cell in row}
    opened = {"A1", "A4", "B4", "A5", "B5", "B6", "A7"}
    assert {place for place, is_locked in locked.items() if not is_locked} == opened


def test_value__like_a_formula__stays_text() -> None:
    """A name from a roster never becomes a formula."""
    sheet = Workbook().worksheets[0]
    sheet["A1"] = "{{ unit.name }}"
    sheet["A2"] = "单位：{{ unit.name }}"
    fill_tags(sheet, {"unit.name": "=1+1"})
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")
    assert sheet["A2"].value == "单位：=1+1"


def test_form__no_workbook__refused_with_its_name(tmp_path: Path) -> None:
    """A form that can't be opened is refused by its name, with a remedy."""
    (tmp_path / "project.xlsx").write_bytes(b"no workbook")
    with pytest.raises(Refused, match=r"project\.xlsx") as refused:
        write_blank(tmp_path / "out.xlsx", tmp_path / "project.xlsx", SEASON)
    assert refused.value.remedy
