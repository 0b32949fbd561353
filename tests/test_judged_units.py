"""One typed result a unit: forms without lines, and the lines packed for whoever writes the unit's workbooks."""

import shutil
from collections.abc import Iterator

import pytest
from many_units import EXAMPLE
from runs import Here

from evalbatch.batch.cached import ResultCache
from evalbatch.batch.judging import Judged, collect, judge_inbox, read_inbox
from evalbatch.campaign.folder import load_campaign
from evalbatch.history.history import History
from evalbatch.model import FormHead, ScoreTotals, SourceFile, Submission
from evalbatch.review.load import load_review
from evalbatch.storage.packing import pack, unpack
from evalbatch.unit import examine, worker
from evalbatch.unit.examine import Dossier
from evalbatch.unit.preparation import setup_of
from evalbatch.xlsx.limits import Limits


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """The worked example, judged."""
    folder = tmp_path_factory.mktemp("批次") / "示例"
    shutil.copytree(EXAMPLE.parent.parent, folder, ignore=shutil.ignore_patterns("output", ".evalbatch", "record"))
    campaign = load_campaign(folder)
    setup = setup_of(campaign)
    review = load_review(campaign.review, setup.campaign_season.year)
    with ResultCache.in_memory(setup) as cache:
        read = read_inbox(Here(), campaign, collect(campaign, setup), setup, lambda *_: None, cache)
        history = History.load(campaign.record)
        yield judge_inbox(Here(), campaign, read, setup, review, lambda *_: None, cache, history)


def test_judged__each_form__has_its_totals_and_gets_its_own_lines_back(district: Judged) -> None:
    """Whose lines they are shows by what else they say: sheet, project, scores."""
    pairs = [pair for unit in district.judged for pair in zip(unit.forms, unpack(unit.packed), strict=True)]
    assert len(pairs) > 15
    for light, form in pairs:
        assert (type(light.submission), type(light.card)) == (FormHead, ScoreTotals)
        assert form.submission.head == light.submission
        assert form.card.totals == light.card
        assert form.card.pending == sum(line.pending for line in form.card.lines)
        assert form.submission.indicators or form.submission.fields or form.submission.budget


def test_judged__each_finding_at_a_cell_of_a_form__says_what_people_call_the_cell(district: Judged) -> None:
    """Nobody has to look a cell up again."""
    placed = [f for unit in district.units for f in unit.findings if f.cell and f.file and f.severity == "must-fix"]
    assert placed
    assert [finding for finding in placed if not finding.places or not finding.field] == []


def test_judge_unit__lines_that_are_broken__are_an_error_of_that_task_alone() -> None:
    """Broken bytes give no other unit's lines, and no empty ones."""
    head = Submission("project", "自评表").head
    source = SourceFile("甲.xlsx", "", 1, None, "xlsx", "workbook")
    with pytest.raises(ValueError, match="decompress"):
        worker.judge_unit(Dossier(None, ((source, head),)), {"甲.xlsx": b"no lines"}, examine.Setup((), None, Limits()))


@pytest.mark.parametrize("value", [Submission("project", "表").head, (1, "甲", None), {"a": b"\x00"}])
def test_packing__of_frozen_values__gives_them_back(value: object) -> None:
    """And of nothing else: a class that is no frozen value of the project can't come back."""
    assert unpack(pack(value)) == value


def test_unpacking__a_class_that_is_no_frozen_value__is_refused() -> None:
    """Whatever the bytes say, nothing else is made or called."""
    with pytest.raises(ValueError, match="evalbatch"):
        unpack(pack(Limits()))
