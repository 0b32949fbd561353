"""An indicator's name and group in, whether less of it is better; None where that is unsure."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from evalbatch.model import Part

_LESS = re.compile(
    r"(?P<cost>成本|超支|耗时|用时|等待时间|响应时间|办理时[限间]|办结时[限间]|完成时[限间]|工期|周期|限额|停留时间"
    r"|(?:预算|支出|经费|成本|投资|造价|费用?|人员|编外|编制|员额|用工|总量|规模)控制[数额])"
    r"|投诉|事故|差错|违约|变质|死亡|伤亡|发生[数率起次]|发案|案发|发病|患病|感染率|流失|失业|犯罪|污染|排放|能耗|浪费|损耗|损失|缺陷|故障"
    r"|拖欠|逾期|延误|延期|违规|违法|违纪|返贫|辍学|不合格|不良|退货|上访|信访|预算调整率|结转结余率|结余率"
    r"|变动率|(?:人员|编制|经费)控制率|偏差率|偏离度|误差|空置率|闲置率|负债率|债务率|灾害|受灾|成灾|受害|火灾|疫情|缺勤|浓度|涨幅|支出超"
    r"|争议|纠纷|隐患数|舆情|假冒|破损|脱落|返工|淘汰率|重复率|渗漏|漏损|空缺"
    r"|噪声|噪音|臭氧|扬尘|超标|超时|漏[报检诊水保损气电管征]|[迟错瞒误]报|误诊|错误率|出错|离职|裁员|退学|死机|宕机|中断|停[电水气]|积压|坏账"
    r"|近视|肥胖|溺水|重伤|受伤|致残|欠[薪费款税缴]|拥堵|复发|再犯|黑臭|耗[水电油能煤材]|[水电油煤物]耗|用[水油能煤]量|撂荒|抛荒|调整次数"
    r"|滞留|差评|不满意|不达标|未(?:完成|达标|落实|实现|办结|发放|按时)|缺失率|失败|负面|脱管|平均住院"
)
_TURNED = re.compile(
    r"(?<![未不非没])(?:处理|办结|办理|处置|整改|治理|核算|查处|调处|化解|解决|回复|答复|响应|及时|满意|达标|合格|下降|降低|减少|压减|节约|削减|压降|覆盖|完成|救助|补助|保障|资助|支持|预防|防治|防控|防范|检查|排查"
    r"|监测|宣传|培训|演练|抢修|修复|维修|控制|查处|打击|破案|侦破|清理|清运|接待|受理|到位|执行|准确|安置|就业|帮扶|慰问|理赔|赔付|清偿|回收|利用"
    r"|报告|上报|管理|监管|筛查|检测|治疗|救治|登记|建档|评估|审理|结案|知晓|参与|识别|预警|预报|公开|改造|建设|铺设|恢复|补偿|保险|参保|督办|回访|追责|立案|执法|整治|追缴|清缴|征缴|追回|挽回|拆除|召回|稳控|纠正|补录|曝光|成功)"
    r"[\u4e00-\u9fff]{0,3}(?:率|数|次数|次|度|量|个数|人数|件数|比例|性|面积|项目)?$"
)
_LOWERED = re.compile(
    r"(?:减少|减轻|降低|压减|压降|削减|缩短|节约|节省|挽回|追回|追缴|清缴|征缴|避免)[\u4e00-\u9fff]{0,6}$"
)
_FOUGHT = re.compile(
    r"(?:查处|查办|查获|打击|侦破|审理|调解|调处|化解|处置|处理|处罚|整治|整改|治理|救治|救助|帮扶|安置|清理|清运|清除|消除"
    r"|排查|检查|监测|筛查|办理|办结|受理|接待|回复|答复|应对|防治|防控|预防|防范)[\u4e00-\u9fff、]{0,6}$"
)
_WITHOUT = re.compile(r"(?:零|无|未发生|未出现|没有|不发生)[\u4e00-\u9fff]{0,4}$")
_TAIL = re.compile(  # what may follow and leave the name one of the unwanted thing itself: 事故起数, but not 事故救援队
    r"(?:发生|责任|举报|事件|案件|问题|现象|行为|纠纷|物|总|年均|平均|年度|均|人口|贷款|支出|费用|资金|管理|停机|处罚|情况|程度|强度|水平|指数"
    r"|比例|比率|占比|比重|比|数量|起数|次数|人数|件数|个数|户数|批次|人次|点位|时间|时长|时限|天数|小时数|日|金额|面积|幅度|概率|频次|频率|规模"
    r"|率|数|量|额|值|度|次|起|件|性|案|者|的|以?内|[^\u4e00-\u9fff])*$"
)
_TRAILER = re.compile(r"[（(][^（）()]*[）)]$")  # 投诉处理率（%）
_HELD = re.compile(r"(?:成本|投资|造价|费用|支出|预算)控制[率度]")  # held to 100%, or kept below it?
_UNSURE = re.compile(
    r"标准|单价|价格|编制|占比|比例|比重|密度|间隔|温度|湿度|增减|规格|比率|系数|用电量|(?<![同环])比(?=$|[（(])"
)
_SPEED = re.compile(
    r"时间|时限|工期|周期|期限|耗时|用时|(?:办|审|处[理置]|响应|等待|住院|停[电水气]|修)[\u4e00-\u9fff]{0,2}(?:天数|时长)"
)
_FALL = re.compile(
    r"(?:下降|降低|减少|压减|压降|下浮|削减|压缩|缩减|节约|缩短|减排|提前)(?:了|率|幅度|比例|约|近|达)?[:：]?\s*[\d零一二三四五六七八九十百]"
)
_CAPPED = re.compile(r"(?:预算|支出|经费|成本|投资|造价|费用?)控制[数额]|限额|上限|封顶|[只仅][跑需用]")
_DURATIONS = frozenset(["天", "日", "小时", "分钟", "分", "秒", "秒钟", "工作日", "个工作日", "个月", "月", "日历天"])
_LASTING = re.compile(
    r"年限|寿命|服务时长|持续|使用|运行|维持|优良|学习|培训|志愿|供水|供电|保存|开放|值班|值守|播出|服务时间|营业|工作时间|实习|实训|演出|展[览出]|质保|保修"
)
_LOADS = frozenset(
    ["分贝", "dB", "db", "微克/立方米", "μg/m³", "μg/m3", "µg/m³", "ug/m3"]
)  # noise, and dust in the air


class _Named(NamedTuple):
    """What the words of an indicator's name say; `evil` is what they say of something unwanted, "" for nothing."""

    evil: Literal["", "itself", "acted on", "held", "fought", "beside"]
    turned: bool
    held: bool
    lasting: bool
    speed: bool
    unsure: bool


