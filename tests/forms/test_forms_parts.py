"""A bureau's own form loses nothing on the way to its blank and prefilled copies, whatever a library would drop."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from drawn_forms import write_blank, write_prefilled, write_prefilled_project
from forms.forms_of_a_bureau import (
    LISTS,
    NEWER_LIST,
    SHEET,
    change,
    own_form,
    parts_of,
    prefixed,
    strict,
)
from openpyxl import Workbook, load_workbook
from workbook_text import convert

from evalbatch.forms.copies import Copies
from evalbatch.forms.places import builtin_forms
from evalbatch.model import ApprovedTarget, Refused, Season, Unit
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SEASON = Season("示例区", 2024, date(2025, 5, 31), versions={"whole-unit": "甲-2", "own": "甲-2"})
UNIT = Unit("900001", "示例教育局", initial=Decimal("100.5"), adjusted=Decimal(120), executed=Decimal("110.1"))
STYLES, STRINGS, BOOK = "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
ADDING_SHEETS = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", BOOK, STYLES}
KEPT = (
    r"<conditionalFormatting.*</conditionalFormatting>",
    r"<dataValidation .*?</dataValidation>",
    r"<pageMargins.*<tableParts.*</tableParts>",
    r"<extLst>(?:(?!<extLst>).)*</extLst></worksheet>",
    r"<f>.*?</f>",
)


def targets(count: int, **more: str) -> list[ApprovedTarget]:
    """Approved targets of the unit's whole-unit form."""
    return [
        ApprovedTarget(UNIT.name, "whole-unit", None, f"批复指标{number}", f"≥{number}场", Decimal(5), **more)
        for number in range(1, count + 1)
    ]


def prefilled(form: Path, approved: list[ApprovedTarget] | None = None, *others: str) -> Path:
    """The form's prefilled copy beside it, alone or together with built-in ones."""
    target = form.with_name("prefilled.xlsx")
    write_prefilled(target, [form, *(builtin_forms()[other] for other in others)], UNIT, SEASON, approved or ())
    return target


def differing(form: Path, copy: Path) -> set[str]:
    """The parts of a form that are others, or no longer there, in its copy."""
    before, after = parts_of(form), parts_of(copy)
    return {name for name in before if before[name] != after.get(name)}


# ---------------------------------------------------------------- every part stays


def test_own_form__blank_copy__keeps_every_part_byte_for_byte(tmp_path: Path) -> None:
    """Only texts with tags change, and what checks add; pictures, drawings and relations are the same bytes."""
    form = own_form(tmp_path / "own.xlsx")
    write_blank(tmp_path / "blank.xlsx", form, SEASON)
    assert list(parts_of(tmp_path / "blank.xlsx")) == list(parts_of(form))
    assert differing(form, tmp_path / "blank.xlsx") == {STRINGS, SHEET, "xl/styles.xml"}


def test_own_form__blank_copy_with_guide__has_one_sheet_more_and_all_else_as_it_was(tmp_path: Path) -> None:
    """The guide comes in front, and only what lists sheets and formats knows of it."""
    form = own_form(tmp_path / "own.xlsx")
    write_blank(tmp_path / "blank.xlsx", form, SEASON, guide=True)
    assert differing(form, tmp_path / "blank.xlsx") == {STRINGS, SHEET} | ADDING_SHEETS
    book = load_workbook(tmp_path / "blank.xlsx")
    assert book.sheetnames == ["填表说明", "自评表", "选项"]
    assert book["选项"].sheet_state == "hidden"
    assert book["自评表"].print_title_rows == "$8:$8"


