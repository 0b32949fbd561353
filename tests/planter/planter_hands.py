"""What each unit of the campaign hands in, and what must be found in it."""

import datetime as dt
import random
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from planter.planter_content import Unsuitable, form_in_order, half_up, rate_of, settle_total
from planter.planter_drawing import draw
from planter.planter_filling import fill_one, fill_unit
from planter.planter_season import DRESS, SAVED, YEAR, Member, hand, stamp, submit

# ------------------------------------------------------------ in order


@hand
def in_order(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox)


@hand
def in_order_on_the_bureaus_form(rng: random.Random, member: Member, inbox: Path) -> None:
    inbox.mkdir(parents=True)
    fill_one(inbox / f"{member.name}.xlsx", member.form, rng)
    stamp(inbox / f"{member.name}.xlsx", SAVED)


@hand
def standard_workbook_in_order(rng: random.Random, member: Member, inbox: Path) -> None:
    inbox.mkdir(parents=True)
    fill_unit(inbox / f"{member.name}.xlsx", member.form, rng)
    stamp(inbox / f"{member.name}.xlsx", SAVED)
    member.owes = "whole-unit、data、score"


@hand
def targets_as_approved(rng: random.Random, member: Member, inbox: Path) -> None:
    member.approved = _approved(member)
    submit(rng, member, inbox)


@hand
def low_scores(rng: random.Random, member: Member, inbox: Path) -> None:
    """Keep the district from being high all over."""
    submit(rng, member, inbox)


# ------------------------------------------------------------ U


@hand
def stranger(rng: random.Random, member: Member, inbox: Path) -> None:
    member.listed = False
    form = replace(member.form, unit=rng.choice(("某某市外单位", "远方县博物馆筹备处")), code="99901")
    submit(rng, member, inbox, form)
    member.must = {("U01", "自评表.xlsx")}
    member.cells["U01"] = member.places["unit"][1]


@hand
def other_name(rng: random.Random, member: Member, inbox: Path) -> None:
    member.others = member.name.removeprefix("示例")
    submit(rng, member, inbox, replace(member.form, unit=member.others))
    member.must = {("U02", "自评表.xlsx")}
    member.cells["U02"] = member.places["unit"][1]


@hand
def known_by_code(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, replace(member.form, unit="示例区某新机构"))
    member.must = {("U02", "自评表.xlsx")}


@hand
def in_anothers_folder(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox / "示例区公共资源中心")
    member.must, member.also = {("U02", "自评表.xlsx")}, {"U05"}  # it counts for neither unit until a person assigns it
    member.cells["U02"] = member.places["unit"][1]


@hand
def last_years_form(rng: random.Random, member: Member, inbox: Path) -> None:
    form = replace(member.form, year=YEAR - 1)
    submit(rng, member, inbox, form)
    member.must = {("U03", "自评表.xlsx")}
    member.cells["U03"] = member.places["year"][1]


@hand
def late_by_its_date(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, replace(member.form, filled_on=dt.date(2024, 6, 10)))
    member.must = {("U04", "自评表.xlsx")}
    member.cells["U04"] = member.places["filled_on"][1]


@hand
def late_by_its_file(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, dress=replace(DRESS, footer=False))
    member.must = {("U04", "自评表.xlsx")}


@hand
def in_time_by_its_file(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, dress=replace(DRESS, footer=False), saved=dt.datetime(2024, 5, 31, 23, 59))


@hand
def owes_another_form(rng: random.Random, member: Member, inbox: Path) -> None:
    member.owes = "whole-unit、data"
    submit(rng, member, inbox)
    member.must = {("U05", None)}


@hand
def nothing_sent(rng: random.Random, member: Member, inbox: Path) -> None:
    member.must = {("U05", None)}


@hand
def dated_after_its_file(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, replace(member.form, filled_on=dt.date(2024, 5, 30)), saved=dt.datetime(2024, 4, 2, 9))
    member.must = {("U07", "自评表.xlsx")}
    member.cells["U07"] = member.places["filled_on"][1]


# ------------------------------------------------------------ F


@hand
def old_version(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, replace(member.form, version=rng.choice(("BM-0.9", "2022", "BM-2.0"))))
    member.must = {("F06", "自评表.xlsx")}
    member.cells["F06"] = member.places["version"][1]


