"""One form in order, changed in one way at a time as people's programs and habits change it: what is read and said.

Each line: what is changed, the findings that `check` then has (code and cell), and values that `inspect` must give, by
the cell they stand in.
"""

from pathlib import Path
from typing import Any

import pytest
from situations.commands import checked, inspected
from situations.drawn_workbook import FORM, Drawing, number, runs, words

Findings = set[tuple[str, str | None]]
STRIKE = '<strike/><sz val="11"/><name val="宋体"/>'
BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MILLIONS = {"C6": "1000000", "D6": "1000000", "E6": "950000", "C7": "1000000", "D7": "1000000", "E7": "950000"}
OLD_ROW = "\n |  | 数量指标 | 旧指标 | ≥5场 | 5场 | 10 | 10"
WITH_OLD_ROW = FORM.replace("\n |  | 质量指标", f"{OLD_ROW}\n |  | 质量指标")
WITH_GRADE = FORM.replace("填报人", "自评等级 | ☑优 □良 □中 □差\n填报人")
LOW_RATE = {
    "E6": number("E6", "60"), "E7": number("E7", "60"), "G6": words("G6", "60%"), "H6": number("H6", "6"),
    "H17": number("H17", "96"),
}  # fmt: skip
WHY = "预算执行率偏低，原因是项目跨年实施，尾款待验收后支付。"
RICH_ERROR = {
    "xl/metadata.xml": f'<metadata xmlns="{BOOK}"><futureMetadata name="XLRICHVALUE"><bk><rvb i="0"/></bk>'
    '</futureMetadata><valueMetadata><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>',
    "xl/richData/rdrichvaluestructure.xml": '<rvStructures><s t="_error"/></rvStructures>',
    "xl/richData/rdrichvalue.xml": '<rvData><rv s="0"/></rvData>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    + "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(
            (
                (TABLE.replace("/table", "/worksheet"), "worksheets/sheet1.xml"),
                (TABLE.replace("/table", "/sheetMetadata"), "metadata.xml"),
                ("http://schemas.microsoft.com/office/2017/06/relationships/rdRichValue", "richData/rdrichvalue.xml"),
                (
                    "http://schemas.microsoft.com/office/2017/06/relationships/rdRichValueStructure",
                    "richData/rdrichvaluestructure.xml",
                ),
            ),
            1,
        )
    )
    + "</Relationships>",
}
FILTERED_TABLE = {
    "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{TABLE}" Target="../tables/table1.xml"/></Relationships>',
    "xl/tables/table1.xml": f'<table xmlns="{BOOK}" ref="A10:I16"><autoFilter ref="A10:I16">'
    '<filterColumn colId="1"/></autoFilter></table>',
}


def numbers(stored: dict[str, str]) -> dict[str, str]:
    """Cells of numbers in style 1."""
    return {address: number(address, value, 1) for address, value in stored.items()}


