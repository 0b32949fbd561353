"""What only the header as a whole tells, or the rows beneath it: which column is which where labels leave it open."""

from evalbatch.reading.header import AMOUNTS, EXTRAS, LEVELS, Column, Header
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.numbers import number_of
from evalbatch.reading.sheet import Sheet

DIRECTIONS = frozenset({"指标方向", "方向"})
"""Where no column is for them, these hold the operators."""
DONE = "完成情况"
NUMBERS = AMOUNTS | {"weight", "rate", "score"}
"""Columns of numbers: a column of words beside one of them is none, as 年度预算数 over the names of the rows."""


def place(header: Header, column: Column | None, lexicon: Lexicon) -> None:
    """Give a column its role; of two that claim it the one named in so many words, and both are noted."""
    if column is None:
        return
    held = header.columns.get(column.role)
    if column.role in EXTRAS:
        header.extras.append(column)
    elif held is None:
        header.columns[column.role] = column
    elif column.role == "reason" and header.place == "indicator":
        header.reasons.append(column)
    elif lexicon.find(header.place, held.header.text) is None and lexicon.find(header.place, column.header.text):
        header.extras.append(Column("remark", held.first, held.last, held.header))
        header.columns[column.role] = column
    elif _is_own(held) != _is_own(column):
        ours, theirs = (held, column) if _is_own(held) else (column, held)
        header.columns[column.role] = ours
        header.extras.append(Column("remark", theirs.first, theirs.last, theirs.header))
    else:
        header.doubles.append((held, column))


def _is_own(column: Column) -> bool:
    """Whether a header says that the unit itself filled the column: 自评得分 beside 得分."""
    return "自" in label_of(column.header.text).core


def settle_doubles(sheet: Sheet, header: Header, last: int) -> list[tuple[Column, Column]]:
    """Decide between columns that claim one role by which is filled; return those that stay undecided, dropped."""
    undecided = []
    for pair in header.doubles:
        holds = _has_number if pair[0].role in NUMBERS else _is_filled
        filled = [column for column in pair if holds(sheet, column, header.bottom + 1, last)]
        if len(filled) == 2 and (share := _share(sheet, pair, header.bottom + 1, last)):
            header.columns["weight"] = pair[0] if share is pair[1] else pair[1]
            header.extras.append(Column("level_weight", share.first, share.last, share.header))
        elif len(filled) == 2:
            undecided.append(pair)
            header.columns.pop(pair[0].role, None)
        elif filled:
            header.columns[pair[0].role] = filled[0]
    if header.doubles and header.place == "money":
        header.left = min((column.first for column in header.every()), default=header.left)
    return undecided


def _share(sheet: Sheet, pair: tuple[Column, Column], first: int, last: int) -> Column | None:
    """Return which of two columns of weights has only percentages, 权重 20%; the other, 分值 20, has the points."""
    if pair[0].role != "weight":
        return None
    filled = ([cell for row in range(first, last + 1) if (cell := sheet.at(row, one.first)).text] for one in pair)
    shares = [all(cell.text.endswith(("%", "％")) for cell in cells) for cells in filled]
    return None if shares[0] == shares[1] else pair[shares.index(True)]


def split_name(sheet: Sheet, header: Header, last: int) -> None:
    """Take a wide 绩效指标 over levels and names without headers of their own apart: the last of them is the name."""
    wide = header.columns.get("name")
    if wide is None or wide.first == wide.last or header.columns.keys() & {"level1", "level2"}:
        return
    rows = [
        [cell for cell in sheet.row(row) if wide.first <= cell.column <= wide.last]
        for row in range(header.bottom + 1, last + 1)
    ]
    if max(map(len, rows), default=0) < 2:
        return
    starts = sorted({cell.column for cells in rows for cell in cells})
    ends = [*(start - 1 for start in starts[1:]), wide.last]
    roles = ["level1", *(["level2"] if len(starts) > 2 else []), *["remark"] * (len(starts) - 3), "name"]
    for role, first, end in zip(roles, starts, ends, strict=True):
        header.columns[role] = Column(role, first, end, wide.header)


def take_from_above(sheet: Sheet, header: Header, above: Header, last: int) -> None:
    """Take the columns of points whose heads stand only in the table above, 得分 over money, and are blank here."""
    taken = {place for column in header.every() for place in range(column.first, column.last + 1)}
    for role in ("weight", "score"):
        column = above.columns.get(role)
        if column is None or role in header.columns or taken & set(range(column.first, column.last + 1)):
            continue
        headless = not any(sheet.owner(header.bottom, place).filled for place in range(column.first, column.last + 1))
        if headless and column.first > max(taken) and _has_number(sheet, column, header.bottom + 1, last):
            header.columns[role] = column


