"""Report drafts: the seed's unit in its own figures, blanks where nothing is known, and the same bytes each time."""

import shutil
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from districts import district, tiny
from judged_units import light
from openpyxl import load_workbook
from unit_results import SEASON, empty_result, project_result, seed_result

from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.checks.report_check import check_report
from evalbatch.checks.report_read import facts_of_text, read_report
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import source_of
from evalbatch.model import Evaluated, Refused, Season, Unit, UnitResult
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook
from evalbatch.reports.unit_draft_file import available, write_unit_draft
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme
from evalbatch.storage.shipped import example
from evalbatch.summary.digest import Digest
from evalbatch.summary.overview import conclusions
from evalbatch.summary.workbook import write_circular, write_district_draft, write_summary
from evalbatch.xlsx.limits import Limits

WORKBOOK = "湛江市麻章区总工会本级/2023年度整体绩效自评.xlsx"
SEED = Path(__file__).parents[1] / "report_text" / "seed_report.txt"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECTIONS = (
    "一、单位基本情况",
    "（一）单位机构设置、部门职能情况",
    "（二）年度总体工作和重点工作任务",
    "（三）部门整体支出绩效目标",
    "（四）部门整体支出情况",
    "二、自评工作开展情况",
    "（一）评价小组情况",
    "（二）自评工作过程",
    "（三）自评材料报送时间及质量",
    "（四）自评材料报送及公开一致情况",
    "三、绩效自评情况",
    "（一）自评结果",
    "（二）部门整体支出绩效指标分析",
    "1．预算编制情况",
    "2．预算执行情况",
    "3．预算监督情况",
    "4．预算使用效益",
    "（三）部门整体支出绩效管理存在问题",
    "（四）改进措施",
    "四、其他自评情况",
)

needs_docx = pytest.mark.skipif(not available(), reason="python-docx is not installed")


@pytest.fixture(scope="module")
def the_seed() -> UnitResult:
    """The seed's unit, from its own workbook."""
    source = source_of(example() / "inbox" / WORKBOOK, Limits())
    submissions = read_workbook(
        (example() / "inbox" / WORKBOOK).read_bytes(), load_lexicon(form_paths(None))
    ).submissions
    forms = tuple(Evaluated(source, form, score(form, load_scheme(None), submissions)) for form in submissions)
    whole = next(form for form in forms if form.submission.form == "whole-unit")
    card = whole.card
    return UnitResult(
        Unit("201001", "湛江市麻章区总工会本级"), "complete", forms, (), "whole-unit",
        card.self_total, card.verified_total, card.self_grade, card.verified_grade, card.pending,
    )  # fmt: skip


def lines(path: Path) -> list[str]:
    """The paragraphs of a .docx, as text."""
    with zipfile.ZipFile(path) as parts:
        body = ElementTree.fromstring(parts.read("word/document.xml"))
    return ["".join(text.text or "" for text in p.iter(f"{SPACE}t")) for p in body.iter(f"{SPACE}p")]


def draft(folder: Path, result: UnitResult, season: Season = SEASON) -> Path:
    """A unit's draft."""
    target = folder / "整体绩效自评报告.docx"
    write_unit_draft(target, light([result])[0], result.forms, season)
    return target


@needs_docx
def test_unit__the_seed__states_the_figures_of_the_seeds_report(tmp_path, the_seed):
    """Score, grade, budget, executed and rate are those that a reader of reports finds in the seed's own."""
    path = draft(tmp_path, the_seed)
    own = read_report(tmp_path, source_of(path, Limits()), Limits())
    theirs = facts_of_text(SEED.read_text(encoding="utf-8").splitlines())
    for name in ("score", "grade", "budget", "executed", "rate"):
        stated = {mention.value for mention in getattr(theirs, name)}
        assert stated, name
        assert stated <= {mention.value for mention in getattr(own, name)}, name
    whole = [(form.source, form.submission) for form in the_seed.forms]
    assert [finding.message for finding in check_report(own, whole, load_scheme(None))] == []
    text = "\n".join(lines(path))
    for figure in ("138.79万元", "134.92万元", "97.21%", "自评分数96分，等级优良", "8000多名", "2061人", "编外人数7人"):
        assert figure in text, figure


