"""The words that people see, each with its one meaning, and the other words that must not stand for it.

docs/zh/words.md is made from it. What a closed list or a column of a data file is called stands there and is only
listed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from evalbatch.model import words
from evalbatch.tables.rows import TABLES


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning; `never` are other wordings of the same, as a regular expression."""

    word: str
    meaning: str
    never: str = ""


TERMS = (
    Term("批次", "一个区县一个年度的绩效自评，和存放它全部文件的文件夹", "考评批次|活动文件夹|项目文件夹"),
    Term("单位名单", "units.xlsx 中的预算单位", "花名册|单位清单|单位目录"),
    Term("填报日期", "单位在表上写的日期；据此判断是否逾期和哪一份较新", "填表日期|填写日期"),
    Term("填表人", "在表上署名的人", "填报人"),
    Term("必须更正", "单位改正后重新报送的问题", "(?<!必)须更正|需要更正|应更正|必须修改"),
    Term("请核实", "单位核实的问题：填错的改正，无误的说明原因，可不改", "需要核实|须核实|(?<!仅)需核实"),
    Term("提示", "仅供了解、不必处理的事", "警告|提醒事项"),
    Term("级别", "一个问题是必须更正、请核实还是提示", "严重程度|问题程度"),
    Term("代码", "检查目录中一种问题的编号，例如 S08；evalbatch explain 可查", "问题编码|问题编号|规则编码"),
    Term("自评得分", "单位自己填的分：每项的和总的", "自评分(?!普遍偏高|偏高|数)|单位自评分值"),
    Term("复核得分", "按评分方案逐项重新计算的分，人工核定过的项按核定", "复核分(?!值)|审核得分|审定得分"),
    Term("核定得分", "人在 review.xlsx 中对一项写下的分，即人工核定得分；复核得分从它", "评定得分|裁定得分"),
    Term("人工核定", "由人决定一项的得分", "人工评定|人工判定|人工裁定"),
    Term("待定", "规则算不出一项的得分，等人工核定；此前暂计一个分，并写明最低和最高", "悬而未决|待判定"),
    Term("差异", "复核得分减自评得分；负数是复核比自评低", "复核与自评之差|差（复核"),
    Term("执行率", "全年执行数÷全年预算数；预算为0的不计算"),
    Term("未执行比例", "100%减执行率"),
    Term("完成率", "（完成＋超额完成）÷（完成＋超额完成＋未完成）；缺完成情况和需人工判断的不计"),
    Term("报送率", "已报送的应报单位÷应报单位"),
    Term("自评覆盖率", "已自评的项目÷有批复目标的项目"),
    Term("免报", "单位不用报任何表，也没有报"),
    Term("评分表", "单位填的部门整体支出绩效评分表"),
    Term("复核评分表", "程序为每个单位做的：逐项的自评得分、复核得分、怎样算的和问题清单"),
    Term("退回件", "单位自己的工作簿，标出了要改的单元格，前面加了“需更正事项”", "批注件|返还件"),
    Term("公开稿", "可以对外公开的自评表：单位自己的工作簿，去掉了联系电话等", "公示稿|公开版"),
    Term("更正期限", "退回的表应在这一天以前改好重报"),
    Term("评分方案", "指标、分值、评分规则和等级，在 scheme.xlsx 中", "评分办法表|打分方案"),
    Term("表样", "财政局发的空白表", "模版"),
    Term("未能受理", "文件读不出来或者不是要报的表", "无法受理"),
    Term("归属未定", "不知道是哪个单位的文件，由人在 review.xlsx 中指定", "无主文件"),
)
"""What is told of the whole; the words of lists and columns follow."""

