"""Across a unit's projects and across a district: what must add up, what must not be alike."""

from collections.abc import Iterator
from decimal import Decimal

from evalbatch.checks.amounts import Amount, amount_of, fits_its_row, in_ten_thousands, total_amounts
from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import found_elsewhere, rule
from evalbatch.checks.view import CENT, COLUMNS, View, money, plain


@rule("X01", "must-fix")
def projects_do_not_sum_to_the_unit(view: View) -> Iterator[Hit]:
    """项目合计与部门不符

    各项目的金额之和不应超过部门的项目支出（没有这一栏的，部门支出总额）；表中写明的项目个数与报送的项目个数相同时，两者应当相等。
    消息：填的是“{value}”，{count}个项目自评表的{column_name}之和为{sum}{measure}，两者不符。
    处理：各表照所填的数计算。
    整改：请核对部门项目支出和各项目的金额，改正填错的一个。
    错例：部门项目支出决算50，两个项目的全年执行数为40和30。
    正例：部门项目支出决算70，两个项目的全年执行数为40和30。
    """
    projects = [o.total for o in view.others if o.is_project and o.total is not None]
    if view.season is None or view.is_project or not projects:
        return
    for own, exact in _project_spending(view, len(projects)):
        amounts = [getattr(total, own.columns[0]) for total in projects]
        if None in amounts:
            continue
        whole = sum(amounts, Decimal(0))
        slack = CENT * len(projects)
        if not all(fits_its_row(total, own.columns[0]) for total in projects):
            continue  # a project's amount in another unit, M06's business
        if whole - own.value > slack or (exact and own.value - whole > slack):
            yield Hit(
                about=("项目合计", money(own.columns[0])),
                cell=own.cell,
                column=own.name,
                places={
                    "count": len(projects),
                    "column_name": COLUMNS[own.columns[0]],
                    "sum": own.shown(whole),
                    "measure": own.measure,
                },
            )


def _project_spending(view: View, count: int) -> Iterator[tuple[Amount, bool]]:
    """The unit's spending on projects, and whether all of its projects are here; else its total spending."""
    counted = [
        e.number for e in view.submission.fields if plain(e.name) in ("项目个数", "项目数量", "自评项目个数", "项目数")
    ]
    found = False
    for entry in view.submission.fields:
        name, value = plain(entry.name), in_ten_thousands(entry, view.measure)
        column = {"项目支出预算": "adjusted", "项目支出决算": "executed", "项目支出": "executed"}.get(
            name.removesuffix("数")
        )
        if column and value is not None:
            found = True
            yield (
                amount_of(view, (column,), value, entry.cell, entry.name, entry.measure),
                Decimal(count) in counted,
            )
    if not found and view.submission.kind == "whole-unit":
        yield from ((own, False) for own in total_amounts(view) if own.columns == ("executed",))


found_elsewhere(
    "X02",
    "query",
    """文字雷同

    不同单位的表里有相同或几乎相同的大段文字，可能是互相抄写。大半单位都有的通用文字不算。
    消息（how=district）：{others}的文字雷同：“{value}”。
    消息：与其他{others}个单位的文字雷同：“{value}”。
    处理：不影响评分。
    整改：请核对是否照抄其他单位，按本单位的实际情况改写。
    错例：两个单位的总体目标完成情况一字不差，连活动场次都相同。
    正例：各单位按自己的工作分别填写。
    """,
)
found_elsewhere(
    "X03",
    "note",
    """自评分普遍偏高

    九成以上的单位自评在95分以上（界限见评分方案），自评的区分度不够。
    消息：{count}个单位中有{high}个自评在{line}分以上，占{share}%。
    处理：不影响各单位的评分。
    整改：请在复核时重点抽查自评得分与复核得分差异较大的单位。
    错例：10个单位有9个自评95分以上。
    正例：10个单位的自评得分从75到98不等。
    """,
)
found_elsewhere(
    "X04",
    "must-fix",
    """公开稿与报送稿不一致

    公开的自评表应与报送的一致，版式、栏序、空格和写法不同不算。
    消息（how=no-form）：公开稿没有这张表，与报送稿不一致。报送稿（{at}）有《{expected}》。
    消息（how=new-form）：公开稿有《{value}》，报送稿没有这张表。
    消息（how=missing）：公开稿没有这项内容，与报送稿不一致。报送稿（{at}）填的是“{expected}”。
    消息（how=added）：公开稿填的是“{value}”，报送稿没有这项内容。
    消息（at）：公开稿填的是“{value}”，与报送稿不一致。报送稿（{at}）填的是“{expected}”。
    消息：公开稿填的是“{value}”，报送稿填的是“{expected}”，两者不一致。
    整改：请以经核定的报送稿为准，改正公开稿。
    举例：这一处应为“{expected}”。
    错例：报送稿总分92，公开稿总分96。
    正例：报送稿总分92，公开稿总分92。
    """,
)
found_elsewhere(
    "X05",
    "query",
    """报告与表格不一致

    自评报告（.docx）正文写的自评得分、等级、预算数、执行数、执行率，应与部门整体支出绩效自评表（没有的，评分表、数据表）一致。只是四舍五入的位数不同不算。
    消息（how=several）：表上填的是“{value}”，自评报告中的{figure}前后不一：“{said}”。报告原句：{sentence}。
    消息：表上填的是“{value}”，自评报告写的{figure}是“{said}”，两者不一致。报告原句：{sentence}。
    处理：按表上所填的计算。
    整改：请核对报告和表格，改正写错的一处。
    错例：自评报告写“自评得分96分”，自评表总分为95。
    正例：自评报告写“自评得分96分”，自评表总分为96。
    """,
)
