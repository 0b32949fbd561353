"""A campaign with a slip a unit: what only a campaign shows is found there, and units in order are left in peace."""

from pathlib import Path
from typing import Any

import pytest
from planter import planter_hands
from planter.planter_season import HANDS, Member, make_season
from planter.planter_trial import FOLLOWS

from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign

pytestmark = pytest.mark.command

DUE = ("A10", "A05")
assert planter_hands  # importing it enters the hands


def said_of(member: Member, record: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Code, file name and cell of all findings of what a unit sent, and of the forms that it owes."""
    files = [file for file in record["files"] if file["path"].startswith(f"{member.number:03d}/")]
    unit = next((unit for unit in record["units"] if unit["name"] == member.name), {"findings": []})
    own = ((file, f) for file in files for f in file["findings"] if FOLLOWS not in f["message"])
    said = [(f["code"], Path(file["path"]).name, f["cell"]) for file, f in own]
    return said + [(f["code"], None, f["cell"]) for f in unit["findings"] if f["code"] == "U05"]


def test_a_season_of_slips__finds_each_and_nothing_else(tmp_path: Path) -> None:
    """U, F06, F08, F09, M06 to M08, S06, T02, X01 and X02, each in a unit of its own."""
    members = make_season(tmp_path)
    record = run_batch(load_campaign(tmp_path), tmp_path / "output", workers=2).record
    wrong = []
    for member in members:
        said = said_of(member, record)
        found = {(code, file) for code, file, _ in said}
        wrong += [(member.name, "没有发现", due) for due in member.must - found]
        wrong += [
            (member.name, "位置", due) for due in member.cells.items() if due not in {(c, at) for c, _, at in said}
        ]
        extra = found - member.must
        wrong += [(member.name, "多余", one) for one in extra if one[0] not in {*member.also, *DUE}]
    assert wrong == [], wrong
    assert len(members) == len(HANDS)


def test_a_district_all_high__is_told_once(tmp_path: Path) -> None:
    """Nine of ten units at 95 or above: a note on the district, no finding on anyone's cell."""
    make_season(tmp_path, only=("in_order", "low_scores", "in_time_by_its_file"), least=95)
    record = run_batch(load_campaign(tmp_path), tmp_path / "output", workers=1).record
    everywhere = str(record)
    assert "'X03'" in everywhere
    assert "自评在95分以上" in everywhere
    assert "'must-fix'" not in everywhere
