"""A size in, a realistic campaign folder out: the same bytes for the same size and kind.

The built-in forms are filled once with marks; each unit's workbook is then made by putting its own words and
numbers in place of the marks, in the parts of the zip. That is a hundred times faster than openpyxl.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.grown import grown
from evalbatch.forms.places import open_form
from evalbatch.scoring.workbook import load_scheme

FORMS = Path(__file__).parent.parent / "input_templates"
KINDS = ("one-form", "whole-unit")
"""One workbook with one form a unit, or one with four sheets and three workbooks of projects."""
_TOWNS = "东城 西关 南河 北岭 新桥 石门 白沙 青山 龙潭 凤凰 太平 永安 大湖 小榄 双溪 三江 五里 九龙 金竹 银坑"
_OFFICES = (
    "教育局 财政所 民政办 司法所 卫生院 图书馆 文化站 水务所 林业站 农技站 统计所 市场监管所 应急办 住建所 "
    "交通所 环卫所 敬老院 中心小学 第一中学 幼儿园 畜牧站 信访办 融媒体中心 社保所 残联 妇联 工会 党校 档案馆 体育馆"
)
_WORK = "办公用房维修 基层培训 困难群众救助 设备购置 安全整治 信息系统运维 公共场馆开放 绿化养护 普法宣传 应急演练"
_SURNAMES = "王李张刘陈杨赵黄周吴"
_LINES = (
    # rows below the first indicator, name, target, actual, weight
    (0, "完成{work}", "≥{n}次", "{m}次", 10),
    (1, "受训人员", "≥{p}人次", "{q}人次", 10),
    (3, "验收合格率", "≥95%", "{r}%", 10),
    (6, "完成时间", "2023年12月底前", "2023年11月30日", 10),
    (9, "支出控制", "≤{c}万元", "{d}万元", 10),
    (15, "受益人数", "≥{s}人", "{t}人", 20),
    (21, "长效机制", "持续完善", "达成预期指标", 10),
    (24, "群众满意度", "≥90%", "{u}%", 10),
)
_FIRST_NUMBER = 7_100_000


class _Marks:
    """Marks for values that differ by unit: `@name@` for text, a number of its own for numbers."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        return self.numbers.setdefault(name, _FIRST_NUMBER + len(self.numbers))


