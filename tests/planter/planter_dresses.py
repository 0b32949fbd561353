"""How forms are dressed: other labels, other order of columns, other ways to write a number."""

import random
from dataclasses import dataclass
from typing import Any

LABELS = {
    "project": ("项目名称", "项目（专项）名称", "专项名称"),
    "department": ("主管部门", "主管单位", "项目主管部门"),
    "unit": ("实施单位", "项目实施单位", "项目单位"),
    "own": ("单位名称", "部门名称", "部门（单位）名称"),
    "money": ("项目资金（{m}）", "项目资金\n（{m}）", "资金情况（{m}）"),
    "initial": ("年初预算数", "年初预算", "年初预算数"),
    "adjusted": ("全年预算数", "全年预算数（A）", "调整后预算数"),
    "executed": ("全年执行数", "全年执行数（B）", "预算执行数"),
    "weight": ("分值", "权重", "分值"),
    "rate": ("执行率", "执行率（B/A）", "预算执行率"),
    "score": ("得分", "自评得分", "得分"),
    "overall": ("年度总体目标", "年度\n总体\n目标", "总体目标"),
    "goal": ("预期目标", "年初设定目标", "预期目标"),
    "goal_actual": ("实际完成情况", "全年实际完成情况", "目标实际完成情况"),
    "level1": ("一级指标", "一级\n指标", "一级指标"),
    "level2": ("二级指标", "二级\n指标", "二级指标"),
    "name": ("三级指标", "三级\n指标", "三级指标名称"),
    "bound": ("指标性质", "指标性质", "指标性质"),
    "target": ("年度指标值", "指标值", "目标值"),
    "measure": ("度量单位", "计量单位", "度量单位"),
    "actual": ("实际完成值", "全年实际值", "完成值"),
    "reason": ("偏差原因分析及改进措施", "偏差原因分析\n及改进措施", "未完成原因分析"),
    "total": ("总分", "合计", "总计"),
    "grade": ("自评等级", "等级", "评价等级"),
    "prepared_by": ("填表人：", "填表人", "填报人："),
    "phone": ("联系电话：", "联系电话", "电话："),
    "filled_on": ("填表日期：", "填报日期", "填报日期："),
}
TITLES = {"project": "项目支出绩效自评表", "whole-unit": "部门整体支出绩效自评表"}


@dataclass(frozen=True)
class Dress:
    """How a form is written; the names of `DRESSES` are those of the project's example forms."""

    labels: int = 0
    spaced: bool = False
    down: int = 0
    right: int = 0
    text_numbers: bool = False
    percent_cells: bool = False
    yuan: bool = False
    split: bool = False
    weight_first: bool = False
    blank_rows: bool = False
    decoy: bool = False
    formulas: bool = False
    old: bool = False
    side: bool = False
    footer: bool = True
    inline: bool = False
    grade: bool = False
    version: bool = False
    merged: bool = True


DRESSES = {
    "plain": Dress(),
    "synonyms1": Dress(labels=1, side=True),
    "synonyms2": Dress(labels=2, grade=True),
    "spaced": Dress(spaced=True),
    "shifted": Dress(down=3, right=1),
    "textnumbers": Dress(text_numbers=True, grade=True),
    "percentcells": Dress(percent_cells=True, side=True),
    "yuan": Dress(yuan=True),
    "split": Dress(split=True, grade=True),
    "weightfirst": Dress(weight_first=True, labels=1),
    "blankrows": Dress(blank_rows=True, side=True, version=True),
    "decoy": Dress(decoy=True),
    "inline": Dress(inline=True, grade=True, side=True),
    "formula": Dress(formulas=True, percent_cells=True, grade=True),
    "old": Dress(old=True, labels=1, footer=False),
    "bare": Dress(footer=False, merged=False, grade=True),
}


def random_dress(rng: random.Random) -> Dress:
    """Mix what dresses have."""
    flags = (
        "inline",
        "spaced",
        "text_numbers",
        "percent_cells",
        "yuan",
        "split",
        "weight_first",
        "blank_rows",
        "decoy",
        "formulas",
        "old",
        "side",
        "version",
    )
    drawn: dict[str, Any] = {flag: rng.random() < 0.25 for flag in flags}
    return Dress(
        labels=rng.randrange(3),
        down=rng.choice((0, 0, 2)),
        right=rng.choice((0, 0, 1)),
        footer=rng.random() < 0.7,
        grade=rng.random() < 0.5,
        **drawn,
    )