SHEETS = (
    Term("应报表格", "单位应当报送的表"),
    Term("截止日期", "第一次报送不晚于这一天；单位名单上另有的从其规定"),
    Term("文件数", "归到单位的文件有几个，压缩包中的各算一个"),
    Term("名次", "按复核得分由高到低；同分同名次"),
    Term("差异（复核－自评）", "见“差异”"),
    Term("全年预算数（万元）", "见“全年预算数”"),
    Term("大小（字节）", "见“大小”"),
    Term("指标数", "有年度指标值、参加比较的指标有几项"),
    Term("得分率100%", "得分率（复核得分÷分值）为100%的指标有几项"),
    Term("得分率90%～100%", "得分率不低于90%、不到100%的指标有几项"),
    Term("得分率80%～90%", "得分率不低于80%、不到90%的指标有几项"),
    Term("得分率60%～80%", "得分率不低于60%、不到80%的指标有几项"),
    Term("得分率60%以下", "得分率不到60%的指标有几项"),
    Term("平均得分率", "一类指标的复核得分合计÷分值合计，待定项不计"),
    Term("结果应用", "评分方案写明的、这一等级的结果怎样用于预算安排", "结果运用"),
    Term("压减比例", "评分方案写明的、这一等级压减预算的百分之几"),
    Term("压减金额", "全年预算数×压减比例，只是建议"),
    Term("得分走势", "复核得分由早到晚的一条线，没有结果的年度断开"),
    Term("执行率走势", "执行率由早到晚的一条线，没有结果的年度断开"),
    Term("必须更正走势", "必须更正的问题项数由早到晚的一条线，没有结果的年度断开"),
    Term("表格或项目", "指标所在的表；项目支出表写项目名称"),
    Term("问题数", "发现的问题有几项，同一原因只计一次"),
    Term("举例", "同类问题中的一项"),
    Term("涉及单位数", "有这种问题的单位有几个"),
    Term("占名单单位", "涉及单位数÷单位名单中的单位数"),
    Term("得分类别", "单位的得分取自部门整体，还是各项目加权"),
    Term("等级变化", "自评等级和复核等级；相同的只写一个"),
    Term("差异最大的评分项", "单位的哪一项自评与复核相差最多，各是多少"),
    Term("项目", "问题所在的项目支出表的项目名称"),
    Term("位置", "问题在工作簿中的什么地方"),
    Term("整改状态", "新发现、仍未整改、已整改、已豁免或已撤回"),
    Term("自何时起", "从第几次报送起有这个问题"),
    Term("整改依据", "由哪个文件改正的"),
    Term("整改日期", "改正的那一份的日期"),
    Term("第几次报送", "同一单位同一张表的第几份"),
    Term("报送日期", "这一份的填报日期；没有的取文件时间"),
    Term("是否逾期更正", "退回以后，是否晚于更正期限才重报"),
    Term("前一次的文件", "这一份之前的那一份"),
    Term("对比结果", "与前一份相比改了几处，复核得分变了多少"),
    Term("改动内容", "改了哪里，由什么改成什么"),
    Term("填报位置", "表样上的一个位置"),
    Term("最常见的问题", "在这个位置出现最多的问题"),
    Term("出错单位数", "在这个位置有问题的单位有几个"),
    Term("报该表单位数", "报了这张表的单位有几个"),
    Term("出错比例", "出错单位数÷报该表单位数"),
    Term("单位", "文件归到的单位；“未能确定”的等人指定"),
    Term("原因或说明", "文件为什么是这个状态，全部原因"),
    Term("事项", "统计口径的一个方面"),
    Term("核对项目", "从三处分别加出的一个合计"),
    Term("本工作簿各表", "由汇总表公式加出的合计"),
    Term("长表合计", "由 data 文件夹中的数据加出的合计"),
    Term("逐份结果合计", "由每份表、每个文件的结果加出的合计"),
    Term("结论", "三处的合计是否一致"),
    Term("计算说明", "复核得分是怎样算出来的"),
    Term("依据单元格", "计算所用的数在报送文件中的单元格"),
    Term("去掉内容的位置", "公开稿中内容比报送的少的单元格"),
    Term("去掉了什么", "公开稿比报送的少了什么：联系电话、电话号码、填表人姓名"),
    Term("说明", "没有公开稿的原因，或者没有去掉内容"),
    Term("评分标准", "评分方案对一项的要求"),
    Term("评分依据", "单位写的打分理由"),
)
"""Headers of our workbooks that no data file has."""

_LISTS = (
    ("单位的报送状态", words.UNIT_STATUS, {
        "complete": "应报的表都已收到，没有必须更正的问题，也没有逾期", "late": "报齐了，第一次报送晚于截止日期",
        "incomplete": "还缺应报的表", "returned": "报送的材料中有必须更正的问题", "missing": "没有收到任何文件",
    }),
    ("文件的状态", words.FILE_STATUS, {
        "accepted": "读取并计入，没有必须更正的问题", "returned": "读取并计入，有必须更正的问题",
        "rejected": "读不出来，或者不是要报的表", "unassigned": "表上的单位与文件夹的不是同一个，等人指定",
        "superseded": "同一张表有更新的一份", "duplicate": "与另一个文件内容完全相同",
        "attachment": "表格以外的材料，只登记", "ignored": "锁定文件、系统文件和压缩包本身",
    }),
    ("指标的完成情况", words.VERDICT, {
        "met": "达到了年度指标值", "exceeded": "超过了年度指标值", "not-met": "没有达到年度指标值",
        "unanswered": "没有写实际完成值，或者没有写全", "cannot-tell": "文字不能与目标比较，由人判断",
    }),
)  # fmt: skip


def headers() -> set[str]:
    """Every word that may head a column of ours."""
    of_data = {column.header for schema in TABLES.values() for column in schema.columns}
    return of_data | {term.word for term in (*TERMS, *SHEETS)} | set(words.VERDICT.values())


def vocabulary() -> str:
    """The list of words as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 用语"
    yield ""
    yield "界面、工作簿和信件中的每个词只有一个意思，一个意思只用一个词。"
    yield "由程序生成：`python -m evalbatch.tables words`。"
    yield from _table("总的用语", ((term.word, term.meaning) for term in TERMS))
    for title, said, meanings in _LISTS:
        yield from _table(title, ((word, meanings[key]) for key, word in said.items()))
    yield from _table("工作簿中的栏目", ((term.word, term.meaning) for term in SHEETS))
    yield ""
    yield "## 数据文件的栏目"
    yield ""
    yield "工作簿中同名的栏目与数据文件的意思相同，逐表见[数据字典](data.md)："
    yield ""
    yield "、".join(dict.fromkeys(column.header for schema in TABLES.values() for column in schema.columns)) + "。"


def _table(title: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", "| 词 | 意思 |", "|---|---|")
    yield from (f"| {word} | {meaning} |" for word, meaning in rows)