class Pattern:
    """A filled form or several, as zip parts with marks in them."""

    def __init__(self, *forms: str) -> None:
        marks = _Marks()
        book = _blank(forms[0])
        _fill(book.active, forms[0], marks)
        for form in forms[1:]:
            source = _blank(form).active
            _fill(source, form, marks)
            _copy_sheet(source, book)
        if len(forms) > 1:
            cover = book.create_sheet("封面", 0)
            cover["B3"], cover["B5"] = "2023年度部门整体支出绩效自评材料", "填报单位：@unit@"
        data = io.BytesIO()
        book.save(data)
        with zipfile.ZipFile(data) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.names = {str(number): name for name, number in marks.numbers.items()}

    def fill(self, values: Mapping[str, object]) -> bytes:
        """Return a workbook with these values."""

        def put(found: re.Match[bytes]) -> bytes:
            if found[1]:
                return escape(str(values[found[1].decode()])).encode()
            name = self.names.get(found[2].decode())
            return b"<v>%s</v>" % str(values[name]).encode() if name else found[0]

        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self.parts.items():
                entry = zipfile.ZipInfo(name, (2024, 5, 20, 9, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, re.sub(rb"@([^@<]+)@|<v>(71\d{5})</v>", put, part))
        return out.getvalue()


def _blank(form: str) -> Workbook:
    """Open a built-in form, tags and all, with the rows of the built-in scheme."""
    data = io.BytesIO()
    grown(open_form(FORMS / f"{form}.xlsx"), form, load_scheme(None)).write(data)
    return openpyxl.load_workbook(data)


def _fill(sheet: Worksheet, form: str, marks: _Marks) -> None:
    """Put marks where the form has tags, and words and marks into its indicators."""
    known: dict[str, Callable[[], object]] = {
        "year": lambda: 2023, "unit.name": lambda: "@unit@", "unit.code": lambda: "@code@",
        "prepared_by": lambda: "@person@", "phone": lambda: "0759-5550101", "filled_on": lambda: "2024-05-20",
        "goal": lambda: "完成@work@等年度重点工作，保障单位正常运转。",
        "goal_actual": lambda: "@work@等工作已按计划完成。",
        "project.name": lambda: "@project@", "project.department": lambda: "@unit@", "grade": lambda: "@grade@",
        "total_score": lambda: marks.number(f"{form}_total"),
    }  # fmt: skip
    lines: dict[str, tuple[int, int]] = {}
    for row in sheet.iter_rows():
        for cell in row:
            text = cell.value
            if not isinstance(text, str) or "{{" not in text:
                continue
            tag = re.findall(r"{{\s*(.+?)\s*}}", text)[0]
            rest = re.sub(r"{{.+?}}", "", text)
            if tag.startswith("indicators."):
                lines[tag.removeprefix("indicators.")] = cell.row, cell.column
                cell.value = (int(rest) if rest.isdigit() else rest) or None
            elif tag.startswith(("budget.", "fields.")):
                name = tag.replace(".", "_")
                mark = f"@project{tag[-1]}@" if "名称" in tag else marks.number(name)
                cell.value = int(rest) if rest.isdigit() else mark
            else:
                value = known[tag]() if tag in known else None
                cell.value = f"{text[: text.index('{')]}{value}{text[text.rindex('}') + 1 :]}" if rest else value
    if form == "score":
        for row in range(lines["score"][0], lines["score"][0] + 24):
            sheet.cell(row, lines["score"][1]).value = marks.number(f"item_{row}")
    elif lines:
        _fill_indicators(sheet, lines, marks)


def _fill_indicators(sheet: Worksheet, places: Mapping[str, tuple[int, int]], marks: _Marks) -> None:
    top = places["name"][0]
    for number, (below, name, _, _, weight) in enumerate(_LINES):
        values = {
            "name": f"指标{1 + below % 3}：" + name.replace("{work}", "@work@"),
            "target": f"@target{number}@",
            "actual": f"@actual{number}@",
            "weight": weight,
            "score": marks.number(f"line{number}"),
        }
        for key, value in values.items():
            sheet.cell(top + below, places[key][1]).value = value


def _copy_sheet(source: Worksheet, book: Workbook) -> None:
    """Copy a sheet into another workbook: cells with their looks, merged cells, widths, heights."""
    target = book.create_sheet(source.title)
    for row in source.iter_rows():
        for cell in row:
            twin = target.cell(cell.row, cell.column, cell.value)
            if cell.has_style:
                twin.font, twin.border, twin.fill = copy(cell.font), copy(cell.border), copy(cell.fill)
                twin.alignment, twin.number_format = copy(cell.alignment), cell.number_format
    for area in source.merged_cells.ranges:
        target.merge_cells(str(area))
    for letter, size in source.column_dimensions.items():
        target.column_dimensions[letter].width = size.width
    for number, size in source.row_dimensions.items():
        target.row_dimensions[number].height = size.height


def make_campaign(folder: Path, kind: str, size: int) -> None:
    """Make a campaign with `size` units of this kind; an existing one of that name is left as it is."""
    if (folder / "units.xlsx").exists():
        return
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (folder / "evalbatch.toml").write_text('[campaign]\ndistrict = "示例区"\nyear = 2023\n', encoding="utf-8")
    writer = Writer(kind)
    for number in range(size):
        writer.write(inbox, number)
    with xlsxwriter.Workbook(folder / "units.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位编码", "单位名称"])
        for number in range(size):
            sheet.write_row(number + 1, 0, [f"{number + 1:06d}", unit_name(number)])


class Writer:
    """Writes the workbooks of one unit after the other; another `version` of a unit has other numbers."""

    def __init__(self, kind: str) -> None:
        self.whole = Pattern("whole-unit") if kind == "one-form" else Pattern("data", "whole-unit", "score")
        self.project = None if kind == "one-form" else Pattern("project")

    def write(self, inbox: Path, number: int, version: int = 0) -> Path:
        """Write a unit's workbooks; return the path of the main one."""
        random = Random(f"{number}/{version}")
        name = unit_name(number)
        folder = inbox / name if self.project else inbox
        folder.mkdir(exist_ok=True)
        money = Money.draw(random, Decimal(random.randint(20_000, 900_000)) / 100, 10_000)
        projects = []
        for title in random.sample(_WORK.split(), 3) if self.project else ():
            part = money.initial * random.randint(8, 13) / 100
            own = Money.draw(random, part, int(money.executed / money.adjusted * 10_000))
            projects.append((title, own))
            assert self.project
            (folder / f"{name}_项目自评_{title}.xlsx").write_bytes(
                self.project.fill(_values(random, number, own) | {"project": title})
            )
        path = folder / f"{name}_部门整体自评表.xlsx"
        path.write_bytes(self.whole.fill(_values(random, number, money, projects)))
        return path


def unit_name(number: int) -> str:
    """Name the unit of this number; no two alike."""
    towns, offices = _TOWNS.split(), _OFFICES.split()
    round_, place = divmod(number, len(towns) * len(offices))
    office, town = divmod(place, len(towns))
    return f"{towns[town]}镇{offices[office]}" + (f"（{round_ + 1}）" if round_ else "")


@dataclass(frozen=True, slots=True)
class Money:
    """A total row, in 万元."""

    initial: Decimal
    adjusted: Decimal
    executed: Decimal

    @classmethod
    def draw(cls, random: Random, initial: Decimal, most: int) -> "Money":
        """Draw amounts around an initial one; at most `most` ten-thousandths are spent."""
        adjusted = _cents(initial * random.randint(92, 108) / 100)
        return cls(_cents(initial), adjusted, _cents(adjusted * random.randint(min(9050, most), most) / 10_000))

    @property
    def rate(self) -> Decimal:
        """What was spent of what could be, as a fraction."""
        return (self.executed / self.adjusted).quantize(Decimal("0.0001"), ROUND_HALF_UP)


