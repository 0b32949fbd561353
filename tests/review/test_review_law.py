"""The law of review.xlsx: no entry is ever lost, over any sequence of runs, edits and changes of submissions."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as st
from review.review_clerk import KEPT, SCORE, Desk
from review.review_made import UNIT, drafted, result_of

from evalbatch.review.entries import share_of
from evalbatch.review.load import FILE_NAME, load_review
from evalbatch.review.write import write_review

LINES = 3
LINE = st.integers(1, LINES)
SCORES = st.one_of(st.integers(0, 12), st.sampled_from(["8.5分", "９", "较好", " ", "=1", None]))
STEPS = st.one_of(
    st.tuples(st.just("type"), LINE, SCORES, st.sampled_from(["张三", "李四", None])),
    st.tuples(st.just("note"), LINE, st.sampled_from(["再问一下", "1-2", "见纪要"])),
    st.tuples(st.just("submit"), LINE, st.sampled_from(["好", "差", None])),
    st.tuples(st.just("copy"), LINE),
    st.tuples(st.just("sort"), st.integers(0, 9)),
    st.tuples(st.just("add column"), LINE),
    st.tuples(st.just("delete keys"), st.sampled_from(["键", "决定摘要", "内容指纹", "行校验", "状态"])),
)


class Season:
    """One review.xlsx, what its clerk does to it, and what the unit sends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.actuals: list[str | None] = ["好"] * LINES
        self.added = 0
        self.run()

    def run(self) -> bool:
        """Run once; tell whether review.xlsx was written."""
        review = load_review(self.path, 2023)
        return write_review(self.path, drafted(review, result_of(self.actuals))).written

    def do(self, *steps: Sequence[object]) -> None:
        """Do these steps one after the other; save once."""
        desk = Desk(self.path)
        for what, *values in steps:
            if what == "submit":
                self.actuals[int(str(values[0])) - 1] = None if values[1] is None else str(values[1])
            else:
                self.edit(desk, str(what), values)
        if any(step[0] != "submit" for step in steps):
            desk.save()

    def edit(self, desk: Desk, what: str, values: Sequence[object]) -> None:
        """Do one edit of the open file."""
        sheet, titles = desk.sheet(SCORE), desk.titles(SCORE)
        rows = [n for n in range(4, sheet.max_row + 1) if sheet.cell(n, titles.index("指标") + 1).value]
        mine = [n for n in rows if sheet.cell(n, titles.index("指标") + 1).value == f"满意度{values[0]}"]
        if what == "sort":
            desk.sort(SCORE, lambda row: crc32(f"{values[0]}{row['指标']}".encode()) if row["指标"] else 2**32)
        elif what == "delete keys" and values[0] in titles:
            desk.delete_columns(SCORE, str(values[0]))
        elif what == "add column" and rows:
            self.added += 1
            desk.add_column(SCORE, f"备忘{self.added}", lambda n: f"记{n}" if n in mine else None)
        elif mine and what == "type":
            sheet.cell(mine[0], titles.index("复核得分") + 1).value = values[1]
            sheet.cell(mine[0], titles.index("复核人") + 1).value = values[2]
        elif mine and what == "note":
            sheet.cell(mine[0], titles.index("意见") + 1).value = values[1]
        elif len(mine) == 1 and what == "copy":
            desk.copy_row(SCORE, 指标=f"满意度{values[0]}")


def typed_in(path: Path) -> Counter[tuple[str, ...]]:
    """Everything that people typed, each entry with what it is about, however often it is there."""
    desk = Desk(path)
    found: Counter[tuple[str, ...]] = Counter()
    for sheet, first in ((SCORE, "复核得分"), (KEPT, "填写")):
        for row in desk.rows(sheet):
            entry = tuple(
                "" if row[title] is None else str(row[title]).strip() for title in (first, "复核人", "复核日期", "意见")
            )
            extra = "/".join(sorted(str(v) for t, v in row.items() if t and t.startswith("备忘") and v))
            name = row.get("指标") or next(n for n in (row["对象"] or "").split("；") if "指标" in n)
            if any(entry) or extra:
                found[(str(name).removeprefix("指标："), *entry, extra)] = 1
    return found


@settings(max_examples=20)
@given(st.lists(st.lists(STEPS, max_size=5), min_size=1, max_size=3))
def test_entries__over_any_runs_and_edits__are_never_lost(runs: list[list[tuple[object, ...]]]) -> None:
    """What was typed before a run is there after it, and a second run changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        for steps in runs:
            season.do(*steps)
            before = typed_in(season.path)
            season.run()
            assert typed_in(season.path) == before
            assert not season.run()


@settings(max_examples=10)
@given(st.lists(STEPS.filter(lambda step: step[0] in ("submit", "sort")), max_size=3), LINE)
def test_decision__applies__exactly_while_its_content_stands(steps: list[tuple[object, ...]], number: int) -> None:
    """A decision counts while the submission says what it said when it was made, and only then."""
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        season.do(("type", number, 8, "张三"))
        season.run()
        for step in steps:
            season.do(step)
            season.run()
            share = share_of(load_review(season.path, 2023), UNIT)
            counted = [d for form in share.decisions(result_of(season.actuals).forms) for d in form.values()]
            assert bool(counted) == (season.actuals[number - 1] == "好")
