"""One count for one thing: whatever is counted in several outputs comes to the same number in all of them."""

import csv
import re
import subprocess
from collections import Counter
from typing import Any

import pytest
from openpyxl import load_workbook
from outputs.two_districts import Made
from runs import ENVIRONMENT, EVALBATCH

pytestmark = pytest.mark.command

SEVERITIES = {"must-fix": "必须更正", "query": "请核实", "note": "提示"}


def sheet_rows(district: Made, name: str) -> list[dict[str, Any]]:
    """The rows of the one table of a sheet, by header, without its totals; [] where there is no such sheet."""
    book = load_workbook(district.summary, data_only=True)
    if name not in book.sheetnames:
        return []
    page = book[name]
    [area] = [table.ref for table in page.tables.values()] or [None]
    if area is None:
        return []
    head, *rows = [[cell.value for cell in row] for row in page[area]]
    return [dict(zip(head, row, strict=True)) for row in rows]


def totals_of(district: Made, name: str, label: str) -> dict[str, Any]:
    """The row of a sheet that bears a label in its first column, by header."""
    page = load_workbook(district.summary, data_only=True)[name]
    [area] = [table.ref for table in page.tables.values()]
    head = [cell.value for cell in page[area][0]]
    [row] = [row for row in page.iter_rows(values_only=True) if row[0] == label]
    return dict(zip(head, row, strict=False))


def page_one(district: Made) -> str:
    """All that the first sheet says, in order of reading."""
    page = load_workbook(district.summary, data_only=True)["总览"]
    return "\n".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None)


def test_findings__of_each_severity__are_as_many_wherever_they_are_counted(district: Made) -> None:
    """Terminal, page one, 提交情况, 问题清单, 问题分类, findings.csv and run.json speak of the same problems."""
    with (district.folder / "output" / "data" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        in_data = Counter(row["级别"] for row in csv.DictReader(file))
    listed = Counter(row["级别"] for row in sheet_rows(district, "问题清单"))
    kinds: Counter[str] = Counter()
    for row in sheet_rows(district, "问题分类"):
        kinds[row["级别"]] += row["问题数"]
    in_json = Counter[str]()
    for kind in district.record["problems"]:
        in_json[SEVERITIES[kind["severity"]]] += kind["count"]
    assert in_data == listed == kinds == in_json
    counts = district.record["counts"]
    assert {SEVERITIES[key]: counts[key.replace("-", "_")] for key in SEVERITIES} == dict(listed)
    assert sum(counts["findings"].values()) == sum(listed.values())
    by_unit = totals_of(district, "提交情况", "总计")
    assert (by_unit["必须更正"], by_unit["请核实"]) == (listed["必须更正"], listed["请核实"])
    said = f"必须更正{listed['必须更正']}项"
    assert said in district.said
    assert f"{said}，请核实{listed['请核实']}项，提示{listed['提示']}项" in page_one(district)


def test_kinds_of_findings__in_run_json_and_the_summary__touch_the_same_units(district: Made) -> None:
    """How many units a kind of problem concerns is the same in both."""
    listed = {(row["代码"], row["级别"]): row["涉及单位数"] for row in sheet_rows(district, "问题分类")}
    assert listed == {(k["code"], SEVERITIES[k["severity"]]): k["units"] for k in district.record["problems"]}


def test_units_by_standing__are_as_many_wherever_they_are_counted(district: Made) -> None:
    """Terminal, 提交情况 and the command status tell of as many units of each standing."""
    listed = Counter(row["报送状态"] for row in sheet_rows(district, "提交情况"))
    [line] = [line for line in district.said.splitlines() if line.startswith("  单位：")]
    assert Counter({word: int(number) for word, number in re.findall(r"([^：，。\d]+)(\d+)", line)}) == listed
    done = subprocess.run(
        [*EVALBATCH, "status", str(district.folder)], env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=True
    )
    units = {unit["name"] for unit in district.record["units"]}
    lines = [line for line in done.stdout.splitlines() if any(name in line for name in units)][: len(units)]
    assert Counter(re.split(r"[\s　]", line)[0] for line in lines) == listed


def test_files__are_as_many_wherever_they_are_counted(district: Made) -> None:
    """Terminal, 文件清单, 提交情况 and run.json tell of as many files, by status too."""
    files = district.record["counts"]["files"]
    listed = sheet_rows(district, "文件清单")
    assert files == len(listed) == len(district.record["files"]) == totals_of(district, "提交情况", "总计")["文件数"]
    assert f"收到文件{files}个" in district.said
    [line] = [line for line in district.said.splitlines() if line.startswith("  文件：")]
    said = {word: int(number) for word, number in re.findall(r"([^：，。\d]+)(\d+)", line)}
    assert said == Counter(row["状态"] for row in listed)


def test_lines_that_wait_for_people__are_as_many_wherever_they_are_counted(district: Made) -> None:
    """Terminal, 提交情况, run.json and the rows that people can fill in."""
    waiting = sum(unit["pending"] for unit in district.record["units"])
    assert totals_of(district, "提交情况", "合计")["待定项"] == waiting
    assert (f"待人工核定{waiting}项" in district.said) == bool(waiting)


def test_one_cause__is_one_finding(district: Made) -> None:
    """A file that can't be read is not a missing form as well; no cell is told the same thing twice."""
    for unit in district.record["units"]:
        codes = {finding["code"] for finding in unit["findings"]}
        assert not ("U05" in codes and codes & {"F01", "F02", "F03", "F04", "F05"}), unit["name"]
    for file in district.record["files"]:
        told = Counter((f["code"], f["sheet"], f["cell"]) for f in file["findings"] if f["cell"])
        assert not [place for place, number in told.items() if number > 1], file["path"]


def test_run_json__counts_of_the_sheet_of_proof__all_agree(district: Made) -> None:
    """What the summary adds up on three ways is the same, and says so."""
    assert {row["结论"] for row in sheet_rows(district, "数据核对")} == {"一致"}
