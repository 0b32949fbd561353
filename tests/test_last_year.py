"""Last year's campaign: how a new one comes to know it, and what is said where it can't be compared with."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from campaign_folder import workbook
from districts import district, tiny

from evalbatch.batch.joining import last_year_of
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.starter import start_campaign
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
        last = last_year_of(now)
        assert last is not None
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
    found = last_year_of(load_campaign(campaign(tmp_path / "2023", f'{SETTINGS}last_year = "../2022"\n')))
    assert found is not None
    assert found.units is None
    assert said in found.said
    assert "没有与上年比较" in found.said


def test_last_year__not_named__is_no_matter(tmp_path: Path) -> None:
    """Without the setting nothing is compared and nothing is said."""
    assert last_year_of(load_campaign(campaign(tmp_path / "2023"))) is None
