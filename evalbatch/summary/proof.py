"""The sheets that say how it was done and that it adds up: 口径说明, 数据核对."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

import pandas as pd

from evalbatch.model.words import AMOUNT
from evalbatch.reports.draft_figures import day
from evalbatch.sheets.look import SEVERITY_WORDS
from evalbatch.sheets.painter import Painted
from evalbatch.sheets.table import Formula, Table, Toned
from evalbatch.summary.digest import Digest, compared
from evalbatch.summary.district import District
from evalbatch.summary.figures import WHOLE
from evalbatch.summary.grid import Field, lay_out
from evalbatch.tables.places import each_once, money_of_unit

Sheets = Mapping[str, Painted]


def method(digest: Digest) -> Table:
    """What the figures mean and what they were made with."""
    return lay_out(
        "口径说明",
        "统计口径和所用的方案、版本",
        [Field("事项", lambda row: row[0], "name"), Field("说明", lambda row: row[1], "wide")],
        list(_statements(digest)),
        identifier="method",
        subtitle="",
    )


def _statements(digest: Digest) -> Iterable[tuple[str, str]]:
    district = digest.district
    season = district.season
    deadline = day(season.deadline) if season.deadline else "未设"
    yield (
        "范围",
        f"{season.district}{season.year}年度绩效自评，单位名单共{len(district.units)}个单位，收到{len(district.files)}个文件。",
    )
    yield "截至", f"{digest.day}（各表最晚的填报日期；都没有的，取文件最晚的修改时间）。本工作簿不读取电脑的当前时间。"
    yield "截止日期", f"{deadline}；单位名单中另有规定的，从其规定。逾期按填报日期判断，没有填报日期的按文件修改时间。"
    yield "金额", "以万元计，取资金总额行；有部门整体表的单位取该表，只报项目的取各项目之和，任一项目缺数则该单位留空。"
    yield "执行率", "全年执行数÷全年预算数；表样没有全年预算数一栏的，用年初预算数。预算为0的不计算，不视为100%。"
    yield "自评得分", "单位在表中填写的总分。"
    yield (
        "复核得分",
        "按评分方案对每一项重新计算后相加，人工核定的按核定。须人工核定的，暂按自评得分计（不超出规则允许的范围），"
        "标为待定，并写明待定后的最低和最高；已知没有完成的，核定前不得满分（方案的“未完成暂定”）。"
        "必填内容空白的表没有复核得分，不参加排名。",
    )
    yield "平均分", "简单平均与按全年预算数加权平均分别列出；部门整体得分与项目得分从不混合平均。"
    yield "等级", _grades(district.grades) or "按评分方案。"
    yield "问题", "必须更正：改正后重新报送；请核实：核实无误可不改；提示：供参考。同一原因只报一个问题。"
    yield "空白", "表示没有填报或无法判断，绝不以0代替。"
    yield (
        "评分方案",
        f"{district.scheme_name}　版本 {district.scheme_version or '未注明'}　SHA-256 {district.scheme_sha256}",
    )
    if district.last_year is not None:
        yield "上年比较", district.last_year.said
    if district.unmade:
        yield "没有做成", "\n".join(district.unmade)
    yield "程序版本", f"evalbatch {district.version}"
    yield (
        "输入文件",
        f"共{len(district.files)}个，合并校验值 {inputs_sha256(district)}；各文件的校验值见 data/files.csv。",
    )


def _grades(grades: Sequence[tuple[str, Decimal]]) -> str:
    """Tell the bands of the grades, each from its lowest score to the next one's.

    >>> _grades([("优", Decimal(90)), ("良", Decimal(80)), ("差", Decimal(0))])
    '优：90分及以上；良：80分及以上、90分以下；差：80分以下'
    """
    said = []
    for place, (name, lowest) in enumerate(grades):
        above = f"{grades[place - 1][1]:f}分以下" if place else ""
        least = f"{lowest:f}分及以上" if lowest > 0 else ""
        said.append(f"{name}：{'、'.join(filter(None, (least, above)))}")
    return "；".join(said)


def inputs_sha256(district: District) -> str:
    """One hash of all inputs: SHA-256 over the sorted lines "hash path" of every file."""
    lines = sorted(f"{file.source.sha256} {file.source.path}\n" for file in district.files)
    return sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """One total, three ways: a formula over a sheet, the long tables, and the results added up one by one."""

    what: str
    formula: str
    tables: Decimal
    results: Decimal


def agreement(digest: Digest, sheets: Sheets) -> Table:
    """Every total added up from three places, and whether they agree."""
    rows = [claim for claim in _claims(digest, sheets) if claim]
    wrong = sum(claim.tables != claim.results for claim in rows)
    fields = [
        Field("核对项目", lambda claim: claim.what, "text"),
        Field("本工作簿各表", lambda claim: claim.tables, "number", align="right"),
        Field("长表合计", lambda claim: claim.tables, "number", align="right"),
        Field("逐份结果合计", lambda claim: claim.results, "number", align="right"),
        Field(
            "结论",
            lambda claim: Toned("一致", "good") if claim.tables == claim.results else Toned("不一致", "must-fix"),
            "short",
            align="center",
            formula=lambda at: (
                f"=IF(AND(ABS({at('本工作簿各表')}-{at('长表合计')})<0.005,"
                f'ABS({at("长表合计")}-{at("逐份结果合计")})<0.005),"一致","不一致")'
            ),
        ),
    ]
    table = lay_out(
        "数据核对",
        f"{len(rows)}项合计全部一致" if not wrong else f"{len(rows)}项合计中有{wrong}项不一致",
        fields,
        rows,
        identifier="agreement",
        subtitle=digest.subtitle,
        notes=["同一合计从三处分别加出：本工作簿各表的公式、data 文件夹中的长表、逐个单位和文件的结果。"],
    )
    return _with_formulas(table, rows)


def _with_formulas(table: Table, rows: list[Claim]) -> Table:
    body = [
        [row[0], Formula(claim.formula, claim.tables), *row[2:]] for row, claim in zip(table.rows, rows, strict=True)
    ]
    return replace(table, rows=body)


def _claims(digest: Digest, sheets: Sheets) -> Iterable[Claim | None]:
    district = digest.district
    tables, units = district.tables, district.units

    def claim(
        what: str, sheet: str, column: str, table: Decimal | int, results: Decimal | int, how: str = "SUM({})"
    ) -> Claim | None:
        painted = sheets.get(sheet)
        if painted is None or not painted.table.rows:
            return None
        formula = "=" + how.format(painted.reference(column).removeprefix("="))
        return Claim(what, formula, Decimal(table), Decimal(results))

    yield claim("文件数", "文件清单", "文件", len(tables["files"]), len(district.files), "COUNTA({})")
    yield claim("单位数", "提交情况", "单位名称", len(tables["units"]), len(units), "COUNTA({})")
    moneys = [money_of_unit(unit) for unit in units]
    for name, header in AMOUNT.items():
        by_unit = (getattr(money, name) for money in moneys)
        yield claim(f"各单位{header}（万元）", "资金执行", header, _sum(tables["units"][name]), _added(by_unit))
    for sheet, sources in (("得分排名", WHOLE), ("项目单位得分", ("projects",))):
        frame = tables["units"][tables["units"]["scored_by"].isin(sources) & tables["units"]["verified_score"].notna()]
        ranked = [unit for unit in units if unit.scored_by in sources and unit.verified_score is not None]
        for name, header in (("self_score", "自评得分"), ("verified_score", "复核得分")):
            scores = (getattr(unit, name) for unit in ranked)
            yield claim(f"{sheet}：{header}之和", sheet, header, _sum(frame[name]), _added(scores))
    projects = [form for unit in units for form in unit.forms if form.submission.kind == "project"]
    frame = tables["submissions"][tables["submissions"]["kind"] == "project"]
    money = _added(form.money.adjusted for form in projects)
    yield claim("项目全年预算数（万元）", "项目汇总", "全年预算数", _sum(frame["adjusted"]), money)
    judged = sum(form.compared for unit in units for form in unit.forms)
    yield claim("参加比较的指标数", "指标完成情况", "指标数", int(compared(tables["indicators"]).sum()), judged)
    severities: list[str] = [finding.severity for finding, _ in each_once(district.files, units, district.findings)]
    for severity, word in SEVERITY_WORDS.items():
        count = int((tables["findings"]["severity"] == severity).sum())
        how = f'COUNTIF({{}},"{word}")'
        yield claim(f"问题数：{word}", "问题清单", "级别", count, severities.count(severity), how)


def _sum(column: pd.Series) -> Decimal:
    return Decimal(column.sum()) if column.notna().any() else Decimal(0)


def _added(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
