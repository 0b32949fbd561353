"""`evalbatch` alone: where things stand, and what to do next, at every stage of a season."""

import json
import os
import shutil
from pathlib import Path

import pytest
from campaign_folder import SETTINGS, campaign_folder

from evalbatch.batch.run import run_batch
from evalbatch.batch.seal import close
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.starter import start_campaign
from evalbatch.cli.next_step import next_steps
from evalbatch.storage.shipped import example

pytestmark = pytest.mark.command

FILLED = example() / "inbox" / "示例教育局" / "部门整体支出绩效自评表.xlsx"
ROSTER = "单位名称 | 电子邮箱\n示例教育局 | a@example.org\n示例民政局 |"


def said(folder: Path) -> str:
    return "\n".join(next_steps(folder))


def test_whereabouts__a_whole_season__each_stage_says_its_next_step(tmp_path: Path) -> None:
    """From an empty place to a sealed season."""
    assert "evalbatch demo" in said(tmp_path)
    start_campaign(tmp_path / "新")
    assert "year = 2023" in said(tmp_path / "新")
    assert "新" in said(tmp_path)

    empty = campaign_folder(tmp_path / "空", roster="单位名称")
    assert "填写单位名单" in said(empty)

    folder = campaign_folder(tmp_path / "批次", roster=ROSTER, settings=SETTINGS)
    assert "evalbatch templates" in said(folder)
    (folder / "output" / "templates").mkdir(parents=True)
    assert "预填表发给单位" in said(folder)
    shutil.copyfile(FILLED, folder / "inbox" / "教育局.xlsx")
    assert "有1个文件，还没有运行过" in said(folder)

    run_batch(load_campaign(folder), folder / "output", 1)
    assert "单位已报齐1" in said(folder)
    assert "mail preview" in said(folder)
    (folder / "output" / "mail").mkdir()
    (folder / "output" / "mail" / "发信清单.xlsx").write_bytes(b"list")
    assert "evalbatch mail send" in said(folder)
    shutil.copyfile(FILLED, folder / "inbox" / "又一份.xlsx")
    assert "有变化：又一份.xlsx" in said(folder)
    (folder / "inbox" / "又一份.xlsx").unlink()
    later = (folder / "output" / "run.json").stat().st_mtime + 5
    os.utime(folder / "inbox" / "教育局.xlsx", (later, later))
    assert "有变化：教育局.xlsx" in said(folder)
    os.utime(folder / "inbox" / "教育局.xlsx", (0, 0))
    (folder / "scheme.xlsx").write_bytes(b"new")
    assert "有变化：scheme.xlsx" in said(folder)
    (folder / "scheme.xlsx").unlink()

    close(folder)
    assert "已封存" in said(folder)


def test_whereabouts__broken_settings_or_run_json__said_with_the_remedy(tmp_path: Path) -> None:
    """It never fails where it is asked for help."""
    folder = campaign_folder(tmp_path / "批次", roster=ROSTER)
    shutil.copyfile(FILLED, folder / "inbox" / "教育局.xlsx")
    (folder / "output").mkdir()
    (folder / "output" / "run.json").write_text(json.dumps({"format": 99}))
    assert "evalbatch run" in said(folder)
    (folder / "evalbatch.toml").write_text("[campaign]\nyaer = 2023")
    assert "yaer" in said(folder)


def test_whereabouts__units_that_owe_nothing__are_not_waited_for(tmp_path: Path) -> None:
    """When all who owe have submitted, the next step is to verify and to close, whoever is exempt."""
    folder = campaign_folder(
        tmp_path / "批次", roster="单位名称 | 应报表格\n示例教育局 |\n示例民政局 | 免报", settings=SETTINGS
    )
    shutil.copyfile(FILLED, folder / "inbox" / "教育局.xlsx")
    run_batch(load_campaign(folder), folder / "output", 1)
    assert "单位已报齐1。" in said(folder)
    assert "evalbatch verify" in said(folder)
    assert "evalbatch close" in said(folder)
