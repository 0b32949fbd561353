"""A published .docx or PDF against the submitted workbook: what it says, wherever it was drawn, row by row."""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from comparison.documents import LOCKED, drawn_table, pdfs, ruled, word
from comparison.drawn_books import PUBLISHED, SUBMITTED, book

from evalbatch.model import Refused
from evalbatch.unit.compared_workbooks import Comparison, compare_workbooks
from evalbatch.unit.single import Single, single_setup

TITLE = "项目支出绩效自评表"
LINES = SUBMITTED.strip().splitlines()
TABLE = "\n".join(LINES[2:-1])
"""The form without its title, its year and who signed it, which documents have outside the table."""
SIGNED = "填表人：张三　　联系电话：0759-5550100　　填报日期：2024年5月20日"
ABOVE = ("附件3", TITLE, "（2023年度）", "单位：万元")


@pytest.fixture(scope="module")
def single() -> Iterator[Single]:
    with single_setup(None) as setup:
        yield setup


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    return book(tmp_path / "报送.xlsx", {"自评表": SUBMITTED})


def found(comparison: Comparison) -> list[tuple]:
    """Each difference: where it stands in the document, what is there, where and what in the submission."""
    return [
        (each.published.sheet, each.published.cell, each.published.text, each.submitted.cell, each.submitted.text)
        for each, _ in comparison.differences
    ]


# ---------------------------------------------------------------- .docx


def test_docx__the_same_form__does_not_differ(tmp_path: Path, single: Single, submitted: Path) -> None:
    """Title, year and measure above the table, signature below it; all amounts and indicators compared."""
    published = word(tmp_path / "公开.docx", "一、自评工作开展情况。" * 30, *ABOVE, TABLE, SIGNED)
    comparison = compare_workbooks(published, submitted, single)
    assert (found(comparison), comparison.forms) == ([], 1)
    assert comparison.places == compare_workbooks(submitted, submitted, single).places


def test_docx__one_figure_changed__is_the_only_difference(tmp_path: Path, single: Single, submitted: Path) -> None:
    """It is said at the row of the table, where a workbook has a cell."""
    changes = [
        ("97.27%", "97.72%", ("表1第4行", None, "97.72%", "G6", "97.27%")),
        ("| ≥8场 |", "| ≥6场 |", ("表1第11行", None, "≥6场", "D13", "≥8场")),
        ("1200份", "1300份", ("表1第12行", None, "1300份", "E14", "1200份")),
        ("97.73 | 优", "97.73 | 良", ("表1第17行", None, "良", "H19", "优")),
    ]
    for old, new, difference in changes:
        assert TABLE.count(old) == 1
        published = word(tmp_path / "公开.docx", *ABOVE, TABLE.replace(old, new), SIGNED)
        assert found(compare_workbooks(published, submitted, single)) == [difference]


def test_docx__finding__names_table_and_row(tmp_path: Path, single: Single, submitted: Path) -> None:
    """The message goes on as for workbooks: the submission's cell stays a cell."""
    published = word(tmp_path / "公开.docx", *ABOVE, TABLE.replace("1200份", "1300份"), SIGNED)
    [(_, finding)] = compare_workbooks(published, submitted, single).differences
    assert (finding.sheet, finding.cell, finding.value, finding.expected) == ("表1第12行", None, "1300份", "1200份")
    assert "表1第12行" in finding.message
    assert "报送稿（自评表!E14）" in finding.message


def test_docx__a_form_inside_another_table__is_read(tmp_path: Path, single: Single, submitted: Path) -> None:
    """Some lay a page out with a table of one cell and put the form into it."""
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    for line in ABOVE:
        frame.add_paragraph(line)
    drawn_table(frame, TABLE.replace("1200份", "1300份").splitlines())
    document.save(str(tmp_path / "公开.docx"))
    comparison = compare_workbooks(tmp_path / "公开.docx", submitted, single)
    assert ("表2第12行", None, "1300份", "E14", "1200份") in found(comparison)


def test_docx__two_forms_in_one_document__each_has_its_own_lines(tmp_path: Path, single: Single) -> None:
    """What signs the first form stands between it and the title of the second."""
    other = TABLE.replace("普法宣传", "职工培训").replace("1200份", "900份")
    sheets = {"一": SUBMITTED, "二": SUBMITTED.replace(TABLE, other).replace("张三", "李四")}
    submitted = book(tmp_path / "报送.xlsx", sheets)
    parts = (*ABOVE, TABLE, SIGNED, *ABOVE[1:], other, SIGNED.replace("张三", "李四"))
    comparison = compare_workbooks(word(tmp_path / "公开.docx", *parts), submitted, single)
    assert (found(comparison), comparison.forms) == ([], 2)
    changed = (*parts[:-2], other.replace("900份", "901份"), parts[-1])
    comparison = compare_workbooks(word(tmp_path / "公开.docx", *changed), submitted, single)
    assert found(comparison) == [("表2第12行", None, "901份", "E14", "900份")]


def test_docx__another_dress__is_no_difference(tmp_path: Path, single: Single, submitted: Path) -> None:
    """Columns in another order and amounts in 元, as in workbooks."""
    published = word(
        tmp_path / "公开.docx", *PUBLISHED.strip().splitlines()[1:3], "\n".join(PUBLISHED.splitlines()[4:])
    )
    assert found(compare_workbooks(published, submitted, single)) == []


