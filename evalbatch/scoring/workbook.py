"""A scheme workbook in, a Scheme out: one function a sheet, columns as docs/zh/scheme.md says.

What a workbook leaves out comes from the built-in scheme: a whole sheet, one setting, one threshold, or the
lines of a form that it doesn't mention.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args

from evalbatch.model import Refused, Severity
from evalbatch.scoring.formula import Formula
from evalbatch.scoring.parameters import ShapeError, read_pairs
from evalbatch.scoring.scheme import (
    EVERY_FORM,
    Cap,
    CheckSetting,
    Compulsory,
    DataItem,
    Grade,
    Group,
    Scheme,
    SchemeLine,
    Tier,
)
from evalbatch.scoring.sense import Known, senseless, sheets_unknown
from evalbatch.scoring.shapes import SHAPES, AgainstTarget, Count, Manual, Qualitative, Shape, ValueShape
from evalbatch.scoring.sheets import Book, Row
from evalbatch.scoring.words import show
from evalbatch.storage.disk import read_bounded, words_of
from evalbatch.text.folding import one_width
from evalbatch.xlsx.limits import BUREAUS


class Named(NamedTuple):
    """A threshold's name in the workbook, and the unit that its value is in."""

    title: str
    measure: str


NAMES = {
    "low_execution_rate": Named("执行率偏低", "%"),
    "over_fulfilment": Named("超额完成", "%"),
    "adjusted_gap": Named("全年预算与年初预算相差", "%"),
    "carry_over": Named("结转结余占预算", "%"),
    "money_rounding": Named("资金每项允许尾差", "万元"),
    "score_rounding": Named("得分允许尾差", "分"),
    "same_text_length": Named("雷同文字最少字数", "字"),
    "high_self_score": Named("自评分偏高分数线", "分"),
    "high_self_share": Named("自评分偏高单位占比", "%"),
}
"""Every threshold that a check or a rule may ask for; the values stand in the scheme's workbook."""

T = TypeVar("T", SchemeLine, Group, Compulsory)

_FORMS = {
    "全部": EVERY_FORM,
    "项目": "project",
    "项目支出": "project",
    "项目支出绩效自评表": "project",
    "部门整体": "whole-unit",
    "部门整体支出": "whole-unit",
    "部门整体支出绩效自评表": "whole-unit",
    "评分表": "score",
    "部门整体支出绩效评分表": "score",
    "数据表": "data",
    "部门整体支出数据表": "data",
}
_LINE_COLUMNS = (
    *("表样", "对象", "一级指标", "二级指标", "三级指标", "其他名称", "分值", "分值来源", "评分方法", "参数"),
    *("计算公式", "适用条件", "无结果时", "方向", "评分标准", "依据"),
)
_SETTINGS = ("方案名称", "版本", "满分", "得分小数位数", "不适用折算", "预算为零", "未完成暂定")
_OF_A_NUMBER = "、".join(name for name, shape in SHAPES.items() if shape in get_args(ValueShape))
"""The scoring methods that turn one number into points."""
_UNSCORED = "不评分"
"""In the place of a rule: the form has no score."""
_YES = {"是": True, "否": False}
_KINDS: dict[str, Literal["execution", "indicator"]] = {"资金执行": "execution", "指标": "indicator"}
_SEVERITIES: dict[str, Severity] = {"必须更正": "must-fix", "请核实": "query", "提示": "note"}
_OLD_SEVERITIES: dict[str, Severity] = {"必须修改": "must-fix", "需核实": "query"}
"""Their words in older schemes, which still count."""
_CUT = re.compile(r"(?:压减|核减|调减|扣减|削减)(?:预算|资金|经费)?(\d{1,9}(?:\.\d{1,9})?)%")
"""A cut in words with its percent, and nothing else: 压减10%; of 不低于10%压减 nobody can tell how much it is."""
_ZERO_BUDGET: dict[str, Literal["待定", "满分", "零分"]] = {"待定": "待定", "满分": "满分", "零分": "零分"}
_NO_RESULT: dict[str, Literal["待定", "满分", "零分", "不适用"]] = {
    "待定": "待定",
    "满分": "满分",
    "零分": "零分",
    "不适用": "不适用",
}
_USES: dict[str, Literal["校验", "平分", "参考"]] = {"校验": "校验", "平分": "平分", "参考": "参考"}


def load_scheme(path: Path | None, known: Known | None = None) -> Scheme:
    """Read a scheme's workbook; None reads the built-in one. `known` is what a campaign's scheme may name.

    Raises Refused with file, sheet, cell and remedy when it is broken, says nothing, or contradicts itself.
    """
    builtin = _read_builtin(_builtin_path())
    if path is None:
        return builtin
    try:
        data = read_bounded(path, BUREAUS.file_bytes)
    except OSError as error:
        raise Refused(
            f"评分方案 {path.name} 读不出来：{words_of(error)}。", remedy="请检查文件是否存在、是否被占用。"
        ) from None
    return _scheme(Book(path.name, data), builtin, known)


