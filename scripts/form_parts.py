"""What all forms share: heading, notes, seal, signature and version mark, and their hints."""

from collections.abc import Sequence

from form_painter import FIRST_DAY, Painter

GRADES = ("优", "良", "中", "差")
GRADE_HINT = ("自评等级", "90分及以上为优，80分及以上为良，60分及以上为中，不满60分为差。")
UNIT_HINT = ("单位名称", "填写全称，与财政局的预算单位名单一致。")
VERSIONS = {
    "项目支出绩效自评表": "XM-1.0",
    "部门整体支出绩效自评表": "BM-1.0",
    "部门整体支出数据表": "SJ-1.0",
    "部门整体支出绩效评分表": "PF-1.0",
}
"""Raise a form's mark when its rows or columns change: filled copies of the old one are then told apart."""


def heading(form: Painter, annex: str, title: str, last: str, measure: str = "单位：万元") -> None:
    """Rows 1 to 4: 附件N, the title, the year, and what its numbers count."""
    form.plain("A1:C1", annex, "annex")
    form.plain(f"A2:{last}2", title, "title", height=34)
    form.plain(f"A3:{last}3", "（{{ year }}年度）", "year")
    if measure:
        form.plain(f"A4:{last}4", measure, "right")


def notes(form: Painter, row: int, last: str, texts: Sequence[str]) -> int:
    """The notes under the grid, long ones on two lines; returns the first free row."""
    for at, text in enumerate(texts, row):
        form.plain(f"A{at}:{last}{at}", text, "note", height=27 if len(text) > 66 else 14)
    return row + len(texts)


def sealing(form: Painter, row: int, left: str, right: str) -> None:
    """Where the head of the unit signs and the seal goes."""
    form.plain(left.format(row, row), "单位负责人（签字）：", "sign", height=32)
    form.plain(right.format(row, row), "单位（公章）：", "sign")


def signature(form: Painter, row: int, places: Sequence[str]) -> None:
    """The last line, 填表人, 联系电话, 填报日期, then the version mark and the page."""
    at = [place.format(row, row) for place in places]
    form.plain(at[0], "填表人：", "right", height=24)
    form.entry(at[1], "{{ prepared_by }}", "centre", ("填表人", "填写姓名。"))
    form.plain(at[2], "联系电话：", "right")
    form.entry(at[3], "{{ phone }}", "code", ("联系电话", "区号和号码，或者手机号码。"))
    form.plain(at[4], "填报日期：", "right")
    form.entry(at[5], "{{ filled_on }}", "date", ("填报日期", "例如：2024-5-30。"), dated=FIRST_DAY)
    last = f"{at[5].split(':')[-1][0]}{row + 1}"
    form.plain(f"A{row + 1}:{last}", f"表样版本：{VERSIONS[form.sheet.name]}", "version")
    form.finish(last)
