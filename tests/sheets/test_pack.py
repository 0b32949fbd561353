"""The container of a workbook: what zipfile would have written, whole and readable."""

import zipfile
from io import BytesIO

import pytest

from evalbatch.sheets import pack

PARTS = [("[Content_Types].xml", b"<Types/>"), ("xl/empty.xml", b""), ("xl/long.xml", b"<row/>" * 20_000)]


def by_zipfile() -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS:
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.compress_type, about.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(about, data)
    return whole.getvalue()


@pytest.mark.parametrize("most", [pack._MOST_BYTES, 100])
def test_write_parts__small_or_too_large_for_the_short_way__zipfiles_bytes(most, monkeypatch):
    """Both ways give the same container, so that nobody need know which was taken."""
    monkeypatch.setattr(pack, "_MOST_BYTES", most)
    whole = BytesIO()
    pack.write_parts(whole, PARTS)
    assert whole.getvalue() == by_zipfile()


def test_write_parts__to_a_path__every_part_is_whole(tmp_path):
    """Checksums and sizes hold; parts that were packed before for another workbook too."""
    for name in ("a.xlsx", "b.xlsx"):
        pack.write_parts(str(tmp_path / name), PARTS)
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert archive.testzip() is None
            assert [(member, archive.read(member)) for member in archive.namelist()] == PARTS
