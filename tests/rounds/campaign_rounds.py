"""A campaign of a few units through rounds of correction, by the command line; forms drawn from a few figures."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from campaign_folder import campaign_folder, workbook
from openpyxl import load_workbook
from runs import ENVIRONMENT, EVALBATCH

SETTINGS = """
[campaign]
district = "示例市示例区"
year = 2023
deadline = 2024-05-31
"""
ROSTER = """
单位编码 | 单位名称 | 电子邮箱 | 全年预算数（万元） | 全年执行数（万元）
101 | 示例区教育局 | jyj@example.org | 100 | 90
102 | 示例区水务局 | swj@example.org | 200 | 180
103 | 示例区林业局 | lyj@example.org | |
"""


def command(*words: object, code: int = 0) -> str:
    """Run a command and return what it prints; its exit code must be `code`."""
    done = subprocess.run(
        [*EVALBATCH, *map(str, words)], env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


class Rounds:
    """One campaign folder: submissions come in, `run` gives run.json."""

    def __init__(self, folder: Path, roster: str = ROSTER, settings: str = SETTINGS) -> None:
        self.folder = campaign_folder(folder, roster, settings)
        self.inbox = self.folder / "inbox"

    def run(self) -> dict[str, Any]:
        command("run", self.folder, "--workers", "1")
        return self.record()

    def record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.folder / "output" / "run.json").read_text("utf-8"))
        return record

    def unit(self, name: str) -> dict[str, Any]:
        [entry] = [unit for unit in self.record()["units"] if unit["name"] == name]
        return dict(entry)

    def file(self, path: str) -> dict[str, Any]:
        [entry] = [file for file in self.record()["files"] if file["path"] == path]
        return dict(entry)

    def submit(self, path: str, unit: str, saved: str = "2024-05-20", **form: Any) -> Path:
        """Put a whole-unit form into the inbox, saved on that day."""
        target = self.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        whole_unit(target, unit, **form)
        stamp(target, saved)
        return target

    def letters(self, kind: str = "preview") -> dict[str, str]:
        """The text of every letter, by its file's name."""
        command("mail", kind, self.folder)
        return {path.name: text_of(path) for path in sorted((self.folder / "output" / "mail").glob("*.eml"))}

    def ledger(self) -> list[dict[str, str]]:
        """The sheet 整改台账 of the summary, a row a dictionary."""
        return rows_of(self.folder / "output" / self.record()["outputs"]["summary"], "整改台账")

    def sheet(self, name: str) -> list[dict[str, str]]:
        return rows_of(self.folder / "output" / self.record()["outputs"]["summary"], name)


def rows_of(path: Path, sheet: str) -> list[dict[str, str]]:
    page = load_workbook(path)[sheet]
    rows = [[("" if v is None else str(v)) for v in row] for row in page.iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(rows) if sum(map(bool, row)) >= 5)
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if any(row)]


def text_of(path: Path) -> str:
    import email
    from email import policy

    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    names = [part.get_filename() for part in message.iter_attachments()]
    return f"{message['subject']}\n{body.get_content()}\n附件：{names}"


def stamp(path: Path, saved: str) -> None:
    """Set a file's time to noon of a day, in UTC+8."""
    at = dt.datetime.fromisoformat(f"{saved}T12:00+08:00").timestamp()
    os.utime(path, (at, at))


def whole_unit(
    path: Path,
    unit: str,
    *,
    year: int = 2023,
    filled: str | None = "2024-05-20",
    executed: float = 90,
    budget: float = 100,
    total: float | None = None,
    scores: Sequence[float] = (50, 30, 10),
    actuals: Sequence[str] = ("10场", "96%", "98%"),
    reasons: Sequence[str] = ("", "", ""),
    goal: str = "按期完成年度任务。",
) -> Path:
    """Draw a whole-unit form in order, but for what is given otherwise."""
    rate = executed / budget
    money = round(10 * rate, 2)
    total = money + sum(scores) if total is None else total
    grade = "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"
    rows: list[list[object]] = [
        ["部门整体支出绩效自评表"],
        [f"（{year}年度）"],
        ["单位名称", unit],
        ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", budget, budget, executed, 10, f"{rate * 100:.2f}%", money],
        ["其中：当年财政拨款", budget, budget, executed],
        ["上年结转资金", 0, 0, 0],
        ["其他资金", 0, 0, 0],
        ["年度总体目标", "预期目标", goal, "", "实际完成情况", f"{unit}已完成年度任务。"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
        ["产出指标", "数量指标", "开展活动场次", "≥10场", actuals[0], 50, scores[0], reasons[0]],
        ["效益指标", "社会效益指标", "政策知晓率", "≥95%", actuals[1], 30, scores[1], reasons[1]],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥95%", actuals[2], 10, scores[2], reasons[2]],
        ["总分", "", "", "", "", 100, total],
        ["自评等级", "", "", "", "", "", grade],
        ["填表人：", "陈明", "联系电话：", "0759-3301234", "填报日期：", filled or ""],
    ]
    if filled is None:
        rows[-1] = rows[-1][:4]
    return workbook(path, rows)


__all__ = ["ROSTER", "SETTINGS", "Rounds", "command", "sys", "whole_unit"]
