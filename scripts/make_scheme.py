"""Makes input_templates/scheme.xlsx: the built-in scoring scheme, as a workbook that a clerk edits.

python scripts/make_scheme.py [TARGET]
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

TARGET = Path(__file__).parents[1] / "input_templates" / "scheme.xlsx"
NATIONAL, OWN = "财预〔2020〕10号", "本工具默认，非官方评分表"
INK, ACCENT, RULE, ENTRY, GREY = "#1F2933", "#1F5FA8", "#D5DAE0", "#FFFBE6", "#6B7785"

Value = str | int | float


class Sheet(NamedTuple):
    """One sheet: its title and note, columns with widths, drop-down lists by column, rows, and spare rows for entry."""

    name: str
    title: str
    note: str
    columns: Sequence[tuple[str, int]]
    lists: dict[str, Sequence[str]]
    rows: Sequence[Sequence[Value]]
    spare: int


GUIDE = (
    ("这是什么", "评分方案。evalbatch 按它复核得分、判定等级、检查问题。改评分规则只改这个工作簿，不改程序。"),
    ("怎样使用", "复制到评审文件夹，命名为 scheme.xlsx，修改黄色单元格后保存。没有这个文件时使用内置方案。"),
    (
        "可以删减",
        "整张工作表、一项设置、一个阈值或一种表样的规则没有写，就沿用内置方案。检查设置、总分上限没有写就是没有。",
    ),
    (
        "表样",
        "项目＝项目支出绩效自评表；部门整体＝部门整体支出绩效自评表；评分表；全部＝所有表样；本局自己的表样写表样名。",
    ),
    ("评分方案", "一行一条规则。三级指标留空，表示适用于该表样（及所写一级、二级指标）下的所有指标。"),
    ("", "分值来源：表内＝以自评表所填分值为准，方案的分值只在表内没有时使用；方案＝以方案的分值为准。"),
    (
        "评分方法",
        "按目标值：完成得满分，未完成按完成比例得分。参数可写 未完成：不得分（或人工）；下限：60%；定性：国家。",
    ),
    ("", "超额很多时怎样得分可加参数：超额：50%；超额处理：人工（或 90%）。"),
    ("", "执行率：分值×执行率，最高为满分。参数可写 满分：≥95%。"),
    ("", "按比例：参数 满分：≥95%（越小越好写 ≤），需要时加 零分：60%。"),
    ("", "分档：参数 ≥95%：100%；≥80%：3分；其他：0。从前往后，先符合哪一档按哪一档。"),
    ("", "扣分：参数 标准：≤100%；每：1%；扣：0.5，扣完为止。不足一次按比例扣；加 不足：计 或 不足：不计 可改。"),
    ("", "计数：计算公式写各项条件，用；隔开，符合一项得一份分。参数可写 每项：1。"),
    ("", "定性：按“定性档次”给出得分区间，由人评定。参数可写 档次：国家。人工：由人评定。不评分：整张表没有得分。"),
    (
        "计算公式",
        "用数据表的栏目名和 + - × ÷ ( )，可用 min、max、round、abs、sum。名称含标点时加方括号，如 [年末结转、结余]。",
    ),
    ("", "另可用：年初预算数、全年预算数、全年执行数、指标数、完成指标数、目标值、完成值。百分数写 95%。"),
    ("适用条件", "如 政府采购预算 > 0。不符合时该指标不适用，其余指标折算到满分。可用 且、或（前后空格）。"),
    (
        "必填内容",
        "可写：全年执行数、预期目标、实际完成情况、绩效指标、总分、等级、项目名称、数据；数据表写栏目名。",
    ),
    ("无结果时", "公式除数为 0 时怎样处理：待定、满分、零分、不适用。留空为待定，由人评定。"),
    ("本方案依据", f"项目和部门整体的规则依据{NATIONAL}。评分表的指标和分值为{OWN}，请按本地办法修改。"),
)

_SCORE_TREE: Sequence[tuple[str, str, str, int, str, str, str, str, str]] = (
    # 一级, 二级, 三级, 分值, 方法, 参数, 公式, 适用条件, 评分标准
    ("预算编制", "预算编制", "预算编制合理性", 5, "人工", "", "", "", "预算与职责、工作任务相匹配"),
    ("预算编制", "预算编制", "预算编制规范性", 5, "人工", "", "", "", "按规定程序、时限和内容编报"),
    ("预算编制", "目标设置", "绩效目标完整性", 5, "人工", "", "", "", "目标覆盖主要职责和重点工作"),
    ("预算编制", "目标设置", "绩效指标明确性", 5, "人工", "", "", "", "指标清晰、可衡量"),
    ("预算执行", "资金管理", "支出预算执行率", 8, "执行率", "", "支出决算 / 支出预算", "", "分值×执行率，最高为满分"),
    (
        *("预算执行", "资金管理", "结转结余率", 5, "扣分", "标准：≤10%；每：1%；扣：0.5"),
        *("年末结转结余 / 支出预算", "", "10%以内满分，每超1个百分点扣0.5分"),
    ),
    (
        *("预算执行", "资金管理", "政府采购执行率", 3, "按比例", "满分：≥100%"),
        *("政府采购决算 / 政府采购预算", "政府采购预算 > 0", "按执行率得分，没有采购预算的不适用"),
    ),
    (
        *("预算执行", "资金管理", "三公经费控制率", 4, "扣分", "标准：≤100%；每：1%；扣：0.5"),
        *("三公经费决算 / 三公经费预算", "三公经费预算 > 0 或 三公经费决算 > 0", "不超预算满分，每超1个百分点扣0.5分"),
    ),
    (
        *("预算执行", "项目管理", "项目支出完成率", 4, "执行率", ""),
        *("项目支出决算 / 项目支出预算", "项目支出预算 > 0", "分值×完成率，没有项目支出的不适用"),
    ),
    ("预算执行", "项目管理", "项目实施程序", 3, "人工", "", "", "", "立项、采购、验收等程序符合规定"),
    (
        *("预算执行", "人员管理", "财政供养人员控制率", 3, "扣分", "标准：≤100%；每：1%；扣：0.5"),
        *("年末在职人数 / 编制人数", "编制人数 > 0", "不超编满分，每超1个百分点扣0.5分"),
    ),
    ("预算执行", "资产管理", "资产管理安全性", 2, "人工", "", "", "", "资产保管、使用、处置合规"),
    (
        *("预算执行", "资产管理", "固定资产利用率", 3, "按比例", "满分：≥90%"),
        *("在用固定资产 / 固定资产总额", "固定资产总额 > 0", "90%以上满分，其余按比例"),
    ),
    ("预算监督", "财务监督", "财务合规性", 5, "人工", "", "", "", "支出依据、核算、制度执行合规"),
    ("预算监督", "信息公开", "预决算信息公开性", 4, "人工", "", "", "", "按规定内容、时限公开"),
    ("预算监督", "制度建设", "管理制度健全性", 3, "人工", "", "", "", "财务、资产、采购等制度健全并执行"),
    ("预算监督", "绩效监督", "绩效监控与评价", 3, "人工", "", "", "", "按要求开展监控、自评并应用结果"),
    (
        *("预算使用效益", "经济性", "公用经费控制率", 5, "扣分", "标准：≤100%；每：1%；扣：0.5"),
        *("公用经费决算 / 公用经费预算", "公用经费预算 > 0", "不超预算满分，每超1个百分点扣0.5分"),
    ),
    ("预算使用效益", "效率性", "重点工作完成率", 5, "人工", "", "", "", "年度重点工作完成情况"),
    (
        *("预算使用效益", "效率性", "绩效目标完成率", 8, "按比例", "满分：≥100%", "完成指标数 / 指标数"),
        *("", "取自部门整体支出绩效自评表：完成指标数÷指标数"),
    ),
    ("预算使用效益", "效率性", "完成及时性", 3, "人工", "", "", "", "各项任务按时完成"),
    ("预算使用效益", "效果性", "社会经济环境效益", 4, "人工", "", "", "", "履职产生的社会、经济、环境效益"),
    ("预算使用效益", "公平性", "群众信访办理情况", 2, "人工", "", "", "", "信访意见办理及时、有回复"),
    ("预算使用效益", "公平性", "公众满意度", 3, "人工", "", "", "", "服务对象满意程度，应有调查依据"),
)

_RULES = (
    [
        [form, kind, "", "", "", "", weight, "表内", method, "", "", "", "", "", standard, NATIONAL]
        for form in ("项目", "部门整体")
        for kind, weight, method, standard in (
            ("资金执行", 10, "执行率", "分值×执行率，最高为满分；执行率＝全年执行数÷全年预算数"),
            ("指标", "", "按目标值", "完成得满分，未完成按比例；定性指标按档次由人评定"),
        )
    ]
    + [
        ["评分表", "指标", one, two, name, "", weight, "方案", method, how, formula, applies, "", "", standard, OWN]
        for one, two, name, weight, method, how, formula, applies, standard in _SCORE_TREE
    ]
    + [["评分表", "指标", "", "", "", "", "", "表内", "人工", "", "", "", "", "", "方案以外的指标由人评定", OWN]]
)

_FORMS = ("项目", "部门整体", "评分表", "全部")
_METHODS = ("按目标值", "执行率", "按比例", "分档", "扣分", "计数", "定性", "人工", "不评分")

SHEETS = (
    Sheet(
        "设置",
        "方案设置",
        "满分以分计；小数位数是每项得分四舍五入保留的位数。",
        (("项目", 16), ("值", 34), ("说明", 60)),
        {},
        (
            ("方案名称", "内置评分方案（国家项目规则、部门整体默认规则）", "写在评分表和汇总表上"),
            ("版本", "1", "改动方案后请改版本号"),
            ("满分", 100, "各项分值合计应等于满分"),
            ("得分小数位数", 2, "0至4；每项得分四舍五入一次，总分为各项得分之和"),
            ("不适用折算", "是", "是：不适用的指标不计分，其余折算到满分；否：留待人工评定"),
            ("预算为零", "待定", "全年预算数和执行数都为 0 时执行率一项：待定、满分、零分"),
            ("未完成暂定", 60, "百分数。已知没有完成、又算不出完成比例的指标，人工评定前最多暂计分值的这个比例"),
        ),
        0,
    ),
    Sheet(
        "评分方案",
        "评分规则",
        "一行一条规则；三级指标留空表示适用于该表样的所有指标。写法见“说明”。",
        (
            *(("表样", 10), ("对象", 10), ("一级指标", 14), ("二级指标", 12), ("三级指标", 20), ("其他名称", 14)),
            *(("分值", 7), ("分值来源", 10), ("评分方法", 11), ("参数", 26), ("计算公式", 30), ("适用条件", 22)),
            *(("无结果时", 10), ("方向", 10), ("评分标准", 38), ("依据", 28)),
        ),
        {
            "对象": ("资金执行", "指标"),
            "分值来源": ("表内", "方案"),
            "评分方法": _METHODS,
            "无结果时": ("待定", "满分", "零分", "不适用"),
            "方向": ("越大越好", "越小越好"),
        },
        _RULES,
        20,
    ),
    Sheet(
        "数据项",
        "评分要用、数据表上还没有的数据",
        "一行一项。名称就是计算公式里的栏目名；生成表样时，数据表上没有的自动加一行，由单位填写。",
        (("名称", 30), ("计量单位", 12), ("说明", 60)),
        {},
        (),
        20,
    ),
    Sheet(
        "指标分组",
        "一级指标分组",
        "必设的组没有指标时提示 T04；组分值用途写“校验”时，组内分值合计须等于组分值；“平分”用于表内没有分值的表样。",
        (
            ("表样", 10),
            ("一级指标", 16),
            ("其他名称", 24),
            ("必设", 8),
            ("组分值", 9),
            ("组分值用途", 12),
            ("依据", 56),
        ),
        {"必设": ("是", "否"), "组分值用途": ("参考", "校验", "平分")},
        [
            [form, name, other, must, weight, "参考", f"{NATIONAL}，资金执行10分；特殊情况可调整，以各表分值为准"]
            for form in ("项目", "部门整体")
            for name, other, must, weight in (
                ("产出指标", "", "是", 50),
                ("效益指标", "", "是", 30),
                ("满意度指标", "服务对象满意度指标", "是" if form == "项目" else "否", 10),
                ("成本指标", "", "否", ""),
            )
        ]
        + [
            ["评分表", name, "", "否", weight, "参考", OWN]
            for name, weight in (("预算编制", 20), ("预算执行", 35), ("预算监督", 15), ("预算使用效益", 30))
        ],
        10,
    ),
    Sheet(
        "必填内容",
        "必填内容",
        "空着就提示 F15，这张表没有复核得分，也不参加排名。内容用、隔开，可写的见“说明”；数据表写栏目名。",
        (("表样", 12), ("内容", 90), ("说明", 50)),
        {},
        (
            *(
                (
                    form,
                    "全年执行数、预期目标、实际完成情况、绩效指标、总分",
                    "全年执行数：有预算的必填；绩效指标：至少一项",
                )
                for form in ("项目", "部门整体")
            ),
            ("评分表", "绩效指标、总分", ""),
            (
                "数据表",
                "编制人数、年末在职人数、收入预算、收入决算、支出预算、支出决算、基本支出预算、基本支出决算、"
                "项目支出预算、项目支出决算、公用经费预算、公用经费决算、三公经费预算、三公经费决算、年末结转结余、"
                "政府采购预算、政府采购决算、固定资产总额、在用固定资产、数据",
                "没有的填 0；数据：整张表一个数也没有填",
            ),
        ),
        6,
    ),
    Sheet(
        "定性档次",
        "定性指标的档次",
        "档次给出得分占分值的区间，区间内由人评定。常见写法用、隔开。第一组为默认。",
        (("档次组", 10), ("档次", 12), ("最低（%）", 10), ("最高（%）", 10), ("常见写法", 70), ("依据", 36)),
        {},
        [
            [group, name, low, high, words, basis]
            for group, edge, basis in (("国家", 60, NATIONAL), ("湖北", 50, "湖北省项目支出绩效自评表填表说明"))
            for name, low, high, words in (
                (
                    "达成",
                    80,
                    100,
                    "达成预期指标、达成年度指标、达成预期目标、已达成、完成、已完成、全部完成、按时完成、达标、已达标",
                ),
                (
                    *("部分达成", edge, 80),
                    "部分达成预期指标、部分达成预期指标并具有一定效果、部分达成年度指标、部分完成、基本完成、基本达成",
                ),
                (
                    "未达成",
                    0,
                    edge,
                    "未达成预期指标、未达成预期指标且效果较差、未达成年度指标、未完成、没有完成、未达标",
                ),
            )
        ],
        6,
    ),
    Sheet(
        "等级",
        "等级划分",
        "得分不低于最低分即为该等级，含最低分。其他写法用、隔开。结果应用可不填：保留、压减10%、取消等，按本地办法写；填了，汇总表就有“结果应用建议”。",
        (("等级", 10), ("最低分", 10), ("其他写法", 24), ("结果应用", 24), ("压减比例（%）", 16), ("依据", 30)),
        {},
        (
            ("优", 90, "优秀", "", "", NATIONAL),
            ("良", 80, "良好", "", "", NATIONAL),
            ("中", 60, "中等", "", "", NATIONAL),
            ("差", 0, "较差", "", "", NATIONAL),
        ),
        4,
    ),
    Sheet(
        "总分上限",
        "执行率低时的总分上限",
        "执行率低于所写比例时，总分不超过所写分数。没有这种规定就不填。",
        (("表样", 12), ("执行率低于（%）", 16), ("总分不超过", 12), ("依据", 40)),
        {},
        (),
        6,
    ),
    Sheet(
        "阈值",
        "检查用的界限",
        "名称不要改；值按右边的单位填写。",
        (("名称", 26), ("值", 10), ("单位", 8), ("说明", 70)),
        {},
        (
            ("执行率偏低", 80, "%", "执行率低于它又没有说明，提示 M09"),
            ("超额完成", 30, "%", "完成值超过目标这么多又没有说明，提示 A07"),
            ("全年预算与年初预算相差", 10, "%", "全年预算等于执行数而与年初预算相差这么多，提示 M05"),
            ("结转结余占预算", 10, "%", "结转结余占预算的比例达到它即为偏大"),
            ("资金每项允许尾差", 0.01, "万元", "资金合计与各项之和相差不超过 它×项数 不提示 M01"),
            ("得分允许尾差", 0.01, "分", "得分与规则相差不超过它不提示 S03、S04"),
            ("雷同文字最少字数", 50, "字", "不同单位有这么长的相同文字，提示 X02"),
            ("自评分偏高分数线", 95, "分", "自评分达到它算偏高"),
            ("自评分偏高单位占比", 90, "%", "这么多单位自评偏高，提示 X03"),
        ),
        0,
    ),
    Sheet(
        "检查设置",
        "检查的开关和轻重",
        "处理：关闭、必须更正、请核实、提示。关闭须写理由。仅询问至：到这一天为止，必须更正的只作请核实。",
        (("检查代码", 12), ("处理", 14), ("仅询问至", 16), ("理由", 60)),
        {"处理": ("关闭", "必须更正", "请核实", "提示")},
        (),
        20,
    ),
)


class Dress(NamedTuple):
    """The few formats of the workbook."""

    title: Format
    note: Format
    head: Format
    entry: Format
    centred: Format
    body: Format
    link: Format


def make(target: Path) -> None:
    """Write the scheme workbook; the same bytes each time."""
    book = xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": "评分方案", "created": datetime(2000, 1, 1)})
    dress = _dress(book)
    _guide(book.add_worksheet("说明"), dress)
    for sheet in SHEETS:
        _sheet(book.add_worksheet(sheet.name), sheet, dress)
    book.close()


def _dress(book: xlsxwriter.Workbook) -> Dress:
    base = {"font_name": "微软雅黑", "font_size": 10, "font_color": INK, "valign": "vcenter"}
    entry = base | {"bg_color": ENTRY, "border": 1, "border_color": RULE, "text_wrap": True}
    return Dress(
        title=book.add_format(base | {"font_size": 14, "bold": True}),
        note=book.add_format(base | {"font_color": GREY}),
        head=book.add_format(
            base
            | {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "border": 1, "border_color": RULE}
            | {"align": "center", "text_wrap": True}
        ),
        entry=book.add_format(entry),
        centred=book.add_format(entry | {"align": "center"}),
        body=book.add_format(base | {"text_wrap": True}),
        link=book.add_format(base | {"font_color": ACCENT, "underline": 1}),
    )


def _guide(page: Worksheet, dress: Dress) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 110)
    page.write(0, 0, "评分方案说明", dress.title)
    page.set_row(0, 26)
    for at, (head, text) in enumerate(GUIDE, 2):
        page.set_row(at, 20)
        page.write(at, 0, head, dress.body)
        page.write(at, 1, text, dress.body)
    first = len(GUIDE) + 3
    page.write(first, 0, "工作表", dress.head)
    page.write(first, 1, "内容", dress.head)
    for at, sheet in enumerate(SHEETS, first + 1):
        page.write_url(at, 0, f"internal:'{sheet.name}'!A1", cell_format=dress.link, string=sheet.name)
        page.write(at, 1, sheet.title, dress.body)
    _print(page)


def _sheet(page: Worksheet, sheet: Sheet, dress: Dress) -> None:
    """One table under its title and note, with spare rows, lists and a frozen header."""
    page.hide_gridlines(2)
    page.write(0, 0, sheet.title, dress.title)
    page.set_row(0, 26)
    page.write(1, 0, sheet.note, dress.note)
    last = 2 + len(sheet.rows) + sheet.spare
    for column, (title, width) in enumerate(sheet.columns):
        short = width <= 12
        page.set_column(column, column, width)
        page.write(2, column, title, dress.head)
        for row in range(3, last + 1):
            filled = row - 3 < len(sheet.rows)
            value = sheet.rows[row - 3][column] if filled else ""
            page.write(row, column, value, dress.centred if short else dress.entry)
        if title in sheet.lists:
            page.data_validation(3, column, last, column, _list(title, sheet.lists[title]))
        if title == "表样":
            page.data_validation(3, column, last, column, _list(title, _FORMS) | {"error_type": "information"})
    widths = [width for _, width in sheet.columns]
    for row, values in enumerate(sheet.rows, 3):
        page.set_row(row, 18 * max(map(_lines, values, widths)))
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    page.autofilter(2, 0, last, len(sheet.columns) - 1)
    _print(page, wide=sum(widths) > 200)


def _lines(value: Value, width: int) -> int:
    """How many lines a text takes in a column: a Chinese character is two digits wide."""
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(value))
    return max(1, -(-wide // (width - 1)))


def _list(title: str, words: Sequence[str]) -> dict[str, object]:
    told = "请从下拉列表中选择"
    return {"validate": "list", "source": list(words), "error_title": title, "error_message": told}


def _print(page: Worksheet, *, wide: bool = False) -> None:
    page.set_paper(8 if wide else 9)  # A3 for the widest, else A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&L&F&R第 &P 页，共 &N 页")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
