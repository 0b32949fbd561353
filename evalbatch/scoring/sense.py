"""A scheme as read in; what in it says nothing, can't be reached or contradicts itself, out: as faults at its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from rapidfuzz import fuzz, process

from evalbatch.scoring.compulsory import NAMES as COMPULSORY
from evalbatch.scoring.scheme import EVERY_FORM, Scheme, SchemeLine
from evalbatch.scoring.shapes import AgainstTarget, Count, Deduction, Steps
from evalbatch.scoring.sheets import Book, Fault
from evalbatch.scoring.words import percent, plain, show

SHEETS = (
    "说明",
    "设置",
    "评分方案",
    "数据项",
    "指标分组",
    "必填内容",
    "定性档次",
    "等级",
    "总分上限",
    "阈值",
    "检查设置",
)
_NOTES = ("说明", "备注")
"""A sheet whose name begins so is the clerk's own."""
_OWN_FIELDS = ("年初预算数", "全年预算数", "全年执行数", "指标数", "完成指标数", "目标值", "完成值", "是", "否")
_FORMS = ("项目", "部门整体", "评分表", "全部")
_NEAR = 50
_SHEET = "评分方案"


@dataclass(frozen=True, slots=True)
class Known:
    """What a campaign knows: the fields of its data forms, its forms' names and titles, and the codes of checks."""

    fields: frozenset[str]
    forms: frozenset[str]
    codes: frozenset[str]


