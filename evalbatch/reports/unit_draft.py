"""A unit's result in, the draft of its 整体绩效自评报告 out, with the sections that districts ask for."""

from collections.abc import Sequence

from evalbatch.model import Evaluated, Money, ScoredLine, Season, UnitResult
from evalbatch.reports.draft_figures import Facts, amount, day, facts_of, percent, points
from evalbatch.reports.draft_paper import Paper, to_fill

_VERDICTS = {
    "met": "已完成",
    "exceeded": "超额完成",
    "not-met": "未完成",
    "unanswered": "完成情况填报不全",
    "cannot-tell": "待人工判断",
}


def unit_report(result: UnitResult, forms: Sequence[Evaluated], season: Season) -> Paper:
    """Write the report of one unit; `forms` are those of its result, with their lines."""
    facts, paper = facts_of(result, forms), Paper("整体绩效自评报告")
    paper.line(f"评价年度：{season.year}年度")
    paper.line(f"评价单位：{result.unit.name}")
    paper.line("区级预算部门单位（公章）：")
    paper.line(f"填报日期：{day(facts.filled_on) if facts.filled_on else '　　　　年　　月　　日'}")
    notice = to_fill("绩效自评工作通知的名称和文号")
    paper.text(f"根据{notice}要求，现将{season.year}年度{result.unit.name}整体绩效自我评价情况报告如下：")
    _unit(paper, facts, season)
    _work(paper, facts)
    _results(paper, facts, season)
    paper.heading(1, "四、其他自评情况")
    paper.text(blank="其他需要说明的情况；没有的，写“无”")
    return paper


def _unit(paper: Paper, facts: Facts, season: Season) -> None:
    paper.heading(1, "一、单位基本情况")
    paper.heading(2, "（一）单位机构设置、部门职能情况")
    people = [f"{entry.name}{entry.number:f}人" for entry in facts.fields if entry.measure == "人" and entry.number]
    paper.text("，".join(people) and "，".join(people) + "。", blank="机构设置、下属单位和主要职能")
    paper.heading(2, "（二）年度总体工作和重点工作任务")
    goal = facts.whole.submission.goal if facts.whole else None
    paper.text(goal, blank="" if goal else "年度总体工作和重点工作任务")
    names = "；".join(name for name, _ in facts.projects)
    paper.text(names and f"重点项目：{names}。")
    paper.heading(2, "（三）部门整体支出绩效目标")
    for number, target in enumerate(facts.targets, 1):
        paper.text(f"{number}．{_named(target.indicator.name, target.indicator.target or '')}")
    paper.text(blank="" if facts.targets else "年初批复的绩效目标")
    paper.heading(2, "（四）部门整体支出情况")
    _spending(paper, facts, season)


def _named(name: str, said: str) -> str:
    return f"{name}：{said.rstrip('。；')}。" if name and name != said else f"{said.rstrip('。；')}。"


def _spending(paper: Paper, facts: Facts, season: Season) -> None:
    said = _money_words(facts.money)
    doubtful = facts.money.source == "doubtful"
    reason = "预算数、决算数和执行率（表中金额单位有疑问，更正后填写）" if doubtful else "预算数、决算数和执行率"
    paper.text(said and f"{season.year}年度部门整体支出{said}。", blank="" if said else reason)


def _money_words(money: Money) -> str:
    words = []
    if money.adjusted is not None:
        words.append(f"预算{amount(money.adjusted)}")
    if money.executed is not None:
        words.append(f"决算{amount(money.executed)}")
    if money.rate is not None:
        words.append(f"完成预算{percent(money.rate)}")
    return "，".join(words)


def _work(paper: Paper, facts: Facts) -> None:
    paper.heading(1, "二、自评工作开展情况")
    paper.heading(2, "（一）评价小组情况")
    paper.text(blank="评价小组的组成和分工")
    paper.heading(2, "（二）自评工作过程")
    paper.text(blank="布置、填报、核对和审定的过程")
    paper.heading(2, "（三）自评材料报送时间及质量")
    filled = f"自评表格的填报日期为{day(facts.filled_on)}。" if facts.filled_on else ""
    paper.text(filled, blank="报送时间，对材料真实性、完整性的说明")
    paper.heading(2, "（四）自评材料报送及公开一致情况")
    paper.text(blank="报送的与公开的报告、数据表、评分表是否一致")


