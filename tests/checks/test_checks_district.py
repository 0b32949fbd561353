"""A district's units side by side: texts alike, scores all high."""

import time
from dataclasses import replace
from decimal import Decimal

from checks.form_tables import SCHEME, from_text
from judged_units import judged, light

from evalbatch.checks.district import check_district
from evalbatch.model import Unit, UnitResult

LONG = (
    "围绕中心工作开展普法宣传活动十二场，覆盖企业职工八千余人，建立诉调对接工作室一处，聘请律"
    "师七名，为困难职工送去慰问金并跟踪回访，推动园区企业建会入会，会员总数稳步增长。"
)
OTHER = (
    "全年组织义务教育阶段教师培训二十六期，改造薄弱学校食堂九所，配备多媒体教室四十间，控辍保"
    "学率保持百分之百，课后服务覆盖全部小学和初中，家长评价总体较好，遗留问题列入下年。"
)


def unit(name, text, score=None):
    """One unit with one form, its text in the goal's answer."""
    form = from_text(f"- 完成情况：{text}", "whole-unit")
    source = replace(form.source, path=f"{name}.xlsx")
    return UnitResult(Unit("", name), "complete", (replace(form, source=source),), self_score=score)


def checked(units):
    """What is found when these units lie side by side."""
    return check_district(light(units), [judged(one).texts for one in units], SCHEME)


def alike(units):
    """The files of X02's findings."""
    return sorted(f.file for f in checked(units) if f.code == "X02" and f.file)


def test_the_same_long_text_in_two_units__is_asked_about_in_both():
    """Each is told that there is another, the bureau alone which: what leaves for a unit names no other."""
    units = [unit("甲局", LONG), unit("乙局", LONG), unit("丙局", OTHER)]
    assert alike(units) == ["乙局.xlsx", "甲局.xlsx"]
    found = next(f for f in checked(units) if f.file == "甲局.xlsx")
    assert "乙局" not in found.message
    assert "与其他1个单位的文字雷同" in found.message
    assert found.cell == "B1"
    (of_district,) = (f for f in checked(units) if f.code == "X02" and f.file is None)
    assert "“甲局”、“乙局”的文字雷同" in of_district.message


def test_a_few_words_changed__is_still_the_same_text():
    """Names and a number changed don't hide a copy."""
    assert alike([unit("甲局", LONG), unit("乙局", LONG.replace("七名", "八名"))]) == ["乙局.xlsx", "甲局.xlsx"]


def test_own_names_in_the_text__make_no_difference():
    """A text that differs by the unit's name alone is the same text."""
    units = [unit("甲局", f"甲局{LONG}"), unit("乙局", f"乙局{LONG}")]
    assert len(alike(units)) == 2


def test_short_or_common_texts__are_left_in_peace():
    """Short sentences are alike everywhere; what most units write is the notice's own wording."""
    assert alike([unit("甲局", "已按计划完成。"), unit("乙局", "已按计划完成。")]) == []
    assert alike([unit(f"{n}局", LONG) for n in range(6)]) == []
    assert alike([unit("甲局", LONG), unit("乙局", OTHER)]) == []


def test_one_unit_with_the_same_text_twice__is_no_copy():
    """Only different units copy from each other."""
    both = unit("甲局", LONG)
    assert alike([replace(both, forms=both.forms * 2), unit("乙局", OTHER)]) == []


def test_nine_of_ten_units_at_95__is_noted_once_for_the_district():
    """X03 belongs to no file."""
    units = [unit(f"{n}局", "", Decimal(96 if n else 80)) for n in range(10)]
    found = checked(units)
    assert [(f.code, f.file, f.severity) for f in found] == [("X03", None, "note")]
    assert "10个单位中有9个自评在95分以上，占90%" in found[0].message
    assert checked(units[:1] * 2 + units[1:]) == ()


def test_a_thousand_units__take_seconds():
    """Nearly the same texts are found by what they share, not by comparing all with all."""
    words = [LONG[at : at + 7] for at in range(0, 70, 7)] + [OTHER[at : at + 7] for at in range(0, 70, 7)]
    units = [
        unit(f"第{n}局", "".join(words[(n * 7 + k * (n % 11 + 1)) % 20] for k in range(14)) + str(n))
        for n in range(1000)
    ]
    units[500] = unit("第500局", LONG)
    units[700] = unit("第700局", LONG.replace("七名", "九名"))
    results, texts = light(units), [judged(one).texts for one in units]
    began = time.perf_counter()
    files = sorted(f.file for f in check_district(results, texts, SCHEME) if f.code == "X02" and f.file)
    assert time.perf_counter() - began < 5
    assert {"第500局.xlsx", "第700局.xlsx"} <= set(files)


def test_hundreds_of_long_texts_alike__take_seconds():
    """In one unit they are compared with nothing, in two each with a few: the work grows with the texts."""
    goals = [LONG * 300 + str(n) for n in range(150)]
    forms = [unit("甲局", text).forms[0] for text in goals]
    one = replace(unit("甲局", LONG), forms=tuple(forms))
    two = replace(unit("乙局", LONG), forms=tuple(unit("乙局", text + "。").forms[0] for text in goals))
    began = time.perf_counter()
    assert alike([one]) == []
    assert set(alike([one, two])) == {"甲局.xlsx", "乙局.xlsx"}
    assert time.perf_counter() - began < 30
