"""The long tables: every row has its place, nothing is told twice, and files read back as they were written."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from districts import evaluated, finding, money, result_of, source, synthetic, tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_units import consolidated, judged, light

from evalbatch.model import BudgetLine, Cell, FileResult, Submission, Unit, UnitResult
from evalbatch.tables.dictionary import dictionary
from evalbatch.tables.frames import assemble
from evalbatch.tables.places import money_of_unit
from evalbatch.tables.rows import TABLES, Rows, rows_of_file, rows_of_unit
from evalbatch.tables.write import write_data

DOCUMENT = Path(__file__).parents[2] / "docs/zh/data.md"


# ---------------------------------------------------------------- rows


def test_rows__of_any_result__are_as_wide_as_their_table():
    """Every row has a value, blank or not, for every column of its table."""
    files, units, _ = tiny()
    for rows in (*(rows for unit in units for rows in rows_of(unit)), *map(rows_of_file, files)):
        for name, some in rows.items():
            assert {len(row) for row in some} <= {len(TABLES[name].columns)}


def test_tables__of_four_units_and_six_files__have_a_row_for_each(tables):
    """One row a file, a unit, a current form, a line; the finding held by file and unit stands once."""
    assert {name: len(frame) for name, frame in tables.items()} == {
        "files": 6,
        "units": 4,
        "submissions": 3,
        "budgets": 3,
        "indicators": 10,
        "scores": 10,
        "fields": 0,
        "findings": 5,
        "unused": 0,
    }


def test_order__files_by_path_the_rest_by_roster__whatever_order_files_came_in(tables):
    """The tables do not depend on the order in which files were found."""
    files, units, findings = tiny()
    again = consolidated(files[::-1], units, findings)
    assert all(again[name].equals(tables[name]) for name in TABLES if name != "findings")
    assert tables["files"]["path"].is_monotonic_increasing
    assert tables["units"]["unit_code"].tolist() == ["101", "102", "103", "104"]


def test_findings__of_units_first__then_of_nobody(tables):
    """A finding bears its unit where that is known; those of no unit come last."""
    shown = tables["findings"][["unit_code", "code"]].astype(object).where(lambda f: f.notna(), None)
    assert shown.to_numpy().tolist() == [["102", "A06"], ["102", "M09"], ["104", "U05"], [None, "F01"], [None, "X03"]]


def test_file__known_by_its_units_name__gets_code_and_name():
    """A file's unit may be given by name or by code; the tables bear both."""
    units = (UnitResult(Unit("101", "甲局"), "complete"), UnitResult(Unit("", "乙局"), "complete"))
    files = tuple(FileResult(source(f"{name}.xlsx"), "accepted", name) for name in ("甲局", "101", "乙局", "丙局"))
    frame = consolidated(files, units)["files"].set_index("path")[["unit_code", "unit_name"]]
    assert frame.loc["甲局.xlsx"].tolist() == ["101", "甲局"]
    assert frame.loc["101.xlsx"].tolist() == ["101", "甲局"]
    assert frame.loc["乙局.xlsx"].tolist() == ["", "乙局"]
    assert frame.loc["丙局.xlsx", "unit_code"] == "丙局"


def test_unused_cells__of_a_file__are_counted_and_listed():
    """What was not used is in a table of its own, and its number stands with the file."""
    files, units, _ = tiny()
    path = files[0].source.path
    tables = consolidated(files, units, unused={path: [Cell("自评表", 31, 8, "备注"), Cell("自评表", 32, 8, "x")]})
    assert tables["files"].set_index("path").loc[path, "unused_cells"] == 2
    assert tables["unused"][["file", "cell", "value"]].to_numpy().tolist() == [
        [path, "H31", "备注"],
        [path, "H32", "x"],
    ]


def rows_of(unit: UnitResult) -> list[Rows]:
    """The rows of a unit: its forms' as its worker gives them, its own as the district does."""
    one = judged(unit)
    return [one.rows, rows_of_unit(one.result)]


def test_assemble__rows_from_workers__is_consolidate():
    """Rows that travelled one by one make the same tables."""
    files, units = synthetic(9, rows=2)
    owner = {result.unit.name: result.unit for result in units}
    parts = [
        *(rows for unit in units for rows in rows_of(unit)),
        *(rows_of_file(file, owner[file.unit]) for file in files),
    ]
    made, wanted = assemble(parts), consolidated(files, units)
    assert all(made[name].equals(wanted[name]) for name in TABLES)


