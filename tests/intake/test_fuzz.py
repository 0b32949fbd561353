"""Workbooks broken at random, sent the whole way of a file: each is refused with a reason or goes through."""

import io
import os
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hostile import packed, parts
from many_units import EXAMPLE, unit_workbook

from evalbatch.forms.places import builtin_forms
from evalbatch.model import Finding, Refused, Season, SourceFile, Unit
from evalbatch.pool.local import Lost, Pool
from evalbatch.reading.read import read_workbook
from evalbatch.reports.returned.returned_copy import write_returned_copy
from evalbatch.storage.packing import pack, unpack
from evalbatch.unit import examine, worker
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.xlsx.limits import Limits

pytestmark = pytest.mark.command

WORKBOOKS = int(os.environ.get("EVALBATCH_FUZZ", "300"))
"""How many workbooks are broken; thousands on demand."""
SEED = int(os.environ.get("EVALBATCH_FUZZ_SEED", "7"))
UNIT = Unit("1", "示例单位00000局")
JUNK = (
    "", "²", "-1", "9" * 40, "1e999", "nan", "<", '"', "A0", "XFD1048576", "../../x", "\x00", "中", "=1+1", "&amp;",
    "A1:B2:C3", "1048577", "4294967296", "0.1.2", "true", "#REF!", "2023-13-45", "≥10%", "{{ goal }}", "\u202e",
    "_x0007_", "[$-x]0;;;@",
)  # fmt: skip


def test_broken_at_random__each_workbook__is_refused_with_a_reason_or_goes_through(tmp_path: Path) -> None:
    """No worker is lost: nothing but a refusal stops a file, and nothing that was read can't be written."""
    limits = Limits()
    setup = Setup(tuple(builtin_forms().values()), None, limits, Season("示例区", 2023))
    broken = list(broken_workbooks(random.Random(SEED)))
    tasks = [(data, setup, tmp_path / f"{number}.xlsx") for number, data in enumerate(broken)]
    outcomes: Counter[str] = Counter()
    with Pool(2, limits.seconds, limits.memory_bytes) as pool:
        for number, result in pool.run(whole_way, tasks):
            if isinstance(result, Lost):
                (tmp_path / f"lost{number}.bin").write_bytes(broken[number])
                pytest.fail(f"{result} by {tmp_path / f'lost{number}.bin'}, seed {SEED}")
            outcomes[result] += 1
    print(outcomes)
    assert min(outcomes["through"], outcomes["refused"]) > WORKBOOKS / 10, "the mill breaks too much, or too little"


def whole_way(data: bytes, setup: Setup, target: Path) -> str:
    """What a worker does with a file, from its bytes to its copy and its unit's score sheet."""
    source = SourceFile("甲.xlsx", "", len(data), datetime(2024, 5, 30), "xlsx", "workbook")
    reading = examine.read_bytes(data, source, setup)
    if reading.rejected:
        assert all(f.message.endswith("。") and (f.remedy or "").endswith("。") for f in reading.findings)
        return "refused"
    submissions = tuple(replace(one, number=number) for number, one in enumerate(reading.submissions))
    forms = tuple((source, submission.head) for submission in submissions)
    kept = worker.judge_unit(Dossier(UNIT, forms, reading.findings), {source.path: pack(submissions)}, setup)
    judged = unpack(kept.data)
    found = judged.findings or (Finding("M01", "must-fix", "不符。", "请改正。"),)
    write_returned_copy(data, found, target, UNIT.name)
    worker.write_unit(target, judged.result, judged.packed, setup)
    return "through"


def broken_workbooks(dice: random.Random) -> Iterator[bytes]:
    project = EXAMPLE.parent / "湛江市麻章区总工会本级" / "项目自评_慰问困难职工.xlsx"
    sound = [unit_workbook(0), project.read_bytes(), packed(parts())]
    for number in range(WORKBOOKS):
        data = dice.choices(sound, (5, 4, 1))[0]
        if number % 5 == 0:
            yield with_bytes_changed(data, dice)
        else:
            yield with_a_part_changed(data, dice)


def with_bytes_changed(data: bytes, dice: random.Random) -> bytes:
    """The ZIP itself is damaged: bytes overwritten, cut out, repeated."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(changed))
        match dice.randrange(3):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                del changed[at : at + dice.choice((1, 20, 2000))]
            case 2:
                changed[at:at] = changed[at : at + 50]
    return bytes(changed)


def with_a_part_changed(data: bytes, dice: random.Random) -> bytes:
    """The ZIP is sound; one of its parts is not what it was."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    name = dice.choice([name for name in members if name.endswith((".xml", ".rels"))])
    text = members[name].decode()
    for _ in range(dice.choice((1, 1, 4, 30))):
        text = with_a_spot_changed(text, dice)
    members[name] = text.encode("utf-8", "surrogatepass")
    if dice.random() < 0.05:
        del members[dice.choice(list(members))]
    return packed(members)


def with_a_spot_changed(text: str, dice: random.Random) -> str:
    """An attribute or a text becomes junk, a tag goes, doubles or moves."""
    pattern = dice.choice((r'="([^"]*)"', r">([^<]+)<", r"(<[^>]*>)", r"(<(\w+)[^>]*>[^<]*</\2>)"))
    spots = list(re.finditer(pattern, text))
    if not spots:
        return text + dice.choice(JUNK)
    start, end = dice.choice(spots).span(1)
    match dice.randrange(4):
        case 0 | 1:
            return text[:start] + dice.choice(JUNK) + text[end:]
        case 2:
            return text[:start] + text[end:]
        case _:
            to = dice.choice(spots).start(1)
            return text[:to] + text[start:end] + text[to:]


def test_refused__says_so__like_any_other() -> None:
    """The mill itself is sound: a workbook that is broken for certain does not go through."""
    with pytest.raises(Refused):
        read_workbook(packed(parts(sheet="<")), examine.lexicon_of(tuple(builtin_forms().values())))
