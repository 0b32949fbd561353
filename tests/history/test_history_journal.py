"""The journal: lines are only ever added, a crash costs the line it fell into, and that line is written again."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalbatch.model import Refused
from evalbatch.storage.journal import line_of, open_journal

ENTRIES = [("a", {"单位": "示例局", "得分": "96"}), ("b", {"单位": "甲局\n乙局"}), ("c", {"文件": "表\udcff.xlsx"})]


def read(path: Path) -> dict[str, dict[str, object]]:
    return dict(open_journal(path).entries())


def test_append__entries__are_lines_of_plain_json(tmp_path):
    """A person with an editor, or any program, can read the record."""
    path = tmp_path / "record" / "history.jsonl"
    assert open_journal(path).append(ENTRIES) == 3
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["key"], line["entry"]) for line in lines] == ENTRIES
    assert read(path) == dict(ENTRIES)


def test_append__of_known_keys__adds_nothing(tmp_path):
    """A run repeated leaves the file as it is, to the byte and to its time."""
    path = tmp_path / "history.jsonl"
    open_journal(path).append(ENTRIES)
    before, changed = path.read_bytes(), path.stat().st_mtime_ns
    assert open_journal(path).append(reversed(ENTRIES)) == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, changed)


def test_reading__an_absent_file__has_no_entries_and_makes_none(tmp_path):
    """Looking at a campaign writes nothing into it."""
    assert read(tmp_path / "record" / "history.jsonl") == {}
    assert list(tmp_path.iterdir()) == []


def test_torn__at_every_byte_of_the_last_line__is_mended_to_the_same_bytes(tmp_path):
    """Wherever the machine stopped, the next run leaves the file as if it had not."""
    whole = b"".join(line_of(*entry) for entry in ENTRIES)
    last = len(whole) - len(line_of(*ENTRIES[-1]))
    path = tmp_path / "history.jsonl"
    for length in range(last, len(whole)):
        path.write_bytes(whole[:length])
        torn = open_journal(path)
        assert torn.damaged == ()
        assert path.read_bytes() == whole[:length], "reading mends nothing"
        assert len(torn) == (3 if length == len(whole) - 1 else 2)
        torn.append(ENTRIES)
        assert path.read_bytes() == whole


def test_torn__by_zeros_as_after_a_power_cut__is_mended(tmp_path):
    """A file system may have given the line its length and not yet its bytes."""
    whole = b"".join(line_of(*entry) for entry in ENTRIES)
    path = tmp_path / "history.jsonl"
    path.write_bytes(line_of(*ENTRIES[0]) + b"\0" * 200)
    open_journal(path).append(ENTRIES)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("harm", ["one letter", "no checksum", "half a line"])
def test_damaged__line_in_the_middle__is_left_as_it_is_and_reported(tmp_path, harm):
    """What has its newline is never rewritten; what it said is added again when a run finds it again."""
    first, second, third = (line_of(*entry) for entry in ENTRIES)
    bad = {
        "one letter": second.replace("甲".encode(), "丁".encode()),
        "no checksum": b'{"entry":{}}\n',
        "half a line": second[:20] + b"\n",
    }[harm]
    path = tmp_path / "history.jsonl"
    path.write_bytes(first + bad + third)
    journal = open_journal(path)
    assert journal.damaged == (2,)
    assert journal.append(ENTRIES) == 1
    assert path.read_bytes() == first + bad + third + second
    assert read(path) == dict(ENTRIES)


def test_windows_editor__that_saved_it_with_mark_and_line_ends__is_understood(tmp_path):
    """Someone looked at the record with Notepad and saved it."""
    path = tmp_path / "history.jsonl"
    text = b"".join(line_of(*entry) for entry in ENTRIES)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert read(path) == dict(ENTRIES)


def test_two_writers__one_after_the_other__lose_nothing(tmp_path):
    """A journal that was opened before another process wrote looks again before it writes."""
    path = tmp_path / "history.jsonl"
    mine, other = open_journal(path), open_journal(path)
    other.append(ENTRIES[:2])
    assert mine.append(ENTRIES) == 1
    assert read(path) == dict(ENTRIES)


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a POSIX one")
def test_no_room__in_the_middle_of_a_line__is_one_message_and_the_next_run_mends(tmp_path):
    """Nothing that was there is lost when there is no room left; the rest is written when there is."""
    import resource

    path = tmp_path / "history.jsonl"
    open_journal(path).append(ENTRIES[:1])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 30, limits[1]))
    try:
        with pytest.raises(Refused, match="文件大小到了上限"):
            open_journal(path).append(ENTRIES)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == line_of(*ENTRIES[0]) + line_of(*ENTRIES[1])[:30]
    open_journal(path).append(ENTRIES)
    assert path.read_bytes() == b"".join(line_of(*entry) for entry in ENTRIES)


def test_folder_in_its_place__is_one_message(tmp_path):
    """A record that can't be opened stops the run with words, not with a traceback."""
    (tmp_path / "history.jsonl").mkdir()
    with pytest.raises(Refused, match=r"history\.jsonl"):
        open_journal(tmp_path / "history.jsonl").append(ENTRIES)


keys = st.sampled_from("abcdefgh")


@given(batches=st.lists(st.lists(keys, max_size=5), max_size=5), order=st.randoms(use_true_random=False))
def test_any_interleaving__of_the_same_entries__gives_the_same_set(tmp_path_factory, batches, order):
    """In whatever order and however often entries are appended, each is there once."""
    folder = tmp_path_factory.mktemp("law")
    for name in ("one", "other"):
        for batch in batches:
            open_journal(folder / name).append((key, {"key": key}) for key in batch)
        order.shuffle(batches)
    assert read(folder / "one") == read(folder / "other")
    assert set(read(folder / "one")) == {key for batch in batches for key in batch}
    if any(batches):
        assert (folder / "one").read_bytes().count(b"\n") == len(read(folder / "one"))


@given(entry=st.dictionaries(st.text(), st.text() | st.none() | st.integers() | st.lists(st.text())))
def test_any_entry__comes_back_as_it_was(tmp_path_factory, entry):
    """Line ends, quotes and half characters within an entry stay within it."""
    path = tmp_path_factory.mktemp("any") / "history.jsonl"
    open_journal(path).append([("k", entry)])
    assert read(path) == {"k": entry}
