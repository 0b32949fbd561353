"""A season: what units were asked to correct, what they corrected and when, told the same however often one looks."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from history.seasons import evaluated, ledger, run, source, submission, unit_of

from evalbatch.checks.findings import make_finding
from evalbatch.history.history import History
from evalbatch.model import FileResult, Refused

# The unit sends its form three times; what is wrong in it, and what the ledger says after each step.
FIRST = evaluated(
    source("自评表.xlsx", "2024-05-20"),
    submission("2024-05-20", "活动场次 ≥8场 - 50", "培训人数 ≥100人 90人 50"),
)
SECOND = evaluated(
    source("自评表（修改）.xlsx", "2024-06-03"),
    submission("2024-06-03", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 90人 50"),
)
THIRD = evaluated(
    source("自评表（终稿）.xlsx", "2024-06-10"),
    submission("2024-06-10", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50"),
)
AFTER_FIRST = [
    "新发现 A01 活动场次·实际完成值 第1次报送（2024年5月20日）",
    "新发现 S08 培训人数·得分 第1次报送（2024年5月20日）",
    "新发现 A06 培训人数·偏差原因 第1次报送（2024年5月20日）",
]
AFTER_SECOND = [
    "仍未整改 S08 培训人数·得分 第1次报送（2024年5月20日）",
    "仍未整改 A06 培训人数·偏差原因 第1次报送（2024年5月20日）",
    "已整改 A01 活动场次·实际完成值 第1次报送（2024年5月20日） → 自评表（修改）.xlsx（2024-06-03）",
]
AFTER_THIRD = [
    "已整改 S08 培训人数·得分 第1次报送（2024年5月20日） → 自评表（终稿）.xlsx（2024-06-10）",
    "已整改 A06 培训人数·偏差原因 第1次报送（2024年5月20日） → 自评表（终稿）.xlsx（2024-06-10）",
    "已整改 A01 活动场次·实际完成值 第1次报送（2024年5月20日） → 自评表（修改）.xlsx（2024-06-03）",
]
WORDS = {"returned": "退回更正", "complete": "已报齐", "missing": "未报送", "incomplete": "报送不全"}
FORMS = {"project": "项目自评表", "whole-unit": "整体自评表"}


def lines(history: History) -> list[str]:
    return [one.line(WORDS, FORMS) for one in history.progress]


def test_season__in_three_steps__returned_corrected_in_part_corrected(tmp_path):
    """After each submission the ledger says what is new, what is still open, and which file corrected what."""
    assert ledger(run(tmp_path, unit_of(FIRST))) == AFTER_FIRST
    assert ledger(run(tmp_path, unit_of(SECOND), earlier=[FIRST])) == AFTER_SECOND
    assert ledger(run(tmp_path, unit_of(THIRD), earlier=[SECOND, FIRST])) == AFTER_THIRD


def test_season__looked_at_once_at_the_end__has_the_same_ledger(tmp_path):
    """The ledger follows submissions, not runs: a clerk who runs only once, late, reads the same."""
    assert ledger(run(tmp_path, unit_of(THIRD), earlier=[SECOND, FIRST])) == AFTER_THIRD


def test_season__of_a_clerk_who_deletes_old_files__has_the_same_ledger(tmp_path):
    """What was superseded need not lie in the inbox any more: the record knows it."""
    for form, wanted in ((FIRST, AFTER_FIRST), (SECOND, AFTER_SECOND), (THIRD, AFTER_THIRD)):
        assert ledger(run(tmp_path, unit_of(form))) == wanted


def test_run__repeated__adds_nothing_and_says_the_same(tmp_path):
    """What was new stays new, and what changed stays what changed, as long as nobody submits anything."""
    run(tmp_path, unit_of(FIRST))
    first = run(tmp_path, unit_of(SECOND), earlier=[FIRST])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = run(tmp_path, unit_of(SECOND), earlier=[FIRST])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    for told in ("rectifications", "resubmissions", "progress"):
        assert getattr(first, told) == getattr(again, told) == getattr(History.load(tmp_path), told)


def test_run__killed_after_any_byte_of_its_record__leaves_the_same_record_when_run_again(tmp_path):
    """Outputs and record are those of a run that was never killed."""
    run(tmp_path / "whole", unit_of(FIRST))
    shutil.copytree(tmp_path / "whole", tmp_path / "before")
    wanted = run(tmp_path / "whole", unit_of(SECOND), earlier=[FIRST])
    for name in ("values.jsonl", "history.jsonl"):
        whole = (tmp_path / "whole" / name).read_bytes()
        start = (tmp_path / "before" / name).stat().st_size
        for length in range(start, len(whole), 97):
            shutil.rmtree(tmp_path / "killed", ignore_errors=True)
            shutil.copytree(tmp_path / "before", tmp_path / "killed")
            if name == "history.jsonl":
                shutil.copy(tmp_path / "whole" / "values.jsonl", tmp_path / "killed")
            (tmp_path / "killed" / name).write_bytes(whole[:length])
            again = run(tmp_path / "killed", unit_of(SECOND), earlier=[FIRST])
            assert again.rectifications == wanted.rectifications
            assert again.progress == wanted.progress
            assert (tmp_path / "killed" / name).read_bytes() == whole


def test_file__saved_again_with_the_same_values__is_no_new_submission(tmp_path):
    """Another name, another time, a row inserted above, the same values: nothing was answered."""
    run(tmp_path, unit_of(FIRST))
    rows = "活动场次 ≥8场 - 50", "培训人数 ≥100人 90人 50"
    again = evaluated(source("自评表 另存.xlsx", "2024-05-22"), submission("2024-05-20", *rows, top=9))
    history = run(tmp_path, unit_of(again))
    assert ledger(history) == AFTER_FIRST
    assert history.resubmissions == ()
    assert [row.cell for row in history.rectifications] == ["E9", "G10", "H10"], "but the cells are today's"


def test_mistake__corrected_and_made_again__is_new_with_its_past(tmp_path):
    """A mistake that comes back counts from the submission that brought it back."""
    for form in (FIRST, SECOND):
        run(tmp_path, unit_of(form))
    back = evaluated(
        source("自评表（三）.xlsx", "2024-06-20"),
        submission("2024-06-20", "活动场次 ≥8场 - 50", "培训人数 ≥100人 105人 50"),
    )
    row = next(row for row in run(tmp_path, unit_of(back)).rectifications if row.code == "A01")
    assert (row.status_words, row.since) == ("新发现", "第3次报送（2024年6月20日）")
    assert row.remark == "第1次报送时曾有此问题，改正后又出现。"


def test_newest_file__taken_out_of_the_inbox__counts_no_more(tmp_path):
    """The inbox says which submission is current; what came after it has been withdrawn."""
    run(tmp_path, unit_of(FIRST))
    run(tmp_path, unit_of(SECOND))
    assert ledger(run(tmp_path, unit_of(FIRST))) == AFTER_FIRST


def test_all_files__taken_out_of_the_inbox__are_withdrawn_not_corrected(tmp_path):
    """A clerk who empties the inbox has corrected nothing."""
    run(tmp_path, unit_of(FIRST))
    history = run(tmp_path, unit_of(missing=["project"]))
    assert [row.status_words for row in history.rectifications] == ["新发现", "已撤回", "已撤回", "已撤回"]
    assert lines(history) == [
        "示例局：项目自评表已不在收件文件夹，3项不再列入，新增问题1项，状态由退回更正变为未报送，复核得分由95变为无"
    ]


def test_finding__that_goes_without_a_submission__is_waived(tmp_path):
    """A person accepted it, or the scheme changed: the unit did nothing, and the ledger says so."""
    run(tmp_path, unit_of(FIRST))
    left = replace(FIRST, findings=tuple(f for f in FIRST.findings if f.code != "A06"))
    rows = {row.code: row for row in run(tmp_path, unit_of(left)).rectifications}
    assert rows["A06"].status_words == "已豁免"
    assert "没有重新报送" in rows["A06"].remark
    assert rows["A01"].status_words == "新发现"
    assert lines(History.load(tmp_path)) == ["示例局：1项不再列入，还有2项"]


def test_finding__cured_by_another_form_of_the_unit__is_fixed_by_it(tmp_path):
    """M07 on one form goes when the other form is submitted again with the right amount."""
    data = submission("2024-05-20", "支出 1 1 50", form="data", project=None)
    broken = evaluated(source("数据表.xlsx", "2024-05-20"), data)
    across = make_finding(
        "M07",
        file="数据表.xlsx",
        sheet="自评表",
        cell="E8",
        subject=("data", "资金·全年执行数"),
        value="1",
        expected="2",
        other="整体自评表",
        measure="万元",
    )
    run(tmp_path, unit_of(FIRST, replace(broken, findings=(across,))))
    row = next(row for row in run(tmp_path, unit_of(SECOND, broken)).rectifications if row.code == "M07")
    assert (row.status_words, row.cleared_by) == ("已整改", "自评表（修改）.xlsx")
    assert row.remark == "随同单位其他材料的重新报送而改正。"


# ---------------------------------------------------------------- what concerns no form


def test_owed_form__that_comes_at_last__is_fixed_by_its_file(tmp_path):
    """A unit that sent nothing, then another form, then the owed one."""
    owed = evaluated(
        source("整体.xlsx", "2024-06-12"),
        submission("2024-06-12", "场次 ≥8场 9场 50", "人数 ≥8人 9人 50", form="whole-unit"),
    )
    assert ledger(run(tmp_path, unit_of(missing=["whole-unit"]))) == ["新发现 U05 尚未报送"]
    assert ledger(run(tmp_path, unit_of(THIRD, missing=["whole-unit"])))[0] == "仍未整改 U05 尚未报送"
    history = run(tmp_path, unit_of(THIRD, owed))
    assert ledger(history)[0] == "已整改 U05 尚未报送 → 整体.xlsx（2024-06-12）"
    assert lines(history) == ["示例局：新报送整体自评表，改正1项，状态由报送不全变为已报齐"]


def test_file__that_could_not_be_opened__is_fixed_by_what_came_instead(tmp_path):
    """A locked file is on the ledger until the unit sends one that opens and the locked one is gone."""
    locked = source("自评表.xlsx", "2024-05-18")
    finding = make_finding("F02", file="自评表.xlsx")
    files = [FileResult(locked, "rejected", "示例局", findings=(finding,))]
    wanted = "新发现 F02 自评表.xlsx 第1次报送（2024年5月18日）"
    assert ledger(run(tmp_path, unit_of(found=[finding]), files=files)) == [wanted]
    assert ledger(run(tmp_path, unit_of(THIRD))) == [
        "已整改 F02 自评表.xlsx 第1次报送（2024年5月18日） → 自评表（终稿）.xlsx（2024-06-10）"
    ]


def test_file__of_no_unit__is_on_the_ledger_until_it_is_someones(tmp_path):
    """Nobody's files are nobody's to forget."""
    finding = make_finding("U01", file="水务局.xlsx", sheet="自评表", cell="A2", value="水务局", nearest=("示例局",))
    files = [FileResult(source("水务局.xlsx", "2024-05-18"), "returned", None, findings=(finding,))]
    assert ledger(run(tmp_path, files=files)) == ["新发现 U01 水务局.xlsx 第1次报送（2024年5月18日）"]
    assert [row.status_words for row in run(tmp_path).rectifications] == ["已撤回"]


def test_late_unit__has_nothing_to_rectify(tmp_path):
    """Nobody can submit yesterday: late is a standing, and the day it begins is told once."""
    late = make_finding(
        "U04",
        file="自评表（终稿）.xlsx",
        sheet="自评表",
        cell="A3",
        subject=("project", "提交日期"),
        value="2024年6月10日",
        deadline="2024年5月31日",
        by="填报日期",
        day="2024年6月10日",
    )
    unit = replace(unit_of(THIRD, found=[late]), late=True)
    history = run(tmp_path, unit)
    assert ledger(history) == []
    assert lines(history) == ["示例局：新报送项目自评表，已逾期，状态为已报齐"]


# ---------------------------------------------------------------- progress


def test_progress__of_each_step__says_what_moved(tmp_path):
    """Status tells what changed since the state before."""
    assert lines(run(tmp_path, unit_of(FIRST))) == ["示例局：新报送项目自评表，新增问题3项，状态为退回更正"]
    assert lines(run(tmp_path, unit_of(SECOND))) == ["示例局：重新报送项目自评表，改正1项，还有2项"]
    assert lines(run(tmp_path, unit_of(THIRD))) == [
        "示例局：重新报送项目自评表，改正2项，状态由退回更正变为已报齐，复核得分由95变为100"
    ]


def test_progress__of_many_units__names_only_those_that_moved(tmp_path):
    """A unit that did nothing is not news."""
    other = unit_of(THIRD, name="别的局")
    run(tmp_path, unit_of(FIRST), other)
    assert [one.unit for one in run(tmp_path, unit_of(SECOND), other).progress] == ["示例局"]
    assert [one.unit for one in run(tmp_path, unit_of(SECOND)).progress] == ["别的局"]


def test_record__of_a_later_version__is_refused_not_guessed(tmp_path):
    """An entry that is whole but unknown to this version stops the run; nothing is dropped."""
    from evalbatch.storage.journal import open_journal

    open_journal(tmp_path / "history.jsonl").append([("x", {"kind": "submission", "of": "later"})])
    with pytest.raises(Refused, match="另一版本"):
        History.load(tmp_path)


def test_looking__at_a_campaign_without_record__tells_nothing_and_writes_nothing(tmp_path: Path):
    """Status before the first run is empty."""
    history = History.load(tmp_path / "record")
    assert (history.rectifications, history.resubmissions, history.progress, history.damaged) == ((), (), (), ())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("filled", "arrived", "dated"),
    [
        ("2024-05-20", "2024-06-03", "2024-06-03"),
        ("2024-06-01", "2024-06-03", "2024-06-01"),
        (None, "2024-06-03", "2024-06-03"),
    ],
    ids=["date left standing", "new date", "no date"],
)
def test_season__resubmitted__is_dated_by_what_was_changed(tmp_path, filled, arrived, dated):
    """A fill date that the unit left as it was says nothing about when it corrected: then its file's date does."""
    corrected = evaluated(
        source("退回_自评表.xlsx", arrived),
        submission(filled, "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50"),
    )
    first = FIRST if filled else evaluated(FIRST.source, replace(FIRST.submission, filled_on=None))
    run(tmp_path, unit_of(first))
    history = run(tmp_path, unit_of(corrected))
    fixed = [row for row in history.rectifications if row.status == "fixed"]
    assert {row.cleared_on.isoformat() for row in fixed} == {dated}
    assert [again.day.isoformat() for again in history.resubmissions] == [dated]
