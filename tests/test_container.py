"""The container of a workbook: what zipfile would have written, whole and readable."""

import zipfile
from io import BytesIO

import pytest

from evalbatch.xlsx import container

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/empty.xml": b"",
    "xl/表.xml": b"<sheet/>",
    "xl/long.xml": b"<row/>" * 20_000,
}


def by_zipfile() -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.compress_type, about.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(about, data)
    return whole.getvalue()


@pytest.mark.parametrize("most", [container._MOST_BYTES, 100])
def test_write_container__small_or_too_large_for_the_short_way__zipfiles_bytes(most, monkeypatch):
    """Both ways give the same container, so that nobody need know which was taken."""
    monkeypatch.setattr(container, "_MOST_BYTES", most)
    whole = BytesIO()
    container.write_container(whole, PARTS, 3)
    assert whole.getvalue() == by_zipfile()


@pytest.mark.parametrize("most", [container._MOST_BYTES, 100])
def test_write_container__of_a_part_deflated_as_it_was_made__zipfiles_bytes(most, monkeypatch):
    """In how many pieces a part came is not to be seen."""
    monkeypatch.setattr(container, "_MOST_BYTES", most)
    long, deflated = PARTS["xl/long.xml"], container.Deflated()
    for start in range(0, len(long), 7_001):
        deflated.add(long[start : start + 7_001])
    deflated.end()
    whole = BytesIO()
    container.write_container(whole, PARTS | {"xl/long.xml": deflated}, 3)
    assert whole.getvalue() == by_zipfile()


def test_write_container__to_a_path__every_part_is_whole(tmp_path):
    """Checksums and sizes hold; parts that were packed before for another workbook too."""
    for name in ("a.xlsx", "b.xlsx"):
        container.write_container(tmp_path / name, PARTS)
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert archive.testzip() is None
            assert {member: archive.read(member) for member in archive.namelist()} == PARTS
