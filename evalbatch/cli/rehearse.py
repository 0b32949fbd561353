"""The command rehearse: what another scheme would find and score in a campaign's submissions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from evalbatch.cli.campaign import CAMPAIGN, JSON, WORKERS
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.cli.progress import Bars
from evalbatch.cli.show import SEVERITY

EXAMPLES = 3
"""How many of a kind are shown to people; --json has them all."""


@click.command(cls=ChineseCommand)
@CAMPAIGN
@click.option(
    "--scheme", required=True, metavar="方案工作簿", type=click.Path(path_type=Path), help="要试用的评分方案。"
)
@WORKERS
@JSON
def rehearse(campaign: Path, scheme: Path, workers: int | None, as_json: bool) -> None:
    """用另一个评分方案试算本批次已收到的文件：哪些要更正、哪些得分和等级会变。不写任何文件。"""
    from evalbatch.batch.rehearsal import as_json as rehearsal_json
    from evalbatch.batch.rehearsal import rehearse as rehearse_scheme
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.model import Refused

    loaded = load_campaign(campaign)
    if not scheme.is_file():
        raise Refused(f"找不到评分方案“{scheme}”。", remedy="请核对文件名和所在的文件夹。")
    with Bars() as progress:
        document = rehearsal_json(rehearse_scheme(loaded, scheme, workers, progress))
    if as_json:
        echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for line in _lines(document):
        echo(line)


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    old, new = document["schemes"]["current"], document["schemes"]["rehearsed"]
    yield f"现行方案：{old['name']} {old['version']}；试用方案：{new['name']} {new['version']}"
    yield from _must_fix("文件", document["files"]["must_fix"])
    yield from _must_fix("单位", document["units"]["must_fix"])
    yield "问题的变化：" + ("" if document["findings"] else "没有变化。")
    for change in document["findings"]:
        yield from _code(change)
    scores = document["scores"]
    yield f"得分和等级的变化：{f'{len(scores)}个单位' if scores else '没有变化。'}"
    yield from (_score(unit) for unit in scores)


def _must_fix(what: str, counts: Mapping[str, Any]) -> Iterator[str]:
    yield f"必须更正的{what}：现行方案{counts['current']}个，试用方案{counts['rehearsed']}个。"
    for key, words in (("only_rehearsed", "试用方案下新增"), ("only_current", "试用方案下不再必须更正")):
        if counts[key]:
            yield f"  {words}：{_some(counts[key])}"


def _some(names: Sequence[str]) -> str:
    more = f"等{len(names)}个" if len(names) > EXAMPLES else ""
    return "、".join(names[:EXAMPLES]) + more


def _code(change: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {change['code']} {change['title']}：{change['current']} → {change['rehearsed']}"
    for key, words in (("appear", "新增"), ("disappear", "不再出现"), ("other_severity", "级别改变")):
        found = change[key]
        for finding in found[:EXAMPLES]:
            severity = f"（改为{SEVERITY[finding['severity']]}）" if key == "other_severity" else ""
            place = finding["file"] or finding["unit"] or ""
            yield f"    {words}{severity}：{place}{'：' if place else ''}{_seen(finding)}"
        if len(found) > EXAMPLES:
            yield f"    ……{words}共{len(found)}处"


def _seen(finding: Mapping[str, Any]) -> str:
    """What was seen, without what was done with it meanwhile."""
    return str(finding["message"]).partition("。")[0] + "。"


def _score(unit: Mapping[str, Any]) -> str:
    old, new = unit["current"], unit["rehearsed"]
    pending = f"，待定{old['pending']} → {new['pending']}项" if old["pending"] != new["pending"] else ""
    return f"  {unit['name']}：{_points(old)} → {_points(new)}{pending}"


def _points(side: Mapping[str, Any]) -> str:
    if side["verified_score"] is None:
        return "没有得分"
    return f"{side['verified_score']}分" + (f"（{side['verified_grade']}）" if side["verified_grade"] else "")
