"""Whole forms: one in order is left in peace, and the seed's unit gets what a careful clerk sees."""

from dataclasses import replace
from pathlib import Path

from checks.form_tables import SCHEME, from_text

from evalbatch.checks.findings import settle
from evalbatch.checks.unit import check_unit

FORMS = Path(__file__).parent / "forms"
IN_ORDER = (FORMS / "in_order.md").read_text("utf-8")

SEED = (FORMS / "seed.md").read_text("utf-8")


def said(text, form="project"):
    """What settles for one form by itself: code and cell."""
    return [(f.code, f.cell) for f in settle(check_unit(None, [from_text(text, form)], SCHEME, None), SCHEME)]


def test_a_form_in_order__is_left_in_peace():
    """A right cell is never called wrong: only that a target was missed, with its reason, is told."""
    assert said(IN_ORDER) == [("A10", "E16")]


def test_a_form_in_order_in_yuan__speaks_in_yuan():
    """Amounts in messages stand in the form's own measure."""
    form = from_text(IN_ORDER.replace("| 97.21% |", "|  |").replace("| 125.92 |", "| 120.92 |"))
    in_yuan = replace(form, submission=replace(form.submission, money_measure="元"))
    found = [f for f in check_unit(None, [in_yuan], SCHEME, None) if f.code == "M01"]
    assert [f.expected for f in found] == ["1299200"]
    assert "1209200+90000=1299200元" in found[0].message


def test_the_seeds_form__gets_what_a_careful_clerk_sees():
    """The meeting count is missing, 优良 is no grade, two figures are approximate but prove the target met."""
    found = said(SEED, "whole-unit")
    assert ("A02", "E7") in found
    assert ("S10", "B12") in found
    assert ("A05", "E8") in found
    assert {code for code, _ in found if code in ("A06", "S08", "M02", "S03")} == set()


def test_one_bad_cell__gets_one_finding():
    """An error in the actual silences everything that hangs on it."""
    found = said(IN_ORDER.replace("| 10场 | 15 | 15 |", "| #REF! | 15 | 15 |"))
    assert [code for code, cell in found if cell in ("E11", "G11", "H11")] == []


def test_a_blank_actual__gets_one_finding():
    """A blank cell gets one finding, not five."""
    found = said(IN_ORDER.replace("| 1900人 | 15 | 14.25 | 两家企业推迟到下年建会 |", "|  | 15 | 15 |  |"))
    assert [(code, cell) for code, cell in found if code not in ("S03",)] == [("A01", "E16")]


def test_amounts_in_the_wrong_unit__silence_what_follows_from_them():
    """元 typed for 万元 is one cause: neither sum, rate nor score speaks of it too."""
    found = said(IN_ORDER.replace("| 134.92 |", "| 1349200 |"))
    assert found == [("M06", "D6"), ("A10", "E16")]
