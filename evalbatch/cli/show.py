"""What commands print for people, on standard error or output: findings and questions."""

import sys
from collections.abc import Sequence

import click

from evalbatch.cli.echo import echo
from evalbatch.model import Finding, Refused

SEVERITY = {"must-fix": "必须更正", "query": "请核实", "note": "提示"}


def agreed(question: str, unanswered: Refused) -> bool:
    """Ask a person for a y; `unanswered` is raised where nobody is there to answer."""
    try:
        answer = click.prompt(question, default="n", show_default=False)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise unanswered from None
    return str(answer).strip().casefold() in ("y", "yes", "是", "ｙ")


def finding_lines(finding: Finding) -> str:
    """Return one finding as people read it: what, where, what to do."""
    place = f" {finding.sheet}!{finding.cell}" if finding.sheet and finding.cell else ""
    text = f"[{SEVERITY[finding.severity]} {finding.code} {finding.title}]{place}\n    {finding.message}"
    return f"{text}\n    {finding.remedy}" if finding.remedy else text


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings, what must be corrected first."""
    for finding in findings:
        echo(finding_lines(finding))
