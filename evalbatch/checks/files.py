"""Files: what intake, reading and attribution find, and the one thing that shows only against the campaign."""

from collections.abc import Iterator

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import found_elsewhere, rule
from evalbatch.checks.view import COLUMNS, View
from evalbatch.scoring.compulsory import Blank, blanks_of
from evalbatch.scoring.fields import rival_totals

found_elsewhere(
    "F01",
    "must-fix",
    """文件无法打开

    文件损坏或内容不完整，打不开。
    消息：文件无法打开，内容损坏或不完整。
    处理：没有读取任何内容。
    整改：请用Excel或WPS打开原文件，另存为.xlsx后重新报送。
    错例：传输中断、只有一半的文件。
    正例：能用Excel或WPS正常打开的.xlsx文件。
    """,
)
found_elsewhere(
    "F02",
    "must-fix",
    """文件已加密

    文件设有打开密码，没有密码不能读取。
    消息：文件设有打开密码，不能读取。
    处理：没有读取任何内容。
    整改：请取消打开密码后重新报送。
    举例：在Excel中点“文件→信息→保护工作簿→用密码进行加密”，清空密码后保存。
    错例：打开时要求输入密码的工作簿。
    正例：不需要密码就能打开的工作簿；只保护工作表、不影响打开的也可以。
    """,
)
found_elsewhere(
    "F03",
    "must-fix",
    """不是Excel工作簿

    文件名虽是.xlsx或.xls，内容却是别的格式。
    消息：文件内容不是Excel工作簿。
    处理：没有读取任何内容。
    整改：请用Excel或WPS另存为“Excel工作簿（*.xlsx）”后重新报送。
    错例：把网页、图片或文本文件改名为.xlsx。
    正例：用Excel或WPS保存的.xlsx文件。
    """,
)
found_elsewhere(
    "F04",
    "must-fix",
    """文件过大或压缩异常

    文件大小、展开后大小、工作表数、单元格数或处理时间超过限度，不是正常的填报表。
    消息：文件超过了大小、单元格数或处理时间的限度，已停止读取。
    处理：没有读取任何内容。
    整改：请删去与填报无关的工作表、图片和空白行列，另存后重新报送。
    错例：整列设了格式、展开后有几百万个单元格的工作簿。
    正例：只有填报内容、几十KB大小的工作簿。
    """,
)
found_elsewhere(
    "F05",
    "must-fix",
    """未识别出评价表

    文件能打开，但没有一张工作表是本次的评价表。
    消息：文件能打开，但没有找到本次要填报的评价表。
    处理：没有读取任何内容。
    整改：请使用财政部门下发的表样填报，不要删改表头和栏目名称。
    错例：把部门预算表当成自评表报送。
    正例：使用下发的《项目支出绩效自评表》填报。
    """,
)


@rule("F06", "query")
def version_is_not_this_campaigns(view: View) -> Iterator[Hit]:
    """表样版本不符

    表上的版本标记与本次下发的表样不一致，可能用了旧表。表上没有版本标记的不作判断。
    消息：表样版本是“{value}”，本次应使用“{expected}”。
    处理：照所填内容读取和检查。
    整改：请改用本次下发的表样重新填报。
    举例：表样版本应为“{expected}”。
    错例：2023年的评价用了版本标记为2022的表样。
    正例：使用本次下发、版本标记一致的表样。
    """
    submission = view.submission
    wanted = view.season.versions.get(submission.form) if view.season else None
    if wanted and submission.version and submission.version != wanted:
        cell = view.cell("version")
        yield Hit(("表样版本",), cell, COLUMNS["version"], submission.version, wanted)


found_elsewhere(
    "F07",
    "must-fix",
    """残留模板文字

    已填写的行里还留着表样的标记、“××”“**”或示例文字。只有“指标2：”“……”“/”的空行不算。
    消息：还留着表样的文字“{value}”。
    处理：这一格没有取值。
    整改：请换成实际内容，不需要的请清空。
    错例：年度指标值写着“≥**人”。
    正例：年度指标值写着“≥200人”。
    """,
)
found_elsewhere(
    "F08",
    "note",
    """重复文件

    内容与另一个文件完全相同。
    消息：与文件“{original}”内容完全相同。
    处理：只计一次，以另一个文件为准。
    整改：请知悉，不必处理；如本应是另一张表，请重新报送正确的文件。
    错例：同一份自评表改名后又报了一次。
    正例：每张表只报一个文件。
    """,
)
found_elsewhere(
    "F09",
    "note",
    """已被新版本替代

    同一单位的同一张表有更新的一份，以填报日期、文件名的版本标记、文件时间较晚的为准。
    消息（year）：这张表是{year}年度的，本年度的同一张表在“{newer}”中，以本年度的为准。
    消息：这张表已被较新的文件“{newer}”替代。
    处理：按较新的一份检查和评分。
    整改：请知悉，不必处理；如应以这一份为准，请重新报送并写明新的填报日期。
    错例：改正后重新报送，旧文件仍留在收件文件夹。
    正例：只留最新的一份。
    """,
)
found_elsewhere(
    "F10",
    "note",
    """含宏或外部链接

    工作簿含有宏，或引用了其他工作簿、外部数据。
    消息：工作簿含有宏或指向其他工作簿、外部数据的链接。
    处理：宏没有运行，链接没有打开，只读取了已保存的数值；退回件中已去掉这些内容（设置要求保留的除外）。
    整改：请核对引用的数值是否正确；建议改为直接填写数值，另存为.xlsx。
    错例：全年执行数的公式引用了本机上的另一个工作簿。
    正例：全年执行数直接填写数值。
    """,
)
found_elsewhere(
    "F11",
    "must-fix",
    """公式没有计算结果

    单元格是公式，但文件里没有保存它的计算结果。
    消息：是公式，但文件里没有保存计算结果。
    处理：这一格按没有取到值处理。
    整改：请用Excel或WPS打开，重新计算并保存后报送，或直接填写数值。
    错例：由其他程序生成、从未用Excel打开计算过的公式。
    正例：打开并保存过、能看到结果的公式。
    """,
)
found_elsewhere(
    "F12",
    "must-fix",
    """公式出错

    单元格显示#REF!、#DIV/0!、#VALUE!、#N/A或#NAME?，公式算不出结果。
    消息：显示“{value}”，公式算不出结果。
    处理：这一格按没有取到值处理。
    整改：请改正公式，或直接填写数值。
    错例：执行率显示“#DIV/0!”。
    正例：执行率显示“97.21%”。
    """,
)


