"""Projects that are due, against those that came: in findings, terminal, letters and summary."""

from pathlib import Path

import pytest
from campaign_folder import table, workbook
from openpyxl import load_workbook
from rounds.campaign_rounds import Rounds, command, stamp, whole_unit

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command

ROSTER = """
单位编码 | 单位名称 | 电子邮箱 | 应报表格
101 | 示例区教育局 | jyj@example.org | 项目支出绩效自评表
102 | 示例区水务局 | swj@example.org |
103 | 示例区林业局 | lyj@example.org | 免报
"""
PROJECTS = """
单位编码 | 单位名称 | 项目名称 | 其他名称
101 | | 校舍维修 | 校舍维修改造；校舍修缮
101 | | 营养改善计划 |
| 示例区水务局 | 农村供水管护 |
"""
APPROVED = """
单位名称 | 项目名称 | 三级指标 | 年度指标值 | 调整后指标值
示例区教育局 | 校舍维修 | 开展活动场次 | ≥10场 |
示例区教育局 | 营养改善计划 | 开展活动场次 | ≥10场 |
示例区教育局 | 撤销的项目 | 开展活动场次 | ≥10场 | 取消
示例区林业局 | 造林 | 开展活动场次 | ≥10场 |
"""


def with_projects(folder: Path, listed: str | None = PROJECTS) -> Rounds:
    """A campaign with a list of projects in units.xlsx."""
    rounds = Rounds(folder, ROSTER)
    if listed:
        book = load_workbook(rounds.folder / "units.xlsx")
        page = book.create_sheet("项目名单")
        for row in table(listed):
            page.append([text or None for text in row])
        book.save(rounds.folder / "units.xlsx")
    return rounds


def submit(rounds: Rounds, unit: str, project: str, *, year: int = 2023, saved: str = "2024-05-20") -> None:
    """Put a project's form into the inbox."""
    target = rounds.inbox / unit / f"{project}.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    whole_unit(target, unit, year=year)
    book = load_workbook(target)
    page = book.worksheets[0]
    page["A1"], page["A3"], page["B3"] = "项目支出绩效自评表", "项目名称", project
    page["C3"], page["D3"] = "实施单位", unit
    book.save(target)
    stamp(target, saved)


def owed(rounds: Rounds, unit: str) -> list[str]:
    return [found["message"] for found in rounds.unit(unit)["findings"] if found["code"] == "U05"]


def test_project_list__some_came__says_which_are_missing_everywhere(tmp_path: Path) -> None:
    """One came under another name of it, one under a name that is only like it, one is on no list."""
    rounds = with_projects(tmp_path / "批次")
    submit(rounds, "示例区教育局", "校舍修缮")
    submit(rounds, "示例区教育局", "营养改善计划（小学）")
    rounds.run()
    unit = rounds.unit("示例区教育局")
    assert (unit["status"], unit["due_projects"], unit["missing_projects"]) == ("incomplete", 2, ["营养改善计划"])
    assert owed(rounds, "示例区教育局") == [
        "没有收到应报项目“营养改善计划”的“项目支出绩效自评表”，收到的“营养改善计划（小学）”名称相近。"
        "这张表登记为未收到；一张表都没有收到的单位登记为未报送，其余的登记为报送不全。"
    ]
    assert rounds.unit("示例区水务局")["missing_forms"] == ["whole-unit"]
    assert len(owed(rounds, "示例区水务局")) == 2
    said = command("status", rounds.folder)
    assert "示例区教育局：缺项目1个（营养改善计划）" in said
    assert "免报" in said
    letter = next(text for text in rounds.letters("remind").values() if "示例区教育局" in text)
    assert "尚缺：“营养改善计划”的项目支出绩效自评表" in letter
    [row] = [row for row in rounds.sheet("提交情况") if row["单位名称"] == "示例区教育局"]
    assert (row["应报项目"], row["已报项目"], row["缺报项目"]) == ("2", "1", "营养改善计划")
    assert [(row["项目名称"], row["报送"]) for row in rounds.sheet("项目汇总") if row["单位名称"]] == [
        ("校舍修缮", "已报送"),
        ("营养改善计划（小学）", "已报送（名单外）"),
        ("营养改善计划", "未报送"),
        ("农村供水管护", "未报送"),
    ]
    overview = "\n".join(
        str(cell)
        for row in load_workbook(rounds.folder / "output" / "汇总.xlsx")["总览"].values
        for cell in row
        if cell
    )
    assert "收到2个项目" in overview
    assert "应报的3个项目中已自评1个，自评覆盖率33.33%" in overview


