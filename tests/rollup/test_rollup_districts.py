"""Many districts' results joined one level up: figures, order, refusals, and the same bytes each time."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workbook_text import computed, formulas, print_scales, values

from evalbatch.model import Refused
from evalbatch.summary.rollup import rollup
from evalbatch.tables.frames import assemble
from evalbatch.tables.rows import TABLES
from evalbatch.tables.write import write_data

pytestmark = pytest.mark.command

UNIT = {
    "status": "complete", "late": False, "scored_by": "whole-unit", "self_score": 95, "verified_score": 90,
    "difference": 5, "self_grade": "优", "verified_grade": "优", "pending": 0, "must_fix": 0, "query": 0, "note": 0,
    "initial": 100, "adjusted": 100, "executed": 80, "rate": 80,
}  # fmt: skip


def unit(name: str, **other: object) -> dict[str, object]:
    return UNIT | {"unit_name": name} | other


def finding(name: str, code: str) -> dict[str, object]:
    return {"unit_name": name, "code": code, "severity": "must-fix", "title": f"题目{code}", "message": name}


@pytest.fixture
def district(tmp_path: Path) -> Callable[..., Path]:
    def make(
        name: str, *units: dict[str, object], findings: tuple[dict[str, object], ...] = (), **record: object
    ) -> Path:
        folder = tmp_path / name
        rows = {"units": [row("units", one) for one in units], "findings": [row("findings", one) for one in findings]}
        write_data(folder / "output", assemble([rows]))
        document = {
            "format": 1, "version": "0.1.0", "campaign": name, "district": name, "year": 2023,
            "scheme": {"name": "方案", "version": "1", "sha256": ""}, "files": [], "units": [],
            "counts": {"files": len(units), "accepted": len(units), "returned": 0, "rejected": 0}, "outputs": {},
        }  # fmt: skip
        (folder / "output" / "run.json").write_text(json.dumps(document | record, ensure_ascii=False), "utf-8")
        return folder

    return make


def row(table: str, values: dict[str, object]) -> tuple[object, ...]:
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    assert set(values) <= set(kinds)
    known = {n: Decimal(str(v)) if kinds[n] == "decimal" and v is not None else v for n, v in values.items()}
    return tuple(known.get(name) for name in kinds)


def sheet(path: Path, name: str) -> list[dict[str, object]]:
    """The rows under the header of a sheet, by their headers."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[name].iter_rows(values_only=True))
    head = next(place for place, one in enumerate(rows) if one[0] in ("区县", "名次", "代码", "事项"))
    return [dict(zip(map(str, rows[head]), one, strict=True)) for one in rows[head + 1 :]]


def test_rollup__two_districts__every_figure(district: Callable[..., Path], tmp_path: Path) -> None:
    """Means are simple and weighted by money; a missing unit counts as none of the means; grades show zeros."""
    east = district(
        "东区",
        unit("甲", verified_score=90, adjusted=100, executed=80),
        unit("乙", verified_score=70, verified_grade="中", adjusted=300, executed=300, must_fix=1, status="returned"),
        unit("丙", status="missing", scored_by=None, self_score=None, verified_score=None, verified_grade=None,
             initial=None, adjusted=None, executed=None, rate=None),
        findings=(finding("乙", "A01"), finding("乙", "A01") | {"cell": "F3"}),
    )  # fmt: skip
    west = district("西区", unit("丁", verified_score=80, verified_grade="良"), findings=(finding("丁", "A01"),))
    made = rollup([east, west], tmp_path / "全市.xlsx")
    assert (made.districts, made.units, made.rest) == (2, 4, None)
    rows = sheet(made.target, "总览")
    assert [one["区县"] for one in rows] == ["东区", "西区", "合计"]
    assert rows[0] | {
        "单位数": 3, "已报送": 2, "优": 1, "良": 0, "中": 1, "差": 0, "复核平均分": 80, "预算加权平均分": 75,
        "全年预算数": 400, "全年执行数": 380, "执行率": 0.95, "必须更正": 2,
    } == rows[0]  # fmt: skip
    assert rows[2] | {"单位数": 4, "已报送": 3, "复核平均分": 80, "预算加权平均分": 76, "必须更正": 3} == rows[2]
    kinds = sheet(made.target, "问题分类")
    assert [(one["代码"], one["问题数"], one["涉及单位数"], one["涉及区县数"]) for one in kinds] == [("A01", 3, 2, 2)]


