"""A unit's own workbook marked: what is marked, what is said, and that all else stays as the unit sent it."""

import functools
import io
import re
import struct
import zipfile
import zlib
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook
from workbook_text import convert, values

from evalbatch.model import Finding
from evalbatch.reports.returned.returned_copy import write_returned_copy

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SHEET = "自评表"
MUST, QUERY, NOTE = "FFF9C6C0", "FF6F9CC9", "00000000"
LISTS = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>数据!$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>B9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def finding(cell, severity="must-fix", code="M02", sheet=SHEET, words="执行率填写 95%，应为 97.21%。"):
    """A finding at a cell."""
    return Finding(code, severity, words, "请填 97.21%。", sheet, cell, "95%", "97.21%")


FINDINGS = (
    finding("B4"),
    finding("B5", "query", "A02", words="会议次数没有填写。"),
    finding("B6", "note", "A05"),
    finding("J40", words="缺少签字。"),
    Finding("U05", "must-fix", "缺少数据表。", "请补报。"),
)


def picture():
    """A PNG of one pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 4)) + chunk(b"IEND", b"")
    )


@functools.cache
def rich_workbook(comments=True):
    """A workbook with what rewriting libraries lose: charts, pictures, lists of other sheets, names, print settings."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    cover, sheet, data = book.add_worksheet("封面"), book.add_worksheet(SHEET), book.add_worksheet("数据")
    cover.write("A1", "绩效自评")
    percent = book.add_format({"num_format": "0.0%", "bold": True, "border": 1, "bg_color": "#DDEEFF"})
    for row in range(10):
        sheet.write(row, 0, f"指标{row}")
        sheet.write(row, 1, row / 10, percent)
    sheet.write_formula("C4", "=B4*2", None, 0.6)
    sheet.merge_range("D4:F5", "合并", percent)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{SHEET}'!$B$1:$B$10"})
    sheet.insert_chart("H2", chart)
    sheet.insert_image("H20", "x.png", {"image_data": io.BytesIO(picture())})
    sheet.conditional_format("B1:B10", {"type": "data_bar"})
    sheet.data_validation("B8", {"validate": "list", "source": ["优", "良"]})
    sheet.set_landscape()
    sheet.print_area("A1:F10")
    sheet.repeat_rows(0)
    data.write_column("A1", ["优", "良", "中"])
    data.print_area("A1:A3")
    if comments:
        sheet.write_comment("B4", "单位自己的批注")
        sheet.write_comment("A9", "另一条")
    sheet.activate()
    book.close()
    return with_part(buffer.getvalue(), "xl/worksheets/sheet2.xml", lambda text: add_lists(text))


def add_lists(text):
    """Lists that take their words from another sheet are an extension of the format."""
    if "<extLst>" in text:
        return text.replace("</extLst>", LISTS.removeprefix("<extLst>"))
    return text.replace("</worksheet>", LISTS + "</worksheet>")


def with_part(data, part, change):
    """The same workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return out.getvalue()


def parts(data):
    """Every part of a workbook by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def marked(tmp_path, data, findings=FINDINGS, name="copy.xlsx", **more):
    """The returned copy's path."""
    target = tmp_path / name
    write_returned_copy(data, findings, target, "麻章区总工会", **more)
    return target


def without_marks(text):
    """A sheet's text without what marking may change: formats of cells, blank cells put in, the tie to comments."""
    text = re.sub(rb'<row r="\d+"><c r="[A-Z]+\d+" s="\d+"/></row>', b"", text)
    text = re.sub(rb"<legacyDrawing [^>]*/>", b"", text)
    return re.sub(rb' (s="\d+"|spans="[\d:]+"|tabSelected="1")', b"", text)


def test_copy__of_a_rich_workbook__changes_only_what_marks_need(tmp_path):
    """Charts, pictures, drawings, strings, the theme: byte for byte as sent."""
    before = parts(rich_workbook())
    after = parts(marked(tmp_path, rich_workbook()).read_bytes())
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet2.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert after.keys() - before.keys() == {"xl/worksheets/sheet4.xml"}
    sheet = "xl/worksheets/sheet2.xml"
    assert without_marks(after[sheet]) == without_marks(before[sheet])


