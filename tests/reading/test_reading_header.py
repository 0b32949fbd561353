"""All filled values of a row at once are the values that each column has alone."""

import pytest

from evalbatch.model import Cell, Grid
from evalbatch.reading.header import Column, Header
from evalbatch.reading.sheet import Sheet

HEAD = Cell("表", 1, 1, "表头")
COLUMNS = {"name": Column("name", 3, 4, HEAD), "target": Column("target", 5, 5, HEAD)}


@pytest.mark.parametrize(
    ("filled", "merged", "found"),
    [
        ([3, 5], [], {"name": 3, "target": 5}),
        ([4], [], {"name": 4}),
        ([3, 4], [], {"name": 3}),
        ([2], [(2, 2, 2, 3)], {"name": 2}),
        ([2, 4], [(2, 2, 2, 3)], {"name": 4}),
        ([2, 5], [(2, 2, 2, 5)], {"name": 2, "target": 5}),
        ([3], [(2, 3, 2, 5)], {"name": 3}),
        ([6], [(2, 6, 2, 7)], {}),
        ([1], [(2, 1, 2, 3)], {}),
    ],
    ids=[
        "each in its own",
        "in the second place of a wide column",
        "both places of a wide column",
        "merged from outside into a column",
        "a cell of its own goes before a merged one",
        "merged from outside over two columns",
        "merged from one column over the next",
        "merged behind all columns",
        "merged from a column that is not read",
    ],
)
def test_header__filled__finds_by_role_what_value_finds(
    filled: list[int], merged: list[tuple[int, int, int, int]], found: dict[str, int]
) -> None:
    sheet = Sheet(Grid("表", {(2, column): Cell("表", 2, column, "值") for column in filled}, tuple(merged)))
    header = Header("indicator", 1, 1, columns=dict(COLUMNS), extras=[Column("remark", 1, 1, HEAD)])
    values = {role: header.value(sheet, 2, role) for role in COLUMNS}
    assert {role: cell.column for role, cell in values.items() if cell and cell.filled} == found
    assert header.filled(sheet, 2, header.roles_at()) == {role: cell for role, cell in values.items() if role in found}
