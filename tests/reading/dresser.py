"""One plain submission in many dresses: the same values under other labels, in other places."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reading.drawn import cell_of

from evalbatch.model import Cell, Grid

LABELS = {
    "project.name": ["项目名称", "项目（专项）名称", "项 目 名 称：", "专项资金名称", "项目\n名称"],
    "project.department": ["主管部门", "主管单位", "主管部门（盖章）", "项目主管部门："],
    "unit.name": ["实施单位", "项目实施单位", "单位名称", "填报单位（盖章）", "项目单位"],
    "initial": ["年初预算数", "年初预算", "预算数", "年初预算数（A）", "年初\n预算数", "年初批复预算数"],
    "adjusted": ["全年预算数", "全年预算数（A）", "调整后预算", "调整后预算数", "全年预算", "全 年 预 算 数"],
    "executed": ["全年执行数", "执行数", "实际支出数", "全年执行数（B）", "预算执行数", "实际支出"],
    "weight": ["分值", "权重", "标准分", "分 值", "分值（10分）"],
    "rate": ["执行率", "执行率（B/A）", "预算执行率", "执行率（B÷A×100%）", "支出率"],
    "score": ["得分", "自评得分", "自评分", "实际得分", "得  分"],
    "level1": ["一级指标", "一 级 指 标", "一级\n指标"],
    "level2": ["二级指标", "二 级\n指 标"],
    "name": ["三级指标", "三级指标（具体指标）", "三 级 指 标", "三级指标名称"],
    "target": ["年度指标值", "指标值", "目标值", "预期指标值", "年度指标值（A）", "年 度\n指标值"],
    "actual": ["实际完成值", "全年实际值", "完成值", "实际完成情况", "全年完成值（B）"],
    "reason": [
        "偏差原因分析及改进措施",
        "未完成原因分析",
        "偏差原因",
        "偏差原因分析\n及改进措施",
        "未完成原因及拟采取的改进措施",
    ],
    "total": ["总分", "合计", "总 分", "总计", "合  计："],
    "goal": ["预期目标", "年初设定目标", "预 期 目 标"],
    "goal_actual": ["实际完成情况", "全年实际完成情况", "目标完成情况"],
    "goal_side": ["年度总体目标", "年度\n总体\n目标", "年度目标", "总体目标"],
}
COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")


@dataclass
class Dressed:
    """A sheet, and what reading it must give: values by name, addresses by name."""

    grid: Grid
    expected: dict[str, Any]
    stray: list[str] = field(default_factory=list)


@dataclass
class Dresser:
    """Draws one submission with choices of a seeded generator."""

    rng: random.Random
    plain: dict[str, Any]
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    row: int = 1
    loose: set[int] = field(default_factory=lambda: {3})
    """Rows above which a blank row may be inserted."""

    def choose(self, key: str) -> str:
        return self.rng.choice(LABELS[key])

    def maybe(self, chance: float = 0.4) -> bool:
        return self.rng.random() < chance

    def put(self, row: int, column: int, text: Any, to: tuple[int, int] | None = None) -> tuple[int, int]:
        if text not in (None, ""):
            self.cells[row, column] = str(text)
        if to and to != (row, column):
            self.merges.append((row, column, *to))
        return row, column

    # ------------------------------------------------------------ the plan of columns

    def plan(self) -> None:
        middle = ["target", "actual", "weight", "score"]
        if self.maybe():
            middle = ["weight", "target", "actual", "score"]
        if self.maybe(0.25):
            at = middle.index("target")
            middle[at : at + 1] = ["bound", "target", "measure"]
        columns = ["level1", "level2", "name", *middle, "reason"]
        if self.maybe(0.3):
            columns.append("remark")
        if self.maybe(0.25):
            columns.insert(columns.index("score") + 1, "review")
        if self.maybe(0.25):
            columns.insert(0, "side")
        self.columns = columns
        self.inserted = {index for index in range(1, len(columns)) if self.maybe(0.08)}
        self.place: dict[str, int] = {}
        column = 1
        for index, role in enumerate(columns):
            column += index in self.inserted
            self.place[role] = column
            column += 1
        self.last = max(column - 1, 9)

    # ------------------------------------------------------------ the parts

    def draw(self) -> dict[str, Any]:
        self.plan()
        expected: dict[str, Any] = {"cells": {}}
        self.head(expected)
        self.money(expected)
        self.goals(expected)
        self.indicators(expected)
        self.tail(expected)
        return expected

    def head(self, expected: dict[str, Any]) -> None:
        plain = self.plain
        if self.maybe():
            self.put(self.row, 1, self.rng.choice(["附件2", "附件2：", "附表1-2"]))
            self.row += 1
        year = plain["year"]
        if self.maybe(0.2):
            self.put(self.row, 1, f"{year}年度项目支出绩效自评表", (self.row, self.last))
            self.row += 1
        else:
            title = self.rng.choice(["项目支出绩效自评表", "项目支出绩效目标自评表", "项目支出\n绩效自评表"])
            self.put(self.row, 1, title, (self.row, self.last))
            self.put(
                self.row + 1,
                1,
                self.rng.choice([f"（{year}年度）", f"({year} 年度)", f"{year}年度"]),
                (self.row + 1, self.last),
            )
            self.row += 2
        self.measure = self.rng.choice(["万元", "万元", "元"])
        self.measure_in = self.rng.choice(["side", "line", "headers"])
        if self.measure_in == "line":
            self.put(self.row, self.last, f"单位：{self.measure}")
            self.row += 1
        self.blank_row()
        self.put(self.row, 1, self.choose("project.name"))
        expected["cells"]["project.name"] = self.put(self.row, 2, plain["project"], (self.row, self.last))
        self.row += 1
        self.put(self.row, 1, self.choose("project.department"))
        expected["cells"]["project.department"] = self.put(self.row, 2, plain["department"], (self.row, 4))
        self.put(self.row, 5, self.choose("unit.name"))
        expected["cells"]["unit.name"] = self.put(self.row, 6, plain["unit"], (self.row, self.last))
        self.row += 1

    def blank_row(self, chance: float = 0.15) -> None:
        self.row += self.maybe(chance)

    def amount(self, value: Decimal | None) -> str:
        if value is None:
            return self.rng.choice(["", "", "—", "/"])
        if self.measure == "元":
            value = (value * 10000).quantize(Decimal(1))
        text = format(value, "f")
        dress = self.rng.random()
        if dress < 0.15:
            return format(value, ",")
        if dress < 0.25:
            return text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
        if dress < 0.35:
            return text + self.measure
        return text

    def money(self, expected: dict[str, Any]) -> None:
        top = self.row
        side = f"项目资金（{self.measure}）" if self.measure_in == "side" else "项目资金"
        places = {role: 3 + order for order, role in enumerate(COLUMNS)}
        for role, column in places.items():
            label = self.choose(role)
            if self.measure_in == "headers" and role in COLUMNS[:3]:
                label = label.split("（")[0] + f"（{self.measure}）"
            self.put(top, column, label)
        self.row += 1
        expected["budget"] = []
        for line in self.plain["budget"]:
            cells = {}
            self.put(self.row, 2, line["item"])
            for role, column in places.items():
                value = line.get(role)
                if role in COLUMNS[:3]:
                    text = self.amount(value)
                elif value is None:
                    text = self.rng.choice(["", "—", "-"])
                else:
                    text = f"{value}%" if role == "rate" else str(value) + self.rng.choice(["", "", "分"])
                place = self.put(self.row, column, text)
                if value is not None:
                    cells[role] = place
            expected["budget"].append((line, cells))
            self.row += 1
        self.put(top, 1, side, (self.row - 1, 1))
        self.blank_row()

    def goals(self, expected: dict[str, Any]) -> None:
        half = self.last // 2
        top = self.row
        self.put(top, 1, self.choose("goal_side"), (top + 1, 1))
        self.put(top, 2, self.choose("goal"), (top, half))
        self.put(top, half + 1, self.choose("goal_actual"), (top, self.last))
        expected["cells"]["goal"] = self.put(top + 1, 2, self.plain["goal"], (top + 1, half))
        expected["cells"]["goal_actual"] = self.put(top + 1, half + 1, self.plain["goal_actual"], (top + 1, self.last))
        self.row += 2
        self.blank_row()

    def indicators(self, expected: dict[str, Any]) -> None:
        top, place = self.row, self.place
        others = {"bound": "指标性质", "measure": "度量单位", "remark": "备注", "side": "绩效指标"}
        review = self.rng.choice(["复核分", "财政审核评分", "复核得分"])
        two = self.maybe(0.2)
        self.headings: dict[str, str] = {}
        for role in self.columns:
            label = others.get(role) or (review if role == "review" else self.choose(role))
            if role != "side":
                self.headings[role] = label
            if two and role in ("level1", "level2", "name") and "bound" not in self.columns:
                continue
            self.put(top, place[role], label, (top + two, place[role]) if two else None)
        if two and "bound" not in self.columns:
            self.put(top, place["level1"], "绩效指标", (top, place["name"]))
            for role in ("level1", "level2", "name"):
                self.put(top + 1, place[role], self.choose(role))
        self.row += 1 + two
        expected["indicators"] = []
        for one in self.plain["indicators"]:
            self.filler()
            self.loose.add(self.row)
            expected["indicators"].append(self.indicator(one))
        if "side" in place and not two:
            self.put(top, place["side"], "绩效指标", (self.row - 1, place["side"]))
        self.levels()

    def filler(self) -> None:
        """An unfilled row of the blank form, or a blank row, or the header again after a page."""
        if self.maybe(0.08):
            self.put(self.row, self.place["name"], self.rng.choice(["指标2：", "……", "/", "指标3:"]))
            self.row += 1
        if self.maybe(0.03):
            for role, label in self.headings.items():
                self.put(self.row, self.place[role], label)
            self.row += 1
        if self.maybe(0.04):
            self.put(self.row, self.place["name"], "小计")
            self.put(self.row, self.place["weight"], 25)
            self.put(self.row, self.place["score"], "25.00")
            self.row += 1

    def indicator(self, one: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        row, place, cells = self.row, self.place, {}
        numbered = self.maybe(0.2)
        cells["name"] = self.put(row, place["name"], ("指标1：" if numbered else "") + one["name"])
        bound, value, measure = one["parts"]
        if "bound" in place:
            self.put(row, place["bound"], bound)
            cells["target"] = self.put(row, place["target"], value)
            self.put(row, place["measure"], measure)
        else:
            cells["target"] = self.put(row, place["target"], bound + value + measure)
        cells["actual"] = self.put(row, place["actual"], one["actual"])
        cells["weight"] = self.put(row, place["weight"], str(one["weight"]) + self.rng.choice(["", "", "", "分"]))
        cells["score"] = self.put(row, place["score"], one["score"])
        if one["reason"]:
            cells["reason"] = self.put(row, place["reason"], one["reason"])
        self.rows = [*getattr(self, "rows", []), (row, one)]
        self.row += 1
        return one, cells

    def levels(self) -> None:
        """Levels merged over their rows, repeated in each, or written once."""
        way = self.rng.choice(["merged", "repeated", "once"])
        rows = self.rows
        for role in ("level1", "level2"):
            start = 0
            for at in range(1, len(rows) + 1):
                same = at < len(rows) and (rows[at][1]["level1"], rows[at][1][role]) == (
                    rows[start][1]["level1"],
                    rows[start][1][role],
                )
                if same:
                    continue
                top, bottom = rows[start][0], rows[at - 1][0]
                text = rows[start][1][role]
                if way == "repeated":
                    for row, _ in rows[start:at]:
                        self.put(row, self.place[role], text)
                else:
                    self.put(top, self.place[role], text, (bottom, self.place[role]) if way == "merged" else None)
                start = at

    def tail(self, expected: dict[str, Any]) -> None:
        place = self.place
        stop = min(place[role] for role in ("target", "weight", "actual", "bound") if role in place) - 1
        self.put(self.row, 1, self.choose("total"), (self.row, stop))
        expected["cells"]["total_weight"] = self.put(self.row, place["weight"], self.plain["total_weight"])
        expected["cells"]["total_score"] = self.put(self.row, place["score"], self.plain["total_score"])
        self.row += 1
        if self.maybe():
            self.put(self.row, 1, "评价等级")
            expected["cells"]["grade"] = self.put(self.row, 2, self.plain["grade"])
            expected["grade"] = self.plain["grade"]
            self.row += 1
        if self.maybe():
            self.put(self.row, 1, "注：1.得分最高不能超过该指标分值上限。", (self.row, self.last))
            self.put(self.row + 1, 1, "2.定性指标：完成情况分为三档。", (self.row + 1, self.last))
            self.row += 2
        if self.maybe(0.7):
            self.sign(expected)

    def sign(self, expected: dict[str, Any]) -> None:
        person, phone, day = (
            "张三",
            "0759-1234567",
            self.rng.choice(["2024-05-30", "2024.5.30", "2024年5月30日", "20240530", "2024/5/30"]),
        )
        expected["signed"] = (person, phone)
        if self.maybe(0.5):
            self.put(self.row, 1, f"填表人：{person}　　联系电话：{phone}　填报日期：{day}", (self.row, self.last))
        else:
            for column, label, text in ((1, "填表人：", person), (3, "联系电话", phone), (6, "填报日期：", day)):
                self.put(self.row, column, label)
                self.put(self.row, column + 1, text)


def dress(seed: int, plain: dict[str, Any]) -> Dressed:
    """Draw a plain submission in the dress of this seed, shifted, with a stray cell now and then."""
    dresser = Dresser(random.Random(seed), plain)
    expected = dresser.draw()
    down, right = dresser.rng.choice([(0, 0), (0, 0), (2, 0), (3, 1), (0, 2)])
    stray = []
    if dresser.maybe(0.2):
        dresser.put(dresser.rng.randint(3, dresser.row), dresser.last + 2, "随手写的")
        stray = ["随手写的"]
    columns = sorted(dresser.rng.sample(range(2, dresser.last + 1), dresser.rng.choice([0, 0, 0, 1, 2])))
    rows = sorted(dresser.rng.sample(sorted(dresser.loose), dresser.rng.choice([0, 0, 1, 3])))

    def moved(row: int, column: int) -> tuple[int, int]:
        return row + down + sum(at <= row for at in rows), column + right + sum(at <= column for at in columns)

    cells = {moved(*place): cell_of("表", *moved(*place), text) for place, text in dresser.cells.items()}
    merges = tuple((*moved(*span[:2]), *moved(*span[2:])) for span in dresser.merges)
    return Dressed(Grid("表", cells, merges), _addresses(expected, moved), stray)


def _addresses(value: Any, moved: Callable[[int, int], tuple[int, int]]) -> Any:
    """Turn every (row, column) into the address where it came to lie."""
    if isinstance(value, dict):
        return {key: _addresses(part, moved) for key, part in value.items()}
    if isinstance(value, list):
        return [_addresses(part, moved) for part in value]
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, int) for part in value):
        return Cell("表", *moved(*value)).address
    if isinstance(value, tuple):
        return tuple(_addresses(part, moved) for part in value)
    return value
