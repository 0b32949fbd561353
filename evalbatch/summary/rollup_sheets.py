"""Districts' figures in, described sheets out: 总览, 各区县, 单位排名, 问题分类, 口径说明."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, overload

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from evalbatch import __version__
from evalbatch.sheets.look import SEVERITY_WORDS, STATUS_WORDS, Tone
from evalbatch.sheets.look import Kind as CellKind
from evalbatch.sheets.table import CellValue, Column, Formula, Link, Table, Toned
from evalbatch.summary.figures import Figures
from evalbatch.summary.grid import records
from evalbatch.summary.published_district import Published

OVERVIEW = "总览"
_AT_ONCE = 4_096
_SOURCES = {"whole-unit": "整体支出", "score": "评分表", "projects": "项目"}
BACK = Link.to_sheet("返回总览", OVERVIEW)


@dataclass(frozen=True, slots=True)
class Whole:
    """All districts side by side, and the figures of all their units; `grades` are the grades' names, best first."""

    districts: Sequence[Published]
    figures: Figures
    grades: Sequence[str]

    @property
    def subtitle(self) -> str:
        """What these figures are of."""
        return f"{self.districts[0].results.year}年度　{len(self.districts)}个区县　{self.figures.units:,}个单位"

    def added(self, of: Callable[[Published], Decimal | int | None]) -> Decimal:
        """Add a figure up over all districts."""
        return sum((Decimal(of(one) or 0) for one in self.districts), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of a table of districts; `total` is what stands under it, `summed` makes it a live sum."""

    title: str
    value: Callable[[Published], CellValue]
    width: str = "short"
    kind: CellKind = "int"
    summed: bool = False
    total: CellValue = None
    paper: bool = True


def overview(whole: Whole) -> Table:
    """The first sheet: what the figures say, then one line a district."""
    all_units = whole.figures
    fields = [
        _name(),
        _Field("单位数", lambda one: one.figures.units, summed=True),
        _Field("已报送", lambda one: one.figures.submitted, summed=True),
        _Field("报送率", _coverage, kind="percent", total=_share_submitted(all_units)),
        *(_grade(name) for name in whole.grades),
        _Field("复核平均分", lambda one: one.figures.whole.mean, kind="points", total=all_units.whole.mean),
        _Field(
            "预算加权平均分",
            lambda one: one.figures.whole.weighted_mean,
            kind="points",
            total=all_units.whole.weighted_mean,
        ),
        _Field("全年预算数", lambda one: one.figures.adjusted, "number", "money", summed=True),
        _Field("全年执行数", lambda one: one.figures.executed, "number", "money", summed=True),
        _Field("执行率", lambda one: one.figures.rate, kind="percent", total=all_units.rate),
        _Field("必须更正", lambda one: one.severities.get("must-fix", 0), summed=True),
    ]
    year = whole.districts[0].results.year
    return _districts(OVERVIEW, f"{year}年度预算绩效自评汇总（各区县）", whole, fields, list(_conclusions(whole)), None)


def _conclusions(whole: Whole) -> Sequence[str]:
    figures = whole.figures
    units, sent = figures.units, figures.submitted
    share = f"，报送率{_two(Decimal(100 * sent) / units)}%" if units else ""
    said = [f"报送：名单上有单位{units:,}个，已报送{sent:,}个{share}。"]
    scores = figures.whole
    if scores.mean is not None:
        own = f"自评平均{_two(scores.own_mean)}分，" if scores.own_mean is not None else ""
        money = f"，按预算加权{_two(scores.weighted_mean)}分" if scores.weighted_mean is not None else ""
        counts = "，".join(f"{name}{figures.grades[name]}个" for name in whole.grades)
        said.append(
            f"得分：{scores.count:,}个单位有部门整体得分，{own}复核平均{_two(scores.mean)}分{money}；{counts}。"
        )
        named = [(one.results.district, one.figures.whole.mean) for one in whole.districts]
        means = [(name, mean) for name, mean in named if mean is not None]
        if len(means) > 1:
            best, *_, last = sorted(means, key=lambda one: -one[1])
            said.append(
                f"区县：复核平均分最高的是{best[0]}（{_two(best[1])}分），最低的是{last[0]}（{_two(last[1])}分）。"
            )
    if figures.rate is not None:
        said.append(f"资金：全年预算{figures.adjusted:,.2f}万元，执行率{_two(figures.rate)}%。")
    found = {word: sum(one.severities.get(key, 0) for one in whole.districts) for key, word in SEVERITY_WORDS.items()}
    return [*said, f"问题：{'，'.join(f'{word}{count:,}项' for word, count in found.items())}。"]


def listed(whole: Whole) -> Table:
    """Every figure of every district."""
    all_units = whole.figures
    fields = [
        _name(),
        _Field("文件数", lambda one: one.results.files, summed=True),
        *(_status(status, word) for status, word in STATUS_WORDS.items()),
        _Field("整体得分单位", lambda one: one.figures.whole.count, summed=True),
        _Field("自评平均分", lambda one: one.figures.whole.own_mean, kind="points", total=all_units.whole.own_mean),
        _Field("复核平均分", lambda one: one.figures.whole.mean, kind="points", total=all_units.whole.mean),
        _Field("只报项目单位", lambda one: one.figures.projects.count, summed=True),
        _Field("项目复核平均分", lambda one: one.figures.projects.mean, kind="points", total=all_units.projects.mean),
        _Field("待定项", lambda one: one.figures.pending, summed=True),
        _Field("年初预算数", lambda one: one.figures.initial, "number", "money", summed=True),
        _Field("全年预算数", lambda one: one.figures.adjusted, "number", "money", summed=True),
        _Field("全年执行数", lambda one: one.figures.executed, "number", "money", summed=True),
        *(_severity(severity, word) for severity, word in SEVERITY_WORDS.items()),
        _Field("评分方案", _scheme, "name", "text", paper=False),
    ]
    return _districts("各区县", "各区县报送、得分、资金和问题", whole, fields, ["顺序同汇总时所列的区县。"], BACK)


def _scheme(one: Published) -> str:
    return f"{one.results.scheme} {one.results.version}".strip()


def _name() -> _Field:
    return _Field("区县", lambda one: one.results.district, "name", "text", total="合计")


def _coverage(one: Published) -> CellValue:
    return _share_submitted(one.figures)


def _share_submitted(figures: Figures) -> CellValue:
    return Decimal(100 * figures.submitted) / figures.units if figures.units else None


def _grade(name: str) -> _Field:
    return _Field(name, lambda one: one.figures.grades[name], "mark", summed=True)


def _status(status: str, word: str) -> _Field:
    return _Field(word, lambda one: one.figures.statuses[status], summed=True)


def _severity(severity: str, word: str) -> _Field:
    return _Field(word, lambda one: one.severities.get(severity, 0), summed=True)


def _districts(
    name: str, title: str, whole: Whole, fields: Sequence[_Field], notes: Sequence[str], back: Link | None
) -> Table:
    first = len(notes) + 4  # title, subtitle, notes, header; a sheet's rows count from 1
    last = first + len(whole.districts) - 1
    totals: list[CellValue] = []
    for place, field in enumerate(fields):
        letter = xl_col_to_name(place)
        value = whole.added(field.value) if field.summed else None  # type: ignore[arg-type]
        totals.append(field.total if value is None else Formula(f"=SUM({letter}{first}:{letter}{last})", value))
    return Table(
        name, title, [Column(field.title, field.width, field.kind, paper=field.paper) for field in fields],
        [[field.value(one) for field in fields] for one in whole.districts],
        subtitle=whole.subtitle, measure="金额单位：万元", notes=notes, totals=[totals], landscape=True,
        frozen_columns=1, back=back,
    )  # fmt: skip


@dataclass(frozen=True)
class Ranking(Sequence[Sequence[CellValue]]):
    """Ranked units as a sheet's rows, made a few thousand at a time: a province has more than memory should hold."""

    units: pd.DataFrame

    def __len__(self) -> int:
        return len(self.units)

    @overload
    def __getitem__(self, place: int) -> Sequence[CellValue]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[CellValue]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[CellValue] | Sequence[Sequence[CellValue]]:
        if isinstance(place, slice):
            return list(Ranking(self.units.iloc[place]))
        return next(iter(Ranking(self.units.iloc[[place]])))

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        for start in range(0, len(self.units), _AT_ONCE):
            yield from map(_ranked_row, records(self.units.iloc[start : start + _AT_ONCE]))


def _ranked_row(unit: Mapping[str, Any]) -> Sequence[CellValue]:
    return (
        unit["rank"], unit["district"], unit["unit_code"], unit["unit_name"], unit["self_score"],
        unit["verified_score"], unit["difference"], unit["self_grade"], unit["verified_grade"],
        f"{unit['pending']}项" if unit["pending"] else None, _SOURCES.get(unit["scored_by"], unit["scored_by"]),
        unit["adjusted"], unit["executed"], unit["rate"], unit["must_fix"],
    )  # fmt: skip


def ranking(
    whole: Whole, name: str, title: str, units: pd.DataFrame, most: int, rest: str, notes: Sequence[str]
) -> Table:
    """Units best first, at most so many; `rest` is the file that holds the others."""
    if most < len(units):
        notes = [*notes, f"共{len(units):,}个单位，本表列出前{most:,}个，其余在同一文件夹的 {rest}。"]
    return _units(whole, name, title, Ranking(units.iloc[:most]), notes)


def lowest(whole: Whole, units: pd.DataFrame, most: int = 50) -> Table:
    """The last of the ranking, so that nobody has to scroll for them."""
    rows = Ranking(units.iloc[-most:])
    return _units(whole, "名次靠后", f"部门整体支出绩效得分最低的{len(rows)}个单位", rows, ["名次同“单位排名”。"])


def _units(whole: Whole, name: str, title: str, rows: Ranking, notes: Sequence[str]) -> Table:
    columns = (
        Column("名次", "mark", "int", "center"), Column("区县", "name"), Column("单位编码", "short"),
        Column("单位名称", "name"), Column("自评得分", "short", "points"), Column("复核得分", "short", "points"),
        Column("差异", "short", "points"), Column("自评等级", "short", align="center"),
        Column("复核等级", "short", align="center"), Column("待定", "short"),
        Column("得分来源", "short", align="center"), Column("全年预算数", "number", "money"),
        Column("全年执行数", "number", "money"), Column("执行率", "short", "percent"),
        Column("必须更正", "short", "int"),
    )  # fmt: skip
    return Table(
        name, title, columns, rows, subtitle=whole.subtitle, measure="金额单位：万元", notes=notes,
        empty="没有这类单位。", landscape=True, frozen_columns=4, back=BACK,
    )  # fmt: skip


def by_kind(whole: Whole) -> Table:
    """Findings by code: how many, in how many units and districts."""
    found = pd.concat([one.kinds for one in whole.districts], ignore_index=True)
    of_kind = found.groupby(["code", "title", "severity"]).agg(
        count=("count", "sum"), units=("units", "sum"), districts=("count", "size")
    )
    units = max(1, whole.figures.units)
    rows: list[list[CellValue]] = [
        [code, title, Toned(SEVERITY_WORDS.get(severity, severity), _tone(severity)), count, owners,
         Decimal(100 * owners) / units, districts]
        for (code, title, severity), count, owners, districts in of_kind.itertuples()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-int(str(row[4])), -int(str(row[3])), str(row[0]), str(row[1])))
    columns = [
        Column("代码", "mark"), Column("问题", "name"), Column("级别", "short"), Column("问题数", "short", "int"),
        Column("涉及单位数", "short", "int"), Column("占名单单位", "short", "percent"),
        Column("涉及区县数", "short", "int"),
    ]  # fmt: skip
    notes = ["按涉及单位数由多到少排列；同一编码在不同区县轻重不同的，分行列出。"]
    return Table(
        "问题分类", "各类问题的数量和涉及的单位、区县", columns, rows, subtitle=whole.subtitle, notes=notes,
        empty="没有发现问题。", landscape=True, back=BACK,
    )  # fmt: skip


