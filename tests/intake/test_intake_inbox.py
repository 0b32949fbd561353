"""What a folder holds, whatever lies in it and however it is named."""

import os
import socket
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from hostile import packed, workbook

from evalbatch.intake.inbox import list_inbox, load, source_of, sources_of
from evalbatch.model import Refused
from evalbatch.xlsx.limits import Limits

LIMITS = Limits()
BEIJING = timezone(timedelta(hours=8))
BOOK = workbook()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def stream(name):
    """An OLE file with a stream of a name."""
    return OLE + f"{name}\0".encode("utf-16-le")


def listing(folder, limits=LIMITS):
    """Path to (role, code) of all that is listed."""
    return {s.path: (s.role, s.refusal.code if s.refusal else "") for s in list_inbox(folder, limits)}


FILES = [
    ("工会.xlsx", BOOK, "workbook", ""),
    ("a workbook under a text's name.txt", BOOK, "workbook", ""),
    ("旧表.xls", stream("Workbook"), "workbook", ""),
    ("wps.et", stream("Workbook"), "workbook", ""),
    ("~$工会.xlsx", b"user", "ignored", ""),
    (".DS_Store", b"x", "ignored", ""),
    ("Thumbs.db", OLE, "ignored", ""),
    ("desktop.ini", b"[x]", "ignored", ""),
    (".~lock.工会.xlsx#", b"x", "ignored", ""),
    ("~wps1234.tmp", b"x", "ignored", ""),
    ("盖章扫描件.pdf", b"%PDF-1.4", "attachment", ""),
    ("照片.jpg", b"\xff\xd8\xff\xe0", "attachment", ""),
    ("报告.docx", packed({"[Content_Types].xml": "", "word/document.xml": ""}), "attachment", ""),
    ("报告.doc", stream("WordDocument"), "attachment", ""),
    ("报告.ofd", packed({"OFD.xml": ""}), "attachment", ""),
    ("说明.txt", "请查收".encode(), "attachment", ""),
    ("网页.xlsx", b"<html></html>", "rejected", "F03"),
    ("扫描.xlsx", b"%PDF-1.4", "rejected", "F03"),
    ("逗号.xlsx", b"a,b\n1,2\n", "rejected", "F03"),
    ("压缩.rar", b"Rar!\x1a\x07\x00", "rejected", "F03"),
    ("压缩.7z", b"7z\xbc\xaf\x27\x1c", "rejected", "F03"),
    ("压缩.gz", b"\x1f\x8b\x08", "rejected", "F03"),
    ("压缩.tar", bytes(257) + b"ustar\x0000", "rejected", "F03"),
    ("有密码.xlsx", stream("EncryptedPackage"), "workbook", ""),
    ("空.xlsx", b"", "rejected", "F01"),
    ("乱.xlsx", bytes(range(256)), "rejected", "F01"),
    ("空.zip", packed({}), "rejected", "F01"),
    ("半个.zip", packed({"a.xlsx": BOOK})[:300], "rejected", "F01"),
]


@pytest.mark.parametrize(("name", "content", "role", "code"), FILES, ids=[case[0] for case in FILES])
def test_file__by_its_content__gets_its_role(tmp_path, name, content, role, code):
    """The content says what a file is; the name decides only what is ignored and what was promised."""
    (tmp_path / name).write_bytes(content)
    assert listing(tmp_path) == {name: (role, code)}


