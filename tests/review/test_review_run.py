"""review.xlsx over several runs of a small campaign with real files."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from review.review_clerk import FILE, KEPT, SCORE, WAIVER, Desk
from review.review_season import Run, judge, run

from evalbatch.model import Refused, ScoredLine
from evalbatch.review.entries import entries
from evalbatch.review.load import load_review

pytestmark = pytest.mark.command

EXAMPLE = Path(__file__).parents[2] / "examples" / "mazhang-2023"
UNION = "湛江市麻章区总工会本级"
MEETINGS = {"单位": UNION, "指标": "会议召开情况"}
LATE = {"单位": "示例民政局", "代码": "U04"}
FORM = f"{UNION}/2023年度整体绩效自评.xlsx"
FILES = (FORM, "示例民政局_部门整体自评表.xlsx", "收件/水务局自评.xlsx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign with three files: one scored by hand in many lines, one late, one of no unit."""
    for name in ("evalbatch.toml", "units.xlsx", "approved_targets.xlsx"):
        shutil.copy(EXAMPLE / name, tmp_path / name)
    for name in FILES:
        (tmp_path / "inbox" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLE / "inbox" / name, tmp_path / "inbox" / name)
    return tmp_path


def desk(folder: Path) -> Desk:
    return Desk(folder / "review.xlsx")


def decide_meetings(folder: Path, **entry: object) -> None:
    """Fill in the meetings' line and save."""
    open_file = desk(folder)
    open_file.type(SCORE, MEETINGS, **{"复核得分": 15, "复核人": "张三", "复核日期": date(2024, 6, 3), **entry})
    open_file.save()


def submit_again(folder: Path, cell: str = "F17", value: object = "都召开会议通过，参加会议率100%，另附说明") -> None:
    """Change one cell of the union's form."""
    path = folder / "inbox" / FORM
    book = load_workbook(path)
    book["部门整体支出绩效自评表"][cell] = value
    book.save(path)


def meetings(found: Run) -> ScoredLine:
    lines = [line for form in found.forms(UNION) for line in form.card.lines]
    return next(line for line in lines if line.name == "会议召开情况")


def meetings_row(folder: Path) -> dict[str, object]:
    return next(row for row in desk(folder).rows() if row["指标"] == "会议召开情况")


def test_run__first__queues_what_only_a_person_can_judge(folder: Path) -> None:
    """Every pending line, every finding that can be waived and every file without a unit has its row."""
    found = run(folder)
    open_file = desk(folder)
    assert len(open_file.rows()) == sum(unit.pending for unit in found.units)
    assert {row["状态"] for row in open_file.rows()} == {"待定"}
    assert [row["文件"] for row in open_file.rows(FILE)] == ["收件/水务局自评.xlsx"]
    assert "示例水利局" in open_file.rows(FILE)[0]["相近单位"]
    assert LATE.items() <= {**open_file.rows(WAIVER)[-1]}.items()
    assert open_file.rows(KEPT) == []


def test_run__nothing_changed__leaves_the_file_alone(folder: Path) -> None:
    """A second run writes nothing, and says nothing."""
    run(folder)
    before = (folder / "review.xlsx").read_bytes()
    outcome = run(folder).outcome
    assert outcome is not None
    assert (outcome.written, outcome.notes) == (False, ())
    assert (folder / "review.xlsx").read_bytes() == before


def test_run__same_campaign_anew__gives_the_same_bytes(folder: Path) -> None:
    """review.xlsx depends on nothing but the campaign."""
    run(folder)
    before = (folder / "review.xlsx").read_bytes()
    (folder / "review.xlsx").unlink()
    run(folder)
    assert (folder / "review.xlsx").read_bytes() == before


def test_decision__filled_in__counts_and_is_shown(folder: Path) -> None:
    """The next run takes the score, names who gave it, and says so in the row."""
    run(folder)
    decide_meetings(folder, 复核得分="１5.5 分", 意见="见会议纪要")
    line = meetings(run(folder))
    assert (line.verified_score, line.pending, line.decided_by) == (Decimal("15.5"), False, "张三")
    row = meetings_row(folder)
    assert (row["状态"], row["复核得分"], row["意见"]) == ("已采用", "１5.5 分", "见会议纪要")
    assert "参加会议率100%" in str(row["决定时内容"])


