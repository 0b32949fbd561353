"""A workbook's parts put into a container again: whole, and the same bytes wherever that is done."""

import zipfile
from io import BytesIO

from evalbatch.xlsx.package import Package

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/empty.xml": b"",
    "xl/表.xml": b"<sheet/>",
    "xl/long.xml": b"<row/>" * 20_000,
}


def test_package__written__can_be_read_back_whole(tmp_path):
    """Checksums and sizes hold, to a file and in memory; a part's name may be Chinese."""
    memory = BytesIO()
    Package(PARTS).write(memory)
    Package(PARTS).write(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == memory.getvalue()
    with zipfile.ZipFile(memory) as archive:
        assert archive.testzip() is None
        assert {member: archive.read(member) for member in archive.namelist()} == PARTS


def test_package__written__tells_neither_time_nor_system():
    """Each part is as old as a container can say, and made on no system in particular."""
    memory = BytesIO()
    Package(PARTS).write(memory)
    with zipfile.ZipFile(memory) as archive:
        told = {(entry.date_time, entry.create_system, entry.compress_type) for entry in archive.infolist()}
    assert told == {((1980, 1, 1, 0, 0, 0), 0, zipfile.ZIP_DEFLATED)}
