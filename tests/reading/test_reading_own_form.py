"""docs/zh/own-form.md, done: a bureau's own form is checked, put into a campaign, filled and read, without code."""

import io
import shutil
from decimal import Decimal
from pathlib import Path

from click.testing import CliRunner
from drawn_forms import fill_tags
from openpyxl import Workbook, load_workbook

from evalbatch.cli.main import cli
from evalbatch.forms.places import form_paths
from evalbatch.model import Submission
from evalbatch.reading.form_check import check_form
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook

ROOT = Path(__file__).parents[2]
FORM = ROOT / "examples" / "own-form" / "whole-unit.xlsx"
FILLED = {
    "year": 2024,
    "unit.name": "示例区商务局",
    "unit.code": "105001",
    "prepared_by": "张三",
    "phone": "68001234",
    "budget.total.initial": Decimal("5000"),
    "budget.total.adjusted": Decimal("4800"),
    "budget.total.executed": Decimal("3805.12"),
    "budget.total.rate": Decimal("79.27"),
    "budget.total.weight": Decimal("10"),
    "budget.total.score": Decimal("7.93"),
    "budget.appropriation.initial": Decimal("4500"),
    "budget.appropriation.adjusted": Decimal("4300"),
    "budget.appropriation.executed": Decimal("3400.12"),
    "goal": "引进企业20家。",
    "goal_actual": "引进企业22家。",
    "indicators.name": "引进企业数",
    "indicators.measure": "家",
    "indicators.bound": "≥",
    "indicators.target": Decimal("20"),
    "indicators.actual": "22",
    "indicators.weight": Decimal("50"),
    "indicators.score": Decimal("50"),
    "total_weight": Decimal("100"),
    "total_score": Decimal("97.93"),
    "filled_on": "2025-02-28",
}
SECOND = {"B12": "满意度", "C12": "%", "D12": "≥", "E12": 90, "G12": 95, "H12": 100, "I12": 40, "J12": 40, "K12": "是"}


