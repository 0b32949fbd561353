"""Adopted forms check themselves: each slip in a form adopted by tags, computed by LibreOffice, against `check`."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from forms.forms_computed import converted, said_in
from forms.forms_of_provinces import adopt, adopt_others
from forms.test_forms_adopted import command
from forms.test_forms_filled import command as read_by
from openpyxl import Workbook, load_workbook
from scoring.scoring_tables import write_scheme

from evalbatch.xlsx.package import Package
from evalbatch.xlsx.rows import insert_rows
from evalbatch.xlsx.workbook import WorkbookPart

SETTINGS = """[campaign]
district = "示例区"
year = 2024
owes = ["部门整体表", "动物防疫", "项目表", "财政专项"]
"""
SCHEME = """
# 评分方案
| 表样 | 对象 | 一级指标 | 三级指标 | 分值 | 分值来源 | 评分方法 | 参数 |
| 财政专项 | 资金执行 | | | 20 | 方案 | 执行率 | |
| 财政专项 | 指标 | | 采购图书 | 80 | 方案 | 按目标值 | 未完成：按比例 |
| 项目表 | 资金执行 | | | 20 | 方案 | 执行率 | |
| 项目表 | 指标 | | | | 表内 | 按目标值 | 未完成：按比例 |
| 动物防疫 | | | | | | 不评分 | |

# 指标分组
| 表样 | 一级指标 | 必设 | 组分值 | 组分值用途 |
| 项目表 | 产出指标 | 是 | 40 | 平分 |
| 项目表 | 效益指标 | 是 | 20 | 平分 |
| 项目表 | 满意度指标 | 是 | 20 | 平分 |
"""
SIGNED = "填表人：张三　联系电话：0759-5550100　填报日期：2025-03-01"
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "部门整体表": {
        "C5": 100, "D5": 110, "E5": 99, "G5": "90%", "H5": 9, "B12": "造林20亩。", "E12": "造林22亩。",
        "C14": "造林面积", "D14": "≥20亩", "E14": "22亩", "F14": 50, "G14": 50,
        "C23": "木材收入", "D23": "≥90万元", "E23": "95万元", "F23": 20, "G23": 20,
        "C25": "满意度", "D25": "≥90%", "E25": "95%", "F25": 20, "G25": 20, "F27": 100, "G27": "99分", "A28": SIGNED,
    },
    "动物防疫": {
        "C3": "强制免疫", "C5": "示例市农业农村局", "E7": 110, "F7": "９９", "G7": "90%", "E8": 100, "F8": "90万元",
        "E9": 0, "F9": 0, "E10": 10, "F10": 9, "B16": "免疫。", "E16": "已免疫。",
        "D18": "免疫只数", "E18": "≥20万只", "F18": "21万只", "D24": "满意度", "E24": "≥90%", "F24": "95%",
    },
    "项目表": {
        "A2": "单位名称：示例区商务局　填报日期：2025-03-01", "B3": "渔船补贴", "B4": "区农业局", "F4": "渔业科",
        "D9": 110, "E9": 99, "F9": "90%", "G9": 18, "D11": "补贴渔船数", "E11": "≥6艘", "F11": "6艘", "G11": 40,
        "D14": "减少捕捞", "E14": "≥50%", "F14": "55%", "G14": 20, "D15": "满意度", "E15": "≥90%", "F15": "95%",
        "G15": 20, "B16": 98, "B17": "无",
    },
    "财政专项": {
        "A4": "填报日期：2025-3-1", "B5": "图书采购", "B6": "区文化局", "D11": 110, "E11": 99, "F11": 0.9, "G11": 18,
        "D13": "采购图书", "E13": "≥500册", "F13": "501册", "G13": 80, "C25": "供应商缺货。", "G26": 98,
    },
}  # fmt: skip
"""A form in order; numbers with a measure and full-width digits are in order too."""
SLIPS: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("部门整体表", "U03", {"A2": "（2023年度）"}),
    ("部门整体表", "F15", {"B12": None}),
    ("部门整体表", "F15", {"G27": None}),
    ("部门整体表", "M02", {"G5": "75%"}),
    ("部门整体表", "M02", {"E5": "105万元"}),
    ("部门整体表", "M11", {"D5": "一百"}),
    ("部门整体表", "T03", {"F14": "45分"}),
    ("部门整体表", "T06", {"D14": None}),
    ("部门整体表", "A01", {"E14": None}),
    ("部门整体表", "A06", {"E14": "6亩", "G14": 15}),
    ("部门整体表", "S01", {"G14": 51}),
    ("部门整体表", "S02", {"G14": "满分"}),
    ("部门整体表", "S03", {"G27": "94.5分"}),
    ("部门整体表", "S04", {"H5": "５分"}),
    ("部门整体表", "S08", {"E14": "6亩", "H14": "干旱"}),
    ("部门整体表", "S12", {"G14": None}),
    ("动物防疫", "M01", {"F7": 105}),
    ("动物防疫", "M01", {"F8": "80万元"}),
    ("动物防疫", "M02", {"G7": "75%"}),
    ("动物防疫", "A01", {"F18": "—"}),
    ("动物防疫", "F15", {"B16": None}),
    ("项目表", "S01", {"G11": 41}),
    ("项目表", "S02", {"B16": "优秀"}),
    ("项目表", "S03", {"B16": 94}),
    ("项目表", "S04", {"G9": 5}),
    ("项目表", "S08", {"F11": "3艘"}),
    ("项目表", "A01", {"F11": None}),
    ("财政专项", "S01", {"G13": 81}),
    ("财政专项", "S08", {"F13": "400册"}),
    ("财政专项", "M02", {"E11": "66万元"}),
)
NEW_ROW = {"C15": "育苗", "D15": "≥3亩", "F15": 5, "F14": 45, "G14": 45}
"""A row put in below the first indicator, without actual and score; the weights still make 100."""


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with the forms, handed out to one unit."""
    folder = tmp_path_factory.mktemp("season") / "2024"
    folder.mkdir()
    adopt(folder / "input_templates")
    adopt_others(folder / "input_templates")
    for name in ("本区整体表", "转移支付表样"):
        (folder / "input_templates" / f"{name}.xlsx").unlink()
    (folder / "evalbatch.toml").write_text(SETTINGS, encoding="utf-8")
    write_scheme(folder / "scheme.xlsx", SCHEME)
    book = Workbook()
    for row in (("单位编码", "单位名称"), ("001", "示例区商务局")):
        book.worksheets[0].append(row)
    book.save(folder / "units.xlsx")
    for path in (folder / "input_templates").iterdir():
        assert command("templates", "check", path).exit_code == 0, path.name
    assert command("templates", folder).exit_code == 0
    return folder