def _tone(severity: str) -> Tone:
    return severity if severity in ("must-fix", "query", "note") else "plain"  # type: ignore[return-value]


def method(whole: Whole) -> Table:
    """What the figures mean and what they were made from."""
    schemes = len({(one.results.scheme, one.results.version) for one in whole.districts})
    alike = "各区县相同。" if schemes == 1 else f"各区县用了{schemes}种方案，得分不宜直接比较；见“各区县”。"
    said = [
        ("范围", whole.subtitle),
        ("来源", "各区县 output 文件夹中的 run.json 和 data/*.parquet；没有重新读取任何自评表。"),
        ("报送", "已报送：收到过该单位的文件。单位数是各区县单位名单上的单位数。"),
        ("得分", "部门整体得分取自部门整体支出绩效自评表（没有的取评分表）；只报项目的单位另行平均、另行排名。"),
        ("平均分", "简单平均每个单位一样重；预算加权平均按全年预算数加权，没有全年预算数的单位不计入加权平均。"),
        ("待定", "等人工核定的，暂按自评得分计；核定后名次可能变化。"),
        ("执行率", "全年执行数÷全年预算数，只计两个数都有的单位。"),
        ("空白", "表示没有填报或无法判断，绝不以0代替；等级一栏的0表示没有单位得这一等级。"),
        ("评分方案", alike),
        ("程序版本", f"evalbatch {__version__}"),
    ]
    for one in whole.districts:
        said.append((f"结果：{one.results.district}", f"{_scheme(one)}；run.json 的 SHA-256 为 {one.results.sha256}"))
    columns = [Column("事项", "name"), Column("说明", "wide")]
    return Table("口径说明", "统计口径和数据来源", columns, said, landscape=True, back=BACK)


def _two(number: Decimal | None) -> str:
    return "" if number is None else str(number.quantize(Decimal("0.01"), ROUND_HALF_UP))