def _stream() -> list[Rows]:
    """Rows as units and files hand them in, with everything that is seldom in one of them only."""
    files, units = synthetic(40, rows=4, faults=5)
    wide = BudgetLine("年度资金总额", "total", Decimal("1E+40"), Decimal("NaN"), Decimal("0.0000005"))
    odd = result_of(evaluated("whole-unit", source("单位\udcb2.xlsx"), wide, []), Unit("2", "乙\udcb2局"), "complete")
    owner = {result.unit.name: result.unit for result in units}
    nobodys = FileResult(source("a.xlsx"), "rejected", findings=(finding("F01", "must-fix", "无法打开", None, None),))
    return [
        *(rows for unit in units[:20] for rows in rows_of(unit)),
        *rows_of(odd),
        rows_of_file(nobodys, None, [Cell("自评表", 31, 8, "备注")]),
        *(rows for unit in units[20:] for rows in rows_of(unit)),
        *(rows_of_file(file, owner[file.unit]) for file in files),
    ]


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_assemble__rows_joined_piece_by_piece__are_the_same_as_in_one(batch, monkeypatch, tmp_path):
    """Wherever a piece ends, also among the findings of one unit, frames and files are the same."""
    parts = _stream()
    whole = assemble([{name: [row for part in parts for row in part.get(name, ())] for name in TABLES}])
    monkeypatch.setattr("evalbatch.tables.frames._AT_ONCE", batch)
    monkeypatch.setattr("evalbatch.tables.write._PIECE", batch)
    pieces = assemble(iter(parts))
    for name in TABLES:
        pd.testing.assert_frame_equal(pieces[name], whole[name])
    names = write_data(tmp_path / "pieces", pieces)
    monkeypatch.undo()
    assert write_data(tmp_path / "whole", whole) == names
    read = [(tmp_path / "pieces" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes() for name in names]
    assert all(read)


_UNITS, _FILES, _MESSAGES = (None, "1", "2"), (None, "a.xlsx"), ("\udcb2", "\\udcb2", "")


@settings(deadline=None)
@given(st.lists(st.tuples(*map(st.sampled_from, (_UNITS, _FILES, _MESSAGES)), st.integers()), max_size=12))
def test_findings__however_they_come__stand_once_and_by_unit(found):
    """The law: of equals the first stays; units stand in the order in which they came, nobody's findings last."""
    blank = dict.fromkeys(column.name for column in TABLES["findings"].columns)
    rows = [
        blank | {"unit_code": unit, "file": file, "message": message, "remedy": str(number)}
        for unit, file, message, number in found
    ]
    first: dict[object, dict[str, object]] = {}
    for row in rows:
        written = row["message"].encode("utf-8", "backslashreplace")
        first.setdefault((row["file"] or row["unit_code"], row["file"], written), row)
    units = [*dict.fromkeys(row["unit_code"] for row in first.values() if row["unit_code"]), None]
    wanted = sorted(first.values(), key=lambda row: units.index(row["unit_code"]))
    frame = assemble({"findings": [tuple(row.values())]} for row in rows)["findings"]
    told = frame[["unit_code", "remedy"]].astype(object).where(lambda f: f.notna(), None)
    assert told.to_numpy().tolist() == [[row["unit_code"], row["remedy"]] for row in wanted]


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("initial", "adjusted", "executed", "rate"),
    [
        ("138.79", "138.79", "134.92", "97.21"),
        ("100", "0", "0", None),
        ("100", None, "50", None),
        ("100", "200", None, None),
        ("100", "200", "250", "125.00"),
    ],
)
def test_rate__of_these_amounts__is_executed_over_adjusted(initial, adjusted, executed, rate):
    """A rate needs a budget and an executed amount; no budget is not 100%."""
    form = evaluated("whole-unit", source("a.xlsx"), money(initial, adjusted, executed), [])
    found = money_of_unit(light([result_of(form, Unit("1", "甲局"), "complete")])[0]).rate
    assert (None if found is None else f"{found:.2f}") == rate


def test_budget__form_without_a_column_for_the_adjusted_one__is_the_initial_one():
    """The old forms measure execution against 年初预算数."""
    line = BudgetLine("年度资金总额", "total", Decimal(80), None, Decimal(60), cells={"initial": Cell("表", 7, 3)})
    form = evaluated("whole-unit", source("a.xlsx"), line, [])
    assert money_of_unit(light([result_of(form, Unit("1", "甲局"), "complete")])[0]).rate == 75


