"""Whatever nobody expected, raised at each stage of a run: it costs that unit, sheet or letter, and is said."""

import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pytest
from campaign_folder import workbook
from many_units import many_units, unit_name
from openpyxl import load_workbook
from robustness.attacked import attacked, changed
from runs import Here, bytes_of

from evalbatch.batch import earlier_years, joining, run
from evalbatch.batch.run import Outcome, run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.checks import district
from evalbatch.cli.main import main
from evalbatch.history.history import History
from evalbatch.mail import letters, preview
from evalbatch.mail.letters import letters_of
from evalbatch.mail.mailing import Mailing
from evalbatch.summary import overview, proof
from evalbatch.summary import workbook as summary
from evalbatch.summary.charts import SHEET as CHARTS
from evalbatch.summary.grid import OVERVIEW
from evalbatch.tables import frames
from evalbatch.tables.rows import TABLES
from evalbatch.unit import attribution, examine, worker

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command


class Panic(BaseException):
    """What a library written in Rust raises: no Exception at all."""


CAUSES = (ValueError("NaN/INF not supported"), MemoryError(), RecursionError("too deep"), Panic("index out of bounds"))


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of three units, of which the second has something to correct."""
    monkeypatch.setattr(run, "Pool", Here)
    return attacked(
        tmp_path,
        {f"{unit_name(1)}.xlsx": changed({"H41": 12})},
        units=3,
        settings='drafts = true\nlast_year = "../上年"\n',
    )


def few_quick(values: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """All of these, of which some are tried quickly, the others where there is time."""
    return [pytest.param(value, marks=[] if value in quick else [pytest.mark.slow]) for value in values]


@pytest.fixture(params=few_quick(CAUSES, CAUSES[3:]), ids=lambda cause: type(cause).__name__)
def cause(request: pytest.FixtureRequest) -> BaseException:
    found: BaseException = request.param
    return found


def raising(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, cause: BaseException, when: Callable[..., bool]
) -> None:
    """Let a function raise where its arguments are those of the stage."""
    real = getattr(where, name)

    def raises(*given: Any, **named: Any) -> Any:
        if when(*given):
            raise cause
        return real(*given, **named)

    monkeypatch.setattr(where, name, raises)


def always(*_: object) -> bool:
    return True


def work(folder: Path) -> Outcome:
    return run_batch(load_campaign(folder), folder / "output")


def units_of(record: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(unit["status"], unit["verified_score"] is not None) for unit in record["units"]]


WELL = [("complete", True), ("returned", True), ("complete", True)]
OF_ONE_UNIT = {
    "read": (examine, "read_bytes", lambda *given: unit_name(1) in given[1].path),
    "attribute": (attribution, "_file_read", lambda source, *_: unit_name(1) in source.path),
    "judge": (worker, "judge", lambda dossier, _: dossier.unit and dossier.unit.name == unit_name(1)),
}


@pytest.mark.parametrize("stage", OF_ONE_UNIT)
def test_run__a_units_part_raises__costs_that_unit(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException, stage: str
) -> None:
    """The others have all that they have without it."""
    where, name, when = OF_ONE_UNIT[stage]
    raising(monkeypatch, where, name, cause, when)
    found = units_of(work(campaign).record)
    assert found[::2] == WELL[::2]
    assert found[1] == (("missing" if stage == "attribute" else "returned"), False)


@pytest.mark.parametrize("code", district.CODES)
def test_run__a_check_of_the_district_raises__costs_that_check(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException, code: str
) -> None:
    """The terminal and the sheet on methods say that it was not made."""
    raising(monkeypatch, district, {"X02": "_same_texts", "X03": "_all_high"}[code], cause, always)
    outcome = work(campaign)
    assert units_of(outcome.record) == WELL
    assert any(f"全区核对 {code}没有做成" in note for note in outcome.notes)
    assert code in text_of(campaign, "口径说明")


def text_of(campaign: Path, sheet: str) -> str:
    book = load_workbook(campaign / "output" / "汇总.xlsx")
    return "\n".join(str(cell.value) for row in book[sheet] for cell in row if cell.value is not None)


@pytest.mark.parametrize("name", few_quick(TABLES, ("indicators",)))
def test_run__a_long_table_raises__costs_it_and_the_sheets_made_from_it(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Every other table is there, and the summary can be opened."""
    raising(monkeypatch, frames, "frame_of", CAUSES[0], lambda schema, _: schema.name == name)
    outcome = work(campaign)
    assert units_of(outcome.record) == WELL
    others = {f"data/{other}{ending}" for other in TABLES if other != name for ending in (".csv", ".parquet")}
    assert set(outcome.record["outputs"]["data"]) == others
    assert others <= set(bytes_of(campaign / "output"))
    assert any(f"明细表 {name}没有做成" in note for note in outcome.notes)
    assert f"明细表 {name}没有做成" in text_of(campaign, "口径说明")


