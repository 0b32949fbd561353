"""What a clerk's nephew writes in an afternoon: pandas and openpyxl, this one form only, no check, no explanation.

`python -m benchmarks.plain_script INBOX OUT`: reads the money and the points, sums them, writes a styled sheet per
unit and a summary with to_excel.
"""

import sys
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

THIN = Side(style="thin")


def read(path: Path) -> list[dict[str, object]]:
    """Read every sheet that looks like the form."""
    rows = []
    for _, frame in pd.read_excel(path, sheet_name=None, header=None).items():
        text = frame.astype(str)
        start = text.index[text.apply(lambda row: row.str.contains("三级指标").any(), axis=1)]
        money = text.index[text.apply(lambda row: row.str.contains("年度资金总额").any(), axis=1)]
        if not len(start) or not len(money):
            continue
        lines = frame.loc[start[0] + 1 :, [3, 4, 5, 6, 7]].dropna(subset=[7])
        total = frame.loc[money[0]]
        rows.append(
            {
                "单位": path.stem.split("_")[0],
                "年初预算数": total[3],
                "全年预算数": total[4],
                "全年执行数": total[5],
                "自评得分": pd.to_numeric(lines[7], errors="coerce").dropna().iloc[:-1].sum() + total[8],
                "lines": lines.to_numpy().tolist(),
            }
        )
    return rows


def write(path: Path, forms: list[dict[str, object]]) -> None:
    """Write one unit's sheet, with a head, borders and colours."""
    book = Workbook()
    sheet = book.active
    sheet.append(["绩效自评评分表"])
    sheet["A1"].font = Font(size=16, bold=True)
    for form in forms:
        sheet.append([form["单位"], form["年初预算数"], form["全年预算数"], form["全年执行数"], form["自评得分"]])
        sheet.append(["三级指标", "年度指标值", "实际完成值", "分值", "得分"])
        for line in form["lines"]:
            sheet.append(line)
    for row in sheet.iter_rows(min_row=2, max_col=5):
        for cell in row:
            cell.border = Border(THIN, THIN, THIN, THIN)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if row[0].value == "三级指标":
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    for letter in "ABCDE":
        sheet.column_dimensions[letter].width = 18
    book.save(path)


def main(inbox: Path, out: Path) -> None:
    """Do it all, one after the other."""
    out.mkdir(parents=True, exist_ok=True)
    units: dict[str, list[dict[str, object]]] = {}
    for path in sorted(inbox.rglob("*.xlsx")):
        for form in read(path):
            units.setdefault(str(form["单位"]), []).append(form)
    for unit, forms in units.items():
        write(out / f"{unit}.xlsx", forms)
    frame = pd.DataFrame([form for forms in units.values() for form in forms]).drop(columns="lines")
    frame["执行率"] = frame["全年执行数"] / frame["全年预算数"]
    frame.sort_values("自评得分", ascending=False).to_excel(out / "汇总.xlsx", index=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