NAMES = [
    "😀表.xlsx",
    "字" * 80 + ".xlsx",
    "两\n行.xlsx",
    "-rf.xlsx",
    "\u202eabc.xlsx",
    "a\\b.xlsx",
    " 前后空格 .xlsx",
    "=1+1.xlsx",
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_name__is_listed_and_loaded(tmp_path, name):
    """A name is only a name."""
    (tmp_path / name).write_bytes(BOOK)
    (source,) = list_inbox(tmp_path, LIMITS)
    assert source.path == name
    assert load(tmp_path, source, LIMITS) == BOOK


def test_undecodable_name__is_listed_as_text__and_loaded(tmp_path):
    """Bytes that are no text are written out, and the file is found again."""
    (tmp_path / os.fsdecode("表".encode("gbk") + b".xlsx")).write_bytes(BOOK)
    (source,) = list_inbox(tmp_path, LIMITS)
    assert source.path.encode("utf-8")
    assert load(tmp_path, source, LIMITS) == BOOK


def test_folders__in_any_depth__are_walked_in_order(tmp_path):
    """A folder named like a workbook is a folder; paths use slashes and come sorted."""
    deep = tmp_path / "乙" / "x.xlsx" / "深"
    deep.mkdir(parents=True)
    (deep / "b.xlsx").write_bytes(BOOK)
    (tmp_path / "乙" / "a.xlsx").write_bytes(BOOK)
    paths = [source.path for source in list_inbox(tmp_path, LIMITS)]
    assert paths == ["乙/a.xlsx", "乙/x.xlsx/深/b.xlsx"]


def test_links_pipes_sockets__are_listed_and_not_opened(tmp_path):
    """Nothing but a regular file is read; a loop of folders does not hang, a pipe does not wait."""
    (tmp_path / "real.xlsx").write_bytes(BOOK)
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real.xlsx")
    (tmp_path / "zero.xlsx").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.xlsx")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.xlsx"))
    found = listing(tmp_path)
    assert found.pop("real.xlsx") == ("workbook", "")
    assert set(found) == {"link.xlsx", "zero.xlsx", "loop", "pipe.xlsx", "s.xlsx"}
    assert set(found.values()) == {("rejected", "F01")}


def test_file_beyond_the_limit__is_refused_unread__a_document_is_left_alone(tmp_path):
    """Three gigabytes of holes cost nothing; a large scan is still an attachment."""
    for name, start in (("稀疏.xlsx", b""), ("扫描.pdf", b"%PDF-1.7")):
        with (tmp_path / name).open("wb") as file:
            file.write(start)
            file.truncate(3 << 30)
    assert listing(tmp_path) == {"稀疏.xlsx": ("rejected", "F04"), "扫描.pdf": ("attachment", "")}


def test_zip__is_opened_like_a_folder(tmp_path):
    """Members are listed by what they are; the archive itself is ignored, for they stand for it."""
    inner = packed({"c.xlsx": BOOK})
    members = {
        "工会/a.xlsx": BOOK,
        "../../b.xlsx": BOOK,
        "__MACOSX/a.xlsx": b"x",
        "c.zip": inner,
        "d.rar": b"Rar!\x1a\x07\x00",
        "e.pdf": b"%PDF-1.4",
        "f.xlsx": b"",
    }
    (tmp_path / "包.zip").write_bytes(packed(members, zipfile.ZIP_STORED))
    assert listing(tmp_path) == {
        "包.zip": ("ignored", ""),
        "包.zip/工会/a.xlsx": ("workbook", ""),
        "包.zip/b.xlsx": ("workbook", ""),
        "包.zip/__MACOSX/a.xlsx": ("ignored", ""),
        "包.zip/c.zip": ("rejected", "F03"),
        "包.zip/d.rar": ("rejected", "F03"),
        "包.zip/e.pdf": ("attachment", ""),
        "包.zip/f.xlsx": ("rejected", "F01"),
    }
    for source in list_inbox(tmp_path, LIMITS):
        if source.role == "workbook":
            assert load(tmp_path, source, LIMITS) == BOOK
            assert source.modified == datetime(2024, 5, 30, 8, tzinfo=BEIJING)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_zip_member__named_without_the_utf8_mark__is_decoded(tmp_path, encoding):
    """Windows writes GBK, macOS UTF-8, and neither says so."""
    raw = "绩效自评.xlsx".encode(encoding)
    stand_in = "x" * len(raw)
    (tmp_path / "a.zip").write_bytes(packed({stand_in: BOOK}).replace(stand_in.encode(), raw))
    assert "a.zip/绩效自评.xlsx" in listing(tmp_path)


