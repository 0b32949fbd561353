"""A report as .docx against the workbook beside it: nothing to say where they agree, X05 where they do not."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from report_text.docx_writer import docx, table, text_box

from evalbatch.checks.report_check import check_report
from evalbatch.checks.report_facts import ReportFacts
from evalbatch.checks.report_read import facts_of_text, read_report
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import source_of
from evalbatch.model import SourceFile, Submission
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook
from evalbatch.reading.word_document import lines_of
from evalbatch.scoring.workbook import load_scheme
from evalbatch.storage.shipped import example
from evalbatch.xlsx.limits import Limits

LINES = (Path(__file__).parent / "seed_report.txt").read_text(encoding="utf-8").splitlines()
WORKBOOK = "湛江市麻章区总工会本级/2023年度整体绩效自评.xlsx"
SCHEME = load_scheme(None)
LIMITS = Limits()
SOURCE = SourceFile(WORKBOOK, "0" * 64, 1000, datetime(2024, 5, 30), "xlsx", "workbook")
CHANGES = """
自评分数96分 -> 自评分数95分 | H41 | 自评得分 | 95分
等级优良 -> 等级良 | H42 | 等级 | 良
138.79万元 -> 139.79万元 | E7 | 预算数 | 139.79万元
134.92万元 -> 134.29万元 | F7 | 全年执行数 | 134.29万元
97.21% -> 96.21% | H7 | 执行率 | 96.21%
"""


@pytest.fixture(scope="module")
def forms() -> list[tuple[SourceFile, Submission]]:
    reading = read_workbook((example() / "inbox" / WORKBOOK).read_bytes(), load_lexicon(form_paths(None)))
    return [(SOURCE, submission) for submission in reading.submissions]


def facts_in(path: Path) -> ReportFacts:
    return read_report(path.parent, source_of(path, LIMITS), LIMITS)


def test_report__the_seed_beside_its_workbook__agrees(tmp_path: Path, forms: list) -> None:
    """Score, grade, budget, executed and rate are all stated, and all as in the forms."""
    facts = facts_in(docx(tmp_path / "自评报告.docx", *LINES))
    assert all((facts.score, facts.grade, facts.budget, facts.executed, facts.rate))
    assert check_report(facts, forms, SCHEME) == ()


@pytest.mark.parametrize("case", CHANGES.strip().splitlines())
def test_report__one_figure_changed_throughout__is_found(tmp_path: Path, forms: list, case: str) -> None:
    """X05 at the form's cell, with both values, and the sentence that the report has it in."""
    change, cell, name, said = (part.strip() for part in case.split(" | "))
    old, new = change.split(" -> ")
    lines = [line.replace(" ", "").replace(old, new) for line in LINES]
    [finding] = check_report(facts_in(docx(tmp_path / "自评报告.docx", *lines)), forms, SCHEME)
    assert (finding.code, finding.severity, finding.file, finding.cell) == ("X05", "query", WORKBOOK, cell)
    assert f"自评报告写的{name}是“{said}”" in finding.message
    assert finding.expected is None  # whether report or form is right, the unit must say
    assert said in finding.message.split("报告原句：")[1]
    assert f"表上填的是“{finding.value}”" in finding.message
    assert all(len(sentence) <= 80 for sentence in finding.message.split("。"))


def test_report__mentions_that_differ__are_said_not_guessed(tmp_path: Path, forms: list) -> None:
    """One of two mentions is right; which one counts is for people to say."""
    lines = [*LINES, "四、结论", "综上，我单位自评得分95.5分。"]
    [finding] = check_report(facts_in(docx(tmp_path / "自评报告.docx", *lines)), forms, SCHEME)
    assert finding.cell == "H41"
    assert "前后不一：“96分”“95.5分”" in finding.message
    assert "我单位自评得分95.5分" in finding.message


@pytest.mark.parametrize("said", ["预算138.8万元", "预算139万元", "预算1387900元", "预算0.0139亿元"])
def test_report__rounded_or_in_another_measure__agrees(forms: list, said: str) -> None:
    """Prose rounds, and counts in 元 or 亿元."""
    facts = facts_of_text(["部门整体支出绩效自评报告", f"2023年我单位整体支出{said}。"])
    assert facts.budget
    assert check_report(facts, forms, SCHEME) == ()


def test_report__points__are_never_taken_for_rounded(forms: list) -> None:
    """96 is not 96.4."""
    facts = facts_of_text(["整体绩效自评报告", "自评得分96.4分。"])
    assert [found.cell for found in check_report(facts, forms, SCHEME)] == ["H41"]


def test_report__without_a_whole_unit_form__is_held_against_score_and_data_form(forms: list) -> None:
    """The score form has the score, the data form the money."""
    others = [form for form in forms if form[1].form != "whole-unit"]
    facts = facts_of_text(["整体绩效自评报告", "整体支出决算130万元。自评得分90分。"])
    found = [(finding.sheet, finding.cell) for finding in check_report(facts, others, SCHEME)]
    assert found == [("部门整体支出绩效评分表", "F31"), ("部门整体支出数据表", "F9")]
    assert check_report(facts, [], SCHEME) == ()


def test_docx__tables_and_text_boxes__are_read_once(tmp_path: Path) -> None:
    """A row of a table is one line; a text box is written twice in the file and read once."""
    path = docx(
        tmp_path / "自评报告.docx",
        text_box("部门整体支出绩效自评报告"),
        table([["自评得分", "96", "评价等级", "优"], ["整体支出决算", "134.92万元", "", ""]]),
    )
    assert lines_of(path.read_bytes(), LIMITS) == (
        "部门整体支出绩效自评报告",
        "自评得分|96|评价等级|优",
        "整体支出决算|134.92万元||",
    )
    facts = facts_in(path)
    assert [mention.text for fact in (facts.score, facts.grade, facts.executed) for mention in fact] == [
        "96分",
        "优",
        "134.92万元",
    ]


ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def test_docx__hostile_or_broken__states_nothing(tmp_path: Path) -> None:
    """An attachment is nobody's duty: what can't be read safely is left alone, within the limits."""
    entity = docx(tmp_path / "一.docx", *LINES, before=ENTITY)
    cut = tmp_path / "二.docx"
    cut.write_bytes(docx(tmp_path / "三.docx", *LINES).read_bytes()[:-200])
    bomb = tmp_path / "四.docx"
    docx(bomb, *LINES)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/a.xml", b"0" * 60_000_000)
    deep = docx(tmp_path / "五.docx", "<w:p>" * 50_000)
    for path in (entity, cut, bomb, deep):
        assert facts_in(path) == ReportFacts(), path.name


def test_docx__other_attachments__state_nothing(tmp_path: Path) -> None:
    """Only a .docx is read."""
    path = tmp_path / "报告.txt"
    path.write_text("整体绩效自评报告\n自评得分90分。", encoding="utf-8")
    assert facts_in(path) == ReportFacts()