def test_money__of_a_form_with_one_row_of_another_name__is_that_rows():
    """The only row of money is scored as the total; its amounts count in the tables too."""
    line = BudgetLine("专项经费", "other", Decimal(50), Decimal(60), Decimal(45))
    form = evaluated("whole-unit", source("a.xlsx"), line, [])
    tables = consolidated((), (result_of(form, Unit("1", "甲局"), "complete"),))
    for name in ("units", "submissions"):
        assert tables[name][["initial", "adjusted", "executed", "rate"]].iloc[0].tolist() == [50, 60, 45, 75]


def test_money__one_project_without_executed_amount__leaves_the_sum_blank():
    """What is missing never counts as 0."""
    forms = tuple(
        evaluated("project", source(f"{n}.xlsx"), money("10", "10", executed), [], f"项目{n}")
        for n, executed in enumerate(("5", None))
    )
    whole = money_of_unit(light([UnitResult(Unit("1", "甲局"), "complete", forms)])[0])
    assert (whole.adjusted, whole.executed, whole.source) == (Decimal(20), None, "projects")


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        ("0.0000005", "0.000001"),
        ("-0.0000005", "-0.000001"),
        ("134.92", "134.920000"),
        ("9" * 31, "9" * 31 + ".000000"),
        ("1" + "0" * 31, None),
        ("1E+300", None),
        ("NaN", None),
    ],
)
def test_number__however_long__is_rounded_half_up_or_blank(number, stored):
    """Six decimals, half-up; what no column can hold is blank, never cut."""
    line = BudgetLine("年度资金总额", "total", Decimal(number))
    form = evaluated("whole-unit", source("a.xlsx"), line, [])
    frame = consolidated((), (result_of(form, Unit("1", "甲局"), "complete"),))["budgets"]
    value = frame["initial"][0]
    assert (None if pd.isna(value) else str(value)) == stored


def test_text__with_undecodable_bytes__is_shown_not_fatal():
    """A file name that is no UTF-8 ends up in the tables with its bytes shown."""
    files = (FileResult(source("单位\udcb2.xlsx"), "ignored"),)
    assert consolidated(files, ())["files"]["path"][0] == "单位\\udcb2.xlsx"


# ---------------------------------------------------------------- the dictionary


def test_dictionary__in_the_docs__is_current():
    """docs/zh/data.md is what `python -m evalbatch.tables` prints: run it again after changing a column."""
    assert DOCUMENT.read_text("utf-8") == dictionary()


@pytest.mark.parametrize("schema", TABLES.values(), ids=list(TABLES))
def test_columns__of_a_table__have_names_of_their_own_and_a_source(schema):
    """No two columns share a name or a header, and each says where it comes from."""
    names, labels = ([getattr(column, what) for column in schema.columns] for what in ("name", "label"))
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)
    assert all(column.source and column.name.isascii() for column in schema.columns)


def test_finding__of_a_file_without_its_path__takes_the_files():
    """A finding that names no file belongs to the file that holds it."""
    held = FileResult(source("a.xlsx"), "rejected", findings=(finding("F01", "must-fix", "文件无法打开", None, None),))
    assert consolidated((held,), ())["findings"]["file"].tolist() == ["a.xlsx"]


def test_submission__without_money__has_blanks():
    """A form without rows of money has a row of its own, blank where nothing was given."""
    form = evaluated("score", source("a.xlsx"), money("1", "1", "1"), [])
    bare = type(form)(form.source, Submission("score", "评分表"), form.card)
    frame = consolidated((), (result_of(bare, Unit("1", "甲局"), "complete"),))
    assert frame["submissions"]["adjusted"].isna().all()
    assert frame["budgets"].empty


@pytest.mark.parametrize(("code", "source"), [("M06", "doubtful"), ("U03", "")])
def test_money__amounts_in_doubt_or_of_another_year__are_nobodys_money(code: str, source: str) -> None:
    """One unit's 元 for 万元, or last year's form, must not be added into the district's total."""
    _, units, _ = tiny()
    unit = next(result for result in units if money_of_unit(light([result])[0]).source == "whole-unit")
    forms = tuple(
        replace(form, findings=(finding(code, "must-fix", "", form.source.path, "D7"),))
        for form in unit.forms
        if form.submission.form == "whole-unit"
    )
    money = money_of_unit(replace(unit, forms=forms))
    assert (money.source, money.adjusted, money.executed) == (source, None, None)
