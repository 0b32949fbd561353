"""Numbers that no form holds: they cost their own cell, never the batch."""

from decimal import Decimal
from pathlib import Path

import pytest
from many_units import unit_name
from robustness.attacked import attacked, changed, evalbatch, results, standing

from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.model import Cell
from evalbatch.reading.grid_cells import number_cell
from evalbatch.reading.numbers import money_of, points_of, rate_of
from evalbatch.sheets.book import new_book

pytestmark = pytest.mark.command

NINES = "9" * 309
GREAT_HAN = "一" + "亿" * 300
ABSURD = {
    "money": {"D7": NINES, "E7": NINES + "万元"},
    "money-stored": {"D7": 9.9e307, "D8": 9.9e307, "E7": -9.9e307},
    "scores": {"G14": NINES, "H14": NINES, "H15": 1e300, "H41": NINES},
    "targets": {"E14": f"≥{NINES}个", "F14": f"{NINES}个", "E15": f"≥{GREAT_HAN}人次", "F15": f"{GREAT_HAN}人次"},
    "tiny": {"D7": 1e-300, "E7": "0." + "0" * 300 + "1", "F7": 9e307},
    "long": {"E14": "1" * 32_000, "F14": "1" * 32_000, "D7": "1" * 32_000, "I47": "2" * 32_000},
    "infinite": {"D7": "1E+999", "E7": "inf", "F7": "nan", "H14": "NaN", "G14": "Infinity"},
}


def test_run__absurd_numbers_in_one_unit_each__every_unit_has_its_results(tmp_path: Path) -> None:
    """Each workbook holds another kind of them; the unit that sent none is in order."""
    sent = {f"{unit_name(n)}.xlsx": changed(cells, n) for n, cells in enumerate(ABSURD.values(), start=1)}
    campaign = attacked(tmp_path, sent, units=len(ABSURD) + 1)
    evalbatch("run", campaign, "--workers", "2").assert_in_words(0)
    assert standing(campaign, 0) == "complete"
    assert [file["status"] for file in results(campaign)["files"]].count("rejected") == 0


@pytest.mark.parametrize("kind", ["scores", "tiny", "long"])
def test_check_and_inspect__absurd_numbers__say_what_is_wrong(tmp_path: Path, kind: str) -> None:
    """What a unit's own check says of them is a list of findings."""
    sent = tmp_path / "自评表.xlsx"
    sent.write_bytes(changed(ABSURD[kind]))
    evalbatch("check", sent).assert_in_words(0, 1)
    evalbatch("inspect", sent).assert_in_words(0)


@pytest.mark.parametrize(
    ("stored", "text", "number"),
    [
        ("134.92", "134.92", "134.92"),
        ("1.4210854715202004E-14", "0.0000000000000142108547152", "0"),
        ("1E+20", "100000000000000000000", None),
        ("9.9E+307", "9.90000E+307", None),
        ("1E-300", "1.00000E-300", None),
    ],
)
def test_number_cell__numbers_of_every_size__are_numbers_only_where_a_form_can_hold_them(
    stored: str, text: str, number: str | None
) -> None:
    """What a spreadsheet's own arithmetic leaves behind counts as nothing; what is beyond all forms is text."""
    cell = number_cell("表", (1, 1), stored, "General", False)
    assert cell.text[:20] == text[:20]
    assert cell.number == (None if number is None else Decimal(number))


def test_amounts_points_and_rates__beyond_their_kind__are_not_read() -> None:
    """No weight reaches a million; no amount, in whatever measure, 1,000 trillion 万元."""
    assert points_of(Cell("表", 1, 1, "999999")) == 999_999
    assert points_of(Cell("表", 1, 1, "1000000")) is None
    assert rate_of(Cell("表", 1, 1, "9" * 12 + "%")) is None
    assert money_of(Cell("表", 1, 1, "99999999999999亿元"), "万元") is None


@pytest.mark.parametrize("text", [f"≥{NINES}个", f"≥{GREAT_HAN}个", "≥99999亿亿亿个", "5亿亿亿亿元", "1" * 32_000])
def test_parse__numbers_beyond_all_forms__are_unclear(text: str) -> None:
    """They are there and can't be counted with, so that is what is said."""
    assert parse_target(text, None).kind == "unclear"
    assert parse_actual(text, None).kind == "unclear"


def test_write__numbers_that_no_sheet_can_hold__stand_there_as_text(tmp_path: Path) -> None:
    """A painter can't be made to write NaN or an infinity, or to fail over one."""
    with new_book(tmp_path / "表.xlsx", "表") as book:
        sheet = book.sheet("表", "screen")
        for row, value in enumerate(("NaN", "Infinity", "1E+400", "-1E+308", "5")):
            book.write(sheet, row, 0, Decimal(value), "screen")
            book.write(sheet, row, 1, Decimal(value), "screen", kind="percent")
    assert (tmp_path / "表.xlsx").stat().st_size