def _builtin_path() -> Path:
    package = Path(__file__).parents[1]
    shipped = package / "input_templates" / "scheme.xlsx"
    return shipped if shipped.exists() else package.parent / "input_templates" / "scheme.xlsx"


@lru_cache(maxsize=1)
def _read_builtin(path: Path) -> Scheme:
    nothing = Scheme("", "", "", Decimal(100), 2, False, "待定", (), (), {}, ())
    return _scheme(Book(path.name, path.read_bytes()), nothing)


def _scheme(book: Book, base: Scheme, known: Known | None = None) -> Scheme:
    """Build the scheme of a workbook upon another that fills its gaps."""
    unscored: set[str] = set()
    lines, groups, tiers = tuple(_lines(book, unscored)), tuple(_groups(book)), _tiers(book)
    required = tuple(_required(book))
    settings = _settings(book, base)
    scheme = replace(
        settings,
        sha256=hashlib.sha256(book.data).hexdigest(),
        lines=lines + _left(lines, base.lines),
        groups=groups + _left(groups, base.groups),
        tiers={**tiers, **{name: base.tiers[name] for name in base.tiers if name not in tiers}},
        grades=_grades(book) or base.grades,
        caps=tuple(_caps(book, settings.full_mark)),
        thresholds={**base.thresholds, **_thresholds(book)},
        settings=_checks(book),
        required=required + _left(required, base.required),
        unscored=frozenset(unscored),
        items=tuple(_items(book)),
    )
    _know_tiers(book, scheme)
    book.faults += sheets_unknown(book)
    if not book.faults:  # what can't be read can't be judged
        book.faults += senseless(book, scheme, lines, known)
    book.refuse_faults()
    return scheme


def _left(own: tuple[T, ...], others: tuple[T, ...]) -> tuple[T, ...]:
    mentioned = {item.form for item in own}
    return () if EVERY_FORM in mentioned else tuple(item for item in others if item.form not in mentioned)


def _settings(book: Book, base: Scheme) -> Scheme:
    scheme = replace(base, name=Path(book.file).stem, version="")
    for row in book.rows("设置", ("项目", "值"), ("项目", "值")):
        book.make_known("设置", row.text("项目"), row.number)
        match row.text("项目"):
            case "方案名称":
                scheme = replace(scheme, name=row.need("值"))
            case "版本":
                scheme = replace(scheme, version=row.text("值"))
            case "满分":
                scheme = replace(scheme, full_mark=row.number_of("值", Decimal(1)) or base.full_mark)
            case "得分小数位数":
                digits = row.choice("值", {str(n): n for n in range(5)}, base.digits)
                scheme = replace(scheme, digits=digits)
            case "不适用折算":
                scheme = replace(scheme, rescale=row.choice("值", _YES, base.rescale))
            case "预算为零":
                scheme = replace(scheme, zero_budget=row.choice("值", _ZERO_BUDGET, base.zero_budget))
            case "未完成暂定":
                share = row.percent_of("值")
                if share is not None and share > 100:
                    row.fault("值", f"未完成暂定写的是 {show(share)}%", "请填 0 至 100 之间的百分数，如 60")
                elif share is not None:
                    scheme = replace(scheme, provisional=share / 100)
            case other:
                row.fault("项目", f"没有“{other}”这项设置", f"“项目”请填：{'、'.join(_SETTINGS)}")
    return scheme


def _lines(book: Book, unscored: set[str]) -> Iterator[SchemeLine]:
    """Yield the lines; the forms that have no score are entered into `unscored`."""
    for row in book.rows("评分方案", _LINE_COLUMNS, ("表样", "评分方法")):
        if row.text("评分方法") == _UNSCORED:
            if row.text("对象") or row.text("三级指标") or row.text("分值"):
                row.fault("评分方法", "“不评分”是对整张表说的，不能只写一项", "请清空这一行的对象、指标和分值")
            unscored.add(_form(row))
            continue
        kind = row.choice("对象", _KINDS, "indicator")
        name, weight = row.text("三级指标"), row.number_of("分值")
        own = row.choice("分值来源", {"表内": True, "方案": False}, not (name and weight is not None))
        if not own and weight is None:
            row.fault("分值", "分值来源是方案，却没有分值", "请填写“分值”，或把“分值来源”改为“表内”")
        method = row.need("评分方法")
        shape = _shape(row, method, kind)
        formula, conditions = _formulas(row, shape)
        yield SchemeLine(
            form=_form(row),
            kind=kind,
            level1=row.text("一级指标"),
            level2=row.text("二级指标"),
            name=name,
            other_names=row.words("其他名称"),
            weight=weight,
            own_weight=own,
            method=method,
            shape=shape,
            formula=formula,
            conditions=conditions,
            applies=row.read("适用条件", Formula.read),
            no_result=row.choice("无结果时", _NO_RESULT, "待定"),
            less_is_better=row.choice("方向", {"越大越好": False, "越小越好": True}, None),
            standard=row.text("评分标准"),
            basis=row.text("依据"),
            row=row.number,
        )


