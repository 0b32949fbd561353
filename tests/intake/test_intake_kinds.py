"""What a ZIP is told by the names in its directory: the short way gives what zipfile gives, or leaves it alone."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalbatch.intake import kinds
from evalbatch.intake.kinds import kind_of
from evalbatch.xlsx.zipped import usual_names

PARTS = ("[Content_Types].xml", "xl/workbook.xml", "XL/Worksheets/Sheet1.xml")


def package(*names: str, comment: bytes = b"", extra: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.comment = comment
        for name in names:
            member = zipfile.ZipInfo(name)
            member.extra = extra
            archive.writestr(member, "<a/>")
    return made.getvalue()


def test_usual_names__a_plain_directory__all_names_as_packages_compare_them() -> None:
    """Also of a folder, and of one part only."""
    assert usual_names(package(*PARTS)) == {"[content_types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        package(*PARTS, comment=b"x"),
        package(*PARTS, extra=b"\x99\x99\x00\x00"),
        package(*PARTS, "说明.txt"),
        b"before" + package(*PARTS),
        package(*PARTS) + b"behind",
        package(*PARTS)[:-30] + package(*PARTS)[-22:],
    ],
    ids=["nothing", "a head", "comment", "extra field", "Chinese name", "before", "behind", "cut out"],
)
def test_usual_names__anything_else__is_left_to_zipfile(data: bytes) -> None:
    """No name is guessed."""
    assert usual_names(data) == frozenset()


@pytest.mark.parametrize("more", [(), ("xl/vbaProject.bin",), ("xl\\workbook.bin",), ("word/document.xml",)])
@settings(max_examples=150, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, 500), st.binary(max_size=3)), max_size=3))
def test_kind_of__bytes_changed_near_the_end__as_without_the_short_way(more, edits) -> None:
    """The directory lies at the end, and whoever sends a file may have written anything into it."""
    data = bytearray(package(*PARTS, *more))
    for place, piece in edits:
        at = max(0, len(data) - place)
        data[at : at + len(piece)] = piece
    for name in ("甲.xlsx", "甲.zip"):
        short = kind_of(bytes(data), name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kinds, "usual_names", lambda _: frozenset())
            assert short == kind_of(bytes(data), name)
