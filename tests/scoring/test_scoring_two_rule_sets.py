"""Two rule sets written from docs/zh/scheme.md alone, run by the command line, and computed by hand to the cent."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from campaign_folder import table, workbook
from rounds.campaign_rounds import Rounds, stamp
from scoring.scoring_tables import write_scheme

COUNTY = """
# 设置
|项目|值|
|方案名称|某县整体支出办法|
|版本|2023|
|得分小数位数|1|
|不适用折算|是|
|未完成暂定|50|
# 评分方案
|表样|对象|一级指标|三级指标|分值|分值来源|评分方法|参数|方向|
|部门整体|资金执行|||20|方案|执行率|||
|部门整体|指标||应急演练|10|方案|按目标值|未完成：不得分||
|部门整体|指标||户均成本|5|表内|按目标值|未完成：按比例|越小越好|
|部门整体|指标||||表内|按目标值|未完成：按比例；下限：60%；超额：50%；超额处理：90%||
# 总分上限
|表样|执行率低于（%）|总分不超过|
|部门整体|80|70|
# 指标分组
|表样|一级指标|必设|组分值|组分值用途|
|部门整体|产出指标|是|||
# 等级
|等级|最低分|其他写法|
|优|90||
|良|80||
|中|60||
|差|0||
"""
COUNTY_LINES = """
产出指标 | 数量指标 | 维修校舍 | ≥12栋 | {0} | 20
产出指标 | 数量指标 | 培训教师 | ≥100人 | {1} | 10
产出指标 | 数量指标 | 应急演练 | ≥4次 | {2} | 10
产出指标 | 质量指标 | 验收合格率 | ≥95% | 96% | 10
产出指标 | 成本指标 | 户均成本 | 200元 | {3} | 5
效益指标 | 社会效益指标 | 受益学生 | ≥1000人 | {4} | 10
效益指标 | 社会效益指标 | 校企合作 | ≥3家 | 不适用 | 10
满意度指标 | 服务对象满意度指标 | 家长满意度 | ≥90% | 95% | 5
"""
MISSED = ("9栋", "50人", "3次", "250元", "1600人")
MET = ("12栋", "100人", "4次", "200元", "1000人")
CITY = """
# 设置
|项目|值|
|方案名称|某市评分表办法|
|版本|1|
|得分小数位数|2|
|不适用折算|是|
# 评分方案
|表样|三级指标|分值|分值来源|评分方法|参数|计算公式|适用条件|
|评分表|人员控制率|20|方案|扣分|标准：≤100%；每：1%；扣：0.5|年末在职人数 ÷ 编制人数||
|评分表|三公经费控制率|15|方案|分档|≤90%：100%；≤100%：12分；其他：0|三公经费决算 ÷ 三公经费预算|三公经费预算 > 0|
|评分表|政府采购执行率|15|方案|按比例|满分：≥100%|政府采购决算 ÷ 政府采购预算|政府采购预算 > 0|
|评分表|支出完成率|30|方案|按比例|满分：≥95%|支出决算 ÷ 支出预算||
|评分表|制度执行|20|方案|计数|每项：5|{conditions}||
# 指标分组
|表样|一级指标|必设|组分值|组分值用途|
|评分表|综合管理|是|||
"""
CONDITIONS = "；".join(
    (
        "基本支出决算 <= 基本支出预算",
        "项目支出决算 <= 项目支出预算",
        "公用经费决算 <= 公用经费预算",
        "在用固定资产 <= 固定资产总额",
    )
)
FIGURES = """
编制人数（人） | 50 | 年末在职人数（人） | 53
收入预算（万元） | 1000 | 收入决算（万元） | 950
支出预算（万元） | 1000 | 支出决算（万元） | 874
基本支出预算（万元） | 600 | 基本支出决算（万元） | 590
项目支出预算（万元） | 400 | 项目支出决算（万元） | 284
公用经费预算（万元） | 100 | 公用经费决算（万元） | 105
三公经费预算（万元） | 20 | 三公经费决算（万元） | 19
政府采购预算（万元） | 0 | 政府采购决算（万元） | 0
固定资产总额（万元） | 500 | 在用固定资产（万元） | 480
年末结转结余（万元） | 126
"""


def rounded(points: Decimal, digits: int) -> Decimal:
    return points.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def county(rate: Decimal, *lines: str) -> Decimal:
    """The county's total by hand: lines to one decimal, 校企合作 left out, the rest of 90 to 100, then the cap."""
    total = rounded(20 * rate, 1) + sum(map(Decimal, lines))
    total = rounded(total * 100 / 90, 1)
    return min(total, Decimal(70)) if rate < Decimal("0.8") else total


