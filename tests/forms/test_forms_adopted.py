"""Forms of three provinces adopted by tags alone, through a whole season by command: every figure where it belongs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from forms.forms_of_provinces import adopt
from openpyxl import Workbook, load_workbook
from scoring.scoring_tables import write_scheme

from evalbatch.cli.main import cli

pytestmark = pytest.mark.command

SETTINGS = """[campaign]
district = "示例区"
year = 2024
deadline = 2025-05-31
owes = ["整体表", "转移支付", "财政专项"]
"""
UNITS = [("单位编码", "单位名称", "全年预算数（万元）"), ("001", "示例区商务局", 4800)]
APPROVED = [
    ("单位名称", "表格", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值"),
    ("示例区商务局", "转移支付", "县乡公路", "产出指标", "数量指标", "建设公路", "≥20公里"),
    ("示例区商务局", "财政专项", "图书采购", "产出指标", "数量指标", "采购图书", "≥500册"),
]
SCHEME = """
# 评分方案
| 表样 | 对象 | 一级指标 | 三级指标 | 分值 | 分值来源 | 评分方法 | 参数 |
| 财政专项 | 资金执行 | | | 20 | 方案 | 执行率 | |
| 财政专项 | 指标 | | 采购图书 | 80 | 方案 | 按目标值 | 未完成：不得分 |
| 转移支付 | | | | | | 不评分 | |
"""
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "示例区商务局_自评表.xlsx": {
        "I4": "张三", "K4": "68001234", "D6": 5000, "H6": 4600, "K6": 9.58, "J6": 10,
        "D7": 5000, "F7": 4800, "H7": 4600, "B9": "引进企业20家。", "H9": "引进企业22家。",
        "B11": "引进企业数", "C11": "家", "D11": "≥", "F11": 20, "G11": "22", "I11": 50, "J11": 50,
        "B12": "满意度", "C12": "%", "D12": "≥", "F12": 90, "G12": 95, "I12": 40, "J12": 40,
        "I16": 100, "J16": 99.58, "A17": "填报日期：2025-02-28",
    },
    "示例区商务局_转移支付_县乡公路.xlsx": {
        "C5": "示例市交通局", "E7": 4000, "F7": 4000, "G7": 1, "E8": 4000, "F8": 4000, "C12": "建设公路。",
        "F12": "已建成。", "F14": "21公里", "B35": "资金分配科学，使用规范。",
        "A38": "填表人：李四　联系电话：68001234　填报日期：2025-03-01",
    },
    "示例区商务局_财政专项_图书采购.xlsx": {
        "A4": "填报日期：2025-3-1", "B6": "示例区文化局", "B7": "部门预算项目", "D11": 50, "E11": 45, "F11": 0.9,
        "G11": 18, "F13": "400册", "G13": 60, "C25": "供应商缺货。", "G26": 78,
    },
}  # fmt: skip
"""What the unit types into the open cells of its three copies."""


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, words)))


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with the three forms: handed out, filled in through open cells alone, and run."""
    folder = tmp_path_factory.mktemp("season") / "2024"
    folder.mkdir()
    adopt(folder / "input_templates")
    (folder / "evalbatch.toml").write_text(SETTINGS, encoding="utf-8")
    write_scheme(folder / "scheme.xlsx", SCHEME)
    for name, rows in (("units.xlsx", UNITS), ("approved_targets.xlsx", APPROVED)):
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(folder / name)
    (folder / "inbox").mkdir()
    assert command("templates", folder).exit_code == 0
    handed = folder / "output" / "templates" / "预填表" / "001_示例区商务局"
    assert {path.name for path in handed.iterdir()} == ANSWERS.keys()
    for name, cells in ANSWERS.items():
        book = load_workbook(handed / name)
        sheet = next(sheet for sheet in book.worksheets if sheet.title.endswith(("自评表", "Sheet1")))
        for place, value in cells.items():
            assert not sheet[place].protection.locked, (name, place)
            sheet[place] = value
        book.save(folder / "inbox" / name)
    assert command("run", folder).exit_code == 0
    return folder