@needs_docx
def test_unit__any__has_the_sections_of_the_seeds_report_in_order(tmp_path, the_seed):
    """A unit that said a lot and one that sent nothing get the same sections."""
    for result in (the_seed, project_result(), empty_result()):
        assert [line for line in lines(draft(tmp_path, result)) if line in SECTIONS] == list(SECTIONS)


@needs_docx
def test_unit__that_said_nothing__gets_blanks_and_no_figure(tmp_path):
    """Nothing is made up: the only digits are the year, the unit's name and the numbers of headings."""
    said = [line for line in lines(draft(tmp_path, empty_result())) if line and line not in SECTIONS]
    assert sum("【请补充：" in line for line in said) >= 14
    assert not [line for line in said if "万元" in line or "%" in line or "分数" in line]


@needs_docx
def test_unit__money_in_doubt__leaves_its_place_blank(tmp_path, the_seed):
    """An amount that may be 元 for 万元 (M06) is not repeated as a figure of the report."""
    doubt = seed_result().findings[0]
    forms = tuple(replace(form, findings=(replace(doubt, code="M06"),)) for form in the_seed.forms)
    said = lines(draft(tmp_path, replace(the_seed, forms=forms)))
    assert "【请补充：预算数、决算数和执行率（表中金额单位有疑问，更正后填写）】" in said
    assert not [line for line in said if "整体支出预算138.79" in line or "整体支出决算134.92" in line]


@needs_docx
def test_line__on_the_right__never_begins_a_page_of_its_own():
    """What stands before the signature and the date stays with them on one page."""
    from evalbatch.reports.draft_paper import Paper

    paper = Paper("总结")
    paper.text("下一步。")
    paper.line("示例区财政局", right=True)
    paper.line("年月日", right=True)
    assert [p.paragraph_format.keep_with_next for p in paper.document.paragraphs[-3:]] == [True, True, None]


@needs_docx
def test_district__draft__says_what_the_summary_says(tmp_path):
    """Each sentence of the overview is in the draft, word for word."""
    whole = district(*tiny())
    write_district_draft(tmp_path / "总结.docx", whole)
    said = lines(tmp_path / "总结.docx")
    who = {"未报送", "退回更正", "报送不全", "逾期", "归属未定"}
    for line in conclusions(Digest(whole)):
        assert f"{line.topic if line.topic in who else ''}{line.text}" in said, line.topic


@needs_docx
def test_district__drafts__carry_the_charts_of_the_summary(tmp_path):
    """The same titles and figures as the summary's, native, each with the workbook of its figures behind it."""
    whole = district(*tiny())
    charts = write_summary(tmp_path / "汇总.xlsx", whole).charts
    assert {bars.topic for bars in charts} == {"报送", "得分", "得分差异", "资金", "问题", "指标"}
    write_district_draft(tmp_path / "总结.docx", whole, charts)
    write_circular(tmp_path / "通报.docx", whole, charts)
    with zipfile.ZipFile(tmp_path / "总结.docx") as parts, zipfile.ZipFile(tmp_path / "通报.docx") as fewer:
        drawn = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/charts/chart")]
        books = [parts.read(name) for name in parts.namelist() if name.startswith("word/embeddings/")]
        body = parts.read("word/document.xml").decode()
        assert sum(name.startswith("word/charts/chart") for name in fewer.namelist()) == 2
    assert len(drawn) == len(books) == len(charts)
    for bars in charts:
        [own] = [xml for xml in drawn if f"<a:t>{bars.title}</a:t>" in xml]
        assert f'descr="{bars.title}"' in body
        assert own.index("<c:externalData") > own.index("</c:plotArea>")
        figures = [float(value.value) for _, values in bars.series for value in values]
        points = ElementTree.fromstring(own).findall(f".//{CHART}val/{CHART}numRef/{CHART}numCache/{CHART}pt/{CHART}v")
        assert [float(point.text or "nan") for point in points] == pytest.approx(figures), bars.title
    for book in books:
        cells = [cell.value for row in load_workbook(BytesIO(book), data_only=True)["图表数据"] for cell in row]
        assert any(bars.title in cells for bars in charts)


