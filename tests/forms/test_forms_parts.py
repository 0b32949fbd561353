"""A bureau's own form loses nothing on the way to its blank copy, whatever openpyxl would drop."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from evalbatch.forms import builtin_forms, write_blank
from evalbatch.forms.parts import losses
from evalbatch.model import Season

SEASON = Season("示例区", 2024, versions={"own": "甲-2"})
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f0003860180345a5aa50000000049454e44ae426082"
)


def own_form(folder: Path) -> Path:
    """A form as a bureau might have drawn it: text of two fonts, a picture, a text box, lists, print settings."""
    (folder / "seal.png").write_bytes(PIXEL)
    path = folder / "own.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        lists = book.add_worksheet("选项")
        lists.write_column(0, 0, ["优", "良", "中", "差"])
        bold = book.add_format({"bold": True})
        sheet.write_rich_string("A1", bold, "部门自评表", "（{{ ye", bold, "ar }}年度）")
        sheet.write_string("A2", "单位 & 编码")
        sheet.write_string("B2", "{{ unit.name }}")
        sheet.write_string("A3", "版本：{{ version }}")
        sheet.write_string("B3", "{{ year }}")
        sheet.write_string("A4", "等级")
        sheet.write_string("B4", "{{ grade }}")
        sheet.data_validation("B4", {"validate": "list", "source": "=选项!$A$1:$A$4"})
        sheet.insert_image("D2", folder / "seal.png")
        sheet.insert_textbox("D6", "填表前请先看说明")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0, 1)
        sheet.set_footer("&C第&P页")
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_own_form__with_shapes_and_fonts__is_told_apart_from_a_plain_one(tmp_path: Path) -> None:
    """What openpyxl would drop is named; the built-in forms have nothing of the kind."""
    assert losses(own_form(tmp_path).read_bytes()) == ("图片", "文本框或形状", "单元格内的多种字体")
    assert [losses(path.read_bytes()) for path in builtin_forms().values()] == [()] * 4


def test_own_form__blank_copy__keeps_every_part_byte_for_byte(tmp_path: Path) -> None:
    """Only texts with tags change; pictures, drawings, styles and relations are the same bytes."""
    form = own_form(tmp_path)
    write_blank(tmp_path / "blank.xlsx", form, SEASON, guide=True)
    before, after = parts_of(form), parts_of(tmp_path / "blank.xlsx")
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}
    assert b"&lt;" not in after["xl/sharedStrings.xml"]
    assert "单位 &amp; 编码".encode() in after["xl/sharedStrings.xml"]


def test_own_form__blank_copy__has_year_and_version_and_no_tag(tmp_path: Path) -> None:
    """A tag split over two fonts is still a tag; one alone becomes a number or a blank cell in its own style."""
    write_blank(tmp_path / "blank.xlsx", own_form(tmp_path), SEASON)
    sheet = load_workbook(tmp_path / "blank.xlsx").worksheets[0]
    assert sheet["A1"].value == "部门自评表（2024年度）"
    assert (sheet["A3"].value, sheet["B3"].value) == ("版本：甲-2", 2024)
    assert (sheet["B2"].value, sheet["B4"].value) == (None, None)
    assert not [cell.value for row in sheet for cell in row if "{{" in str(cell.value)]
    assert len(sheet.data_validations.dataValidation) == 1
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$2")


def test_own_form__blank_copy_twice__same_bytes(tmp_path: Path) -> None:
    """No clock enters a copy."""
    form = own_form(tmp_path)
    for name in ("one.xlsx", "two.xlsx"):
        write_blank(tmp_path / name, form, SEASON)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
LISTS = f'<extLst><ext xmlns:x14="{X14}" uri="{{CCE6}}"><x14:dataValidations count="0"/></ext></extLst>'


@pytest.mark.parametrize("mark", [LISTS, "<legacyDrawingHF/>"])
def test_own_form__with_extensions_of_its_sheet__keeps_them(tmp_path: Path, mark: str) -> None:
    """A drop-down over another sheet, or a picture in a header, is in the sheet's own XML and stays there."""
    form, plain = tmp_path / "own.xlsx", parts_of(builtin_forms()["project"])
    name = "xl/worksheets/sheet1.xml"
    plain[name] = plain[name].replace(b"</worksheet>", mark.encode() + b"</worksheet>")
    with zipfile.ZipFile(form, "w") as parts:
        for part, data in plain.items():
            parts.writestr(part, data)
    write_blank(tmp_path / "blank.xlsx", form, SEASON)
    made = parts_of(tmp_path / "blank.xlsx")
    assert mark.encode() in made[name]
    assert b"{{" not in made["xl/sharedStrings.xml"]