def _form(row: Row) -> str:
    written = row.need("表样")
    return _FORMS.get("".join(written.split()), written)


def _shape(row: Row, method: str, kind: str) -> Shape:
    if method not in SHAPES:
        if method:
            row.fault("评分方法", f"没有“{method}”这种评分方法", f"“评分方法”请填：{'、'.join((*SHAPES, _UNSCORED))}")
        return Manual()
    try:
        shape = SHAPES[method].read(read_pairs(row.text("参数")))
    except ShapeError as error:
        row.fault("参数", str(error), "请改正“参数”，写法见“说明”工作表")
        return Manual()
    if kind == "execution" and isinstance(shape, AgainstTarget | Qualitative | Count):
        row.fault("评分方法", f"资金执行不能用“{method}”", f"资金执行请用：{_OF_A_NUMBER}、人工")
    return shape


def _formulas(row: Row, shape: Shape) -> tuple[Formula | None, tuple[Formula, ...]]:
    """The formula of a value, or the conditions of a count; a shape that can't use one says so."""
    if isinstance(shape, Count):
        conditions = row.read("计算公式", lambda text: tuple(map(Formula.read, _split(text))))
        if not conditions:
            row.fault("计算公式", "计数缺少条件", "请在“计算公式”写各项条件，用；隔开，如：已公开预算；已公开决算")
        return None, conditions or ()
    formula = row.read("计算公式", Formula.read)
    if formula and isinstance(shape, AgainstTarget | Qualitative | Manual):
        row.fault("计算公式", "这种评分方法不用公式", f"请清空“计算公式”，或改用{_OF_A_NUMBER}")
    return formula, ()


def _split(text: str) -> list[str]:
    return [piece for part in re.split(r"[;；\n]", text) if (piece := part.strip())]


def _groups(book: Book) -> Iterator[Group]:
    titles = ("表样", "一级指标", "其他名称", "必设", "组分值", "组分值用途", "依据")
    for row in book.rows("指标分组", titles, ("表样", "一级指标")):
        use = row.choice("组分值用途", _USES, "参考")
        weight = row.number_of("组分值")
        if use != "参考" and weight is None:
            row.fault("组分值", f"用途是{use}，却没有组分值", "请填写“组分值”，或把用途改为“参考”")
        required = row.choice("必设", _YES, False)
        book.make_known("指标分组", f"{row.text('表样')} {row.text('一级指标')}", row.number)
        yield Group(_form(row), row.need("一级指标"), row.words("其他名称"), required, weight, use)


def _required(book: Book) -> Iterator[Compulsory]:
    for row in book.rows("必填内容", ("表样", "内容", "说明"), ("表样", "内容")):
        for name in row.words("内容"):
            book.make_known("必填内容", f"{_form(row)} {name}", row.number)
            yield Compulsory(_form(row), name)


def _items(book: Book) -> Iterator[DataItem]:
    for row in book.rows("数据项", ("名称", "计量单位", "说明"), ("名称",)):
        book.make_known("数据项", row.text("名称"), row.number)
        yield DataItem(row.need("名称"), row.text("计量单位"))


def _tiers(book: Book) -> dict[str, tuple[Tier, ...]]:
    found: dict[str, tuple[Tier, ...]] = {}
    titles = ("档次组", "档次", "最低（%）", "最高（%）", "常见写法", "依据")
    for row in book.rows("定性档次", titles, titles[:4]):
        low, high = row.percent_of("最低（%）"), row.percent_of("最高（%）")
        if low is None or high is None or not low <= high <= 100:
            row.fault("最低（%）", "档次的最低、最高比例不成区间", "请填0至100之间的数，最低不大于最高")
            continue
        name = row.need("档次组")
        book.make_known("定性档次", f"{name} {row.text('档次')}", row.number)
        tier = Tier(row.need("档次"), low / 100, high / 100, row.words("常见写法"))
        found[name] = (*found.get(name, ()), tier)
    return found


