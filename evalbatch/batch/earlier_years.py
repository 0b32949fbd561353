"""A campaign in, what its units came to in the years before out: last year's results, those of the year before, ….

Settings name last year's campaign; that one's settings name the one before it, and so on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalbatch.campaign.folder import Campaign, outputs_before
from evalbatch.campaign.settings import FILE_NAME, Settings, load_settings
from evalbatch.model import Refused, Unit, YearOfUnit
from evalbatch.storage.hashes import file_hash
from evalbatch.storage.state_json import Each, read_json
from evalbatch.tables.manifest import FORMAT, NAME

if TYPE_CHECKING:
    import pandas as pd

    from evalbatch.summary.district import EarlierYear

UNITS = "data/units.parquet"


@dataclass(frozen=True, slots=True)
class Link:
    """A step back by a year: the campaign as its settings name it, where its run.json may lie, and where it does."""

    named: str
    places: tuple[Path, ...]
    output: Path | None


def links(campaign: Campaign) -> Iterator[Link]:
    """Go back from campaign to campaign as each names the one before; it ends where none is named, or one comes again.

    Raises Refused where an earlier campaign's settings can't be read.
    """
    folder: Path | None = campaign.folder
    settings, seen = campaign.settings, {campaign.folder.resolve()}
    while folder is not None and settings.last_year:
        places = outputs_before(folder, settings)
        output = next((place for place in places if (place / NAME).is_file()), None)
        yield Link(settings.last_year, places, output)
        folder = _campaign_of(output) if output else None
        if folder is None or folder.resolve() in seen:
            return
        seen.add(folder.resolve())
        settings = _settings(folder)


def _campaign_of(output: Path) -> Path | None:
    """The campaign folder that an output folder belongs to; None for one that lies alone."""
    return next((place for place in (output.parent, output) if (place / FILE_NAME).is_file()), None)


def _settings(folder: Path) -> Settings:
    return load_settings(folder / FILE_NAME)


def watched(campaign: Campaign) -> Iterator[Path]:
    """Every file that earlier years are read from, or would be if it were there."""
    try:
        for link in links(campaign):
            yield from (place / NAME for place in link.places)
            yield from (place / FILE_NAME for place in (link.places[0].parent, link.places[-1].parent))
    except Refused:
        return


def earlier_years(campaign: Campaign) -> "tuple[EarlierYear, ...]":
    """Read the units of the years before, the latest first; () where settings name no campaign of last year.

    Earlier years are an aside: what is missing or can't be used ends them, is said in the summary and stops nothing.
    """
    from evalbatch.summary.district import EarlierYear

    found: list[EarlierYear] = []
    after = campaign.settings.year
    try:
        for link in links(campaign):
            whose, so = (f"{after}年度的上年批次", "更早的年度没有列出") if found else ("上年批次", "没有与上年比较")
            if link.output is None:
                of = f"{after}年度批次的设置" if found else "设置"
                return (*found, EarlierYear(said=f"{of}中写的上年批次“{link.named}”没有找到运行结果，因此{so}。"))
            try:
                year, units = _read(link.output)
            except _Unfit as unfit:
                return (*found, EarlierYear(said=f"{whose}“{link.named}”的运行结果{unfit}，因此{so}。"))
            if year >= after:
                then = f"不早于{after}年度" if found else "不早于本年度"
                return (*found, EarlierYear(said=f"{whose}“{link.named}”是{year}年度的，{then}，因此{so}。"))
            of = f"{year}年度的数" if found else "上年数"
            said = f"{of}取自批次“{link.named}”的运行结果（{year}年度），按单位编码对应，没有编码的按名称。"
            found.append(EarlierYear(year, units, said))
            after = year
    except Refused as refused:
        found.append(EarlierYear(said=f"{after}年度批次的设置读不出来（{refused.message}），更早的年度没有列出。"))
    return tuple(found)


class _Unfit(ValueError):
    """An earlier year's results can't be used; the words say why."""


def _read(output: Path) -> "tuple[int, pd.DataFrame]":
    """Read the year and the table of units. _Unfit."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from evalbatch.summary.district import EarlierYear
    from evalbatch.tables.frames import as_written

    try:
        document = read_json(output / NAME, {"format": int, "year": int, "outputs": {"sha256?": Each(str)}})
        if document["format"] != FORMAT:
            raise _Unfit(f"是格式{document['format']}的，本程序只认格式{FORMAT}")
        expected = document["outputs"].get("sha256", {}).get(UNITS)
        if expected and file_hash(output / UNITS) != expected:
            raise _Unfit("在运行之后被改动过")
        table = pq.read_table(output / UNITS, columns=list(EarlierYear.COLUMNS))
        if set(table.column_names) != set(EarlierYear.COLUMNS):
            raise _Unfit("缺少需要的栏")
        as_written(table, "units")
    except _Unfit:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as problem:
        raise _Unfit("读不出来") from problem
    return document["year"], table.to_pandas(types_mapper=pd.ArrowDtype)


def by_unit(years: "Sequence[EarlierYear]", units: Iterable[Unit]) -> Mapping[str, tuple[YearOfUnit, ...]]:
    """What each unit came to in each of these years, the first first, by the unit's name; by code, else by name."""
    from evalbatch.summary.grid import records

    known: list[tuple[int, dict[str, dict[str, Any]]]] = []
    for year in reversed(years):
        if year.units is not None:
            rows = records(year.units)
            known.append((year.year, {key: row for row in rows for key in (row["unit_name"], row["unit_code"]) if key}))
    return {
        unit.name: tuple(
            _year_of(year, row)
            for year, rows in known
            if (row := rows.get(unit.code) or rows.get(unit.name)) is not None
        )
        for unit in units
    }


def _year_of(year: int, row: Mapping[str, Any]) -> YearOfUnit:
    """One unit's year; of one that sent nothing nobody knows how much it had to fix."""
    must_fix = None if row["status"] == "missing" else row["must_fix"]
    return YearOfUnit(year, row["verified_score"], row["verified_grade"], row["rate"], must_fix)
