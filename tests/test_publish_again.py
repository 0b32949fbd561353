"""What an earlier run made and is to be put out again: taken over where it stands, made anew where it doesn't."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from evalbatch.storage.staging import Staging

SHEET = "score_sheets/甲.局_评分表.xlsx"


def publish_again(output: Path, data: bytes) -> None:
    staging = Staging(output)
    target = staging.path(SHEET)
    try:
        staging.take_over(target, hashlib.sha256(data).digest())
    except ValueError:
        target.write_bytes(data)
    staging.path("run.json").write_text(json.dumps({"outputs": {"all": [SHEET, "run.json"]}}))
    staging.publish()


def refuse(*_: object) -> None:
    raise OSError("no links here")


def as_it_was(sheet: Path) -> None:
    assert sheet.read_bytes() == b"as made"


def missing(sheet: Path) -> None:
    sheet.unlink()


def typed_over(sheet: Path) -> None:
    sheet.write_bytes(b"somebody's")


def led_elsewhere(sheet: Path) -> None:
    other = sheet.with_name("elsewhere.xlsx")
    other.write_bytes(b"as made")
    sheet.unlink()
    sheet.symlink_to(other)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize(
    ("happened", "taken_over"), [(as_it_was, True), (missing, False), (typed_over, False), (led_elsewhere, False)]
)
def test_take_over__whatever_stands_there__the_set_holds_the_known_bytes(
    happened, taken_over, links, tmp_path, monkeypatch
) -> None:
    """Only a file that is still what was made stays itself; with or without links, its bytes are the known ones."""
    publish_again(tmp_path / "output", b"as made")
    sheet = tmp_path / "output" / SHEET
    happened(sheet)
    before = sheet.stat().st_ino if sheet.exists() and not sheet.is_symlink() else None
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    publish_again(tmp_path / "output", b"as made")
    assert sheet.read_bytes() == b"as made"
    assert not taken_over or sheet.stat().st_ino == before
    assert not list(tmp_path.rglob("*.part"))
