"""Findings that look alike are told apart, in whatever order a run lists them."""

from dataclasses import replace

from evalbatch.model import Finding
from evalbatch.review.slip import Slip, content_of
from evalbatch.review.waivers import finding_matters, waive

UNIT = "示例区教育局"
FIRST = Finding(
    "M06", "must-fix", "工作表“表”单元格 D7（年初预算数）：填的是“100”。", "请改正。", "表", "D7", "100", "10",
    file="甲.xlsx", subject=("whole-unit", "资金"),
)  # fmt: skip
SECOND = replace(FIRST, cell="E7", message="工作表“表”单元格 E7（全年预算数）：填的是“100”。")


def slip_for(place: int) -> Slip:
    matter = finding_matters(UNIT, [FIRST, SECOND])[place]
    return Slip("waiver", matter.key, UNIT, {}, ("同意豁免", "李四", None, "已核实"), decided=matter.content)


def test_waive__findings_alike__waives_the_one_that_was_meant() -> None:
    """Two findings on one thing have keys by their places."""
    told = waive([slip_for(1)], UNIT, [FIRST, SECOND])
    assert [finding.severity for finding in told] == ["must-fix", "note"]
    assert waive([slip_for(1)], UNIT, [SECOND, FIRST]) == told[::-1]
    assert [m.key for m in finding_matters(UNIT, told[::-1])] == [m.key for m in finding_matters(UNIT, told)][::-1]


def test_waive__wording_or_place_changed__still_counts() -> None:
    """A row inserted above, another name of the sheet: the same finding about the same value."""
    moved = replace(FIRST, sheet="表1", cell="D9", message="工作表“表1”单元格 D9（年初预算数）：所填“100”有误。")
    assert waive([slip_for(0)], UNIT, [moved])[0].severity == "note"


def test_waive__value_in_the_message_changed__does_not_count() -> None:
    """What was waived was this value."""
    other = replace(FIRST, message=FIRST.message.replace("100", "200"))
    assert waive([slip_for(0)], UNIT, [other])[0].severity == "must-fix"


def test_finding_of_no_unit__is_known_with_its_file() -> None:
    """Files without a unit have nothing else in common."""
    keys = [matter.key for matter in finding_matters("", [FIRST, replace(FIRST, file="乙.xlsx")])]
    assert len(set(keys)) == 2
    assert not any("#" in key for key in keys)


def test_content__of_a_finding__is_its_values() -> None:
    """Place and wording don't count."""
    assert content_of("waiver", {"问题": FIRST.message}) == content_of("waiver", {"问题": SECOND.message})
