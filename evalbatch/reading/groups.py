"""Rows that are not indicators of their own, though they look like it: sums and headings of the rows below."""

from dataclasses import replace
from decimal import Decimal

from evalbatch.model import Indicator
from evalbatch.reading.indicators import GROUP
from evalbatch.reading.lexicon import label_of


def without_groups(rows: list[Indicator]) -> list[Indicator]:
    """Turn rows that only add up the rows below them, in a table without levels, into those rows' level 1."""
    done: list[Indicator] = []
    left = list(rows)
    while left:
        row = left.pop(0)
        members = _members(row, left)
        if len(members) > (0 if GROUP.fullmatch(label_of(row.name).core) else 1):
            group = row.cells.get("name")
            done += [
                replace(one, level1=row.name, cells={**one.cells, "level1": group} if group else one.cells)
                for one in members
            ]
            left = left[len(members) :]
        else:
            done.append(row)
    return done


def _members(row: Indicator, below: list[Indicator]) -> list[Indicator]:
    """Return the rows right below whose weights add up to this row's, none where it is no such row."""
    if row.weight is None or row.target or row.actual or row.level1:
        return []
    total = Decimal(0)
    for count, one in enumerate(below, 1):
        total += one.weight or 0
        if one.weight is None or total > row.weight:
            return []
        if total == row.weight:
            members = below[:count]
            scores = [member.score for member in members]
            fits = row.score is None or (None not in scores and sum(s for s in scores if s is not None) == row.score)
            return members if fits else []
    return []


def with_heads(rows: list[Indicator]) -> list[Indicator]:
    """Count for each weight without a target the targets without weights below it: the rows it is the heading of."""
    done = []
    for order, row in enumerate(rows):
        heads = 0
        if row.weight is not None and row.target is None and row.actual is None:
            for below in rows[order + 1 :]:
                if below.weight is not None or below.target is None or below.level1 != row.level1:
                    break
                heads += 1
        done.append(replace(row, heads=heads) if heads else row)
    return done
