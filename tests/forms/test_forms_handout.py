"""`evalbatch templates`: what lies in the output folder, by command only."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from forms.forms_of_a_bureau import own_form
from openpyxl import Workbook, load_workbook

from evalbatch.cli.main import cli
from evalbatch.model import Refused

pytestmark = pytest.mark.command

OWN = Path(__file__).parents[2] / "examples" / "own-form" / "whole-unit.xlsx"
ROSTER = ("单位编码", "单位名称", "应报表格", "截止日期", "全年预算数（万元）")
APPROVED = ("单位名称", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值")


def campaign(folder: Path, owes: str = '["whole-unit", "data", "score", "project"]') -> Path:
    """A campaign of three units, one of them exempt, one with a deadline of its own."""
    folder.mkdir()
    settings = f'[campaign]\ndistrict = "示例区"\nyear = 2024\ndeadline = 2025-05-31\nowes = {owes}\n'
    (folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    rows = [
        ("001", "示例教育局", "", "", 120),
        ("002", "示例水务局", "", "2025-06-15", None),
        ("", "示例站", "免报", "", ""),
    ]
    write(folder / "units.xlsx", ROSTER, rows)
    return folder


def write(path: Path, head: tuple, rows: list[tuple]) -> None:
    book = Workbook()
    for row in (head, *rows):
        book.worksheets[0].append(row)
    book.save(path)


def templates(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, ["templates", *map(str, words)])


def made(folder: Path) -> list[str]:
    """The workbooks in the output folder."""
    output = folder / "output" / "templates"
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*.xlsx"))


def test_templates__run__gives_blanks_and_one_folder_a_unit(tmp_path: Path) -> None:
    """Each unit that owes gets one standard workbook and one for its projects; its code, deadline and figures in."""
    folder = campaign(tmp_path / "batch")
    assert templates(folder).exit_code == 0
    titles = ("部门整体支出数据表", "部门整体支出绩效自评表", "部门整体支出绩效评分表", "项目支出绩效自评表")
    blanks = [f"空白表/{title}.xlsx" for title in titles]
    units = [("001", "示例教育局"), ("002", "示例水务局")]
    own = [f"预填表/{code}_{name}/{name}_{what}.xlsx" for code, name in units for what in ("自评表", "项目自评表_项目")]
    assert made(folder) == sorted([*blanks, *own, "填表要点.xlsx"])
    for (code, name), day in zip(units, ("5月31日", "6月15日"), strict=True):
        book = load_workbook(folder / "output" / "templates" / "预填表" / f"{code}_{name}" / f"{name}_自评表.xlsx")
        assert book.sheetnames[:3] == ["封面", "填表说明", "部门整体支出数据表"]
        assert day in book["填表说明"]["B7"].value
        assert [book["封面"]["B12"].value, book["封面"]["B13"].value] == [name, code]


def test_templates__own_form_under_another_name__takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    """The form's own tag counts, not its file's name: money and targets go in as into the built-in form."""
    folder = campaign(tmp_path / "batch", '["whole-unit"]')
    (folder / "input_templates").mkdir()
    book = load_workbook(OWN)
    book.worksheets[0]["A19"] = "{{ form: whole-unit }}"
    book.save(folder / "input_templates" / "高新区整体表.xlsx")
    write(folder / "approved_targets.xlsx", APPROVED, [("示例教育局", "", "", "", "招商项目", "≥3个", 10)])
    assert templates(folder).exit_code == 0
    assert "空白表/高新区整体表.xlsx" in made(folder)
    assert "空白表/部门整体支出绩效自评表.xlsx" not in made(folder)
    sheet = load_workbook(folder / "output/templates/预填表/001_示例教育局/示例教育局_自评表.xlsx")[book.sheetnames[0]]
    assert (sheet["B4"].value, sheet["F6"].value, sheet["B11"].value, sheet["F11"].value) == (
        "示例教育局", 120, "招商项目", 3,
    )  # fmt: skip
    assert sheet["A19"].value is None


def test_templates__own_form_with_everything_in_it__keeps_it(tmp_path: Path) -> None:
    """By command too a bureau's form keeps its pictures, controls and lists, beside built-in forms."""
    folder = campaign(tmp_path / "batch")
    (folder / "input_templates").mkdir()
    shutil.copy(own_form(tmp_path / "own.xlsx"), folder / "input_templates" / "whole-unit.xlsx")
    assert templates(folder).exit_code == 0
    data = (folder / "output/templates/预填表/001_示例教育局/示例教育局_自评表.xlsx").read_bytes()
    for part in (b"xl/ctrlProps/ctrlProp1.xml", b"xl/media/image1.png", b"xl/drawings/vmlDrawing1.vml"):
        assert part in data


