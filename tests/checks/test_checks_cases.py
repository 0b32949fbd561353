"""Every check with its wrong forms, found at their cells, and its right forms, left in peace (tests/checks/cases)."""

import pytest
from checks.form_tables import CASES, SCHEME, Case, cases_of

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.findings import settle
from evalbatch.checks.unit import check_unit

ALL = [case for path in sorted(CASES.glob("*.md")) for case in cases_of(path)]


def found_in(case: Case) -> list[str]:
    """The cells of this code's findings, with their sheet where there are several forms."""
    findings = settle(check_unit(case.unit, case.forms, SCHEME, case.season), SCHEME)
    many = len({form.submission.sheet for form in case.forms}) > 1 or "!" in "".join(case.cells)
    return [f"{f.sheet}!{f.cell}" if many and f.cell else f.cell or "-" for f in findings if f.code == case.code]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.side}-{case.name}")
def test_case(case):
    """A wrong form is found at its cell; a right form is left in peace."""
    assert found_in(case) == (list(case.cells) if case.side == "wrong" else [])


@pytest.mark.parametrize("code", [code for code, rule in CATALOGUE.items() if rule.check is not None])
def test_every_check_has_both_sides(code):
    """No check enters the catalogue without a wrong and a right form."""
    assert {case.side for case in ALL if case.code == code} == {"wrong", "right"}
