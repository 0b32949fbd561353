"""The built-in forms: the national rows and columns, hints, lists, print settings, and the same bytes each time."""

import re
import subprocess
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from drawn_forms import tags_of, write_blank
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.places import builtin_forms, form_name, form_paths
from evalbatch.model import Refused, Season
from evalbatch.scoring.workbook import load_scheme

NATIONAL_HEADER = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
]
NATIONAL_MONEY = ["年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"]
NATIONAL_GROUPS = {
    "产出指标（50分）": ["数量指标", "质量指标", "时效指标", "成本指标"],
    "效益指标（30分）": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
    "满意度指标（10分）": ["服务对象满意度指标"],
}
DATA_FIELDS = [
    *("编制人数", "年末在职人数", "退休人数", "编外人数"),
    *("收入预算", "收入决算", "支出预算", "支出决算", "基本支出预算", "基本支出决算"),
    *("项目支出预算", "项目支出决算", "公用经费预算", "公用经费决算"),
    *("三公经费预算", "三公经费决算", "因公出国费决算", "公务用车费决算", "公务接待费决算", "上年三公经费决算"),
    *("上年结转", "年末结转结余", "政府采购预算", "政府采购决算", "固定资产总额", "在用固定资产"),
]


@cache
def sheet_of(name: str) -> Worksheet:
    """The one sheet of a built-in form, only looked at."""
    return load_workbook(builtin_forms()[name]).worksheets[0]


def printed(sheet: Worksheet, row: int) -> list[Cell | MergedCell]:
    """The cells of a row that are printed; the live checks stand to their right."""
    return list(sheet[row][: sheet[sheet.print_area.split(":")[1].replace("$", "")].column])


def filled(sheet: Worksheet, row: int) -> list[object]:
    """What stands in a row of the printed form, from left to right."""
    return [cell.value for cell in printed(sheet, row) if cell.value is not None]


def untagged(cell: Cell | MergedCell) -> str:
    """What a cell prints beside its tag."""
    return str(cell.value).split("{{")[0]


def row_of(sheet: Worksheet, text: str) -> int:
    """The first row that holds a text."""
    return next(cell.row for row in sheet for cell in row if cell.value == text)


@pytest.mark.parametrize("name", ["project", "whole-unit"])
def test_self_evaluation_form__money__four_lines_of_three_amounts(name: str) -> None:
    """The block of money has the national columns, and its four lines from total to other funds."""
    sheet = sheet_of(name)
    header = row_of(sheet, "年初预算数")
    assert filled(sheet, header)[1:] == ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    assert [sheet.cell(header + at, 2).value for at in range(1, 5)] == NATIONAL_MONEY
    assert [sheet.cell(header + at, 7).value for at in range(1, 5)] == ["10{{ budget.total.weight }}", *"———"]


@pytest.mark.parametrize("name", ["project", "whole-unit"])
def test_self_evaluation_form__indicators__three_rows_a_kind_in_national_order(name: str) -> None:
    """Each second-level indicator has 指标1, 指标2 and …… under its first-level one."""
    sheet = sheet_of(name)
    header = row_of(sheet, "一级指标")
    assert [cell.value for cell in printed(sheet, header)[1:]] == NATIONAL_HEADER
    levels: dict[str, list[str]] = {}
    for row in range(header + 1, row_of(sheet, "总分")):
        if sheet.cell(row, 2).value:
            level1 = levels.setdefault(untagged(sheet.cell(row, 2)), [])
        if sheet.cell(row, 3).value:
            level1.append(untagged(sheet.cell(row, 3)))
            names = [untagged(sheet.cell(row + at, 4)) for at in range(3)]
            assert names == ["指标1：", "指标2：", "……"]
    assert levels == NATIONAL_GROUPS


@pytest.mark.parametrize("name", ["project", "whole-unit", "data", "score"])
def test_form__every_one__has_version_mark_and_prints_on_one_page_width(name: str) -> None:
    """A form bears its version, is A4, one page wide, with page numbers; no formula among what is filled in."""
    sheet = sheet_of(name)
    texts = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    assert any(text.startswith("表样版本：") for text in texts)
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0
    assert "&P" in sheet.oddFooter.center.text
    assert not any(cell.data_type == "f" for row in range(1, sheet.max_row + 1) for cell in printed(sheet, row))


@pytest.mark.parametrize("name", ["whole-unit", "score"])
def test_grade__drop_down__offers_the_four_grades(name: str) -> None:
    """The grade is chosen from 优, 良, 中, 差."""
    sheet = sheet_of(name)
    place = tags_of(sheet)["grade"].coordinate
    lists = [v for v in sheet.data_validations.dataValidation if place in v.sqref and v.type == "list"]
    assert [v.formula1 for v in lists] == ['"优,良,中,差"']


