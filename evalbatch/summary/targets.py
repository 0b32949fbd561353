"""The sheets on targets and actuals: 指标完成情况 by type, and 指标明细."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any

from evalbatch.sheets.look import VERDICT_WORDS, Tone
from evalbatch.sheets.table import Table, Toned
from evalbatch.summary.digest import Digest, compared
from evalbatch.summary.figures import BANDS, PENDING
from evalbatch.summary.grid import Field, Lines, Picked, columns, lay_out, summed

_TONES: dict[str, Tone] = {"not-met": "must-fix", "unanswered": "must-fix", "cannot-tell": "query", "exceeded": "note"}
_WORST_FIRST = ("not-met", "unanswered", "cannot-tell", "exceeded", "met")
_DONE, _DECIDED = ("met", "exceeded"), ("met", "exceeded", "not-met")
"""What counts as done, and what a rate is measured by: lines that nobody has judged are in neither."""
_SHOWN = ("unit_name", "form", "project", "level1", "level2", "name", "target", "actual", "verdict", "because")


def by_type(digest: Digest) -> Table:
    """How many indicators of each level-2 type were met, exceeded, missed, or can't be judged."""
    frame = digest.district.tables["indicators"]
    rows = digest.types
    judged = sum(row["all"] for row in rows)
    fields = [
        Field("一级指标", lambda row: row["level1"], "name"),
        Field("二级指标", lambda row: row["level2"], "name"),
        summed("指标数", lambda row: row["all"], width="short", kind="int"),
        *(_verdict_field(verdict, word) for verdict, word in VERDICT_WORDS.items()),
        Field(
            "完成率",
            lambda row: _share(_done(row), _decided(row), 100),
            "number",
            "percent",
            note="（完成＋超额完成）÷（完成＋超额完成＋未完成）",
            formula=lambda at: f'=IF({_added(at, _DECIDED)}=0,"",({_added(at, _DONE)})/({_added(at, _DECIDED)}))',
            total=_total_share,
            total_value=lambda rows: _share(sum(map(_done, rows)), sum(map(_decided, rows))) or "",
        ),
        *(summed(band, itemgetter(band), width="short", kind="int") for band in (*BANDS, PENDING)),
        Field("平均得分率", itemgetter("mean"), "number", "percent", note="复核得分合计÷分值合计，待定项不计"),
    ]
    return lay_out(
        "指标完成情况",
        "各类绩效指标的完成情况",
        fields,
        rows,
        identifier="targets_by_type",
        subtitle=digest.subtitle,
        notes=[
            f"只统计有年度指标值的{judged}项指标；另有{len(frame) - judged}项没有指标值，不参加统计。",
            "没有写完成情况和需人工判断的，既不算完成，也不算未完成，不计入完成率；人工核定的按核定计。",
            "得分率＝复核得分÷分值，各档含下限、不含上限；统计这些表中计分的各项，待定项另列，不计入各档。",
        ],
        total="合计",
        empty="没有可比较的指标。",
    )


def _verdict_field(verdict: str, word: str) -> Field:
    return summed(word, lambda row: row[verdict], width="short", kind="int")


def _added(at: Callable[[str], str], verdicts: Sequence[str]) -> str:
    return "+".join(at(VERDICT_WORDS[verdict]) for verdict in verdicts)


def _done(row: Mapping[str, Any]) -> int:
    return sum(row[verdict] for verdict in _DONE)


def _decided(row: Mapping[str, Any]) -> int:
    return sum(row[verdict] for verdict in _DECIDED)


def _share(part: int, whole: int, times: int = 1) -> Decimal | None:
    return Decimal(times * part) / whole if whole else None


def _total_share(at: Lines) -> str:
    done, decided = (
        "+".join(f"SUM({at.column(VERDICT_WORDS[verdict])})" for verdict in verdicts) for verdicts in (_DONE, _DECIDED)
    )
    return f'=IF({decided}=0,"",({done})/({decided}))'


def _judged(digest: Digest) -> Picked:
    """Every judged indicator, those not met first."""
    frame = digest.district.tables["indicators"]
    rank = {verdict: place for place, verdict in enumerate(_WORST_FIRST)}
    verdicts = columns(frame, "verdict")["verdict"]
    order = sorted(compared(frame).to_numpy().nonzero()[0].tolist(), key=lambda place: rank[verdicts[place]])
    return Picked(frame[[*_SHOWN]], array("l", order))


def listed(digest: Digest) -> Table:
    """Every judged indicator with its target, actual and verdict; those not met first."""
    rows = _judged(digest)
    shown = {
        verdict: Toned(word, _TONES[verdict]) if verdict in _TONES else word for verdict, word in VERDICT_WORDS.items()
    }
    fields = [
        Field("单位名称", lambda row: row["unit_name"], "name"),
        Field("表格或项目", lambda row: row["project"] or digest.form(row["form"]), "name"),
        Field("二级指标", lambda row: row["level2"] or row["level1"], "short"),
        Field("三级指标", lambda row: row["name"], "text"),
        Field("年度指标值", lambda row: row["target"], "text"),
        Field("实际完成值", lambda row: row["actual"], "text"),
        Field("完成情况", lambda row: shown[row["verdict"]], "short"),
        Field("判断依据", lambda row: row["because"], "long"),
    ]
    return lay_out(
        "指标明细",
        f"{len(rows)}项绩效指标的完成情况",
        fields,
        rows,
        identifier="targets",
        subtitle=digest.subtitle,
        notes=["未完成的在前，其次是缺完成情况和需人工判断的。单元格位置见 data/indicators.csv。"],
        rest="data/indicators.csv",
        empty="没有可比较的指标。",
        frozen=1,
    )
