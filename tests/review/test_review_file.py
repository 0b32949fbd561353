"""review.xlsx as a file: open elsewhere, saved by another program, changed while a run goes on."""

import os
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from review.review_clerk import SCORE, Desk
from review.review_made import UNIT, drafted, result_of, roster

from evalbatch.model import Refused
from evalbatch.review.entries import share_of
from evalbatch.review.load import FILE_NAME, Review, load_review
from evalbatch.review.write import ReviewOutcome, draft_review, write_review

pytestmark = pytest.mark.command

FIRST = {"指标": "满意度1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A review.xlsx of one unit with three pending lines."""
    target = tmp_path / FILE_NAME
    assert write(target).written
    return target


def write(path: Path, review: Review | None = None, actuals: tuple[str, ...] = ("好", "较好", "一般")) -> ReviewOutcome:
    review = load_review(path, 2023) if review is None else review
    return write_review(path, drafted(review, result_of(actuals)), path.parent / "record")


def fill(path: Path, score: object = 8, where: dict[str, object] = FIRST) -> None:
    desk = Desk(path)
    desk.type(SCORE, where, 复核得分=score, 复核人="张三", 复核日期=date(2024, 6, 3))
    desk.save()


def filled(path: Path) -> list[object]:
    return [row["复核得分"] for row in Desk(path).rows() if row["复核人"]]


def decided(path: Path) -> list[Decimal | None]:
    share = share_of(load_review(path, 2023), UNIT)
    return [d.score for form in share.decisions(result_of(("好", "较好", "一般")).forms) for d in form.values()]


@pytest.mark.parametrize("lock", ["~$review.xlsx", ".~lock.review.xlsx#", ".~review.xlsx"])
def test_write__file_open_elsewhere__leaves_it_and_says_so(path: Path, lock: str) -> None:
    """What is saved so far is read; nothing is written under the clerk's hands; the note names the lock."""
    fill(path)
    before = path.read_bytes()
    (path.parent / lock).touch()
    outcome = write(path)
    assert not outcome.written
    assert lock in outcome.notes[0]
    assert path.read_bytes() == before
    assert decided(path) == [8]
    (path.parent / lock).unlink()
    assert write(path).written
    assert filled(path) == [8]


def test_write__file_that_cannot_be_replaced__leaves_it_and_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file that a program holds open."""

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "拒绝访问")

    fill(path)
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", refuse)
    outcome = write(path)
    assert (outcome.written, "写不进去" in outcome.notes[0]) == (False, True)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir() if p.is_file()) == [FILE_NAME]


def test_write__file_saved_meanwhile__takes_in_what_was_typed(path: Path) -> None:
    """An entry saved between reading and writing is in the file afterwards, and said to count from the next run."""
    review = load_review(path, 2023)
    fill(path)
    assert write(path, review).written
    (row,) = [row for row in Desk(path).rows() if row["复核人"]]
    assert (row["复核得分"], row["状态"]) == (8, "已收到，下次运行时采用")
    assert decided(path) == [8]


def test_write__file_moved_away_meanwhile__is_written_anew_with_its_entries(path: Path) -> None:
    """What was read is not lost because the file vanished during the run."""
    fill(path)
    review = load_review(path, 2023)
    path.unlink()
    assert write(path, review).written
    assert filled(path) == [8]


def test_write__a_copy_that_a_person_saved__is_put_by_before_it_is_replaced(path: Path) -> None:
    """Comments, colours and formulas of the clerk are in the copy, whatever we can't carry over."""
    fill(path)
    before = path.read_bytes()
    assert write(path).written
    (kept,) = (path.parent / "record" / "review").iterdir()
    assert kept.read_bytes() == before
    assert write(path, actuals=("差", "较好", "一般")).written
    assert len(list((path.parent / "record" / "review").iterdir())) == 1, "our own copies are not put by"


def test_write__only_the_look_changed__keeps_the_clerks_file(path: Path) -> None:
    """Sorted rows, widths and colours stay as long as there is nothing new to say."""
    desk = Desk(path)
    desk.sort(SCORE, lambda row: str(row["指标"])[::-1])
    desk.sheet(SCORE).column_dimensions["A"].width = 50
    desk.save()
    before = path.read_bytes()
    assert not write(path).written
    assert path.read_bytes() == before


def test_write__nothing_to_decide_and_no_file__makes_none(tmp_path: Path) -> None:
    """An empty queue needs no workbook."""
    outcome = write_review(tmp_path / FILE_NAME, draft_review(Review(2023), [], [], [], roster()))
    assert (outcome.written, list(tmp_path.iterdir())) == (False, [])


def test_formula__without_a_result__is_not_written_over(path: Path) -> None:
    """A program that stores no results must not cost the clerk the formula."""
    fill(path, "=5+3")
    before = path.read_bytes()
    outcome = write(path)
    assert "是公式而没有保存结果" in outcome.notes[0]
    assert path.read_bytes() == before
    assert decided(path) == []


def test_load__no_file__is_empty(tmp_path: Path) -> None:
    """Before the first run nobody decided anything."""
    assert load_review(tmp_path / FILE_NAME, 2023) == Review(2023)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", "单位,得分".encode()])
def test_load__file_that_is_no_workbook__is_refused(path: Path, content: bytes) -> None:
    """A broken file is named with its remedy, and never replaced by an empty one."""
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        load_review(path, 2023)
    assert refused.value.message.startswith("review.xlsx 打不开")
    outcome = write(path, Review(2023))
    assert (outcome.written, path.read_bytes()) == (False, content)


def test_text__that_looks_like_a_formula__stays_text(path: Path) -> None:
    """What units and clerks write never runs."""
    desk = Desk(path)
    desk.type(SCORE, FIRST, 复核得分=8, 复核人="张三")
    cell = desk.sheet(SCORE).cell(desk.row(SCORE, **FIRST), desk.titles(SCORE).index("意见") + 1)
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    desk.save()
    assert write(path, actuals=("=1+1", "较好", "一般")).written
    with ZipFile(path) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets/sheet" in name)
    assert Desk(path).rows()[0]["意见"] == "=HYPERLINK(1)"


@pytest.mark.render
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_file__saved_by_libreoffice__is_read_as_it_is(path: Path, tmp_path: Path, kind: str) -> None:
    """Another program's way of writing the same file changes no decision, and makes no row stale."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    fill(path)
    assert write(path).written
    fill(path, "9.5分", {"指标": "满意度2"})
    _resave(office, path, tmp_path, kind)
    assert sorted(decided(path)) == [8, Decimal("9.5")]
    assert write(path).written
    assert filled(path) == [8, "9.5分"]
    assert load_workbook(path)[SCORE].freeze_panes == "E4"
    assert not write(path).written


def _resave(office: str, path: Path, folder: Path, kind: str) -> None:
    out = folder / "saved"
    profile = f"-env:UserInstallation=file://{os.environ.get('TMPDIR', '/tmp')}/evalbatch_lo_review"
    target = "xlsx:Calc MS Excel 2007 XML" if kind == "xlsx" else "ods"
    command = [office, profile, "--headless", "--convert-to", target, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.copy(out / f"review.{kind}", path)
