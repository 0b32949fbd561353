"""What leaves for a unit says nothing of another unit."""

import io
import zipfile
from pathlib import Path

import pytest
from many_units import unit_name, unit_workbook
from robustness.attacked import attacked, evalbatch, results

pytestmark = pytest.mark.command


def said_in(path: Path) -> str:
    """All text of a workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith(".xml"))


def test_run__a_copy_in_another_units_folder__is_not_in_the_score_sheet(tmp_path: Path) -> None:
    """The bureau's list of files says so; the unit whose form it is learns nothing of the other's folder."""
    own, copied = f"{unit_name(0)}/表.xlsx", f"{unit_name(1)}/表.xlsx"
    campaign = attacked(tmp_path, {own: unit_workbook(0), copied: unit_workbook(0)}, units=2)
    for number in range(2):
        (campaign / "inbox" / f"{unit_name(number)}.xlsx").unlink()
    evalbatch("run", campaign).assert_in_words(0)
    record = results(campaign)
    status = {file["path"]: file["status"] for file in record["files"]}
    assert status == {own: "accepted", copied: "duplicate"}
    [unit] = [unit for unit in record["units"] if unit["name"] == unit_name(0)]
    assert not [finding for finding in unit["findings"] if finding["code"] == "F08"]
    assert unit_name(1) not in said_in(campaign / "output" / unit["score_sheet"])


def test_run__a_file_named_after_another_unit__the_finding_does_not_name_it(tmp_path: Path) -> None:
    """The form decides; that the name is another's is said, not whose."""
    campaign = attacked(tmp_path, {f"{unit_name(1)}自评表.xlsx": unit_workbook(0)}, units=2)
    for number in range(2):
        (campaign / "inbox" / f"{unit_name(number)}.xlsx").unlink()
    evalbatch("run", campaign).assert_in_words(0)
    for unit in results(campaign)["units"]:
        for finding in unit["findings"]:
            assert finding["code"] != "U02" or unit_name(1) not in finding["message"]
    assert any(finding["code"] == "U02" for file in results(campaign)["files"] for finding in file["findings"])
