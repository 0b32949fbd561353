"""CSV and Parquet: the same bytes each time, read back as they were written, and no formula in any text."""

import csv
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from districts import tiny
from hypothesis import given
from hypothesis import strategies as st
from judged_units import consolidated

from evalbatch.tables.rows import TABLES
from evalbatch.tables.schema import Column
from evalbatch.tables.write import inert, shown, write_data


def test_data__written_twice__is_the_same_bytes(tables, tmp_path):
    """The same tables give the same bytes, and the names say where."""
    first, second = tmp_path / "a", tmp_path / "b"
    names = write_data(first, tables)
    assert names == write_data(lambda name: second / name, consolidated(*tiny()))
    assert names[:2] == ("data/files.csv", "data/files.parquet")
    assert len(names) == 2 * len(TABLES)
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_csv__of_units__reads_as_excel_shows_it(tables, tmp_path):
    """UTF-8 with BOM, CRLF, Chinese headers with their measure, words, plain decimals, blanks for what is missing."""
    write_data(tmp_path, tables)
    data = (tmp_path / "data/units.csv").read_bytes()
    assert data.startswith("\ufeff单位编码,单位名称,报送状态".encode())
    lines = data.decode("utf-8-sig").split("\r\n")
    assert "全年预算数（万元）,全年执行数（万元）,执行率（%）" in lines[0]
    assert lines[1].startswith("101,麻章区总工会,已报齐,否,部门整体支出绩效自评表,,0,,张三,,138.79,138.79,134.92,")
    assert lines[4].startswith(
        "104,麻章区信访局,未报送,否,,部门整体支出绩效自评表、部门整体支出数据表,0,,王五,2024-06-15,,,,,,"
    )


def test_csv__read_by_pandas__gives_the_tables_back(tables, tmp_path):
    """Every number of the CSV is the number of the table."""
    write_data(tmp_path, tables)
    for name, schema in TABLES.items():
        frame = pd.read_csv(tmp_path / f"data/{name}.csv", dtype=str, keep_default_na=False)
        assert list(frame.columns) == [column.label for column in schema.columns]
        for column in schema.columns:
            if column.kind == "decimal":
                read = [Decimal(text) if text else None for text in frame[column.label]]
                assert read == [None if pd.isna(value) else value for value in tables[name][column.name]]


def test_parquet__read_by_pandas__keeps_types_and_values(tables, tmp_path):
    """English names, exact decimals, real dates and truth values; codes, not words."""
    write_data(tmp_path, tables)
    for name in TABLES:
        frame = pd.read_parquet(tmp_path / f"data/{name}.parquet", dtype_backend="pyarrow")
        pd.testing.assert_frame_equal(frame, tables[name])
    units = pd.read_parquet(tmp_path / "data/units.parquet")
    assert units["executed"][0] == Decimal("134.92")
    assert units["deadline"][3] == date(2024, 6, 15)
    assert units["status"].tolist() == ["complete", "returned", "late", "missing"]
    field = pq.read_schema(tmp_path / "data/units.parquet").field("executed")
    assert {key.decode(): value.decode() for key, value in field.metadata.items()} == {
        "header": "全年执行数",
        "measure": "万元",
        "source": "资金总额行",
    }


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠", "\u200b=", "\ufeff+", "\u00a0-", "\u202e@", " \u2060="])
def test_text__that_starts_like_a_formula__is_made_inert(start):
    """No text of a stranger becomes a formula when the CSV is opened."""
    assert inert(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("text", ["-5", "-5.25", "-95.8%", "≥8场", "8-10场", "", "—"])
def test_text__of_a_plain_negative_number__stays(text):
    """What is no formula stays as written."""
    assert inert(text) == text


@given(st.text())
def test_inert__any_text__never_starts_a_formula_and_loses_nothing(text):
    """The law: inert text starts with no sign of a formula unless it is a number, and ends in the text itself."""
    shown = inert(text)
    assert shown.endswith(text)
    assert not shown.startswith(tuple("=+@\t"))
    assert not shown.startswith("-") or shown[1:2].isdigit()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_shown__any_decimal__is_the_same_number_in_plain_digits(number):
    """The law: plain digits are the number itself, with no zero too many."""
    column = Column("score", "得分", "decimal", "", lambda place: place)
    (text,) = shown(column, pa.chunked_array([[number]], pa.decimal128(38, 6))).to_pylist()
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


@given(
    st.lists(
        st.text(st.sampled_from('甲,"\r\n\t =＝+＋-－@＠　5%') | st.characters(codec="utf-8")), min_size=2, max_size=5
    )
)
def test_shown__any_texts__are_read_back_from_a_line_of_csv(texts):
    """The law: whoever reads the line of CSV gets the texts, each made inert."""
    column = Column("name", "名称", "text", "", lambda place: place)
    line = ",".join(shown(column, pa.chunked_array([texts])).to_pylist())
    assert list(csv.reader([line], strict=True)) == [[inert(text) for text in texts]]


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        ("integer", [1, None, -5], ["1", None, "-5"]),
        ("flag", [True, None, False], ["是", None, "否"]),
        ("date", [date(2024, 6, 5), None, date(987, 1, 1)], ["2024-06-05", None, "0987-01-01"]),
        ("text", ["late", None, "else", "=late"], ["逾期", None, "else", "'=late"]),
    ],
)
def test_shown__any_kind_of_column__is_as_people_write_it(kind, values, fields):
    """Words for closed lists and truth values, days as in ISO 8601, nothing for a blank."""
    column = Column("it", "它", kind, "", lambda place: place, words={"late": "逾期"} if kind == "text" else {})
    assert shown(column, pa.chunked_array([values])).to_pylist() == fields
