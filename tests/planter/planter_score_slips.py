"""Slips in scores, totals and grades; in what heads and closes a form; in its cells."""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from planter.planter_content import Form, Raw, Unsuitable, grade_of, half_up, settle_total
from planter.planter_drawing import Place
from planter.planter_slips import Slip, is_met, some, swapped, way

# ------------------------------------------------------------ scores of rows


@way("S01")
def score_above_weight(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda _: True)
    row.score = rng.choice((row.weight + 1, row.weight + Decimal("0.5"), row.weight * 10))
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S02")
def score_in_words(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda _: True)
    row.score = rng.choice(("满分", "完成", "优", "达标", "八分"))
    return Slip(form, (f"rows.{at}.score",))


@way("S02")
def score_below_zero(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    row.score = Decimal(rng.choice(("-1", "-2", "-0.5")))
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S02")
def total_in_words(rng: random.Random, form: Form) -> Slip:
    form.total_score = rng.choice(("优秀", "见评分表", "满分"))
    return Slip(form, ("total_score",))


@way("S04")
def missed_scored_otherwise(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.fate == "missed")
    wrong = half_up(row.weight * rng.choice((Decimal("0.13"), Decimal("0.37"), Decimal("0.98"))))
    steps = [half_up(row.score / step, Decimal(1)) * step for step in (Decimal("0.1"), Decimal("0.5"), Decimal(1))]
    if any(abs(wrong - near) <= Decimal("0.02") for near in (row.score, row.weight, *steps)):
        raise Unsuitable
    row.score = wrong
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S05")
def missed_score_rounded(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.fate == "missed")
    step = rng.choice((Decimal("0.1"), Decimal("0.5"), Decimal(1)))
    exact = row.weight * (row.wanted.share or 1)
    rounded = half_up(exact / step, Decimal(1)) * step
    if abs(rounded - row.score) <= Decimal("0.01") or rounded >= row.weight:
        raise Unsuitable
    row.score = rounded
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S07")
def met_yet_points_lost(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.weight > 2 and row.wanted.kind not in ("words",))
    row.score, row.reason = row.weight - rng.choice((1, Decimal("1.5"))), rng.choice((None, "无", "—"))
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S08")
def missed_yet_full(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.fate == "missed")
    row.score = row.weight
    settle_total(form)
    return Slip(form, (f"rows.{at}.score",))


@way("S12")
def score_blank(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda _: True)
    before = row.score
    row.score = None
    if rng.random() < 0.5:
        form.total_score -= before
        form.grade = grade_of(form.total_score)
    return Slip(form, (f"rows.{at}.score",))


# ------------------------------------------------------------ totals and grades


@way("S03")
def total_typed_otherwise(rng: random.Random, form: Form) -> Slip:
    form.total_score += rng.choice((Decimal(1), Decimal("-0.5"), Decimal("0.1"), Decimal(-2)))
    form.grade = grade_of(form.total_score)
    return Slip(form, ("total_score",))


@way("S03")
def total_with_digits_swapped(rng: random.Random, form: Form) -> Slip:
    form.total_score = swapped(form.total_score, rng)
    form.grade = grade_of(form.total_score)
    return Slip(form, ("total_score",))


@way("S03")
def total_without_execution(rng: random.Random, form: Form) -> Slip:
    form.total_score -= form.money[0].score
    form.grade = grade_of(form.total_score)
    return Slip(form, ("total_score",))


@way("S10", grade=True)
def grade_of_nobody(rng: random.Random, form: Form) -> Slip:
    form.grade = rng.choice(("优良", "合格", "A", "较好", "一般", "通过", "优-"))
    return Slip(form, ("grade",))


@way("S11", grade=True)
def grade_of_another_band(rng: random.Random, form: Form) -> Slip:
    wrong = [("优", "优秀"), ("良", "良好"), ("中",), ("差",)]
    form.grade = rng.choice([names for names in wrong if form.grade not in names])[0]
    return Slip(form, ("grade",))


# ------------------------------------------------------------ head and foot


@way("U06", footer=True)
def nobody_named(rng: random.Random, form: Form) -> Slip:
    key = rng.choice(("prepared_by", "phone", "filled_on"))
    setattr(form, key, None)
    return Slip(form, (key,))


@way("U06", footer=True)
def date_left_open(rng: random.Random, form: Form) -> Slip:
    form.filled_on = rng.choice(("2024年  月  日", "年   月   日"))
    return Slip(form, ("filled_on",))


@way("U07", footer=True)
def filled_before_the_year_ended(rng: random.Random, form: Form) -> Slip:
    form.filled_on = rng.choice((date(form.year, 5, 30), date(form.year - 1, 12, 31), date(form.year, 11, 1)))
    return Slip(form, ("filled_on",))


@way("U07", footer=True)
def filled_after_the_file_was_saved(rng: random.Random, form: Form) -> Slip:
    form.filled_on = rng.choice((date(2035, 5, 30), date(2042, 5, 3)))
    return Slip(form, ("filled_on",))


# ------------------------------------------------------------ cells


@way("F07")
def mask_left_in_a_target(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind in ("count", "rate", "ceiling"))
    row.target = rng.choice(("≥**", "≥××", "≥**人", "≥××%"))
    row.split = ("≥", rng.choice(("**", "××")), "人")
    return Slip(form, (f"rows.{at}.target",))


@way("F07")
def tag_left_in_a_cell(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    key = rng.choice(("target", "actual", "reason"))
    setattr(row, key, f"{{{{ indicators.{key} }}}}")
    row.split = (None, row.target, None) if key == "target" else row.split
    return Slip(form, (f"rows.{at}.{key}",))


@way("F07")
def mask_left_in_an_actual(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind in ("count", "rate"))
    row.actual = rng.choice(("××人", "**场", "××%"))
    return Slip(form, (f"rows.{at}.actual",))


@way("F07")
def mask_left_in_a_name(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    row.name = rng.choice(("××培训场次", "**项目完成数量", "开展××活动次数"))
    return Slip(form, (f"rows.{at}.name",))


@way("F07")
def tag_left_in_the_goal(rng: random.Random, form: Form) -> Slip:
    form.goal_actual += "{{ goal_actual }}"
    return Slip(form, ("goal_actual",))


@way("F07")
def mask_left_in_the_goal(rng: random.Random, form: Form) -> Slip:
    form.goal = "完成××任务，服务群众**人次。"
    return Slip(form, ("goal",))


def _with_formula(key: str, formula: str) -> Callable[[Path, dict[str, Place]], None]:
    def write(path: Path, places: dict[str, Place]) -> None:
        book = load_workbook(path)
        sheet, address = places[key]
        book[sheet][address] = formula
        book.save(path)

    return write


@way("F11", formulas=False)
def formula_never_computed(rng: random.Random, form: Form) -> Slip:
    at, _ = some(rng, form, is_met)
    key = rng.choice(
        (
            "total_score",
            "money.0.rate",
            "money.0.score",
            "money.0.executed",
            f"rows.{at}.score",
            f"rows.{at}.actual",
            f"rows.{at}.weight",
            "money.1.executed",
            "total_weight",
        )
    )
    return Slip(form, (key,), then=_with_formula(key, "=B1+C1"))


def _failed(rng: random.Random, form: Form, raw: Raw) -> Slip:
    at, row = some(rng, form, is_met)
    key = rng.choice(
        (
            "total_score",
            "money.0.rate",
            "money.0.score",
            "money.0.executed",
            "score",
            "actual",
            "weight",
            "money.2.executed",
            "total_weight",
        )
    )
    if key.startswith("money"):
        _, number, column = key.split(".")
        setattr(form.money[int(number)], column, raw)
    elif key.startswith("total"):
        setattr(form, key, raw)
    else:
        setattr(row, key, raw)
        key = f"rows.{at}.{key}"
    return Slip(form, (key,))


ERRORS = ("#DIV/0!", "#REF!", "#VALUE!", "#N/A", "#NAME?")


@way("F12", formulas=False)
def formula_failed(rng: random.Random, form: Form) -> Slip:
    return _failed(rng, form, Raw(rng.choice(ERRORS), formula="=1/0"))


@way("F12", formulas=False)
def error_pasted_as_text(rng: random.Random, form: Form) -> Slip:
    return _failed(rng, form, Raw(rng.choice(ERRORS)))
