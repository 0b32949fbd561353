"""A unit's workbook made ready for the public: no telephone number, nothing hidden, and every figure as it was."""

import json
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from campaign_folder import SETTINGS, campaign_folder
from comparison.drawn_books import SUBMITTED, book
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from runs import start

from evalbatch.model import Finding
from evalbatch.reading.grid import read_grids
from evalbatch.reading.lexicon import load_words
from evalbatch.reports.public_copy import write_public_copy
from evalbatch.reports.public_list import Change, PublicCopy
from evalbatch.reports.returned.returned_copy import write_returned_copy
from evalbatch.unit.compared_workbooks import compare_workbooks
from evalbatch.unit.single import single_setup
from evalbatch.xlsx.limits import Limits

SHEET = "自评表"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A form as a unit has it: signed, with a hidden list, a comment, an author."""
    path = book(tmp_path / "报送.xlsx", {SHEET: SUBMITTED})
    workbook = openpyxl.load_workbook(path)
    workbook.properties.creator = "王五"
    sheet = workbook[SHEET]
    sheet["D13"].comment = Comment("请李四核对 13900001111", "赵六")
    sheet["H17"] = "宣传面还不够广，可致电 138-0013-8000 或手机13912345678"
    sheet["B9"] = "其他资金"
    hidden = workbook.create_sheet("名单")
    hidden["A1"], hidden["A2"], hidden.sheet_state = "王五 13700137000", "优", "veryHidden"
    choices = DataValidation("list", formula1="名单!$A$1:$A$2")
    sheet.add_data_validation(choices)
    choices.add("H19")
    sheet.print_title_rows = "12:12"
    workbook.save(path)
    return path


def published(form: Path, *, names: bool = True) -> tuple[PublicCopy, Path]:
    target = form.with_name("公开稿.xlsx")
    return write_public_copy(form.read_bytes(), target, load_words(), Limits(), names=names), target


def all_text(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(unescape(package.read(name).decode("utf-8", "replace")) for name in package.namelist())


def test_public_copy__a_signed_form__says_nothing_but_telephone_numbers_less(form: Path) -> None:
    """Each change is listed; comments, author and hidden sheets are nowhere in the file, the rest is as it was."""
    done, copy = published(form)
    assert done == PublicCopy((Change(SHEET, "H17", "电话号码"), Change(SHEET, "C20", "联系电话")))
    said = all_text(copy)
    taken = ("0759-5550100", "138-0013-8000", "13912345678", "13700137000", "13900001111", "王五", "赵六", "名单")
    assert [one for one in taken if one in said] == []
    [ours, _], [theirs] = read_grids(form.read_bytes()), read_grids(copy.read_bytes())
    differ = {place for place in ours.cells if ours.cells[place] != theirs.cells.get(place)}
    assert (differ, ours.merges) == ({(17, 8), (20, 3)}, theirs.merges)
    assert theirs.cells[20, 3].text == "联系电话："
    assert theirs.cells[17, 8].text == "宣传面还不够广，可致电  或手机"
    assert theirs.cells[20, 1].text == "填表人：张三"


def test_public_copy__names_are_to_go__the_preparer_goes_too(form: Path) -> None:
    """The label stays; the unit's name and the project's are no person's."""
    done, copy = published(form, names=False)
    assert Change(SHEET, "A20", "填表人姓名") in done.changes
    assert "张三" not in all_text(copy)
    assert "示例区总工会" in all_text(copy)


def test_public_copy__compared_with_the_submission__does_not_differ(form: Path) -> None:
    """What may be left out of what is published is no difference."""
    _, copy = published(form)
    with single_setup(None) as single:
        comparison = compare_workbooks(copy, form, single)
    assert [each for each, _ in comparison.differences if each.column != "偏差原因"] == []


def test_public_copy__opened_by_another_program__is_a_sound_workbook(form: Path) -> None:
    """openpyxl finds the sheet, its drop-down list gone, its print titles still there, nobody's name."""
    workbook = openpyxl.load_workbook(published(form)[1])
    assert workbook.sheetnames == [SHEET]
    assert workbook[SHEET].print_title_rows == "$12:$12"
    assert (workbook[SHEET].data_validations.dataValidation, workbook[SHEET]["D13"].comment) == ([], None)
    assert workbook.properties.creator != "王五"


def test_public_copy__an_amount_of_eleven_digits__is_no_telephone_number(tmp_path: Path) -> None:
    """In 元 a district's spending may look like a mobile number; a number that was read as money stays."""
    drawing = SUBMITTED.replace("项目资金（万元）", "项目资金（元）").replace(
        "| 100 | 92.5 |", "| 13800138000 | 13800138000 |"
    )
    done, _ = published(book(tmp_path / "报送.xlsx", {SHEET: drawing}))
    assert done.changes == (Change(SHEET, "C20", "联系电话"),)


