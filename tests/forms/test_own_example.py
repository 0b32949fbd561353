"""The second worked example, examples/own-rules-2024: what its README says of it is what the run finds."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from evalbatch.cli.main import cli

pytestmark = pytest.mark.command

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "own-rules-2024"


def test_own_rules__run__finds_what_the_readme_says(tmp_path: Path) -> None:
    """One unit is complete without a finding, one is missing; own forms count as money, project and score."""
    campaign = tmp_path / "batch"
    shutil.copytree(EXAMPLE, campaign)
    assert CliRunner().invoke(cli, ["run", str(campaign)]).exit_code == 0
    run = json.loads((campaign / "output" / "run.json").read_text(encoding="utf-8"))
    assert [(unit["name"], unit["status"], unit["self_score"], unit["verified_score"]) for unit in run["units"]] == [
        ("示例区商务局", "complete", 99.58, 99.58),
        ("示例区交通局", "missing", None, None),
    ]
    assert [finding["code"] for file in run["files"] for finding in file["findings"]] == []
    assert {finding["code"] for unit in run["units"] for finding in unit["findings"]} == {"U05"}
    book = load_workbook(campaign / "output" / "汇总.xlsx", data_only=True)
    assert 4600 in {cell.value for row in book["资金执行"] for cell in row}
    assert {"县域商业体系", 300} <= {cell.value for row in book["项目汇总"] for cell in row}


def test_own_rules__made_again__is_what_is_shipped(tmp_path: Path) -> None:
    """The example in the repository is the one that its script makes, byte for byte."""
    script = ROOT / "scripts" / "make_own_example.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "made")], check=True)
    made = {path.relative_to(tmp_path / "made") for path in (tmp_path / "made").rglob("*") if path.is_file()}
    shipped = {path.relative_to(EXAMPLE) for path in EXAMPLE.rglob("*") if path.is_file()} - {Path("README.md")}
    assert made == shipped
    for name in made:
        assert (tmp_path / "made" / name).read_bytes() == (EXAMPLE / name).read_bytes(), name
