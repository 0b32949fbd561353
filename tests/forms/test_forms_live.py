"""Forms that check themselves: what a form with a slip says, computed by LibreOffice, against what `check` finds."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from drawn_forms import write_prefilled
from forms.forms_computed import converted, said_in
from forms.forms_of_provinces import adopt
from forms.test_forms_adopted import ANSWERS
from forms.test_forms_filled import KINDS, SEASON, TITLES, UNIT, command, filled, row_of, tags
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.copies import Copies
from evalbatch.forms.live import HEADING
from evalbatch.model import Season, Unit

COUNT, QUALITY, DATE, COST = "数量指标", "质量指标", "时效指标", "成本指标"
BENEFIT, PLEASED = "社会效益指标", "服务对象满意度指标"
Edits = Mapping[str | tuple[str, str], object]
SLIPS: tuple[tuple[str, str, Edits], ...] = (
    ("whole-unit", "U03", {"year": "（2023年度）"}),
    ("whole-unit", "F07", {("actual", COUNT): "≥**场"}),
    ("whole-unit", "F07", {("target", COUNT): "≥××场"}),
    ("whole-unit", "F12", {("score", COUNT): "=1/0"}),
    ("whole-unit", "F15", {"goal": None}),
    ("whole-unit", "F15", {"goal_actual": None}),
    ("whole-unit", "F15", {"total_score": None}),
    ("whole-unit", "F15", {f"budget.{kind}.executed": None for kind in KINDS}),
    ("data", "F15", {"fields.编制人数": None}),
    ("data", "F15", {"fields.支出决算": None}),
    ("whole-unit", "M01", {"budget.total.executed": 111.1}),
    ("whole-unit", "M01", {"budget.carried_over.adjusted": 12}),
    ("whole-unit", "M01", {"budget.other_funds.initial": 1}),
    ("whole-unit", "M02", {"budget.total.rate": 0.95}),
    ("whole-unit", "M02", {"budget.total.rate": "95%"}),
    ("whole-unit", "M02", {"budget.total.rate": 97.5}),
    ("whole-unit", "M06", {"budget.total.executed": 1101000}),
    ("whole-unit", "M11", {"budget.other_funds.executed": -1}),
    ("whole-unit", "M11", {"budget.appropriation.initial": "九十万"}),
    ("whole-unit", "M11", {"budget.total.executed": "见附表"}),
    ("whole-unit", "T03", {("weight", COUNT): 15}),
    ("whole-unit", "T03", {("weight", BENEFIT): 40}),
    ("whole-unit", "T06", {("target", COUNT): None}),
    ("whole-unit", "T06", {("target", QUALITY): "—"}),
    ("whole-unit", "A01", {("actual", COUNT): None}),
    ("whole-unit", "A01", {("actual", COST): "无"}),
    ("whole-unit", "A01", {("actual", DATE): "/"}),
    ("whole-unit", "A06", {("actual", COUNT): "6场", ("score", COUNT): 15}),
    ("whole-unit", "A06", {("actual", BENEFIT): "80%", ("score", BENEFIT): 26.67}),
    ("whole-unit", "A06", {("actual", COST): "5.6万元", ("score", COST): 4.46}),
    ("whole-unit", "A06", {("actual", QUALITY): "开会2次，参加会议率98%", ("score", QUALITY): 12.5}),
    ("whole-unit", "S01", {("score", COUNT): 21}),
    ("whole-unit", "S01", {"budget.total.score": 10.5}),
    ("whole-unit", "S02", {("score", COUNT): -1}),
    ("whole-unit", "S02", {("score", COUNT): "满分"}),
    ("whole-unit", "S02", {"total_score": "优秀"}),
    ("whole-unit", "S03", {"total_score": 95}),
    ("whole-unit", "S03", {("score", COST): 4}),
    ("whole-unit", "S04", {"budget.total.score": 8}),
    ("whole-unit", "S04", {("actual", COUNT): "6场", ("score", COUNT): 18, ("reason", COUNT): "停电"}),
    ("whole-unit", "S08", {("actual", COUNT): "6场", ("reason", COUNT): "停电"}),
    ("whole-unit", "S08", {("actual", PLEASED): "90%", ("reason", PLEASED): "抽样偏差"}),
    ("whole-unit", "S08", {("actual", DATE): "2024年11月20日", ("reason", DATE): "推迟"}),
    ("whole-unit", "S10", {"grade": "优良"}),
    ("whole-unit", "S11", {"grade": "良"}),
    ("whole-unit", "S12", {("score", COUNT): None}),
    ("whole-unit", "S12", {"budget.total.score": None}),
    ("score", "S01", {("score", "预算编制合理性"): 6}),
    ("score", "S02", {("score", "预算编制合理性"): "好"}),
    ("score", "S03", {"total_score": 90}),
    ("score", "S12", {("score", "公众满意度"): None}),
    ("score", "F15", {"total_score": None}),
    ("score", "S10", {"grade": "甲"}),
    ("score", "S11", {"grade": "中"}),
    ("project", "M01", {"budget.total.executed": "111.1万元"}),
    ("project", "T03", {("weight", COUNT): "15分"}),
    ("project", "A01", {("actual", COUNT): None}),
    ("project", "A06", {("actual", COUNT): "6场", ("score", COUNT): 15}),
    ("project", "S01", {("score", COUNT): "２１"}),
    ("project", "S03", {"total_score": "95分"}),
    ("project", "S04", {"budget.total.score": 8}),
)
"""A form in order, and one slip in it that the form alone shows: the form, the code, and what is typed where."""
NOT_SAID = {
    ("A06", "开会2次，参加会议率98%"): "a target of several conditions: which number answers which, no formula tells",
    ("S08", "2024年11月20日"): "a date against words such as 9月底前",
    ("M06", 1101000): "said as the sum that does not agree, at the same cell",
}
"""Slips that the form does not say under their own code, by their code and what is typed, with the reason."""


def cell_of(sheet: Worksheet, form: str, where: str | tuple[str, str]) -> Cell:
    """A tag's cell, or that of an indicator's column in the row of a label."""
    places = tags(form)
    if isinstance(where, str):
        return sheet[places[where]]
    part, label = where
    return sheet[f"{places[f'indicators.{part}'][0]}{row_of(sheet, label)}"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[set[tuple[str, str]], set[tuple[str, str]]]]:
    """Of each slip: what its form says of itself, and what must be corrected by `check`."""
    folder = tmp_path_factory.mktemp("slips")
    in_order, paths = (
        {form: filled((form,), folder / f"{form}.xlsx")[0] for form in ("whole-unit", "data", "score", "project")},
        [],
    )
    for number, (form, _, edits) in enumerate(SLIPS):
        book = load_workbook(in_order[form])
        for where, value in edits.items():
            cell_of(book[TITLES[form]], form, where).value = value
        paths.append(folder / f"slip{number:02}.xlsx")
        book.save(paths[-1])
    _, checked = command("check", paths)
    must = [{(f["code"], f["cell"]) for f in one["findings"] if f["severity"] == "must-fix"} for one in checked]
    shown = converted([*in_order.values(), *paths], folder / "computed")
    for path in shown[: len(in_order)]:
        assert set(said_in(path)) == set(), "a form in order says nothing"
    return list(zip((set(said_in(path)) for path in shown[len(in_order) :]), must, strict=True))


@pytest.mark.slow
@pytest.mark.render
def test_forms_with_a_slip__computed__say_what_check_finds(
    told: list[tuple[set[tuple[str, str]], set[tuple[str, str]]]],
) -> None:
    """The code stands beside the row, of nine slips in ten and more; what is not said is listed with its reason."""
    silent = set()
    for (_, code, edits), (said, must) in zip(SLIPS, told, strict=True):
        assert must, (code, edits)
        if code not in {one for one, _ in said}:
            silent.add((code, next(iter(edits.values()))))
    assert silent == NOT_SAID.keys()
    assert len(silent) / len(SLIPS) < 0.1


@pytest.mark.slow
@pytest.mark.render
def test_forms_with_a_slip__computed__point_only_at_cells_that_check_points_at(
    told: list[tuple[set[tuple[str, str]], set[tuple[str, str]]]],
) -> None:
    """Nothing but the slip's row, or what follows from it, is said: a total, a rate, a score by that rate."""
    follows = {"S03", "M02", "S04", "S01", "M01"}
    for (_, code, edits), (said, must) in zip(SLIPS, told, strict=True):
        rows = {cell.split(":")[0].lstrip("ABCDEFGHI") for _, cell in must if cell}
        for own, cell in said:
            assert own == code or own in follows or cell.lstrip("ABCDEFGHI") in rows, (code, edits, own, cell)


