"""Commands on single workbooks and texts: check, inspect, parse, explain. Each argument is judged by itself."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.show import print_findings

FILES = click.argument("files", nargs=-1, required=True, metavar="文件…", type=click.Path(path_type=Path))
WITHIN = click.option(
    "--campaign", "within", type=click.Path(path_type=Path), help="按这个批次的名单、表样和评分方案来看。"
)
JSON = click.option("--json", "as_json", is_flag=True, help="每个参数写一行JSON，给程序用。")


@click.command(cls=ChineseCommand)
@FILES
@WITHIN
@JSON
def check(files: Sequence[Path], within: Path | None, as_json: bool) -> None:
    """报送前自查：列出工作簿的全部问题；有必须更正的问题时以退出码1结束。"""
    from evalbatch.manifest import finding_json
    from evalbatch.single import check_file, single_setup

    must_fix = False
    with single_setup(within) as setup:
        for path in files:
            status, findings = check_file(path, setup)
            must_fix |= any(finding.severity == "must-fix" for finding in findings)
            if as_json:
                _print_line({"file": str(path), "status": status, "findings": [finding_json(f) for f in findings]})
            else:
                click.echo(f"{path}：{'没有发现问题' if not findings else f'发现{len(findings)}个问题'}")
                print_findings(findings)
    raise SystemExit(1 if must_fix else 0)


@click.command(cls=ChineseCommand)
@FILES
@WITHIN
@JSON
def inspect(files: Sequence[Path], within: Path | None, as_json: bool) -> None:
    """看从工作簿中读到了什么，每个值在哪个单元格；有文件无法受理时以退出码1结束。"""
    from evalbatch.single import inspect_file, single_setup

    rejected = False
    with single_setup(within) as setup:
        for path in files:
            document = inspect_file(path, setup)
            rejected |= document["status"] == "rejected"
            if as_json:
                _print_line(document)
            else:
                _print_reading(document)
    raise SystemExit(1 if rejected else 0)


def _print_line(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


def _print_reading(document: dict[str, Any]) -> None:
    click.echo(f"{document['file']}：{'已读取' if document['status'] == 'accepted' else '无法受理'}")
    for form in document["forms"]:
        click.echo(
            f"  {form['form']}（工作表“{form['sheet']}”，{form['year'] or '年度未写'}）{form['unit']['name'] or ''}"
        )
        for line in form["budget"]:
            places = "、".join(f"{key}={line[key]}@{cell}" for key, cell in line["cells"].items())
            click.echo(f"    {line['item']}：{places or '空'}")
        for line in form["indicators"]:
            places = "、".join(f"{key}={line.get(key)}@{cell}" for key, cell in line["cells"].items())
            click.echo(f"    {line['name']}：{places}")
    for cell in document["unused"]:
        click.echo(f"  未用到 {cell['sheet']}!{cell['cell']}：{cell['value']}")
    for finding in document["findings"]:
        click.echo(f"  [{finding['code']} {finding['title']}] {finding['message']}")


@click.command(cls=ChineseCommand, context_settings={"ignore_unknown_options": True})
@click.argument("texts", nargs=-1, required=True, metavar="文字…")
@click.option(
    "--as", "role", type=click.Choice(["target", "actual"]), required=True, help="target 目标，actual 完成情况。"
)
@click.option("--year", type=click.IntRange(1900, 2200), help="没写年份的日期算哪一年。")
@JSON
def parse(texts: Sequence[str], role: str, year: int | None, as_json: bool) -> None:
    """看一句目标或完成情况被怎样理解。"""
    from evalbatch.expression import parse_actual, parse_target, to_json

    for text in texts:
        expression = (parse_target if role == "target" else parse_actual)(text, year)
        document = to_json(expression, "target" if role == "target" else "actual")
        if as_json:
            _print_line(document)
            continue
        click.echo(f"{text}：{KINDS[expression.kind]}")
        for part in document["parts"]:
            value = part.get("value", part.get("date"))
            bounds = f"{part['low']}～{part['high']}" if value is None else value
            click.echo(f"  {part['op']} {bounds} {part.get('unit', '')}　（{part['text']}）")


KINDS = {
    "quantity": "数量",
    "date": "日期",
    "qualitative": "定性文字",
    "blank": "空",
    "unclear": "有数字但无法确定含义",
}


@click.command(cls=ChineseCommand)
@click.argument("code", required=False, metavar="[代码]")
def explain(code: str | None) -> None:
    """问题代码或评分规则的含义、示例和改法；不写代码则列出全部。"""
    from evalbatch.checks import CATALOGUE, explain_all
    from evalbatch.checks import explain as explain_rule
    from evalbatch.model import Refused

    if code is None:
        click.echo(explain_all())
        return
    rule = CATALOGUE.get(code.upper())
    if rule is None:
        raise Refused(
            f"没有代码“{code}”。", remedy="运行 evalbatch explain 可列出全部代码，例如：evalbatch explain M02。"
        )
    click.echo(explain_rule(rule))
