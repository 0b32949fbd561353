"""Two submissions of one form: what changed, what that cleared or added, and its effect on the score."""

from dataclasses import replace
from decimal import Decimal

from history.seasons import evaluated, run, sent_alone, source, submission, unit_of
from hypothesis import given
from hypothesis import strategies as st

from evalbatch.history.compare import Change, Comparison, compare
from evalbatch.history.places import values_of
from evalbatch.model import BudgetLine, Entry, Evaluated


def sent(day: str, *rows: str) -> Evaluated:
    return evaluated(source(f"{day}.xlsx", day), submission(day, *rows))


def compare_submissions(old: Evaluated, new: Evaluated) -> Comparison:
    """Compare two submissions of one form, the later one second; of each its own findings count."""
    return compare(values_of(old.submission), values_of(new.submission), sent_alone(old).judged, sent_alone(new).judged)


def changes(old: Evaluated, new: Evaluated) -> list[tuple[str, str, str | None, str | None]]:
    found = compare_submissions(old, new).changes
    return [(one.place, one.column, one.old, one.new) for one in found if one.place != "填报日期"]


OLD = sent("2024-05-20", "活动场次 ≥8场 - 50", "培训人数 ≥100人 90人 50")


def test_corrected_rows__are_told_by_name_and_column_with_their_effect():
    """The clerk reads what was changed, what it cured, and what it was worth."""
    new = sent("2024-06-10", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50")
    found = compare_submissions(OLD, new)
    assert changes(OLD, new) == [
        ("活动场次", "实际完成值", None, "10场"),
        ("培训人数", "实际完成值", "90人", "105人"),
    ]
    assert sorted(item.code for item in found.cleared) == ["A01", "A06", "S08"]
    assert (found.added, found.kept) == ((), ())
    assert (found.total.verified_before, found.total.verified_after) == (Decimal(95), Decimal(100))
    assert [(line.name, line.verified_before, line.verified_after) for line in found.lines] == [
        ("培训人数", Decimal(45), Decimal(50))
    ]


def test_row__under_another_name__is_renamed_not_dropped_and_added():
    """A row that says the same under another name is that row."""
    new = sent("2024-05-20", "活动次数 ≥8场 - 50", "培训人数 ≥100人 90人 50")
    assert changes(OLD, new) == [("活动场次", "三级指标", "活动场次", "活动次数")]


def test_rows__added_and_dropped__are_told_whole():
    """What is gone is told with what it said."""
    new = sent("2024-05-20", "培训人数 ≥100人 90人 50", "满意度 ≥95% 96% 50")
    said = {place: (old, new) for place, column, old, new in changes(OLD, new) if not column}
    assert said["满意度"][0] is None
    assert said["满意度"][1] is not None
    assert "年度指标值：≥95%" in said["满意度"][1]
    assert said["活动场次"][1] is None


def test_row__on_the_form_s_second_sheet__goes_by_its_own_name():
    """Another row has the same address on the first sheet."""
    first, second = OLD.submission.indicators
    moved = {name: replace(first.cells[name], sheet="续表") for name in first.cells}
    form = replace(OLD, submission=replace(OLD.submission, indicators=(first, replace(second, cells=moved))))
    [found] = [finding for finding in form.findings if finding.code == "A01"]
    for sheet, name in ((found.sheet, "活动场次"), ("续表", "培训人数")):
        judged = compare_submissions(form, replace(form, findings=(replace(found, sheet=sheet, subject=()),)))
        assert [item.place for item in judged.added + judged.kept if item.code == "A01"] == [f"{name}·实际完成值"]


def test_rows__in_another_order__are_the_same_rows():
    """Moving a row up changes nothing but its group."""
    rows = [replace(row, level1=None) for row in OLD.submission.indicators]
    one = replace(OLD, submission=replace(OLD.submission, indicators=tuple(rows)))
    other = replace(OLD, submission=replace(OLD.submission, indicators=tuple(rows[::-1])))
    assert changes(one, other) == []


def test_rows__of_one_name__are_told_apart_by_their_order():
    """Two rows called the same are two rows."""
    one = sent("2024-05-20", "场次 ≥8场 9场 50", "场次 ≥5场 6场 50")
    other = sent("2024-05-20", "场次 ≥8场 9场 50", "场次 ≥5场 7场 50")
    assert changes(one, other) == [("场次#2", "实际完成值", "6场", "7场")]


def test_money_and_named_values__are_compared_as_numbers():
    """1,160.00 and 1160 are one amount; another amount is a change in its row and column."""

    def with_money(executed: str, staff: str) -> Evaluated:
        line = BudgetLine("年度资金总额", "total", Decimal("1160.00"), Decimal(1160), Decimal(executed))
        cell = OLD.submission.cells["phone"]
        entry = Entry("年末在职人数", staff, Decimal(staff), "人", cell)
        return replace(OLD, submission=replace(OLD.submission, budget=(line,), fields=(entry,)))

    assert changes(with_money("1100", "12"), with_money("1100.0", "12.0")) == []
    assert changes(with_money("1100", "12"), with_money("1150", "13")) == [
        ("年度资金总额", "全年执行数", "1100", "1150"),
        ("年末在职人数", "", "12", "13"),
    ]


def test_record__tells_the_same_as_the_two_submissions(tmp_path):
    """A year later, without the files, the comparison is the one that was made then."""
    new = sent("2024-06-10", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50")
    run(tmp_path, unit_of(OLD))
    (again,) = run(tmp_path, unit_of(new)).resubmissions
    assert again.comparison == compare_submissions(OLD, new)
    assert again.summary == "改动3处，改正3项，复核得分由95变为100（+5）。"
    assert Change("填报日期", "", "2024-05-20", "2024-06-10") in again.comparison.changes


def test_record__whose_values_are_lost__says_so(tmp_path):
    """A damaged line costs what it held, not the run."""
    run(tmp_path, unit_of(OLD))
    run(tmp_path, unit_of(sent("2024-06-10", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50")))
    path = tmp_path / "values.jsonl"
    path.write_bytes(path.read_bytes().replace("培训人数".encode(), "损坏人数".encode(), 1))
    history = run(tmp_path, unit_of(sent("2024-06-10", "活动场次 ≥8场 10场 50", "培训人数 ≥100人 105人 50")))
    assert history.damaged == ("record/values.jsonl 第1行读不出来，已略过。",)
    assert history.resubmissions[0].summary == "改动内容的记录已损坏，改正3项，复核得分由95变为100（+5）。"


words = st.sampled_from(["10场", "8场", "-", "100人"])
rows = st.lists(st.tuples(st.sampled_from(["甲", "乙", "丙"]), words, words), min_size=1, max_size=4)


@given(old=rows, new=rows)
def test_comparing__backwards__is_the_comparison_turned_round(old, new):
    """What one way clears, the other way adds; of itself a submission changes nothing."""
    one, other = (
        sent("2024-05-20", *(f"{name} {target} {actual} 10" for name, target, actual in each)) for each in (old, new)
    )
    there, back = compare_submissions(one, other), compare_submissions(other, one)
    assert [item.key for item in there.cleared] == [item.key for item in back.added]
    assert {(c.place, c.column) for c in there.changes if c.column != "三级指标"} == {
        (c.place, c.column) for c in back.changes if c.column != "三级指标"
    }
    assert not compare_submissions(one, one).changes
