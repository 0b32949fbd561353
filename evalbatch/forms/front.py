"""What a workbook of forms has, and its season, in; the sheets around its forms out: cover, guide, approved targets.

Each comes as a workbook of its own, for grafting; what differs from unit to unit stands in it as a tag.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from evalbatch.forms import sample
from evalbatch.forms.sketch import Sketch, sketched
from evalbatch.forms.texts import words
from evalbatch.model import ApprovedTarget, Season
from evalbatch.scoring.compulsory import FIGURES
from evalbatch.scoring.scheme import Scheme, SchemeLine
from evalbatch.scoring.workbook import load_scheme

COVER, GUIDE, APPROVED, POSTER = "封面", "填表说明", "批复目标", "填表要点"
_GUIDE_WIDTHS = (5, 17, 17, 18, 18, 9, 9)
_LINES = (
    ("tinted", "浅黄色单元格由单位填写；白色单元格已经填好并锁定，有误的请告知财政局，不要自行改动。"),
    ("prepared", "能选中改写的单元格由单位填写；锁定的单元格已经填好，有误的请告知财政局，不要自行改动。"),
    ("money", "金额一律填万元，只填数字，保留两位小数；没有的填0，不要空着。资金总额等于下面各项来源之和。"),
    ("amounts", "金额一律填万元，只填数字，保留两位小数；没有的填0，不要空着。"),
    ("budget.total.rate", "执行率＝全年执行数÷全年预算数，例如填97.21%。"),
    ("execution", "预算执行得分＝{execution}×执行率，最高{execution}分。"),
    ("numbered", "指标名称写在“指标1：”之后。用不到的行原样留着。"),
    (
        "indicators.name",
        "指标行不够用时，在本组两行之间插入整行，照上一行填写。插入的行右侧没有文字提示，但空着的必填格同样变红，也计入最上面的处数，合计也算在内。",
    ),
    (
        "indicators.target",
        "指标目标按年初批复填写，写明符号和单位，例如：≥8场、≤5%、9月底前。一格写几个条件的，用逗号分开。",
    ),
    (
        "indicators.actual",
        "完成值填实际数和单位，例如：10场、96.5%。不要照抄“≥”等符号，不要只写“已完成”；没有完成的填0。",
    ),
    (
        "indicators.actual",
        "一个目标有几个条件的，完成值要逐个回答。例如目标为“至少开3次会议，参加会议率至少达95%”，填“开会3次，参加会议率98%”。",
    ),
    (
        "indicators.score",
        "得分填数字，不超过本行分值。完成目标的得满分；没有完成的按完成比例计分，并说明原因和改进措施。",
    ),
    ("indicators.reason", "实际完成超过目标{over}%及以上的，也请说明原因。"),
    ("indicators.basis", "评分表每行都要填自评得分和评分依据；扣了分的，在评分依据中写明怎样算出来。"),
    ("total_score", "总分等于各项得分之和；有预算执行得分的，一并加上。"),
    (
        "live",
        "单元格变红，表示必填的空着或者填得不符，原因写在这一行右侧“自动核对”栏；它随填随算，不打印。报送前请看上面各表还有几处。",
    ),
    ("grade", "等级填{grades}之一：{bands}。"),
    ("", "{signed}用Excel或WPS填写，保存为xlsx格式，不要设置打开密码。"),
)
"""Each line of the guide with what a form must have for it to be said: a tag, or one of the marks of `Contents`.

What is in braces comes from the scheme.
"""
_MOST_NAMED = 6
_SIGNED = (("prepared_by", "填表人"), ("phone", "联系电话"), ("filled_on", "填报日期"))
_GIVEN = (
    ("unit.name", "单位名称"),
    ("unit.code", "单位编码"),
    ("roster_money", "名单上有的预算数、执行数"),
    ("indicators.target", "批复的绩效目标"),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the forms of a workbook have: their tags and the marks that the guide asks for, and the texts on them.

    `checked` are their sheets, each with the address of the line above its checks, `required` the sheets with what the
    scheme asks of each.
    """

    marks: frozenset[str]
    texts: Collection[str] = ()
    checked: tuple[tuple[str, str], ...] = ()
    required: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def has(self, *marks: str) -> bool:
        """Tell whether all of these are there."""
        return self.marks.issuperset(marks)


def cover(season: Season) -> bytes:
    """封面: which district, year and unit, and where to sign and seal."""
    out = BytesIO()
    with sketched(COVER, (22, 44), out) as page:
        page.across(4, f"{season.district}\n部门整体支出绩效自评材料", "title", size=24, height=80)
        page.across(5, f"（{season.year}年度）", "subtitle", size=16, height=32)
        lines = [("单位名称：", "{{ unit.name }}", "line"), ("单位编码：", "{{ unit.code }}", "line")]
        lines += [("单位负责人：", "", "open"), ("单位（公章）：", "", "line")]
        lines += [("填报日期：", "        年    月    日", "open")]
        for row, (label, text, look) in enumerate(lines, 12):
            page.height(row, 36)
            page.write(row, 1, label, "label")
            page.write(row, 2, text, look)
    return out.getvalue()


