"""Workbooks that Excel encrypts under its own password, and opens without a question."""

import io
import random
from pathlib import Path

import pytest
from situations.commands import checked, inspected
from situations.drawn_workbook import Drawing, words

from evalbatch.model import Refused
from evalbatch.xlsx.encrypted import without_default_password
from evalbatch.xlsx.limits import Limits

pytestmark = pytest.mark.command

msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")


FILLER = {"docProps/filler.bin": random.Random(1).randbytes(6000).hex()}
"""The library writes no container for less than some four kilobytes."""


def encrypted(data: bytes, password: str) -> bytes:
    """A workbook encrypted as Excel does it (agile encryption)."""
    target = io.BytesIO()
    msoffcrypto.OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def test_default_password__is_opened__another_is_refused(tmp_path: Path) -> None:
    """The first is read as if it were not encrypted, whatever its ending; the second needs a person."""
    own, theirs = tmp_path / "own.xlsx", tmp_path / "theirs.xlsx"
    own.write_bytes(encrypted(Drawing(parts=FILLER).packed(), "VelvetSweatshop"))
    theirs.write_bytes(encrypted(Drawing(parts=FILLER).packed(), "123456"))
    first, second = inspected(own, theirs)
    assert (first["status"], len(first["forms"][0]["indicators"]), first["findings"]) == ("accepted", 6, [])
    assert (second["status"], [finding["code"] for finding in second["findings"]]) == ("rejected", ["F02"])


def test_default_password__something_to_correct__is_found_inside(tmp_path: Path) -> None:
    """An encrypted form is checked like any other."""
    path = tmp_path / "own.xlsx"
    path.write_bytes(encrypted(Drawing({"H11": words("H11", "25")}, parts=FILLER).packed(), "VelvetSweatshop"))
    [found] = checked(path)
    assert "S01" in {finding["code"] for finding in found["findings"]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.replace(b'spinCount="', b'spinCount="9999999', 1), "F04"),
        (lambda data: data.replace(b"<encryption ", b"<!DOCTYPE a ", 1), "F01"),
        (lambda data: data[: len(data) // 2], "F02"),
    ],
)
def test_encryption__described_to_do_harm__is_refused(change, code: str) -> None:
    """A million rounds of hashing, a document type, a file cut short."""
    whole = encrypted(Drawing(parts=FILLER).packed(), "VelvetSweatshop")
    with pytest.raises(Refused) as refused:
        without_default_password(change(whole), Limits())
    assert refused.value.code == code
