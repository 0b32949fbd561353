"""A published copy against the submission: another dress is no difference, another value is, at its cell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from comparison.drawn_books import PUBLISHED, SUBMITTED, book

from evalbatch.model import Refused
from evalbatch.storage.shipped import example
from evalbatch.unit.compared_workbooks import compare_workbooks
from evalbatch.unit.single import Single, single_setup

SHEET = "自评表"
CHANGES = """
年度资金总额 | 1,000,000.00 -> 1,100,000.00 | C7 | 1,100,000.00 | C6 | 100
年度资金总额 | 899740 -> 899741 | E7 | 899741 | E6 | 89.974
其中：当年财政拨款 | 925000 -> 925100 | D8 | 925100 | D7 | 92.5
职工满意度 | 96% -> 98% | F13 | 98.00% | E18 | 96.00%
职工满意度 | ≧90％ -> ≥85% | E13 | ≥85% | D18 | ≥90%
活 动 场 次 | ≥ 8 场 -> ≥ 6 场 | E15 | ≥ 6 场 | D13 | ≥8场
活 动 场 次 | 增加了两次进企业活动。 -> 天气好 | H15 | 天气好 | H13 | 增加了两次进企业活动
职工法律意识 | 18 -> 20 | G18 | 20 | G17 | 18
职工法律意识 | 20 -> 22 | D18 | 22 | F17 | 20
完成时间 | 2023年12月1日 -> | F17 | blank | E16 | 2023年12月1日
总分 | 97.73 -> 99.73 | G19 | 99.73 | G19 | 97.73
总分 | 优秀 -> 良好 | H19 | 良好 | H19 | 优
主管部门 | 示例区总工会 -> 示例区工会 | F5 | 示例区工会 | F4 | 示例区总工会
2023年度 | 2023 -> 2022 | A3 | 2022年度 | A2 | （2023年度）
"""


@pytest.fixture(scope="module")
def single() -> Iterator[Single]:
    with single_setup(None) as setup:
        yield setup


def changed(drawing: str, row: str, change: str) -> str:
    """A drawing with one text changed in the row that begins with, or holds, a label."""
    old, new = (part.strip() for part in change.split("->"))
    lines = drawing.splitlines()
    at = next(
        n for n, line in enumerate(lines) if row in [cell.strip() for cell in line.split("|")] or line.startswith(row)
    )
    cells = lines[at].split("|")
    place = max(n for n, cell in enumerate(cells) if old in cell)
    cells[place] = cells[place].replace(old, new)
    lines[at] = "|".join(cells)
    return "\n".join(lines)


def found(tmp_path: Path, single: Single, published: dict[str, str], submitted: dict[str, str]) -> list[tuple]:
    """Each difference: how, its place and text in the published copy, and in the submission."""
    comparison = compare_workbooks(
        book(tmp_path / "公开.xlsx", published), book(tmp_path / "报送.xlsx", submitted), single
    )
    return [
        (each.how, each.published.cell, each.published.text, each.submitted.cell, each.submitted.text)
        for each, _ in comparison.differences
    ]


def test_comparison__another_dress__is_no_difference(tmp_path: Path, single: Single) -> None:
    """元 for 万元, other column and row order, spread letters, full-width digits, 无 for a blank, 优秀 for 优."""
    assert found(tmp_path, single, {"公开表": PUBLISHED}, {SHEET: SUBMITTED}) == []


@pytest.mark.parametrize("line", CHANGES.strip().splitlines())
def test_comparison__one_value_changed__is_found_at_both_cells(tmp_path: Path, single: Single, line: str) -> None:
    """Exactly that difference, with both places and both values as people see them."""
    row, change, cell, text, submitted_cell, submitted_text = (part.strip() for part in line.split(" | "))
    [(how, *places)] = found(tmp_path, single, {"公开表": changed(PUBLISHED, row, change)}, {SHEET: SUBMITTED})
    assert how == ""
    assert places == [cell, None if text == "blank" else text, submitted_cell, submitted_text]


def without(drawing: str, label: str) -> str:
    return "\n".join(line for line in drawing.splitlines() if label not in line)


def test_comparison__an_indicator_left_out_or_put_in__is_said_once(tmp_path: Path, single: Single) -> None:
    """A row that only one has is one difference, not one a cell."""
    less = without(PUBLISHED, "完成时间")
    assert found(tmp_path, single, {"表": less}, {SHEET: SUBMITTED}) == [("missing", None, None, "C16", "完成时间")]
    assert found(tmp_path, single, {"表": PUBLISHED}, {SHEET: without(SUBMITTED, "完成时间")}) == [
        ("added", "C17", "完成时间", None, None)
    ]


def test_comparison__a_renamed_indicator__is_known_by_what_was_done(tmp_path: Path, single: Single) -> None:
    """The name differs, nothing else."""
    renamed = PUBLISHED.replace("活动合格率", "宣传合格率")
    assert found(tmp_path, single, {"表": renamed}, {SHEET: SUBMITTED}) == [
        ("", "C16", "宣传合格率", "C15", "活动合格率")
    ]


def test_comparison__namesakes__pair_by_what_they_hold(tmp_path: Path, single: Single) -> None:
    """Two indicators of one name in another order are no difference."""
    twins = [
        drawing.replace("发放资料", "活动场次").replace("活 动 场 次", "活动场次") for drawing in (PUBLISHED, SUBMITTED)
    ]
    assert found(tmp_path, single, {"表": twins[0]}, {SHEET: twins[1]}) == []


def test_comparison__forms_in_another_order__are_paired_by_project(tmp_path: Path, single: Single) -> None:
    """Sheets' order and names do not count; a project that is missing or new is said once."""
    other = SUBMITTED.replace("普法宣传 ", "困难帮扶 ").replace("12场", "15场")
    submitted = {"一": SUBMITTED, "二": other}
    assert found(tmp_path, single, {"甲": other, "乙": PUBLISHED}, submitted) == []
    assert found(tmp_path, single, {"甲": PUBLISHED}, submitted) == [
        ("no-form", None, None, None, "项目支出绩效自评表（困难帮扶）")
    ]
    assert found(tmp_path, single, submitted, {"一": SUBMITTED}) == [
        ("new-form", None, "项目支出绩效自评表（困难帮扶）", None, None)
    ]


