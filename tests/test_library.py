"""The few names for notebooks and scripts: frames in the columns of the data dictionary, exact decimals."""

import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from many_units import EXAMPLE

import evalbatch
from evalbatch.tables.rows import TABLES

pytestmark = pytest.mark.command

FILLED = EXAMPLE.parent / "湛江市麻章区总工会本级" / "2023年度整体绩效自评.xlsx"


def test_import__of_the_package__loads_no_pandas_until_a_name_is_asked_for() -> None:
    """A command's help must not wait for pandas."""
    script = "import sys, evalbatch; print('pandas' in sys.modules); evalbatch.parse; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["False", "True"]


def test_read_workbook__of_a_filled_form__gives_frames_in_the_dictionarys_columns() -> None:
    """Money as exact decimals in 万元, rates computed, each value with its cell."""
    book = evalbatch.read_workbook(FILLED)
    for name in ("budgets", "indicators", "fields", "findings", "unused"):
        assert list(getattr(book, name).columns) == [column.name for column in TABLES[name].columns]
    total = book.budgets.iloc[0]
    assert (total["adjusted"], total["executed"]) == (Decimal("138.79"), Decimal("134.92"))
    assert round(total["computed_rate"], 2) == Decimal("97.21")
    assert total["executed_cell"]
    assert len(book.indicators) >= 5
    assert book.status in ("accepted", "returned")


def test_read_workbook__of_no_workbook__is_rejected_with_the_reason(tmp_path: Path) -> None:
    """A file that can't be read is no exception, but a finding."""
    path = tmp_path / "甲局.xlsx"
    path.write_bytes(b"no workbook")
    book = evalbatch.read_workbook(path)
    assert (book.status, book.findings["code"].tolist(), len(book.indicators)) == ("rejected", ["F03"], 0)
    with pytest.raises(FileNotFoundError):
        evalbatch.read_workbook(tmp_path / "没有.xlsx")


def test_parse__of_a_compound_target__is_what_the_command_says() -> None:
    """Two conditions in order."""
    parts = evalbatch.parse("至少开3次会议，参加会议率至少达95%")["parts"]
    assert [(part["op"], part["value"], part["unit"]) for part in parts] == [(">=", 3, "次"), (">=", 95, "%")]
    assert evalbatch.parse("10多场", as_="actual")["parts"][0]["op"] == ">"


def test_run__of_a_campaign__gives_the_long_tables_it_wrote(tmp_path: Path) -> None:
    """The frames are those of data/, and the record that of run.json."""
    folder = tmp_path / "批次"
    shutil.copytree(EXAMPLE.parent.parent, folder, ignore=shutil.ignore_patterns("output", ".evalbatch", "record"))
    results = evalbatch.run(folder)
    assert set(results.tables) == set(TABLES)
    assert len(results.tables["units"]) == len(results.record["units"])
    assert results.tables["units"]["verified_score"].dropna().map(type).eq(Decimal).all()
