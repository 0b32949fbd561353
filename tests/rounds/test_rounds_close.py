"""Sealing a season: what is unfinished is listed and asked about; what proves the archive works where it is printed."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest
from rounds.campaign_rounds import Rounds, command
from runs import ENVIRONMENT, EVALBATCH

pytestmark = pytest.mark.command

ROSTER = """
单位编码 | 单位名称 | 应报表格
101 | 示例区教育局 |
102 | 示例区水务局 |
103 | 示例区林业局 | 免报
"""


def test_close__with_units_missing_and_returned__lists_them_and_asks(tmp_path: Path) -> None:
    """Nothing is sealed without an answer; --yes seals it; who owes nothing is not listed."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局", total=95)
    rounds.submit("示例区林业局/自评表.xlsx", "示例区教育局", goal="另一份。")
    rounds.run()
    said = command("close", rounds.folder, code=2)
    assert "未报送的单位1个：示例区水务局" in said
    assert "退回更正、还没有更正的单位1个：示例区教育局" in said
    assert "没有归到单位的文件1个：示例区林业局/自评表.xlsx" in said
    assert "林业局、" not in said
    assert "没有得到确认，没有封存" in said
    assert not list((rounds.folder / "archive").glob("*.zip")) if (rounds.folder / "archive").exists() else True
    assert "已封存" in command("close", rounds.folder, "--yes")


def test_close__everything_done__seals_and_says_how_to_prove_it(tmp_path: Path) -> None:
    """The hash to keep is the archive's, and the command works from any folder."""
    rounds = Rounds(tmp_path / "批次", "单位编码 | 单位名称\n101 | 示例区教育局")
    rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局")
    rounds.run()
    said = command("close", rounds.folder)
    assert "没办完" not in said
    archive = Path(re.search(r"已封存：(.+)", said)[1].strip())
    assert hashlib.sha256(archive.read_bytes()).hexdigest() in said
    typed = re.search(r'evalbatch verify "(.+)"', said)[1]
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    done = subprocess.run(
        [*EVALBATCH, "verify", typed], cwd=elsewhere, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