@pytest.mark.slow
@pytest.mark.render
def test_adopted_forms__computed__say_nothing_of_a_form_in_order_and_what_a_blank_one_lacks(tmp_path: Path) -> None:
    """Three provinces' forms check themselves by their tags alone."""
    forms = adopt(tmp_path / "forms")
    copies = Copies(Season("示例区", 2024))
    unit = Unit("001", "示例区商务局", adjusted=Decimal(4800))
    [(_, whole)] = copies.standard([forms["整体表"]], unit)
    made = {
        "示例区商务局_自评表.xlsx": whole,
        "示例区商务局_转移支付_县乡公路.xlsx": copies.project(forms["转移支付"], unit, "县乡公路"),
    }
    paths = []
    for name, data in made.items():
        for kind in ("blank", "filled"):
            path = tmp_path / f"{kind}_{name}"
            path.write_bytes(data)
            book = load_workbook(path)
            sheet = next(sheet for sheet in book.worksheets if sheet.title.endswith("自评表"))
            for place, value in ANSWERS[name].items() if kind == "filled" else ():
                sheet[place] = value
            if "转移支付" in name and kind == "filled":
                sheet["D14"], sheet["E14"] = "建设公路", "≥20公里"
            book.save(path)
            paths.append(path)
    said = {path.name: set(said_in(path)) for path in converted(paths, tmp_path / "computed")}
    assert said["filled_示例区商务局_自评表.xlsx"] == set()
    assert said["filled_示例区商务局_转移支付_县乡公路.xlsx"] == set()
    assert {code for code, _ in said["blank_示例区商务局_自评表.xlsx"]} >= {"F15", "U06"}
    assert {code for code, _ in said["blank_示例区商务局_转移支付_县乡公路.xlsx"]} >= {"F15"}


def test_checks__beside_a_form__are_not_read_and_not_printed(tmp_path: Path) -> None:
    """The block begins behind a blank column with its heading, right of what is printed; a reader passes over it."""
    write_prefilled(tmp_path / "form.xlsx", [Path("input_templates/whole-unit.xlsx").resolve()], UNIT, SEASON)
    book = load_workbook(tmp_path / "form.xlsx")
    sheet = book[TITLES["whole-unit"]]
    head = next(cell for row in sheet for cell in row if cell.value == HEADING)
    assert head.coordinate == "K1"
    assert sheet.print_area.endswith("$I$48")
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None and cell.column > 11} == {"f"}
    _, [read] = command("inspect", [tmp_path / "form.xlsx"])
    assert read["unused"] == []
    assert "K1" in str(book["填表说明"]["B3"].value).replace("L1", "K1")
