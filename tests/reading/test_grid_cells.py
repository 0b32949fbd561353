"""What is read out of a sheet: values, flaws, merged ranges, hidden sheets, in every format of file."""

import contextlib
import io
import subprocess
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hostile import MAIN, OFFICE, packed, parts, relations, sheet, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from evalbatch.model import Refused
from evalbatch.reading.grid import read_grids
from evalbatch.xlsx.limits import Limits


def cells(data):
    """The cells of the first sheet by address."""
    return {cell.address: cell for cell in read_grids(data)[0].cells.values()}


def written(fill):
    """A workbook that XlsxWriter made."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("自评表"))
    return target.getvalue()


ONE_CELL = [
    # the cell as stored, text, number, flaw
    ('<c r="A1"><v>0.95799999999999996</v></c>', "0.958", "0.958", ""),
    ('<c r="A1"><v>1E+2</v></c>', "100", "100", ""),
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE", None, ""),
    ('<c r="A1" t="b"><v>0</v></c>', "FALSE", None, ""),
    ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!", None, "error"),
    ('<c r="A1" t="e"><v>#SPILL!</v></c>', "#SPILL!", None, "error"),
    ('<c r="A1"><f>1/0</f><v>NaN</v></c>', "#NUM!", None, "error"),
    ('<c r="A1"><f>SUM(B1:B2)</f></c>', "", None, "no-result"),
    ('<c r="A1"><f>SUM(B1:B2)</f><v></v></c>', "", None, "no-result"),
    ('<c r="A1"><f t="shared" si="0"/></c>', "", None, "no-result"),
    ('<c r="A1"><f>1+1</f><v>2</v></c>', "2", "2", ""),
    ('<c r="A1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', "ab", None, ""),
    ('<c r="A1" t="d"><v>2023-11-30</v></c>', "2023-11-30", None, ""),
    ('<c r="A1" t="inlineStr"><is><t>得</t></is></c>', "得", None, ""),
]


@pytest.mark.parametrize(("stored", "text", "number", "flaw"), ONE_CELL)
def test_cell__as_stored__is_seen(stored, text, number, flaw):
    """Every type of cell becomes what a person sees, with its flaw."""
    cell = cells(workbook(sheet=sheet(f'<row r="1">{stored}</row>')))["A1"]
    assert (cell.text, cell.number, cell.flaw) == (text, Decimal(number) if number else None, flaw)


@pytest.mark.parametrize(
    "stored",
    [
        '<c r="A1" s="0"/>',
        '<c r="A1"><v></v></c>',
        '<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c>',
        '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 　\u200b </t></is></c>',
    ],
)
def test_blank_cell__is_no_cell(stored):
    """Formatted blanks, blanks only and formulas that yield nothing are not filled."""
    assert cells(workbook(sheet=sheet(f'<row r="1">{stored}</row>'))) == {}


def test_number_formats__of_a_written_workbook__are_seen():
    """Percentages, units and dates come as they show; their styles are found by number and by code."""

    def fill(book, page):
        page.write_number("A1", 0.958, book.add_format({"num_format": "0.0%"}))
        page.write_number("A2", 0.5, book.add_format({"num_format": 9}))
        page.write_number("A3", 89.974, book.add_format({"num_format": '#,##0.00"万元"'}))
        page.write_datetime("A4", datetime(2024, 5, 30), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
        page.write_datetime("A5", datetime(2024, 5, 30), book.add_format({"num_format": 14}))
        page.write_number("A6", 7, book.add_format({"bold": True}))

    found = cells(written(fill))
    assert [found[f"A{row}"].text for row in range(1, 7)] == [
        "95.8%",
        "50%",
        "89.97万元",
        "2024年5月30日",
        "2024-05-30",
        "7",
    ]
    assert (found["A1"].number, found["A1"].percent) == (Decimal("95.8"), True)
    assert found["A4"].date == found["A5"].date == date(2024, 5, 30)
    assert found["A4"].number is None


def test_merged_range__counts_by_its_first_cell():
    """What lies beneath a merged range is not seen, however large the range."""
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 5))
    merges = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B4:XFD1048576"/></mergeCells>'
    (grid,) = read_grids(workbook(sheet=sheet(rows, merges)))
    assert sorted(cell.address for cell in grid.cells.values()) == ["A1", "A3", "A4", "B3", "B4"]
    assert grid.merges == ((1, 1, 2, 2), (4, 2, 1048576, 16384))


def test_hidden_sheet__is_read_and_marked():
    """Whether a hidden sheet counts is not the reader's to decide."""
    listed = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>' + "".join(
        f'<sheet name="{name}" state="{state}" r:id="rId1"/>'
        for name, state in (("甲", "visible"), ("乙", "hidden"), ("丙", "veryHidden"))
    )
    grids = read_grids(workbook(workbook=listed + "</sheets></workbook>"))
    assert [(grid.sheet, grid.visible) for grid in grids] == [("甲", True), ("乙", False), ("丙", False)]


