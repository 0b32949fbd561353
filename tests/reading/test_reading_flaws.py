"""What reading says when a value can't be had for certain, each at its cell."""

import io
import tomllib
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from reading.drawn import drawn

from evalbatch.model import Cell, Finding, Grid, Refused
from evalbatch.reading import lexicon as reading_of_labels
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.lexicon import label_of
from evalbatch.reading.read import read_sheets, read_workbook
from evalbatch.xlsx.limits import Limits

LEXICON = load_lexicon(())
FORM = """
项目支出绩效自评表
（2022年度）
项目名称 | 修路
实施单位 | 镇政府 | 填报单位 | 镇政府
三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
里程 | ≥3公里 | 3公里 | 100 | 96
合计 |  |  | 100 | 96
"""


def findings(drawing: str) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.cell) for finding in read_sheets([drawn(drawing)], LEXICON).findings]


def test_read__form_in_order__says_nothing() -> None:
    """Two labels with the same content are no ambiguity."""
    assert findings(FORM) == []


@pytest.mark.parametrize(
    ("wrong", "right", "code", "cell"),
    [
        ("≥3公里", "≥**公里", "F07", "B6"),
        ("≥3公里", "{{ indicators.target }}", "F07", "B6"),
        ("修路", "××项目", "F07", "B3"),
        ("填报单位 | 镇政府", "填报单位 | 县政府", "F13", "D4"),
        ("项目名称 | 修路", "项目名称 | ", "F13", "B3"),
        ("（2022年度）", "（2022年度） | 评价年度 | 2023", "F13", "C2"),
        ("里程 | ≥3公里", " | ≥3公里", "F13", "A6"),
        ("100 | 96\n合计", "100 | 96 |  | 88\n合计", "F13", "G6"),
        ("实施单位 | 镇政府 | 填报单位 | 镇政府", "实施单位 | ", "F13", "B4"),
        ("项目支出绩效自评表\n（2022年度）", "2022年度项目支出绩效自评表\n评价年度 | 2023", "F13", "B2"),
        ("合计 |  |  | 100 | 96", "合计 |  |  | 100 | 96\n自评等级 | 优 | 评价等级 | 良", "F13", "D8"),
        ("≥3公里", "（此处填写指标值）", "F07", "B6"),
        ("≥3公里", "说明年度指标的内容（100字以内）", "F07", "B6"),
        ("实际完成值", "落实情况", "F13", "C5"),
    ],
)
def test_read__one_thing_wrong__is_said_at_its_cell(wrong: str, right: str, code: str, cell: str) -> None:
    """Template text, two contents for one field, a name left blank, a row without a name, actuals nobody can find."""
    assert findings(FORM.replace(wrong, right)) == [(code, cell)]


def test_read__two_contents_for_one_field__takes_neither() -> None:
    """An ambiguous name is no name, and the message shows both places."""
    reading = read_sheets([drawn(FORM.replace("填报单位 | 镇政府", "填报单位 | 县政府"))], LEXICON)
    assert reading.submissions[0].unit_name is None
    assert "B4的“镇政府”、D4的“县政府”" in reading.findings[0].message


def test_read__two_columns_for_one_field__takes_the_only_filled_one_or_neither() -> None:
    """年度指标值 beside 目标值: one of them filled is taken, both filled is doubtful."""
    two = FORM.replace("年度指标值 |", "年度指标值 | 目标值 |").replace("合计 |", "合计 | |")
    one = read_sheets([drawn(two.replace("≥3公里 |", " | ≥3公里 |"))], LEXICON)
    both = read_sheets([drawn(two.replace("≥3公里 |", "≥3公里 | 5 |"))], LEXICON)
    assert (one.submissions[0].indicators[0].target, one.findings) == ("≥3公里", ())
    assert both.submissions[0].indicators[0].target is None
    assert [finding.code for finding in both.findings] == ["F13"]
    assert [cell.text for cell in both.unused] == ["≥3公里", "5"]


def flawed(flaw: str, text: str) -> tuple[Finding, ...]:
    grid = drawn(FORM)
    cells = {
        place: replace(cell, text=text, number=None, flaw=flaw) if place == (6, 5) else cell
        for place, cell in grid.cells.items()
    }
    reading = read_sheets([Grid(grid.sheet, cells, grid.merges)], LEXICON)
    assert reading.submissions[0].indicators[0].score is None
    assert reading.unused == ()
    return reading.findings


def test_read__failed_formulas__are_said() -> None:
    """A formula without a result, and one that shows an error, give no value."""
    [missing], [error] = flawed("no-result", ""), flawed("error", "#REF!")
    assert (missing.code, missing.cell, missing.subject) == ("F11", "E6", ("cell", "表", "E6"))
    assert (error.code, error.cell, error.value) == ("F12", "E6", "#REF!")


def test_read__no_form__says_which_sheets_are_there() -> None:
    """A contact list is no form; its cells are all unused."""
    reading = read_sheets([drawn("姓名 | 电话\n张三 | 123", "通讯录")], LEXICON)
    assert reading.rejected
    assert [finding.code for finding in reading.findings] == ["F05"]
    assert "“通讯录”" in reading.findings[0].message
    assert len(reading.unused) == 4