def test_zip_members_of_one_name__are_told_apart(tmp_path):
    """Neither of two members hides the other."""
    other = workbook(types="<Types/>")
    (tmp_path / "a.zip").write_bytes(packed({"a.xlsx": BOOK, "b.xlsx": other}).replace(b"b.xlsx", b"a.xlsx"))
    sources = [source for source in list_inbox(tmp_path, LIMITS) if source.role == "workbook"]
    assert {source.path: load(tmp_path, source, LIMITS) for source in sources} == {
        "a.zip/a.xlsx": BOOK,
        "a.zip/a (2).xlsx": other,
    }


def test_zip_under_a_password__is_refused(tmp_path):
    """Nothing in it can be read, so it is one rejected file."""
    data = bytearray(packed({"a.xlsx": BOOK}))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert listing(tmp_path) == {"a.zip": ("rejected", "F02")}


def test_zip_beyond_its_limits__is_refused(tmp_path):
    """Too many members, or too much in all, and none is read."""
    (tmp_path / "a.zip").write_bytes(packed({f"{i}.txt": "x" for i in range(20)}))
    assert listing(tmp_path, Limits(archive_members=19)) == {"a.zip": ("rejected", "F04")}
    assert listing(tmp_path, Limits(archive_total_bytes=19)) == {"a.zip": ("rejected", "F04")}


def test_time_of_a_file__is_given_in_utc_8(tmp_path):
    """1716998400 is 2024-05-30 at midnight in Beijing; a time that no calendar has does no harm."""
    for name, seconds in (("a.xlsx", 1716998400), ("b.xlsx", 1 << 40)):
        (tmp_path / name).write_bytes(BOOK)
        os.utime(tmp_path / name, (seconds, seconds))
    first, second = list_inbox(tmp_path, LIMITS)
    assert first.modified == datetime(2024, 5, 30, 0, 0, tzinfo=BEIJING)
    assert second.modified.tzinfo is not None


def test_refusal__is_a_finding_with_title_and_remedy(tmp_path):
    """The sender is told what is wrong and what to do."""
    (tmp_path / "a.xlsx").write_bytes(b"")
    (source,) = list_inbox(tmp_path, LIMITS)
    assert source.refusal.title == "文件无法打开"
    assert source.refusal.severity == "must-fix"
    assert source.refusal.file == "a.xlsx"
    assert "重新报送" in source.refusal.remedy


def test_file_named_on_the_command_line(tmp_path):
    """One file is judged alike; a ZIP yields its members, or is refused where one workbook is asked for."""
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    (tmp_path / "a.zip").write_bytes(packed({"b.xlsx": BOOK}))
    source = source_of(tmp_path / "a.xlsx", LIMITS)
    assert (source.path, source.role) == ("a.xlsx", "workbook")
    assert load(tmp_path, source, LIMITS) == BOOK
    assert [s.path for s in sources_of(tmp_path / "a.zip", LIMITS)] == ["a.zip", "a.zip/b.xlsx"]
    assert source_of(tmp_path / "a.zip", LIMITS).refusal.code == "F03"
    assert source_of(tmp_path / "none.xlsx", LIMITS).refusal.code == "F01"
    with pytest.raises(Refused):
        sources_of(tmp_path, LIMITS)


def test_load__of_a_file_that_has_gone__is_refused(tmp_path):
    """Between listing and reading a file may be moved away."""
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    (source,) = list_inbox(tmp_path, LIMITS)
    (tmp_path / "a.xlsx").unlink()
    with pytest.raises(Refused) as refused:
        load(tmp_path, source, LIMITS)
    assert refused.value.code == "F01"
