"""A district's summary in, the draft of the 通报 to its units out: the tables' facts, blanks where they have none."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from evalbatch.reports.draft_figures import points
from evalbatch.reports.draft_paper import Paper, to_fill
from evalbatch.sheets.look import SEVERITY_WORDS, STATUS_WORDS
from evalbatch.summary.charts import Bars
from evalbatch.summary.digest import Digest, Rows
from evalbatch.summary.district import District
from evalbatch.summary.district_draft import by_topic, put_charts, put_problems
from evalbatch.summary.overview import conclusions, who
from evalbatch.summary.proposals import OPEN, settled

_MOST_NAMED = 5
"""Units named at either end of the ranking; never more than half of them."""
_NOT_FOR_UNITS = ("归属未定",)
"""What the bureau has yet to find out itself."""


def circular(district: District, charts: Sequence[Bars] = ()) -> Paper:
    """Write the circular: who submitted, the scores at both ends, common problems, what must be done by when."""
    digest, season = Digest(district), district.season
    paper = Paper(f"关于{season.year}年度预算绩效自评情况的通报")
    paper.line("各预算单位：")
    paper.text(
        f"根据{to_fill('通知的名称和文号')}，{season.district}财政局组织各单位开展了{season.year}年度预算绩效自评，并根据"
        f"截至{digest.day}收到的{len(district.files)}个文件，按“{district.scheme_name}”逐项复核。现将有关情况通报如下："
    )
    said = by_topic(conclusions(digest))
    paper.heading(1, "一、报送情况")
    paper.text(*said.get("报送", ()))
    for line in who(digest):
        if line.topic not in _NOT_FOR_UNITS:
            paper.text(f"{line.topic}{line.text}")
    put_charts(paper, charts, "报送")
    paper.heading(1, "二、复核结果")
    _scores(paper, digest, said.get("得分", []))
    put_charts(paper, charts, "得分")
    for topic in ("资金", "指标"):
        paper.text(*said.get(topic, ()))
    paper.heading(1, "三、存在的主要问题")
    paper.text(*said.get("问题", ()))
    put_problems(paper, digest)
    paper.heading(1, "四、有关要求")
    _demands(paper, digest, said.get("结果应用", []))
    paper.text(blank="联系人和联系电话")
    paper.line(f"{season.district}财政局", right=True)
    paper.line("　　　　年　　月　　日", right=True)
    return paper


def _scores(paper: Paper, digest: Digest, said: Sequence[str]) -> None:
    for sentence in said:
        paper.text(sentence)
    paper.text(blank="" if said else "没有可以统计的得分")
    several = min(_MOST_NAMED, len(digest.whole) // 2)
    if not several:
        return
    for words, rows in (("靠前", digest.whole[:several]), ("靠后", digest.whole[-several:])):
        paper.text(f"部门整体复核得分{words}的{several}个单位：")
        paper.table(("名次", "单位", "复核得分", "复核等级", f"{OPEN}（项）"), [_ranked(digest, unit) for unit in rows])
    if any(unit["pending"] for unit in digest.whole):
        paper.text(f"有{OPEN}项的，得分以人工核定后的为准；等级还可能变的写“{OPEN}”。")


def _ranked(digest: Digest, unit: dict[str, Any]) -> tuple[str, ...]:
    grade = settled(digest.district, unit) or OPEN
    return str(unit["rank"]), unit["unit_name"], points(unit["verified_score"]), grade, str(unit["pending"])


def _demands(paper: Paper, digest: Digest, uses: Sequence[str]) -> None:
    """What units must do, a number each: correct by a day, send what is missing, look again, and what follows."""
    number = iter("一二三四五")
    back = [unit for unit in digest.units if unit["status"] == "returned"]
    if back:
        paper.heading(2, f"（{next(number)}）按期更正")
        word = SEVERITY_WORDS["must-fix"]
        total = sum(unit["must_fix"] for unit in back)
        paper.text(
            f"{STATUS_WORDS['returned']}的{len(back)}个单位共有{word}的问题{total}项，请按退回件所列逐项更正，重新报送。",
            *_until(back),
            blank="" if all(map(_day_of, back)) else "没有更正期限的单位何时报送",
        )
        if len(set(map(_day_of, back))) > 1:
            rows = [(unit["unit_name"], str(unit["must_fix"]), _in_words(_day_of(unit)) or "—") for unit in back]
            paper.table(("单位", f"{word}（项）", "更正期限"), rows)
    absent = [unit for unit in digest.owing if unit["status"] in ("missing", "incomplete")]
    if absent:
        paper.heading(2, f"（{next(number)}）补报材料")
        words = [f"{STATUS_WORDS[s]}{sum(unit['status'] == s for unit in absent)}个" for s in ("missing", "incomplete")]
        paper.text(f"{'，'.join(words)}，请尽快补报应报的表。", blank="补报期限")
    asked = sum(row["severity"] == "query" and row["unit_name"] is not None for row in digest.findings)
    if asked:
        paper.heading(2, f"（{next(number)}）核实说明")
        paper.text(f"{SEVERITY_WORDS['query']}的问题{asked}项，请逐项核实：填错的改正，无误的说明原因。")
    paper.heading(2, f"（{next(number)}）结果应用")
    for sentence in uses:
        paper.text(sentence)
    paper.text(blank="结果应用的安排和依据")


def _until(units: Rows) -> Iterable[str]:
    """The day of all where they have one; else that each has its own."""
    days = sorted({day for unit in units if (day := _day_of(unit))})
    if len(days) == 1:
        yield f"更正期限为{_in_words(days[0])}。"
    elif days:
        yield f"更正期限为{_in_words(days[0])}至{_in_words(days[-1])}，各单位的见下表。"


def _day_of(unit: dict[str, Any]) -> date | None:
    day: date | None = unit["result"].correct_by
    return day


def _in_words(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
