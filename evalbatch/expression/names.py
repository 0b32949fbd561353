"""Digits that count nothing (names, ordinals, list marks, clock times) are painted over, place by place."""

import re

PAINT = "\ue000"
_SMALL = "[一二两三四五六七八九十]"
_ANY = "[\u4e00-\u9fff]"

_LIST_MARK = re.compile(
    r"(?:(?<=^)|(?<=[;。,、:!]))"
    rf"(?:\((?:\d{{1,2}}|{_SMALL}{{1,3}})\)|(?:1?\d|20)[.、)](?! ?[.\d]|[个场次人家项件户期台套]$)|1、(?=\d)"
    rf"|{_SMALL}{{1,3}}(?:、|是(?!否))"
    rf"|(?:\d{{1,2}}|{_SMALL}{{1,2}}):(?!\d)|(?:指标|目标|任务|标准|条件)(?:\d{{1,2}}|{_SMALL}{{1,2}}):)"
    rf"|[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮]|(?<=[\u4e00-\u9fff%])\((?:\d|{_SMALL})\)(?={_ANY})|其{_SMALL}[,是]"
)
_NEXT_MARK = re.compile(r"(?<=[\u4e00-\u9fff%])[2-9][、.](?=[\u4e00-\u9fff≥≤])|(?<=;)[2-9]、(?=\d)")
_COMMA_MARKED = re.compile(r"1,[^;\d]+\d[^;]*;2,")  # 1，培训3期；2，参训200人
_COMMA_MARK = re.compile(r"(?:^|(?<=;))\d,")
_QUOTED = re.compile(r"《[^》]{0,200}》|[“\"‘「][^”\"’」]{0,200}[”\"’」]")
_MEASURED = re.compile(r"[≥≤<>=%‰]|不[少低超高多]|百分[之百]|^\d+(?:\.\d+)?[\u4e00-\u9fff]{1,3}$")

_WORKING = re.compile(r"(?<![\d.])[\d(][^,;。=≥≤]{0,60}[÷×*][^,;。=≥≤]{0,60}=(?=\d)")  # 48÷50=96%: the result counts