def test_decision__submission_changed__is_kept_and_marked_stale(folder: Path) -> None:
    """review.xlsx filled, run, submission changed, run again: decision kept, marked stale, line pending again."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    submit_again(folder)
    line = meetings(run(folder))
    assert line.pending
    row = meetings_row(folder)
    assert (row["复核得分"], row["复核人"]) == (15, "张三")
    assert str(row["状态"]).startswith("已过期：原填“15”")
    assert "发放困难职工" in str(row["决定时内容"])
    assert "另附说明" in str(row["完成值"])
    assert meetings(run(folder)).pending, "stays stale until a person looks at it"


def test_decision__submission_changed_so_that_the_rule_scores__is_kept_and_marked_stale(folder: Path) -> None:
    """The rule's score counts again; the decision stays in sight."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    submit_again(folder, value="开会12次，参加会议率100%")
    line = meetings(run(folder))
    assert (line.verified_score, line.pending, line.decided_by) == (18, False, "")
    row = meetings_row(folder)
    assert row["复核得分"] == 15
    assert str(row["状态"]).startswith("已过期：原填“15”，之后申报内容有变，现在由规则计分（18）")


def test_decision__stale_then_date_changed__counts_again(folder: Path) -> None:
    """Editing any cell of the entry confirms it for what the row shows now."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    submit_again(folder)
    run(folder)
    decide_meetings(folder, 复核日期=date(2024, 6, 20))
    assert meetings(run(folder)).verified_score == 15
    assert meetings_row(folder)["状态"] == "已采用"


def test_decision__submission_changed_back__counts_again(folder: Path) -> None:
    """A decision belongs to a content; when that is back, so is the decision."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    submit_again(folder)
    run(folder)
    shutil.copy(EXAMPLE / "inbox" / FORM, folder / "inbox" / FORM)
    assert meetings(run(folder)).verified_score == 15


def test_decision__typed_into_an_old_copy__is_stale(folder: Path) -> None:
    """What was decided while looking at the old content doesn't count for the new one."""
    run(folder)
    old = desk(folder)
    submit_again(folder)
    run(folder)
    old.type(SCORE, MEETINGS, 复核得分=15, 复核人="张三")
    old.save()
    assert meetings(run(folder)).pending
    assert str(meetings_row(folder)["状态"]).startswith("已过期")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"复核得分": "较好"}, "没有采用：复核得分填的是“较好”，不是数字"),
        ({"复核得分": 19}, "没有采用：分数超出范围，填的是19分，请填0～18之间的分数"),
        ({"复核得分": "-1"}, "没有采用：分数超出范围"),
        ({"复核得分": None}, "没有采用：没有填复核得分"),
        ({"复核人": " "}, "没有采用：没有填复核人"),
        ({"复核得分": date(2024, 9, 5)}, "没有采用：复核得分填的是“2024年9月5日”"),
    ],
)
def test_decision__that_cannot_be_taken__is_kept_as_typed(folder: Path, entry: dict[str, object], told: str) -> None:
    """The row says why and what to do; what was typed stays; the line stays pending."""
    run(folder)
    decide_meetings(folder, **entry)
    assert meetings(run(folder)).pending
    row = meetings_row(folder)
    assert str(row["状态"]).startswith(told)
    kept = row["复核得分"]
    assert str(kept) == str(entry.get("复核得分", 15))


def test_decision__line_gone__is_kept_and_comes_back(folder: Path) -> None:
    """A file that leaves the inbox takes no decision with it."""
    run(folder)
    decide_meetings(folder)
    (folder / "inbox" / FORM).rename(folder / "away.xlsx")
    run(folder)
    (kept,) = desk(folder).rows(KEPT)
    assert (kept["来自"], kept["单位"], kept["填写"], kept["复核人"]) == (SCORE, UNION, 15, "张三")
    assert "会议召开情况" in kept["对象"]
    run(folder)
    (folder / "away.xlsx").rename(folder / "inbox" / FORM)
    assert meetings(run(folder)).verified_score == 15
    assert desk(folder).rows(KEPT) == []


def test_rows__sorted__keep_their_decisions(folder: Path) -> None:
    """Rows are known by their key, wherever they stand."""
    run(folder)
    decide_meetings(folder)
    open_file = desk(folder)
    open_file.sort(SCORE, lambda row: str(row["指标"])[::-1])
    open_file.save()
    assert meetings(run(folder)).verified_score == 15