def test_filled_cell_in_the_last_corner__costs_nothing():
    """A sheet is kept by its cells and never as a table of its whole range."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert sorted(cells(workbook(sheet=sheet(rows)))) == ["A1", "XFD1048576"]


def test_too_many_filled_cells__are_refused():
    """The limits of the caller hold."""
    with pytest.raises(Refused) as refused:
        read_grids(workbook(), Limits(filled_cells=1))
    assert refused.value.code == "F04"


def test_values__agree_with_an_independent_reader():
    """calamine finds the same texts and numbers at the same places."""

    def fill(_, page):
        for row in range(40):
            page.write_row(row, row % 3, [f"指标{row}", row * 1.1, "≥95%", -row])

    data = written(fill)
    table = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    theirs = {(r, c): v for r, row in enumerate(table, 1) for c, v in enumerate(row, 1) if v != ""}
    (grid,) = read_grids(data)
    ours = {place: float(cell.number) if cell.number is not None else cell.text for place, cell in grid.cells.items()}
    assert ours == pytest.approx(theirs)


def test_binary_workbook__is_handed_on__and_its_trouble_is_refused():
    """An .xlsb is known by its workbook part; a broken one is one refused file."""
    members = parts(workbook=None, rels=relations(("r", "officeDocument", "xl/workbook.bin"))) | {
        "xl/workbook.bin": b"\x83\x01\x00"
    }
    with pytest.raises(Refused) as refused:
        read_grids(packed(members))
    assert refused.value.code == "F01"


@pytest.mark.parametrize("cut", [600, 3000, 5000])
def test_old_workbook__cut_short__is_refused(cut):
    """A broken .xls costs one refused file, whatever its reader throws."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    with pytest.raises(Refused) as refused:
        read_grids(head + bytes(cut) + "Workbook\0".encode("utf-16-le"))
    assert refused.value.code == "F01"


def test_old_workbook__under_a_password__is_refused_as_such():
    """The record that says so stands at the head of the stream, with or without a container."""
    begin = b"\x09\x08\x10\x00" + b"\x00\x06\x05\x00" + bytes(12)
    with pytest.raises(Refused) as refused:
        read_grids(begin + b"\x2f\x00\x06\x00" + bytes(6) + b"\x0a\x00\x00\x00")
    assert refused.value.code == "F02"


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(0, 255), st.sampled_from(["sheet", "strings", "workbook", "wbrels", "zip"]))
def test_workbook__with_any_byte_changed__is_read_or_refused(at, byte, part):
    """No single fault makes the reader fail otherwise than by refusing."""
    members = parts()
    names = dict(zip(["types", "rels", "workbook", "wbrels", "strings", "styles", "sheet"], members, strict=True))
    if part != "zip":
        content = bytearray(members[names[part]].encode())
        content[at % len(content)] = byte
        members[names[part]] = bytes(content)
    data = bytearray(packed(members))
    if part == "zip":
        data[at % len(data)] = byte
    with contextlib.suppress(Refused):
        assert isinstance(read_grids(bytes(data)), tuple)


def fill_all(book, page):
    """A sheet with one of everything that other formats of file keep."""
    page.write_string("A1", "  得分　")
    page.write_number("B1", 0.958, book.add_format({"num_format": "0.0%"}))
    page.write_number("C1", 1234.5, book.add_format({"num_format": "#,##0.00"}))
    page.write_datetime("D1", datetime(2024, 5, 30), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
    page.write_number("E1", 96.123)
    page.write_formula("F1", "=1/0", None, "#DIV/0!")
    page.merge_range("A2:B3", "合并")
    page.write_string("A4", "一\n二")
    page.write_boolean("B4", True)
    page.write_number("C4", -5.5, book.add_format({"num_format": "0.00"}))
    book.add_worksheet("隐藏").hide()


@pytest.mark.render
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_other_formats__show_the_same(tmp_path, ending):
    """The same sheet saved as .xls or .ods gives the same grid."""
    (tmp_path / "a.xlsx").write_bytes(written(fill_all))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", tmp_path, tmp_path / "a.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    expected, found = (read_grids((tmp_path / f"a.{e}").read_bytes()) for e in ("xlsx", ending))
    assert [(grid.sheet, grid.visible, set(grid.merges)) for grid in found] == [
        (grid.sheet, grid.visible, set(grid.merges)) for grid in expected
    ]
    assert found[0].cells == expected[0].cells
