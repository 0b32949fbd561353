"""The names of a scheme's thresholds: as the code asks for them, and as the workbook calls them."""

from typing import NamedTuple


class Named(NamedTuple):
    """A threshold's name in the workbook, and the unit that its value is in."""

    title: str
    measure: str


NAMES = {
    "low_execution_rate": Named("执行率偏低", "%"),
    "over_fulfilment": Named("超额完成", "%"),
    "adjusted_gap": Named("全年预算与年初预算相差", "%"),
    "carry_over": Named("结转结余占预算", "%"),
    "money_rounding": Named("资金每项允许尾差", "万元"),
    "score_rounding": Named("得分允许尾差", "分"),
    "same_text_length": Named("雷同文字最少字数", "字"),
    "high_self_score": Named("自评分偏高分数线", "分"),
    "high_self_share": Named("自评分偏高单位占比", "%"),
}
"""Every threshold that a check or a rule may ask for; the values stand in the scheme's workbook."""
