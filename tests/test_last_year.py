"""Last year's campaign: how a new one comes to know it, and what is said where it can't be compared with."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from campaign_folder import workbook
from districts import district, tiny

from evalbatch.batch.earlier_years import by_unit, earlier_years, watched
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.starter import start_campaign
from evalbatch.model import Unit
from evalbatch.tables.write import write_data

SETTINGS = """[campaign]
district = "示例区"
year = 2023
"""


def campaign(folder: Path, settings: str = SETTINGS) -> Path:
    """A campaign folder with one unit."""
    folder.mkdir()
    (folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    workbook(folder / "units.xlsx", [["单位编码", "单位名称"], ["101", "麻章区总工会"]])
    return folder


def results(folder: Path, year: int = 2022, **record: object) -> Path:
    """The output of a run: four units and run.json."""
    write_data(folder / "output", district(*tiny()).tables)
    document = {"format": 1, "year": year, "outputs": {}} | record
    (folder / "output" / "run.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        SETTINGS + '# last_year = "../2021"\n',
        SETTINGS + 'last_year = "../2021"\n',
        '[campaign]\n# year = 2022\nyear = 2023   # 评价年度\ndistrict = "示例区"\n',
        'campaign.year = 2023\ncampaign.district = "示例区"\n',
    ],
)
def test_init__from_last_year__names_its_folder(tmp_path: Path, settings: str) -> None:
    """However last year's settings are written, the new ones say where last year lies, as seen from the new folder."""
    last = campaign(tmp_path / "2023年'自评'", settings)
    start_campaign(tmp_path / "更深" / "2024年自评", last)
    new = load_campaign(tmp_path / "更深" / "2024年自评")
    assert new.settings.year == 2024
    assert (new.folder / new.settings.last_year).resolve() == last.resolve()
    assert not Path(new.settings.last_year).is_absolute()


def test_last_year__with_results__gives_each_units_figures(tmp_path: Path) -> None:
    """A campaign's folder or its output folder alone will do."""
    results(tmp_path / "2022")
    for named in ("../2022", "../2022/output", "..\\\\2022"):
        now = load_campaign(campaign(tmp_path / str(len(named)), f'{SETTINGS}last_year = "{named}"\n'))
        [last] = earlier_years(now)
        assert last.units is not None
        assert last.year == 2022
        assert dict(zip(last.units["unit_name"], last.units["adjusted"], strict=True))["麻章区文化馆"] == Decimal(250)
        assert "2022年度" in last.said


UNFIT = [
    ("没有找到运行结果", {}, "no run.json"),
    ("不早于本年度", {"year": 2023}, ""),
    ("格式2", {"format": 2}, ""),
    ("改动过", {"outputs": {"sha256": {"data/units.parquet": "0" * 64}}}, ""),
    ("读不出来", {"outputs": None}, ""),
    ("读不出来", {}, "no data"),
]


@pytest.mark.parametrize(("said", "record", "harm"), UNFIT)
def test_last_year__that_cannot_be_used__stops_nothing_and_is_said(
    tmp_path: Path, said: str, record: dict[str, object], harm: str
) -> None:
    """The summary says why it compares nothing; the run goes on."""
    last = results(tmp_path / "2022", **record)
    if harm == "no run.json":
        (last / "output" / "run.json").unlink()
    elif harm:
        (last / "output" / "data" / "units.parquet").unlink()
    [found] = earlier_years(load_campaign(campaign(tmp_path / "2023", f'{SETTINGS}last_year = "../2022"\n')))
    assert found.units is None
    assert said in found.said
    assert "没有与上年比较" in found.said


def test_last_year__not_named__is_no_matter(tmp_path: Path) -> None:
    """Without the setting nothing is compared and nothing is said."""
    assert earlier_years(load_campaign(campaign(tmp_path / "2023"))) == ()


def test_earlier_years__each_naming_the_one_before__are_all_found(tmp_path: Path) -> None:
    """Settings name one campaign; its settings name the next. A year without results ends it, and is said."""
    for year in (2022, 2020, 2019):
        campaign(tmp_path / str(year))
        results(tmp_path / str(year), year)
    for year, before in ((2022, "../2020"), (2020, "../2019/output"), (2019, "../2018")):
        text = SETTINGS.replace("2023", str(year)) + f'last_year = "{before}"\n'
        (tmp_path / str(year) / "evalbatch.toml").write_text(text, encoding="utf-8")
    now = load_campaign(campaign(tmp_path / "2023", f'{SETTINGS}last_year = "../2022"\n'))
    found = earlier_years(now)
    assert [(year.year, year.units is not None) for year in found] == [
        (2022, True), (2020, True), (2019, True), (0, False),
    ]  # fmt: skip
    assert found[-1].said == "2019年度批次的设置中写的上年批次“../2018”没有找到运行结果，因此更早的年度没有列出。"
    assert set(watched(now)) >= {tmp_path / "2023" / "../2022/output/run.json"}
    named = {path.resolve() for path in watched(now)}
    assert {tmp_path / "2022" / "evalbatch.toml", tmp_path / "2019" / "output" / "run.json"} <= named
    histories = by_unit(found, [Unit("102", "改名的文化馆"), Unit("", "麻章区信访局"), Unit("9", "新局")])
    assert [year.year for year in histories["改名的文化馆"]] == [2019, 2020, 2022]
    assert histories["改名的文化馆"][0].score == Decimal("87.63")
    assert {(year.score, year.must_fix) for year in histories["麻章区信访局"]} == {(None, None)}
    assert histories["新局"] == ()


def test_earlier_years__that_name_each_other__end(tmp_path: Path) -> None:
    """Two campaigns that each name the other as last year's are gone through once."""
    for year, before in ((2022, "../2023"), (2023, "../2022")):
        campaign(tmp_path / str(year), SETTINGS.replace("2023", str(year)) + f'last_year = "{before}"\n')
        results(tmp_path / str(year), year)
    found = earlier_years(load_campaign(tmp_path / "2023"))
    assert [year.year for year in found] == [2022, 0]
    assert "不早于2022年度" in found[1].said


def test_earlier_years__settings_of_one_are_broken__end_there(tmp_path: Path) -> None:
    """What was found before them counts."""
    campaign(tmp_path / "2022", "[campaign\n")
    results(tmp_path / "2022")
    found = earlier_years(load_campaign(campaign(tmp_path / "2023", f'{SETTINGS}last_year = "../2022"\n')))
    assert [year.year for year in found] == [2022, 0]
    assert "2022年度批次的设置读不出来" in found[1].said