def _is_filled(sheet: Sheet, column: Column, first: int, last: int) -> bool:
    places = range(column.first, column.last + 1)
    return any(sheet.at(row, place).filled for row in range(first, last + 1) for place in places)


def _has_number(sheet: Sheet, column: Column, first: int, last: int) -> bool:
    places = range(column.first, column.last + 1)
    return any(number_of(sheet.at(row, place)) is not None for row in range(first, last + 1) for place in places)


def settle(header: Header) -> None:
    """Settle what only the header as a whole tells: the name, the weight, the reason, the target."""
    columns = header.columns
    kinds = columns.get("level2")
    if kinds is not None and "level1" not in columns and label_of(kinds.header.text).core == "指标类型":
        columns["level1"] = columns.pop("level2")  # without a level above it holds 产出, 效益, 满意度
    _settle_actual(header)
    _settle_name(header)
    _settle_weights(header)
    _settle_deepest_weight(header)
    turns = [column for column in header.extras if label_of(column.header.text).core in DIRECTIONS]
    if "bound" not in columns and len(turns) == 1:
        header.extras.remove(turns[0])
        columns["bound"] = turns[0]
    for role in ("explain", "remark"):
        _settle_reason(header, role)
    if "target" not in columns:
        for role in ("initial_target", "adjusted_target"):
            if role in columns and not ({"initial_target", "adjusted_target"} <= columns.keys()):
                columns["target"] = columns.pop(role)


def _settle_actual(header: Header) -> None:
    """Where no column is for what was done, it stands in the only 完成情况 right of the target.

    The same words head the whole table at its side, or explanations beside a column for what was done.
    """
    target = header.columns.get("target")
    if target is None or "actual" in header.columns:
        return
    found = [one for one in header.extras if one.first > target.last and DONE in label_of(one.header.text).core]
    if len(found) == 1:
        header.extras.remove(found[0])
        header.columns["actual"] = found[0]


def _settle_reason(header: Header, role: str) -> None:
    """Where no column is for reasons, they stand in the only one for explanations, else in the only 备注.

    A 备注 beside a reviewer's column may be the reviewer's.
    """
    found = [column for column in header.extras if column.role == role]
    if "reason" in header.columns or len(found) != 1 or header.place != "indicator":
        return
    own = not any(column.role == "review" for column in header.extras)
    named = role != "remark" or (own and label_of(found[0].header.text).core.startswith("备注"))
    values = [column.first for part, column in header.columns.items() if part in ("actual", "score")]
    if named and values and found[0].first > min(values):
        header.extras.remove(found[0])
        header.columns["reason"] = found[0]


def _settle_weights(header: Header) -> None:
    """Of several weights in one header those left of the name belong to levels, one right of it to the indicator."""
    name = header.columns.get("name")
    pairs = [pair for pair in header.doubles if pair[0].role == "weight"]
    if name is None or not pairs:
        return
    claims = {column.first: column for pair in pairs for column in pair}
    own = [column for first, column in claims.items() if first > name.first]
    if len(own) == 1:
        header.doubles = [pair for pair in header.doubles if pair not in pairs]
        header.columns["weight"] = own[0]
        header.extras += [
            Column("level_weight", one.first, one.last, one.header) for one in claims.values() if one is not own[0]
        ]


def _settle_deepest_weight(header: Header) -> None:
    """Where each level has its name and weight, 二级指标 over 指标名称 | 权重, the deepest one's is the indicator's."""
    name = header.columns.get("name")
    own = [one for one in header.extras if one.role == "level_weight" and name and one.first > name.first]
    if "weight" not in header.columns and len(own) == 1:
        header.extras.remove(own[0])
        header.columns["weight"] = own[0]


def _settle_name(header: Header) -> None:
    """Make the deepest level the indicator's name; without any, 绩效指标 heads names and no merged side."""
    columns = header.columns
    sides = [column for column in header.extras if column.role == "side"]
    levels = columns.keys() & set(LEVELS)
    named = bool(levels & {"level3", "level4", "name"})
    if sides and not named and all(sides[-1].first > columns[level].last for level in levels):
        header.extras.remove(sides[-1])
        columns["name"] = sides[-1]
    if "level4" in columns:
        columns["name"] = columns.pop("level4")
    elif "level3" in columns:
        held = columns.pop("name", None)
        if held and "standard" not in columns:
            header.extras.append(Column("standard", held.first, held.last, held.header))
        columns["name"] = columns.pop("level3")
    elif "name" not in columns and "side" not in columns:
        deepest = next((level for level in ("level2", "level1") if level in columns), None)
        if deepest:
            columns["name"] = columns.pop(deepest)
