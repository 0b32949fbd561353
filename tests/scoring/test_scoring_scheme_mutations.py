"""Schemes with one change: each is refused with its sheet, its cell and a remedy, or legal for a reason said here."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from evalbatch.model import Refused
from evalbatch.scoring.sense import Known
from evalbatch.scoring.workbook import load_scheme

BUILTIN = Path(__file__).parents[2] / "input_templates" / "scheme.xlsx"
FIELDS = (
    *("编制人数", "年末在职人数", "收入预算", "收入决算", "支出预算", "支出决算", "基本支出预算", "基本支出决算"),
    *("项目支出预算", "项目支出决算", "公用经费预算", "公用经费决算", "三公经费预算", "三公经费决算", "年末结转结余"),
    *("政府采购预算", "政府采购决算", "固定资产总额", "在用固定资产"),
)
KNOWN = Known(frozenset(FIELDS), frozenset(("project", "whole-unit", "data", "score")), frozenset(("M09", "S04")))

Change = Callable[[Workbook], None]


def put(sheet: str, address: str, value: object) -> Change:
    """Write one cell."""

    def change(book: Workbook) -> None:
        book[sheet][address] = value

    return change


def name(sheet: str, other: str) -> Change:
    """Rename a sheet."""

    def change(book: Workbook) -> None:
        book[sheet].title = other

    return change


def add(sheet: str, text: str) -> Change:
    """Add a sheet with something on it."""

    def change(book: Workbook) -> None:
        book.create_sheet(sheet)["A1"] = text

    return change


def drop(sheet: str, first: int, count: int) -> Change:
    """Delete rows."""

    def change(book: Workbook) -> None:
        book[sheet].delete_rows(first, count)

    return change


def only(sheet: str) -> Change:
    """Rename every sheet but leave none that is understood."""

    def change(book: Workbook) -> None:
        for page in book.worksheets:
            page.title = f"{sheet}{page.title}"

    return change


RULES = "评分方案"
REFUSED: list[tuple[str, Change, str, str]] = [
    # what was done, how, the place, the remedy's words
    ("sheet misspelt", name("等级", "等級划分"), "“等級划分”A1", "等级"),
    ("sheet of the clerk's own", add("打分规则", "甲"), "“打分规则”A1", "评分方案"),
    ("no sheet understood", only("我的"), "没有一张工作表是评分方案的", "评分方案"),
    ("column misspelt", put(RULES, "K3", "计算公试"), "“评分方案”K3", "计算公式"),
    ("column twice", put(RULES, "P3", "参数"), "“评分方案”P3", "只留一栏"),
    ("compulsory column gone", put(RULES, "I3", None), "“评分方案”A3", "评分方法"),
    ("field misspelt", put(RULES, "K12", "支出决祘 / 支出预算"), "“评分方案”K12", "支出决算"),
    ("field of a condition misspelt", put(RULES, "L14", "政府采购预祘 > 0"), "“评分方案”L14", "政府采购预算"),
    ("form misspelt", put(RULES, "A4", "项木"), "“评分方案”A4", "项目"),
    ("method misspelt", put(RULES, "I12", "执行綠"), "“评分方案”I12", "执行率"),
    ("weight too small", put(RULES, "G8", 4), "“评分方案”G31", "满分"),
    ("weight too large", put(RULES, "G8", 6), "“评分方案”G31", "满分"),
    ("weight of nothing", put(RULES, "G31", 0), "“评分方案”G31", "分值"),
    ("weight in words", put(RULES, "G8", "五"), "“评分方案”G8", "数字"),
    ("full mark changed alone", put("设置", "B6", 120), "“评分方案”G31", "满分"),
    ("line twice", put(RULES, "E9", "预算编制合理性"), "“评分方案”E9", "删去"),
    ("all rules gone", drop(RULES, 4, 60), "“评分方案”A1", "删去"),
    ("formula of constants", put(RULES, "K12", "100 / 100"), "“评分方案”K12", "栏目名"),
    ("condition of constants", put(RULES, "L14", "1 > 0"), "“评分方案”L14", "栏目名"),
    ("formula broken", put(RULES, "K12", "(支出决算 / 支出预算"), "“评分方案”K12", "说明"),
    ("standard without direction", put(RULES, "J14", "满分：100%"), "“评分方案”J14", "说明"),
    ("deduction of nothing", put(RULES, "J13", "标准：≤10%；每：1%；扣：0"), "“评分方案”J13", "扣"),
    ("parameter misspelt", put(RULES, "J13", "标准：≤10%；每：1%；扣分：0.5"), "“评分方案”J13", "说明"),
    ("floor above the whole", put(RULES, "J5", "下限：160%"), "“评分方案”J5", "下限"),
    ("unknown tiers", put(RULES, "J5", "定性：某省"), "“评分方案”第5行", "国家"),
    ("grade above the full mark", put("等级", "B4", 190), "“等级”B4", "满分"),
    ("two grades from one score", put("等级", "B5", 90), "“等级”B5", "不同"),
    ("grade twice", put("等级", "A5", "优"), "“等级”A5", "只留一行"),
    ("word of two grades", put("等级", "C5", "优秀"), "“等级”C5", "只出现一次"),
    ("no lowest grade", put("等级", "B7", 10), "“等级”", "最低分为 0"),
    ("grades gone", drop("等级", 4, 10), "“等级”A1", "删去"),
    ("cut of more than there is", put("等级", "E6", 110), "“等级”E6", "不超过 100"),
    ("cut of nothing in words", put("等级", "D6", "压减0%"), "“等级”D6", "清空"),
    ("cut as a share", put("等级", "E6", 0.1), "“等级”E6", "80% 填 80"),
    ("use of results misspelt", put("等级", "D3", "结果运用"), "“等级”D3", "结果应用"),
    ("tiers overlap", put("定性档次", "D5", 90), "“定性档次”D5", "最低等于"),
    ("tiers leave a gap", put("定性档次", "D5", 70), "“定性档次”D5", "最低等于"),
    ("highest tier short of all", put("定性档次", "D4", 95), "“定性档次”D4", "100"),
    ("lowest tier above nothing", put("定性档次", "C6", 5), "“定性档次”C6", "0"),
    ("word of two tiers", put("定性档次", "E5", "达成预期指标"), "“定性档次”E5", "一档"),
    ("setting misspelt", put("设置", "A6", "满份"), "“设置”A6", "满分"),
    ("setting twice", put("设置", "A7", "满分"), "“设置”", "一行"),
    ("provisional above all", put("设置", "B10", 160), "“设置”B10", "100"),
    ("threshold misspelt", put("阈值", "A4", "执行率太低"), "“阈值”A4", "执行率偏低"),
    ("check unknown", put("检查设置", "A4", "M99"), "“检查设置”A4", "explain"),
    ("compulsory field misspelt", put("必填内容", "B4", "全年执行樹"), "“必填内容”B4", "全年执行数"),
]
LEGAL: list[tuple[str, Change]] = [
    # what was done and why that is meant
    ("a sheet of notes, by its name the clerk's own", add("说明（本区）", "依据")),
    ("a rule sheet deleted: the built-in rules stand", lambda book: book.remove(book["阈值"])),
    ("a name of its own for the highest grade", put("等级", "A4", "优良")),
    ("no limits on totals", drop("总分上限", 4, 5)),
    ("a column of the clerk's own", put(RULES, "Q3", "科室意见")),
]


def changed(tmp_path: Path, change: Change) -> Path:
    """The built-in scheme with one change."""
    book = load_workbook(BUILTIN)
    change(book)
    book.save(tmp_path / "本区方案.xlsx")
    return tmp_path / "本区方案.xlsx"


@pytest.mark.parametrize(
    ("change", "place", "remedy"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_mutated_scheme__refused__with_sheet_cell_and_remedy(tmp_path, change, place, remedy):
    """A scheme that says nothing or contradicts itself is never half used, and never replaced by the built-in one."""
    with pytest.raises(Refused) as refused:
        load_scheme(changed(tmp_path, change), KNOWN)
    assert "本区方案.xlsx" in refused.value.message
    assert place in refused.value.message
    assert remedy in f"{refused.value.message}{refused.value.remedy}"


@pytest.mark.parametrize("change", [case[1] for case in LEGAL], ids=[case[0] for case in LEGAL])
def test_mutated_scheme__legal__is_read(tmp_path, change):
    """What a clerk may well mean is not refused."""
    assert load_scheme(changed(tmp_path, change), KNOWN).lines


def test_builtin_scheme__with_the_fields_of_the_builtin_forms__is_in_order():
    """The scheme that everybody starts from passes its own check."""
    assert load_scheme(BUILTIN, KNOWN).full_mark == 100