def rows_of(folder: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the summary by column, those of totals left out."""
    lines = list(load_workbook(folder / "output" / "汇总.xlsx", data_only=True)[sheet].iter_rows(values_only=True))
    head = next(number for number, line in enumerate(lines) if line[0] in ("单位编码", "名次"))
    named = (dict(zip(map(str, lines[head]), line, strict=True)) for line in lines[head + 1 :])
    return [row for row in named if row["单位编码"] not in (None, "合计")]


def inspected(folder: Path, name: str) -> dict[str, Any]:
    shown = command("inspect", folder / "inbox" / name, "--campaign", folder, "--json").stdout
    return dict(json.loads(shown))


def test_adopted_forms__checked__each_can_be_used_and_says_what_it_counts_as(season: Path) -> None:
    """Every tag comes back; the blank cells without a tag are named, for they would be locked."""
    said = {path.stem: command("templates", "check", path) for path in (season / "input_templates").iterdir()}
    assert {stem: result.exit_code for stem, result in said.items()} == dict.fromkeys(said, 0)
    kinds = {stem: result.output.splitlines()[1] for stem, result in said.items()}
    assert kinds == {
        "本区整体表": "类别：部门整体（金额和得分是单位自己的）",
        "转移支付表样": "类别：项目（金额和得分按项目计）",
        "财政专项表样": "类别：项目（金额和得分按项目计）",
    }
    assert "F6　项目实施单位" in said["财政专项表样"].output
    assert "C4　中央主管部门" in said["转移支付表样"].output


@pytest.mark.parametrize(
    ("copy", "compulsory", "signed"),
    [
        (
            "转移支付_县乡公路",
            "全年执行数、预期目标、实际完成情况、绩效指标。",
            "填表人、联系电话、填报日期不要漏填。用Excel",
        ),
        ("财政专项_图书采购", "全年执行数、绩效指标、总分。", "填报日期不要漏填。用Excel"),
    ],
)
def test_adopted_forms__guide__asks_only_for_what_the_form_has(
    season: Path, copy: str, compulsory: str, signed: str
) -> None:
    """A form without a total, a goal or a place for a name is not said to need one, nor money to be filled in."""
    handed = season / "output" / "templates" / "预填表" / "001_示例区商务局" / f"示例区商务局_{copy}.xlsx"
    lines = [str(row[1]) for row in load_workbook(handed)["填表说明"].iter_rows(values_only=True)]
    assert [line.split("必须填写：")[1] for line in lines if "必须填写：" in line] == [compulsory]
    assert any(line.startswith(signed) for line in lines)
    assert not any("名单上有的预算数" in line for line in lines)


def test_adopted_forms__run__money_projects_and_scores_stand_where_they_belong(season: Path) -> None:
    """The unit's money and score are its own form's, both projects are listed, the transfer payment without score."""
    [money] = rows_of(season, "资金执行")
    assert (money["年初预算数"], money["全年预算数"], money["全年执行数"]) == (5000, 4800, 4600)
    [ranked] = rows_of(season, "得分排名")
    assert (ranked["自评得分"], ranked["复核得分"], ranked["得分来源"]) == (99.58, 99.58, "整体表")
    projects = {row["项目名称"]: row for row in rows_of(season, "项目汇总")}
    assert {name: (row["全年预算数"], row["全年执行数"]) for name, row in projects.items()} == {
        "图书采购": (50, 45),
        "县乡公路": (4000, 4000),
    }
    assert (projects["县乡公路"]["自评得分"], projects["县乡公路"]["复核得分"]) == (None, None)
    assert (projects["图书采购"]["自评得分"], projects["图书采购"]["复核得分"]) == (78, 18)


def test_adopted_forms__in_order__get_no_finding_that_must_be_fixed(season: Path) -> None:
    """What was answered right is called right; 60 points for a missed target, and the total, are not."""
    run = json.loads((season / "output" / "run.json").read_text(encoding="utf-8"))
    must_fix = [(f["code"], f["cell"]) for one in run["files"] for f in one["findings"] if f["severity"] == "must-fix"]
    assert must_fix == [("S04", "G13"), ("S03", "G26")]


def test_adopted_forms__free_fields__are_values_and_rows_of_the_data(season: Path) -> None:
    """资金管理情况, 项目类别 and the common reason are read under the names of their tags, and nothing is unused."""
    read = {name: inspected(season, name) for name in ANSWERS}
    assert [one["unused"] for one in read.values()] == [[], [], []]
    [transfer], [special] = (
        read[f"示例区商务局_{name}.xlsx"]["forms"] for name in ("转移支付_县乡公路", "财政专项_图书采购")
    )
    assert transfer["fields"] == {"资金管理情况": "资金分配科学，使用规范。"}
    assert (special["fields"], special["reason"]) == ({"项目类别": "部门预算项目"}, "供应商缺货。")
    assert (special["kind"], transfer["kind"], transfer["form"]) == ("project", "project", "转移支付")
    fields = (season / "output" / "data" / "fields.csv").read_text(encoding="utf-8-sig")
    assert "资金管理情况" in fields
    assert "供应商缺货。" in (season / "output" / "data" / "submissions.csv").read_text(encoding="utf-8-sig")


def test_adopted_forms__rolled_up__give_the_district_the_same_figures(season: Path, tmp_path: Path) -> None:
    """One level up the district has its own form's money and score."""
    out = tmp_path / "市汇总.xlsx"
    assert command("rollup", season, "--output", out).exit_code == 0
    cells = {
        cell
        for sheet in load_workbook(out, data_only=True)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert {5000, 4800, 4600, 99.58} <= cells
