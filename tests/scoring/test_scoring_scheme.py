"""Scheme workbooks: what a clerk may leave out, what is refused and how it is said, what others ask of a scheme."""

import pickle
import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from scoring.scoring_tables import write_scheme

from evalbatch.model import Refused
from evalbatch.scoring.workbook import load_scheme

D = Decimal
ROOT = Path(__file__).parents[2]


def test_builtin__made_again__the_same_bytes(tmp_path):
    """The workbook in input_templates is what scripts/make_scheme.py makes."""
    runpy.run_path(str(ROOT / "scripts" / "make_scheme.py"))["make"](tmp_path / "scheme.xlsx")
    assert (tmp_path / "scheme.xlsx").read_bytes() == (ROOT / "input_templates" / "scheme.xlsx").read_bytes()


def test_builtin__values__are_the_national_ones():
    """Grades, thresholds and groups stand in the workbook, not in the code."""
    scheme = load_scheme(None)
    assert [scheme.grade_of(D(points)) for points in ("90", "89.99", "80", "60", "59.99")] == [
        "优",
        "良",
        "良",
        "中",
        "差",
    ]
    assert [scheme.accepts_grade(word) for word in ("优秀", "良好", " 优 ", "优良", "好", "")] == [
        "优",
        "良",
        "优",
        *[None] * 3,
    ]
    assert (scheme.threshold("low_execution_rate"), scheme.threshold("over_fulfilment")) == (D(80), D(30))
    assert (scheme.full_mark, scheme.round(D("8.125"))) == (D(100), D("8.13"))
    assert sum(line.weight for line in scheme.indicators("score")) == scheme.full_mark
    assert len(scheme.sha256) == 64
    assert pickle.loads(pickle.dumps(scheme)) == scheme


def test_checks_sheet__off_milder_and_mild_until_a_date(tmp_path):
    """A check is switched off with its reason, made milder, or only asks until a day, that day included."""
    scheme = load_scheme(
        write_scheme(
            tmp_path / "s.xlsx",
            """
# 检查设置
| 检查代码 | 处理 | 仅询问至 | 理由 |
| M09 | 关闭 | | 湛财绩〔2024〕1号：本年不查 |
| S10 | 需核实 | | |
| T06 | | 2024-06-30 | 新表样过渡期 |
""",
        )
    )
    assert (scheme.switched_off("M09"), scheme.switched_off("S10")) == ("湛财绩〔2024〕1号：本年不查", "")
    assert scheme.severity("S10", "must-fix") == "query"
    assert [scheme.severity("T06", "must-fix", day) for day in (date(2024, 6, 30), date(2024, 7, 1), None)] == [
        "query",
        "must-fix",
        "must-fix",
    ]
    assert scheme.severity("A05", "note") == "note"


def test_gaps__whole_sheets_and_forms__come_from_the_builtin_scheme(tmp_path):
    """A workbook with one line for projects keeps the built-in rules for all the rest."""
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", "# 评分方案\n| 表样 | 评分方法 |\n| 项目 | 人工 |\n"))
    builtin = load_scheme(None)
    assert [line.method for line in scheme.of_form("project")] == ["人工"]
    assert scheme.of_form("score") == builtin.of_form("score")
    assert (scheme.grades, scheme.thresholds, scheme.name) == (builtin.grades, builtin.thresholds, "s")


def test_form_of_the_bureau_s_own__without_lines__is_scored_like_a_project():
    """A form by another name has the national rule until the scheme names it."""
    scheme = load_scheme(None)
    assert scheme.of_form("bridges") == scheme.of_form("project")


def test_header__title_above_and_columns_in_another_order__still_read(tmp_path):
    """Clerks put titles above, add columns of their own and change the order."""
    text = "# 等级\n| 某区等级 | | |\n| 备注 | 最低分 | 等级 |\n| 甲 | 85 | A |\n| 乙 | 0 | B |\n"
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    assert [(grade.name, grade.lowest) for grade in scheme.grades] == [("A", D(85)), ("B", D(0))]


