"""What letters say fits what is attached: a marked copy, a list alone, queries only, nothing to do."""

import re
from pathlib import Path

import pytest
from rounds.campaign_rounds import Rounds
from rounds.odsfile import as_ods

pytestmark = pytest.mark.command

ROSTER = """
单位编码 | 单位名称 | 电子邮箱
101 | 示例区教育局 | a@example.org
102 | 示例区水务局 | b@example.org
103 | 示例区林业局 | c@example.org
104 | 示例区民政局 | d@example.org
"""


def test_letters__fit_what_is_attached(tmp_path: Path) -> None:
    """Marks are spoken of where there are marks; queries say how they are answered."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局", total=95)
    sent = rounds.submit("示例区水务局/自评表.xlsx", "示例区水务局", total=95, goal="水务目标。")
    as_ods(sent)
    rounds.submit("示例区林业局/自评表.xlsx", "示例区林业局", executed=70, goal="林业目标。")
    rounds.submit("示例区民政局/自评表.xlsx", "示例区民政局", goal="民政目标。")
    rounds.run()
    letters = {re.search("示例区..局", name)[0]: text for name, text in rounds.letters().items()}
    marked, listed, asked, done = (letters[f"示例区{name}局"] for name in ("教育", "水务", "林业", "民政"))
    assert "请在附件退回件中按标注逐项更正，于2024年5月31日前重新报送。" in marked
    assert "更正处已标出" in marked
    assert "请对照附件退回件中的清单，在原文件中逐项更正，于2024年5月31日前重新报送。" in listed
    assert "标注逐项" not in listed
    assert "标出" not in listed
    assert "没有必须更正的问题，有1项请核实" in asked
    assert "填写无误的，回复说明原因即可，不用重新报送。" in asked
    assert "没有必须更正的问题，不用重新报送。" in done
