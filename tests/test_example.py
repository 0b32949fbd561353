"""The worked example, whole: what each made-up unit's situation must give, and nothing else called wrong."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.storage.shipped import example

FILES = """
微信收到/自评表.xlsx                                   | accepted   | A10 F18
收件/水务局自评.xlsx                                   | returned   | U01 D5
湛江市麻章区总工会本级/2023年度整体绩效自评.xlsx       | returned   | F15 C10, S10 H42, S10 F32, A02 F17, A05 F29
湛江市麻章区总工会本级/项目自评_党建工作.xlsx          | accepted   |
湛江市麻章区总工会本级/项目自评_慰问困难职工.xlsx      | accepted   |
湛江市麻章区总工会本级/项目自评_禁毒创文工作.xlsx      | accepted   |
示例住房和城乡建设局/部门整体自评表.xlsx               | returned   | M06 D7:F8
示例农业农村局/部门整体自评表.xlsx                     | returned   | U03 A3
示例卫生健康局/部门整体自评表.xlsx                     | superseded | F09 -
示例卫生健康局/部门整体自评表（修改后）.xlsx           | accepted   |
示例司法局_部门整体自评表.xlsx                         | duplicate  | F08 -
示例图书馆/~$部门整体自评表.xlsx                       | ignored    |
示例图书馆/活动照片.png                                | attachment |
示例图书馆/自评报告盖章扫描件.pdf                      | attachment |
示例图书馆/部门整体自评表.xlsx                         | accepted   |
示例市场监督管理局/部门整体自评表.xlsx                 | returned   | M01 E7
示例应急管理局/部门整体自评表.xlsx                     | returned   | S08 H14, S03 H41, A10 F14
示例教育局/部门整体支出绩效自评表.xlsx                 | accepted   |
示例文化馆/2023绩效自评.xlsx                           | accepted   |
示例机关事务服务中心/部门整体自评表.xlsx               | accepted   | A10 F15
示例林业局/自评材料.zip                                | ignored    |
示例林业局/自评材料.zip/示例林业局整体自评表.xlsx      | accepted   |
示例林业局/自评材料.zip/项目自评表（村庄绿化）.xlsx    | accepted   |
示例林业局/自评材料.zip/项目自评表（森林防火）.xlsx    | accepted   |
示例民政局_部门整体自评表.xlsx                         | accepted   | U04 I47, A10 F15
示例科学技术局/部门整体自评表.xlsx                     | returned   | T02 E14, S08 H14, A06 I14, S03 H41
示例统计局/部门整体自评表.xlsx                         | rejected   | F02 -
示例融媒体中心_自评表.xlsx                             | rejected   | F03 -
"""

UNITS = """
湛江市麻章区总工会本级 | returned   | whole-unit |
示例教育局             | complete   | whole-unit |
示例民政局             | late       | whole-unit |
示例档案馆             | missing    | -          | U05
示例卫生健康局         | complete   | whole-unit |
示例司法局             | complete   | whole-unit |
示例统计局             | returned   | -          |
示例融媒体中心         | returned   | -          |
示例水利局             | missing    | -          | U05
示例农业农村局         | returned   | -          |
示例市场监督管理局     | returned   | whole-unit |
示例住房和城乡建设局   | returned   | whole-unit |
示例科学技术局         | returned   | whole-unit |
示例应急管理局         | returned   | whole-unit |
示例文化馆             | complete   | whole-unit |
示例林业局             | complete   | whole-unit |
示例图书馆             | complete   | whole-unit |
示例机关事务服务中心   | incomplete | whole-unit | U05
"""


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "mazhang-2023"
    shutil.copytree(example(), folder)
    return folder


@pytest.fixture(scope="module")
def record(campaign: Path) -> dict[str, Any]:
    return run_batch(load_campaign(campaign), campaign / "output", workers=2).record


def test_example__each_file__has_its_status_and_exactly_its_findings(record: dict[str, Any]) -> None:
    """Each situation is found with its code at its cell; no other cell is called wrong."""
    seen = [
        (file["path"], file["status"], ", ".join(f"{f['code']} {f['cell'] or '-'}" for f in file["findings"]))
        for file in record["files"]
    ]
    assert seen == rows(FILES)


def test_example__each_unit__has_its_standing(record: dict[str, Any]) -> None:
    """Late, missing, incomplete and returned units are told apart, in the roster's order."""
    seen = [
        (
            unit["name"],
            unit["status"],
            unit["scored_by"] or "-",
            ", ".join(f["code"] for f in unit["findings"] if f["file"] is None),
        )
        for unit in record["units"]
    ]
    assert seen == rows(UNITS)


def test_example__the_unknown_unit__is_offered_the_near_name(record: dict[str, Any]) -> None:
    """A near miss is a suggestion, never an assumption."""
    [finding] = next(file for file in record["files"] if file["path"] == "收件/水务局自评.xlsx")["findings"]
    assert "示例水利局" in finding["message"] + finding["remedy"]


def test_example__inbox__is_never_touched(campaign: Path, record: dict[str, Any]) -> None:
    """After a run the inbox holds the same bytes as before."""
    assert digests(campaign / "inbox") == digests(example() / "inbox")


def test_example__one_worker_or_three__the_same_bytes(campaign: Path, record: dict[str, Any]) -> None:
    """The number of workers shows nowhere."""
    run_batch(load_campaign(campaign), campaign / "again", workers=3)
    assert digests(campaign / "again") == digests(campaign / "output")


def test_example__run_json__names_every_output_and_nothing_else(campaign: Path, record: dict[str, Any]) -> None:
    """What run.json names exists, and nothing lies beside it."""
    output = campaign / "output"
    assert json.loads((output / "run.json").read_text(encoding="utf-8")) == record
    assert sorted(digests(output)) == record["outputs"]["all"]
    named = [unit["score_sheet"] for unit in record["units"]] + [file["returned"] for file in record["files"]]
    assert all((output / name).is_file() for name in named if name)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