def test_rollup__ranking__best_first_equals_alike_projects_apart(district: Callable[..., Path], tmp_path: Path) -> None:
    """Equal scores share a rank in the districts' order; units scored by projects have a sheet of their own."""
    east = district("东区", unit("甲", verified_score=80), unit("乙", verified_score=92))
    west = district("西区", unit("丁", verified_score=80), unit("戊", scored_by="projects", verified_score=99))
    target = rollup([east, west], tmp_path / "全市.xlsx").target
    assert [(one["名次"], one["单位名称"]) for one in sheet(target, "单位排名")] == [(1, "乙"), (2, "甲"), (2, "丁")]
    assert [one["单位名称"] for one in sheet(target, "项目单位排名")] == ["戊"]


def test_rollup__more_units_than_rows__rest_in_parquet_and_said(district: Callable[..., Path], tmp_path: Path) -> None:
    """What has no room in the sheet lies beside the workbook, ranked on."""
    folder = district("东区", *(unit(f"单位{n}", verified_score=90 - n) for n in range(5)))
    made = rollup([folder], tmp_path / "全市.xlsx", most=3)
    assert made.rest is not None
    assert pq.read_table(made.rest)["unit_name"].to_pylist() == ["单位3", "单位4"]
    assert pq.read_table(made.rest)["rank"].to_pylist() == [4, 5]
    assert len(sheet(made.target, "单位排名")) == 3
    said = [one[0] for one in openpyxl.load_workbook(made.target)["单位排名"].iter_rows(max_row=4, values_only=True)]
    assert any(made.rest.name in str(one) for one in said)


def test_rollup__twice__same_bytes(district: Callable[..., Path], tmp_path: Path) -> None:
    """No clock, no order of hashes."""
    folders = [district(f"区{n}", unit(f"单位{n}"), findings=(finding(f"单位{n}", "M01"),)) for n in range(3)]
    one, other = (rollup(folders, tmp_path / name / "全市.xlsx").target for name in ("一", "二"))
    assert one.read_bytes() == other.read_bytes()
    assert [path.name for path in one.parent.iterdir()] == ["全市.xlsx"]


@pytest.mark.render
def test_rollup__opened_by_libreoffice__computes_what_is_stored_and_prints_readably(
    district: Callable[..., Path], tmp_path: Path
) -> None:
    """Every total lives; no sheet prints below two thirds of its size, however long a district's name."""
    names = ("东区", "西部国家级经济技术开发区管理委员会")
    money = {"initial": 12345678.9, "adjusted": 12345678.9, "executed": 10234567.8, "rate": 82.9}
    folders = [district(name, *(unit(f"单位{n}", **money) for n in range(3))) for name in names]
    target = rollup(folders, tmp_path / "全市.xlsx").target
    stored, fresh = values(target), values(computed(target, tmp_path))
    assert {place: fresh[place] for place in formulas(target)} == pytest.approx(
        {place: stored[place] for place in formulas(target)}
    )
    assert {name: scale for name, scale in print_scales(target).items() if scale < 0.66} == {}


def test_rollup__output_folder_itself__will_do(district: Callable[..., Path], tmp_path: Path) -> None:
    """A city may be given the output folder alone."""
    assert rollup([district("东区", unit("甲")) / "output"], tmp_path / "全市.xlsx").units == 1


REFUSALS = [
    ("没有运行结果", {}, "nothing"),
    ("格式是2", {"format": 2}, ""),
    ("年度不同.*2022年度：西区；2023年度：东区", {"year": 2022}, ""),
    ("不止一次", {"district": "东区"}, ""),
    ("改动过", {"outputs": {"sha256": {"data/units.parquet": "0" * 64}}}, ""),
    ("读不出来", {"counts": None}, ""),
    ("不在或打不开", {}, "no data"),
    ("不是本版本写的数据", {}, "other columns"),
]


@pytest.mark.parametrize(("said", "record", "harm"), REFUSALS)
def test_rollup__campaign_that_does_not_fit__is_refused(
    said: str, record: dict[str, object], harm: str, district: Callable[..., Path], tmp_path: Path
) -> None:
    """One message, and no workbook."""
    west = district("西区", unit("丁"), **record)
    data = west / "output" / "data" / "units.parquet"
    if harm == "nothing":
        (west / "output" / "run.json").unlink()
    elif harm == "no data":
        data.unlink()
    elif harm:
        pq.write_table(pa.table({"x": [1]}), data)
    with pytest.raises(Refused, match=said):
        rollup([district("东区", unit("甲")), west], tmp_path / "全市.xlsx")
    assert not (tmp_path / "全市.xlsx").exists()


def test_rollup__other_ending_than_xlsx__is_refused(district: Callable[..., Path], tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(Refused, match="xlsx"):
        rollup([district("东区", unit("甲"))], tmp_path / "全市.xls")
