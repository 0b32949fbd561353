"""What people typed and this run's results in; the rows that review.xlsx has now out, each entry in one of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from evalbatch.campaign.roster import Roster
from evalbatch.model import Cell, FileResult, UnitResult
from evalbatch.review import assignments, lines, waivers
from evalbatch.review import columns as c
from evalbatch.review.columns import KEPT_SPEC, SPECS, Kind, Spec
from evalbatch.review.load import Review
from evalbatch.review.slip import (
    NEW,
    NOTHING,
    Entry,
    Slip,
    Typed,
    basis_of,
    check_of,
    digest_of,
    escaped,
    plain,
    said_by,
)
from evalbatch.review.weigh import STALE, Matter, Standing, State, match, weigh, words
from evalbatch.sheets.table import CellValue, Link

_LATER = "已收到，下次运行时采用"
_GONE: Mapping[Kind, str] = {
    "score": "现在的申报中没有这一项，或由规则计分",
    "waiver": "这个问题现在已不存在",
    "file": "收件文件夹中没有这个文件，或已能确定单位",
}
_NOT_FOUND = "找不到对应的行，或不止一行：请在“待定评分”重填，写明单位、表、项目和指标，与自评表一致，再删去这一行"
_CARRIED: Mapping[Kind, tuple[str, ...]] = {
    "score": (),
    "waiver": ("级别",),
    "file": ("表上的单位", "相近单位", "说明"),
}
"""What a run no longer knows once it applied the decision: a waived finding is a note by then."""


_NONE: Mapping[str, Typed] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One row to write: its cells in the order of the sheet's columns, the clerk's own ones by title in `extra`."""

    cells: Sequence[CellValue]
    extra: Mapping[str, Typed]
    state: State = "open"


FIRST_ROW = 4
"""The first row below title, subtitle and header on each sheet."""
Questions = Sequence[Sequence[lines.Question]]
"""The questions of one unit, form by form."""
Plan = Mapping[str, Sequence[Row]]
"""The rows of each sheet by its name."""


@dataclass(frozen=True, slots=True)
class _Open:
    """One matter as this run left it: how to weigh its entries, and whether the run applied one.

    `ruled` is the score in words where the rule gives one now: nobody needs to decide it, but somebody had.
    """

    matter: Matter
    problem: Callable[[Slip], str]
    applied: bool
    ruled: str = ""


def plan_rows(
    review: Review,
    units: Sequence[UnitResult],
    questions: Sequence[Questions],
    files: Sequence[FileResult],
    roster: Roster,
) -> Plan:
    """Lay out every row: a matter's own, one for each entry about it; entries without a matter in 留存."""
    plan: dict[str, list[Row]] = {spec.name: [] for spec in (*SPECS.values(), KEPT_SPEC)}
    found: dict[Kind, Iterator[_Open]] = {
        "score": _lines(units, questions, review),
        "waiver": _findings(units, files),
        "file": _files(files, review.slips, roster),
    }
    for kind, matters in found.items():
        matched, rest = _matched(matters, [slip for slip in review.slips if slip.kind == kind])
        for one, mine in matched:
            if one.ruled and not any(slip.filled for slip in mine):
                rest += mine
            else:
                plan[SPECS[kind].name] += _rows(one, mine)
        plan[c.KEPT] += [_kept(slip) for slip in rest if slip.worth_keeping]
    return plan


def _matched(
    matters: Iterator[_Open], slips: Sequence[Slip]
) -> tuple[Iterable[tuple[_Open, Sequence[Slip]]], list[Slip]]:
    """Give each matter with its slips, and the slips of none; without slips no matter need wait for the others."""
    if not slips:
        return zip(matters, repeat(()), strict=False), []
    known = list(matters)
    own, rest = match(slips, [one.matter for one in known])
    return zip(known, own, strict=True), rest