def city() -> Decimal:
    """The city's total by hand: 6 points over cost 3; band 12; 采购 left out; 87.4÷95 of 30; three of four."""
    lines = [Decimal(20) - 6 * Decimal("0.5"), Decimal(12), rounded(30 * Decimal("87.4") / 95, 2), Decimal(15)]
    return rounded(sum(lines, Decimal(0)) * 100 / 85, 2)


def numbers(line: list[str]) -> list[object]:
    return [float(cell) if cell.replace(".", "", 1).isdecimal() else cell for cell in line]


def send(rounds: Rounds, unit: str, actuals: tuple[str, ...], executed: float) -> None:
    """Put a unit's whole-unit form into the inbox; what it scores itself is of no account."""
    rows: list[list[object]] = [
        ["部门整体支出绩效自评表"], ["（2023年度）"], ["单位名称", unit],
        ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", 200, 200, executed, 20, f"{executed / 2}%", 0],
        ["年度总体目标", "预期目标", "按期完成。", "", "实际完成情况", "已完成。"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ]  # fmt: skip
    for line in table(COUNTY_LINES.format(*actuals)):
        rows.append([*line[:5], float(line[5]), "" if line[4] == "不适用" else 0, "本年没有安排该项工作。"])
    rows += [["总分", "", "", "", "", 100, 0], ["填表人：", "陈明", "联系电话：", "1", "填报日期：", "2024-05-20"]]
    path = rounds.inbox / unit / "自评表.xlsx"
    path.parent.mkdir(parents=True)
    stamp(workbook(path, rows), "2024-05-20")


def scores(rounds: Rounds, unit: str) -> dict[str, str]:
    """Each line's verified score in the data files; "" for one that is left out."""
    text = (rounds.folder / "output" / "data" / "scores.csv").read_text("utf-8-sig")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["单位名称"] == unit]
    return {row["名称"]: row["复核得分（分）"] for row in rows}


def test_county__own_weights_floor_overrun_cap_and_a_line_that_does_not_apply__by_hand(tmp_path: Path) -> None:
    """Every line and both totals, one below the cap and one held at it."""
    rounds = Rounds(tmp_path / "批次", "单位编码 | 单位名称\n1 | 示例甲局\n2 | 示例乙局\n3 | 示例丙局")
    write_scheme(rounds.folder / "scheme.xlsx", COUNTY)
    send(rounds, "示例甲局", MISSED, 150)
    send(rounds, "示例乙局", MET, 150)
    send(rounds, "示例丙局", MET, 170)
    rounds.run()
    assert scores(rounds, "示例甲局") == {
        "预算执行率": "15", "维修校舍": "15", "培训教师": "0", "应急演练": "0", "验收合格率": "10", "户均成本": "4",
        "受益学生": "9", "校企合作": "", "家长满意度": "5",
    }  # fmt: skip
    expected = {
        "示例甲局": county(Decimal("0.75"), "15", "0", "0", "10", "4", "9", "5"),
        "示例乙局": county(Decimal("0.75"), "20", "10", "10", "10", "5", "10", "5"),
        "示例丙局": county(Decimal("0.85"), "20", "10", "10", "10", "5", "10", "5"),
    }
    assert expected == {"示例甲局": Decimal("64.4"), "示例乙局": Decimal(70), "示例丙局": Decimal("96.7")}
    assert {name: Decimal(str(rounds.unit(name)["verified_score"])) for name in expected} == expected


def test_city__deductions_bands_shares_and_conditions_over_the_data_form__by_hand(tmp_path: Path) -> None:
    """A score form of which the data form gives every figure; no procurement, so that line is left out."""
    rounds = Rounds(tmp_path / "批次", "单位编码 | 单位名称 | 应报表格\n1 | 示例甲局 | score、data")
    write_scheme(rounds.folder / "scheme.xlsx", CITY.format(conditions=CONDITIONS))
    folder = rounds.inbox / "示例甲局"
    folder.mkdir()
    head: list[list[object]] = [["（2023年度）"], ["单位名称", "示例甲局"]]
    workbook(folder / "数据.xlsx", [["部门整体支出数据表"], *head, *map(numbers, table(FIGURES))])
    lines = ("人员控制率", 20), ("三公经费控制率", 15), ("政府采购执行率", 15), ("支出完成率", 30), ("制度执行", 20)
    rows: list[list[object]] = [
        ["部门整体支出绩效评分表"],
        *head,
        ["一级指标", "三级指标", "分值", "自评得分", "评分依据"],
    ]
    rows += [["综合管理", name, weight, weight, "见数据表"] for name, weight in lines]
    workbook(folder / "评分.xlsx", [*rows, ["总分", "", 100, 100]])
    rounds.run()
    assert scores(rounds, "示例甲局") == {
        "人员控制率": "17", "三公经费控制率": "12", "政府采购执行率": "", "支出完成率": "27.6", "制度执行": "15",
    }  # fmt: skip
    assert city() == Decimal("84.24")
    assert Decimal(str(rounds.unit("示例甲局")["verified_score"])) == city()
