"""What another scheme would find and score in the worked example; nothing is written by asking."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from campaign_folder import table
from click.testing import CliRunner
from xlsxwriter import Workbook

from evalbatch.batch.rehearsal import as_json, rehearse
from evalbatch.campaign.folder import load_campaign
from evalbatch.cli.rehearse import rehearse as command
from evalbatch.model import Refused
from evalbatch.storage.shipped import example

pytestmark = pytest.mark.command

SCHEME = {
    "设置": "项目 | 值\n方案名称 | 试用方案\n版本 | 2\n得分小数位数 | 1",
    "等级": "等级 | 最低分 | 其他写法\n优 | 95 | 优秀\n优良 | 80 | 良\n中 | 60 |\n差 | 0 |",
    "检查设置": "检查代码 | 处理 | 仅询问至 | 理由\nM01 | 需核实 | | 试点\nA05 | 关闭 | | 试点",
}


def write_scheme(path: Path) -> Path:
    with Workbook(path) as book:
        for name, text in SCHEME.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(table(text)):
                for column, cell in enumerate(cells):
                    page.write(row, column, cell)
    return path


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal") / "mazhang-2023"
    shutil.copytree(example(), folder)
    return folder


@pytest.fixture(scope="module")
def document(campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    scheme = write_scheme(tmp_path_factory.mktemp("scheme") / "试用.xlsx")
    before = everything(campaign)
    found = as_json(rehearse(load_campaign(campaign), scheme, workers=1))
    assert everything(campaign) == before
    return found


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def of_code(document: dict[str, Any], code: str) -> dict[str, Any]:
    return next(change for change in document["findings"] if change["code"] == code)


def test_rehearsal__must_fix__is_counted_under_both_schemes(document: dict[str, Any]) -> None:
    """How many files and units the scheme would have sent back, and which."""
    files, units = document["files"]["must_fix"], document["units"]["must_fix"]
    assert (document["files"]["total"], files["current"]) == (28, 7)
    assert (document["units"]["total"], units["current"]) == (18, 8)
    assert files["rehearsed"] == files["current"] + len(files["only_rehearsed"]) - len(files["only_current"])
    assert "示例民政局" in units["only_rehearsed"]
    assert units["only_current"] == ["示例市场监督管理局"]


def test_rehearsal__codes__appear_and_disappear_with_their_findings(document: dict[str, Any]) -> None:
    """优良 is a grade now; 94.56 is 优良, not 优; 10多场 is no matter any more."""
    gone = of_code(document, "S10")
    assert (gone["current"], gone["rehearsed"], gone["appear"]) == (2, 0, [])
    assert [found["cell"] for found in gone["disappear"]] == ["H42", "F32"]
    come = of_code(document, "S11")
    assert (come["current"], come["rehearsed"]) == (0, len(come["appear"]))
    assert {"unit", "file", "sheet", "cell", "message", "severity"} <= come["appear"][0].keys()
    assert of_code(document, "A05")["rehearsed"] == 0


def test_rehearsal__a_milder_check__is_found_as_such(document: dict[str, Any]) -> None:
    """The finding stays, only its severity is another."""
    change = of_code(document, "M01")
    assert (change["appear"], change["disappear"]) == ([], [])
    assert [(found["unit"], found["severity"]) for found in change["other_severity"]] == [
        ("示例市场监督管理局", "query")
    ]


def test_rehearsal__scores_and_grades__are_told_old_and_new(document: dict[str, Any]) -> None:
    """Rounding to one decimal, and 优 from 95."""
    changed = {unit["name"]: unit for unit in document["scores"]}
    one = changed["示例司法局"]
    assert (one["current"]["verified_score"], one["current"]["verified_grade"]) == (94.56, "优")
    assert (one["rehearsed"]["verified_score"], one["rehearsed"]["verified_grade"]) == (94.6, "优良")
    assert "示例档案馆" not in changed


def test_rehearsal__the_campaigns_own_scheme__changes_nothing(campaign: Path, tmp_path: Path) -> None:
    """The built-in scheme against itself."""
    own = Path(__file__).parent.parent / "input_templates" / "scheme.xlsx"
    same = as_json(rehearse(load_campaign(campaign), own, workers=1))
    assert (same["findings"], same["scores"]) == ([], [])
    assert same["files"]["must_fix"]["current"] == same["files"]["must_fix"]["rehearsed"]


def test_rehearsal__a_broken_scheme__is_refused(campaign: Path, tmp_path: Path) -> None:
    """A scheme that is not there is told by its name."""
    with pytest.raises(Refused, match="没有"):
        rehearse(load_campaign(campaign), tmp_path / "没有.xlsx", workers=1)


def test_rehearse_command__people__read_counts_examples_and_scores(campaign: Path, tmp_path: Path) -> None:
    """A few lines, named examples, exit 0; JSON has the same and everything else."""
    scheme = write_scheme(tmp_path / "试用.xlsx")
    result = CliRunner().invoke(command, [str(campaign), "--scheme", str(scheme), "--workers", "1"])
    assert result.exit_code == 0, result.output
    for line in (
        "试用方案：试用方案 2",
        "必须更正的单位：现行方案8个，试用方案",
        "  S10 等级无效：2 → 0",
        "  示例司法局：94.56分（优） → 94.6分（优良）",
    ):
        assert line in result.output
    assert len(result.output.splitlines()) < 50
    missing = CliRunner().invoke(command, [str(campaign)])
    assert missing.exit_code == 2
