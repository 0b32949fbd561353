"""What people typed and what there is to decide now in; which entries count, and what to say about each, out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from evalbatch.campaign.form_names import form_name
from evalbatch.review.columns import Kind
from evalbatch.review.slip import NEW, UNSURE, Slip, Typed, digest_of, identity_of, plain
from evalbatch.scoring.words import plain as plain_name
from evalbatch.sheets.table import CellValue
from evalbatch.text.folding import one_width

State = Literal["open", "valid", "stale", "unsure", "conflict", "invalid"]
_OPEN: Mapping[Kind, str] = {"score": "待定", "waiver": "没有豁免", "file": "待指定"}
STALE, UNSURE_WORDS, TWICE = "已过期", "不能确定", "重复"
UNCONFIRMED = (STALE, UNSURE_WORDS, TWICE)
"""How the status of an entry begins that a person has to look at again."""
_POINTS = re.compile(r"([-+]?\d{1,9}(?:\.\d{1,9})?)分?")
_AGAIN = "请核对后改填复核日期或意见，表示确认"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that a person can decide now: its key, what its row shows, and the fingerprint of that."""

    kind: Kind
    key: str
    unit: str
    shown: Mapping[str, CellValue]
    content: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands: `words` are shown to the clerk; `slip` is the entry that counts, when valid."""

    state: State
    words: str
    slip: Slip | None = None


def match(slips: Sequence[Slip], matters: Sequence[Matter]) -> tuple[list[list[Slip]], list[Slip]]:
    """Give each matter its slips, by key; the rest comes back second, in order.

    A row whose key is gone is known again by what it shows, if only one matter shows that. So is a file whose
    content was replaced under its old name.
    """
    places = {matter.key: place for place, matter in enumerate(matters)}
    by_look: _ByLook | None = None
    own: list[list[Slip]] = [[] for _ in matters]
    rest = []
    for slip in slips:
        found = places.get(slip.key) if slip.key else None
        if found is None and (not slip.key or slip.kind == "file"):
            by_look = _looks(matters) if by_look is None else by_look  # few runs need it
            found = _by_look(slip, matters, by_look.get((slip.kind, identity_of(slip.kind, slip.shown)), []))
        if found is None and slip.decided == NEW:
            found = _by_names(slip, matters)
        if found is None:
            rest.append(slip)
        else:
            own[found].append(slip)
    return own, rest


def _by_names(slip: Slip, matters: Sequence[Matter]) -> int | None:
    """Find the one line that a person's own row names: its indicator, and its table and project where given."""
    form, project = str(slip.shown.get("表") or ""), slip.shown.get("项目")
    found = [
        place
        for place, matter in enumerate(matters)
        if matter.kind == slip.kind
        and name_of_row(slip.shown.get("指标")) == name_of_row(matter.shown.get("指标"))
        and plain(matter.unit) == plain(slip.unit)
        and (not form or form_name(form) == form_name(str(matter.shown.get("表") or "")))
        and (not project or plain(project) == plain(matter.shown.get("项目")))
    ]
    return found[0] if len(found) == 1 else None


def name_of_row(value: object) -> str:
    """Write an indicator's name as names of indicators are compared."""
    return plain_name(str(value or ""))


_ByLook = Mapping[tuple[Kind, tuple[str, ...]], Sequence[int]]


def _looks(matters: Sequence[Matter]) -> _ByLook:
    """Give the places of the matters that show the same."""
    found: dict[tuple[Kind, tuple[str, ...]], list[int]] = {}
    for place, matter in enumerate(matters):
        found.setdefault((matter.kind, identity_of(matter.kind, matter.shown)), []).append(place)
    return found


def _by_look(slip: Slip, matters: Sequence[Matter], alike: Sequence[int]) -> int | None:
    same = [place for place in alike if matters[place].content == slip.decided]
    if len(alike) == 1:
        return alike[0]
    return same[0] if len(same) == 1 else None


def weigh(matter: Matter, slips: Sequence[Slip], problem: Callable[[Slip], str]) -> Standing:
    """Tell whether an entry counts for a matter; `problem` says what is wrong with an entry, "" when nothing is."""
    filled = [slip for slip in slips if slip.filled]
    if not filled:
        return Standing("open", _OPEN[matter.kind])
    if len({digest_of(slip.entry) for slip in filled}) > 1:
        told = f"{TWICE}：同一项有{len(filled)}行，填得不同"
        return Standing("conflict", f"{told}；都没有采用，请留下正确的一行，删去其余")
    slip = next((slip for slip in filled if slip.decided in (matter.content, NEW)), filled[0])
    if slip.decided == UNSURE:
        why = "键列被删改过，或只给部分列排了序"
        return Standing("unsure", f"{UNSURE_WORDS}这一行依据的是哪一版内容（{why}）；没有采用，{_AGAIN}")
    if slip.decided not in (matter.content, NEW):
        return Standing("stale", f"{STALE}：原填“{words(slip.entry[0])}”，之后申报内容有变；没有采用，{_AGAIN}")
    if wrong := problem(slip):
        return Standing("invalid", f"没有采用：{wrong}")
    return Standing("valid", "已采用", slip)


def words(value: Typed) -> str:
    """Write a typed value for a sentence."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        text = str(value)
        text = f"{value:f}" if "E" in text else text
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value or ""


def points(value: Typed) -> Decimal | None:
    """Read a score as people write it.

    >>> points("９．5 分"), points(Decimal(8)), points("较好")
    (Decimal('9.5'), Decimal('8'), None)
    """
    if isinstance(value, Decimal):
        return value
    found = _POINTS.fullmatch(plain(value)) if isinstance(value, str) else None
    return Decimal(found[1]) if found else None


def day(value: Typed) -> date | None:
    """Read a day, None for what names none.

    >>> day("２０２４年6月1日"), day("上周五")
    (datetime.date(2024, 6, 1), None)
    """
    if isinstance(value, date) or value is None:
        return value
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", plain(value))
    found = found or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", plain(value))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def name(value: Typed) -> str:
    """Write a reviewer's name without needless blanks."""
    return " ".join(one_width(words(value)).split())


def no_reviewer(slip: Slip) -> str:
    """Say that a reviewer is missing, "" when one is named."""
    return "" if name(slip.entry[1]) else "没有填复核人，请填写姓名"
