"""A whole season: 40 units, three rounds, all mistakes mixed; each unit ends complete, each letter and row is true."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rounds.campaign_rounds import Rounds, stamp
from rounds.odsfile import as_ods

NAMES = [f"示例区第{n:02}局" for n in range(1, 41)]
ROSTER = "单位编码 | 单位名称 | 电子邮箱 | 全年预算数（万元） | 全年执行数（万元）\n" + "\n".join(
    f"{100 + n} | {name} | u{n}@example.org | {'100' if n % 2 else ''} | {'90' if n % 2 else ''}"
    for n, name in enumerate(NAMES, start=1)
)
REASON = "受台风天气影响，两场活动推迟到下年举办，已列入计划。"
Send = Callable[[Rounds, str], None]


def form(**changed: Any) -> Send:
    """Send the form in order but for what is given."""

    def send(rounds: Rounds, name: str) -> None:
        rounds.submit(f"{name}/自评表.xlsx", name, goal=f"{name}的年度目标。", **changed)

    return send


def broken(rounds: Rounds, name: str) -> None:
    form()(rounds, name)
    path = rounds.inbox / name / "自评表.xlsx"
    path.write_bytes(path.read_bytes()[:900] + name.encode())
    stamp(path, "2024-05-20")


def list_only(rounds: Rounds, name: str) -> None:
    form(total=95)(rounds, name)
    as_ods(rounds.inbox / name / "自评表.xlsx")


def of_a_stranger(rounds: Rounds, name: str) -> None:
    rounds.submit(f"{name}/自评表.xlsx", NAMES[0], goal=f"第{NAMES.index(name)}份放错。", total=88)


def nothing(rounds: Rounds, name: str) -> None:
    """Not yet."""


MISTAKES: list[Send] = [
    form(),
    form(total=95),
    form(scores=(47, 30, 10), actuals=("9场", "96%", "98%"), reasons=(REASON, "", "")),
    form(scores=(50, 30, 10), actuals=("9场", "96%", "98%"), reasons=(REASON, "", "")),
    form(scores=(52, 30, 10)),
    form(year=2022),
    of_a_stranger,
    form(saved="2024-06-05", filled="2024-06-05"),
    nothing,
    broken,
    list_only,
    form(scores=(45, 30, 10), actuals=("9场", "96%", "98%")),
    form(executed=900_000, budget=1_000_000),
]


def correct(rounds: Rounds, name: str, saved: str) -> None:
    """Do what the returned copy says, to the letter: each expected value into its cell, a reason where one is due."""
    for file in rounds.record()["files"]:
        if file["unit"] != name or file["status"] not in ("returned", "rejected"):
            continue
        target = rounds.inbox / file["path"]
        if target.suffix == ".ods" or file["status"] == "rejected":
            target.unlink()
            rounds.submit(f"{name}/重报.xlsx", name, saved=saved, filled=saved, goal=f"{name}的年度目标。")
            continue
        book = load_workbook(rounds.folder / "output" / file["returned"])
        for found in file["findings"]:
            if found["severity"] == "must-fix" and found["expected"] is not None:
                book[found["sheet"]][found["cell"]] = found["expected"]
            elif found["code"] == "A06":
                book[found["sheet"]][found["cell"]] = REASON
            elif found["code"] == "M06":
                for address, value in re.findall(r"([A-Z]+\d+)填([\d.]+)", found["message"]):
                    book[found["sheet"]][address] = float(value)
        path = target if "2022" not in str(file["findings"]) else target.with_name("自评表（更正）.xlsx")
        book.save(path)
        stamp(path, saved)


def read_all(letters: dict[str, str]) -> None:
    """No letter names another unit, a day that has passed, or marks that are not there."""
    for file, text in letters.items():
        own = next(name for name in NAMES if name in file)
        assert not [name for name in NAMES if name != own and name in text], text
        assert "于2024年5月31日前重新报送" not in text or "6月" not in text, text
        assert ("按标注" in text) <= ("更正处已标出" in text), text
        for bad in ("None", "空白至", "0以上的数", "留空", "must-fix", "project", "whole-unit", "{", "}"):
            assert bad not in text, f"{bad}: {text}"


@pytest.mark.slow
def test_a_season_of_three_rounds__ends_with_every_unit_complete(tmp_path: Path) -> None:
    """What each unit was asked for, done to the letter, is enough; the record says when and by which file."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    for number, name in enumerate(NAMES):
        MISTAKES[number % len(MISTAKES)](rounds, name)
    first = rounds.run()
    assert first["counts"]["unassigned"] == sum(MISTAKES[n % len(MISTAKES)] is of_a_stranger for n in range(40))
    read_all(rounds.letters())
    read_all(rounds.letters("remind"))
    for unit in first["units"]:
        if unit["status"] == "returned":
            correct(rounds, unit["name"], "2024-06-08")
        elif unit["status"] == "missing":
            shutil.rmtree(rounds.inbox / unit["name"], ignore_errors=True)
            rounds.submit(
                f"{unit['name']}/自评表.xlsx", unit["name"], saved="2024-06-08", filled="2024-06-08", total=97,
                goal=f"{unit['name']}的年度目标。",
            )  # fmt: skip
    second = rounds.run()
    read_all(rounds.letters())
    for unit in second["units"]:
        if unit["status"] == "returned":
            correct(rounds, unit["name"], "2024-06-16")
    third = rounds.run()
    letters = rounds.letters()
    read_all(letters)
    assert {u["name"]: u["status"] for u in third["units"] if u["status"] not in ("complete", "late")} == {}
    late = {u["name"] for u in third["units"] if u["late"]}
    assert late == {
        name for n, name in enumerate(NAMES)
        if MISTAKES[n % len(MISTAKES)] in (nothing, of_a_stranger, MISTAKES[7], broken)
    }  # fmt: skip
    for row in rounds.ledger():
        assert row["级别"] != "必须更正" or row["整改状态"] == "已整改", row
        if row["整改状态"] == "已整改":
            assert (rounds.inbox / row["整改依据"]).is_file(), row
            assert row["整改日期"], row
    for row in rounds.sheet("重报对比"):
        assert not re.search(r"unit\.|total_|filled_on|None|whole-unit", " ".join(row.values())), row