def test_rows__sorted_in_part__are_not_believed(folder: Path) -> None:
    """When only the entry columns were sorted, entries lie in wrong rows; none of them counts."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    open_file = desk(folder)
    titles = open_file.titles(SCORE)
    entry = slice(titles.index("复核得分"), titles.index("意见") + 1)
    open_file.sort(SCORE, lambda row: row["指标"] != "绩效指标明确性", entry)
    open_file.save()
    found = run(folder)
    assert not any(line.decided_by for form in found.forms(UNION) for line in form.card.lines)
    filled = [row for row in desk(folder).rows() if row["复核人"]]
    assert [row["复核得分"] for row in filled] == [15]
    assert filled[0]["状态"].startswith("不能确定")


def test_rows__shown_cells_moved_beside_their_keys__are_not_believed(folder: Path) -> None:
    """When the left side no longer belongs to the keys, nobody knows what was decided."""
    run(folder)
    open_file = desk(folder)
    titles = open_file.titles(SCORE)
    open_file.sort(SCORE, lambda row: str(row["指标"])[::-1], slice(0, titles.index("意见") + 1))
    open_file.type(SCORE, MEETINGS, 复核得分=15, 复核人="张三")
    open_file.save()
    found = run(folder)
    assert not any(line.decided_by for form in found.forms(UNION) for line in form.card.lines)
    (filled,) = [row for row in desk(folder).rows() if row["复核人"]]
    assert filled["状态"].startswith("不能确定")


def test_rows__copied_and_filled_differently__conflict(folder: Path) -> None:
    """Both are kept, neither counts; with one deleted the other does."""
    run(folder)
    decide_meetings(folder)
    open_file = desk(folder)
    number = open_file.copy_row(SCORE, **MEETINGS)
    open_file.sheet(SCORE).cell(number, open_file.titles(SCORE).index("复核得分") + 1).value = 12
    open_file.save()
    assert meetings(run(folder)).pending
    both = [row for row in desk(folder).rows() if row["指标"] == "会议召开情况"]
    assert [row["复核得分"] for row in both] == [15, 12]
    assert all(row["状态"].startswith("重复") for row in both)
    open_file = desk(folder)
    open_file.sheet(SCORE).delete_rows(open_file.row(SCORE, **MEETINGS, 复核得分=15))
    open_file.save()
    assert meetings(run(folder)).verified_score == 12


def test_rows__copied_alike__are_one(folder: Path) -> None:
    """A copy that says the same contradicts nobody."""
    run(folder)
    decide_meetings(folder)
    open_file = desk(folder)
    open_file.copy_row(SCORE, **MEETINGS)
    open_file.save()
    assert meetings(run(folder)).verified_score == 15
    assert len([row for row in desk(folder).rows() if row["指标"] == "会议召开情况"]) == 1


def test_columns__of_the_clerk__are_carried_along(folder: Path) -> None:
    """Columns that a clerk added, with or without a title, follow their rows."""
    run(folder)
    open_file = desk(folder)
    open_file.add_column(SCORE, "联系情况", lambda n: f"第{n}行已联系" if n % 2 else None)
    open_file.add_column(SCORE, None, lambda n: n)
    numbers = {row["指标"] + row["单位"]: row["联系情况"] for row in open_file.rows()}
    open_file.save()
    submit_again(folder)
    assert run(folder).outcome
    again = desk(folder).rows()
    assert {row["指标"] + row["单位"]: row["联系情况"] for row in again} == numbers
    assert any(title.startswith("另加栏") for title in desk(folder).titles(SCORE))


def test_columns__of_the_clerk_titled_like_ours__survive_the_way_to_the_kept_sheet(folder: Path) -> None:
    """A column that means something else on another sheet is not taken for that."""
    run(folder)
    open_file = desk(folder)
    open_file.add_column(SCORE, "对象", lambda n: f"电话{n}")
    open_file.add_column(SCORE, "Follow up", lambda n: f"f{n}")
    open_file.save()
    (folder / "inbox" / FORM).rename(folder / "away.xlsx")
    run(folder)
    kept = desk(folder).rows(KEPT)[0]
    assert (kept["对象（另加）"], kept["Follow up"]) == ("电话4", "f4")
    assert "会议召开情况" in kept["对象"]
    assert not run(folder).outcome.written


def test_columns__moved_and_titles_spread__are_found(folder: Path) -> None:
    """A blank in a title, rows above the header and a column in another place change nothing."""
    run(folder)
    decide_meetings(folder)
    open_file = desk(folder)
    sheet = open_file.sheet(SCORE)
    sheet.tables.clear()
    sheet.cell(3, open_file.titles(SCORE).index("复核得分") + 1).value = "复核\n得分"
    sheet.insert_cols(1)
    sheet.insert_rows(1, 2)
    open_file.save()
    assert meetings(run(folder)).verified_score == 15


@pytest.mark.parametrize(
    "titles", [("键",), ("决定摘要",), ("决定时内容", "内容指纹", "行校验", "决定时指纹", "决定摘要", "键")]
)
def test_keys__deleted__rows_are_known_by_what_they_show(folder: Path, titles: tuple[str, ...]) -> None:
    """A decision counts as long as the row shows the present content and was not stale."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    open_file = desk(folder)
    open_file.delete_columns(SCORE, *titles)
    open_file.save()
    assert meetings(run(folder)).verified_score == 15
    assert meetings_row(folder)["状态"] == "已采用"