@pytest.mark.parametrize("others", [(), ("data", "score")])
def test_own_form__prefilled_copy__keeps_every_part_it_need_not_touch(tmp_path: Path, others: tuple[str, ...]) -> None:
    """Cover, guide and built-in forms come into the bureau's own workbook, which stays as it was drawn."""
    form = own_form(tmp_path / "whole-unit.xlsx")
    copy = prefilled(form, None, *others)
    assert differing(form, copy) == {STRINGS, SHEET} | ADDING_SHEETS
    before, after = (parts_of(path)[SHEET].decode() for path in (form, copy))
    for pattern in KEPT:
        kept = re.findall(pattern, before)
        assert kept, pattern
        assert all(text in after for text in kept), pattern
    assert parts_of(copy)[LISTS] == parts_of(form)[LISTS]
    added = {"data": "部门整体支出数据表", "score": "部门整体支出绩效评分表"}
    around = ["封面", "填表说明", *[added["data"]] * bool(others), "自评表", "选项", *[added["score"]] * bool(others)]
    assert load_workbook(copy).sheetnames == around


def test_own_form__prefilled_copy__known_locked_as_drawn_and_entries_open(tmp_path: Path) -> None:
    """Known values are locked in the bureau's own look, entry cells open and tinted, the control's cell open."""
    sheet = load_workbook(prefilled(own_form(tmp_path / "whole-unit.xlsx")))["自评表"]
    assert (sheet["B2"].value, sheet["A18"].value, sheet["B5"].value) == ("示例教育局", "表样版本：甲-2", 100.5)
    assert sheet["A1"].value == "部门整体支出绩效自评表（2024年度）"
    assert sheet["A17"].value == "填表人：　电话："
    for place in ("B2", "C2", "B5", "A18", "A2", "E5", "F9"):
        assert sheet[place].protection.locked, place
    assert sheet["B2"].fill.fgColor.rgb == "FFDDEEFF"
    for place in ("A9", "C9", "E12", "B14", "B15", "A17"):
        assert not sheet[place].protection.locked, place
        assert sheet[place].fill.fgColor.rgb == "FFFFFBE6", place
    for place in ("F15", "A1"):  # what a control writes to, and the year
        assert not sheet[place].protection.locked, place
        assert sheet[place].fill.fgColor.rgb != "FFFFFBE6", place
    assert sheet["A13"].protection.locked, "a blank line behind the block is no entry"
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows


def test_own_form__text_of_two_fonts__keeps_them(tmp_path: Path) -> None:
    """A tag split over two fonts is still a tag, and the words around it keep theirs."""
    after = parts_of(prefilled(own_form(tmp_path / "whole-unit.xlsx")))[SHEET].decode()
    [runs] = re.findall(r'<c r="A1".*?</c>', after)
    assert [bool(re.search("<b/>", run)) for run in re.findall(r"<r>.*?</r>", runs)] == [True, False, True]
    assert re.findall(r"<t[^>]*>(.*?)</t>", runs) == ["部门整体支出绩效自评表", "（2024", "年度）"]


# ---------------------------------------------------------------- more approved targets than rows


