"""The guide's example: one unit's forms filled in the way that passes every check; figures and texts in one place."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One indicator of the example; the date in `actual` is in the year `{year}`."""

    level2: str
    name: str
    target: str
    actual: str
    weight: Decimal
    score: Decimal


MONEY = (
    ("年度资金总额", Decimal("100.50"), Decimal("120.00"), Decimal("110.10")),
    ("其中：当年财政拨款", Decimal("90.50"), Decimal("110.00"), Decimal("100.10")),
    ("上年结转资金", Decimal("10.00"), Decimal("10.00"), Decimal("10.00")),
    ("其他资金", Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
)
"""Each line with its 年初预算数, 全年预算数 and 全年执行数 in 万元; the first is the sum of the others."""
RATE, RATE_SCORE = Decimal("91.75"), Decimal("9.18")
"""110.10 ÷ 120.00 in percent, and 10 points times it, rounded."""
ROWS = (
    SampleRow("数量指标", "组织业务培训", "≥8场", "10场", Decimal(20), Decimal(20)),
    SampleRow(
        "质量指标", "会议召开情况", "至少开3次会议，参加会议率至少达95%", "开会3次，参加会议率98%",
        Decimal(15), Decimal(15),
    ),
    SampleRow("时效指标", "培训完成时间", "9月底前", "{year}年8月20日", Decimal(10), Decimal(10)),
    SampleRow("成本指标", "培训费用", "≤5万元", "4.6万元", Decimal(5), Decimal(5)),
    SampleRow("社会效益指标", "业务考核合格率", "≥90%", "92.5%", Decimal(30), Decimal(30)),
    SampleRow("服务对象满意度指标", "参训人员满意度", "≥95%", "96.5%", Decimal(10), Decimal(10)),
)  # fmt: skip
TOTAL, GRADE = sum((row.score for row in ROWS), RATE_SCORE), "优"
FIELDS = {
    "编制人数": "20", "年末在职人数": "19", "退休人数": "6", "编外人数": "2",
    "收入预算": "120.00", "收入决算": "120.00", "支出预算": "120.00", "支出决算": "110.10",
    "基本支出预算": "70.00", "基本支出决算": "62.10", "项目支出预算": "50.00", "项目支出决算": "48.00",
    "公用经费预算": "12.00", "公用经费决算": "11.40", "三公经费预算": "3.00", "三公经费决算": "2.60",
    "因公出国费决算": "0.00", "公务用车费决算": "2.00", "公务接待费决算": "0.60", "上年三公经费决算": "2.80",
    "上年结转": "10.00", "年末结转结余": "9.90", "政府采购预算": "8.00", "政府采购决算": "8.00",
    "固定资产总额": "85.00", "在用固定资产": "80.75",
    "重点项目名称1": "业务培训", "重点项目预算数1": "50.00", "重点项目决算数1": "48.00",
}  # fmt: skip
"""What the data form takes: the money above, spent as 62.10 + 48.00; the three public expenses 0.00 + 2.00 + 0.60."""
LOWERED = {
    "支出预算执行率": (Decimal("7.34"), "支出决算110.10÷支出预算120.00＝91.75%，8×91.75%＝7.34。"),
    "项目支出完成率": (Decimal("3.84"), "项目支出决算48.00÷项目支出预算50.00＝96%，4×96%＝3.84。"),
}
"""The lines of the score form that don't get full marks; with them its total is the one of the other form."""