@pytest.mark.parametrize(
    "titles", [("键",), ("决定摘要",), ("决定时内容", "内容指纹", "行校验", "决定时指纹", "决定摘要", "键")]
)
def test_keys__deleted_from_a_stale_row__leave_it_unconfirmed(folder: Path, titles: tuple[str, ...]) -> None:
    """Nothing is guessed: a decision that was stale doesn't count because its keys are gone."""
    run(folder)
    decide_meetings(folder)
    run(folder)
    submit_again(folder)
    run(folder)
    open_file = desk(folder)
    open_file.delete_columns(SCORE, *titles)
    open_file.save()
    for _ in range(2):
        assert meetings(run(folder)).pending
        assert str(meetings_row(folder)["状态"]).startswith(("不能确定", "已过期"))
        assert meetings_row(folder)["复核得分"] == 15


def test_sheet__renamed_or_added__is_known_and_kept(folder: Path) -> None:
    """A sheet is known by its columns; a sheet of the clerk's own stays in the file."""
    run(folder)
    decide_meetings(folder)
    open_file = desk(folder)
    open_file.sheet(SCORE).title = "张三的活"
    open_file.book.create_sheet("备忘")["B2"] = "周五前问民政局"
    open_file.save()
    assert meetings(run(folder)).verified_score == 15
    again = desk(folder)
    assert again.book["备忘"]["B2"].value == "周五前问民政局"
    assert SCORE in again.book.sheetnames


def test_row__of_the_clerks_own__is_kept(folder: Path) -> None:
    """A row without a key that a person typed is not thrown away."""
    run(folder)
    open_file = desk(folder)
    sheet = open_file.sheet(SCORE)
    sheet.cell(sheet.max_row + 1, 1).value = "以上请王五复看"
    open_file.save()
    run(folder)
    run(folder)
    (kept,) = desk(folder).rows(KEPT)
    assert "以上请王五复看" in kept["对象"]


@pytest.mark.parametrize("title", ["复核得分", "意见"])
def test_entry_column__deleted__is_refused_with_its_place(folder: Path, title: str) -> None:
    """Without a column that people fill in nothing can be told; the file stays as it is."""
    run(folder)
    open_file = desk(folder)
    open_file.delete_columns(SCORE, title)
    open_file.save()
    with pytest.raises(Refused) as refused:
        judge(folder)
    assert f"工作表“{SCORE}”第3行缺少“{title}”一栏" in refused.value.message
    assert title in refused.value.remedy