def test_own_form__more_targets_than_rows__rows_put_in_and_everything_moves_along(tmp_path: Path) -> None:
    """Three rows are put in; formulas, lists, formats, names, table, comment, control, chart and picture follow."""
    form = own_form(tmp_path / "whole-unit.xlsx")
    copy = prefilled(form, targets(7))
    sheet = load_workbook(copy)["自评表"]
    assert [sheet.cell(row, 1).value for row in range(9, 16)] == [f"批复指标{number}" for number in range(1, 8)]
    assert [sheet.cell(row, 4).value for row in range(9, 16)] == [5] * 7
    assert [sheet.cell(row, 6).value for row in (12, 13, 15)] == [f"=IF(D{n}>0,E{n}/D{n},0)" for n in (12, 13, 15)]
    assert (sheet["D17"].value, sheet["E17"].value) == ("=SUM(D9:D15)", "=SUM($E$9:$E$15)+B17*0")
    assert all(sheet.cell(row, 1).protection.locked and not sheet.cell(row, 3).protection.locked for row in (9, 13, 15))
    parts = {name: data.decode("utf-8", "replace") for name, data in parts_of(copy).items()}
    for part, text in (
        (SHEET, 'sqref="D9:D15"'),
        (SHEET, 'sqref="E15"><formula1>$D$15</formula1>'),
        (SHEET, "<formula>$B$17&lt;&gt;$E$17</formula>"),
        (SHEET, "<xm:f>选项!$A$1:$A$4</xm:f></x14:formula1><xm:sqref>B18</xm:sqref>"),
        (SHEET, "<xm:sqref>E9:E15</xm:sqref>"),
        (SHEET, "<xm:f>自评表!E9:E15</xm:f><xm:sqref>F17</xm:sqref>"),
        (BOOK, ">自评表!$A$1:$F$21<"),
        (BOOK, ">自评表!$8:$8<"),
        (BOOK, ">自评表!$B$17<"),
        ("xl/tables/table1.xml", 'ref="A23:C25"'),
        ("xl/comments1.xml", 'ref="B17"'),
        ("xl/ctrlProps/ctrlProp1.xml", 'fmlaLink="$F$18" fmlaRange="选项!$A$1:$A$4"'),
        ("xl/charts/chart1.xml", "<c:f>自评表!$D$9:$D$15</c:f>"),
        ("xl/drawings/drawing1.xml", "<xdr:row>22</xdr:row>"),
        ("xl/drawings/vmlDrawing1.vml", "<x:Row>16</x:Row>"),
    ):
        assert text in parts[part], (part, text)
    assert parts[LISTS] == parts_of(form)[LISTS].decode()
    untouched = {
        name for name in parts_of(form) if "media" in name or "theme" in name or name.endswith("vmlDrawing2.vml")
    }
    assert untouched
    assert not untouched & differing(form, copy)


def test_built_in_form__targets_by_group__fill_their_own_rows(tmp_path: Path) -> None:
    """A group with too few rows gets more, its merged label grows, and the live checks take the new rows in."""
    form = builtin_forms()["whole-unit"]
    write_prefilled(tmp_path / "out.xlsx", [form], UNIT, SEASON, targets(5, level2="数量指标"))
    sheet, drawn = load_workbook(tmp_path / "out.xlsx")["部门整体支出绩效自评表"], load_workbook(form).worksheets[0]
    first = next(cell.row for row in drawn for cell in row if cell.value == "一级指标") + 1
    names = [sheet.cell(row, 4).value for row in range(first, first + 8)]
    assert names == [*(f"指标{number}：批复指标{number}" for number in range(1, 6)), "指标1：", "指标2：", "……"]
    assert sheet.cell(first + 5, 3).value == "质量指标"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {f"C{first}:C{first + 4}", f"B{first}:B{first + 13}"} <= merged
    total = next(cell.row for row in sheet for cell in row if cell.value == "总分")
    [weights] = [cell.value for row in sheet for cell in row if "T03" in str(cell.value) and "SUM(" in str(cell.value)]
    assert f"SUM(INDEX($G:$G,ROW($G${first - 1})+1):INDEX($G:$G,ROW($G${total})-1))" in weights
    assert sheet.row_dimensions[first + 3].height == drawn.row_dimensions[first + 1].height
    assert "批复目标" not in load_workbook(tmp_path / "out.xlsx").sheetnames


def untold() -> list[ApprovedTarget]:
    """A target whose words tell no group."""
    return [ApprovedTarget("示例教育局", "whole-unit", None, "工作推进情况", "有序推进", Decimal(5))]


@pytest.mark.parametrize(
    ("level1", "name", "target", "group"),
    [
        ("", "办件数", "≥5件", "数量指标"),
        ("", "参训人员满意度", "≥95%", "服务对象满意度指标"),
        ("", "验收合格率", "100%", "质量指标"),
        ("", "完成时间", "9月底前", "时效指标"),
        ("", "维修成本", "≤5万元", "成本指标"),
        ("产出指标", "工作推进情况", "有序推进", "数量指标"),
        ("效益指标", "带动就业人数", "≥100人", "社会效益指标"),
        ("满意度指标", "群众评价", "较好", "服务对象满意度指标"),
    ],
)
def test_target__without_second_level__stands_in_the_group_that_its_words_tell(
    tmp_path: Path, level1: str, name: str, target: str, group: str
) -> None:
    """Name, value and first level tell where a target belongs when its second level was not written."""
    form = builtin_forms()["whole-unit"]
    one = ApprovedTarget("示例教育局", "whole-unit", None, name, target, Decimal(5), level1=level1)
    write_prefilled(tmp_path / "out.xlsx", [form], UNIT, SEASON, [one])
    book = load_workbook(tmp_path / "out.xlsx")
    sheet = book["部门整体支出绩效自评表"]
    row = next(cell.row for cells in sheet for cell in cells if cell.value == f"指标1：{name}")
    assert (sheet.cell(row, 3).value, sheet.cell(row, 5).value) == (group, target)
    assert "批复目标" not in book.sheetnames


