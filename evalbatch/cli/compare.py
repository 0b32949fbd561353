"""The command compare: what a published copy says otherwise than the submission."""

import json
from pathlib import Path

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.cli.files import WITHIN
from evalbatch.cli.show import print_findings


@click.command(cls=ChineseCommand)
@click.argument("published", metavar="公开稿", type=click.Path(path_type=Path))
@click.argument("submitted", metavar="报送稿", type=click.Path(path_type=Path))
@WITHIN
@click.option("--json", "as_json", is_flag=True, help="向标准输出只写JSON，给程序用。")
def compare(published: Path, submitted: Path, within: Path | None, as_json: bool) -> None:
    """公开的自评表与报送的有哪些不一致，版式不同不算；有不一致时以退出码1结束。"""
    from evalbatch.tables.manifest import finding_json
    from evalbatch.unit.compared_workbooks import as_json as difference_json
    from evalbatch.unit.compared_workbooks import compare_workbooks
    from evalbatch.unit.single import single_setup

    with single_setup(within) as setup:
        comparison = compare_workbooks(published, submitted, setup)
    if as_json:
        document = {
            "published": str(published),
            "submitted": str(submitted),
            "differ": comparison.differ,
            "forms": comparison.forms,
            "places": comparison.places,
            "findings": [difference_json(each, finding_json(found)) for each, found in comparison.differences],
        }
        echo(json.dumps(document, ensure_ascii=False))
    else:
        much = f"比较了{comparison.forms}张表、{comparison.places}处内容"
        count = len(comparison.differences)
        echo(f"公开稿与报送稿有{count}处不一致（{much}）：" if count else f"公开稿与报送稿一致（{much}）。")
        print_findings([found for _, found in comparison.differences])
    raise SystemExit(1 if comparison.differ else 0)
