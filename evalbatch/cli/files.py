"""Commands on single workbooks and texts: check, inspect, parse, explain. Each argument is judged by itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.cli.show import print_findings
from evalbatch.model.words import COLUMN, FORM, HEAD

SETTINGS = Path("evalbatch.toml")
"""Lies in a campaign's folder."""
FILES = click.argument("files", nargs=-1, required=True, metavar="文件…", type=click.Path(path_type=Path))
WITHIN = click.option(
    "--campaign",
    "within",
    metavar="批次文件夹",
    type=click.Path(path_type=Path),
    help="按这个批次的名单、表样和评分方案来看。",
)
JSON = click.option("--json", "as_json", is_flag=True, help="每个参数写一行JSON，给程序用。")


@click.command(cls=ChineseCommand)
@FILES
@WITHIN
@JSON
def check(files: Sequence[Path], within: Path | None, as_json: bool) -> None:
    """报送前自查：列出工作簿的全部问题；有必须更正的问题时以退出码1结束。"""
    from evalbatch.tables.manifest import finding_json
    from evalbatch.unit.single import check_file, single_setup

    must_fix = False
    with single_setup(within) as setup:
        for path in files:
            status, findings = check_file(path, setup)
            must_fix |= any(finding.severity == "must-fix" for finding in findings)
            if as_json:
                _print_line({"file": str(path), "status": status, "findings": [finding_json(f) for f in findings]})
            else:
                echo(f"{path}：{'没有发现问题' if not findings else f'发现{len(findings)}项问题'}")
                print_findings(findings)
                _hint_if_missing(path)
                if within is None and any(finding.code == "F05" for finding in findings) and SETTINGS.is_file():
                    echo("    这里是批次文件夹：加上 --campaign . 就按本批次的表样来认。")
    raise SystemExit(1 if must_fix else 0)


@click.command(cls=ChineseCommand)
@FILES
@WITHIN
@JSON
def inspect(files: Sequence[Path], within: Path | None, as_json: bool) -> None:
    """看从工作簿中读到了什么，每个值在哪个单元格；有文件未能受理时以退出码1结束。"""
    from evalbatch.unit.single import inspect_file, single_setup

    rejected = False
    with single_setup(within) as setup:
        for path in files:
            document = inspect_file(path, setup)
            rejected |= document["status"] == "rejected"
            if as_json:
                _print_line(document)
            else:
                _print_reading(document)
                _hint_if_missing(path)
    raise SystemExit(1 if rejected else 0)


def _hint_if_missing(path: Path) -> None:
    if not path.exists():
        echo(f"    找不到“{path}”：请核对文件名和所在的文件夹；名称中有空格的，用英文双引号括起来。")


def _print_line(document: dict[str, Any]) -> None:
    echo(json.dumps(document, ensure_ascii=False))


def _print_reading(document: dict[str, Any]) -> None:
    echo(f"{document['file']}：{'已读取' if document['status'] == 'accepted' else '未能受理'}")
    for form in document["forms"]:
        title = FORM.get(form["form"], form["form"])
        echo(f"  {title}（工作表“{form['sheet']}”）：{'，'.join(_about(form)) or '表头没有填写'}")
        for line in form["budget"]:
            echo(f"    {line['item'] or '资金'}：{_values(line)}")
        for line in form["indicators"]:
            echo(f"    {line['name'] or '（没有名称的指标）'}：{_values(line)}")
        for name, value in (form.get("fields") or {}).items():
            if value is not None:
                cell = form["field_cells"].get(name)
                echo(f"    {name}：{value}{f'（{cell}）' if cell else ''}")
    for cell in document["unused"]:
        echo(f"  没有用到的单元格 {cell['sheet']}!{cell['cell']}：{cell['value']}")
    for finding in document["findings"]:
        echo(f"  [{finding['code']} {finding['title']}] {finding['message']}")


def _about(form: Mapping[str, Any]) -> Iterator[str]:
    """Say whose form it is, and what its head and foot hold."""
    if form["unit"]["name"]:
        yield form["unit"]["name"]
    if form["project"] and form["project"]["name"]:
        yield f"项目“{form['project']['name']}”"
    yield f"{form['year']}年度" if form["year"] else "年度未写"
    for key in ABOUT:
        if form.get(key) is not None:
            yield f"{HEAD[key]}{form[key]}"


def _values(line: Mapping[str, Any]) -> str:
    """Say what a line holds, each value with its cell, in the words of the form."""
    told = [
        f"{COLUMN[key]} {line[key]}{'%' if key == 'rate' else ''}（{cell}）"
        for key, cell in line["cells"].items()
        if key in LINE and line.get(key) is not None
    ]
    return "、".join(told) or "空"


ABOUT = ("filled_on", "prepared_by", "phone", "total_score", "grade")
LINE = ("initial", "adjusted", "executed", "rate", "target", "actual", "weight", "score", "basis", "reason")


@click.command(cls=ChineseCommand, context_settings={"ignore_unknown_options": True})
@click.argument("texts", nargs=-1, required=True, metavar="文字…")
@click.option(
    "--as", "role", type=click.Choice(["target", "actual"]), required=True, help="target 目标，actual 完成情况。"
)
@click.option("--year", metavar="年份", type=click.IntRange(1900, 2200), help="没写年份的日期算哪一年。")
@JSON
def parse(texts: Sequence[str], role: str, year: int | None, as_json: bool) -> None:
    """看程序怎样理解一句目标或完成情况，例如：evalbatch parse "≥3次，参会率95%以上" --as target"""
    from evalbatch.expression.understanding import parse_actual, parse_target
    from evalbatch.expression.writing import to_json

    for text in texts:
        expression = (parse_target if role == "target" else parse_actual)(text, year)
        document = to_json(expression, "target" if role == "target" else "actual")
        if as_json:
            _print_line(document)
            continue
        echo(f"{text}：{KINDS[expression.kind]}")
        for part in document["parts"]:
            value = part.get("value", part.get("date"))
            bounds = f"{part['low']}至{part['high']}" if value is None else value
            echo(f"  {OPERATORS.get(part['op'], part['op'])}{bounds}{part.get('unit') or ''}　（{part['text']}）")


OPERATORS = {">=": "≥", "<=": "≤", "=": "＝", ">": "＞", "<": "＜", "between": "在两者之间：", "about": "约"}
KINDS = {
    "quantity": "数量",
    "date": "日期",
    "qualitative": "定性文字",
    "blank": "没有内容",
    "unclear": "有数字，但不能确定是什么意思",
}


@click.command(cls=ChineseCommand)
@click.argument("code", required=False, metavar="[代码或词]")
def explain(code: str | None) -> None:
    """问题代码、评分方法的含义、示例和改法，也可写词来找；不写则列出全部。"""
    from evalbatch.checks.catalogue import CATALOGUE
    from evalbatch.checks.page import explain as explain_rule
    from evalbatch.checks.page import explain_all, explain_word
    from evalbatch.model import Refused

    if code is None:
        echo(explain_all())
        return
    if rule := CATALOGUE.get(code.upper()):
        echo(explain_rule(rule))
    elif found := explain_word(code):
        echo(found)
    else:
        remedy = "运行 evalbatch explain 可列出全部；也可写代码或词，例如：evalbatch explain M02，explain 扣分。"
        raise Refused(f"没有代码“{code}”，问题和评分方法中也没有这个词。", remedy=remedy)