def less_is_better(part: Part, name: str, level2: str | None) -> bool | None:
    """Whether a bare number of this indicator is a ceiling (True), a floor (False), or can't be told (None).

    >>> from evalbatch.expression.understanding import parse_target
    >>> bare = parse_target("5起").parts[0]
    >>> less_is_better(bare, "安全事故发生数", None), less_is_better(bare, "事故处理数", None)
    (True, False)
    """
    if _FALL.search(part.text):
        return False  # the further a rate falls the better; 降至5% is a level, and none of these
    if part.measure in _LOADS or _CAPPED.search(part.text):
        return True
    named = _named(name)
    if named.held:
        return None
    if part.measure in _DURATIONS and named.speed and not named.lasting:
        return True
    if named.evil:
        return _of_evil(part, named.evil)
    if part.measure == "%" and part.value == 100:
        return False
    if part.value == 0 and (part.measure != "%" or not named.turned):
        return True
    if part.measure in _DURATIONS and not named.lasting:
        return True if "时效" in (level2 or "") else None
    if (part.measure == "年" and not named.lasting) or named.unsure:
        return None
    if "成本" in (level2 or ""):
        return _of_cost(part, turned=named.turned)
    return False


@lru_cache(maxsize=4096)
def _named(name: str) -> _Named:
    """What a name says; the last unwanted thing in it counts, for a name's head is its end.

    事故处理成本 is a cost, 事故处理率 is none; 减少损失 and 查处违法案件 say what is done about it, and
    事故救援队 names what only stands beside it.
    """
    name = _TRAILER.sub("", name) or name
    turned = _TURNED.search(name)
    evil: Literal["", "itself", "acted on", "held", "fought", "beside"] = ""
    for found in _LESS.finditer(name):
        before, after = name[: found.start()], name[found.end() :]
        if turned and turned.start() >= found.end():
            evil = "held" if "控制" in after else "acted on"
        elif _WITHOUT.search(before) or _LOWERED.search(before) or (not found["cost"] and _FOUGHT.search(before)):
            evil = "fought"
        else:
            evil = "itself" if _TAIL.fullmatch(after) else "beside"
    lasting, speed = _LASTING.search(name) is not None, _SPEED.search(name) is not None
    held, unsure = _HELD.search(name) is not None, _UNSURE.search(name) is not None
    return _Named(evil, turned is not None, held, lasting, speed, unsure)


def _of_evil(part: Part, evil: str) -> bool | None:
    """The direction of a name that speaks of something unwanted: of it, or of what is done about it?"""
    if evil in ("acted on", "held"):
        return None if evil == "held" and (part.measure != "%" or part.value != 100) else False
    if evil == "fought":
        return part.value == 0
    return None if evil == "beside" and part.value != 0 else True


def _of_cost(part: Part, *, turned: bool) -> bool | None:
    """The direction of a cost indicator: of its money, unless that is given to somebody (救助资金)."""
    money = part.measure.startswith("元")
    if turned:
        return None if money else False
    return True if money or not part.measure else None