@needs_docx
def test_circular__of_a_district__says_what_units_must_do_and_by_when(tmp_path):
    """Both ends of the ranking, the problems with their counts, the day for corrections; blanks where nobody knows."""
    files, units, findings = tiny()
    until = date(2024, 6, 20)
    units = tuple(replace(unit, correct_by=until if unit.status == "returned" else None) for unit in units)
    write_circular(tmp_path / "通报.docx", district(files, units, findings))
    said = lines(tmp_path / "通报.docx")
    assert said[0] == "关于2023年度预算绩效自评情况的通报"
    assert "退回更正的1个单位共有必须更正的问题1项，请按退回件所列逐项更正，重新报送。更正期限为2024年6月20日。" in said
    assert "未报送1个，报送不全0个，请尽快补报应报的表。【请补充：补报期限】" in said
    assert "【请补充：结果应用的安排和依据】" in said
    assert said[said.index("1") : said.index("1") + 5] == ["1", "麻章区总工会", "96分", "待定", "1"]
    assert {"未完成且未说明原因（A06）", "缺少应报表格（U05）"} <= set(said)
    assert not any("归属未定" in line for line in said)


@needs_docx
def test_circular__without_a_day_for_corrections__leaves_a_blank(tmp_path):
    """No date is made up."""
    write_circular(tmp_path / "通报.docx", district(*tiny()))
    [asked] = [line for line in lines(tmp_path / "通报.docx") if line.startswith("退回更正的1个单位")]
    assert asked.endswith("重新报送。【请补充：没有更正期限的单位何时报送】")


@needs_docx
def test_drafts__written_twice__have_the_same_bytes(tmp_path, the_seed):
    """No clock in a draft, and nothing that XML can't hold."""
    drawn = write_summary(tmp_path / "汇总.xlsx", district(*tiny())).charts
    odd = replace(the_seed, unit=Unit("1", "甲\x01局\ud800"), self_score=Decimal("96.50"))
    for write, of in (
        (lambda path: write_unit_draft(path, light([odd])[0], odd.forms, SEASON), "甲"),
        (lambda path: write_district_draft(path, district(*tiny()), drawn), "区"),
        (lambda path: write_circular(path, district(*tiny()), drawn), "通报"),
    ):
        for number in (1, 2):
            write(tmp_path / f"{of}{number}.docx")
        assert (tmp_path / f"{of}1.docx").read_bytes() == (tmp_path / f"{of}2.docx").read_bytes()


@needs_docx
def test_draft__fonts_and_page__follow_the_standard(tmp_path, the_seed):
    """A4 with the standard's margins, its fonts by name, and a stand-in for each in the table of fonts."""
    with zipfile.ZipFile(draft(tmp_path, the_seed)) as parts:
        body, fonts = parts.read("word/document.xml").decode(), parts.read("word/fontTable.xml").decode()
    for font in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:eastAsia="{font}"' in body
        assert f'w:name="{font}"' in fonts
    assert fonts.count("w:altName") >= 4
    assert 'w:left="1587"' in body, "28 mm"


def test_draft__without_python_docx__is_refused_with_the_remedy(tmp_path, monkeypatch):
    """The extra is named, so that a person can install it."""
    monkeypatch.setattr("evalbatch.reports.unit_draft_file.available", lambda: False)
    with pytest.raises(Refused, match="python-docx") as refused:
        write_unit_draft(tmp_path / "a.docx", empty_result(), (), SEASON)
    assert "evalbatch[drafts]" in refused.value.remedy


@needs_docx
def test_run__settings_ask_for_drafts__each_scored_unit_and_the_district_have_one(tmp_path: Path) -> None:
    """Workers write them from each unit's own lines; run.json names them."""
    folder = shutil.copytree(
        example(), tmp_path / "批次", ignore=shutil.ignore_patterns("output", "record", "review.xlsx")
    )
    settings = folder / "evalbatch.toml"
    asked = settings.read_text(encoding="utf-8").replace("[campaign]\n", "[campaign]\ndrafts = true\n")
    settings.write_text(asked, encoding="utf-8")
    record = run_batch(load_campaign(folder), folder / "output", 2).record
    drafts = [name for name in record["outputs"]["all"] if name.startswith("drafts/")]
    scored = [unit["name"] for unit in record["units"] if unit["score_sheet"]]
    assert record["outputs"]["drafts"] == ["drafts/自评工作总结初稿.docx", "drafts/自评情况通报初稿.docx"]
    assert len(drafts) == len(scored) + 2
    assert len(scored) > 10
    [own] = [name for name in drafts if "麻章区总工会" in name]
    said = zipfile.ZipFile(folder / "output" / own).read("word/document.xml").decode()
    assert "134.92" in said