def _results(paper: Paper, facts: Facts, season: Season) -> None:
    paper.heading(1, "三、绩效自评情况")
    paper.heading(2, "（一）自评结果")
    done = facts.whole.submission.goal_actual if facts.whole else None
    paper.text(done)
    _scores(paper, facts.result)
    paper.heading(2, "（二）部门整体支出绩效指标分析")
    paper.heading(3, "1．预算编制情况")
    pairs = [(word, facts.number(f"{word}预算")) for word in ("收入", "支出")]
    planned = "，".join(f"整体{word}预算{amount(number)}" for word, number in pairs if number is not None)
    if not planned and facts.money.adjusted is not None:
        planned = f"整体支出预算{amount(facts.money.adjusted)}"
    paper.text(planned and f"{season.year}年{planned}。")
    _dimension(paper, facts, "预算编制")
    paper.heading(3, "2．预算执行情况")
    _execution(paper, facts, season)
    _dimension(paper, facts, "预算执行")
    paper.heading(3, "3．预算监督情况")
    _dimension(paper, facts, "预算监督")
    paper.heading(3, "4．预算使用效益")
    for number, target in enumerate(facts.targets, 1):
        row, judged = target.indicator, target.line.judgement if target.line else None
        verdict = f"，{_VERDICTS[judged.verdict]}" if judged else ""
        actual = f"实际完成情况为“{row.actual}”" if row.actual else "没有填写实际完成情况"
        paper.text(f"（{number}）{row.name}：目标为“{row.target}”，{actual}{verdict}。")
    _dimension(paper, facts, "预算使用效益", needed=not facts.targets)
    _problems(paper, facts)


def _scores(paper: Paper, result: UnitResult) -> None:
    if result.self_score is None:
        paper.text(blank="自评得分和等级")
        return
    written = next((f.submission.grade for f in result.forms if f.submission.kind == result.scored_by), None)
    grade = f"，等级{written or result.self_grade}" if written or result.self_grade else ""
    said = f"自评分数{points(result.self_score)}{grade}。"
    if result.verified_score is not None:
        checked = f"按评分方案复核，得分{points(result.verified_score)}"
        checked += f"，等级{result.verified_grade}" if result.verified_grade else ""
        said += checked + (f"；其中{_waiting(result)}。" if result.pending else "。")
    paper.text(said)


def _waiting(result: UnitResult) -> str:
    """How many lines wait for a person, and between what the total then lies."""
    if result.lowest is None or result.highest is None:
        return f"{result.pending}项待人工核定"
    return f"{result.pending}项待人工核定，核定后在{points(result.lowest)}至{points(result.highest)}之间"


def _execution(paper: Paper, facts: Facts, season: Season) -> None:
    income = Money(None, facts.number("收入预算"), facts.number("收入决算"))
    parts = []
    if income.executed is not None:
        rate = f"，完成预算{percent(income.rate)}" if income.rate is not None else ""
        parts.append(f"整体收入决算{amount(income.executed)}{rate}")
    if facts.money.executed is not None:
        rate = f"，完成预算{percent(facts.money.rate)}" if facts.money.rate is not None else ""
        parts.append(f"整体支出决算{amount(facts.money.executed)}{rate}")
    paper.text((parts and f"{season.year}年{'；'.join(parts)}。") or "", blank="" if parts else "收入、支出决算")
    spent = [
        f"（{number}）{name}{amount(money.executed)}"
        for number, (name, money) in enumerate(facts.projects, 1)
        if money.executed is not None
    ]
    paper.text((spent and f"重点项目支出如下：{'；'.join(spent)}。") or "")


def _dimension(paper: Paper, facts: Facts, title: str, *, needed: bool = True) -> None:
    """Tell how the unit's score form rates one dimension, its grounds as written; a blank where it says nothing."""
    said = []
    if facts.score is not None:
        rows = facts.score.submission.indicators
        said = [
            _rated(line, rows[line.index].basis)
            for line in facts.score.card.lines
            if line.kind == "indicator" and title in (line.level1 or "")
        ]
    for text in said:
        paper.text(text)
    if not said and needed:
        paper.text(blank=f"{title}的基本情况")


def _rated(line: ScoredLine, basis: str | None) -> str:
    own = f"自评{points(line.self_score)}" if line.self_score is not None else "没有填写自评得分"
    full = f"（分值{points(line.weight)}）" if line.weight is not None else ""
    return f"{line.name}：{own}{full}{'。' if not basis else '，' + basis.rstrip('。') + '。'}"


def _problems(paper: Paper, facts: Facts) -> None:
    """List what was missed and why, as the forms have it; the rest is the unit's to write."""
    missed = [t for t in facts.targets if t.line and t.line.judgement and t.line.judgement.verdict == "not-met"]
    open_ends = [t for t in facts.targets if t.line and t.line.judgement and t.line.judgement.verdict == "unanswered"]
    paper.heading(2, "（三）部门整体支出绩效管理存在问题")
    for target in missed:
        paper.text(
            f"“{target.indicator.name}”没有完成：目标为“{target.indicator.target}”，实际为“{target.indicator.actual}”。"
        )
    for target in open_ends:
        paper.text(f"“{target.indicator.name}”的完成情况没有逐项填报。", blank="没有填报的部分")
    paper.text(blank="预算执行和绩效管理中的其他问题")
    paper.heading(2, "（四）改进措施")
    for target in missed:
        if target.indicator.reason:
            paper.text(f"“{target.indicator.name}”的偏差原因及改进措施：{target.indicator.reason.rstrip('。')}。")
    paper.text(blank="下一步的改进措施")
