"""Workbooks of some kilobytes that unpack to much more, through each command on single files: a sentence, in little."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hostile import MAIN, sheet, workbook
from robustness.attacked import evalbatch

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command

MANY = 10_000_000
BOMBS: Mapping[str, Mapping[str, str]] = {
    "styles": {"styles": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * MANY}</cellXfs></styleSheet>'},
    "texts": {"strings": f'<sst xmlns="{MAIN}">{"<si/>" * MANY}</sst>'},
    "cells": {"sheet": sheet(f"<row>{'<c><v>1</v></c>' * 100}</row>" * 10_000)},
}
COMMANDS = (("check",), ("inspect",), ("templates", "check"))


@pytest.fixture(scope="module", params=BOMBS)
def bomb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bombs") / f"{request.param}.xlsx"
    path.write_bytes(workbook(**BOMBS[request.param]))
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command__a_workbook_that_unpacks_to_much_more__is_refused_in_little(bomb: Path, command: list[str]) -> None:
    """Within twenty seconds and a gigabyte of address space, whichever process opens it."""
    ended = evalbatch(*command, bomb, before="ulimit -v 1000000", seconds=20)
    ended.assert_in_words(1)
    assert "文件过大或压缩异常" in ended.said


def test_compare__a_published_copy_that_unpacks_to_much_more__is_refused_in_little(bomb: Path) -> None:
    """The published copy comes from a website, and is trusted no more than an inbox."""
    ended = evalbatch("compare", bomb, bomb, before="ulimit -v 1000000", seconds=20)
    ended.assert_in_words(2)
    assert "文件过大或压缩异常" in ended.said


@pytest.mark.parametrize("text", ["不少于9%", "2024年", "1", "一万≥"])
@pytest.mark.parametrize("role", ["target", "actual"])
def test_parse__the_longest_text_of_a_cell__is_understood_or_said_unclear_at_once(text: str, role: str) -> None:
    """A cell holds 32,767 characters."""
    evalbatch("parse", (text * 32767)[:32767], "--as", role, seconds=10).assert_in_words(0)