def test_read__instructions_and_hidden_lists__are_passed_over() -> None:
    """They hold the same labels, and nothing of them is read or called unused."""
    help_sheet = drawn("填表说明\n1.项目名称：按预算批复填写。\n2.得分：不超过分值。", "说明")
    hidden = replace(drawn("优\n良\n中\n差", "选项"), visible=False)
    reading = read_sheets([help_sheet, drawn(FORM), hidden], LEXICON)
    assert (len(reading.submissions), reading.unused, reading.findings) == (1, (), ())


def test_read__filled_form_on_a_hidden_sheet__is_said_and_not_read() -> None:
    """An old version left on a hidden sheet is not the submission."""
    reading = read_sheets([drawn(FORM), replace(drawn(FORM, "旧表"), visible=False)], LEXICON)
    assert len(reading.submissions) == 1
    assert [(finding.code, "旧表" in finding.message) for finding in reading.findings] == [("F13", True)]


def test_read__blank_copy_of_a_filled_form__is_no_submission() -> None:
    """A workbook with a spare sheet of the blank form holds one submission."""
    blank = "项目支出绩效自评表\n项目名称 |\n实施单位 |\n三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n指标1： |"
    reading = read_sheets([drawn(FORM), drawn(blank, "空白")], LEXICON)
    assert [one.project for one in reading.submissions] == ["修路"]
    assert reading.findings == ()


def test_read__stray_cell__is_unused() -> None:
    """Whatever is neither label nor value is listed, nothing else."""
    reading = read_sheets([drawn(FORM.replace("100 | 96\n合计", "100 | 96 | | 随手写的\n合计"))], LEXICON)
    assert reading.unused == (Cell("表", 6, 7, "随手写的"),)


def test_read_workbook__macros_and_links__are_a_note() -> None:
    """Parts of a package that could act are named, never run."""
    path = Path(__file__).parent / "forms" / "T31-plain.xlsx"
    packed = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr("xl/vbaProject.bin", b"")
        package.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    [finding] = read_workbook(packed.getvalue(), LEXICON).findings
    assert (finding.code, finding.severity) == ("F10", "note")
    assert "宏" in finding.message
    assert "其他工作簿" in finding.message


def test_read_workbook__formula_on_another_workbook__is_a_note(tmp_path: Path) -> None:
    """A formula may name another workbook without any part that holds the link."""
    book = Workbook()
    for row in (line.split(" | ") for line in FORM.strip().splitlines()):
        book.worksheets[0].append([cell.strip() or None for cell in row])
    book.worksheets[0]["E6"] = "='[决算.xlsx]Sheet1'!$B$3"
    book.save(tmp_path / "linked.xlsx")
    codes = [finding.code for finding in read_workbook((tmp_path / "linked.xlsx").read_bytes(), LEXICON).findings]
    assert codes == ["F11", "F10"]


def test_read__error_pasted_as_text__has_failed_too(tmp_path: Path) -> None:
    """WPS copies #DIV/0! as a text cell; it is no content either way."""
    book = Workbook()
    for row in (
        line.split(" | ") for line in FORM.replace("100 | 96\n合计", "100 | #DIV/0!\n合计").strip().splitlines()
    ):
        book.worksheets[0].append([cell.strip() or None for cell in row])
    book.worksheets[0]["E6"].data_type = "s"
    book.save(tmp_path / "pasted.xlsx")
    [finding] = read_workbook((tmp_path / "pasted.xlsx").read_bytes(), LEXICON).findings
    assert (finding.code, finding.cell) == ("F12", "E6")


def test_read_workbook__beyond_the_limits_given__is_refused(tmp_path: Path) -> None:
    """The limits hold in reading itself; nothing need check them before."""
    Workbook().save(tmp_path / "any.xlsx")
    with pytest.raises(Refused) as refused:
        read_workbook((tmp_path / "any.xlsx").read_bytes(), LEXICON, Limits(parts=1))
    assert refused.value.code == "F04"


@pytest.mark.parametrize("head", ["指标完成情况", "完成情况说明", "绩效指标完成情况"])
def test_read__words_for_a_whole_table_over_its_actuals__are_their_column(head: str) -> None:
    """Right of the target, where no other column is for what was done, they head what was done."""
    reading = read_sheets([drawn(FORM.replace("实际完成值", head))], LEXICON)
    assert [row.actual for row in reading.submissions[0].indicators] == ["3公里"]
    assert reading.findings == ()


def test_labels__each_word__stands_for_one_thing_in_a_table() -> None:
    """A word twice in one section of labels.toml would silently mean the second thing."""
    labels = tomllib.loads((Path(reading_of_labels.__file__).parent / "labels.toml").read_text("utf-8"))
    for section in ("field", "money", "indicator", "row", "block", "management", "head", "money_row"):
        words = [label_of(word).core for group in labels.get(section, {}).values() for word in group]
        assert [word for word, count in Counter(words).items() if count > 1] == [], section
