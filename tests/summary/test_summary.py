"""The district summary: what it says, that its formulas live, and that it is the same every time."""

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from districts import district, synthetic, tiny
from openpyxl import load_workbook
from workbook_text import as_text, computed, formulas, print_scales, values

from evalbatch.model import DueProject, Unit, UnitResult, YearOfUnit
from evalbatch.sheets.book import new_book
from evalbatch.sheets.look import STATUS_WORDS
from evalbatch.sheets.painter import paint
from evalbatch.summary import grid, proposals, ranking, targets
from evalbatch.summary.charts import described
from evalbatch.summary.digest import Digest
from evalbatch.summary.district import District, EarlierYear, Use
from evalbatch.summary.figures import BANDS, PENDING
from evalbatch.summary.grid import Field, lay_out
from evalbatch.summary.overview import conclusions
from evalbatch.summary.workbook import SHEETS, write_summary
from evalbatch.tables.vocabulary import headers

pytestmark = pytest.mark.command

GOLDEN = Path(__file__).parent / "summary_tiny.txt"


def text_of(path: Path) -> str:
    """The whole workbook as text: one line a filled cell, a formula with its stored result."""
    live, stored = load_workbook(path), load_workbook(path, data_only=True)
    lines = []
    for sheet in live:
        lines.append(f"\n# {sheet.title}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    result = f"  → {stored[sheet.title][cell.coordinate].value}" if cell.data_type == "f" else ""
                    lines.append(f"{cell.coordinate}  {cell.value}{result}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def small() -> District:
    """The district of four units."""
    return district(*tiny())


@pytest.fixture(scope="module")
def book(small, tmp_path_factory) -> Path:
    """Its summary."""
    path = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(path, small)
    return path


def test_summary__of_four_units__reads_as_agreed(book):
    """Every cell of every sheet, as text that one can diff; write it anew only after reading the difference."""
    assert text_of(book).splitlines() == GOLDEN.read_text("utf-8").splitlines()


def test_summary__made_a_few_rows_at_a_time__is_the_same_bytes(book, small, tmp_path, monkeypatch):
    """How many rows of a table are made at once is not to be seen."""
    monkeypatch.setattr(grid, "_MADE_AT_ONCE", 3)
    write_summary(tmp_path / "again.xlsx", small)
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_summary__written_twice__is_the_same_bytes(book, tmp_path):
    """The same district gives the same bytes."""
    write_summary(tmp_path / "again.xlsx", district(*tiny()))
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_overview__key_figures__are_formulas_with_these_results(book):
    """Each number for the leader is computed from a sheet of the workbook, and stored for who does not compute."""
    stored, live = values(book), formulas(book)
    page = load_workbook(book)["总览"]
    labels = {cell.value: cell.coordinate for row in page.iter_rows(max_row=30) for cell in row if cell.value}
    below = {label: page[where].offset(row=1).coordinate for label, where in labels.items()}
    wanted = {
        "应报单位（个）": 4,
        "未报送单位（个）": 1,
        "已报齐单位（个）": 1,
        "退回更正单位（个）": 1,
        "整体自评平均（分）": 96.5,
        "整体复核平均（分）": 91.815,
        "预算加权复核平均（分）": pytest.approx((96 * 138.79 + 87.63 * 250) / 388.79),
        "待定项（项）": 1,
        "全年预算数（万元，3个单位）": 468.79,
        "全年执行数（万元，3个单位）": 367.92,
        "执行率": pytest.approx(367.92 / 468.79),
        "执行率低于80%（个）": 1,
        "必须更正的问题（项）": 3,
        "请核实的问题（项）": 1,
        "提示的问题（项）": 1,
        "报送不全单位（个）": 0,
        "逾期单位，含退回的（个）": 1,
        "归属未定的文件（个）": 1,
        "项目（个）": 1,
        "收到文件（个）": 6,
    }
    assert {label: stored["总览", below[label]] for label in wanted} == wanted
    assert all(("总览", below[label]) in live for label in wanted)


def test_overview__sentences__say_coverage_and_never_mix_projects_with_units(small):
    """The conclusions, as the leader reads them; grades of no unit are 0, those that may change are counted."""
    said = list(conclusions(Digest(small)))
    first = next(line.text for line in said if line.topic == "报送")
    assert first == "应报4个单位，已报送3个，报送率75.00%；未报送1个，退回更正1个，逾期报送1个，已报齐1个。"
    assert [line.text for line in said if line.topic == "得分"] == [
        "部门整体得分2个：自评平均96.50分，复核平均91.82分；复核等级优1个，良1个，中0个，差0个，其中1个在待定项核定后等级还可能变。",
        "只报项目的单位得分1个：自评平均95.00分，复核平均90.00分；复核等级优1个，良0个，中0个，差0个。",
    ]


def test_overview__names__of_who_owes_something__all_where_few_the_first_where_many():
    """Missing, returned, incomplete and late units are named, and each line leads to the first row of its list."""
    few, many = (
        {line.topic: line for line in conclusions(Digest(district(*results)))} for results in (tiny(), synthetic(200))
    )
    assert few["未报送"].text == "1个：麻章区信访局。"
    assert few["退回更正"].text == "1个：麻章区文化馆。"
    assert few["逾期"].text == "1个：麻章区水务局。"
    assert (few["退回更正"].sheet, few["退回更正"].row) == ("提交情况", 1)
    assert few["未计金额"].text == "1个单位没有计入合计。未报送1个：麻章区信访局。"
    names = many["未报送"].text.partition("：")[2]
    assert names.count("、") == 4
    assert names.endswith(f"等{many['未报送'].text.partition('个')[0]}个。")


def test_overview__each_figure_and_line__leads_to_its_list(book):
    """One click from each figure to what it counts: to a sheet that is there, and a row of its list."""
    whole = load_workbook(book)
    page = whole["总览"]
    figures = [cell for row in page.iter_rows(max_row=30) for cell in row if str(cell.value).endswith("）")]
    assert len(figures) >= 19
    links = [(cell.value, cell.hyperlink.location) for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert {figure.value for figure in figures} <= {name for name, _ in links}
    for name, where in links:
        sheet, _, cell = where.rpartition("!")
        target = whole[sheet.strip("'")]
        if name in ("未报送", "退回更正"):
            assert name in [found.value for found in target[target[cell].row]]


def test_summary__sheets_without_a_row__are_left_out(tmp_path):
    """No table of nothing is painted, nor listed on the first page."""
    _, units, _ = tiny()
    path = tmp_path / "汇总.xlsx"
    write_summary(path, district((), tuple(unit for unit in units if unit.status == "missing"), ()))
    assert load_workbook(path).sheetnames == [
        "总览", "提交情况", "资金执行", "问题清单", "问题分类", "整改台账", "文件清单", "口径说明", "数据核对",
    ]  # fmt: skip


@pytest.mark.parametrize("results", [tiny(), synthetic(40), synthetic(80)], ids=["tiny", "forty", "eighty"])
def test_charts__compare_at_least_two_bars__on_a_scale_that_shows_them(results):
    """One bar is no chart; what differs by a point is not drawn on a scale of a hundred."""
    whole = Digest(district(*results))
    with new_book(BytesIO(), "图") as book:
        painted = {
            t.name: paint(book, t) for t in (make(whole) for make in SHEETS.values()) if t is not None and len(t.rows)
        }
        shown = list(described(whole, painted))
    assert shown
    for bars in shown:
        assert sum(any(v[n].value for _, v in bars.series) for n in range(len(bars.names))) > 1, bars.title
        if bars.kind == "points":
            assert all(abs(value.value) < 50 for _, values in bars.series for value in values)


def test_projects__that_are_due__tell_their_coverage(small):
    """Received ones are matched by unit and name."""
    due = tuple(DueProject("麻章区水务局", name, (name,)) for name in ("河道清淤", "水库加固"))
    units = tuple(
        replace(unit, due_projects=due, missing_projects=due[1:]) if unit.unit.name == "麻章区水务局" else unit
        for unit in small.units
    )
    said = next(line.text for line in conclusions(Digest(replace(small, units=units))) if line.topic == "项目")
    assert said == "收到1个项目，全年预算数合计80.00万元；应报的2个项目中已自评1个，自评覆盖率50.00%。"


@pytest.mark.render
@pytest.mark.parametrize("results", [tiny(), synthetic(40)], ids=["tiny", "forty"])
def test_formulas__computed_by_libreoffice__give_the_stored_results(results, tmp_path):
    """Every formula lives: computed afresh it gives what was stored, and none an error."""
    path = tmp_path / "汇总.xlsx"
    write_summary(path, district(*results))
    stored, fresh = values(path), values(computed(path, tmp_path))
    live = formulas(path)
    assert len(live) > 60
    wrong = {place: (stored[place], fresh[place]) for place in live if not same(stored[place], fresh[place])}
    assert wrong == {}


def test_summary__before_anything_came__says_so_and_computes_nothing(tmp_path):
    """Without files and units there is nothing to add up, and nothing pretends to be."""
    write_summary(tmp_path / "a.xlsx", district((), ()))
    assert not [place for place in formulas(tmp_path / "a.xlsx") if place[0] != "图表数据"]
    assert "A5  （无）" in as_text(tmp_path / "a.xlsx", "提交情况")


def same(stored: object, fresh: object) -> bool:
    """Whether two results are one, but for the tail of a float; a blank is a blank."""
    if isinstance(stored, int | float) and isinstance(fresh, int | float):
        return abs(stored - fresh) < 1e-6 * max(1, abs(stored))
    return (stored or "") == (fresh or "")


def test_sheets__of_any_district__stand_in_order_of_reading(book):
    """The overview first, then submission to proof; the charts' figures last."""
    names = load_workbook(book).sheetnames
    assert names[0] == "总览"
    assert names[1:4] == ["提交情况", "得分排名", "项目单位得分"]
    assert names[-2:] == ["数据核对", "图表数据"]


def test_overview__links__lead_to_every_sheet(book):
    """The list of sheets names each of them, and a click goes there."""
    workbook = load_workbook(book)
    links = {cell.value: cell.hyperlink.location for row in workbook["总览"] for cell in row if cell.hyperlink}
    assert set(links) >= set(workbook.sheetnames) - {"总览"}
    assert all(links[name].split("!")[0].strip("'") == name for name in workbook.sheetnames[1:])


def test_findings__with_a_returned_copy__link_to_its_cell(book):
    """The link is relative, so the folder can be mailed or moved."""
    page = load_workbook(book)["问题清单"]
    links = [cell.hyperlink for row in page for cell in row if cell.value == "打开"]
    assert {(link.target, link.location) for link in links} >= {(r"returned\102文化馆.xlsx", "'自评表'!F15")}


def test_sheets__printed_on_a4__are_large_enough_to_read(tmp_path):
    """Fitted to the paper's width, no sheet of forty units with long names prints below two thirds of its size."""
    files, units = synthetic(40)
    long = "国家级自然保护区管理委员会林业和草原综合行政执法局"
    units = tuple(replace(result, unit=replace(result.unit, name=result.unit.name + long)) for result in units)
    last = EarlierYear(2022, district(files, units).tables["units"], "上年数取自批次“2022年自评”。")
    write_summary(tmp_path / "a.xlsx", district(files, units, earlier=(last,)))
    assert {name: scale for name, scale in print_scales(tmp_path / "a.xlsx").items() if scale < 0.66} == {}


def test_agreement__of_three_ways__holds_for_many_units(tmp_path):
    """The totals of sheets, tables and results are one."""
    write_summary(tmp_path / "a.xlsx", district(*synthetic(30)))
    page = load_workbook(tmp_path / "a.xlsx", data_only=True)["数据核对"]
    assert page["A1"].value == "14项合计全部一致"
    assert {row[4].value for row in page.iter_rows(min_row=5)} == {"一致"}


def test_agreement__a_file_lost_from_the_tables__is_told(small, tmp_path):
    """The proof can fail: a total that differs is shown as such."""
    tables = dict(small.tables) | {"files": small.tables["files"].iloc[:-1]}
    write_summary(tmp_path / "a.xlsx", replace(small, tables=tables))
    page = load_workbook(tmp_path / "a.xlsx", data_only=True)["数据核对"]
    assert page["A1"].value == "14项合计中有1项不一致"
    assert [cell.value for cell in page[5]] == ["文件数", 5, 5, 6, "不一致"]


def test_ranking__equal_scores__share_a_rank():
    """1, 2, 2, 4: equals share a rank, and the next counts all before it."""
    scores = map(Decimal, (90, 95, 90, 80))
    units = [
        UnitResult(Unit(str(place), f"{place}局"), "complete", scored_by="score", verified_score=score)
        for place, score in enumerate(scores)
    ]
    ranked = Digest(district((), tuple(units))).whole
    assert [(unit["unit_name"], unit["rank"]) for unit in ranked] == [("1局", 1), ("0局", 2), ("2局", 2), ("3局", 4)]


def test_status__of_a_unit_that_owes_nothing__is_exempt(tmp_path):
    """免报 is no debt: it counts neither as owing nor as missing."""
    units = (UnitResult(Unit("1", "甲局", owes=()), "missing"), UnitResult(Unit("2", "乙局"), "missing"))
    digest = Digest(district((), units))
    assert [digest.status(unit) for unit in digest.units] == ["免报", STATUS_WORDS["missing"]]
    assert len(digest.owing) == 1


def test_last_year__where_there_is_one__stands_beside_this_one(small, tmp_path):
    """With last year's tables a sheet compares the years; without, it is not there."""
    before = EarlierYear(2022, small.tables["units"], "上年数取自批次“2022年自评”。")
    write_summary(tmp_path / "a.xlsx", replace(small, earlier=(before,)))
    text = as_text(tmp_path / "a.xlsx", "与上年比较")
    assert 'G6  =IF(AND(ISNUMBER(F6),ISNUMBER(E6)),ROUND(F6-E6,6),"")' in text


@pytest.mark.render
def test_last_year__totals_on_the_overview__stand_beside_this_year(small, tmp_path):
    """Both years and what changed, live; a unit that is no more stands last on the sheet of units."""
    units = small.tables["units"]
    gone = units.assign(unit_code="999", unit_name="撤销局").iloc[:1]
    before = EarlierYear(2022, pd.concat([units.iloc[:2], gone]), "上年数取自批次“2022年自评”。")
    path = tmp_path / "a.xlsx"
    write_summary(path, replace(small, earlier=(before,)))
    stored, fresh = values(path), values(computed(path, tmp_path))
    page = load_workbook(path, data_only=True)["总览"]
    rows = {row[0].value: (row[5].value, row[7].value, row[9].value) for row in page.iter_rows(min_row=15)}
    assert rows["与上年比较"] == ("上年（2022年度）", "本年（2023年度）", "增减")
    assert rows["名单单位（个）"] == (3, 4, 1)
    assert rows["已报送单位（个）"] == (3, 3, 0)
    assert rows["全年预算数（万元）"] == (527.58, 468.79, -58.79)
    assert rows["执行率"][2] == pytest.approx(100 * (367.92 / 468.79 - 422.84 / 527.58), abs=1e-5)
    assert {place: stored[place] for place in formulas(path)} == pytest.approx(
        {place: fresh[place] for place in formulas(path)}
    )
    last = [row[:4] for row in load_workbook(path, data_only=True)["与上年比较"].iter_rows(values_only=True)][-1]
    assert last == ("999", "撤销局", "已报齐", None)


def test_last_year__not_found__is_said_among_the_method(small, tmp_path):
    """No sheet, no columns; one line says why."""
    write_summary(tmp_path / "a.xlsx", replace(small, earlier=(EarlierYear(said="没有找到上年的运行结果。"),)))
    assert "与上年比较" not in load_workbook(tmp_path / "a.xlsx").sheetnames
    assert "没有找到上年的运行结果。" in as_text(tmp_path / "a.xlsx", "口径说明")


def test_targets__whose_group_bears_its_weight__are_counted_with_their_group(small):
    """产出指标（50分） and 产出指标 are one group."""
    frame = small.tables["indicators"].copy()
    frame.loc[frame.index[0], "level1"] = "产出指标（50分）"
    levels = {
        row[0]
        for row in targets.by_type(Digest(replace(small, tables=dict(small.tables) | {"indicators": frame}))).rows
    }
    assert levels == {"产出指标", "效益指标"}


def test_rows__beyond_what_a_sheet_holds__are_cut_and_said():
    """The sheet says how many rows there are and where they all are."""
    field = Field("数", lambda row: row)
    table = lay_out("表", "题", [field], range(12), identifier="t", subtitle="", rest="data/t.csv", most=10)
    assert len(table.rows) == 10
    assert table.notes == ["共12行，本表列出前10行，完整数据见data/t.csv。"]


def test_types__of_indicators__are_spread_over_bands_of_points(small):
    """Each band holds its lower end: 90% is in 90%～100%; what waits for a person is in none; 数量 is 数量指标."""
    scores, frame = small.tables["scores"].copy(), small.tables["indicators"].copy()
    first = scores["level2"].eq("数量指标").to_numpy().nonzero()[0]
    for place, points in zip(first, (10, 9, "5.99"), strict=True):
        scores.loc[place, ["verified_score", "weight"]] = Decimal(points), Decimal(10)
    frame.loc[frame.index[0], "level2"] = "数量"
    tables = dict(small.tables) | {"scores": scores, "indicators": frame}
    rows = {row["level2"]: row for row in Digest(replace(small, tables=tables)).types}
    row = rows["数量"]
    assert (row["all"], row["met"], row["not-met"]) == (3, 2, 1)
    assert [row[band] for band in (*BANDS, PENDING)] == [1, 1, 0, 0, 1, 0]
    assert row["mean"] == pytest.approx(Decimal("83.3"))
    assert [rows["社会效益指标"][band] for band in (*BANDS, PENDING)] == [1, 0, 0, 0, 0, 1]


def test_types__their_chart__stands_under_their_table(book):
    """A leader who follows 指标 on the overview sees counts and the chart; the overview keeps its own."""
    pages: list[Any] = list(load_workbook(book))
    charts = {page.title: len(page._charts) for page in pages if page._charts}
    assert charts == {"总览": 5, "指标完成情况": 1}


USES = {"优": Use("保留"), "良": Use("压减10%", Decimal(10))}


def test_proposals__of_the_scheme__stand_beside_each_grade_with_what_a_cut_would_be(small, tmp_path):
    """Units first, then projects; 待定 where the grade may still change, and nothing for a grade without a use."""
    units = small.tables["units"].copy()
    units.loc[units["unit_code"] == "101", ["pending", "lowest", "highest"]] = 1, Decimal(76), Decimal(100)
    tables = dict(small.tables) | {"units": units}
    write_summary(tmp_path / "a.xlsx", replace(small, tables=tables, uses=USES))
    page = load_workbook(tmp_path / "a.xlsx", data_only=True)["结果应用建议"]
    rows = [[cell.value or None for cell in row[1:10]] for row in page.iter_rows(min_row=7)]
    assert rows == [
        ["麻章区总工会", "（单位）", 96, "待定", None, 138.79, None, None, "待定1项，待定后76.00至100.00"],
        ["麻章区文化馆", "（单位）", 87.63, "良", "压减10%", 250, 0.1, 25, None],
        ["麻章区水务局", "（单位）", 90, "优", "保留", 80, None, None, None],
        ["麻章区水务局", "河道清淤", 90, "优", "保留", 80, None, None, None],
    ]
    live = as_text(tmp_path / "a.xlsx", "结果应用建议")
    assert 'I8  =IF(AND(ISNUMBER(G8),ISNUMBER(H8)),ROUND(G8*H8,6),"")' in live
    said = [line.text for line in conclusions(Digest(replace(small, tables=tables, uses=USES)))]
    assert "单位3个：“保留”1个，“压减10%”1个，等级待定1个；压减金额合计25.00万元。" in said


@pytest.mark.parametrize(
    ("lowest", "highest", "grade"),
    [("91", "100", "优"), ("90", "90", "优"), ("89.99", "95", None), ("0", "59.99", "差"), (None, None, "优")],
)
def test_proposals__of_a_grade_with_pending_lines__only_where_it_can_change_no_more(small, lowest, highest, grade):
    """A range within one grade is settled, one across two is not; without one the lines are not of this score."""
    ends = [None if end is None else Decimal(end) for end in (lowest, highest)]
    row = {"pending": 2, "verified_grade": "优", "lowest": ends[0], "highest": ends[1]}
    assert proposals.settled(small, row) == grade


@pytest.mark.parametrize(
    ("score", "lowest", "highest", "said"),
    [
        ("95", "91", "100", "待定2项，待定后91.00至100.00"),
        ("95", None, None, "待定2项，不影响本得分"),
        (None, None, None, "待定2项"),
    ],
)
def test_pending_lines__of_another_form__are_said_to_leave_the_score_alone(score, lowest, highest, said):
    """Lines of the score form change nothing where the score comes from the whole-unit form."""
    ends = [None if end is None else Decimal(end) for end in (score, lowest, highest)]
    row = {"pending": 2, "verified_score": ends[0], "lowest": ends[1], "highest": ends[2]}
    assert ranking.pending(row).value == said


def test_proposals__where_the_scheme_says_nothing__are_no_sheet(book):
    """No grade has a use: no sheet, no line on the first page."""
    assert "结果应用建议" not in load_workbook(book).sheetnames
    assert "结果应用" not in text_of(book)


def test_years__of_each_unit__stand_side_by_side_with_lines_and_blanks(small, tmp_path):
    """The columns are the years there are results of; a year that a unit has none of is blank, never 0."""
    earlier = tuple(EarlierYear(year, small.tables["units"]) for year in (2022, 2020))
    known = (
        YearOfUnit(2020, Decimal(80), "良", Decimal("70.5"), 3),
        YearOfUnit(2022, Decimal(85), "良", Decimal(90), 0),
    )
    units = (replace(small.units[0], earlier=known), replace(small.units[1], earlier=known[1:]), *small.units[2:])
    write_summary(tmp_path / "a.xlsx", replace(small, units=units, earlier=earlier))
    with pytest.warns(UserWarning, match="Sparkline"):
        page = load_workbook(tmp_path / "a.xlsx", data_only=True)["历年情况"]
    head, *rows = ([cell.value for cell in row] for row in page.iter_rows(min_row=5))
    assert head[2:6] == ["2020年度复核得分", "2022年度复核得分", "2023年度复核得分", "得分走势"]
    assert {re.sub(r"^\d{4}年度", "", title) for title in head} <= headers()
    assert rows[0][2:] == [80, 85, 96, None, "良", "良", "优", 0.705, 0.9, pytest.approx(0.972116), None, 3, 0, 0, None]
    assert rows[1][2:5] == [None, 85, 87.63]
    assert rows[3][2:] == [None] * 15
    number = load_workbook(tmp_path / "a.xlsx").sheetnames.index("历年情况") + 1
    drawn = zipfile.ZipFile(tmp_path / "a.xlsx").read(f"xl/worksheets/sheet{number}.xml").decode()
    assert drawn.count("<x14:sparkline>") == 3 * 4
    assert "<xm:f>'历年情况'!C6:E6</xm:f><xm:sqref>F6</xm:sqref>" in drawn
    assert 'displayEmptyCellsAs="gap"' in drawn


def test_years__without_an_earlier_one__are_no_sheet(book):
    """One year alone is no history."""
    assert "历年情况" not in load_workbook(book).sheetnames
