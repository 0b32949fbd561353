"""The process in the middle has headings of forms, notes of their lines, and the lines themselves in a file."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator

import pytest
from many_units import EXAMPLE
from runs import Here

from evalbatch.batch.judging import collect, judge_inbox, read_inbox
from evalbatch.batch.remembered import Memory
from evalbatch.batch.spool import Spool
from evalbatch.campaign.folder import load_campaign
from evalbatch.model import AWAY, Evaluated, Refused, Submission, UnitResult
from evalbatch.review.load import load_review
from evalbatch.storage.packing import noted, pack, unpack
from evalbatch.unit import examine, worker
from evalbatch.unit.examine import Dossier
from evalbatch.unit.preparation import setup_of


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Evaluated, Evaluated]]]:
    """Every current form of the example as the district has it, and the same with its lines."""
    folder = tmp_path_factory.mktemp("批次") / "示例"
    shutil.copytree(EXAMPLE.parent.parent, folder, ignore=shutil.ignore_patterns("output", ".evalbatch", "record"))
    campaign = load_campaign(folder)
    setup = setup_of(campaign)
    review = load_review(campaign.review, setup.campaign_season.year)
    with Memory.passing(setup) as memory:
        read = read_inbox(Here(), campaign, collect(campaign, setup), setup, lambda *_: None, memory)
        units = judge_inbox(Here(), campaign, read, setup, review, lambda *_: None, memory).units
        yield [pair for unit in units for pair in zip(unit.forms, whole(unit, memory), strict=True)]


def whole(unit: UnitResult, memory: Memory) -> tuple[Evaluated, ...]:
    return worker.whole(unit, *memory.lines_of(unit.forms)).forms


def test_judged__each_form__is_a_heading_and_gets_its_own_lines_back(judged) -> None:  # type: ignore[no-untyped-def]
    """Whose lines they are shows by what else they say: sheet, project, scores."""
    assert len(judged) > 20
    for heading, form in judged:
        assert heading.submission.indicators is AWAY
        assert heading.card.lines is AWAY
        assert form.submission.heading() == heading.submission
        assert form.card.heading() == heading.card
        assert form.card.pending == sum(line.pending for line in form.card.lines)
        assert form.submission.indicators or form.submission.fields or form.submission.budget


@pytest.mark.parametrize("make", [*worker.NOTED, *worker.NOTED_FOR_FINDINGS], ids=lambda make: make.__name__)
def test_judged__what_was_noted_of_a_form__is_what_its_lines_say(make, judged) -> None:  # type: ignore[no-untyped-def]
    """The district asks a heading what it would ask the form."""
    answers = [(noted(heading, make), make(form)) for heading, form in judged if make.__name__ in heading.noted]
    assert len(answers) == len(judged) or make in worker.NOTED_FOR_FINDINGS
    assert [repr(told) for told, _ in answers] == [repr(made) for _, made in answers]
    assert any(told for told, _ in answers)


def test_heading__a_question_that_nothing_was_noted_for__is_an_error_not_an_empty_answer() -> None:
    """Lines that are away are not lines that a form lacks."""
    heading = Submission("project", "自评表").heading()
    assert unpack(pack(heading)).budget is AWAY
    for ask in (list, len, bool, lambda lines: lines[0], lambda lines: "甲" in lines):
        with pytest.raises(LookupError, match="put away"):
            ask(heading.indicators)


def test_judge_unit__lines_that_are_broken__are_an_error_of_that_task_alone() -> None:
    """A spool on a failing disk gives no other unit's lines, and no empty ones."""
    heading = Submission("project", "自评表").heading()
    dossier = Dossier(None, ((None, heading),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="decompress"):
        worker.judge_unit(dossier, [worker.Lines(b"no lines", 0)], examine.Setup((), None, examine.Limits()))


def test_spool__what_was_put__comes_back_in_any_order() -> None:
    """Empty bytes are bytes too; putting goes on at the end after getting."""
    spool = Spool()
    first, empty = spool.put(b"one"), spool.put(b"")
    assert spool.get(first) == b"one"
    last = spool.put(b"three")
    assert [spool.get(place) for place in (last, empty, first)] == [b"three", b"", b"one"]
    spool.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_spool__the_disk_takes_no_more__is_said_with_the_folder() -> None:
    """Nobody has seen that file: the message says where it lies; what was put before can still be had."""
    import resource

    spool, before = Spool(), resource.getrlimit(resource.RLIMIT_FSIZE)
    place = spool.put(b"one")
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(Refused, match=f"系统临时文件夹“{tempfile.gettempdir()}”写不进去") as refused:
            spool.put(b"x" * 5000)
        assert refused.value.remedy
        assert spool.get(place) == b"one"
        spool.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