@hand
def sent_twice(rng: random.Random, member: Member, inbox: Path) -> None:
    first = submit(rng, member, inbox, name="自评表.xlsx")
    shutil.copy2(first, inbox / "自评表副本.xlsx")
    member.must = {("F08", "自评表副本.xlsx")}


@hand
def corrected_later(rng: random.Random, member: Member, inbox: Path) -> None:
    wrong = replace(member.form, total_score=member.form.total_score + 1, filled_on=dt.date(2024, 5, 2))
    submit(rng, member, inbox, wrong, name="自评表.xlsx")
    submit(rng, member, inbox, replace(member.form, filled_on=dt.date(2024, 5, 20)), name="自评表改.xlsx")
    member.must = {("F09", "自评表.xlsx")}


@hand
def corrected_by_name(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox, replace(member.form, goal="原来的目标，后来改写了。"), name="自评表（修改）.xlsx")
    submit(rng, member, inbox, name="自评表（终稿）.xlsx")
    member.must = {("F09", "自评表（修改）.xlsx")}


# ------------------------------------------------------------ M, S, T, X


@hand
def unlike_the_bureaus_figure(rng: random.Random, member: Member, inbox: Path) -> None:
    initial, adjusted, executed = member.figures
    column = rng.randrange(3)
    figures = [initial, adjusted, executed]
    figures[column] = half_up(figures[column] * Decimal("1.07") + Decimal("0.5"))
    member.figures = (figures[0], figures[1], figures[2])
    submit(rng, member, inbox)
    member.must = {("M08", "自评表.xlsx")}
    member.cells["M08"] = member.places[f"money.0.{('initial', 'adjusted', 'executed')[column]}"][1]


@hand
def all_in_yuan(rng: random.Random, member: Member, inbox: Path) -> None:
    for line in member.form.money:
        for column in ("initial", "adjusted", "executed"):
            value = getattr(line, column)
            setattr(line, column, value and value * 10000)
    submit(rng, member, inbox)
    member.must = {("M06", "自评表.xlsx")}


def _unit_workbook(rng: random.Random, member: Member, inbox: Path, altered: dict[str, Decimal]) -> None:
    inbox.mkdir(parents=True)
    member.owes = "whole-unit、data、score"
    member.places = fill_unit(inbox / "三张表.xlsx", member.form, rng, altered)
    stamp(inbox / "三张表.xlsx", SAVED)


@hand
def data_form_unlike(rng: random.Random, member: Member, inbox: Path) -> None:
    wrong = member.form.money[0].executed + Decimal("0.63")
    _unit_workbook(rng, member, inbox, {"支出决算": wrong})
    member.must = {("M07", "三张表.xlsx")}
    member.cells["M07"] = member.places["data.支出决算"][1]


@hand
def data_form_in_yuan(rng: random.Random, member: Member, inbox: Path) -> None:
    _unit_workbook(rng, member, inbox, {"支出决算": member.form.money[0].executed * 10000})
    member.must = {("M06", "三张表.xlsx")}
    member.cells["M06"] = member.places["data.支出决算"][1]


@hand
def score_form_unlike(rng: random.Random, member: Member, inbox: Path) -> None:
    _unit_workbook(rng, member, inbox, {"total_score": member.form.total_score - Decimal("0.5")})
    member.must, member.also = {("S06", "三张表.xlsx")}, {"S03", "S11"}
    member.cells["S06"] = member.places["score.total_score"][1]


def _approved(member: Member) -> list[tuple[str, str]]:
    return [(row.name, str(row.target).removeprefix("=")) for row in member.form.rows]


@hand
def target_lowered(rng: random.Random, member: Member, inbox: Path) -> None:
    at = next((at for at, row in enumerate(member.form.rows) if row.wanted.kind == "count"), None)
    if at is None:
        raise Unsuitable
    row = member.form.rows[at]
    member.approved = _approved(member)
    member.approved[at] = (row.name, f"≥{row.wanted.bound + 5}{row.wanted.measure}")
    submit(rng, member, inbox)
    member.must = {("T02", "自评表.xlsx")}
    member.cells["T02"] = member.places[f"rows.{at}.target"][1]


