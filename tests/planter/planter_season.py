"""One campaign with a slip of each kind that only a campaign shows: a unit each, the others in order."""

import datetime as dt
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from campaign_folder import campaign_folder, workbook
from planter.planter_content import Form, Unsuitable, form_in_order
from planter.planter_drawing import Place, draw
from planter.planter_dresses import Dress

YEAR = 2023
SETTINGS = """
[campaign]
district = "示例市示例区"
year = 2023
deadline = 2024-05-31
"""
HEADER = [
    "单位编码",
    "单位名称",
    "其他名称",
    "应报表格",
    "年初预算数（万元）",
    "全年预算数（万元）",
    "全年执行数（万元）",
]
APPROVED = ["单位名称", "表格", "项目名称", "三级指标", "年度指标值", "分值"]
SAVED = dt.datetime(2024, 6, 20, 10, 0)
DRESS = Dress(grade=True, version=True)


@dataclass
class Member:
    """A unit of the campaign: its form in order, what the bureau knows of it, and what it hands in."""

    number: int
    name: str
    form: Form
    owes: str = "whole-unit"
    others: str = ""
    figures: tuple[Any, Any, Any] = (None, None, None)
    approved: list[tuple[str, str]] = field(default_factory=list)
    listed: bool = True
    must: set[tuple[str, str | None]] = field(default_factory=set)
    """(code, file name or None) of every finding due."""
    also: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    """The cell where a code must be found."""


Hand = Callable[[random.Random, Member, Path], None]
HANDS: dict[str, Hand] = {}


def hand(make: Hand) -> Hand:
    """Enter one unit of the campaign, by the name of what it does."""
    HANDS[make.__name__] = make
    return make


def submit(rng: random.Random, member: Member, folder: Path, form: Form | None = None, name: str = "自评表.xlsx",
           saved: dt.datetime = SAVED, dress: Dress = DRESS) -> Path:  # fmt: skip
    """Draw the whole-unit form into the unit's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    [member.places] = draw(path, [(form or member.form, dress)], rng)
    stamp(path, saved)
    return path


def stamp(path: Path, saved: dt.datetime) -> None:
    """Set a file's time, as UTC+8 clocks show it."""
    seconds = saved.replace(tzinfo=dt.timezone(dt.timedelta(hours=8))).timestamp()
    os.utime(path, (seconds, seconds))


def make_season(folder: Path, seed: int = 0, only: tuple[str, ...] = (), least: int = 0) -> list[Member]:
    """Make the campaign folder; return its units with what must be found for each. All scores are at least so high."""
    rng = random.Random(seed)
    members = []
    campaign_folder(folder, settings=SETTINGS)
    for number, (name, make) in enumerate(HANDS.items(), start=1):
        if only and name not in only:
            continue
        for more in range(200):
            own = random.Random(f"{seed}{name}{more}")
            member = _member(own, number)
            if member.form.total_score < least:
                continue
            try:
                make(own, member, folder / "inbox" / f"{number:03d}")
            except Unsuitable:
                shutil.rmtree(folder / "inbox" / f"{number:03d}", ignore_errors=True)
                continue
            break
        members.append(member)
    rng.shuffle(members)
    listed = [m for m in members if m.listed]
    rows = [[f"{m.number}01", m.name, m.others, m.owes, *map(_plain, m.figures)] for m in listed]
    workbook(folder / "units.xlsx", [HEADER, ["900", "示例区公共资源中心", "", "免报", "", "", ""], *rows])
    approved = [[m.name, "whole-unit", "", name, target, ""] for m in listed for name, target in m.approved]
    workbook(folder / "approved_targets.xlsx", [APPROVED, *approved])
    return members


def _plain(number: Decimal | None) -> float | str:
    return "" if number is None else float(number)


def _member(rng: random.Random, number: int) -> Member:
    form = form_in_order(rng, "whole-unit", year=YEAR)
    name = f"示例区第{_chinese(number)}{form.unit.removeprefix('示例市示例区')}"
    form = replace(form, unit=name, code=f"{number}01", version="BM-1.0", goal=f"第{number}项{form.goal}")
    if form.filled_on > dt.date(2024, 5, 31):
        form.filled_on = dt.date(2024, 5, 20)
    total = form.money[0]
    return Member(number, name, form, figures=(total.initial, total.adjusted, total.executed))


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