def nearest(word: str, known: Sequence[str]) -> str:
    """Offer the known word most like one that isn't: 是否为“等级”？, "" where none is like it."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return f"是否为“{found[0]}”？" if found else ""


def sheets_unknown(book: Book) -> Iterator[Fault]:
    """Name the filled sheets that the scheme has no use for; a workbook with none of its own is no scheme."""
    if not any(name in SHEETS[1:] for name in book.sheet_names):
        yield "工作簿", "没有一张工作表是评分方案的", f"工作表请用这些名称：{'、'.join(SHEETS[1:])}"
        return
    filled = [name for name in book.sheet_names if name not in SHEETS and not book.is_empty(name)]
    for name in filled:
        if not name.strip().startswith(_NOTES):
            yield (
                f"工作表“{name}”A1",
                f"评分方案没有“{name}”这种工作表",
                f"{nearest(name.strip(), SHEETS)}工作表请用这些名称：{'、'.join(SHEETS)}；"
                "自己的说明请把表名写成“说明…”或“备注…”",
            )


def senseless(book: Book, scheme: Scheme, own: Sequence[SchemeLine], known: Known | None) -> Iterator[Fault]:
    """Say of a scheme's own lines and of all its tables what can't be meant."""
    if known is not None:
        known = replace(known, fields=known.fields | {item.name for item in scheme.items})
    yield from _twice(book, own)
    for line in own:
        yield from _line(book, line)
        yield from _unknown(book, line, known)
    for line in own:
        if line.form in scheme.unscored:
            what = "同一种表样既写了“不评分”，又写了评分规则"
            yield book.place(_SHEET, line.row, "评分方法"), what, "请删去其中一种"
    for form in dict.fromkeys(line.form for line in own):
        yield from _weights(book, scheme, [line for line in own if line.form == form])
    yield from _grades(book, scheme)
    yield from _tiers(book, scheme)
    yield from _others(book, scheme, known)


def _twice(book: Book, own: Sequence[SchemeLine]) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for line in own:
        key = (line.form, line.kind, plain(line.level1), plain(line.level2), plain(line.name))
        if first := seen.get(key):
            title = "三级指标" if line.name else "表样"
            what = "资金执行" if line.kind == "execution" else f"指标“{line.name}”" if line.name else "同一类指标"
            yield (
                book.place(_SHEET, line.row, title),
                f"{what}与第{first}行重复，后一行不会用到",
                "请删去其中一行，或写明不同的一级、二级指标",
            )
        seen.setdefault(key, line.row)


def _line(book: Book, line: SchemeLine) -> Iterator[Fault]:
    for title, formula in (("计算公式", line.formula), ("适用条件", line.applies)):
        if formula is not None and not formula.names:
            yield (
                book.place(_SHEET, line.row, title),
                f"“{formula.text}”没有用到任何栏目，结果总是一样",
                "请写栏目名，如 支出决算 ÷ 支出预算，或清空",
            )
    if not line.own_weight and line.weight == 0:
        yield book.place(_SHEET, line.row, "分值"), "分值是 0，这一项不起作用", "请填写分值，或删去这一行"
    parameters = book.place(_SHEET, line.row, "参数")
    match line.shape:
        case Steps() as steps:
            yield from ((parameters, what, remedy) for what, remedy in _steps(steps, line.weight))
        case Deduction(off=off) if off == 0:
            yield parameters, "每次扣 0 分，等于不扣", "请填写“扣：0.5”这样的分数，或改用别的评分方法"
        case Count(each=each) if each is not None and line.weight and each * len(line.conditions) < line.weight:
            most = show(each * len(line.conditions))
            yield (
                parameters,
                f"{len(line.conditions)}项条件每项 {show(each)} 分，最多 {most} 分，达不到分值 {show(line.weight)} 分",
                "请改正“每项”或“分值”，或增加条件",
            )
        case AgainstTarget(floor=floor) if floor > 1:
            yield parameters, f"下限 {percent(floor)} 超过 100%", "请填 0 至 100% 之间的比例，如“下限：60%”"


def _steps(steps: Steps, weight: Decimal | None) -> Iterator[tuple[str, str]]:
    """What is wrong with banded steps: one behind a wider one, more points than there are, none with all of them."""
    for at, (sign, limit, _, _) in enumerate(steps.steps):
        for other, wider, _, _ in steps.steps[:at]:
            upward = sign in "≥>" and other in "≥>" and wider <= limit
            downward = sign in "≤<" and other in "≤<" and wider >= limit
            if upward or downward:
                yield (
                    f"档次“{sign}{show(limit)}”排在“{other}{show(wider)}”后面，永远轮不到",
                    "请从最严的一档写起，如“≥95%：100%；≥80%：60%；其他：0”",
                )
                break
    given = [(points, share) for _, _, points, share in steps.steps] + [steps.otherwise]
    top = max((points if share else points / weight if weight else Decimal(1)) for points, share in given)
    if top > 1:
        yield f"最高一档是分值的 {percent(top)}，超过了分值", "请把各档得分改为不超过分值"
    elif top < 1 and (weight or all(share for _, share in given)):
        yield f"最高一档只得分值的 {percent(top)}，达不到满分", "请给最好的一档满分（100%），或改正分值"


def _unknown(book: Book, line: SchemeLine, known: Known | None) -> Iterator[Fault]:
    """Name fields and forms that the campaign doesn't know; without a campaign nobody can tell."""
    if known is None:
        return
    fields = {plain(name) for name in (*known.fields, *_OWN_FIELDS)}
    formulas = (
        ("计算公式", line.formula),
        *(("计算公式", each) for each in line.conditions),
        ("适用条件", line.applies),
    )
    for title, formula in formulas:
        for name in formula.names if formula else ():
            if plain(name) not in fields:
                yield (
                    book.place(_SHEET, line.row, title),
                    f"没有“{name}”这个栏目",
                    f"{nearest(name, (*known.fields, *_OWN_FIELDS))}请用数据表表样的栏目名，名称中有标点的加方括号",
                )
    if line.form != EVERY_FORM and line.form not in known.forms:
        yield (
            book.place(_SHEET, line.row, "表样"),
            f"没有“{line.form}”这种表样",
            f"{nearest(line.form, (*known.forms, *_FORMS))}请填：{'、'.join(_FORMS)}，或本局表样的名称",
        )


def _weights(book: Book, scheme: Scheme, lines: Sequence[SchemeLine]) -> Iterator[Fault]:
    """Hold the weights that a scheme fixes for a form against the full mark.

    A line that takes the form's own weights may fill what is left; one that only catches strange indicators does not.
    A scheme that fixes less than half of the full mark lays down some indicators of a form, and not the form.
    """
    fixed = [line for line in lines if not line.own_weight and line.weight is not None]
    named = [line for line in fixed if line.kind == "indicator"]
    if not named:
        return
    execution = next((line for line in lines if line.kind == "execution"), None)
    total = sum((line.weight or Decimal(0) for line in named), Decimal(0))
    total += (execution.weight or Decimal(0)) if execution else Decimal(0)
    free = [line for line in lines if line.own_weight and line.kind == "indicator"]
    open_ended = any(line.level1 or line.level2 or line.name or line.method != "人工" for line in free)
    place = book.place(_SHEET, named[-1].row, "分值")
    told = f"各项分值合计 {show(total)}"
    if total > scheme.full_mark:
        yield place, f"{told}，超过满分 {show(scheme.full_mark)}", "请核对每一项分值，或改正“设置”中的“满分”"
    elif scheme.full_mark <= 2 * total < 2 * scheme.full_mark and not open_ended:
        yield place, f"{told}，不到满分 {show(scheme.full_mark)}", "请核对每一项分值，或改正“设置”中的“满分”"