@hand
def ceiling_raised(rng: random.Random, member: Member, inbox: Path) -> None:
    at = next(
        (at for at, row in enumerate(member.form.rows) if row.wanted.kind == "ceiling" and row.wanted.measure != "%"),
        None,
    )
    if at is None:
        raise Unsuitable
    row = member.form.rows[at]
    member.approved = _approved(member)
    member.approved[at] = (row.name, f"≤{half_up(row.wanted.bound * Decimal('0.8'))}{row.wanted.measure}")
    submit(rng, member, inbox)
    member.must = {("T02", "自评表.xlsx")}
    member.cells["T02"] = member.places[f"rows.{at}.target"][1]


@hand
def target_dropped(rng: random.Random, member: Member, inbox: Path) -> None:
    member.approved = [*_approved(member), ("建立应急值守岗位数", "≥3个")]
    submit(rng, member, inbox)
    member.must = {("T02", "自评表.xlsx")}


@hand
def target_added(rng: random.Random, member: Member, inbox: Path) -> None:
    at = rng.randrange(len(member.form.rows))
    member.approved = _approved(member)
    member.approved.pop(at)
    submit(rng, member, inbox)
    member.must = {("T02", "自评表.xlsx")}
    member.cells["T02"] = member.places[f"rows.{at}.name"][1]


@hand
def target_higher_than_approved(rng: random.Random, member: Member, inbox: Path) -> None:
    at = next(
        (at for at, row in enumerate(member.form.rows) if row.wanted.kind == "count" and row.wanted.bound > 4), None
    )
    if at is None:
        raise Unsuitable
    row = member.form.rows[at]
    member.approved = _approved(member)
    member.approved[at] = (row.name, f"≥{row.wanted.bound - 1}{row.wanted.measure}")
    submit(rng, member, inbox)


LONG = ("2023年共开展职工培训12场，覆盖职工1860人次，组织送温暖活动9次，慰问困难职工213户，"
        "发放慰问金42.6万元，职工满意度达到97.8%，各项任务均按年初计划完成。")  # fmt: skip


def _copy(rng: random.Random, member: Member, inbox: Path, text: str) -> None:
    total = member.form.money[0]
    if total.executed / total.adjusted < Decimal("0.8"):
        raise Unsuitable  # the copied text would stand where the reason was
    submit(rng, member, inbox, replace(member.form, goal_actual=text))
    member.must = {("X02", "自评表.xlsx")}
    member.cells["X02"] = member.places["goal_actual"][1]


@hand
def copies_text(rng: random.Random, member: Member, inbox: Path) -> None:
    _copy(rng, member, inbox, LONG)


@hand
def copies_text_too(rng: random.Random, member: Member, inbox: Path) -> None:
    _copy(rng, member, inbox, LONG.replace("12场", "13场"))


def _projects(rng: random.Random, member: Member, inbox: Path, share: Decimal) -> None:
    """Two projects that spent together so much of the unit's money."""
    each = half_up(member.form.money[0].executed * share / 2)
    for number in (1, 2):
        project = form_in_order(rng, "project", year=YEAR)
        total = project.money[0]
        total.initial = total.adjusted = half_up(each * Decimal("1.05"))
        total.executed = each
        for column in ("initial", "adjusted", "executed"):
            setattr(project.money[1], column, getattr(total, column))
            for line in project.money[2:]:
                setattr(line, column, None)
        total.rate = rate_of(total.executed, total.adjusted)
        total.score = half_up(total.weight * total.executed / total.adjusted)
        settle_total(project)
        project = replace(project, unit=member.name, project=f"{project.project}{number}期", version="XM-1.0",
                          filled_on=dt.date(2024, 5, 20))  # fmt: skip
        path = inbox / f"项目{number}.xlsx"
        draw(path, [(project, DRESS)], rng)
        stamp(path, SAVED)


@hand
def projects_above_the_unit(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox)
    _projects(rng, member, inbox, Decimal("1.2"))
    member.must = {("X01", "自评表.xlsx")}
    member.cells["X01"] = member.places["money.0.executed"][1]


@hand
def projects_within_the_unit(rng: random.Random, member: Member, inbox: Path) -> None:
    submit(rng, member, inbox)
    _projects(rng, member, inbox, Decimal("0.6"))