USES = """# 等级
| 等级 | 最低分 | 结果应用 | 压减比例（%） |
| 优 | 90 | 保留 | |
| 良 | 80 | 核减预算 5.5％ | |
| 中 | 70 | 按不低于10%压减 | |
| 低 | 60 | 由区政府另行研究 | 20 |
| 差 | 50 | | 30 |
| 劣 | 0 | | |
"""


def test_grades__with_a_use_of_results__keep_the_bureau_s_words_and_the_percent_that_is_certain(tmp_path):
    """A percent comes from its own column, or from words that say nothing but the cut; others tell no amount."""
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", USES))
    assert [(grade.name, grade.use, grade.cut) for grade in scheme.grades] == [
        ("优", "保留", None),
        ("良", "核减预算 5.5％", D("5.5")),
        ("中", "按不低于10%压减", None),
        ("低", "由区政府另行研究", D(20)),
        ("差", "压减30%", D(30)),
        ("劣", "", None),
    ]
    assert {(grade.use, grade.cut) for grade in load_scheme(None).grades} == {("", None)}


LINE = "# 评分方案\n| 表样 | 三级指标 | 分值 | 评分方法 | 参数 | 计算公式 |\n"
BROKEN = [
    (
        "unknown method",
        LINE + "| 项目 | | | 比例法 | | |",
        "评分方案”D2",
        "没有“比例法”这种评分方法",
        "按目标值、执行率",
    ),
    ("method missing", LINE + "| 项目 | 甲 | 5 | | | |", "评分方案”D2", "“评分方法”没有填写", "请填写“评分方法”"),
    ("weight in words", LINE + "| 项目 | 甲 | 五分 | 人工 | | |", "评分方案”C2", "“五分”", "填数字"),
    ("negative weight", LINE + "| 项目 | 甲 | -5 | 人工 | | |", "评分方案”C2", "“-5”", "填数字"),
    ("no direction", LINE + "| 项目 | 甲 | 5 | 按比例 | 满分：95% | 甲/乙 |", "评分方案”E2", "要写明方向", "说明"),
    (
        "strange parameter",
        LINE + "| 项目 | 甲 | 5 | 扣分 | 标准：≤1；每次：2 | 甲 |",
        "评分方案”E2",
        "没有参数“每次”",
        "说明",
    ),
    ("step without points", LINE + "| 项目 | 甲 | 5 | 分档 | ≥95%：优 | 甲 |", "评分方案”E2", "≥95%：5分", "说明"),
    (
        "zero on the good side",
        LINE + "| 项目 | 甲 | 5 | 按比例 | 满分：≥80；零分：90 | 甲 |",
        "评分方案”E2",
        "零分值",
        "说明",
    ),
    ("broken formula", LINE + "| 项目 | 甲 | 5 | 按比例 | 满分：≥1 | (甲/乙 |", "评分方案”F2", "公式写法有误", "说明"),
    (
        "code as a formula",
        LINE + "| 项目 | 甲 | 5 | 按比例 | 满分：≥1 | __import__('os') |",
        "评分方案”F2",
        "公式只能用",
        "说明",
    ),
    ("formula for a person", LINE + "| 项目 | 甲 | 5 | 人工 | | 甲/乙 |", "评分方案”F2", "不用公式", "请清空"),
    ("count of nothing", LINE + "| 项目 | 甲 | 5 | 计数 | | |", "评分方案”F2", "计数缺少条件", "用；隔开"),
    (
        "strange tiers",
        LINE + "| 项目 | 甲 | 5 | 定性 | 档次：某省 | |",
        "评分方案”第2行",
        "没有“某省”这组档次",
        "国家、湖北",
    ),
    ("no header", "# 评分方案\n| 甲 | 乙 |\n| 1 | 2 |", "评分方案”A1", "表头缺少“表样”“评分方法”栏", "请在表头行补上"),
    ("strange setting", "# 设置\n| 项目 | 值 |\n| 满分值 | 100 |", "设置”A2", "没有“满分值”这项设置", "方案名称"),
    ("decimals", "# 设置\n| 项目 | 值 |\n| 得分小数位数 | 二 |", "设置”B2", "“值”写的是“二”", "0、1、2"),
    ("full mark of nothing", "# 设置\n| 项目 | 值 |\n| 满分 | 0 |", "设置”B2", "不小于 1", "填数字"),
    (
        "strange threshold",
        "# 阈值\n| 名称 | 值 |\n| 执行率低 | 80 |",
        "阈值”A2",
        "没有“执行率低”这个阈值",
        "执行率偏低",
    ),
    ("share or percent", "# 阈值\n| 名称 | 值 |\n| 执行率偏低 | 0.8 |", "阈值”B2", "分不清是百分之几", "80% 填 80"),
    (
        "gap under the grades",
        "# 等级\n| 等级 | 最低分 |\n| 优 | 90 |\n| 良 | 60 |",
        "等级”",
        "60 分以下没有等级",
        "最低分为 0",
    ),
    (
        "two percents of one cut",
        "# 等级\n| 等级 | 最低分 | 结果应用 | 压减比例（%） |\n| 优 | 0 | 压减10% | 20 |",
        "等级”D2",
        "“压减10%”",
        "同一个比例",
    ),
    ("grade without a score", "# 等级\n| 等级 | 最低分 |\n| 优 | |\n| 良 | 0 |", "等级”B2", "最低分没有填写", "填 0"),
    (
        "tier upside down",
        "# 定性档次\n| 档次组 | 档次 | 最低（%） | 最高（%） |\n| 甲 | 好 | 90 | 80 |",
        "定性档次”C2",
        "不成区间",
        "0至100",
    ),
    (
        "off without a reason",
        "# 检查设置\n| 检查代码 | 处理 | 理由 |\n| M09 | 关闭 | |",
        "检查设置”C2",
        "没有写理由",
        "文号",
    ),
    ("no such code", "# 检查设置\n| 检查代码 | 处理 |\n| 执行率 | 提示 |", "检查设置”A2", "不是检查代码", "M09"),
    ("not a day", "# 检查设置\n| 检查代码 | 仅询问至 |\n| M09 | 年底 |", "检查设置”B2", "不是日期", "2024-12-31"),
    (
        "weight to be met is missing",
        "# 指标分组\n| 表样 | 一级指标 | 组分值用途 |\n| 项目 | 产出 | 校验 |",
        "指标分组”A2",
        "没有组分值",
        "参考",
    ),
    (
        "half a cap",
        "# 总分上限\n| 表样 | 执行率低于（%） | 总分不超过 |\n| 项目 | 60 | |",
        "总分上限”C2",
        "没有填全",
        "删除这一行",
    ),
]