Projects = Sequence[tuple[str, Money]]


def _values(random: Random, number: int, money: Money, projects: Projects = ()) -> dict[str, object]:
    """Everything one form says; about one form in six has a slip in it."""
    values: dict[str, object] = {
        "unit": unit_name(number), "code": f"{number + 1:06d}", "work": random.choice(_WORK.split()),
        "person": random.choice(_SURNAMES) + "示例", "project": "",
    }  # fmt: skip
    slip = random.choice(("total", "blank", "money", "rate", *[None] * 20))
    values |= dict(_budget(money, slip))
    _lines(random, values, slip)
    earned = _cents(money.rate * 10)
    total = 90 + earned
    if projects:
        values |= _data(money, projects, random)
        # Both forms must come to the same points; the words (8 to 10 points) make up the difference.
        total = Decimal(str(values["score_total"]))
        values["line6"] = total - 80 - earned
    shown = total + (slip == "total")
    return values | {"whole-unit_total": shown, "project_total": shown, "grade": "优" if total >= 90 else "良"}


def _lines(random: Random, values: dict[str, object], slip: str | None) -> None:
    n, p, c, s = random.randint(4, 60), random.randint(40, 900), random.randint(20, 400), random.randint(100, 9000)
    facts = {
        "n": n, "m": n + random.randint(0, n // 5), "p": p, "q": p + random.randint(0, p // 6), "c": c,
        "d": f"{c * random.uniform(0.9, 1):.2f}", "r": f"{random.uniform(95, 100):.1f}", "s": s,
        "t": s + random.randint(0, s // 8), "u": f"{random.uniform(90, 99):.1f}", "work": "",
    }  # fmt: skip
    for line, (_, _, target, actual, weight) in enumerate(_LINES):
        values[f"target{line}"] = target.format(**facts)
        values[f"actual{line}"] = "" if slip == "blank" and line == 1 else actual.format(**facts)
        values[f"line{line}"] = weight


def _budget(money: Money, slip: str | None) -> Iterator[tuple[str, object]]:
    for key in ("initial", "adjusted", "executed"):
        amount = getattr(money, key)
        carried = _cents(amount / 20)
        yield f"budget_total_{key}", amount
        yield f"budget_appropriation_{key}", amount - carried + (slip == "money")
        yield f"budget_carried_over_{key}", carried
        yield f"budget_other_funds_{key}", 0
    yield "budget_total_rate", money.rate - Decimal("0.05") if slip == "rate" else money.rate
    yield "budget_total_score", _cents(money.rate * 10)


def _data(money: Money, projects: Projects, random: Random) -> dict[str, object]:
    """The data form and the score form, in keeping with the money."""
    budget, spent = money.adjusted, money.executed
    of_projects = sum(own.adjusted for _, own in projects), sum(own.executed for _, own in projects)
    staff = random.randint(6, 80)
    fields: dict[str, object] = {"编制人数": staff + 2, "年末在职人数": staff, "退休人数": staff // 3, "编外人数": 2}
    for name, planned, used in (
        ("收入", budget, spent), ("支出", budget, spent), ("项目支出", *of_projects),
        ("基本支出", budget - of_projects[0], spent - of_projects[1]),
        ("公用经费", _cents(budget / 10), _cents(spent / 10)), ("三公经费", _cents(budget / 100), _cents(spent / 100)),
        ("政府采购", _cents(budget / 10), _cents(budget / 10)),
    ):  # fmt: skip
        fields |= {f"{name}预算": planned, f"{name}决算": used}
    fields |= {
        "因公出国费决算": 0, "公务用车费决算": _cents(spent / 100), "公务接待费决算": 0,
        "上年三公经费决算": _cents(spent / 90), "上年结转": _cents(budget / 20), "年末结转结余": budget - spent,
        "固定资产总额": _cents(budget * 2), "在用固定资产": _cents(budget * Decimal("1.9")),
    }  # fmt: skip
    known: dict[str, object] = {f"fields_{name}": value for name, value in fields.items()}
    for number in range(1, 6):
        title, own = projects[number - 1] if number <= len(projects) else ("", None)
        known[f"project{number}"] = title
        known[f"fields_重点项目预算数{number}"] = own.adjusted if own else 0
        known[f"fields_重点项目决算数{number}"] = own.executed if own else 0
    scores = [Decimal(weight) for weight in _WEIGHTS]
    scores[4], scores[8] = _cents(8 * spent / budget), _cents(4 * of_projects[1] / of_projects[0])
    return known | {f"item_{row}": score for row, score in enumerate(scores, 7)} | {"score_total": sum(scores)}


_WEIGHTS = (5, 5, 5, 5, 8, 5, 3, 4, 4, 3, 3, 2, 3, 5, 4, 3, 3, 5, 5, 8, 3, 4, 2, 3)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