def filled(campaign: Path, form: str) -> Workbook:
    """A unit's copy of a form with the answers typed into its open cells."""
    name = "自评表" if form == "部门整体表" else f"{form}_项目"
    [path] = (campaign / "output" / "templates" / "预填表").rglob(f"*_{name}.xlsx")
    book = load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith("Sheet"))
    for other in [other for other in book.sheetnames if other != sheet.title]:
        del book[other]
    for place, value in ANSWERS[form].items():
        assert not sheet[place].protection.locked, (form, place)
        sheet[place] = value
    return book


@pytest.mark.slow
@pytest.mark.render
def test_adopted_forms_with_a_slip__computed__say_what_check_finds(campaign: Path, tmp_path: Path) -> None:
    """Each slip is said under its code; forms in order say nothing, and `check` finds nothing to correct in them."""
    books = {form: filled(campaign, form) for form in ANSWERS}
    paths = []
    for number, (form, edits) in enumerate([*((form, {}) for form in ANSWERS), *((one, e) for one, _, e in SLIPS)]):
        sheet = books[form].worksheets[0]
        before = {place: sheet[place].value for place in edits}
        for place, value in edits.items():
            sheet[place].value = value
        paths.append(tmp_path / f"{number:02}.xlsx")
        books[form].save(paths[-1])
        for place, value in before.items():
            sheet[place].value = value
    _, checked = read_by("check", paths, "--campaign", str(campaign))
    must = [{found["code"] for found in one["findings"] if found["severity"] == "must-fix"} for one in checked]
    said = [{code for code, _ in said_in(path)} for path in converted(paths, tmp_path / "computed")]
    assert (must[: len(ANSWERS)], said[: len(ANSWERS)]) == ([set()] * len(ANSWERS), [set()] * len(ANSWERS))
    for (form, code, edits), right, own in zip(SLIPS, must[len(ANSWERS) :], said[len(ANSWERS) :], strict=True):
        assert code in right, ("check", form, code, edits, right)
        assert code in own, ("form", form, code, edits, own)


@pytest.mark.slow
@pytest.mark.render
def test_row_put_in__computed__its_blanks_are_counted_and_its_weight_is_in_the_sum(
    campaign: Path, tmp_path: Path
) -> None:
    """A row that Excel puts in has no formulas beside it: the line on top counts its blank actual and score."""
    filled(campaign, "部门整体表").save(tmp_path / "before.xlsx")
    package = Package.read((tmp_path / "before.xlsx").read_bytes())
    workbook = WorkbookPart.read(package, strict=True)
    insert_rows(workbook, workbook.sheets[0], 14, 1)
    with (tmp_path / "after.xlsx").open("wb") as out:
        package.write(out)
    book = load_workbook(tmp_path / "after.xlsx")
    sheet = book.worksheets[0]
    for cell in sheet[15]:
        if cell.column > 8:
            cell.value = None
    for place, value in NEW_ROW.items():
        sheet[place] = value
    book.save(tmp_path / "after.xlsx")
    [path] = converted([tmp_path / "after.xlsx"], tmp_path / "computed")
    assert set(said_in(path)) == set()
    top = [cell.value for cell in load_workbook(path, data_only=True).worksheets[0][1] if cell.value]
    assert "还有2处必填、0处不符，点这里看第一处" in top