_HOTLINE = (
    "(?:政务|市民|公共|服务|便民|平台|消费|投诉|举报|妇女|报警|急救|指挥|智慧)*"
    "(?:热线|平台|专线|工单|电话|公益|指挥|急救|报警)"
)
_ROUND_THE_CLOCK = "(?=.{0,4}(?:值|在岗|在线|不间断|服务|备勤|待命|运行|监控|监测|开放|响应机制|巡))"
_FESTIVAL = rf"(?=(?:国际|世界|全国|全民|中国|国家|安全|禁毒|消防|烈士|防灾|宪法){_ANY}{{0,6}}[日节周])"
_NAMES = re.compile(
    "|".join(
        (
            r"[\u4e00-\u9fff]{1,6}[〔\[(]\d{4}[〕\])]\d+号?|\[\d{4}\]\d+号?|〔\d{4}〕\d*号?",  # 财预〔2020〕10号
            rf"第(?:\d+|[零一二三四五六七八九十百]+)(?:[-~至到、]第?(?:\d+|{_SMALL}+))*(?:批次|{_ANY})?",
            r"(?<![\dA-Za-z.])(?!RMB|CNY|[A-Z]{2,3}\d+(?:\.\d+)?(?:[mμuµ]g|[微毫]克))"  # COD38mg/L counts
            r"[A-Za-z]+-?\d+(?:\.\d+)?[A-Za-z]*(?:[-/+]\d+)?(?![\d.])",  # X695, PM2.5
            r"(?<![\d.])\d+(?:\.\d+)?(?:[GKADPCSNHXIEBR](?![A-Za-z/]))(?:级|网络|基站)?",  # 5G, 4K, 3A级
            rf"(?<!\d)(?:\d{{5}}|1[12]\d|96\d{{3,4}})(?={_HOTLINE}|接?处?[警诊]|投诉|举报|信访|来电|诉求)",
            rf"(?:24|二十四)小时{_ROUND_THE_CLOCK}|7[x×X*]24(?:小时)?",
            r"(?<!\d)\d+(?:\+\d+)*\+[NnXx](?:\+\d+)*",  # 1+N
            r"(?<![\d.≥≤<>=])\d(?:\+\d)+(?![\d.%个场次人家项件户期台套])",  # 3+2
            rf"(?:(?<!\d)\d+|(?<!{_SMALL}){_SMALL}+)年一遇|[ΦφØ⌀]\d+(?:\.\d+)?(?:mm|毫米)?",
            r"(?<![\d.])\d型(?=[\u4e00-\u9fff])|(?<![\d.])\d+强(?![度化制弱调])",
            rf"(?<![\d.])\d{{1,2}}、(?=(?:\d{{1,2}}、|;)*{PAINT})",  # 6、9、12月底
            r"(?<!\d)\d+(?:\.\d+)?(?:小时|分钟)(?=(?:到达|到场|响应|办结|接通|处置|送达|反馈|回复)率[^,;。、\d]{0,4}\d)",
            r"(?:AQI|API|空气质量指数)[^\d,;。]{0,6}\d+(?=的?(?:优良)?[天日]数)",  # AQI≤100天数占比≥85% counts days
            r"(?<!\d)\d+(?:\.\d+)?(?:h|小时|分钟|个?工作日|天|日|个月)[以之]?内"  # 24h内维修率95%
            r"(?=[\u4e00-\u9fff]{2,8}率[^,;。、\d]{0,4}\d)",
            r"(?<!\d)\d+(?:个?月龄?|周?岁)[-~至到—]\d+周?岁(?=[\u4e00-\u9fff])",  # 8月龄-6岁儿童
            r"前(?:\d+|[三五十]+)(?=水平|行列|方阵)",
            r"(?<!\d)\d+号(?!前|以前|之前|底)(?:[\u4e00-\u9fff]?[楼栋文线令件机井桥])?",
            rf"(?<!\d)1-\d{{1,2}}[期批](?={_ANY})",  # batches 1 to 6 and what is done with them
            r"(?<![\d比例])\d{1,2}:\d{2}(?:[-~至到]\d{1,2}:\d{2}|(?=前|后|以前|以后|准时|开))",  # clock times
            rf"(?<![\d.])\d{{1,2}}\.\d{{1,2}}{_FESTIVAL}|\d\.0(?:版|时代)|(?<!\d)\d+核|\d{{2}}(?:后|型)",
            rf"每隔?(?:\d+|[二两三四五六七八九十百千万亿]+)[十百千万亿]*个?(?:平方米|公里|{_ANY})",  # 每3年, 每万人
            rf"(?:近|(?<!提)前|过去|未来|今后|以往|最近|上)(?:\d+|{_SMALL}+)个?[年月](?!\d)|(?<!\d)1(?!年|月|周){_ANY}1{_ANY}(?!\d)",
            # Chinese numerals that are part of a word
            rf"一(?![年月周季日天]一次){_ANY}一{_ANY}|一一|[统唯同单专第万划进逐合归]一|十[一二三四五]五|[双三二]?十大|[一二三四]甲|二十四节气",
            rf"(?:\d|{_SMALL})(?:年(?=(?:\d+|{_SMALL}+)次)|(?:周|天|日|个月|季度|个季度)(?=[1一]次))|一次(?:性|办|通过|合格|验收|成优|就业|供水|成功|交验|检验|抽检)|一年(?:一度|四季|之计)",
            r"一(?:本通|件事|张网|张图|张表|本账|支笔|家亲|门式|条龙|条心|把手|站式|体化|位一体|方面|系列|部分)",
            r"无一(?:例外|遗漏)|一(?:批|套(?!\d)|片|道|线|级|类|档|流|般|定|致|些|直|律|起|点(?![零一二三四五六七八九])|方)",
            rf"[一二三四五六七八九]年?级|[一二三]期(?=工程|项目|建设|改造|标|子|扩)|{_SMALL}项(?:规定|补贴|制度|改革|纪律|机制)",
            rf"{_SMALL}个(?:(?=100%|百分)|一(?!律)|部分|方面|阶段|环节|维护|意识|自信|确立|代表|全面|务必|责任|革命|明确|坚持|覆盖|到位|必须|不|清单|规范)",
            rf"{_SMALL}位一体|三年行动|[三五十]年(?:规划|计划|禁渔)|九年(?:制|义务|一贯)|百年|百日|千年|三支一扶|一老一小|一村一{_ANY}",
        )
    )
)


def paint_names(text: str) -> str:
    """The text with its names painted over, so that digits left in it may be quantities.

    >>> paint_names("第10届").replace(PAINT, "_"), paint_names("X695线3公里").replace(PAINT, "_")
    ('____', '____线3公里')
    """
    text = _LIST_MARK.sub(_break, text)
    if text[0] == ";":
        text = _NEXT_MARK.sub(_break, text)
    if _COMMA_MARKED.match(text):
        text = _COMMA_MARK.sub(_break, text)
    text = _QUOTED.sub(_unquote, text)
    if "=" in text:
        text = _WORKING.sub(paint, text)
    return _NAMES.sub(paint, text)


def paint(found: re.Match[str]) -> str:
    """As much paint as was found."""
    return PAINT * len(found[0])


def _break(found: re.Match[str]) -> str:
    return ";" * len(found[0])


def _unquote(found: re.Match[str]) -> str:
    """A quotation is a name, unless what it holds is measured: “≥95%”."""
    inner = found[0][1:-1]
    return f";{inner};" if found[0][0] != "《" and _MEASURED.search(inner) else paint(found)
