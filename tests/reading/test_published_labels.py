"""The labels of published forms point at the cells that hold what they say."""

import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple
from reading.drawn import rows_of
from reading.published_forms import NAMES, drawing, label, workbook


def shown(name: str, cell: str) -> str:
    """What a form's drawing shows in a cell, line breaks taken out."""
    row, column = coordinate_to_tuple(cell)
    return rows_of(drawing(name))[row - 1][column - 1].replace("\\n", "")


@pytest.mark.parametrize("name", NAMES)
def test_label__cells_of_indicators__hold_the_labelled_texts(name: str) -> None:
    """A label that was typed wrong would make a right reading look wrong."""
    for indicator in label(name)["indicators"]:
        for field in ("name", "actual", "reason"):
            if field in indicator["cells"]:
                assert indicator[field].replace("\n", "") in shown(name, indicator["cells"][field])
        for field in ("weight", "score"):
            if field in indicator["cells"]:
                assert float(shown(name, indicator["cells"][field])) == indicator[field]


@pytest.mark.parametrize("name", NAMES)
def test_label__every_value__has_its_cell(name: str) -> None:
    """What the label says is there must be somewhere, except a weight that only the header names."""
    reading = label(name)
    for row in [*reading["budget"], *reading["indicators"]]:
        values = {
            key
            for key in ("initial", "adjusted", "executed", "rate", "target", "actual", "score")
            if row.get(key) is not None
        }
        assert values <= row["cells"].keys()


def test_workbook__drawn_numbers_and_merges__are_numbers_and_merges(tmp_path) -> None:
    """2022 永德: a percentage, an amount with cents and the title across ten columns."""
    sheet = load_workbook(workbook("yunnan_meals_2022", tmp_path)).worksheets[0]
    assert (sheet["I6"].value, sheet["I6"].number_format) == (1, "0%")
    assert (sheet["F6"].value, sheet["F6"].number_format) == (387664.62, "0.00")
    assert "A1:J1" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["D17"].value == "═"