def test_docx__nothing_to_compare__is_refused_in_a_sentence(tmp_path: Path, single: Single, submitted: Path) -> None:
    """No form, or a broken file: nobody can tell whether they differ."""
    with pytest.raises(Refused, match="文件里有1张表格，没有一张认得出"):
        compare_workbooks(word(tmp_path / "一.docx", "一 | 二\n三 | 四"), submitted, single)
    broken = word(tmp_path / "二.docx", *ABOVE, TABLE)
    broken.write_bytes(broken.read_bytes()[:-300])
    with pytest.raises(Refused, match="公开稿"):
        compare_workbooks(broken, submitted, single)


# ---------------------------------------------------------------- PDF

TASKS = [f"第{n}项任务 | ≥{n + 9}件 | {n + 11}件 | 1 | 1 |" for n in range(1, 41)]
LONG = "\n".join(("产出指标 | 数量指标 | " if task is TASKS[0] else "^ | ^ | ") + task for task in TASKS)
MANY = "\n".join((*LINES[:12], LONG, "总分 | < | < | < | < | 50 | 49.73 | 优"))
"""A form that needs several pages."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All PDFs in one folder, made in one go."""
    pytest.importorskip("pdfplumber")
    folder = tmp_path_factory.mktemp("printed")
    changed = MANY.replace("| 45件 |", "| 44件 |")
    assert changed != MANY
    one = SUBMITTED.replace("1200份", "1300份")
    wordy = TABLE.replace("开展普法活动12场", "开展普法活动12场，覆盖面广" * 40)
    paths = [
        ruled(folder / "same.xlsx", {"自评表": SUBMITTED}),
        ruled(folder / "one.xlsx", {"自评表": one}),
        ruled(folder / "long.xlsx", {"自评表": MANY}),
        ruled(folder / "changed.xlsx", {"自评表": changed}, again="12:12"),
        ruled(folder / "low.xlsx", {"自评表": SUBMITTED}, high=8),
        word(folder / "written.docx", *ABOVE, TABLE, SIGNED),
        word(folder / "cut.docx", *["前言"] * 10, *ABOVE, wordy, SIGNED),
        word(folder / "prose.docx", "没有表格的文件。"),
    ]
    pdfs(folder, *paths)
    pdfs(folder, word(folder / "locked.docx", *ABOVE, TABLE), kind=LOCKED)
    book(folder / "many.xlsx", {"自评表": MANY})
    book(folder / "wordy.xlsx", {"自评表": SUBMITTED.replace(TABLE, wordy)})
    return folder


@pytest.mark.slow
@pytest.mark.render
def test_pdf__the_same_form__does_not_differ(printed: Path, single: Single, submitted: Path) -> None:
    """Printed from a workbook or from a .docx, on one page or on several, a row cut by a page's end included."""
    cases = [
        ("same", submitted),
        ("written", submitted),
        ("long", printed / "many.xlsx"),
        ("cut", printed / "wordy.xlsx"),
    ]
    for name, other in cases:
        comparison = compare_workbooks(printed / f"{name}.pdf", other, single)
        assert (name, found(comparison), comparison.forms) == (name, [], 1)
        assert comparison.places == compare_workbooks(other, other, single).places, name


@pytest.mark.slow
@pytest.mark.render
def test_pdf__one_figure_changed__is_the_only_difference(printed: Path, single: Single, submitted: Path) -> None:
    """Page, table and row, as the page shows them; heads printed again on each page are rows of it too."""
    comparison = compare_workbooks(printed / "one.pdf", submitted, single)
    assert [each[1:] for each in found(comparison)] == [(None, "1300份", "E14", "1200份")]
    comparison = compare_workbooks(printed / "changed.pdf", printed / "many.xlsx", single)
    [(place, *rest)] = found(comparison)
    assert rest == [None, "44件", "E46", "45件"]
    assert re.fullmatch(r"第[2-9]页表1第\d+行", place)


@pytest.mark.slow
@pytest.mark.render
def test_pdf__what_nobody_can_read__is_refused_in_a_sentence(printed: Path, single: Single, submitted: Path) -> None:
    """Text printed over the ruled lines, no table at all, a password, a broken file."""
    (printed / "broken.pdf").write_bytes((printed / "same.pdf").read_bytes()[:3000])
    cases = [("low", "文字超出了格子"), ("prose", "没有画出框线的表格"), ("locked", "已加密"), ("broken", "无法打开")]
    for name, said in cases:
        with pytest.raises(Refused, match=said):
            compare_workbooks(printed / f"{name}.pdf", submitted, single)


BLANK_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj
trailer<</Root 1 0 R>>
%%EOF"""
"""One page without any text, as a scan has."""


def test_pdf__a_page_without_text__is_a_scan(tmp_path: Path, single: Single, submitted: Path) -> None:
    """It is refused in one sentence that says what to give instead."""
    pytest.importorskip("pdfplumber")
    path = tmp_path / "扫描.pdf"
    path.write_bytes(BLANK_PDF)
    with pytest.raises(Refused, match="扫描件") as refused:
        compare_workbooks(path, submitted, single)
    assert "docx" in refused.value.remedy
