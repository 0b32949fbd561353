"""Forms drawn as text in, real workbooks out: a bar between cells, < merges with the left, ^ with the one above."""

from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

SUBMITTED = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
项目名称 | 普法宣传 | < | < | < | < | < | <
主管部门 | 示例区司法局 | < | < | 实施单位 | 示例区总工会 | < | <
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 92.5 | 89.974 | 10 | 97.27% | 9.73
^ | 其中：当年财政拨款 | 100 | 92.5 | 89.974 | — | — | —
^ | 上年结转资金 | 0 | 0 | 0 | — | — | —
^ | 其他资金 | | | | — | — | —
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 开展普法宣传活动，提高职工法律意识。 | < | < | 开展普法活动12场，职工法律意识提高。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 活动场次 | ≥8场 | 12场 | 20 | 20 | 增加了两次进企业活动
^ | ^ | 发放资料 | ≥1000份 | 1200份 | 15 | 15 |
^ | 质量指标 | 活动合格率 | ≥95% | 95.80% | 15 | 15 |
^ | 时效指标 | 完成时间 | 12月底前 | 2023年12月1日 | 10 | 10 |
效益指标 | 社会效益指标 | 职工法律意识 | 有所提高 | 达成预期指标 | 20 | 18 | 宣传面还不够广
满意度指标 | 服务对象满意度指标 | 职工满意度 | ≥90% | 96% | 10 | 10 |
总分 | < | < | < | < | 100 | 97.73 | 优
填表人：张三 | < | 联系电话：0759-5550100 | < | 填报日期：2024年5月20日 | < | < | <
"""

PUBLISHED = """
附件3 | | | | | | |
项 目 支 出 绩 效 自 评 表 | < | < | < | < | < | < | <
2023年度 | < | < | < | < | < | < | <
项目名称 | 普法宣传 | < | < | < | < | < | <
主管部门 | 示例区司法局 | < | < | 项目单位 | 示例区总工会 | < | <
项目资金（元） | | 年初预算数 | 调整后预算数 | 预算执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 1,000,000.00 | 925000 | 899740 | 10 | 97.27% | 9.73
^ | 其中：当年财政拨款 | 1000000 | 925000 | 899740 | | |
^ | 上年结转资金 | | | | | |
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 开展普法宣传活动， 提高职工法律意识 | < | < | 开展普法活动１２场，职工法律意识提高。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 全年完成值 | 得分 | 偏差原因分析及改进措施
满意度指标 | 服务对象满意度指标 | 职工满意度 | 10.00 | ≧90％ | 96% | 10 | 无
产出指标 | 数量指标 | 发放资料 | 15 | 不少于1,000份 | 1200 份 | 15 | —
^ | ^ | 活 动 场 次 | 20 | ≥ 8 场 | 12场 | 20 | 增加了两次进企业活动。
^ | 质量指标 | 活动合格率 | 15 | ≥95% | 95.8% | 15 |
^ | 时效指标 | 完成时间 | 10 | 12月底前 | 2023年12月1日 | 10 |
效益指标 | 社会效益指标 | 职工法律意识 | 20 | 有所提高 | 达成预期指标 | 18 | 宣传面还不够广
总分 | < | < | 100 | < | < | 97.73 | 优秀
"""


def book(path: Path, sheets: Mapping[str, str]) -> Path:
    """Write each drawing as a sheet; what reads as a number or a percentage is stored as one."""
    with xlsxwriter.Workbook(path) as workbook:
        percent = workbook.add_format({"num_format": "0.00%"})
        for name, drawing in sheets.items():
            page = workbook.add_worksheet(name)
            rows = [[part.strip() for part in line.split("|")] for line in drawing.strip().splitlines()]
            for row, parts in enumerate(rows):
                for column, text in enumerate(parts):
                    if text in ("", "<", "^"):
                        continue
                    right, bottom = column, row
                    while right + 1 < len(parts) and parts[right + 1] == "<":
                        right += 1
                    while bottom + 1 < len(rows) and column < len(rows[bottom + 1]) and rows[bottom + 1][column] == "^":
                        bottom += 1
                    if (bottom, right) != (row, column):
                        page.merge_range(row, column, bottom, right, "")
                    _write(page, row, column, text, percent)
    return path


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str, percent: object) -> None:
    try:
        if text.endswith("%"):
            page.write_number(row, column, float(text[:-1]) / 100, percent)
        else:
            page.write_number(row, column, float(text))
    except ValueError:
        page.write_string(row, column, text)