def _grades(book: Book, scheme: Scheme) -> Iterator[Fault]:
    if "等级" not in book.columns:
        return
    words: dict[str, str] = {}
    for grade in scheme.grades:
        if grade.lowest > scheme.full_mark:
            yield (
                book.place_of("等级", grade.name, "最低分"),
                f"“{grade.name}”的最低分 {show(grade.lowest)} 超过满分，谁也达不到",
                f"请填不超过满分 {show(scheme.full_mark)} 的数",
            )
        for word in (grade.name, *grade.other_names):
            if words.setdefault(plain(word), grade.name) != grade.name:
                place = book.place_of("等级", grade.name, "其他写法" if word != grade.name else "等级")
                yield place, f"“{word}”也是“{words[plain(word)]}”的写法，分不清是哪一级", "请让每个写法只出现一次"
    for upper, lower in pairwise(scheme.grades):
        if upper.lowest == lower.lowest and upper.name != lower.name:
            yield (
                book.place_of("等级", lower.name, "最低分"),
                f"“{upper.name}”和“{lower.name}”的最低分都是 {show(upper.lowest)}，后一级永远轮不到",
                "请填写不同的最低分",
            )


def _tiers(book: Book, scheme: Scheme) -> Iterator[Fault]:
    sheet = "定性档次"
    for name in dict.fromkeys(word.split(" ")[0] for word in book.made.get(sheet, ())):
        tiers = sorted(scheme.tiers[name], key=lambda tier: -tier.high)
        highest, lowest = tiers[0], tiers[-1]
        if highest.high < 1:
            place = book.place_of(sheet, f"{name} {highest.name}", "最高（%）")
            yield place, f"“{name}”最高一档只到 {percent(highest.high)}，达不到满分", "请把最高一档写到 100"
        if lowest.low > 0:
            place = book.place_of(sheet, f"{name} {lowest.name}", "最低（%）")
            yield place, f"“{name}”没有 {percent(lowest.low)} 以下的档次", "请把最低一档写到 0"
        for upper, lower in pairwise(tiers):
            if lower.high != upper.low:
                how = "重叠" if lower.high > upper.low else "之间有空当"
                place = book.place_of(sheet, f"{name} {lower.name}", "最高（%）")
                told = f"“{name}”的“{upper.name}”和“{lower.name}”{how}"
                yield place, told, "请让上一档的最低等于下一档的最高"
        words: dict[str, str] = {}
        for tier in tiers:
            for word in (tier.name, *tier.words):
                if words.setdefault(plain(word), tier.name) != tier.name:
                    place = book.place_of(sheet, f"{name} {tier.name}", "常见写法")
                    yield place, f"“{word}”也写在“{words[plain(word)]}”一档，分不清是哪一档", "请只在一档写这个说法"


_FIRST_TITLES = {
    "设置": "项目",
    "阈值": "名称",
    "等级": "等级",
    "检查设置": "检查代码",
    "指标分组": "一级指标",
    "数据项": "名称",
}


def _others(book: Book, scheme: Scheme, known: Known | None) -> Iterator[Fault]:
    for sheet, title in _FIRST_TITLES.items():
        for word, rows in book.made.get(sheet, {}).items():
            if len(rows) > 1:
                yield book.place_of(sheet, word, title), f"“{word}”与第{rows[0]}行重复", "请只留一行"
    for sheet in (_SHEET, "等级"):
        if sheet in book.columns and not book.read_rows.get(sheet):
            yield f"工作表“{sheet}”A1", "只有表头，一行也没有", f"请逐行填写；不改的，请删去“{sheet}”这张工作表"
    if known is None:
        return
    for code in book.made.get("检查设置", ()):
        if code not in known.codes:
            remedy = f"{nearest(code, sorted(known.codes))}可用 evalbatch explain 查看全部"
            yield book.place_of("检查设置", code, "检查代码"), f"没有“{code}”这项检查", remedy
    named = {plain(name) for name in (*COMPULSORY, *known.fields)}
    for item in scheme.required:
        if plain(item.name) not in named and "必填内容" in book.columns:
            yield (
                book.place_of("必填内容", f"{item.form} {item.name}", "内容"),
                f"没有“{item.name}”这项内容",
                f"{nearest(item.name, (*COMPULSORY, *known.fields))}请用“说明”中列出的内容或数据表的栏目名",
            )