def test_project_list__all_came_in_the_second_round__closes_each_by_its_own_file(tmp_path: Path) -> None:
    """The ledger says of each project when it was missed and which file brought it; nothing is owed any more."""
    rounds = with_projects(tmp_path / "批次")
    submit(rounds, "示例区教育局", "校舍维修")
    rounds.run()
    submit(rounds, "示例区教育局", "营养改善计划", saved="2024-05-25")
    submit(rounds, "示例区水务局", "农村供水管护", saved="2024-05-26")
    rounds.submit("示例区水务局/整体.xlsx", "示例区水务局")
    rounds.run()
    assert [rounds.unit(name)["status"] for name in ("示例区教育局", "示例区水务局")] == ["complete", "complete"]
    closed = {
        (row["单位名称"], row["说明"].partition("”")[0].partition("“")[2]): (row["整改状态"], row["整改依据"])
        for row in rounds.ledger()
        if row["问题"].endswith("U05")
    }
    assert closed == {
        ("示例区教育局", "营养改善计划"): ("已整改", "示例区教育局/营养改善计划.xlsx"),
        ("示例区水务局", "农村供水管护"): ("已整改", "示例区水务局/农村供水管护.xlsx"),
        ("示例区水务局", "部门整体支出绩效自评表"): ("已整改", "示例区水务局/整体.xlsx"),
    }


def test_no_list__approved_targets_of_projects__say_which_are_due(tmp_path: Path) -> None:
    """A project whose targets were all withdrawn is not due, nor one of a unit that owes nothing."""
    rounds = with_projects(tmp_path / "批次", None)
    workbook(rounds.folder / "approved_targets.xlsx", table(APPROVED))
    rounds.run()
    assert rounds.unit("示例区教育局")["missing_projects"] == ["校舍维修", "营养改善计划"]
    assert rounds.unit("示例区林业局")["missing_projects"] == []
    assert "应报项目" in command("doctor", rounds.folder)
    assert "2个，涉及1个单位（取自批复目标）" in command("doctor", rounds.folder)


def test_wrong_year__of_a_due_project__is_not_missing_and_does_not_count(tmp_path: Path) -> None:
    """The form came, for another year: U03 says so, and the summary does not count it as evaluated."""
    rounds = with_projects(tmp_path / "批次")
    submit(rounds, "示例区教育局", "校舍维修", year=2022)
    submit(rounds, "示例区教育局", "营养改善计划")
    rounds.run()
    assert owed(rounds, "示例区教育局") == []
    standings = {row["项目名称"]: row["报送"] for row in rounds.sheet("项目汇总") if row["单位名称"]}
    assert standings["校舍维修"] == "年度不符"


def test_project_list__unknown_unit_or_a_name_twice__is_refused_with_its_row(tmp_path: Path) -> None:
    """One message with sheet, row and remedy; doctor says the same."""
    unknown = with_projects(tmp_path / "甲", "单位名称 | 项目名称\n示例区教育 | 校舍维修")
    said = command("run", unknown.folder, code=2)
    assert "units.xlsx 工作表“项目名单”第2行的单位“示例区教育”不在名单中" in said
    twice = with_projects(tmp_path / "乙", "单位编码 | 项目名称\n101 | 校舍维修\n101 | 1.校舍维修")
    assert "第3行的项目“1.校舍维修”与第2行的同名" in command("doctor", twice.folder, code=1)
