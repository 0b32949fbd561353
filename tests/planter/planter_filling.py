"""A form in, a filled copy of a built-in form out: what a unit does that uses the bureau's own workbook."""

import random
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from drawn_forms import write_blank, write_prefilled
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from planter.planter_content import Form, Percent, Raw, Unsuitable, half_up
from planter.planter_drawing import Place

from evalbatch.forms.places import builtin_forms
from evalbatch.model import Season, Unit
from evalbatch.reading.layout import form_versions

_TAG = re.compile(r"\{\{\s*([^\s{}]+)\s*\}\}")
_INDICATOR = ("name", "target", "actual", "weight", "score", "reason")


@lru_cache
def tags(form: str) -> dict[str, str]:
    """Where a built-in form has its tags."""
    sheet = load_workbook(builtin_forms()[form]).worksheets[0]
    return {
        name: cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        for name in _TAG.findall(cell.value)
    }


def season(year: int) -> Season:
    """The season that blank copies are made for."""
    return Season("示例市示例区", year, versions=form_versions(tuple(builtin_forms().values())))


def fill_one(path: Path, form: Form, rng: random.Random) -> dict[str, Place]:
    """Fill a blank copy of one built-in form."""
    write_blank(path, builtin_forms()[form.form], season(form.year))
    book = load_workbook(path)
    places = fill_sheet(book.worksheets[0], form, rng)
    book.save(path)
    return places


def fill_unit(
    path: Path, form: Form, rng: random.Random, altered: dict[str, Decimal] | None = None
) -> dict[str, Place]:
    """Fill a unit's standard workbook: whole-unit, data and score sheets that agree with each other.

    `altered` names fields of the data form, or "total_score" of the score form, that are typed otherwise.
    """
    altered = altered or {}
    forms = [path for name, path in builtin_forms().items() if name in ("whole-unit", "data", "score")]
    write_prefilled(path, forms, Unit(form.code, form.unit), season(form.year))
    book = load_workbook(path)
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    places = fill_sheet(sheets["部门整体支出绩效自评表"], form, rng)
    data = fill_data(sheets["部门整体支出数据表"], form, rng, altered)
    places |= {f"data.{name}": place for name, place in data.items()}
    places |= fill_score(sheets["部门整体支出绩效评分表"], form, altered)
    book.save(path)
    return places


def fill_sheet(sheet: Worksheet, form: Form, rng: random.Random) -> dict[str, Place]:
    """Fill money, goal, indicators, totals and footer by the places of the form's tags."""
    where, places = tags(form.form), {}

    def put(tag: str, key: str, value: Any) -> None:
        if tag in where:
            places[key] = (sheet.title, where[tag])
            _type(sheet, where[tag], value)

    for key, value in (
        ("unit.name", form.unit),
        ("unit.code", form.code),
        ("project.name", form.project),
        ("project.department", form.department),
        ("goal", form.goal),
        ("goal_actual", form.goal_actual),
        ("prepared_by", form.prepared_by),
        ("phone", form.phone),
        ("filled_on", form.filled_on),
        ("total_score", form.total_score),
        ("grade", form.grade),
    ):
        put(key, key, value)
    for number, line in enumerate(form.money):
        for column in ("initial", "adjusted", "executed", "rate", "score"):
            put(f"budget.{line.kind}.{column}", f"money.{number}.{column}", getattr(line, column))
    _type(sheet, _weight_cell(form), form.money[0].weight)
    places["money.0.weight"] = (sheet.title, _weight_cell(form))
    _fill_indicators(sheet, form, rng, places)
    return places


def _weight_cell(form: Form) -> str:
    """The execution's weight stands between the amounts and the rate."""
    rate = tags(form.form)["budget.total.rate"]
    return f"{chr(ord(rate[0]) - 1)}{rate[1:]}"


def _fill_indicators(sheet: Worksheet, form: Form, rng: random.Random, places: dict[str, Place]) -> None:
    where = tags(form.form)
    columns = {key: where[f"indicators.{key}"][0] for key in _INDICATOR}
    level2, first = where["indicators.level2"][0], int(where["indicators.name"][1:])
    free: dict[str, list[int]] = {}
    group = ""
    for row in range(first, int(where["total_score"][1:])):
        group = sheet[f"{level2}{row}"].value or group
        free.setdefault(group, []).append(row)
    numbered = rng.random() < 0.5
    for number, one in enumerate(form.rows):
        if not free.get(one.level2):
            raise Unsuitable
        row = free[one.level2].pop(0)
        for key, column in columns.items():
            value = getattr(one, key)
            if key == "name" and numbered and isinstance(value, str):
                value = f"{str(sheet[f'{column}{row}'].value).replace('……', '指标3：')}{value}"
            _type(sheet, f"{column}{row}", value)
            places[f"rows.{number}.{key}"] = (sheet.title, f"{column}{row}")