def guide(season: Season, scheme: Scheme, contents: Contents, *, has_deadline: bool) -> bytes:
    """填表说明: by when, how to fill the forms so that they pass, one numbered line a rule, and an example."""
    lines = rules_of(scheme, contents)
    if has_deadline:
        lines.insert(0, "请在{{ deadline }}前（含当日）填好并报送财政局。")
    out = BytesIO()
    with sketched(GUIDE, _GUIDE_WIDTHS, out) as page:
        page.across(1, GUIDE, "title", height=40)
        page.across(2, f"（{season.year}年度预算绩效自评）", "subtitle", height=24)
        for row, (sheet, top) in enumerate(contents.checked, 3):
            name = sheet.replace("'", "''")
            place, shown = f"'{name}'!{top}", sheet.replace('"', '""')
            link = place.replace('"', '""')
            page.computed(row, f'=HYPERLINK("#{link}","{shown}　"&{place})', f"{sheet}　填完后看这里", "line")
        above = len(contents.checked) + 3
        for row, text in enumerate(lines, above + 1):
            page.write(row, 1, str(row - above), "number")
            page.across(row, text, "text", first=2, height=14 * -(-len(text) // 46) + 12)
        _add_examples(page, above + len(lines) + 2, season, contents)
    return out.getvalue()


def rules_of(scheme: Scheme, contents: Contents) -> list[str]:
    """The rules for filling in forms, by what they have and by the scheme: what is compulsory, what is given, how."""
    weights = {str(line.weight) for line in scheme.lines if line.kind == "execution" and line.weight}
    signed = "、".join(word for tag, word in _SIGNED if contents.has(tag))
    said = {
        "execution": next(iter(weights), ""),
        "over": f"{scheme.threshold('over_fulfilment'):f}",
        "grades": "、".join(grade.name for grade in scheme.grades),
        "bands": _bands(scheme),
        "signed": f"{signed}不要漏填。" if signed else "",
    }
    marks = contents.marks | ({"execution"} if len(weights) == 1 and contents.has("budget.total.score") else set())
    given = [word for tag, word in _GIVEN if tag in marks]
    lines = [f"{sheet}必须填写：{_listed(names)}。" for sheet, names in contents.required if names]
    if given and "tinted" in marks:
        lines.append(f"已经填好、不用再填的有：{'、'.join(given)}。")
    first, *others = (text.format(**said) for mark, text in _LINES if not mark or mark in marks)
    return [first, *lines, *others]


def _listed(names: Sequence[str]) -> str:
    """The first names of many; that of all figures together says nothing beside them."""
    named = [name for name in names if name != FIGURES or len(names) == 1]
    return "、".join(named[:_MOST_NAMED]) + (f"等{len(named)}项" if len(named) > _MOST_NAMED else "")


def _bands(scheme: Scheme) -> str:
    """How high each grade begins, in words."""
    bands = [f"{grade.lowest:f}分及以上为{grade.name}" for grade in scheme.grades[:-1]]
    lowest = scheme.grades[-1]
    return "，".join([*bands, f"不满{scheme.grades[-2].lowest:f}分为{lowest.name}" if bands else f"都是{lowest.name}"])


def poster(season: Season, scheme: Scheme, contents: Contents) -> bytes:
    """填表要点: one page for the wall, the rules alone in large letters."""
    lines = rules_of(scheme, contents)
    if season.deadline:
        lines.insert(0, f"请在{words(season.deadline)}前（含当日）填好并报送财政局。")
    out = BytesIO()
    with sketched(POSTER, (6, 92), out) as page:
        page.sheet.fit_to_pages(1, 1)
        page.across(1, f"{season.district}{season.year}年度预算绩效自评填表要点", "title", size=22, height=54)
        for row, text in enumerate(lines, 3):
            page.write(row, 1, str(row - 2), "number", size=14)
            page.write(row, 2, text, "text", size=14)
            page.height(row, 21 * -(-2 * len(text) // 66) + 12)
    return out.getvalue()


def _add_examples(page: Sketch, row: int, season: Season, contents: Contents) -> None:
    """Show the forms filled; the headers say which column takes the text."""
    money = contents.has("budget.total.initial", "budget.total.adjusted", "budget.total.executed")
    indicators = contents.has("indicators.name", "indicators.target", "indicators.actual")
    fields = [name for name in sample.FIELDS if contents.has(f"fields.{name}")]
    lines = score_lines() if "indicators.basis" in contents.marks else ()
    scores = bool(lines) and all(line.name in contents.texts for line in lines)
    if money or indicators or fields or scores:
        page.across(row, "填写示例（照此填写，可以通过自动检查）", "bold", first=2)
        row += 1
    if money:
        row = _add_money(page, row) + 1
    if indicators:
        scored = contents.has("indicators.weight", "indicators.score", "budget.total.score", "total_score")
        row = _add_indicators(page, row, season, scored=scored) + 1
    if fields:
        row = _add_fields(page, row, fields) + 1
    if scores:
        _add_scores(page, row, lines)


def _add_money(page: Sketch, row: int) -> int:
    money = [(item, *(f"{number:,.2f}" for number in numbers), "", "") for item, *numbers in sample.MONEY]
    money[0] = (*money[0][:4], f"{sample.RATE}%", f"{sample.RATE_SCORE}")
    return page.table(row, ("资金行", "年初栏填", "全年预算栏填", "执行栏填", "比率栏填", "得分栏填"), money)


def _add_indicators(page: Sketch, row: int, season: Season, *, scored: bool) -> int:
    """Show indicators with their targets and actuals, and where a form scores them as the national one, with points."""
    lines = [
        (
            item.level2,
            f"指标1：{item.name}",
            item.target,
            item.actual.format(year=season.year),
            f"{item.weight}",
            f"{item.score}",
        )
        for item in sample.ROWS
    ]
    heads = ("所在行", "名称栏填", "指标值栏填", "完成值栏填", "分值栏填", "得分栏填")
    if not scored:
        return page.table(row, heads[:4], [line[:4] for line in lines])
    row = page.table(row, heads, lines)
    closing = f"合计栏：{sample.RATE_SCORE}＋" + "＋".join(f"{item.score}" for item in sample.ROWS)
    page.across(row, f"{closing}＝{sample.TOTAL}，等级栏选“{sample.GRADE}”。", "text", first=2)
    return row + 1


def _add_fields(page: Sketch, row: int, fields: Sequence[str]) -> int:
    """Show the data form's figures, two to a row."""
    pairs = [(name, sample.FIELDS[name]) for name in fields]
    seconds = [*pairs[1::2], *([("", "")] if len(pairs) % 2 else [])]
    rows = [(*first, *second) for first, second in zip(pairs[::2], seconds, strict=True)]
    return page.table(row, ("数据栏目", "填", "数据栏目", "填"), rows)


def _add_scores(page: Sketch, row: int, lines: Sequence[SchemeLine]) -> None:
    heads = ("三级指标", "得分栏填", "评分依据栏填")
    shown = [(line.name, f"{score_of(line)}", basis_of(line)) for line in lines]
    for number, (name, score, basis) in enumerate([heads, *shown]):
        look = "cell" if number else "head"
        page.write(row, 2, name, look)
        page.write(row, 3, score, look)
        page.across(row, basis, look, first=4, height=18)
        row += 1
    page.across(row, f"总分栏填{sum(score_of(line) for line in lines)}，等级栏选“{sample.GRADE}”。", "text", first=2)


def score_lines() -> tuple[SchemeLine, ...]:
    """The lines of the built-in score form."""
    return tuple(line for line in load_scheme(None).lines if line.form == "score" and line.name)


def score_of(line: SchemeLine) -> Decimal:
    """The example's score for a line of the score form."""
    return sample.LOWERED[line.name][0] if line.name in sample.LOWERED else line.weight or Decimal(0)


def basis_of(line: SchemeLine) -> str:
    """What the example says that a score rests on."""
    return sample.LOWERED[line.name][1] if line.name in sample.LOWERED else f"达到评分标准：{line.standard}。"


def approved_list(targets: Sequence[ApprovedTarget], season: Season) -> bytes:
    """批复目标: the approved targets that have no row of their own in the form, for copying into it."""
    out = BytesIO()
    with sketched(APPROVED, (7, 34, 42, 9), out) as page:
        page.across(1, "填报须知：下列目标已经批复，填表时照抄，不得自行增减或降低。", "text", size=10)
        page.across(2, f"{season.year}年度批复的绩效目标", "title", height=40)
        for column, text in enumerate(("序号", "批复的指标", "批复的目标", "批复分值"), 1):
            page.write(4, column, text, "head")
        for number, target in enumerate(targets, 1):
            row = number + 4
            page.height(row, 34)
            page.write(row, 1, str(number), "cell")
            page.write(row, 2, target.name, "entry")
            page.write(row, 3, target.target, "entry")
            page.write(row, 4, target.weight, "cell")
    return out.getvalue()