def _lines(units: Sequence[UnitResult], questions: Sequence[Questions], review: Review) -> Iterator[_Open]:
    by_unit: dict[str, list[Slip]] = {}
    for slip in review.slips:
        if slip.kind == "score" and slip.filled:
            by_unit.setdefault(plain(slip.unit), []).append(slip)
    for unit, of_unit in zip(units, questions, strict=True):
        name = unit.unit.name
        own = by_unit.get(plain(escaped(name)), ())
        for _, line, matter in lines.line_matters(name, unit.forms, of_unit, review.year, own):
            ruled = "" if line.pending or line.decided_by else words(line.verified_score) or "不计分"
            yield _Open(matter, partial(lines.problem, line=line), bool(line.decided_by), ruled)


def _findings(units: Sequence[UnitResult], files: Sequence[FileResult]) -> Iterator[_Open]:
    """Every finding that may be waived, by unit in the roster's order, those of no unit last."""
    groups = [(unit.unit.name, unit.findings) for unit in units]
    strangers = [finding for file in files if file.unit is None for finding in file.findings]
    for unit, findings in (*groups, ("", strangers)):
        asked = [finding for finding in dict.fromkeys(findings) if waivers.waivable(finding)]
        for finding, matter in zip(asked, waivers.finding_matters(unit, asked), strict=True):
            yield _Open(matter, waivers.problem, waivers.MARK in finding.message)


def _files(files: Sequence[FileResult], slips: Sequence[Slip], roster: Roster) -> Iterator[_Open]:
    units = {file.source.sha256: file.unit for file in files}
    for matter in assignments.file_matters(files, slips, roster):
        yield _Open(matter, lambda slip: assignments.problem(slip, roster), units[matter.key] is not None)


# ---------------------------------------------------------------- rows of one matter


def _rows(one: _Open, slips: Sequence[Slip]) -> list[Row]:
    standing = weigh(one.matter, slips, one.problem)
    distinct: dict[tuple[object, ...], Slip] = {}
    # Of equal rows that which was decided about the present content stands for the others.
    for slip in sorted(slips, key=lambda slip: slip.decided != one.matter.content):
        if slip.filled or slip.extra:
            extra = tuple(sorted((title, plain(value)) for title, value in slip.extra.items()))
            distinct.setdefault((digest_of(slip.entry), extra), slip)
    if not distinct:
        return [_row(one, None, standing)]
    return [_row(one, slip, standing) for slip in distinct.values()]


def _row(one: _Open, slip: Slip | None, standing: Standing) -> Row:
    spec, matter = SPECS[one.matter.kind], one.matter
    shown = dict(matter.shown)
    if one.applied and slip is not None:
        shown |= {title: slip.shown[title] for title in _CARRIED[matter.kind] if slip.shown.get(title)}
    values: dict[str, CellValue] = {
        **shown,
        **_entered(spec, slip.entry if slip else NOTHING),
        c.STATUS: _status(standing, slip, one),
        c.CONTENT: matter.content,
        c.CHECK: check_of((*spec.identity, *spec.content), shown),
        c.KEY: matter.key,
        **(_decided(slip, matter) if slip and slip.filled else {}),
    }
    return Row(_in_order(values, spec), _renamed(slip.extra, spec) if slip else _NONE, standing.state)


def _in_order(values: Mapping[str, CellValue], spec: Spec) -> tuple[CellValue, ...]:
    return tuple(map(values.get, spec.titles))


def _renamed(extra: Mapping[str, Typed], spec: Spec) -> dict[str, Typed]:
    """Tell the clerk's own column from ours where a row comes to a sheet that has one of that title."""
    return {f"{title}（另加）" if title in spec.titles else title: value for title, value in extra.items()}


def _entered(spec: Spec, entry: Entry) -> dict[str, CellValue]:
    return dict(zip(spec.entry_titles, entry, strict=True))


def _decided(slip: Slip, matter: Matter) -> dict[str, CellValue]:
    now = slip.decided in (matter.content, NEW)
    basis = basis_of(matter.kind, matter.shown) if now else slip.basis
    return {c.BASIS: basis, c.DECIDED: matter.content if now else slip.decided, c.DIGEST: digest_of(slip.entry)}


