"""A form filled in by its guide passes `check` without a finding, and its live checks follow what is typed."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawn_forms import grown_sheet, tags_of, write_blank, write_prefilled, write_prefilled_project
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.cli.main import cli
from evalbatch.forms.front import basis_of, score_lines, score_of
from evalbatch.forms.places import builtin_forms
from evalbatch.forms.sample import FIELDS, GRADE, MONEY, RATE, RATE_SCORE, ROWS, TOTAL
from evalbatch.model import Season, Unit

pytestmark = pytest.mark.command

YEAR = 2024
SEASON = Season("示例区", YEAR, date(2025, 5, 31))
UNIT = Unit("900001", "示例教育局", initial=MONEY[0][1], adjusted=MONEY[0][2], executed=MONEY[0][3])
KINDS = ("total", "appropriation", "carried_over", "other_funds")
TITLES = {form: load_workbook(path).worksheets[0].title for form, path in builtin_forms().items()}
STANDARD = ("data", "whole-unit", "score")


def tags(form: str) -> dict[str, str]:
    """Where a built-in form has its tags."""
    return {name: cell.coordinate for name, cell in tags_of(grown_sheet(builtin_forms()[form])).items()}


def fill(sheet: Worksheet, form: str) -> None:
    """Type the guide's example into a form, at the places of its tags."""
    where = tags(form)
    known: dict[str, object] = {
        "unit.name": UNIT.name, "unit.code": UNIT.code, "project.name": "业务培训",
        "project.department": "示例教育局",
        "goal": "按计划完成全年业务培训。", "goal_actual": "全年业务培训已经完成，各项目标都已达到。",
        "prepared_by": "张示例", "phone": "0759-5550100", "filled_on": date(YEAR + 1, 5, 20),
        "budget.total.rate": float(RATE) / 100, "budget.total.score": float(RATE_SCORE),
        "total_score": float(TOTAL), "grade": GRADE,
    }  # fmt: skip
    for kind, (_, *amounts) in zip(KINDS, MONEY, strict=True):
        for word, number in zip(("initial", "adjusted", "executed"), amounts, strict=True):
            known[f"budget.{kind}.{word}"] = float(number)
    for name, text in FIELDS.items():
        known[f"fields.{name}"] = text if "名称" in name else float(text)
    for tag in where.keys() & known.keys():
        sheet[where[tag]] = known[tag]
    if form == "score":
        fill_scores(sheet, where)
    elif "indicators.name" in where:
        fill_indicators(sheet, where)


def fill_indicators(sheet: Worksheet, where: dict[str, str]) -> None:
    """Put each example into the first line of its kind."""
    for row in ROWS:
        label = row_of(sheet, row.level2)
        typed = (f"指标1：{row.name}", row.target, row.actual.format(year=YEAR), float(row.weight), float(row.score))
        for key, value in zip(("name", "target", "actual", "weight", "score"), typed, strict=True):
            sheet[f"{where[f'indicators.{key}'][0]}{label}"] = value


def fill_scores(sheet: Worksheet, where: dict[str, str]) -> None:
    """Score each line of the score form as the example does."""
    for line in score_lines():
        row = row_of(sheet, line.name)
        sheet[f"{where['indicators.score'][0]}{row}"] = float(score_of(line))
        sheet[f"{where['indicators.basis'][0]}{row}"] = basis_of(line)


def row_of(sheet: Worksheet, text: str) -> int:
    return next(cell.row for row in sheet for cell in row if isinstance(cell.value, str) and cell.value == text)


def handed_out(forms: tuple[str, ...], target: Path) -> Path:
    """The prefilled workbook of some forms, or the blank one of the first where `target` says so."""
    paths = [builtin_forms()[form] for form in forms]
    if target.stem == "blank":
        write_blank(target, paths[0], SEASON, guide=True)
    elif forms == ("project",):
        write_prefilled_project(target, paths[0], UNIT, SEASON, "业务培训")
    else:
        write_prefilled(target, paths, UNIT, SEASON)
    return target


def filled(forms: tuple[str, ...], target: Path) -> tuple[Path, Workbook]:
    """A workbook handed out, with the example in all its forms."""
    path = handed_out(forms, target)
    book = load_workbook(path)
    for form in forms:
        fill(book[TITLES[form]], form)
    book.save(path)
    return path, book


def command(word: str, paths: list[Path], *options: str) -> tuple[int, list[dict]]:
    """What a command ends with, and what it prints of each file."""
    result = CliRunner().invoke(cli, [word, *map(str, paths), "--json", *options])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


CASES = [
    *(((form,), copy) for form in ("whole-unit", "project", "data", "score") for copy in ("prefilled", "blank")),
    (STANDARD, "prefilled"),
]


def test_forms__filled_by_their_guide__pass_check_without_a_finding(tmp_path: Path) -> None:
    """Whoever writes what the example shows gets no must-fix, no query and no note; what stands beside is not read."""
    paths = []
    for number, (forms, copy) in enumerate(CASES):
        (tmp_path / str(number)).mkdir()
        paths.append(filled(forms, tmp_path / str(number) / f"{copy}.xlsx")[0])
    ended, checked = command("check", paths)
    assert [(one["file"], found["code"], found["cell"]) for one in checked for found in one["findings"]] == []
    assert (ended, {one["status"] for one in checked}) == (0, {"accepted"})
    _, read = command("inspect", paths)
    for (forms, _), one in zip(CASES, read, strict=True):
        assert [form["form"] for form in one["forms"]] == list(forms), "the guide's example is no submission"
        assert one["unused"] == []
        for form in one["forms"]:
            lines = {"score": len(score_lines()), "data": 0}.get(form["form"], len(ROWS))
            assert len(form.get("indicators") or ()) == lines


def test_score_form__filled_by_its_guide__has_the_total_of_the_other_form() -> None:
    """The example's forms agree with each other."""
    assert sum(score_of(line) for line in score_lines()) == TOTAL


def test_guide__shows_the_example__as_it_is_checked(tmp_path: Path) -> None:
    """The guide's example is the one that the tests fill in: every text of it stands on the guide."""
    guide = load_workbook(handed_out(STANDARD, tmp_path / "prefilled.xlsx"))["填表说明"]
    shown = {str(cell.value) for row in guide for cell in row}
    for row in ROWS:
        assert {f"指标1：{row.name}", row.target, row.actual.format(year=YEAR)} <= shown
    assert shown >= FIELDS.keys() | FIELDS.values()
    assert shown >= {basis_of(line) for line in score_lines()}
    assert any(text.endswith(f"＝{TOTAL}，等级栏选“{GRADE}”。") for text in shown)
    assert f"总分栏填{TOTAL}，等级栏选“{GRADE}”。" in shown