@rule("F13", "query")
def money_has_two_totals(view: View) -> Iterator[Hit]:
    """读取有歧义

    同一个栏目找到两个可能的位置，或栏目名称旁边找不到对应的内容，不能确定该取哪一个。
    消息（totals）：资金总额有{totals}行，数不相同：{places}。
    消息：“{column}”有不止一处可能的填写位置，不能确定取哪一处。
    处理：不能确定的没有取值，不作猜测。
    整改：请按表样恢复栏目的名称和位置，每个栏目只填一处。
    错例：一张表里有两个“单位名称”，填的内容不同；有两行“年度资金总额”，数不同。
    正例：每个栏目名称旁边只有一处填写内容。
    """
    rows = rival_totals(view.submission)
    if rows:
        cells = [next(iter(row.cells.values())) for row in rows if row.cells]
        yield Hit(
            about=("资金总额",),
            cell=cells[-1] if cells else None,
            column=rows[-1].item,
            value=rows[-1].item,
            places={
                "totals": len(rows),
                "places": [f"第{cell.row}行“{row.item}”" for cell, row in zip(cells, rows, strict=False)],
            },
        )


found_elsewhere(
    "F14",
    "must-fix",
    """同一表重复填报

    一个工作簿里有两处是同一单位、同一年度、同一项目的同一张表。内容不同的必须更正，内容相同的只作提示。
    消息（same）：{places}是同一张表（{what}），内容相同。
    消息：{places}是同一张表（{what}），内容不同：{differences}。
    处理：只计一次，以{kept}为准。
    整改：请只保留应报送的一张，删去其余的；如确是两个项目，请把项目名称写得不同。
    错例：一个工作簿里既有改前的自评表，又有改后的自评表，两张的全年执行数不同。
    正例：每个项目只有一张自评表。
    """,
)


@rule("F15", "must-fix")
def compulsory_place_is_blank(view: View) -> Iterator[Hit]:
    """必填内容空白

    评分方案规定必填的内容（见方案的“必填内容”）都要填写：有预算的要填执行数，绩效目标、指标、总分和数据表的各项数字不能空着，没有的填0。
    消息：没有填写{places}。
    处理：空白的没有补值，补齐以前这张表没有复核得分，也不参加排名。
    整改：请补填空白的内容；确实没有发生的，数字填“0”。
    举例：全年执行数填“134.92”，没有采购的，政府采购决算填“0”。
    错例：全年预算数138.79，全年执行数空白；数据表一个数也没有填。
    正例：全年预算数138.79，全年执行数134.92；数据表逐项填写，没有的填0。
    """
    blanks = sorted(blanks_of(view.submission, view.scheme), key=_in_reading_order)
    if blanks:
        yield Hit(
            about=tuple(dict.fromkeys(blank.thing for blank in blanks)),
            cell=next((blank.cell for blank in blanks if blank.cell), None),
            column="、".join(dict.fromkeys(blank.name for blank in blanks)) if len(blanks) == 1 else "",
            value="",
            cells=tuple(blank.cell for blank in blanks if blank.cell),
            places={
                "places": [f"{blank.name}（{blank.cell.address}）" if blank.cell else blank.name for blank in blanks]
            },
        )


def _in_reading_order(blank: Blank) -> tuple[int, int]:
    return (blank.cell.row, blank.cell.column) if blank.cell else (0, 0)


found_elsewhere(
    "F16",
    "query",
    """内容未能识别

    栏目里填了内容，但不能识别为这一栏应有的日期、百分率、分值或得分。
    消息：写着“{value}”，不能识别为这一栏应有的内容。
    处理：照原样引出，没有取值，也不当作空白。
    整改：请按这一栏的要求填写，说明文字写在备注或偏差原因中。
    举例：填报日期“2024年5月30日”，执行率“95.8%”，分值“10”。
    错例：填报日期写着“2024年5月32日”，分值写着“10（固定）”。
    正例：填报日期“2024年5月30日”，分值“10”。
    """,
)