SITUATIONS: dict[str, tuple[Drawing, Findings, dict[str, Any]]] = {
    "in order": (Drawing(), set(), {"H11": 20, "E6": 95}),
    # ---- numbers
    "an apostrophe before a number": (Drawing({"H11": words("H11", "'20")}), set(), {"H11": 20}),
    "full-width digits": (Drawing({"H11": words("H11", "２０")}), set(), {"H11": 20}),
    "a number with points": (Drawing({"H11": words("H11", "20分")}), set(), {"H11": 20}),
    "money with signs and measures": (
        Drawing({"C6": words("C6", "￥１００．００"), "D6": words("D6", "100万元"), "E6": words("E6", "95.00 ")}),
        set(),
        {"C6": 100, "D6": 100, "E6": 95},
    ),
    "an accounting format": (
        Drawing(
            numbers({"C6": "100", "D6": "100", "E6": "95"}),
            formats=('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',),
        ),
        set(),
        {"C6": 100, "E6": 95},
    ),
    "a format with a measure": (
        Drawing(numbers({"C6": "100", "D6": "100", "E6": "95"}), formats=('0.00"万元"',)),
        set(),
        {"E6": 95},
    ),
    "a format that scales": (Drawing(numbers(MILLIONS), formats=("0!.0,",)), set(), {"E6": 95, "E7": 95}),
    "a format that scales and says so": (Drawing(numbers(MILLIONS), formats=('0!.0,"万"',)), set(), {"E6": 95}),
    "a format that hides the number": (Drawing({"H11": number("H11", "20", 1)}, formats=(";;;",)), set(), {"H11": 20}),
    "a format that shows zero as a dash": (
        Drawing({"C7": number("C7", "0", 1)}, formats=('[Red][=0]"-";0.00',)),
        set(),
        {"C7": 0},
    ),
    "a format of percent": (
        Drawing({"G6": number("G6", "0.95", 1), "F12": number("F12", "0.96", 1)}, formats=("0%",)),
        set(),
        {"G6": 95, "F12": "96%"},
    ),
    "a format of fractions": (Drawing({"H6": number("H6", "9.5", 1)}, formats=("# ?/?",)), set(), {"H6": 9.5}),
    "a decimal comma": (Drawing({"H6": words("H6", "9,5")}), {("F16", "H6")}, {}),
    "a minus behind the number": (Drawing({"E6": words("E6", "95-")}), {("M11", "E6")}, {}),
    "a telephone as a number": (
        Drawing({"D18": words("D18", "联系电话："), "E18": number("E18", "13812345678")}),
        set(),
        {"E18": "13812345678"},
    ),
    # ---- dates
    "a date counted from 1904": (
        Drawing({"H18": number("H18", "43970", 1)}, formats=("yyyy/m/d",), workbook='<workbookPr date1904="1"/>'),
        set(),
        {"H18": "2024-05-20"},
    ),
    "a date stored as ISO 8601": (
        Drawing({"H18": '<c r="H18" t="d"><v>2024-05-20T00:00:00</v></c>'}),
        set(),
        {"H18": "2024-05-20"},
    ),
    "an actual that is a date": (
        Drawing({"F13": number("F13", "45260", 1)}, formats=('yyyy"年"m"月"d"日"',)),
        set(),
        {"F13": "2023年11月30日"},
    ),
    "a date left blank": (Drawing({"H18": words("H18", "   年  月  日")}), {("U06", "H18")}, {}),
    "a month for a date": (Drawing({"H18": words("H18", "2024年5月")}), {("F16", "H18")}, {}),
    # ---- texts
    "an old value beneath a merged cell": (Drawing({"D3": words("D3", "旧名称")}), set(), {"B3": "农村供水管护"}),
    "a formula that gives a text": (
        Drawing({"E11": '<c r="E11" t="str"><f>"a"</f><v>≥12处</v></c>'}),
        set(),
        {"E11": "≥12处"},
    ),
    "a reading aid above a text": (
        Drawing(
            {"D11": '<c r="D11" t="inlineStr"><is><t>管护供水工程数量</t><rPh sb="0" eb="1"><t>カン</t></rPh></is></c>'}
        ),
        set(),
        {"D11": "管护供水工程数量"},
    ),
    "blanks and invisible signs": (
        Drawing({"E11": words("E11", "  ≥12处 \n"), "F11": words("F11", "\ufeff12\u200b处\xa0")}),
        set(),
        {"E11": "≥12处", "F11": "12处"},
    ),
    "line breaks in labels": (Drawing({"E10": words("E10", "年度\n指标值")}), set(), {"E11": "≥12处"}),
    "a comparison sign in the font Symbol": (
        Drawing({"E11": runs("E11", ('<rFont val="Symbol"/>', "³"), ('<rFont val="宋体"/>', "12处"))}),
        set(),
        {"E11": "≥12处"},
    ),
    "an exponent": (
        Drawing({"F15": runs("F15", ("", "10"), ('<vertAlign val="superscript"/>', "4"), ("", "人"))}),
        {("A09", "F15")},
        {"F15": "10⁴人"},
    ),
    "square metres in three spellings": (
        Drawing(
            {
                "E11": runs("E11", ("", "≥500m"), ('<vertAlign val="superscript"/>', "2")),
                "F11": words("F11", "500㎡"),
                "E15": words("E15", "≥30平方米"),
                "F15": words("F15", "31m2"),
            }
        ),
        set(),
        {"E11": "≥500m²"},
    ),
    "a raised mark of a footnote": (
        Drawing({"F11": runs("F11", ("", "12处"), ('<vertAlign val="superscript"/>', "1"))}),
        set(),
        {},
    ),
    "a private-use sign before a number": (Drawing({"F11": words("F11", "\uf0b312处")}), {("A09", "F11")}, {}),
    "an error pasted as text": (Drawing({"F11": words("F11", "#DIV/0!")}), {("F12", "F11")}, {}),
    # ---- struck out
    "a row struck out": (
        Drawing(
            {
                **{
                    f"{column}12": words(f"{column}12", text, 1)
                    for column, text in zip("CDEF", ("数量指标", "旧指标", "≥5场", "5场"), strict=True)
                },
                **numbers({"G12": "10", "H12": "10"}),
            },
            form=WITH_OLD_ROW,
            fonts=(STRIKE,),
            merges=(),
        ),
        {("F13", "C12")},
        {"F13": "96%"},
    ),
    # ---- ticks
    "a grade ticked among four": (Drawing(form=WITH_GRADE), set(), {"B18": "优"}),
    "a grade ticked in Wingdings 2": (
        Drawing(
            {
                "B18": runs(
                    "B18",
                    ('<rFont val="Wingdings 2"/>', "R"),
                    ("<b/>", "优 "),
                    ('<rFont val="Wingdings 2"/>', "£"),
                    ("<b/>", "良"),
                )
            },
            form=WITH_GRADE,
        ),
        set(),
        {"B18": "优"},
    ),
    "an actual ticked as done": (
        Drawing({"E14": words("E14", "完成"), "F14": words("F14", "☑完成 □未完成")}),
        {("T01", "E14")},
        {},
    ),
    "an actual ticked as not done": (
        Drawing({"E14": words("E14", "完成"), "F14": words("F14", "□完成 ☑未完成")}),
        {("T01", "E14"), ("A06", "I14"), ("S08", "H14")},
        {},
    ),
    # ---- hidden
    "a row of no height": (
        Drawing(form=WITH_OLD_ROW, rows={12: ' ht="0" customHeight="1"'}, merges=()),
        {("F13", "D12")},
        {},
    ),
    "a row hidden that counts": (Drawing(rows={15: ' hidden="1"'}), {("F13", "D15")}, {"H15": 20}),
    "a row of a folded group": (Drawing(rows={15: ' outlineLevel="1" hidden="1"'}), set(), {"H15": 20}),
    "rows filtered in a table": (
        Drawing(rows={15: ' hidden="1"', 16: ' hidden="1"'}, parts=FILTERED_TABLE),
        set(),
        {"H15": 20, "H16": 10},
    ),
    "a hidden column that counts": (
        Drawing(before='<cols><col min="8" max="8" width="9" hidden="1"/></cols>'),
        {("F13", "H6")},
        {"H11": 20},
    ),
    "a hidden sheet with an old form": (
        Drawing(others=(Drawing(name="旧表", state=' state="veryHidden"'),)),
        {("F13", None)},
        {"H11": 20},
    ),
    # ---- failed cells and pictures
    "a picture by WPS, and one that Excel saved again": (
        Drawing(
            {
                "I11": '<c r="I11" t="str"><f>_xlfn.DISPIMG("ID_A",1)</f><v>=DISPIMG("ID_A",1)</v></c>',
                "A18": words("A18", "填报人："),
                "B18": '<c r="B18" t="e"><f>_xlfn.DISPIMG("ID_A",1)</f><v>#NAME?</v></c>',
            }
        ),
        set(),
        {},
    ),
    "a spilled formula's error": (
        Drawing({"F11": '<c r="F11" t="e" vm="1"><v>#VALUE!</v></c>'}, parts=RICH_ERROR),
        {("F12", "F11")},
        {},
    ),
    "a failed reason": (
        Drawing(
            {
                "F12": words("F12", "95%"),
                "I12": '<c r="I12" t="e"><f>A1</f><v>#REF!</v></c>',
            }
        ),
        {("F12", "I12")},
        {"I12": None},
    ),
    # ---- beside the tables
    "a low rate": (Drawing(LOW_RATE), {("M09", "G6")}, {}),
    "a low rate explained on a sheet of its own": (
        Drawing(LOW_RATE, others=(Drawing(form=f"情况说明\n{WHY}", name="情况说明", merges=()),)),
        set(),
        {},
    ),
    "a low rate explained below the table": (Drawing(LOW_RATE, form=f"{FORM}说明：{WHY}\n"), set(), {}),
    "a sheet with odd signs in its name": (Drawing(name="自评'表&<1>（终稿）"), set(), {"H11": 20}),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What `check` and `inspect` say of every situation, each in one process."""
    folder = tmp_path_factory.mktemp("situations")
    paths = []
    for at, (drawing, _, _) in enumerate(SITUATIONS.values()):
        paths.append(folder / f"{at}.xlsx")
        paths[-1].write_bytes(drawing.packed())
    return dict(zip(SITUATIONS, zip(checked(*paths), inspected(*paths), strict=True), strict=True))


def read_at(inspected: dict[str, Any]) -> dict[str, Any]:
    """The values of a workbook's first form by the cell they were read from."""
    form = inspected["forms"][0]
    named = {"unit.name": form["unit"]["name"], "project.name": (form["project"] or {}).get("name")}
    found = {cell: named.get(key, form.get(key)) for key, cell in form["cells"].items()}
    for row in (*form["budget"], *form["indicators"]):
        found |= {cell: row.get(role) for role, cell in row["cells"].items()}
    return found


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation__is_read_and_judged_as_a_person_would(said, situation: str) -> None:
    """Values at their cells, and no finding but those that a person would make."""
    _, findings, values = SITUATIONS[situation]
    judged, read = said[situation]
    assert {(finding["code"], finding["cell"]) for finding in judged["findings"]} == findings
    found = read_at(read)
    assert {cell: found.get(cell) for cell in values} == values


def test_figures_below_the_table__are_listed_as_unused(tmp_path: Path) -> None:
    """34.5 in a row of its own looks like a note's number, and is none."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(Drawing(form=f"{FORM} |  | 34.5\n").packed())
    assert [cell["cell"] for cell in inspected(path)[0]["unused"]] == ["C19"]