@pytest.mark.parametrize(
    "number", ["0759-5550100", "13800138000", "+86 138 0013 8000", "（0759）5550100", "5550100转8012"]
)
def test_public_copy__telephone_numbers_of_all_kinds__go(tmp_path: Path, number: str) -> None:
    """Whatever stands where the form asks for 联系电话, as text or as a number."""
    path = book(
        tmp_path / "报送.xlsx", {SHEET: SUBMITTED.replace("联系电话：0759-5550100 | <", f"联系电话 | {number}")}
    )
    done, copy = published(path)
    assert [change.cell for change in done.changes] == ["D20"]
    assert number not in all_text(copy)


def test_public_copy__a_workbook_that_was_sent_back_once__has_no_marks_of_ours(form: Path) -> None:
    """The list in front, our comments and colours were for the unit alone."""
    finding = Finding("S10", "must-fix", "等级无效。", "请填“优”。", sheet=SHEET, cell="H19")
    returned = form.with_name("退回.xlsx")
    write_returned_copy(form.read_bytes(), [finding], returned, "示例区总工会")
    _, copy = published(returned)
    workbook = openpyxl.load_workbook(copy)
    assert workbook.sheetnames == [SHEET]
    assert workbook[SHEET]["H19"].fill.fgColor.rgb == openpyxl.load_workbook(form)[SHEET]["H19"].fill.fgColor.rgb
    assert "财政审核" not in all_text(copy)


def test_public_copy__a_number_in_a_footer__is_not_published(form: Path) -> None:
    """What can't be taken out is said, and nothing is written."""
    workbook = openpyxl.load_workbook(form)
    workbook[SHEET].oddFooter.center.text = "联系 13800138000"
    workbook.save(form)
    done, copy = published(form)
    assert "电话号码" in done.why_not
    assert not copy.exists()


def test_public_copy__a_formula_to_a_hidden_sheet__keeps_its_result(tmp_path: Path) -> None:
    """The result is what the public sees; one without a result would be another value."""
    with xlsxwriter.Workbook(tmp_path / "报送.xlsx") as made:
        page, hidden = made.add_worksheet(SHEET), made.add_worksheet("数")
        page.write_row(0, 0, ["项目支出绩效自评表"])
        page.write_row(1, 0, ["项目名称", "普法", "联系电话", "0759-5550100"])
        page.write_formula(2, 0, "=数!A1+1", None, 13)
        page.write_formula(3, 0, "=1+1", None, 2)
        hidden.write_number(0, 0, 12)
        hidden.hide()
    done, copy = published(tmp_path / "报送.xlsx")
    assert [change.cell for change in done.changes] == ["D2"]
    sheet = openpyxl.load_workbook(copy)[SHEET]
    assert (sheet["A3"].value, sheet["A4"].value) == (13, "=1+1")


def test_run__settings_ask_for_public_copies__complete_units_have_them(tmp_path: Path, form: Path) -> None:
    """A unit with something to correct has none; the list says who and why; without the setting there is no folder."""
    settings = SETTINGS.replace("[campaign]\n", '[campaign]\nowes = ["project"]\npublic_copies = true\n')
    roster = "单位名称\n示例区总工会\n示例区水务局\n示例区档案局"
    folder = campaign_folder(tmp_path / "批次", roster, settings)
    sound = SUBMITTED.replace("2023年12月1日", "11月底").replace("| 18 | 宣传面还不够广", "| 20 | ")
    book(folder / "inbox" / "示例区总工会.xlsx", {SHEET: sound.replace("97.73 | 优", "99.73 | 优")})
    book(folder / "inbox" / "示例区水务局.xlsx", {SHEET: sound.replace("示例区总工会", "示例区水务局")})
    assert start(folder, "--workers", "1").wait() == 0
    record = json.loads((folder / "output" / "run.json").read_text("utf-8"))
    assert {unit["name"]: unit["status"] for unit in record["units"]}["示例区总工会"] == "complete"
    public = [name for name in record["outputs"]["all"] if name.startswith("public/")]
    assert public == ["public/公开稿清单.xlsx", "public/示例区总工会/示例区总工会_公开稿.xlsx"]
    listed = openpyxl.load_workbook(folder / "output" / "public" / "公开稿清单.xlsx").active
    text = " ".join(str(cell) for row in listed.iter_rows(values_only=True) for cell in row if cell)
    assert "没有公开稿：退回更正" in text
    assert "没有公开稿：未报送" in text
    assert "0759" not in text
