"""An indicator's name and group in, whether less of it is better; None where that is unsure."""

import re

from evalbatch.model import Part

_LESS = re.compile(
    r"成本|投诉|事故|差错|违约|变质|死亡|伤亡|超支|耗时|用时|发生[数率起次]|发案|案发|发病|患病|感染率|流失|失业|犯罪|污染|排放|能耗|浪费|损耗|损失|缺陷|故障"
    r"|拖欠|逾期|延误|延期|违规|违法|违纪|返贫|辍学|不合格|不良|退货|上访|信访|等待时间|响应时间|办理时[限间]|办结时[限间]|完成时[限间]|工期|周期|预算调整率|结转结余率|结余率"
    r"|变动率|(?:人员|编制|经费)控制率|偏差率|偏离度|误差|空置率|闲置率|负债率|债务率|灾害|受灾|成灾|受害|火灾|疫情|缺勤|浓度|涨幅|支出超|(?:预算|支出|经费|成本|投资|造价|费用?)控制[数额]|争议|纠纷[数量起]|隐患数|舆情|假冒|破损|脱落|返工|淘汰率|重复率|渗漏|漏损|空缺"
)
_TURNED = re.compile(
    r"(?:处理|办结|办理|处置|整改|治理|核算|查处|调处|化解|解决|回复|答复|响应|及时|满意|达标|合格|下降|降低|减少|压减|节约|削减|压降|覆盖|完成|救助|补助|保障|资助|支持|预防|防治|防控|防范|检查|排查"
    r"|监测|宣传|培训|演练|抢修|修复|维修|控制|查处|打击|破案|侦破|清理|清运|接待|受理|到位|执行|准确|安置|就业|帮扶|慰问|理赔|赔付|清偿|回收|利用)"
    r"[\u4e00-\u9fff]{0,3}(?:率|数|次数|次|度|量|个数|人数|件数|比例|性|面积|项目)?$"
)
_HELD = re.compile(r"(?:成本|投资|造价|费用|支出|预算)控制[率度]")  # held to 100%, or kept below it?
_UNSURE = re.compile(r"标准|单价|价格|编制|占比|比例|比重|密度|间隔|温度|湿度|增减|规格|比率|系数")
_SPEED = re.compile(r"时间|时限|工期|周期|期限|耗时|用时|天数|时长")
_FALL = re.compile(
    r"(?:下降|降低|减少|压减|压降|下浮|削减|压缩|缩减|节约|缩短|减排)(?:了|率|幅度|比例|约|近|达)?[:：]?\s*[\d零一二三四五六七八九十百]"
)
_DURATIONS = frozenset(["天", "日", "小时", "分钟", "工作日", "个工作日", "个月", "月", "日历天"])
_LASTING = re.compile(r"年限|寿命|服务时长|持续|使用|运行|维持|优良|学习|培训|志愿|供水|供电|保存")


def less_is_better(part: Part, name: str, level2: str | None) -> bool | None:
    """Whether a bare number of this indicator is a ceiling (True), a floor (False), or can't be told (None).

    >>> from evalbatch.expression import parse_target
    >>> bare = parse_target("5起").parts[0]
    >>> less_is_better(bare, "安全事故发生数", None), less_is_better(bare, "事故处理数", None)
    (True, False)
    """
    if _FALL.search(part.text):
        return False  # the further a rate falls the better; 降至5% is a level, and none of these
    whole_rate = part.measure == "%" and part.value == 100
    if _HELD.search(name):
        return None
    if part.measure in _DURATIONS and _SPEED.search(name) and not _LASTING.search(name):
        return True
    bad, turned = _LESS.search(name), _TURNED.search(name)
    if bad and not (turned and turned.end() > bad.end()):
        return True
    if bad:
        return None if "控制" in name[bad.start() :] and not whole_rate else False
    if whole_rate:
        return False
    if part.value == 0 and (part.measure != "%" or not turned):
        return True
    if part.measure in _DURATIONS and not _LASTING.search(name):
        return True if "时效" in (level2 or "") else None
    if part.measure == "年" and not _LASTING.search(name):
        return None
    if _UNSURE.search(name):
        return None
    if "成本" in (level2 or ""):
        money = part.measure.startswith("元")
        if turned:
            return None if money else False
        return True if money or not part.measure else None
    return False
