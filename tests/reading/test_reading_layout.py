"""A bureau's own form, tags typed into its cells, is read without code."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from evalbatch.model import Refused
from evalbatch.reading.form_check import check_form
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook

TITLE = "资金使用成效自查登记簿"
ROWS = [
    [TITLE],
    ["（{{ year }}年度）"],
    ["谁家的", "{{ unit.name }}", "干什么的", "{{ project.name }}"],
    ["花费（万元）", "开头给的", "后来给的", "用掉的"],
    ["统共", "{{ budget.total.initial }}", "{{ budget.total.adjusted }}", "{{ budget.total.executed }}"],
    ["哪件事", "说好的", "做到的", "占多少", "给几分"],
    [
        "{{ indicators.name }}",
        "{{ indicators.target }}",
        "{{ indicators.actual }}",
        "{{ indicators.weight }}",
        "{{ indicators.score }}",
    ],
    ["全部", None, None, "{{ total_weight }}", "{{ total_score }}"],
    ["谁填的：{{ prepared_by }}"],
    ["{{ form: project }}"],
]
FILLED = [
    [TITLE],
    ["（2023年度）"],
    ["谁家的", "镇政府", "干什么的", "修路"],
    ["花费（万元）", "开头给的", "后来给的", "用掉的"],
    ["统共", 10, 12, 11],
    ["哪件事", "说好的", "做到的", "占多少", "给几分"],
    ["里程", "≥3公里", "3公里", 100, 96],
    ["全部", None, None, 100, 96],
    ["谁填的：张三"],
]


def saved(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_load_lexicon__tagged_form__teaches_its_labels(tmp_path: Path) -> None:
    """Labels that no list knows are found because a tag stands beside or below them."""
    form = saved(tmp_path / "own.xlsx", ROWS)
    data = saved(tmp_path / "filled.xlsx", FILLED).read_bytes()
    assert read_workbook(data, load_lexicon(())).rejected
    reading = read_workbook(data, load_lexicon([form]))
    [submission] = reading.submissions
    assert (submission.form, submission.year, submission.unit_name) == ("project", 2023, "镇政府")
    assert (submission.project, submission.prepared_by) == ("修路", "张三")
    assert [(line.kind, line.initial, line.adjusted, line.executed) for line in submission.budget] == [
        ("total", 10, 12, 11)
    ]
    assert [(one.name, one.target, one.score) for one in submission.indicators] == [("里程", "≥3公里", 96)]
    assert (submission.total_weight, submission.total_score) == (100, 96)
    assert (reading.unused, reading.findings) == ((), ())


def test_check_form__form_in_order__is_usable(tmp_path: Path) -> None:
    """Every tag is listed with its cell and its labels."""
    report = check_form(saved(tmp_path / "own.xlsx", ROWS))
    assert report.usable
    assert "B3　unit.name　（谁家的）" in report.found
    assert "可以使用。" in report.text()


@pytest.mark.parametrize(
    ("wrong", "right", "part"),
    [
        ("{{ unit.name }}", "", "missing"),
        ("{{ indicators.score }}", "{{ indicators.points }}", "unknown"),
        ("{{ prepared_by }}", "{{ project.name }}", "ambiguous"),
        ("给几分", "占多少", "ambiguous"),
    ],
)
def test_check_form__something_wrong__is_listed(tmp_path: Path, wrong: str, right: str, part: str) -> None:
    """A missing tag, an unknown one, one typed twice, one label for two fields."""
    rows = [[cell.replace(wrong, right) if isinstance(cell, str) else cell for cell in row] for row in ROWS]
    report = check_form(saved(tmp_path / "own.xlsx", rows))
    assert not report.usable
    assert getattr(report, part)


def test_check_form__no_tags__is_refused(tmp_path: Path) -> None:
    """An ordinary workbook is no form."""
    with pytest.raises(Refused, match="没有栏目标记"):
        check_form(saved(tmp_path / "plain.xlsx", [["项目支出绩效自评表"]]))


def test_fields__behind_two_colons_in_their_cell__are_read(tmp_path: Path) -> None:
    """其中：基本支出：120万元 has its value behind the whole label; an amount in a text is refused with the remedy."""
    inside = ["其中：基本支出：{{ fields.基本支出 }}万元"]
    form = saved(tmp_path / "own.xlsx", [*ROWS[:5], inside, *ROWS[5:]])
    assert check_form(form).unread == ()
    filled = saved(tmp_path / "filled.xlsx", [*FILLED[:5], ["其中：基本支出：120万元"], *FILLED[5:]])
    [submission] = read_workbook(filled.read_bytes(), load_lexicon([form])).submissions
    assert [(entry.name, entry.number) for entry in submission.fields] == [("基本支出", 120)]
    inside = ["其中：财政拨款：{{ budget.appropriation.executed }}万元"]
    [refused] = check_form(saved(tmp_path / "other.xlsx", [*ROWS[:5], inside, *ROWS[5:]])).unread
    assert refused.startswith("A6　budget.appropriation.executed")
    assert "{{ fields.财政拨款 }}" in refused
