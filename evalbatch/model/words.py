"""The Chinese words for every closed list of values, and for the places of a form: statuses, verdicts, columns."""

from collections.abc import Mapping

FILE_STATUS: Mapping[str, str] = {
    "accepted": "已接收",
    "returned": "退回更正",
    "rejected": "未能受理",
    "unassigned": "归属未定",
    "superseded": "已被新版本替代",
    "duplicate": "重复文件",
    "attachment": "附件",
    "ignored": "不处理",
}
UNIT_STATUS: Mapping[str, str] = {
    "complete": "已报齐",
    "late": "逾期报送",
    "incomplete": "报送不全",
    "returned": "退回更正",
    "missing": "未报送",
}
SEVERITY: Mapping[str, str] = {"must-fix": "必须更正", "query": "请核实", "note": "提示"}
VERDICT: Mapping[str, str] = {
    "exceeded": "超额完成",
    "met": "完成",
    "not-met": "未完成",
    "unanswered": "缺完成情况",
    "cannot-tell": "需人工判断",
}
KIND_OF_TEXT: Mapping[str, str] = {
    "quantity": "数量",
    "date": "日期",
    "qualitative": "定性",
    "blank": "空白",
    "unclear": "无法识别",
}
LINE: Mapping[str, str] = {"execution": "预算执行率", "indicator": "绩效指标"}
BUDGET_KIND: Mapping[str, str] = {
    "total": "资金总额",
    "appropriation": "当年财政拨款",
    "carried_over": "上年结转资金",
    "other_funds": "其他资金",
    "other": "其他行",
}
ROLE: Mapping[str, str] = {"workbook": "工作簿", "attachment": "附件", "ignored": "不处理", "rejected": "未能受理"}
FORM: Mapping[str, str] = {
    "project": "项目支出绩效自评表",
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
}
KIND: Mapping[str, str] = {
    "project": "项目",
    "whole-unit": "部门整体",
    "data": "数据",
    "score": "评分",
    "other": "其他",
}
"""What a form counts as."""
SCORED_BY: Mapping[str, str] = {
    "whole-unit": "部门整体支出绩效自评表",
    "score": "部门整体支出绩效评分表",
    "projects": "项目得分按全年预算数加权",
}
MONEY_FROM: Mapping[str, str] = {
    "whole-unit": "部门整体支出绩效自评表",
    "projects": "各项目自评表之和",
    "doubtful": "金额单位存疑，未取数",
}
HEAD: Mapping[str, str] = {
    "unit.name": "单位名称",
    "unit.code": "单位编码",
    "year": "评价年度",
    "project.name": "项目名称",
    "project.department": "主管部门",
    "prepared_by": "填表人",
    "phone": "联系电话",
    "filled_on": "填报日期",
    "goal": "年度总体目标",
    "goal_actual": "总体目标完成情况",
    "indicators": "绩效指标",
    "total_weight": "分值合计",
    "total_score": "总分",
    "grade": "等级",
    "version": "表样版本",
}
"""What people call the places of a form that it has once."""
COLUMN: Mapping[str, str] = {
    "initial": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "全年执行数",
    "rate": "执行率",
    "weight": "分值",
    "score": "得分",
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "bound": "指标性质",
    "target": "年度指标值",
    "measure": "计量单位",
    "actual": "实际完成值",
    "reason": "偏差原因",
    "basis": "评分依据",
}
"""What people call the columns of money and of indicators."""
AMOUNT: Mapping[str, str] = {name: COLUMN[name] for name in ("initial", "adjusted", "executed")}
"""The amounts of a line of money, in the order of a form."""