def _status(standing: Standing, slip: Slip | None, one: _Open) -> str:
    """Say how the row stands; what this run didn't know yet counts from the next."""
    if one.ruled and standing.state == "stale" and slip is not None:
        told = f"原填“{words(slip.entry[0])}”，之后申报内容有变，现在由规则计分（{one.ruled}）"
        return f"{STALE}：{told}；仍要人工核定的，核对后改填复核日期或意见"
    if standing.state != "valid" or slip is None or not slip.filled:
        return standing.words
    if slip.kind == "waiver" and plain(slip.entry[0]).startswith("不"):
        return "已记录：不同意豁免，必须更正或说明"
    return standing.words if one.applied else _LATER


# ---------------------------------------------------------------- entries without a matter


def _kept(slip: Slip) -> Row:
    """Keep what has no row any more, so that it comes back by itself with its line."""
    about = slip.about or _about(slip)
    shown: dict[str, CellValue] = {
        c.ORIGIN: SPECS[slip.kind].name,
        "单位": slip.unit or None,
        c.ABOUT: about,
        c.WHY: _GONE[slip.kind] if slip.key else _NOT_FOUND,
    }
    values: dict[str, CellValue] = {
        **shown,
        **_entered(KEPT_SPEC, slip.entry),
        c.STATUS: "留存，不起作用",
        c.CONTENT: slip.shown.get(c.CONTENT) or None,
        c.CHECK: check_of(KEPT_SPEC.identity, shown),
        c.KEY: slip.key or None,
    }
    if slip.filled:
        values |= {c.BASIS: slip.basis, c.DECIDED: slip.decided, c.DIGEST: digest_of(slip.entry)}
    return Row(_in_order(values, KEPT_SPEC), _renamed(slip.extra, KEPT_SPEC))


def _about(slip: Slip) -> str:
    """Say in words what a row was about: all that it showed."""
    ours = (c.STATUS, *c.KEYS, "位置", "内容标识")
    return "；".join(
        f"{title}：{words(value)}" for title, value in slip.shown.items() if value is not None and title not in ours
    )


def rejected(plan: Plan) -> tuple[str, ...]:
    """Name each entry that was not taken, by its sheet and cell, and why."""
    told = []
    for spec in SPECS.values():
        column = spec.titles.index(spec.entry_titles[0]) + 1
        status = spec.titles.index(c.STATUS)
        for number, row in enumerate(plan[spec.name], FIRST_ROW):
            if row.state not in ("open", "valid"):
                about = "、".join(words_of_cell(row.cells[spec.titles.index(title)]) for title in spec.identity[:4])
                cell = Cell(spec.name, number, column).address
                told.append(f"工作表“{spec.name}”{cell}（{about}）{row.cells[status]}。")
    told += _not_found(plan)
    return tuple(told)


def _not_found(plan: Plan) -> Iterator[str]:
    """Name each row that a person added and that is about no line there is."""
    titles = KEPT_SPEC.titles
    for number, row in enumerate(plan[c.KEPT], FIRST_ROW):
        typed = any(row.cells[titles.index(title)] is not None for title in KEPT_SPEC.entry_titles)
        if typed and row.cells[titles.index(c.WHY)] == _NOT_FOUND:
            cell = Cell(c.KEPT, number, titles.index(KEPT_SPEC.entry_titles[0]) + 1).address
            about = words_of_cell(row.cells[titles.index(c.ABOUT)])
            yield f"工作表“{c.KEPT}”{cell}（{about}）没有采用：{_NOT_FOUND}。"


def words_of_cell(value: CellValue) -> str:
    """Write what a cell shows, for a sentence."""
    return value.text if isinstance(value, Link) else "" if value is None else str(value)


def said_by_plan(plan: Plan, roster: Roster) -> str:
    """Hash what the rows say, as load_review hashes what a file says."""
    told: dict[str, Iterable[Mapping[str, object]]] = {
        spec.name: _by_title(plan[spec.name], spec) for spec in (*SPECS.values(), KEPT_SPEC)
    }
    told[c.ROSTER] = ({c.ROSTER: unit.name} for unit in roster.units)
    return said_by(told)


def _by_title(rows: Iterable[Row], spec: Spec) -> Iterator[Mapping[str, object]]:
    return ({**dict(zip(spec.titles, row.cells, strict=True)), **row.extra} for row in rows)