def filled_copy() -> bytes:
    """A unit's copy: the tags' values, and a second indicator whose target was never adjusted."""
    book = load_workbook(FORM)
    sheet = book.worksheets[0]
    fill_tags(sheet, FILLED)
    for address, value in SECOND.items():
        sheet[address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def campaign_forms(folder: Path) -> tuple[Path, ...]:
    """The forms of a campaign whose input_templates holds the bureau's own one."""
    folder.mkdir()
    shutil.copy(FORM, folder)
    return form_paths(folder)


def money(one: Submission) -> list[tuple[object, ...]]:
    return [(line.item, line.kind, line.initial, line.adjusted, line.executed) for line in one.budget]


def test_own_form__check__says_what_the_page_shows() -> None:
    """Every tag comes back from its own cell, and the page has the command's real output."""
    done = CliRunner().invoke(cli, ["templates", "check", str(FORM)])
    assert done.exit_code == 0
    assert done.output in (ROOT / "docs/zh/own-form.md").read_text(encoding="utf-8")


def test_own_form__filled_copy__is_read_in_every_field(tmp_path: Path) -> None:
    """主管部门 is the unit here; 调整指标值 counts, and 年初指标值 where it is blank."""
    reading = read_workbook(filled_copy(), load_lexicon(campaign_forms(tmp_path / "input_templates")))
    [one] = reading.submissions
    assert (one.form, one.year, one.unit_name, one.unit_code) == ("whole-unit", 2024, "示例区商务局", "105001")
    assert (one.prepared_by, one.phone, str(one.filled_on), one.version) == ("张三", "68001234", "2025-02-28", "CQ-1.0")
    assert money(one) == [
        ("总量", "total", 5000, 4800, Decimal("3805.12")),
        ("其中：区级资金", "appropriation", 4500, 4300, Decimal("3400.12")),
    ]
    assert (one.budget[0].weight, one.budget[0].rate, one.budget[0].score) == (10, Decimal("79.27"), Decimal("7.93"))
    assert (one.goal, one.goal_actual) == ("引进企业20家。", "引进企业22家。")
    rows = [(row.name, row.target, row.actual, row.weight, row.score) for row in one.indicators]
    assert rows == [("引进企业数", "≥20家", "22", 50, 50), ("满意度", "≥90%", "95", 40, 40)]
    assert [row.cells["target"].address for row in one.indicators] == ["F11", "E12"]
    assert (one.total_weight, one.total_score) == (100, Decimal("97.93"))
    assert reading.findings == ()


def test_own_form__its_meaning_of_a_label__stays_its_own(tmp_path: Path) -> None:
    """On the project form of the same campaign 主管部门 is the department still."""
    rows = [
        ["项目支出绩效自评表（2024年度）"],
        ["项目名称", "招商"],
        ["主管部门", "市商务局", "实施单位", "示例区商务局"],
        ["三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["场次", "≥3场", "3场", 100, 100],
    ]
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    [one] = read_workbook(out.getvalue(), load_lexicon(campaign_forms(tmp_path / "input_templates"))).submissions
    assert (one.form, one.department, one.unit_name) == ("project", "市商务局", "示例区商务局")


def test_check_form__field_that_would_not_come_back__is_said(tmp_path: Path) -> None:
    """A score tagged where no column of the table has a label is found at no place once filled."""
    book = load_workbook(FORM)
    sheet = book.worksheets[0]
    sheet["J10"], sheet["J11"], sheet["L20"] = None, None, "{{ indicators.score }}"
    book.save(tmp_path / "whole-unit.xlsx")
    report = check_form(tmp_path / "whole-unit.xlsx")
    assert not report.usable
    assert ["没有读到" in line for line in report.unread] == [True]


def test_own_form__field_in_the_columns_of_money__is_no_amount_of_its_row(tmp_path: Path) -> None:
    """其中：基本支出 stands under 分值 and 执行率: its amount is neither; a source of the bureau's own is money."""
    amounts = ("initial", "adjusted", "executed")
    drawn = (
        ("2024年度部门整体支出绩效自评表",),
        ("单位名称", "", "{{ unit.name }}"),
        ("部门资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        ("", "年度资金总额", *(f"{{{{ budget.total.{one} }}}}" for one in amounts),
         "{{ budget.total.weight }}", "{{ budget.total.rate }}", "{{ budget.total.score }}"),
        ("", "其中：一般公共预算", *(f"{{{{ budget.appropriation.{one} }}}}" for one in amounts),
         "其中：基本支出", "{{ fields.基本支出 }}"),
        ("", "政府性基金拨款", *(f"{{{{ budget.政府性基金.{one} }}}}" for one in amounts),
         "项目支出", "{{ fields.项目支出 }}"),
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
        ("产出指标{{ indicators.level1 }}", "数量指标{{ indicators.level2 }}", "{{ indicators.name }}",
         "{{ indicators.target }}", "{{ indicators.actual }}", "{{ indicators.weight }}", "{{ indicators.score }}"),
        ("总分", "", "", "", "", "{{ total_weight }}", "{{ total_score }}"),
    )  # fmt: skip
    form = tmp_path / "whole-unit.xlsx"
    book = Workbook()
    for row in drawn:
        book.worksheets[0].append(row)
    book.save(form)
    sheet = load_workbook(form).worksheets[0]
    answers = FILLED | {"fields.基本支出": 550, "fields.项目支出": 450}
    answers |= {f"budget.政府性基金.{one}": 400 for one in ("initial", "adjusted", "executed")}
    fill_tags(sheet, answers)
    out = io.BytesIO()
    sheet.parent.save(out)
    [one] = read_workbook(out.getvalue(), load_lexicon([form])).submissions
    assert [(line.item, line.executed, line.rate, line.weight) for line in one.budget] == [
        ("年度资金总额", Decimal("3805.12"), Decimal("79.27"), Decimal(10)),
        ("其中：一般公共预算", Decimal("3400.12"), None, None),
        ("政府性基金拨款", Decimal(400), None, None),
    ]
    assert {entry.name: entry.number for entry in one.fields} == {"基本支出": 550, "项目支出": 450}


def test_check_form__field_behind_printed_choices__says_where_the_tag_goes(tmp_path: Path) -> None:
    """Choices to be ticked are no label that a value stands behind; in front of them, the cell is the value."""
    book = load_workbook(FORM)
    book.worksheets[0]["B4"] = "{{ unit.name }}"
    for place, text in (("A19", "项目类别"), ("B19", "1、部门预算项目 □ 2、专项 □ {{ fields.项目类别 }}")):
        book.worksheets[0][place] = text
    path = tmp_path / "whole-unit.xlsx"
    book.save(path)
    [line] = check_form(path).unread
    assert "B19" in line
    assert "标签写在这一格的最前面" in line
    book.worksheets[0]["B19"] = "{{ fields.项目类别 }}1、部门预算项目 □ 2、专项 □"
    book.save(path)
    assert check_form(path).unread == ()


def test_own_form__under_another_file_name__counts_as_the_form_it_names(tmp_path: Path) -> None:
    """{{ form: whole-unit }} says which form it is; the file's name does not matter then."""
    book = load_workbook(FORM)
    book.worksheets[0]["A19"] = "{{ form: whole-unit }}"
    (tmp_path / "input_templates").mkdir()
    book.save(tmp_path / "input_templates" / "高新区整体表.xlsx")
    [one] = read_workbook(filled_copy(), load_lexicon(form_paths(tmp_path / "input_templates"))).submissions
    assert (one.form, one.unit_name, one.budget[1].kind) == ("whole-unit", "示例区商务局", "appropriation")