def _type(sheet: Worksheet, address: str, value: Any) -> None:
    cell, typed = sheet[address], isinstance(value, str)
    if isinstance(value, Percent) and "%" in cell.number_format:
        value = (value.shown if value.exact is None else value.exact) / 100
    elif isinstance(value, Percent):
        value = f"{value.shown}%"
    elif isinstance(value, Raw):
        cell.number_format = value.format or cell.number_format
        value = value.formula or value.value
    cell.value = value
    if typed and value.startswith("="):
        cell.data_type = "s"  # a target of exactly so much, no formula


# ------------------------------------------------------------ data and score sheets


def fill_data(sheet: Worksheet, form: Form, rng: random.Random, altered: dict[str, Decimal]) -> dict[str, Place]:
    """Fill the data form so that it agrees with the whole-unit form."""
    total = form.money[0]
    part = half_up(total.adjusted * Decimal("0.6"))
    done = half_up(total.executed * Decimal("0.6"))
    staff = Decimal(rng.randrange(10, 80))
    values: dict[str, Any] = {
        "编制人数": staff,
        "年末在职人数": staff - rng.randrange(0, 4),
        "退休人数": Decimal(rng.randrange(0, 30)),
        "编外人数": Decimal(0),
        "收入预算": total.adjusted,
        "收入决算": total.adjusted,
        "支出预算": total.adjusted,
        "支出决算": total.executed,
        "基本支出预算": part,
        "基本支出决算": done,
        "项目支出预算": total.adjusted - part,
        "项目支出决算": total.executed - done,
        "公用经费预算": half_up(part / 5),
        "公用经费决算": half_up(done / 5),
        "三公经费预算": Decimal("2.5"),
        "三公经费决算": Decimal("1.8"),
        "因公出国费决算": Decimal(0),
        "公务用车费决算": Decimal("1.5"),
        "公务接待费决算": Decimal("0.3"),
        "上年三公经费决算": Decimal("2.1"),
        "上年结转": form.money[2].adjusted or Decimal(0),
        "年末结转结余": half_up(total.adjusted / 50),
        "政府采购预算": Decimal(20),
        "政府采购决算": Decimal(18),
        "固定资产总额": Decimal(300),
        "在用固定资产": Decimal(290),
    }
    places = {}
    for name, value in values.items():
        address = tags("data")[f"fields.{name}"]
        _type(sheet, address, altered.get(name, value))
        places[name] = (sheet.title, address)
    for key in ("prepared_by", "phone", "filled_on"):
        _type(sheet, tags("data")[key], getattr(form, key))
    form.aside = values
    return places


def fill_score(sheet: Worksheet, form: Form, altered: dict[str, Decimal]) -> dict[str, Place]:
    """Fill the score form by its rules, the lines that only people judge so that its total is the whole-unit form's."""
    where, weight = tags("score"), "D"
    column, first = where["indicators.score"][0], int(where["indicators.score"][1:])
    last = next(row for row in range(first, sheet.max_row) if sheet[f"C{row}"].value is None)
    lower = last - int(where["total_score"][1:])  # a copy has a row for each line of the scheme
    where = {
        key: place if int(place[1:]) <= first else f"{place[0]}{int(place[1:]) + lower}" for key, place in where.items()
    }
    fixed = _computed(form)
    scores, free = {}, []
    for row in range(first, last):
        name, mark = sheet[f"C{row}"].value, Decimal(str(sheet[f"{weight}{row}"].value))
        scores[row] = fixed.get(name, mark)
        if name not in fixed:
            free.append((row, mark))
    short = sum(scores.values(), Decimal(0)) - form.total_score
    for row, mark in free:
        cut = min(max(short, scores[row] - mark), mark)
        scores[row] -= cut
        short -= cut
    if short:
        raise Unsuitable
    for row, value in scores.items():
        sheet[f"{column}{row}"].value = value
        sheet[f"G{row}"].value = None if value == Decimal(str(sheet[f"{weight}{row}"].value)) else "按实际情况扣分"
    for key, value in (
        ("total_score", altered.get("total_score", form.total_score)),
        ("grade", form.grade),
        ("prepared_by", form.prepared_by),
        ("phone", form.phone),
        ("filled_on", form.filled_on),
    ):
        _type(sheet, where[key], value)
    return {"score.total_score": (sheet.title, where["total_score"]), "score.grade": (sheet.title, where["grade"])}


def _computed(form: Form) -> dict[str, Decimal]:
    """Scores that the built-in scheme computes from the data form."""
    aside = form.aside

    def share(mark: int, over: str, under: str) -> Decimal:
        return half_up(mark * min(aside[over] / aside[under], Decimal(1)))

    met = sum(row.fate != "missed" for row in form.rows)
    scores = {
        "支出预算执行率": share(8, "支出决算", "支出预算"),
        "结转结余率": Decimal(5),
        "政府采购执行率": share(3, "政府采购决算", "政府采购预算"),
        "三公经费控制率": Decimal(4),
        "项目支出完成率": share(4, "项目支出决算", "项目支出预算"),
        "财政供养人员控制率": Decimal(3),
        "固定资产利用率": Decimal(3),
        "公用经费控制率": Decimal(5),
    }
    if all(row.wanted.kind != "words" for row in form.rows):
        scores["绩效目标完成率"] = half_up(Decimal(8) * met / len(form.rows))
    return scores
