"""Two tables of targets and actuals, each with its right reading: one line, one case."""

import csv
from pathlib import Path

import pytest

from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.expression.writing import to_json

HERE = Path(__file__).parent
PARSE = {"target": parse_target, "actual": parse_actual}
WORDLESS = {"qualitative", "blank", "unclear"}
COPIED_OPERATORS = {"≥50厘米", "≥95%"}  # the table reads them as bare numbers, the contract keeps them as written


def lines(name):
    """The rows of a table of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def number(value):
    """A JSON number as the tables write it."""
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def reading(document):
    """What `parse --json` says, on one line: ">= 3 次 ; >= 95 %", "date <= 2023-12-31", "unclear"."""
    if not document["parts"]:
        return document["kind"]
    said = []
    for part in document["parts"]:
        values = [part[key] for key in ("low", "high", "value", "date") if key in part]
        words = ["date"] if "unit" not in part else []
        said.append(" ".join([*words, part["op"], *map(number, values), part.get("unit", "")]).strip())
    return " ; ".join(said)


def understood(role, text):
    """A text as `parse --json` shows it."""
    return to_json(PARSE[role](text), role)


@pytest.mark.parametrize("row", lines("readings.tsv"), ids=lambda row: f"{row['role']}-{row['text']}")
def test_expression__of_our_table__reads_as_told(row):
    """A text reads as its line says, part by part, in order."""
    text = row["text"].replace("\\n", "\n")
    assert reading(understood(row["role"], text)) == row["reading"]


def expected(row):
    """The one reading that a line of the collected table tells."""
    op, low, high, unit = row["operator"], row["low"], row["high"], row["unit"]
    if op in WORDLESS:
        return op
    if row["kind"] == "actual" and row["text"] in COPIED_OPERATORS:
        op = ">="
    values = [low, high] if op == "between" else [low or high]
    words = ["date", op, *values] if unit == "date" else [op, *(number(float(value)) for value in values), unit]
    return " ".join(words).strip()


@pytest.mark.parametrize("row", lines("expressions.tsv"), ids=lambda row: f"{row['kind']}-{row['text']}")
def test_expression__of_the_collected_table__reads_as_told(row):
    """A real text, collected from published forms, reads as a careful clerk reads it."""
    assert reading(understood(row["kind"], row["text"])) == expected(row)


def test_year__given__completes_a_date_without_one():
    """A date without a year takes the form's year, a date with one keeps its own."""
    assert reading(to_json(parse_target("9月底前", 2023), "target")) == "date <= 2023-09-30"
    assert reading(to_json(parse_target("2月底前", 2024), "target")) == "date <= 2024-02-29"
    assert reading(to_json(parse_target("2022年9月底前", 2023), "target")) == "date <= 2022-09-30"
    assert reading(to_json(parse_actual("1月至11月", 2023), "actual")) == "date between 2023-01-01 2023-11-30"


def test_year__next_year__is_counted_from_the_first():
    """次年 is the year after the one named; without one it can't be told."""
    assert reading(understood("target", "2023年9月至次年6月")) == "date between 2023-09-01 2024-06-30"
    assert understood("target", "9月至次年6月")["kind"] == "unclear"


def test_json__of_a_compound_target__is_the_contract_s_example():
    """The contract's own example, word for word."""
    assert understood("target", "至少开3次会议，参加会议率至少达95%") == {
        "text": "至少开3次会议，参加会议率至少达95%",
        "as": "target",
        "kind": "quantity",
        "parts": [
            {"op": ">=", "value": 3, "unit": "次", "text": "至少开3次会议"},
            {"op": ">=", "value": 95, "unit": "%", "text": "参加会议率至少达95%"},
        ],
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0起", "quantity"),
        ("12月底前完成3个", "quantity"),
        ("12月底前", "date"),
        ("全部完成", "qualitative"),
        (None, "blank"),
    ],
)
def test_kind__of_a_text__is_the_contract_s(text, kind):
    """A text with a quantity is a quantity, else with a date a date, else words."""
    assert parse_target(text).kind == kind


def test_vague__approximate_words__are_marked():
    """多, 余, 约, 近, 左右 mark a number as vague; 以上 does not."""
    vague = ["10多场", "20余家", "约30人", "近50人", "40次左右"]
    assert all(parse_actual(text).parts[0].vague for text in vague)
    assert not parse_actual("10场以上").parts[0].vague
