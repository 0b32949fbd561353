"""Use of results: what the scheme makes of each grade, unit by unit and project by project (结果应用建议)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from evalbatch.sheets.table import Table, Toned
from evalbatch.summary.digest import Digest, Rows
from evalbatch.summary.district import District
from evalbatch.summary.grid import Field, lay_out
from evalbatch.summary.ranking import pending
from evalbatch.summary.standing import unit_fields

SHEET = "结果应用建议"
OPEN = "待定"
"""In the place of a grade that may still change."""
_WHOLE_UNIT = "（单位）"


def proposed(digest: Digest) -> Table | None:
    """Each unit and project with a verified score, its grade and what the scheme makes of it; None if of no grade."""
    uses = digest.district.uses
    if not uses:
        return None
    rows = [*units(digest), *projects(digest)]
    fields = [
        *unit_fields(),
        Field("项目名称", lambda row: row.get("project") or _WHOLE_UNIT, "text"),
        Field("复核得分", lambda row: row["verified_score"], "number", "points"),
        Field("复核等级", lambda row: row["grade"] or Toned(OPEN, "query"), "short", align="center"),
        Field("结果应用", lambda row: row["use"].said if row["use"] else None, "name"),
        Field("全年预算数", lambda row: row["adjusted"], "number", "money"),
        Field("压减比例", lambda row: row["use"].cut if row["use"] else None, "short", "percent"),
        Field("压减金额", cut_of, "number", "money", formula=_cut_formula),
        Field("待定", pending, "name"),
    ]
    return lay_out(
        SHEET,
        "按复核等级的结果应用建议",
        fields,
        rows,
        identifier="proposals",
        subtitle=digest.subtitle,
        measure="金额单位：万元",
        notes=[
            f"按评分方案“{digest.district.scheme_name}”写明的办法列出，供研究，不是决定；没有复核得分的不列。",
            "等级在待定项核定后还可能变的，写“待定”，不提建议；没有写明压减比例的，不算压减金额。",
            "压减金额＝全年预算数×压减比例。单位的预算含其项目的预算，两者的压减金额不能相加。",
        ],
        rest="data/units.csv",
        empty="没有复核得分。",
        frozen=3,
    )


def units(digest: Digest) -> Rows:
    """Every ranked unit with its settled `grade` (None while it may change) and its `use` (None: nothing is said)."""
    return _with_use(digest.district, [*digest.whole, *digest.by_projects])


def projects(digest: Digest) -> Rows:
    """Every project with a verified score, likewise."""
    return _with_use(digest.district, [row for row in digest.projects if row["verified_score"] is not None])


def _with_use(district: District, rows: Iterable[dict[str, Any]]) -> Rows:
    graded = [row | {"grade": settled(district, row)} for row in rows]
    return [row | {"use": district.uses.get(row["grade"])} for row in graded]


def settled(district: District, row: dict[str, Any]) -> str | None:
    """Name a verified score's grade; None where lines that wait for a person may still change it.

    Lines that wait on another form than the one the score comes from leave it as it is: there is no range then.
    """
    ends = row["lowest"], row["highest"]
    if None in ends:
        grade: str | None = row["verified_grade"]
        return grade
    names = {next((name for name, least in district.grades if score >= least), None) for score in ends}
    return names.pop() if len(names) == 1 else None


def cut_of(row: dict[str, Any]) -> Decimal | None:
    """How much of the adjusted budget a proposal takes away, in 万元; None where it says no percent."""
    if row["use"] is None or row["use"].cut is None or row["adjusted"] is None:
        return None
    return Decimal(row["adjusted"] * row["use"].cut / 100)


def _cut_formula(at: Callable[[str], str]) -> str:
    budget, share = at("全年预算数"), at("压减比例")
    return f'=IF(AND(ISNUMBER({budget}),ISNUMBER({share})),ROUND({budget}*{share},6),"")'


def summed_up(digest: Digest) -> Iterator[str]:
    """What the proposals come to, a sentence for units and one for projects; nothing where the scheme says nothing."""
    if not digest.district.uses:
        return
    for what, rows in (("单位", units(digest)), ("项目", projects(digest))):
        if not rows:
            continue
        count = Counter(row["use"].said for row in rows if row["use"])
        words = dict.fromkeys(use.said for use in digest.district.uses.values())
        told = [f"“{said}”{count[said]}个" for said in words if count[said]]
        if silent := sum(row["grade"] is not None and row["use"] is None for row in rows):
            told.append(f"评分方案没有写明的{silent}个")
        if said_nothing := sum(row["grade"] is not None and row["use"] is None for row in rows):
            told.append(f"评分方案没有写的{said_nothing}个")
        if open_ones := sum(row["grade"] is None for row in rows):
            told.append(f"等级待定{open_ones}个")
        cuts = [cut for row in rows if (cut := cut_of(row)) is not None]
        money = f"；压减金额合计{sum(cuts, Decimal(0)):,.2f}万元" if cuts else ""
        yield f"{what}{len(rows)}个：{'，'.join(told)}{money}。"