def test_copy__without_comments_before__gets_the_parts_for_them(tmp_path):
    """New comments bring their own two parts and the tie to the sheet."""
    before = parts(rich_workbook(comments=False))
    after = parts(marked(tmp_path, rich_workbook(comments=False)).read_bytes())
    assert after.keys() - before.keys() == {
        "xl/worksheets/sheet4.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    # legacyDrawing stands after drawing and before extLst, else Excel repairs the file.
    order = re.findall(rb"<(drawing|legacyDrawing|extLst) ?", after["xl/worksheets/sheet2.xml"])
    assert order == [b"drawing", b"legacyDrawing", b"extLst"]


def test_row__with_a_cell_put_in__no_longer_bears_spans(tmp_path):
    """A row's spans say which columns it has; outside them Excel need not look."""
    after = parts(marked(tmp_path, rich_workbook(), [finding("Z5")]).read_bytes())
    row = re.search(rb'<row r="5".*?</row>', after["xl/worksheets/sheet2.xml"])[0]
    assert b"spans" not in row
    assert re.search(rb'<c r="Z5" s="\d+"/></row>$', row)


def test_cells__marked__keep_their_format_but_for_the_ground(tmp_path):
    """Must-fix and query have their grounds, a note has none; number format, border and font stay."""
    sheet = load_workbook(marked(tmp_path, rich_workbook()))[SHEET]
    grounds = {at: sheet[at].fill.fgColor.rgb for at in ("B4", "B5", "B6", "J40")}
    assert grounds == {"B4": MUST, "B5": QUERY, "B6": "FFDDEEFF", "J40": MUST}
    assert (sheet["B4"].number_format, sheet["B4"].font.b, sheet["B4"].border.left.style) == ("0.0%", True, "thin")
    assert (sheet["B4"].value, sheet["C4"].value) == (0.3, "=B4*2")


def test_comments__at_marked_cells__say_what_and_how(tmp_path):
    """Ours follow the unit's own comment at a cell; its other comments are as they were."""
    sheet = load_workbook(marked(tmp_path, rich_workbook()))[SHEET]
    own, ours = sheet["B4"].comment.text.split("【财政审核】")
    assert own.strip() == "单位自己的批注"
    assert ours == "必须更正（M02）\n执行率填写 95%，应为 97.21%。\n如何处理：请填 97.21%。"
    assert sheet["A9"].comment.text == "另一条"
    assert sheet["B6"].comment is None
    assert sheet["J40"].comment.text.startswith("【财政审核】必须更正（M02）\n缺少签字。")


def test_front_sheet__lists_what_to_do__with_links(tmp_path):
    """First sheet, opened first, must-fix first, notes left out, every cell linked."""
    copy = marked(tmp_path, rich_workbook(), deadline=date(2024, 6, 15))
    book = load_workbook(copy)
    assert book.sheetnames == ["需更正事项", "封面", SHEET, "数据"]
    assert book.active.title == "需更正事项"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["需更正事项"]
    front = book["需更正事项"]
    assert (front["A1"].value, front["A2"].value) == ("需更正事项", "麻章区总工会　必须更正 3 项，请核实 1 项")
    assert "请于2024年6月15日前重新报送" in front["A3"].value
    rows = [[cell.value for cell in row[:3]] for row in front.iter_rows(min_row=5)]
    assert rows == [
        [1, "必须更正", f"{SHEET}!B4"],
        [2, "必须更正", f"{SHEET}!J40"],
        [3, "必须更正", "单位"],
        [4, "请核实", f"{SHEET}!B5"],
    ]
    assert front["C5"].hyperlink.location == f"'{SHEET}'!B4"
    assert front["C7"].hyperlink is None


def test_names__of_single_sheets__move_with_their_sheets(tmp_path):
    """A name that belongs to the second sheet belongs to it still, now the third."""
    book = load_workbook(marked(tmp_path, rich_workbook()))
    assert book[SHEET].print_area == f"'{SHEET}'!$A$1:$F$10"
    assert book[SHEET].print_title_rows == "$1:$1"
    assert book["数据"].print_area == "'数据'!$A$1:$A$3"


def test_values__read_again__are_those_of_the_unit(tmp_path):
    """Nothing of ours stands in the unit's own sheets."""
    data = rich_workbook()
    before = CalamineWorkbook.from_filelike(io.BytesIO(data))
    after = CalamineWorkbook.from_path(str(marked(tmp_path, data)))
    for name in before.sheet_names:
        assert after.get_sheet_by_name(name).to_python() == before.get_sheet_by_name(name).to_python()


def test_finding__inside_a_merged_range__is_marked_where_it_shows(tmp_path):
    """Of a merged range only the first cell is seen."""
    sheet = load_workbook(marked(tmp_path, rich_workbook(), [finding("E5")]))[SHEET]
    assert sheet["D4"].fill.fgColor.rgb == MUST
    assert sheet["D4"].comment is not None


@pytest.mark.parametrize("cell", ["B4:B6", "$B$4", "A1:XFD1048576", "b4"])
def test_finding__of_a_range__colours_it_and_comments_once(tmp_path, cell):
    """A range has one comment, at its first cell; a huge one is no burden."""
    sheet = load_workbook(marked(tmp_path, rich_workbook(comments=False), [finding(cell)]))[SHEET]
    comments = [at.coordinate for row in sheet.iter_rows() for at in row if at.comment]
    assert len(comments) == 1
    assert sheet[comments[0]].fill.fgColor.rgb == MUST


@pytest.mark.parametrize("cell", [None, "", "第3行", "A0", "ZZZZ1", "B9999999"])
def test_finding__without_a_real_cell__is_only_listed(tmp_path, cell):
    """What can't be pointed at is on the list all the same."""
    book = load_workbook(marked(tmp_path, rich_workbook(), [finding(cell)]))
    assert "执行率" in book["需更正事项"]["D5"].value


def test_words__that_look_like_markup_or_formulas__stay_words(tmp_path):
    """A unit's own words come back in messages; they never become structure."""
    words = '</text><c>&"\'=HYPERLINK("x") \x01 ]]> 【财政审核】'
    book = load_workbook(marked(tmp_path, rich_workbook(), [finding("B4", words=words)]))
    assert book["需更正事项"]["D5"].value == words.replace("\x01", "�")
    assert '</text><c>&"' in book[SHEET]["B4"].comment.text


def test_copy__that_comes_back__loses_the_marks_that_no_longer_hold(tmp_path):
    """A unit corrects the copy itself and sends it: one list, marks where something is wrong now, and only there."""
    once = marked(tmp_path, rich_workbook()).read_bytes()
    book = load_workbook(marked(tmp_path, once, [finding("B5"), finding("B4", sheet="需更正事项")], "again.xlsx"))
    assert book.sheetnames == ["需更正事项", "封面", SHEET, "数据"]
    sheet = book[SHEET]
    assert sheet["B4"].fill.fgColor.rgb != MUST
    assert sheet["B4"].number_format == "0.0%"
    assert sheet["B5"].fill.fgColor.rgb == MUST
    assert sheet["B4"].comment.text.strip() == "单位自己的批注"
    assert sheet["B5"].comment.text.count("【财政审核】") == 1
    assert sheet["J40"].comment.text == "【财政审核】本次审核未再发现问题。"
    assert sheet.print_area == f"'{SHEET}'!$A$1:$F$10"


def test_copy__made_twice__has_the_same_bytes(tmp_path):
    """No clock and no chance in a returned copy."""
    assert (
        marked(tmp_path, rich_workbook()).read_bytes() == marked(tmp_path, rich_workbook(), name="b.xlsx").read_bytes()
    )


def openpyxl_workbook():
    """A workbook as openpyxl writes it: inline prefixes differ, comments too."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["B4"] = 0.95
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def prefixed_workbook():
    """A workbook whose main namespace has a prefix, as some .NET programs write it, without cell addresses."""

    def prefix(text):
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text)
        text = text.replace("xmlns=", "xmlns:x=", 1)
        return re.sub(r' r="[A-Z]*\d+"', "", text)

    data = openpyxl_workbook()
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        data = with_part(data, part, prefix)
    return data


@pytest.mark.parametrize("make", [openpyxl_workbook, prefixed_workbook])
def test_copy__of_other_programs_workbooks__is_marked_as_well(tmp_path, make):
    """Whatever prefix a program uses, and whether or not it writes addresses."""
    cells = [finding("A1"), finding("B4"), finding("C9")]
    book = load_workbook(marked(tmp_path, make(), cells))
    assert book.sheetnames == ["需更正事项", SHEET]
    places = {at.coordinate: at.fill.fgColor.rgb for row in book[SHEET].iter_rows() for at in row if at.comment}
    assert set(places.values()) == {MUST}
    assert len(places) == 3


def strict(text):
    """The Strict variant of the format."""
    return text.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/main")


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .xls",
        b"",
        b"PK\x03\x04 broken",
        with_part(rich_workbook(), "xl/workbook.xml", strict),
        with_part(rich_workbook(), "xl/worksheets/sheet2.xml", lambda text: text[: len(text) // 2]),
        with_part(rich_workbook(), "xl/styles.xml", lambda text: text.replace("cellXfs", "other")),
    ],
    ids=["xls", "empty", "broken zip", "strict", "broken sheet", "no formats"],
)
def test_file__that_cannot_be_marked__becomes_a_list(tmp_path, data):
    """The unit gets the list all the same, and is told why there are no marks."""
    book = load_workbook(marked(tmp_path, data))
    assert book.sheetnames == ["需更正事项"]
    front = book["需更正事项"]
    assert front["A3"].value.startswith("原文件的格式不能直接标注。")
    assert front["C5"].value == f"{SHEET}!B4"
    assert front["C5"].hyperlink is None


@pytest.mark.render
def test_copy__opened_by_libreoffice__keeps_its_values(tmp_path):
    """An office suite opens the copy, and the unit's figures are in it."""
    made = convert(marked(tmp_path, rich_workbook()), "xlsx", tmp_path / "out")
    stored = values(made)
    assert stored[SHEET, "B4"] == 0.3
    assert stored["需更正事项", "A1"] == "需更正事项"
    assert load_workbook(made)[SHEET]["B4"].fill.fgColor.rgb == MUST


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(
        ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml", "[Content_Types].xml"]
    ),
    place=st.floats(0, 1, exclude_max=True),
    junk=st.sampled_from(["", "²", "-1", "9" * 30, "nan", "A0", "../x", "\x00"]),
)
def test_file__with_any_attribute_damaged__gives_a_copy_or_a_list(tmp_path, part, place, junk):
    """One odd value in a stranger's file never stops the batch."""

    def damage(text):
        found = list(re.finditer('="([^"]*)"', text))
        value = found[int(place * len(found))]
        return text[: value.start(1)] + junk + text[value.end(1) :]

    copy = marked(tmp_path, with_part(rich_workbook(), part, damage))
    assert "xl/workbook.xml" in parts(copy.read_bytes())


def test_copy__the_workbook_has_number_formats_of_its_own__the_list_keeps_its_own_look(tmp_path):
    """A format number means another format in each workbook: the list must not borrow the unit's dates."""
    original = tmp_path / "original.xlsx"
    with xlsxwriter.Workbook(original) as book:
        dates = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        book.add_worksheet("自评表").write_number(0, 0, 45000, dates)
    target = tmp_path / "copy.xlsx"
    write_returned_copy(original.read_bytes(), [finding("A1", sheet="自评表")], target, "示例局")
    listed = load_workbook(target)["需更正事项"]
    formats = {cell.number_format for row in listed.iter_rows() for cell in row if cell.value is not None}
    assert formats == {"General", "#,##0"}