def test_targets__of_no_group_that_the_form_has__are_listed_for_copying(tmp_path: Path) -> None:
    """Nobody guesses where a target belongs: it stands on a sheet of its own, and the form's rows stay open."""
    form = builtin_forms()["whole-unit"]
    write_prefilled(tmp_path / "out.xlsx", [form], UNIT, SEASON, [*untold(), *targets(2, level2="别的指标")])
    listed = [cell.value for cell in load_workbook(tmp_path / "out.xlsx")["批复目标"]["B"]]
    assert listed[4:] == ["工作推进情况", "批复指标1", "批复指标2"]


def test_targets__split_over_cells__are_split(tmp_path: Path) -> None:
    """A form with a sign, a figure and a unit apart gets each in its own cell; a sentence stays whole."""
    form = Path(__file__).parents[2] / "examples" / "own-form" / "whole-unit.xlsx"
    approved = [*targets(1), ApprovedTarget(UNIT.name, "whole-unit", None, "会议", "至少3次，出席率95%")]
    write_prefilled(tmp_path / "out.xlsx", [form], UNIT, SEASON, approved)
    sheet = load_workbook(tmp_path / "out.xlsx")[load_workbook(form).sheetnames[0]]
    assert [sheet[f"{column}11"].value for column in "BCDF"] == ["批复指标1", "场", "≥", 1]
    assert [sheet[f"{column}12"].value for column in "BCDF"] == ["会议", None, None, "至少3次，出席率95%"]
    assert sheet["F11"].protection.locked
    assert not sheet["G11"].protection.locked


def test_approved_targets__of_a_project__stand_in_its_rows(tmp_path: Path) -> None:
    """A project's own workbook has its own targets, and nobody else's."""
    approved = [ApprovedTarget(UNIT.name, "project", "校舍维修", "维修面积", "≥900平方米", None, level2="数量指标")]
    for project, names in (("校舍维修", ["指标1：维修面积"]), ("别的", ["指标1："])):
        write_prefilled_project(tmp_path / "out.xlsx", builtin_forms()["project"], UNIT, SEASON, project, approved)
        sheet = load_workbook(tmp_path / "out.xlsx")["项目支出绩效自评表"]
        assert [cell.value for row in sheet for cell in row if str(cell.value).startswith("指标1")][:1] == names


# ---------------------------------------------------------------- odd dress


GRADE = b"<t>{{ grade }}</t>"
DRESSES = {
    "prefixed": dict.fromkeys((SHEET, LISTS, STRINGS, STYLES, BOOK), prefixed),
    "strict": dict.fromkeys((SHEET, LISTS, STRINGS, STYLES, BOOK, "_rels/.rels", "xl/_rels/workbook.xml.rels"), strict),
    "CDATA": {STRINGS: lambda data: data.replace(GRADE, b"<t><![CDATA[{{ grade }}]]></t>")},
    "no addresses": {SHEET: lambda data: re.sub(rb'<c r="[A-E]4"', b"<c", data)},
    "no shared texts": {
        SHEET: lambda data: data.replace(b't="s"><v>1</v>', b't="inlineStr"><is><t>\xe5\x90\x8d</t></is>')
    },
    "tag in a run": {
        STRINGS: lambda data: data.replace(b"<t>{{ grade }}</t>", b"<r><t>{</t></r><r><t>{grade}}</t></r>")
    },
}


