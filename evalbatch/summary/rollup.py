"""The way of a roll-up: look at every campaign, work its figures out one by one, write the workbook."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xlsxwriter

from evalbatch.model import Refused
from evalbatch.scoring.workbook import load_scheme
from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import Table
from evalbatch.storage.disk import cannot_write
from evalbatch.summary import rollup_sheets as sheets
from evalbatch.summary.figures import PROJECTS, WHOLE, Figures, ranked
from evalbatch.summary.published_district import Results, find_results, published
from evalbatch.summary.rollup_sheets import Whole

MOST_ROWS = 1_000_000
"""Units that one sheet lists; Excel ends at 1,048,576 rows with head and notes."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a roll-up came to: the workbook, the file with units that had no room in it, and how much it joins."""

    target: Path
    rest: Path | None
    year: int
    districts: int
    units: int


def rollup(
    folders: Sequence[Path], target: Path, progress: Progress = lambda *_: None, most: int = MOST_ROWS
) -> Rollup:
    """Join the results of these campaigns into the workbook `target`; units past `most` go to Parquet beside it.

    Refused when a campaign has no results, results of another format or year, or two are of one district.
    """
    if target.suffix.casefold() != ".xlsx":
        raise Refused(f"汇总表的文件名“{target.name}”应以 .xlsx 结尾。", remedy="例如：--output 全市汇总.xlsx")
    found = [find_results(folder) for folder in folders]
    _must_match(found)
    districts = []
    for done, results in enumerate(found, start=1):
        districts.append(published(results))
        progress("汇总", done, len(found))
    units = pd.concat([one.units for one in districts], ignore_index=True)
    figures = Figures.of(units)
    whole = Whole(districts, figures, _grades(figures))
    rest = target.with_name(f"{target.stem}_其余单位.parquet")
    best = ranked(units, WHOLE)
    with _writing(target) as draft:
        _write(draft, _described(whole, best, ranked(units, PROJECTS), most, rest.name), whole)
    if len(best) > most:
        with _writing(rest) as draft:
            best.iloc[most:].to_parquet(draft, compression="zstd", index=False)
    return Rollup(target, rest if len(best) > most else None, found[0].year, len(found), figures.units)


def _must_match(found: Sequence[Results]) -> None:
    """Refuse results of several years, and one district twice."""
    years: dict[int, list[str]] = {}
    for results in found:
        years.setdefault(results.year, []).append(results.district)
    if len(years) > 1:
        said = "；".join(f"{year}年度：{_some(names)}" for year, names in sorted(years.items()))
        raise Refused(f"各区县的年度不同，不能汇总到一起（{said}）。", remedy="请只汇总同一年度的批次。")
    twice = [name for name, count in Counter(results.district for results in found).items() if count > 1]
    if twice:
        places = "、".join(f"“{results.output}”" for results in found if results.district == twice[0])
        raise Refused(f"“{twice[0]}”出现了不止一次：{places}。", remedy="每个区县只列一个批次文件夹。")


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + (f"等{len(names)}个" if len(names) > 3 else "")


def _grades(figures: Figures) -> list[str]:
    """Name the built-in grades, best first, then those that only some district's own scheme has."""
    known = [grade.name for grade in load_scheme(None).grades]
    return [*known, *sorted(figures.grades.keys() - set(known))]


def _described(whole: Whole, best: pd.DataFrame, by_projects: pd.DataFrame, most: int, rest: str) -> Iterator[Table]:
    yield sheets.overview(whole)
    yield sheets.listed(whole)
    notes = ["得分取自部门整体支出绩效自评表（没有的取评分表）。同分同名次；没有得分的单位不参加排名。"]
    yield sheets.ranking(whole, "单位排名", "部门整体支出绩效得分排名", best, most, rest, notes)
    yield sheets.lowest(whole, best)
    notes = ["只报项目的单位按各项目复核得分以全年预算数加权平均；单独排名，不与整体支出得分混算。"]
    yield sheets.ranking(whole, "项目单位排名", "只报项目的单位得分排名", by_projects, most, rest, notes)
    yield sheets.by_kind(whole)
    yield sheets.method(whole)


def _write(draft: Path, tables: Iterable[Table], whole: Whole) -> None:
    """Write the sheets row by row, each row out of memory once the next begins."""
    with new_book(draft, f"预算绩效自评汇总　{whole.subtitle}", row_by_row=True) as book:
        for table in tables:
            paint(book, table)


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[Path]:
    """Give a draft beside `target` that takes its place when all went well. Refused when the disk does not let us."""
    draft = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(target)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        if not isinstance(error, OSError):
            error = OSError(str(error))
        raise cannot_write(f"“{target}”", error, "原有的文件没有改动。") from None
    finally:
        draft.unlink(missing_ok=True)