def test_waiver__agreed__makes_the_finding_a_note(folder: Path) -> None:
    """Who agreed and why is in the message; the row stays with its first severity."""
    run(folder)
    open_file = desk(folder)
    open_file.type(WAIVER, LATE, 处理="同意豁免", 复核人="李四", 复核日期="2024.6.7", 理由="已报备延期。")
    open_file.save()
    late = next(f for f in run(folder).unit("示例民政局").findings if f.code == "U04")
    assert late.severity == "note"
    assert late.message.endswith("【已豁免】李四于2024年6月7日同意，理由：已报备延期。")
    row = next(row for row in desk(folder).rows(WAIVER) if row["代码"] == "U04")
    assert (row["状态"], row["级别"], row["复核日期"]) == ("已采用", "请核实", "2024.6.7")


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"处理": "同意豁免", "复核人": "李四"}, "没有采用：同意豁免的，请填写理由"),
        ({"处理": "同意豁免", "理由": "x"}, "没有采用：没有填复核人"),
        ({"处理": "再议", "复核人": "李四"}, "没有采用：处理填的是“再议”"),
        ({"处理": "不同意"}, "已记录：不同意豁免"),
    ],
)
def test_waiver__not_given__leaves_the_finding(folder: Path, entry: dict[str, object], status: str) -> None:
    """A finding is waived by a name and a reason only."""
    run(folder)
    open_file = desk(folder)
    open_file.type(WAIVER, LATE, **entry)
    open_file.save()
    late = next(f for f in run(folder).unit("示例民政局").findings if f.code == "U04")
    assert late.severity == "query"
    row = next(row for row in desk(folder).rows(WAIVER) if row["代码"] == "U04")
    assert row["状态"].startswith(status)


def test_waiver__value_changed__is_stale(folder: Path) -> None:
    """A waiver holds for the value that it was given for."""
    run(folder)
    open_file = desk(folder)
    open_file.type(WAIVER, LATE, 处理="同意豁免", 复核人="李四", 理由="已报备延期")
    open_file.save()
    run(folder)
    path = folder / "inbox" / FILES[1]
    book = load_workbook(path)
    book.active["I47"] = "2024年7月15日"
    book.save(path)
    late = next(f for f in run(folder).unit("示例民政局").findings if f.code == "U04")
    assert late.severity == "query"
    row = next(row for row in desk(folder).rows(WAIVER) if row["代码"] == "U04")
    assert row["状态"].startswith("已过期：原填“同意豁免”")


def test_file__assigned__belongs_to_its_unit(folder: Path) -> None:
    """The clerk's word decides, and the row still says what the form said."""
    run(folder)
    open_file = desk(folder)
    open_file.type(FILE, {"表上的单位": "示例水务局"}, 归属单位="示例水利局", 复核人="李四")
    open_file.save()
    found = run(folder)
    assert found.unit("示例水利局").forms
    (row,) = desk(folder).rows(FILE)
    assert (row["状态"], row["表上的单位"]) == ("已采用", "示例水务局")
    run(folder)
    assert run(folder).unit("示例水利局").forms


def test_file__assigned_then_replaced_under_its_name__is_stale(folder: Path) -> None:
    """Another content is another file, even under the old name."""
    run(folder)
    open_file = desk(folder)
    open_file.type(FILE, {"表上的单位": "示例水务局"}, 归属单位="示例水利局", 复核人="李四")
    open_file.save()
    run(folder)
    path = folder / "inbox" / FILES[2]
    book = load_workbook(path)
    book.active["D5"] = "示例水务总站"
    book.save(path)
    assert not run(folder).unit("示例水利局").forms
    (row,) = desk(folder).rows(FILE)
    assert row["状态"].startswith("已过期：原填“示例水利局”")
    assert row["表上的单位"] == "示例水务总站"


def test_file__assigned_to_a_stranger__is_told(folder: Path) -> None:
    """Only a unit of the roster can have a file."""
    run(folder)
    open_file = desk(folder)
    open_file.type(FILE, {"表上的单位": "示例水务局"}, 归属单位="水利", 复核人="李四")
    open_file.save()
    run(folder)
    (row,) = desk(folder).rows(FILE)
    assert row["状态"].startswith("没有采用：“水利”不在单位名单中")


def test_entries__are_plain_words_for_the_record(folder: Path) -> None:
    """What the record needs of every entry, whether it counts or not."""
    run(folder)
    decide_meetings(folder, 意见="见会议纪要")
    (entry,) = entries(load_review(folder / "review.xlsx", 2023))
    told = {name: entry[name] for name in ("kind", "unit", "decision", "by", "on", "note")}
    assert told == {
        "kind": "score", "unit": UNION, "decision": "15", "by": "张三", "on": "2024-06-03", "note": "见会议纪要",
    }  # fmt: skip