def test_templates__target_of_a_unit_off_the_roster__refused_with_every_way_out(tmp_path: Path) -> None:
    """The message names file, row and unit; the remedies are alternatives."""
    folder = campaign(tmp_path / "batch")
    write(folder / "approved_targets.xlsx", APPROVED, [("示例教育厅", "", "", "", "培训", "≥3场", 10)])
    refused = templates(folder).exception
    assert isinstance(refused, Refused)
    assert refused.message == "approved_targets.xlsx 第2行的单位“示例教育厅”不在名单中。"
    assert refused.remedy.count("或者") == 2
    assert "示例教育局" in refused.remedy
    assert "；" not in refused.remedy


def test_approved_targets__prefilled_and_only_answered__agree_with_what_was_approved(tmp_path: Path) -> None:
    """A unit that fills in what is open, in the rows that were there and in those put in, gets no T02."""
    folder = campaign(tmp_path / "batch", '["whole-unit"]')
    approved = [(f"办件数{number}", f"≥{number}件") for number in range(1, 6)]
    rows = [("示例教育局", "", "产出指标", "数量指标", name, target, 10) for name, target in approved]
    write(folder / "approved_targets.xlsx", APPROVED, rows)
    assert templates(folder).exit_code == 0
    path = folder / "output/templates/预填表/001_示例教育局/示例教育局_自评表.xlsx"
    book = load_workbook(path)
    sheet = book["部门整体支出绩效自评表"]
    for row in sheet.iter_rows():
        for cell in row:
            if "办件数" in str(cell.value):
                assert sheet.cell(cell.row, cell.column + 1).protection.locked
                sheet.cell(cell.row, cell.column + 2).value = "9件"
                sheet.cell(cell.row, cell.column + 4).value = 10
    book.save(path)
    done = CliRunner().invoke(cli, ["check", str(path), "--campaign", str(folder), "--json"])
    assert "T02" not in {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    done = CliRunner().invoke(cli, ["inspect", str(path), "--campaign", str(folder), "--json"])
    read = [(row["name"], row["target"]) for row in json.loads(done.stdout)["forms"][0]["indicators"]]
    assert read == approved


@pytest.mark.parametrize("name", ["missing.xlsx", "broken.xlsx", "folder"])
def test_templates_check__file_that_can_not_be_opened__says_so_and_looks_at_the_next(tmp_path: Path, name: str) -> None:
    """It ends with 1, as for any form that can't be used."""
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "folder").mkdir()
    done = templates("check", tmp_path / name, OWN)
    assert done.exit_code == 1
    assert f"表样 {name}" in done.output
    assert done.output.count("还不能使用") == 1
    assert done.output.endswith("可以使用。\n")


def test_templates_check__without_a_form__is_wrong_usage() -> None:
    """Nothing to check is no success."""
    assert templates("check").exit_code == 2


def test_templates__unit_renamed__names_the_old_copies(tmp_path: Path) -> None:
    """What an earlier roster made stays in the folder, and the message says which not to send."""
    folder = campaign(tmp_path / "batch", '["data"]')
    assert "以前生成" not in templates(folder).output
    write(folder / "units.xlsx", ROSTER, [("001", "示例教育体育局", "", "", 120)])
    said = templates(folder).output
    assert "预填表/001_示例教育局/示例教育局_自评表.xlsx" in said
    assert "预填表/001_示例教育体育局" not in said


def test_templates__two_forms_in_one_file__is_refused(tmp_path: Path) -> None:
    """Tags on two sheets with rows of their own are two forms; the sheets are named, with what to do."""
    folder = campaign(tmp_path / "batch")
    (folder / "input_templates").mkdir()
    book = load_workbook(OWN)
    book.copy_worksheet(book.worksheets[0]).title = "第二张"
    book.save(folder / "input_templates" / "whole-unit.xlsx")
    for said in (templates(folder), templates("check", folder / "input_templates" / "whole-unit.xlsx")):
        assert said.exit_code != 0
        assert "有2张打了标签的表" in f"{said.output}{said.exception}"


def test_due_project__on_a_form_of_its_own__is_missed_by_that_name(tmp_path: Path) -> None:
    """Who owes projects on the bureau's own form is not asked for the built-in one."""
    folder = campaign(tmp_path / "batch", '["转移支付"]')
    own = Path(__file__).parents[2] / "examples" / "own-rules-2024" / "input_templates" / "转移支付.xlsx"
    (folder / "input_templates").mkdir()
    shutil.copy(own, folder / "input_templates")
    write(folder / "approved_targets.xlsx", APPROVED, [("示例教育局", "修缮", "", "", "面积", "≥3平方米", "")])
    (folder / "inbox").mkdir()
    (folder / "inbox" / "说明.txt").write_text("无", encoding="utf-8")
    CliRunner().invoke(cli, ["run", str(folder)])
    run = json.loads((folder / "output" / "run.json").read_text(encoding="utf-8"))
    [unit] = [unit for unit in run["units"] if unit["name"] == "示例教育局"]
    assert "没有收到应报项目“修缮”的“转移支付”。" in " ".join(found["message"] for found in unit["findings"])
