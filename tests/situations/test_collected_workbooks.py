"""Workbooks as public bug reports describe them, each the smallest that shows a situation, through the command line."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from campaign_folder import SETTINGS
from situations.commands import checked, command, inspected

pytestmark = pytest.mark.command

FILES = Path(__file__).parent / "files"


def codes(found: dict[str, Any], *, silent: tuple[str, ...] = ()) -> set[tuple[str, str | None]]:
    """The findings of one workbook as (code, cell)."""
    return {(finding["code"], finding["cell"]) for finding in found["findings"] if finding["code"] not in silent}


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    """Every workbook of these situations as `check` sees it, by folder and name."""
    paths = [path for path in sorted(FILES.glob("*/*.xlsx")) if path.name != "units.xlsx"]
    return {f"{path.parent.name[:2]}/{path.name}": found for path, found in zip(paths, checked(*paths), strict=True)}


def test_picture_in_a_cell__is_no_error_and_no_reason(judged) -> None:
    """A signature placed in its cell is given; a picture in place of a reason is no reason."""
    assert (judged["02/sign.xlsx"]["status"], codes(judged["02/sign.xlsx"])) == ("accepted", set())
    assert codes(judged["02/reason.xlsx"]) == {("A06", "H15")}


def test_struck_out_text__is_gone_and_said(judged) -> None:
    """A target corrected by striking out is the one that is left; a note says what was taken for deleted."""
    found = judged["07/strike.xlsx"]
    assert (found["status"], codes(found)) == ("accepted", {("F13", "D13")})
    [row] = [
        x
        for x in inspected(FILES / "07-struck-out/strike.xlsx")[0]["forms"][0]["indicators"]
        if x["cells"]["target"] == "D13"
    ]
    assert row["target"] == "≥12处"


def test_hidden_rows__filtered_are_data__hidden_by_hand_are_said(judged) -> None:
    """What a filter leaves out counts; a draft's row hidden by hand doesn't, and is said."""
    assert (judged["09/filtered.xlsx"]["status"], codes(judged["09/filtered.xlsx"])) == ("accepted", set())
    assert codes(judged["09/hand_hidden.xlsx"]) == {("F13", "C15")}
    both = inspected(*(FILES / "09-hidden-rows" / name for name in ("filtered.xlsx", "hand_hidden.xlsx")))
    assert [len(one["forms"][0]["indicators"]) for one in both] == [8, 8]
    assert {"F15", "G15"} <= {cell["cell"] for cell in both[1]["unused"]}


def test_fill_date__is_read_or_quoted__never_called_blank(judged) -> None:
    """A day number and a remark in brackets are read; a day that never was is quoted."""
    names = ("serial.xlsx", "bracket.xlsx", "nosuch.xlsx")
    read = inspected(*(FILES / "10-fill-date" / name for name in names))
    assert [one["forms"][0]["filled_on"] for one in read] == ["2024-05-20", "2024-05-20", None]
    assert [codes(judged[f"10/{name}"]) for name in names] == [set(), set(), {("F16", "G22")}]


def district(tmp_path: Path, folder: str) -> Path:
    """A campaign whose inbox holds a situation's workbooks."""
    campaign = tmp_path / "campaign"
    (campaign / "inbox").mkdir(parents=True)
    (campaign / "evalbatch.toml").write_text(f'{SETTINGS}owes = ["project"]\n', encoding="utf-8")
    for path in (FILES / folder).glob("*.xlsx"):
        target = campaign if path.name == "units.xlsx" else campaign / "inbox"
        shutil.copy(path, target / path.name)
    return campaign


def test_look_alike_letters__are_the_same_in_names(tmp_path: Path) -> None:
    """⺠ and ⻓, radicals that look like 民 and 长, name the same units."""
    found = command("run", str(district(tmp_path, "05-radicals")))
    assert {unit["name"]: unit["status"] for unit in found["units"]} == {
        "示例区民政局": "complete",
        "示例区长坡镇人民政府": "complete",
    }


@pytest.mark.parametrize(("name", "severity"), [("copy.xlsx", "note"), ("draft.xlsx", "must-fix")])
def test_same_project_twice__counts_once(tmp_path: Path, name: str, severity: str) -> None:
    """Equal copies are a note, different ones must be corrected; either names both sheets."""
    campaign = district(tmp_path, "04-same-project-twice")
    for path in (campaign / "inbox").iterdir():
        if path.name != name:
            path.unlink()
    run = command("run", str(campaign))
    [found] = [finding for file in run["files"] for finding in file["findings"] if finding["code"] == "F14"]
    assert found["severity"] == severity
    assert all(sheet in found["message"] for sheet in ("“项目支出绩效自评表”", "“项目支出绩效自评表 (2)”"))
    tables = [campaign / "output" / name for name in run["outputs"]["data"] if name.endswith(".csv")]
    assert sum(table.read_text("utf-8-sig").count("年度资金总额") for table in tables) == 1