def plain_form(path: Path) -> Path:
    """A form of two sheets without drawings, for other dresses of its XML."""
    with xlsxwriter.Workbook(path) as book:
        sheet, more = book.add_worksheet("自评表"), book.add_worksheet("附页")
        rows = (
            ["部门整体支出绩效自评表（{{ year }}年度）"],
            ["单位名称", "{{ unit.name }}"],
            ["三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            ["{{ indicators.name }}", "{{ indicators.target }}", "{{ indicators.actual }}", "{{ indicators.weight }}"],
            [],
            ["总分", "{{ total_score }}", "", "等级", "{{ grade }}"],
        )
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.write_formula("F6", "=SUM(D4:D5)", None, 0)
        more.write_formula("A1", "=自评表!B6", None, 0)
    return path


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("count", [1, 6])
def test_form__in_odd_dress__is_filled_all_the_same(tmp_path: Path, dress: str, count: int) -> None:
    """Prefixes, the Strict variant and CDATA change nothing; rows are put in there too."""
    form = change(plain_form(tmp_path / "whole-unit.xlsx"), DRESSES[dress])
    copy = prefilled(form, targets(count))
    reading = read_workbook(copy.read_bytes(), load_lexicon([plain_form(tmp_path / "plain.xlsx")]))
    texts = {cell.address: cell.text for cell in reading.unused}
    assert texts.get("B2") == UNIT.name or any(one.unit_name == UNIT.name for one in reading.submissions)
    after = parts_of(copy)
    assert b"{{" not in b"".join(after.values())
    moved = 4 + max(2, count)
    assert f"自评表!B{moved}".encode() in after[LISTS]
    assert f"批复指标{count}".encode() in after[SHEET]


def test_form__tag_in_a_merged_cell_and_on_a_second_sheet__has_its_value_in_both(tmp_path: Path) -> None:
    """A sheet beside the form may name the unit too; the whole unit's money goes into the form."""
    book = Workbook()
    first, second = book.worksheets[0], book.create_sheet("封底")
    for sheet in (first, second):
        sheet["A2"], sheet["B2"] = "单位名称", "{{ unit.name }}"
        sheet.merge_cells("B2:D2")
    first["A1"], first["B3"] = "{{ form: whole-unit }}", "{{ budget.total.initial }}"
    book.save(tmp_path / "两张表.xlsx")
    made = load_workbook(prefilled(tmp_path / "两张表.xlsx"))
    assert [made[name]["B2"].value for name in (first.title, "封底")] == [UNIT.name] * 2
    assert (made[first.title]["B3"].value, made[first.title]["A1"].value) == (100.5, None)
    assert made["封底"]["D2"].protection.locked


def test_form__tags_in_a_table_and_at_the_foot_of_the_page__are_filled(tmp_path: Path) -> None:
    """A table's header cells are its column names too, and Excel wants them the same; the foot shows the unit."""
    form = tmp_path / "whole-unit.xlsx"
    with xlsxwriter.Workbook(form) as book:
        sheet = book.add_worksheet("自评表")
        heads = ("三级指标", "{{ year }}年指标值", "实际完成值")
        sheet.add_table("A2:C4", {"name": "指标", "columns": [{"header": head} for head in heads]})
        sheet.write_row("A3", ("{{ indicators.name }}", "{{ indicators.target }}", "{{ indicators.actual }}"))
        sheet.write_string("A5", "单位名称：{{ unit.name }}")
        sheet.set_footer("&C{{ unit.name }}&R&P")
    copy = prefilled(form, targets(4))
    made = load_workbook(copy)["自评表"]
    table = made.tables["指标"]
    assert (table.ref, [column.name for column in table.tableColumns][1]) == ("A2:C6", "2024年指标值")
    assert (made["B2"].value, made["A6"].value, made["A7"].value) == (
        "2024年指标值",
        "批复指标4",
        "单位名称：示例教育局",
    )
    assert made.oddFooter.center.text == "示例教育局"
    assert b"{{" not in b"".join(parts_of(copy).values())


def test_forms__that_can_not_lie_in_one_workbook__come_in_several(tmp_path: Path) -> None:
    """Two own forms with a sheet of one name would overwrite each other: each goes out as its own workbook."""
    forms = [plain_form(tmp_path / "whole-unit.xlsx"), plain_form(tmp_path / "乙表.xlsx")]
    made = Copies(SEASON).standard([*forms, builtin_forms()["data"]], UNIT)
    assert [title for title, _ in made] == ["部门整体支出数据表", "自评表"]
    for _, data in made:
        assert UNIT.name.encode() in b"".join(parts_of(data).values())


def test_forms__two_own_ones_with_pictures__lie_in_one_workbook(tmp_path: Path) -> None:
    """The second form brings its pictures, comments, control and print settings under free names."""
    first = own_form(tmp_path / "whole-unit.xlsx")
    other = own_form(tmp_path / "data.xlsx")
    renamed = {"自评表": "数据表", "选项": "选项乙", "总分格": "总分格乙", "等级表": "等级表乙", "附表": "附表乙"}

    def rename(data: bytes) -> bytes:
        for old, new in renamed.items():
            data = data.replace(old.encode(), new.encode())
        return data

    names = [name for name in parts_of(other) if name.endswith(".xml") and name != STRINGS]
    change(other, dict.fromkeys(names, rename))
    copy = prefilled(first)
    write_prefilled(copy, [other, first], UNIT, SEASON)
    after = parts_of(copy)
    for kind in ("drawings/drawing", "ctrlProps/ctrlProp", "comments", "tables/table", "charts/chart"):
        assert len([name for name in after if name.startswith(f"xl/{kind}") and "_rels" not in name]) == 2, kind
    sheets = [data.decode() for name, data in after.items() if name.startswith("xl/worksheets/sheet")]
    assert sum(NEWER_LIST.split("<xm:sqref>")[0].split("count")[0] in sheet for sheet in sheets) == 2
    book = load_workbook(copy)
    assert book.sheetnames == ["封面", "填表说明", "数据表", "选项乙", "自评表", "选项"]
    assert book["数据表"].print_title_rows == book["自评表"].print_title_rows == "$8:$8"
    assert book["数据表"]["B2"].value == UNIT.name


@pytest.mark.render
def test_own_form__with_rows_put_in_and_others_beside__opens(tmp_path: Path) -> None:
    """A program other than ours opens the copy and shows every sheet's pages."""
    copy = prefilled(own_form(tmp_path / "whole-unit.xlsx"), targets(7), "data", "score")
    assert convert(copy, "pdf", tmp_path / "out").stat().st_size > 20_000


def test_form__with_very_many_rows__is_filled(tmp_path: Path) -> None:
    """Thousands of rows behind the form move along when rows are put in."""
    form = plain_form(tmp_path / "whole-unit.xlsx")
    many = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(7, 5_007))
    change(form, {SHEET: lambda data: data.replace(b"</sheetData>", many.encode() + b"</sheetData>")})
    after = parts_of(prefilled(form, targets(4)))[SHEET]
    assert b'<row r="5008"><c r="A5008"><v>5006</v></c></row></sheetData>' in after


# ---------------------------------------------------------------- what can't be a form


@pytest.mark.parametrize(
    ("name", "data"),
    [("project.xlsx", b"no workbook"), ("project.xlsx", b""), ("project.xlsx", None)],
)
def test_form__that_can_not_be_opened__refused_with_its_name(tmp_path: Path, name: str, data: bytes | None) -> None:
    """A form that is no workbook, or is gone, is refused by its name, with a remedy."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(Refused, match=r"表样 project\.xlsx") as refused:
        write_blank(tmp_path / "out.xlsx", tmp_path / name, SEASON)
    assert refused.value.remedy


def test_own_form__copies_twice__same_bytes(tmp_path: Path) -> None:
    """No clock enters a copy."""
    form = own_form(tmp_path / "whole-unit.xlsx")
    assert prefilled(form, targets(7)).read_bytes() == prefilled(form, targets(7)).read_bytes()
