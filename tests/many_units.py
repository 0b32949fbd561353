"""A campaign of any number of units, each with the example's four-sheet workbook under its own name."""

import io
import zipfile
from pathlib import Path

from campaign_folder import workbook

EXAMPLE = Path(__file__).parent.parent / "examples" / "mazhang-2023" / "inbox" / "示例教育局"
SETTINGS = '[campaign]\ndistrict = "示例区"\nyear = 2023\n'


def many_units(folder: Path, count: int, limits: str = "") -> Path:
    """Make the campaign folder with an inbox of `count` workbooks."""
    (folder / "inbox").mkdir(parents=True)
    (folder / "evalbatch.toml").write_text(SETTINGS + limits, encoding="utf-8")
    workbook(folder / "units.xlsx", [["单位编码", "单位名称"], *([f"{n:05d}", unit_name(n)] for n in range(count))])
    for number in range(count):
        (folder / "inbox" / f"{unit_name(number)}.xlsx").write_bytes(unit_workbook(number))
    return folder


def unit_name(number: int) -> str:
    return f"示例单位{number:05d}局"


def unit_workbook(number: int, before: str = "", after: str = "") -> bytes:
    """The workbook of one unit; `before` in its cells is replaced by `after`."""
    source, target = zipfile.ZipFile(EXAMPLE / "部门整体支出绩效自评表.xlsx"), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name).replace("示例教育局".encode(), unit_name(number).encode())
            member = zipfile.ZipInfo(name, (2024, 5, 30, 8, 0, 0))
            made.writestr(member, content.replace(before.encode(), after.encode()) if before else content)
    return target.getvalue()
