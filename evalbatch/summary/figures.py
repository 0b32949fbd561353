"""Long tables in, figures out: the same functions for this year and last year, for a district and for a province.

Frames are tables of `evalbatch.tables.frames`: amounts in 万元, rates in percent, scores in points, exact decimals.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from evalbatch.summary.grid import columns

WHOLE = ("whole-unit", "score")
"""Where a unit's score comes from that has a form of its own; "projects" for one that sent projects alone."""
PROJECTS = ("projects",)


@dataclass(frozen=True, slots=True)
class Scores:
    """Means of one sort of units: of self scores, of verified scores, and of these weighted by adjusted budget.

    None of nothing, and the weighted one without money.
    """

    count: int
    own_mean: Decimal | None
    mean: Decimal | None
    weighted_mean: Decimal | None

    @classmethod
    def of(cls, units: pd.DataFrame) -> "Scores":
        """Work out the means of these units' scores; a unit without a verified score counts in none."""
        known = columns(units[units["verified_score"].notna()], "self_score", "verified_score", "adjusted")
        own = [score for score in known["self_score"] if score is not None]
        weighed = zip(known["verified_score"], known["adjusted"], strict=True)
        return cls(len(known["adjusted"]), mean(own), mean(known["verified_score"]), weighted_mean(weighed))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a table of units comes to: counts, means, sums in 万元; `rate` is of the units that have both amounts."""

    units: int
    statuses: Counter[str]
    grades: Counter[str]
    whole: Scores
    projects: Scores
    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None
    rate: Decimal | None
    pending: int
    must_fix: int

    @classmethod
    def of(cls, units: pd.DataFrame) -> "Figures":
        """Work out the figures of these units."""
        whole = units[units["scored_by"].isin(WHOLE)]
        return cls(
            len(units),
            Counter(columns(units, "status")["status"]),
            Counter(grade for grade in columns(whole, "verified_grade")["verified_grade"] if grade),
            Scores.of(whole),
            Scores.of(units[units["scored_by"].isin(PROJECTS)]),
            total(units["initial"]),
            total(units["adjusted"]),
            total(units["executed"]),
            rate_of(units),
            int(units["pending"].sum()),
            int(units["must_fix"].sum()),
        )

    @property
    def submitted(self) -> int:
        """How many units sent anything."""
        return self.units - self.statuses["missing"]


def ranked(units: pd.DataFrame, sources: Sequence[str]) -> pd.DataFrame:
    """Return the units with a verified score from one of these, best first, equals on equal ranks as they stood."""
    scored = units[units["scored_by"].isin(sources) & units["verified_score"].notna()]
    best = scored.sort_values("verified_score", ascending=False, kind="stable")
    rank = best["verified_score"].rank(method="min", ascending=False)
    return best.assign(rank=rank.astype("int64[pyarrow]"))


def rate_of(units: pd.DataFrame) -> Decimal | None:
    """Executed over adjusted in percent, of the units that have both; None where there is no budget."""
    both = units[units["adjusted"].notna() & units["executed"].notna()]
    budget, executed = total(both["adjusted"]), total(both["executed"])
    return executed / budget * 100 if budget and executed is not None else None


def kinds_of(findings: pd.DataFrame) -> pd.DataFrame:
    """Count findings by code and severity in order of their first: `count`, `units` concerned, `first` one's place.

    A code that is milder for some than for others has a row for each severity.
    """
    unit = findings.groupby(["unit_code", "unit_name"], dropna=False).ngroup().where(findings["unit_name"].notna())
    grouped = findings.assign(unit=unit, first=findings.index).groupby(["code", "severity"], sort=False)
    of_kind = {"title": ("title", "first"), "count": ("first", "size"), "units": ("unit", "nunique")}
    return grouped.agg(**of_kind, first=("first", "first")).reset_index()


BANDS = {
    "得分率100%": Decimal(1),
    "得分率90%～100%": Decimal("0.9"),
    "得分率80%～90%": Decimal("0.8"),
    "得分率60%～80%": Decimal("0.6"),
    "得分率60%以下": Decimal(0),
}
"""Bands of points over weight, the best first, each with its lower end, which it holds; its upper end it does not."""
PENDING = "待定项"


def rates_of_types(scores: pd.DataFrame, indicators: pd.DataFrame, key: Callable[[str], str]) -> pd.DataFrame:
    """Count scored indicators by type and band of points over weight; those that wait for a person under PENDING.

    Only of the forms that these indicators are from. A row's index is the `key` of its levels 1 and 2; `mean` is all
    points of the type over all its weight, in percent, pending ones left out, blank where nothing else is there.
    """
    forms = indicators[["file", "sheet"]].drop_duplicates()
    weighed = (scores["kind"] == "indicator") & (scores["weight"] > 0) & scores["verified_score"].notna()
    lines = scores[weighed].merge(forms, on=["file", "sheet"])
    written = [lines[name].fillna("") for name in ("level1", "level2")]
    levels = [names.map({name: key(name) for name in names.unique()}) for names in written]
    points, weight = (lines[name].astype(float) for name in ("verified_score", "weight"))
    edges = [float("-inf"), *(float(least) for least in reversed(list(BANDS.values())[:-1])), float("inf")]
    band = pd.cut((points / weight).round(9), edges, right=False, labels=list(reversed(BANDS))).astype(object)
    waiting = lines["pending"].astype(bool)
    found = pd.crosstab(levels, band.where(~waiting, PENDING)).reindex(columns=[*BANDS, PENDING], fill_value=0)
    sums = lines[["verified_score", "weight"]][~waiting].groupby([level[~waiting] for level in levels]).sum()
    means = {at: 100 * score / full for at, score, full in sums.itertuples()}
    return found.assign(mean=pd.Series([means.get(at) for at in found.index], found.index, object))


def total(amounts: "pd.Series[Any]") -> Decimal | None:
    """Add amounts up, blanks left out; None of nothing."""
    return Decimal(amounts.sum()) if amounts.notna().any() else None


def mean(numbers: Sequence[Decimal]) -> Decimal | None:
    """The simple mean; None of nothing."""
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else None


def weighted_mean(weighed: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """The mean of scores weighted by adjusted budget, of those that have both; None without money."""
    both = [(score, weight) for score, weight in weighed if score is not None and weight is not None]
    money = sum((weight for _, weight in both), Decimal(0))
    return sum((score * weight for score, weight in both), Decimal(0)) / money if money else None
