"""The catalogue against the agreed list, the guide's page against the catalogue."""

import csv
from pathlib import Path

import pytest

from evalbatch.checks.catalogue import CATALOGUE, SILENCES
from evalbatch.checks.page import catalogue_page, explain, explain_all

AGREED = list(csv.DictReader((Path(__file__).parent / "catalogue.tsv").open(encoding="utf-8"), delimiter="\t"))
PAGE = Path(__file__).parents[2] / "docs" / "zh" / "catalogue.md"


@pytest.mark.parametrize("agreed", AGREED, ids=lambda row: row["code"])
def test_catalogue__has_every_agreed_code_with_its_title_and_severity(agreed):
    """Codes, severities and titles are promises."""
    rule = CATALOGUE[agreed["code"]]
    assert (rule.title, rule.severity) == (agreed["title"], agreed["severity"])


def test_catalogue__more_than_agreed__is_query_or_note():
    """What was added since never sends a form back."""
    added = CATALOGUE.keys() - {row["code"] for row in AGREED}
    assert {CATALOGUE[code].severity for code in added} <= {"query", "note"}


def test_catalogue__is_in_code_order():
    """Files, units, money, targets, actuals, scores, across; then by number."""
    assert list(CATALOGUE) == sorted(CATALOGUE, key=lambda code: ("FUMTASX".index(code[0]), code))


def test_silences__name_known_codes_only():
    """A typing mistake in the table would let two findings speak of one cause."""
    named = {*SILENCES, *(code for silenced in SILENCES.values() for code in silenced)}
    assert named <= CATALOGUE.keys()
    assert all(code not in silenced for code, silenced in SILENCES.items())


def test_page__is_what_the_rules_say():
    """Make it again with: python -m evalbatch.checks > docs/zh/catalogue.md."""
    assert PAGE.read_text("utf-8") == catalogue_page()


def test_explain__says_everything_about_one_rule():
    """Meaning, both examples, what to do; and the list has a line for each rule."""
    text = explain(CATALOGUE["M02"])
    assert text.startswith("M02 执行率与金额不符（必须更正）")
    assert all(heading in text for heading in ("说明：", "错例：", "正例：", "整改："))
    assert len(explain_all().splitlines()) == len(CATALOGUE)
