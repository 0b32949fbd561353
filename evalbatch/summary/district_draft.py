"""A district's summary in, the draft of its 预算绩效自评工作总结 out; every figure is the summary's own."""

from collections.abc import Iterable, Sequence

from evalbatch.reports.draft_figures import amount, percent, points
from evalbatch.reports.draft_paper import Paper
from evalbatch.sheets.look import SEVERITY_WORDS
from evalbatch.summary.charts import Bars, for_document
from evalbatch.summary.digest import Digest
from evalbatch.summary.district import District
from evalbatch.summary.overview import Said, conclusions, who

_MOST_LISTED = 10
_CHART_HEAD, _CHART_BAR, _CHART_UPRIGHT = 38, 6, 78
"""Millimetres of a chart: its height without bars that lie, that of such a bar, and the height of upright ones."""


def district_report(district: District, charts: Sequence[Bars] = ()) -> Paper:
    """Write the report of one district, with the summary's charts where their topics are told."""
    digest, season = Digest(district), district.season
    paper = Paper(f"{season.district}{season.year}年度预算绩效自评工作总结")
    said = by_topic(conclusions(digest))
    paper.text(
        f"根据截至{digest.day}收到的{len(district.files)}个文件，按“{district.scheme_name}”逐项复核，"
        f"现将{season.year}年度预算绩效自评工作情况总结如下："
    )
    paper.heading(1, "一、工作组织情况")
    paper.text(blank="通知的名称和文号、培训、辅导和催报情况")
    paper.heading(1, "二、报送情况")
    for sentence in said.get("报送", ()):
        paper.text(sentence)
    for line in who(digest):
        paper.text(f"{line.topic}{line.text}")
    put_charts(paper, charts, "报送")
    paper.heading(1, "三、自评结果")
    paper.heading(2, "（一）得分和等级")
    _grades(paper, digest, [*said.get("得分", ()), *said.get("得分差异", ())])
    put_charts(paper, charts, "得分", "得分差异")
    paper.heading(2, "（二）资金执行情况")
    _money(paper, digest, [*said.get("资金", ()), *said.get("未计金额", ())])
    put_charts(paper, charts, "资金")
    number = iter("三四")
    for topic, title in (("项目", "项目自评情况"), ("指标", "绩效指标完成情况")):
        if topic in said:
            paper.heading(2, f"（{next(number)}）{title}")
            for sentence in said[topic]:
                paper.text(sentence)
            put_charts(paper, charts, topic)
    _problems(paper, digest, said.get("问题", []), charts)
    paper.heading(1, "五、下一步工作安排")
    for sentence in said.get("结果应用", ()):
        paper.text(sentence)
    paper.text(blank="结果应用、督促整改和改进自评工作的安排")
    paper.line(f"{season.district}财政局", right=True)
    paper.line("　　　　年　　月　　日", right=True)
    return paper


def by_topic(lines: Iterable[Said]) -> dict[str, list[str]]:
    """Gather the sentences of the overview by their topic."""
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(line.topic, []).append(line.text)
    return said


def put_charts(paper: Paper, charts: Sequence[Bars], *topics: str) -> None:
    """Put the summary's charts of these topics."""
    for bars in charts:
        if bars.topic in topics:
            high = _CHART_HEAD + _CHART_BAR * len(bars.names) if bars.lying else _CHART_UPRIGHT
            paper.chart(bars.title, *for_document(bars), height=high)


def _grades(paper: Paper, digest: Digest, said: list[str]) -> None:
    for sentence in said:
        paper.text(sentence)
    paper.text(blank="" if said else "没有可以统计的得分")
    if not digest.whole:
        return
    rows = [
        (grade, *(str(sum(unit[key] == grade for unit in digest.whole)) for key in ("self_grade", "verified_grade")))
        for grade, _ in digest.district.grades
    ]
    paper.table(("等级", "自评（个）", "复核（个）"), rows)
    lowered = [unit for unit in digest.compared if unit["difference"] < 0][:_MOST_LISTED]
    if lowered:
        paper.text("复核得分低于自评得分较多的单位：")
        scores = [
            (unit["unit_name"], points(unit["self_score"]), points(unit["verified_score"]), points(unit["difference"]))
            for unit in lowered
        ]
        paper.table(("单位", "自评得分", "复核得分", "差异"), scores)


def _money(paper: Paper, digest: Digest, said: list[str]) -> None:
    for sentence in said:
        paper.text(sentence)
    paper.text(blank="" if said else "没有可以统计的金额")
    low = [unit for unit in digest.with_money if digest.is_low(unit["rate"])][:_MOST_LISTED]
    if low:
        paper.text("执行率较低的单位：")
        rows = [
            (unit["unit_name"], amount(unit["adjusted"]), amount(unit["executed"]), percent(unit["rate"]))
            for unit in low
        ]
        paper.table(("单位", "全年预算数", "全年执行数", "执行率"), rows)


def _problems(paper: Paper, digest: Digest, said: list[str], charts: Sequence[Bars]) -> None:
    paper.heading(1, "四、复核发现的问题和整改情况")
    paper.heading(2, "（一）发现的问题")
    for sentence in said:
        paper.text(sentence)
    put_problems(paper, digest)
    put_charts(paper, charts, "问题")
    paper.heading(2, "（二）整改情况")
    counts: dict[str, int] = {}
    for entry in digest.district.rectifications:
        counts[entry.status_words] = counts.get(entry.status_words, 0) + 1
    listed = "，".join(f"{word}{count}处" for word, count in counts.items())
    total = f"要求更正和核实的共{sum(counts.values())}处（一个问题涉及几处的，分别计数）：{listed}。"
    paper.text(total if counts else "没有要求更正或核实的问题。")


def put_problems(paper: Paper, digest: Digest) -> None:
    """List the kinds of problems that most units have, notes left out."""
    kinds = [row for row in digest.kinds if row["severity"] != "note"][:_MOST_LISTED]
    if kinds:
        paper.table(
            ("问题", "级别", "数量（项）", "涉及单位（个）"),
            [
                (
                    f"{row['title']}（{row['code']}）",
                    SEVERITY_WORDS[row["severity"]],
                    str(row["count"]),
                    str(row["units"]),
                )
                for row in kinds
            ],
        )
