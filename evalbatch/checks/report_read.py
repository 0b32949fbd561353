"""A report's bytes in, ReportFacts out; whatever is no self-evaluation report of a whole unit states nothing."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from evalbatch.checks.report_facts import Mention, ReportFacts, flat
from evalbatch.checks.report_figures import figures_in
from evalbatch.checks.report_points import grades_in, scores_in
from evalbatch.intake.inbox import load
from evalbatch.model import Refused, SourceFile
from evalbatch.reading.word_document import lines_of
from evalbatch.xlsx.limits import Limits

_TITLE_LINES = 20
_LONGEST_HEADING = 24
_LONGEST_TITLE = 60
_LONGEST_SENTENCE = 500
"""What is longer is no sentence that people wrote, and patterns would search it for minutes."""
_REPORT = re.compile(r"报告(?:[(].{0,60}[)])?$")
_ABOUT = re.compile(r"绩效|自评")
_PROJECT = re.compile(r"项目|专项|政策|转移支付")
_END = re.compile(r"[。；;!！?？]")


def read_report(folder: Path, source: SourceFile, limits: Limits) -> ReportFacts:
    """Return what a unit's .docx states; nothing for another kind of file, or one that can't be read.

    An attachment is nobody's duty: a broken one is no finding, its figures are just not there.
    """
    if source.kind != "docx":
        return ReportFacts()
    try:
        return facts_of_text(lines_of(load(folder, source, limits), limits))
    except Refused:
        return ReportFacts()


def facts_of_text(lines: Sequence[str]) -> ReportFacts:
    """Find the whole unit's figures in a report's lines.

    >>> facts = facts_of_text(["部门整体支出绩效自评报告", "自评得分为95.5分，评价等级为“优”。"])
    >>> facts.score[0].value, facts.grade[0].value, facts.score[0].sentence
    (Decimal('95.5'), '优', '自评得分为95.5分，评价等级为“优”')
    >>> facts_of_text(["会议通知", "自评得分为95.5分。"])
    ReportFacts(score=(), grade=(), initial=(), adjusted=(), budget=(), executed=(), rate=())
    """
    if not _of_whole_unit([flat(line) for line in lines if line.strip()][:_TITLE_LINES]):
        return ReportFacts()
    found: dict[str, list[Mention]] = {}
    heading = ""
    for line in lines:
        sentences = [part.strip() for part in _END.split(line) if 0 < len(part.strip()) <= _LONGEST_SENTENCE]
        for fact, mention in figures_in(sentences, heading):
            found.setdefault(fact, []).append(mention)
        for sentence in sentences:
            found.setdefault("score", []).extend(scores_in(sentence, heading))
            found.setdefault("grade", []).extend(grades_in(sentence, heading))
            heading = flat(sentence) if len(sentence) <= _LONGEST_HEADING else ""
    return ReportFacts(**{name: tuple(mentions) for name, mentions in found.items()})


def _of_whole_unit(head: Iterable[str]) -> bool:
    """Whether a document is entitled a self-evaluation report, and not one project's; a title may take two lines."""
    above = ""
    for line in head:
        title = above + line
        if _REPORT.search(line) and len(line) <= _LONGEST_TITLE:
            return bool(_ABOUT.search(title)) and (not _PROJECT.search(title) or "整体" in title)
        above = line
    return False
