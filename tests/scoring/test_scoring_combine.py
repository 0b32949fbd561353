"""A unit's scores: from its whole-unit form, else its score form, else its projects by money."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from scoring.scoring_tables import indicator, money, submission

from evalbatch.model import Cell, Evaluated, SourceFile
from evalbatch.scoring.combine import UnitScore, combine
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

D = Decimal
SCHEME = load_scheme(None)
SOURCE = SourceFile("甲/表.xlsx", "0" * 64, 1, datetime(2024, 5, 30), "xlsx", "workbook")


def evaluated(form: str, points: str, budget: str = "100", own: str = "95"):
    """A form whose one indicator of 100 points reached so many per cent, with its money."""
    row = {"指标": "数量", "目标": "≥100个", "完成": f"{points}个", "分值": "100", "自评": own}
    rows = [money(budget, budget, budget, weight="none", score="none")]
    filled = replace(submission(form=form, budget=rows), indicators=(indicator(row),), total_score=D(own))
    return Evaluated(SOURCE, filled, score(filled, SCHEME))


def test_unit__with_a_whole_unit_form__has_its_scores():
    """Projects don't count beside the unit's own form."""
    forms = [evaluated("project", "50"), evaluated("whole-unit", "85")]
    assert combine(forms, SCHEME) == UnitScore("whole-unit", D(95), D("85.00"), "优", "良", 0, D("85.00"))


def test_unit__with_projects_only__has_their_mean_by_money():
    """90×300 and 70×100 make 85, the plain mean would be 80; the project without money weighs nothing."""
    forms = [evaluated("project", "90", "300"), evaluated("project", "70", "100", "75"), evaluated("project", "0", "0")]
    found = combine(forms, SCHEME)
    assert (found.scored_by, found.verified_score, found.verified_grade) == ("projects", D("85.00"), "良")
    assert found.self_score == D("90.00")


def test_unit__projects_without_any_money__have_the_plain_mean():
    """No budget at all is no reason for no score."""
    assert combine([evaluated("project", "90", "0"), evaluated("project", "71", "0")], SCHEME).verified_score == D(
        "80.50"
    )


def test_unit__without_scored_forms__has_no_score_but_its_pending_lines():
    """A score form counts only where it can be scored; nothing is 0 by default."""
    blank = submission(form="data")
    assert combine([Evaluated(SOURCE, blank, score(blank, SCHEME))], SCHEME) == UnitScore()


def test_unit__score_form_in_place_of_the_whole_unit_form__pending_of_all_forms():
    """The score form's one strange indicator waits for a person."""
    found = combine([evaluated("score", "80"), evaluated("project", "60")], SCHEME)
    assert (found.scored_by, found.verified_score, found.pending) == ("score", D("80.00"), 1)
    assert (found.lowest, found.highest) == (D("0.00"), D("100.00"))


def test_unit__whole_unit_form_without_its_compulsory_cells__no_verified_score():
    """An unfilled form gives way to no other form, and is never a verified 0."""
    whole = evaluated("whole-unit", "85")
    head = {"indicators": Cell("表", 14, 3, "指标1：")}
    bare = replace(whole.submission, indicators=(), budget=(money("100", "100", "90", score="9"),), cells=head)
    found = combine([replace(whole, submission=bare, card=score(bare, SCHEME)), evaluated("score", "80")], SCHEME)
    assert (found.scored_by, found.verified_score, found.verified_grade) == ("whole-unit", None, None)