def _know_tiers(book: Book, scheme: Scheme) -> None:
    """Enter a fault for each line whose tiers the scheme doesn't have."""
    for line in scheme.lines:
        named = line.shape.tiers if isinstance(line.shape, AgainstTarget | Qualitative) else ""
        if named and named not in scheme.tiers:
            place = f"工作表“评分方案”第{line.row}行"
            book.faults.append(
                (place, f"没有“{named}”这组档次", f"请在“定性档次”补上，或改用：{'、'.join(scheme.tiers)}")
            )


def _grades(book: Book) -> tuple[Grade, ...]:
    grades = []
    titles = ("等级", "最低分", "其他写法", "结果应用", "压减比例（%）", "依据")
    for row in book.rows("等级", titles, titles[:2]):
        lowest = row.number_of("最低分")
        if lowest is None and not row.text("最低分"):
            row.fault("最低分", "最低分没有填写", "请填写该等级的最低分，最低一级填 0")
        book.make_known("等级", row.text("等级"), row.number)
        grades.append(Grade(row.need("等级"), lowest or Decimal(0), row.words("其他写法"), *_use(row)))
    grades.sort(key=lambda grade: -grade.lowest)
    if grades and grades[-1].lowest:
        book.faults.append(("工作表“等级”", f"{show(grades[-1].lowest)} 分以下没有等级", "请增加最低分为 0 的等级"))
    return tuple(grades)


def _use(row: Row) -> tuple[str, Decimal | None]:
    """Read what becomes of a result: the bureau's words, and the percent of a cut, its own column's or the words'."""
    use, cut = row.text("结果应用"), row.percent_of("压减比例（%）")
    written = _CUT.fullmatch("".join(one_width(use).split()))
    told = Decimal(written[1]) if written else None
    share = told if cut is None else cut
    if share is not None and not 0 < share <= 100:
        title = "结果应用" if cut is None else "压减比例（%）"
        row.fault(title, f"压减比例写的是 {show(share)}%", "请填大于 0、不超过 100 的百分数，如 10；不压减的请清空")
    elif told is not None and cut is not None and told != cut:
        what = f"“结果应用”写的是“{use}”，“压减比例（%）”写的是 {show(cut)}"
        row.fault("压减比例（%）", what, "请把两处改为同一个比例")
    return use or (f"压减{show(cut)}%" if cut is not None else ""), share


def _caps(book: Book, full_mark: Decimal) -> Iterator[Cap]:
    titles = ("表样", "执行率低于（%）", "总分不超过", "依据")
    for row in book.rows("总分上限", titles, titles[:3]):
        below, most = row.percent_of("执行率低于（%）"), row.number_of("总分不超过")
        if below is None or most is None:
            row.fault("总分不超过", "总分上限没有填全", "请填写“执行率低于（%）”和“总分不超过”，或删除这一行")
            continue
        book.make_known("总分上限", f"{row.text('表样')} {show(below)}", row.number)
        if most >= full_mark or not 0 < below <= 100:
            what = f"执行率低于 {show(below)}% 时总分不超过 {show(most)}，等于没有上限"
            row.fault("总分不超过", what, f"请填 0 至 100 的执行率，总分填小于满分 {show(full_mark)} 的数")
        yield Cap(_form(row), below, most)


def _thresholds(book: Book) -> dict[str, Decimal]:
    found = {}
    known = {named.title: (name, named.measure) for name, named in NAMES.items()}
    for row in book.rows("阈值", ("名称", "值", "单位", "说明"), ("名称", "值")):
        title = row.text("名称")
        book.make_known("阈值", title, row.number)
        if title not in known:
            row.fault("名称", f"没有“{title}”这个阈值", f"“名称”请填：{'、'.join(known)}")
            continue
        name, measure = known[title]
        value = row.percent_of("值") if measure == "%" else row.number_of("值")
        if value is not None:
            found[name] = value
    return found


def _checks(book: Book) -> dict[str, CheckSetting]:
    found = {}
    for row in book.rows("检查设置", ("检查代码", "处理", "仅询问至", "理由"), ("检查代码",)):
        code, handling = row.need("检查代码").upper(), row.text("处理")
        if not re.fullmatch(r"[FUMTASX]\d\d", code):
            row.fault("检查代码", f"“{code}”不是检查代码", "请填 M09 这样的代码，可用 evalbatch explain 查看全部")
        book.make_known("检查设置", code, row.number)
        off = handling == "关闭"
        known = _OLD_SEVERITIES.get(handling)
        severity = None if off else known or row.choice("处理", _SEVERITIES | {"关闭": None}, None)
        if off and not row.text("理由"):
            row.fault("理由", f"关闭 {code} 没有写理由", "请写明关闭的依据，如文件名和文号")
        found[code] = CheckSetting(code, off, severity, row.day("仅询问至"), row.text("理由"))
    return found
