"""What things are counted in: where a measure that follows a number ends in its sentence."""

import re

_WORDS = (
    "个百分点|百分点|百分比|个工作日|工作日|个自然日|自然日|日历天|个日历天|个月|个季度|个小时|个学时|个课时|"
    "个批次|个年度|个学年|个学期|人次|人天|人日|人月|人份|人年|人时|名次|户次|家次|台次|套次|部次|辆次|架次|艘次|"
    "车次|航次|班次|节次|场次|批次|剂次|期次|轮次|趟次|届次|项次|件次|起次|例次|份次|册次|本次|张次|篇次|条次|组次|"
    "队次|笔次|校次|村次|点次|站次|头次|只次|亩次|卷次|种次|床日|床次|台套|件套|台班|机时|工时|工日|课时|学时|学年|"
    "学期|学分|平方公里|平方千米|平方厘米|平方分米|平方毫米|平方米|平米|平方|立方米|立方厘米|立方分米|立方|标方|"
    "延长米|延米|公里|千米|海里|厘米|毫米|微米|纳米|分米|公顷|公亩|吨公里|吨标准煤|吨标煤|千吨|公吨|千克|公斤|"
    "市斤|毫克|微克|毫升|摄氏度|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦|千伏安|兆伏安|千伏|度电|大卡|千卡|千焦|分贝|赫兹|"
    "兆赫|兆比特|美元|欧元|港元|港币|日元|块钱|周岁|月龄|小时|分钟|秒钟|毫秒|季度|星期|基点|当量|个基点|"
    "点位|标段|泊位|车位|床位|席位|单元|单位|网格|站点|户头|样本|样品|批件|项目|年次|年度|农户|农民|对次|对象|"
    "字节|kW·h|kW.h|kWh|KWH|kwh|kVA|KVA|Mbps|Gbps|mg/L|mg/l|mg/m³|mg/m3|μg/m³|μg/m3|ug/m3|µg/m³|mg|kg|KG|Kg|km²|km2|"
    "km|KM|Km|cm²|cm|hm²|hm2|mm|m²|m2|m³|m3|ml|mL|kW|KW|kw|MW|GW|kV|KV|GB|TB|MB|PB|dB|db|ha"
)
_SIGNS = (
    "座栋幢套辆艘门堂趟轮宗桩卷篇条则首帧枚片根匹羽尾株棵丛盆穴粒颗枝朵袋箱包瓶桶罐盒盏杆孔桌栏格组队笔页"
    "码瓦镇县企厂馆院亩吨克里米尺寸岁周星秒元角℃㎡㎢㎥升㎞倍斤个厘尊樘副把艇垧番步柜扇圈筐捆垄畦"
)
# Each word here is a measure of one sign and the signs that may not follow it, for then it begins another word.
_GUARDED = (
    "顶级尖端部 人均才民口工体大事力群社身居 名单录称额 户籍外 家庭长属 处理置于级室罚 台账风阶 册封 块状 位于置 员工 "
    "对象于应接比照口 所有在属需以 间接断隔 部门分署长 架构空 场地所景馆 次日年月要 回访复收应头升落 批准复评 "
    "期间限末初望待 届满时 班级子组 项目 件事 起来到步草 例会如行 案例件 本级年市区县省地科人单次项着辖 份额 张贴 "
    "段落 版权 集中体团合成约聚 档案次 面积向临对 支出持付撑部队 只有要 头部等 口径岸腔头 眼科 道路德 床位 站点 "
    "路段口面基 线路上下 团队结体支委 单位独项 票据 样本品 字体 标准段志识 村民庄级委 乡村镇亲级 区域级内间 "
    "市场民级内 省级内 国家际内有 校园长内级 店铺 园区 库存 局部 厅级 丈夫 方面案式便向法 担任当保负 度假过 "
    "年级来度轻 月底末初份度内 天然气数 日常报均益 时间限段效 季节 节约能气日水电假点省 "
    "分别析类为布级配解步批阶期享局公 级别 成果效本立员功熟就交为人长 点击位多 种植子类养 类别 生产态活均源命物 "
    "幅度 刊物 折合算 层次级面 股份 具体备有"
)
_LETTERS = "(?:[kgtmhsMLlVW]|(?![OolI]{2})[A-Za-zμµ]{2,4}(?:/[A-Za-z]{1,2})?)(?![A-Za-z\\d])"
_PER = (
    r"/每?(?:100|10万|百|千|万)?(?:(?![年月日天亩户人次])[一-鿿]{2}(?=$|[/,;。()])|人次|人[天日月年](?![一-鿿])|学生|农户|职工|家庭|课时|学时|车次|航班|平方米|立方米|公里|小时|季度|工作日|学期|学年"
    r"|千克|公斤|[一-鿿㎡]|m³|m3|m²|m2|km|kg|[A-Za-z]+)"
)
_AND = (
    r"(?:[·.](?=[^\d])|(?<=/人)、(?=[年月天日次](?![\u4e00-\u9fff\d])))"  # 元/生·年, 元/人、天
    r"(?:人次|季度|学年|学期|[年月日天次人户亩生期米公])"
)
_BASE = "|".join(
    (
        *(
            re.escape(word) + ("(?![A-Za-z])" if word[-1].isascii() else "")
            for word in sorted(_WORDS.split("|"), key=len, reverse=True)
        ),
        f"[{_SIGNS}]",
        "人(?=工资)",
        *(f"{word[0]}(?![{word[1:]}])" for word in _GUARDED.split()),
        _LETTERS,
    )
)
_OR = rf"\((?:[一-鿿]{{1,2}}|人次|平方米)\)(?:{_PER})*"  # 件(册)
_MEASURE = re.compile(
    rf"%+|‰+|/(?:10万|十万|百万|千|万|[人年月户亩次天日生株头只台套个件份场期吨])(?![一-鿿\d])|(?:{_BASE})(?:{_PER}|{_AND})*(?:{_OR})?"
)
_ASIDE = re.compile(r"\((?:不?含|以[上下内]|左右|约|注|次年|已|其中|[共全新市区县省校年])")


def read_measure(text: str, start: int) -> int:
    """Where the measure that begins at `start` ends; `start` itself where none begins.

    >>> text = "3个重点工作任务"
    >>> text[1 : read_measure(text, 1)]
    '个'
    """
    found = _MEASURE.match(text, start)
    if not found:
        return start
    bracket = text.find("(", start, found.end())
    if bracket > 0 and _ASIDE.match(text, bracket):
        return bracket
    return found.end()


def tidy(measure: str) -> str:
    """The measure as the contract writes it: one %, 元/生·年 with a middle dot, 百分比 as %."""
    if measure[:1] in ("%", "‰"):
        return measure[0]
    if measure == "百分比":
        return "%"
    return measure.replace(".", "·").replace("、", "·")