@pytest.mark.parametrize(
    ("place", "what", "remedy", "text"), [(p, w, r, t) for _, t, p, w, r in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_broken_scheme__refused__with_file_sheet_cell_and_remedy(tmp_path, place, what, remedy, text):
    """A clerk is told which cell of which sheet is wrong, and what to write there."""
    path = write_scheme(tmp_path / "本区方案.xlsx", text)
    with pytest.raises(Refused) as refused:
        load_scheme(path)
    assert "本区方案.xlsx" in refused.value.message
    assert place in refused.value.message
    assert what in refused.value.message
    assert remedy in refused.value.remedy


def test_broken_scheme__several_faults__all_in_one_go(tmp_path):
    """Nobody should have to load a scheme three times to learn of three faults."""
    text = LINE + "| 项目 | 甲 | 五 | 人工 | | |\n| 项目 | 乙 | 5 | 猜 | | |\n# 阈值\n| 名称 | 值 |\n| 没有 | 1 |"
    with pytest.raises(Refused) as refused:
        load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    assert all(place in refused.value.message for place in ("评分方案”C2", "评分方案”D3", "阈值”A2"))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 cut off", b"<html>not a workbook</html>"], ids=["empty", "cut", "html"]
)
def test_not_a_workbook__refused__by_name(tmp_path, data):
    """What can't be opened is refused, never a traceback."""
    path = tmp_path / "scheme.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refused, match=r"scheme\.xlsx 打不开"):
        load_scheme(path)


def test_absent_file__refused__by_name(tmp_path):
    """A path that leads nowhere is the user's to mend."""
    with pytest.raises(Refused, match=r"没有\.xlsx 读不出来"):
        load_scheme(tmp_path / "没有.xlsx")
