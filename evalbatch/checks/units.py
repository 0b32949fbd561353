"""The unit and its form's header and footer: who, which year, by when, by whom."""

from collections.abc import Iterator
from datetime import date

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import found_elsewhere, rule
from evalbatch.checks.view import COLUMNS, View, is_answer
from evalbatch.model import Cell
from evalbatch.model.files import OLDEST_TIME, day_filled
from evalbatch.reading.days import is_left_blank

"""ZIP members and copied files without a time of their own bear 1970 or 1980."""

found_elsewhere(
    "U01",
    "must-fix",
    """单位不在名单

    表中的单位名称和编码在单位名单中都找不到。
    消息（nearest）：单位“{value}”不在单位名单中，名单中相近的有：{nearest}。
    消息：单位“{value}”不在单位名单中。
    处理：这个文件没有归到任何单位。
    整改：请核对单位名称，按名单填写全称；名单漏列的，请财政部门补入名单。
    错例：单位名称填“区总工会机关”，名单中是“湛江市麻章区总工会”。
    正例：单位名称填名单中的全称。
    """,
)
found_elsewhere(
    "U02",
    "query",
    """单位名称与名单不一致

    单位凭编码或其他名称认出，但写法与名单不同；或表中的单位与文件名不是同一个（以表中为准）；或表中是一个单位，所在文件夹却是另一个（两个单位都不计，由人工指定归属）。
    消息（how=folder）：表中单位是“{form_unit}”，文件却放在“{path_unit}”的文件夹里。
    消息（how=path）：表中单位是“{form_unit}”，文件名却指向名单中的另一个单位。
    消息：单位名称填的是“{value}”，名单中是“{expected}”。
    处理：{meanwhile}。
    整改：请核对单位名称，按名单填写；文件放错位置的请改正。
    错例：表中单位是“区教育局”，文件放在“区卫健局”文件夹。
    正例：表中单位、文件夹和名单三者一致。
    """,
)


@rule("U03", "must-fix")
def year_is_not_the_campaigns(view: View) -> Iterator[Hit]:
    """评价年度不符

    表上的年度应是本次评价的年度。
    消息：评价年度填的是“{value}”，本次评价的是{expected}年度。
    处理：照所填内容检查，得分不计入本年度。
    整改：请核对是否报错了年度的表；内容确属本次评价年度的，请改正年度。
    举例：写成“{expected}年度”。
    错例：评价2023年度，表上写“（2022年度）”。
    正例：评价2023年度，表上写“（2023年度）”。
    """
    year = view.submission.year
    if view.season and year is not None and year != view.season.year:
        yield Hit(("年度",), view.cell("year"), COLUMNS["year"], str(year), str(view.season.year))


@rule("U04", "query")
def submitted_after_the_deadline(view: View) -> Iterator[Hit]:
    """逾期提交

    第一次报送的填报日期晚于截止日期；表上没有填报日期的，看文件的修改时间。按期报送、退回后更正的，不算逾期。
    消息（again）：第一次报送的{by}是{day}，晚于截止日期{deadline}。
    消息：{by}是{day}，晚于截止日期{deadline}。
    处理：登记为逾期，照常检查和评分。
    整改：请书面说明逾期的原因；填报日期照实填写，不必改动。
    错例：截止日期2024年5月31日，填报日期2024年6月10日。
    正例：截止日期2024年5月31日，填报日期2024年5月30日。
    """
    deadline = (view.unit.deadline if view.unit else None) or (view.season.deadline if view.season else None)
    if view.season is None or deadline is None:
        return
    filled_on = day_filled(view.submission.filled_on, view.form.source.modified)
    first = view.first_sent
    if first is None and filled_on is None and _dated_elsewhere(view):
        return
    day = first.day if first else filled_on or view.form.source.modified.date()
    by_fill_date = first.by_fill_date if first else filled_on is not None
    if day > deadline:
        cell = view.cell("filled_on") if by_fill_date and day == filled_on else None
        yield Hit(
            about=("提交日期",),
            cell=cell,
            column=COLUMNS["filled_on"] if cell else "",
            value=None if cell else _day(day),
            places={
                "by": "填报日期" if by_fill_date else "文件修改日期",
                "day": _day(day),
                "deadline": _day(deadline),
                "again": day != (filled_on or view.form.source.modified.date()),
            },
        )


def _dated_elsewhere(view: View) -> bool:
    """Whether another sheet of the same file bears a fill date, or said the same of the file before."""
    same_file = [other for other in view.others if other.form.source.path == view.form.source.path]
    return any(other.submission.filled_on is not None or other.key < view.key for other in same_file)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


