"""A campaign folder: what its settings and its roster say, and what is said when they are broken."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from campaign_folder import ROSTER, SETTINGS, campaign_folder, table, workbook

from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.form_names import TITLES
from evalbatch.campaign.roster import load_roster
from evalbatch.campaign.settings import load_settings
from evalbatch.campaign.starter import start_campaign
from evalbatch.model import Refused, words
from evalbatch.scoring.workbook import load_scheme


def test_campaign__roster_and_settings__read_as_written(tmp_path: Path) -> None:
    """Codes stay text, other names are split, amounts are Decimals, 免报 owes nothing, blank owes the default."""
    campaign = load_campaign(campaign_folder(tmp_path / "批次"))
    first, second, third = campaign.roster.units
    assert (first.code, first.other_names) == ("001", ("区教育局", "示例教育局"))
    assert (first.adjusted, first.executed, first.initial) == (Decimal(100), Decimal(90), None)
    assert [campaign.owed_by(unit) for unit in (first, second, third)] == [
        ("whole-unit",),
        (),
        ("whole-unit", "score"),
    ]
    assert (campaign.season.year, campaign.season.deadline) == (2023, date(2024, 5, 31))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[campaign\n", "第1行“\\[campaign”写法有误"),
        ('[campaign]\ndistrikt = "x"', "distrikt"),
        ('[campaign]\nyear = "2023"', "year"),
        ("[campaign]\nyear = 23", "year"),
        ('[campaign]\nyear = 2023\ndeadline = "5月"', "deadline"),
        ("[campain]\nyear = 2023", "campain"),
        ('[campaign]\nyear = 2023\nowes = "score"', "owes"),
        ("[campaign]\nyear = 2023\n[limits]\nseconds = -1", "seconds"),
    ],
)
def test_settings__broken__refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    """A broken setting names the file, the key and what to write."""
    path = tmp_path / "evalbatch.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=said) as refused:
        load_settings(path)
    assert "evalbatch.toml" in refused.value.message
    assert refused.value.remedy


def test_settings__misspelt_key__the_right_one_is_offered(tmp_path: Path) -> None:
    """A near miss is offered by name."""
    path = tmp_path / "evalbatch.toml"
    path.write_text("[campaign]\ndeadlin = 2024-05-31", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_settings(path)
    assert "deadline" in refused.value.remedy


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ("单位编码 | 名称\n1 | 甲局", "单位名称"),
        ("单位编码 | 单位名称\n1 | 甲局\n1 | 乙局", "第3行的单位编码与第2行相同"),
        ("单位编码 | 单位名称\n1 | 甲局\n2 | 甲 局", "第3行的单位名称与第2行相同"),
        ("单位编码 | 单位名称\n1 | 甲局\n2 |", "第3行没有单位名称"),
        ("单位名称 | 其他名称\n甲局 |\n乙局 | 甲局", "其他名称“甲局”"),
        ("单位名称 | 全年预算数（万元）\n甲局 | 一百", "单元格 B2"),
        ("单位名称 | 截止日期\n甲局 | 五月底", "单元格 B2"),
    ],
)
def test_roster__broken__refused_with_row_or_cell(tmp_path: Path, roster: str, said: str) -> None:
    """A broken roster names the row or the cell."""
    path = workbook(tmp_path / "units.xlsx", table(roster))
    with pytest.raises(Refused) as refused:
        load_roster(path)
    assert said in refused.value.message
    assert refused.value.remedy


ROSTER_CASES = [
    # code, name written -> unit found, how
    ("001", "别的名字", "示例区教育局", "code"),
    (None, "示例区教育局", "示例区教育局", "name"),
    (None, "示例区 教育局", "示例区教育局", "name"),
    (None, "区教育局", "示例区教育局", "other-name"),
    (None, "003-示例区水务局", "示例区水务局", "name"),
    (None, "003", "示例区水务局", "code"),
    (None, "示例区水利局", None, ""),
    (None, None, None, ""),
]


@pytest.mark.parametrize(("code", "name", "unit", "how"), ROSTER_CASES)
def test_roster_find__code_name_or_other_name__never_a_near_miss(
    tmp_path: Path, code: str | None, name: str | None, unit: str | None, how: str
) -> None:
    """A unit is found by what is written, exactly; a near miss is offered, never taken."""
    roster = load_roster(workbook(tmp_path / "units.xlsx", table(ROSTER)))
    match = roster.find(code, name)
    assert (match.unit.name if match.unit else None, match.how) == (unit, how)
    if name == "示例区水利局":
        assert match.nearest[0] == "示例区水务局"


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("示例区教育局/自评表.xlsx", "示例区教育局"),
        ("示例区教育局幼儿园 自评表.xlsx", "示例区教育局幼儿园"),
        ("示例区教育局/示例区教育局幼儿园.xlsx", "示例区教育局幼儿园"),
        ("汇总/003水务.xlsx", "示例区水务局"),
        ("示例区教育局和示例区水务局.xlsx", None),
        ("自评表.xlsx", None),
    ],
)
def test_roster_find_in_path__innermost_and_longest_name__counts(tmp_path: Path, path: str, unit: str | None) -> None:
    """The file's own name counts before its folder's, the longer name before the shorter in it; a tie gives none."""
    roster = load_roster(workbook(tmp_path / "units.xlsx", table(ROSTER)))
    match = roster.find_in_path(path)
    assert (match.unit.name if match.unit else None) == unit


def test_init__new_folder__explains_itself_and_nothing_acts(tmp_path: Path) -> None:
    """What init makes can be read by load_settings, and asks for the year before anything runs."""
    folder = tmp_path / "新批次"
    assert start_campaign(folder)[:3] == ("evalbatch.toml", "units.xlsx", "inbox")
    with pytest.raises(Refused, match="评价年度"):
        load_campaign(folder)
    settings = folder / "evalbatch.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("# year = 2023", "year = 2023"), encoding="utf-8")
    assert load_campaign(folder).roster.units == ()


def test_init__folder_with_files__refused_and_untouched(tmp_path: Path) -> None:
    """A folder that holds anything is never written to."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="不是空文件夹"):
        start_campaign(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_approved_targets__unit_not_on_the_roster__refused_with_the_row(tmp_path: Path) -> None:
    """An approved target must be some unit's."""
    folder = campaign_folder(tmp_path / "批次", settings=SETTINGS)
    rows = "单位名称 | 三级指标 | 年度指标值\n区教育局 | 培训场次 | ≥8场\n示例区水利局 | 巡查次数 | ≥12次"
    workbook(folder / "approved_targets.xlsx", table(rows))
    with pytest.raises(Refused) as refused:
        _ = load_campaign(folder).season
    assert "第3行" in refused.value.message
    assert "示例区水务局" in refused.value.remedy


@pytest.mark.parametrize(
    ("adjusted", "document", "expected"),
    [
        ("", "", ("≥8场", False)),
        ("≥6场", "某财绩〔2023〕5号", ("≥6场", False)),
        ("", "≥6场（某财绩〔2023〕5号）", ("≥6场", False)),
        ("", "某财绩〔2023〕5号", ("≥8场", True)),
        ("取消", "某财绩〔2023〕5号", ("≥8场", True)),
    ],
)
def test_approved_targets__adjusted_mid_year__the_adjustment_counts(
    tmp_path: Path, adjusted: str, document: str, expected: tuple[str, bool]
) -> None:
    """The new target stands in its column or behind the document's number; a number alone releases the target."""
    folder = campaign_folder(tmp_path / "批次", settings=SETTINGS)
    head = "单位名称 | 三级指标 | 年度指标值 | 调整后指标值 | 调整批复"
    row = f"区教育局 | 培训场次 | ≥8场 | {adjusted} | {document}"
    workbook(folder / "approved_targets.xlsx", table(f"{head}\n{row}"))
    (one,) = load_campaign(folder).season.approved
    assert (one.target, one.released, one.adjusted_by) == (*expected, document)


@pytest.mark.parametrize(
    ("owes", "project", "form"),
    [
        ('["转移支付"]', "农田建设", "转移支付"),
        ('["转移支付"]', "", "转移支付"),
        ('["whole-unit"]', "农田建设", "project"),
        ('["whole-unit", "转移支付"]', "农田建设", "project"),
        ('["whole-unit", "转移支付"]', "", "whole-unit"),
    ],
)
def test_approved_targets__form_left_blank__is_the_bureaus_own_where_no_other_is_due(
    tmp_path: Path, owes: str, project: str, form: str
) -> None:
    """A unit that owes one form, and an own one, has its targets there; else a project has them on the project form."""
    folder = campaign_folder(tmp_path / "批次", settings=f"[campaign]\nyear = 2023\nowes = {owes}\n")
    (folder / "input_templates").mkdir(exist_ok=True)
    rows = f"单位名称 | 项目名称 | 三级指标 | 年度指标值\n区教育局 | {project} | 新增面积 | ≥2万亩"
    workbook(folder / "approved_targets.xlsx", table(rows))
    (one,) = load_campaign(folder).season.approved
    assert one.form == form


def test_init__samples__can_be_copied_up_and_used(tmp_path: Path) -> None:
    """What lies in 样例 acts on nothing; copied beside the settings, each of it is read as it is."""
    folder = tmp_path / "新批次"
    start_campaign(folder)
    campaign_folder_settings = folder / "evalbatch.toml"
    text = campaign_folder_settings.read_text(encoding="utf-8")
    campaign_folder_settings.write_text(text.replace("# year = 2023", "year = 2023"), encoding="utf-8")
    workbook(folder / "units.xlsx", table("单位编码 | 单位名称\n900001 | 示例区教育局"))
    campaign = load_campaign(folder)
    assert (campaign.season.approved, campaign.scheme_path, campaign.templates) == ((), None, None)
    for sample in (folder / "样例").iterdir():
        (shutil.copytree if sample.is_dir() else shutil.copyfile)(sample, folder / sample.name)
    campaign = load_campaign(folder)
    assert [(one.form, one.project, one.weight) for one in campaign.season.approved] == [
        ("whole-unit", None, 20), ("whole-unit", None, 15), ("project", "校舍维修项目", 30)
    ]  # fmt: skip
    assert load_scheme(campaign.scheme_path).name == load_scheme(None).name
    assert campaign.templates is not None
    assert {path.stem for path in campaign.templates.iterdir()} == set(TITLES)


def test_form_names__are_the_forms_titles() -> None:
    """The titles that a clerk may write are those of the forms that ship."""
    assert {name: words.FORM[name] for name in TITLES} == TITLES


def test_roster__forms_by_title__are_those_forms(tmp_path: Path) -> None:
    """A clerk writes what the form is called; the settings likewise."""
    settings = SETTINGS + 'owes = ["部门整体支出绩效自评表", "data"]\n'
    roster = "单位名称 | 应报表格\n甲局 | 评分表、项目支出绩效自评表\n乙局 | "
    campaign = load_campaign(campaign_folder(tmp_path / "批次", roster=roster, settings=settings))
    assert [campaign.owed_by(unit) for unit in campaign.roster.units] == [("score", "project"), ("whole-unit", "data")]


UNKNOWN_FORMS = [
    ("甲局 | 项目支出绩效目标表", "", ["units.xlsx 第2行（甲局）", "项目支出绩效目标表", "项目支出绩效自评表", "免报"]),
    ("甲局 | ", 'owes = ["whole_unit"]', ["evalbatch.toml", "whole_unit", "部门整体支出绩效自评表"]),
]


@pytest.mark.parametrize(("row", "owes", "said"), UNKNOWN_FORMS, ids=["roster", "settings"])
def test_campaign__form_that_nobody_knows__refused_with_what_can_be_written(
    tmp_path: Path, row: str, owes: str, said: list[str]
) -> None:
    """Else its unit would owe it for ever; a bureau's own forms in input_templates are known to themselves."""
    folder = campaign_folder(tmp_path / "批次", roster=f"单位名称 | 应报表格\n{row}", settings=f"{SETTINGS}{owes}\n")
    with pytest.raises(Refused) as refused:
        load_campaign(folder)
    assert all(word in f"{refused.value}{refused.value.remedy}" for word in said), refused.value.remedy
    (folder / "input_templates").mkdir()
    assert load_campaign(folder).roster.units


def test_settings__not_toml__the_line_is_shown_in_chinese(tmp_path: Path) -> None:
    """The library's English stays out of the message."""
    folder = campaign_folder(tmp_path / "批次", settings='[campaign]\ndistrict = "示例区"\nyear = 2024年\n')
    with pytest.raises(Refused, match="第3行“year = 2024年”写法有误") as refused:
        load_campaign(folder)
    assert "line" not in refused.value.message
