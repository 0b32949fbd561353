"""Whether less of an indicator is better, where its target is a bare number."""

import pytest
from expression.judged import judged

BARE = [  # target, actual, indicator, level 2, verdict
    ("100%", "92%", "财政供养人员控制率", "数量指标", "met"),
    ("3%", "0", "预算调整率", "数量指标", "met"),
    ("5起", "3起", "安全事故发生数", "质量指标", "met"),
    ("5起", "6起", "安全事故发生数", "质量指标", "not-met"),
    ("5起", "6起", "信访事项办结数", "数量指标", "exceeded"),
    ("98%", "96%", "投诉处理及时率", "时效指标", "not-met"),
    ("0.9%", "0.5%", "病虫害灾害率", "质量指标", "met"),
    ("290%", "100%", "市民满意度调查", None, "cannot-tell"),
    ("15万元", "14.8万元", "项目总成本", "成本指标", "met"),
    ("15万元", "16万元", "项目总成本", "成本指标", "not-met"),
    ("1000元/人", "1000元/人", "补助标准", "成本指标", "met"),
    ("1000元/人", "1250元/人", "补助标准", "成本指标", "cannot-tell"),
    ("30天", "25天", "办理时限", "时效指标", "met"),
    ("38508人", "37442人", "居民健康档案", "数量指标", "not-met"),
    ("下降10%", "下降8.6%", "犯罪率", "社会效益指标", "not-met"),
    ("下降5%", "下降7.2%", "信访投诉率", "满意度指标", "exceeded"),
    ("下降至5%", "4.2%", "投诉率", "满意度指标", "met"),
    ("压缩3个工作日", "压缩4个工作日", "审批时限", "时效指标", "exceeded"),
    ("压缩至3个工作日", "2.5个工作日", "审批时限", "时效指标", "met"),
    ("88万元", "80.96万元", "项目预算控制数", "成本指标（10分）", "met"),
    ("88万元", "92万元", "项目预算控制数", "成本指标", "not-met"),
    ("500万元", "480万元", "救助资金保障", "成本指标", "cannot-tell"),
    ("5%", "6.2%", "成本节约", "成本指标", "exceeded"),
    ("4小时", "2.5小时", "故障处理时间", "时效指标", "met"),
    ("4小时", "6小时", "投诉处理时限", "时效指标", "not-met"),
    ("3天", "4天", "培训时间", "数量指标", "exceeded"),
    ("100%", "100%", "成本核算率", "成本指标", "met"),
    ("0", "0", "明显变质比例", "质量指标", "met"),
    ("98%", "96%", "投诉处理率（%）", "质量指标", "not-met"),
    ("5%", "3%", "产品不合格率", "质量指标", "met"),
    ("3%", "2.5%", "城镇登记失业率", "社会效益指标", "met"),
    ("2%", "2.5%", "漏报率", "质量指标", "not-met"),
    ("55分贝", "53分贝", "声环境质量", "生态效益指标", "met"),
    ("30人", "28人", "编外人员控制数", "数量指标", "met"),
    ("3807人", "3220人", "高血压随访控制数", "数量指标", "not-met"),
    ("200起", "210起", "查处违法案件", "数量指标", "exceeded"),
    ("500万元", "520万元", "节约成本", "经济效益指标", "exceeded"),
    ("100万元", "80万元", "挽回经济损失", "经济效益指标", "not-met"),
    ("2个", "1个", "事故应急救援队", "数量指标", "cannot-tell"),
    ("500元/吨", "520元/吨", "污水处理成本", "成本指标", "not-met"),
    ("365天", "360天", "无事故天数", "社会效益指标", "not-met"),
    ("88万元", "80.5万元", "成本控制", "成本指标", "cannot-tell"),
    ("预算控制数88万元", "80.5万元", "成本控制", "成本指标", "met"),
    ("30秒", "25秒", "热线接通时间", "时效指标", "met"),
]


@pytest.mark.parametrize(("target", "actual", "name", "level2", "verdict"), BARE)
def test_bare_number__of_an_indicator__takes_its_direction_from_the_name(target, actual, name, level2, verdict):
    """Costs, complaints, accidents: less is better; counts and rates: more; where unsure, nobody is told off."""
    assert judged(target, actual, name=name, level2=level2).verdict == verdict


def test_direction__given__goes_before_the_name():
    """A scheme's own direction is stronger than what the name suggests."""
    assert judged("5次", "3次", name="检查次数", less_is_better=True).verdict == "met"
    assert judged("5次", "3次", name="检查次数").verdict == "not-met"


def test_direction__fixed_by_an_operator__is_not_reported():
    """less_is_better is told for bare numbers only."""
    assert judged("≥5次", "6次", name="事故").less_is_better is None
    assert judged("5次", "6次", name="检查次数").less_is_better is False