found_elsewhere(
    "U08",
    "query",
    """一个文件里有几个单位的表

    各单位的表按表中的单位名称分别计入各单位。为了不让一个单位看到另一个单位的表，这样的文件不退回原件，只给每个单位一份自己的清单。
    消息：这个文件里除了“{own}”的表，还有别的单位的表。
    处理：各表按表中的单位分别计入，照常检查和评分；退回时只附本单位的清单。
    整改：请把本单位的表单独存为一个文件报送。
    错例：一个工作簿里，一张工作表是区教育局的自评表，另一张是区水务局的。
    正例：每个单位各报各的工作簿。
    """,
)
found_elsewhere(
    "U05",
    "must-fix",
    """缺少应报表格

    单位应报的表、应报的项目在收件文件夹里没有找到。应报的项目以units.xlsx的“项目名单”为准，没有项目名单的以批复目标为准。单位有文件未能受理的，表可能就在那个文件里，只报那个文件的问题，不另报缺表。
    消息（nearest）：没有收到应报项目“{project}”的“{form}”，收到的“{nearest}”名称相近。
    消息（project）：没有收到应报项目“{project}”的“{form}”。
    消息：没有收到应报的“{form}”。
    处理：这张表登记为未收到；一张表都没有收到的单位登记为未报送，其余的登记为报送不全。
    整改：请补报这张表；已经报送的，请核对表中的单位名称、项目名称和年度。
    错例：应报部门整体支出绩效自评表和数据表，只报了自评表。
    正例：应报的表全部报送。
    """,
)


@rule("U06", "query")
def who_and_when_is_blank(view: View) -> Iterator[Hit]:
    """填报信息不全

    表上有填表人、联系电话、填报日期或主管部门的位置，却没有填写。表上没有这些位置的不作要求；填了却不能识别的日期由F16引出。
    消息：没有填写{missing}。
    整改：请补填，便于核对时联系。
    举例：填表人“张三”，联系电话“0759-1234567”，填报日期“2024年5月30日”。
    错例：填报日期空白。
    正例：填报日期“2024年5月30日”。
    """
    submission = view.submission
    blank = [
        place
        for place, given in (
            ("prepared_by", is_answer(submission.prepared_by)),
            ("phone", is_answer(submission.phone)),
            ("project.department", is_answer(submission.department)),
            ("filled_on", submission.filled_on is not None or _says_a_day(view.cell("filled_on"))),
        )
        if not given and place in submission.cells and submission.cells[place].flaw != "picture"
    ]
    places_of: dict[str, list[str]] = {}
    for place in blank:
        places_of.setdefault(submission.cells[place].address, []).append(place)
    for places in places_of.values():
        names = [COLUMNS[place] for place in places]
        yield Hit(("填报信息",), submission.cells[places[0]], "、".join(names), value="", places={"missing": names})


def _says_a_day(cell: Cell | None) -> bool:
    """Whether more was written than the form's own 年 月 日: what can't be read F16 quotes, blank it is not."""
    said = "" if cell is None else cell.text.replace("：", ":").rpartition(":")[2]
    return is_answer(said) and not is_left_blank(said)


@rule("U07", "query")
def fill_date_cannot_be(view: View) -> Iterator[Hit]:
    """填报日期异常

    填报日期不应晚于文件的最后修改时间，也不应早于所评价年度结束。
    消息：填报日期是{day}，早于所评价的{year}年度结束。
    消息（modified）：填报日期是{day}，晚于文件最后修改的{modified}。
    处理：照所填日期判断是否逾期。
    整改：请核对并改正填报日期。
    举例：评价{year}年度的，填报日期一般在{next_year}年。
    错例：评价2023年度，填报日期2023年5月30日。
    正例：评价2023年度，填报日期2024年5月30日。
    """
    filled_on, cell = view.submission.filled_on, view.cell("filled_on")
    year = view.season.year if view.season else view.submission.year
    modified = view.form.source.modified.date()
    if filled_on is None or cell is None:
        return
    if year is not None and filled_on < date(year, 12, 31):
        places: dict[str, object] = {"year": year}
    elif filled_on > modified and modified.year >= OLDEST_TIME:
        places = {"year": year, "modified": _day(modified)}
    else:
        return
    places |= {"day": _day(filled_on), "year": year or modified.year - 1, "next_year": (year or modified.year - 1) + 1}
    yield Hit(("填报日期",), cell, COLUMNS["filled_on"], places=places)