def test_comparison__a_renamed_project__is_known_by_what_it_holds(tmp_path: Path, single: Single) -> None:
    """The project's name is the difference; it is not one form missing and another one new."""
    renamed = PUBLISHED.replace("普法宣传 ", "普法宣传活动 ")
    assert found(tmp_path, single, {"甲": renamed}, {"一": SUBMITTED}) == [("", "B4", "普法宣传活动", "B3", "普法宣传")]


def test_comparison__a_column_left_out__is_said_once(tmp_path: Path, single: Single) -> None:
    """The reasons are not published: one difference, at the first that was left out."""
    rows = [
        line.rsplit("|", 1)[0] + "|" if line.count("|") == 7 and "优" not in line else line
        for line in PUBLISHED.splitlines()
    ]
    start = next(n for n, line in enumerate(rows) if line.startswith("一级指标"))
    less = "\n".join([*PUBLISHED.splitlines()[:start], *rows[start:]])
    assert found(tmp_path, single, {"表": less}, {SHEET: SUBMITTED}) == [
        ("missing", None, None, "H13", "增加了两次进企业活动")
    ]


def test_comparison__a_real_workbook_with_itself__does_not_differ(single: Single) -> None:
    """Data table, self-evaluation and score table of the worked example, every place of them."""
    path = example() / "inbox" / "湛江市麻章区总工会本级" / "2023年度整体绩效自评.xlsx"
    comparison = compare_workbooks(path, path, single)
    assert (comparison.differ, comparison.forms) == (False, 3)
    assert comparison.places > 100


def test_comparison__finding__names_both_places_and_both_values(tmp_path: Path, single: Single) -> None:
    """X04 in the house's form; a long text is shown from where it begins to differ, and kept whole."""
    long = "开展普法宣传活动，组织法律进企业、进工地、进社区，提高全区职工的法律意识。"
    published = PUBLISHED.replace("开展普法宣传活动， 提高职工法律意识", long)
    submitted = SUBMITTED.replace("开展普法宣传活动，提高职工法律意识。", long.replace("全区", "全体"))
    comparison = compare_workbooks(
        book(tmp_path / "公开.xlsx", {"公开表": published}), book(tmp_path / "报送.xlsx", {SHEET: submitted}), single
    )
    [(_, finding)] = comparison.differences
    assert (finding.code, finding.severity, finding.sheet, finding.cell) == ("X04", "must-fix", "公开表", "B11")
    assert "全区职工" in finding.message
    assert "报送稿（自评表!B11）" in finding.message
    assert "全体职工" in finding.message
    assert finding.value == long
    assert all(len(sentence) <= 80 for sentence in finding.message.split("。"))


def test_comparison__an_unreadable_workbook__is_refused(tmp_path: Path, single: Single) -> None:
    """Nobody can tell whether they differ, so nothing is said about that."""
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    good = book(tmp_path / "好.xlsx", {SHEET: SUBMITTED})
    with pytest.raises(Refused, match="公开稿"):
        compare_workbooks(broken, good, single)
    with pytest.raises(Refused, match="报送稿"):
        compare_workbooks(good, broken, single)