@pytest.mark.parametrize("name", ["project", "whole-unit"])
def test_levels__drop_downs__offer_first_and_second_level(name: str) -> None:
    """Rows that a unit inserts can be given their levels from a list."""
    sheet = sheet_of(name)
    header = row_of(sheet, "一级指标")
    for column, expected in (("B", list(NATIONAL_GROUPS)), ("C", [*chain(*NATIONAL_GROUPS.values())])):
        place = f"{column}{header + 1}"
        rule = next(v for v in sheet.data_validations.dataValidation if place in v.sqref)
        assert rule.formula1 == f'"{",".join(expected)}"'


def test_entry_cells__hints__say_what_to_write() -> None:
    """Each column of indicators tells how to fill it when the cell is chosen."""
    sheet = sheet_of("whole-unit")
    for name, cell in tags_of(sheet).items():
        if name.startswith("indicators.") and "level" not in name:
            hints = [v.prompt for v in sheet.data_validations.dataValidation if cell.coordinate in v.sqref]
            assert len(hints) == 1, name
            assert hints[0], name


def test_data_form__fields__are_those_that_schemes_compute_with() -> None:
    """The data form has exactly the named fields, each beside its label, and five key projects."""
    sheet = sheet_of("data")
    tags = tags_of(sheet)
    fields = [name.removeprefix("fields.") for name in tags if name.startswith("fields.") and "重点项目" not in name]
    assert fields == DATA_FIELDS
    assert sum(name.startswith("fields.重点项目") for name in tags) == 15
    for name in fields:
        cell = tags[f"fields.{name}"]
        label = next(c.value for c in reversed(sheet[cell.row][: cell.column - 1]) if c.value is not None)
        assert str(label).startswith(f"{name}（")


def test_score_form__rows__are_the_built_in_scheme(tmp_path: Path) -> None:
    """Names, weights and order of the score form are those of the scheme's score lines; the weights make 100."""
    write_blank(tmp_path / "score.xlsx", builtin_forms()["score"], Season("示例区", 2024))
    sheet = load_workbook(tmp_path / "score.xlsx").worksheets[0]
    lines = [line for line in load_scheme(None).lines if line.form == "score" and line.name]
    first = row_of(sheet, "三级指标") + 1
    rows = [(sheet.cell(row, 3).value, sheet.cell(row, 4).value) for row in range(first, row_of(sheet, "总分"))]
    assert rows == [(line.name, line.weight) for line in lines]
    assert sum(line.weight for line in lines) == sheet.cell(row_of(sheet, "总分"), 4).value == 100


def test_make_forms__run_again__gives_the_shipped_bytes(tmp_path: Path) -> None:
    """The forms in the repository are those that the script draws, byte for byte."""
    script = Path(__file__).parents[2] / "scripts" / "make_forms.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for name, path in builtin_forms().items():
        assert (tmp_path / f"{name}.xlsx").read_bytes() == path.read_bytes(), name


def tagged(path: Path, *texts: str) -> Path:
    """A workbook with these texts on its first sheet."""
    book = Workbook()
    for row, text in enumerate(texts or ("{{ unit.name }}",), 1):
        book.worksheets[0].cell(row, 1).value = text
    book.save(path)
    return path


def test_form_paths__own_folder__replaces_by_name_and_adds(tmp_path: Path) -> None:
    """A bureau's own form stands in for the built-in one of its name; a new name is added; locks are no forms."""
    for name in ("~$project.xlsx", "scheme.xlsx", "说明.txt"):
        (tmp_path / name).write_bytes(b"")
    for name in ("project.xlsx", "转移支付.XLSX"):
        tagged(tmp_path / name)
    builtin = builtin_forms()
    assert form_paths(tmp_path) == (
        tmp_path / "project.xlsx",
        builtin["whole-unit"],
        builtin["data"],
        builtin["score"],
        tmp_path / "转移支付.XLSX",
    )
    assert form_paths(None) == tuple(builtin.values())


def test_form_paths__tag_that_names_the_form__goes_before_the_file_name(tmp_path: Path) -> None:
    """{{ form: whole-unit }} in any cell makes a file of any name the whole-unit form."""
    own = tagged(tmp_path / "高新区整体表.xlsx", "{{ unit.name }}", "{{ form: whole-unit }}")
    assert form_name(own) == "whole-unit"
    assert form_paths(tmp_path)[1] == own
    assert len(form_paths(tmp_path)) == 4


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.xlsx": "whole-unit", "b.xlsx": "whole-unit"}, "a.xlsx 和 b.xlsx 都是“whole-unit”这种表"),
        ({"a.xls": None}, "a.xls 不是xlsx格式"),
        ({"a.xlsx": None}, "表样 a.xlsx 打不开"),
    ],
)
def test_form_paths__file_that_can_not_be_a_form__refused_by_its_name(tmp_path: Path, files: dict, said: str) -> None:
    """One clear message names the file and says what to do; a form is never left out in silence."""
    for name, form in files.items():
        if form:
            tagged(tmp_path / name, f"{{{{ form: {form} }}}}", "{{ unit.name }}")
        else:
            (tmp_path / name).write_bytes(b"no workbook")
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        form_paths(tmp_path)
    assert refused.value.remedy