ALL_SHEETS = (*summary.SHEETS, summary.AGREEMENT, CHARTS, OVERVIEW)


@pytest.mark.parametrize("name", few_quick(ALL_SHEETS, ("提交情况", OVERVIEW)))
def test_run__a_sheet_of_the_summary_raises__costs_that_sheet(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It says so in its place, every other has what it has, and links lead to no sheet that is not there."""

    def fails(*_: object) -> None:
        raise CAUSES[0]

    if name in summary.SHEETS:
        monkeypatch.setitem(summary.SHEETS, name, fails)
    elif name == CHARTS:
        monkeypatch.setattr(summary, "draw_all", fails)
    else:
        monkeypatch.setattr(*((overview, "fill_in") if name == OVERVIEW else (proof, "agreement")), fails)
    outcome = work(campaign)
    assert units_of(outcome.record) == WELL
    said = [note for note in outcome.notes if "没有做成" in note]
    assert f"汇总表的“{name}”没有做成" in said[0]
    assert {note.split("”")[0] for note in said} <= {f"汇总表的“{name}", f"汇总表的“{CHARTS}"}
    assert "没有做成：程序出错（ValueError: NaN/INF not supported" in text_of(campaign, name)
    book = load_workbook(campaign / "output" / "汇总.xlsx")
    links = {
        str(cell.hyperlink.location)
        for sheet in book
        for row in sheet
        for cell in row
        if cell.hyperlink and not cell.hyperlink.target
    }
    assert {link.split("!")[0].strip("'") for link in links if "!" in link} <= {*book.sheetnames, "None"}


def test_summary__painting_a_sheet_breaks_off__the_sheet_is_made_anew(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException
) -> None:
    """Nothing of the half-painted sheet is left."""
    raising(monkeypatch, summary, "paint", cause, lambda _, table: table.identifier == "findings")
    assert units_of(work(campaign).record) == WELL
    assert "没有做成" in text_of(campaign, "问题清单")
    assert "单位名称" not in text_of(campaign, "问题清单")


def test_sheets__by_their_names__are_the_tables_of_these_names(campaign: Path) -> None:
    """A sheet that is lost is named as it is where it's made."""
    work(campaign)
    names = load_workbook(campaign / "output" / "汇总.xlsx").sheetnames
    assert set(names) <= set(ALL_SHEETS)
    assert [name for name in summary.SHEETS if name in names] == [name for name in names if name in summary.SHEETS]


OF_THE_DISTRICT = {
    "summary": (joining, "write_summary", "汇总表"),
    "last year": (earlier_years, "earlier_years", "与上年的比较"),
    "rectification": (History, "rectifications", "整改台账"),
    "draft of the district": (joining, "write_district_draft", "自评工作总结初稿"),
    "draft of the circular": (joining, "write_circular", "自评情况通报初稿"),
    "review": (run, "draft_review", "review.xlsx"),
    "record": (History, "with_run", "本次收件的记录"),
    "record's lines": (History, "save", "本次收件的记录"),
    "decisions": (run, "_record_decisions", "人工填写的记录"),
    "drafts of units": (worker, "write_draft", "自评报告初稿"),
}


@pytest.mark.parametrize("stage", OF_THE_DISTRICT)
def test_run__a_part_of_the_district_raises__costs_that_part(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException, stage: str
) -> None:
    """Units have their results, the terminal says what is missing, and the next run makes it."""
    where, name, what = OF_THE_DISTRICT[stage]
    with monkeypatch.context() as patch:

        def fails(*_: object, **__: object) -> None:
            raise cause

        patch.setattr(where, name, property(fails) if name == "rectifications" else fails)
        outcome = work(campaign)
    assert units_of(outcome.record) == WELL
    assert any(what in note and "没有做成" in note for note in outcome.notes), outcome.notes
    assert (campaign / "output" / "汇总.xlsx").exists()
    assert set(outcome.record["outputs"]["all"]) == set(bytes_of(campaign / "output"))
    again = work(campaign)
    assert not [note for note in again.notes if "没有做成" in note]
    assert (campaign / "review.xlsx").exists()
    assert (campaign / "record" / "history.jsonl").stat().st_size


@pytest.mark.parametrize("how", ["whole", "and its list"])
@pytest.mark.parametrize("which", ["write_unit", "write_returned"])
def test_run__a_units_workbook_raises__something_simpler_stands_for_it(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException, which: str, how: str
) -> None:
    """The list of findings, or where that fails too, a sentence."""
    raising(monkeypatch, worker, which, cause, always)
    if how == "and its list":
        raising(monkeypatch, worker, "write_list", cause, lambda *given: not given[1][0].message.startswith("问题清单"))
    outcome = work(campaign)
    assert units_of(outcome.record) == WELL
    for name in outcome.record["outputs"]["all"]:
        assert (campaign / "output" / name).exists()


def ended_of(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["evalbatch", "run", str(campaign)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code))


def test_run__run_json_raises__one_sentence_and_the_last_set(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names all outputs: without it there is no set."""
    work(campaign)
    before = bytes_of(campaign / "output")
    (campaign / "inbox" / f"{unit_name(2)}.xlsx").unlink()
    raising(monkeypatch, run, "manifest", CAUSES[0], always)
    assert ended_of(campaign, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "程序内部出错" in said
    assert "Traceback" not in said
    assert bytes_of(campaign / "output") == before


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three units with addresses, after a run."""
    monkeypatch.setattr(run, "Pool", Here)
    folder = many_units(tmp_path / "批次", 3)
    names = [[f"{n:05d}", unit_name(n), f"u{n}@example.org"] for n in range(3)]
    workbook(folder / "units.xlsx", [["单位编码", "单位名称", "电子邮箱"], *names])
    work(folder)
    return folder


def test_mail__one_letter_raises__costs_that_letter(
    mailing: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException
) -> None:
    """When it is worded, or when it becomes a message."""
    loaded = load_campaign(mailing)
    with monkeypatch.context() as patch:
        raising(patch, letters, "values_of", cause, lambda _, unit, *__: unit.name == unit_name(1))
        found = letters_of(loaded, mailing / "output", "result")
    assert [letter.ready for letter in found] == [True, False, True]
    assert "没有写成" in found[1].fault
    raising(monkeypatch, preview, "message_bytes", cause, lambda letter, *_: letter.unit.name == unit_name(1))
    Mailing.of(loaded, mailing / "output", "result").preview()
    written = sorted(path.name for path in (mailing / "output" / "mail").glob("*.eml"))
    assert len(written) == 2
    assert not [name for name in written if unit_name(1) in name]
    listed = load_workbook(mailing / "output" / "mail" / "发信清单.xlsx").active
    assert any("没有写成" in str(cell.value) for row in listed for cell in row)
