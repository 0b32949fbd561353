"""What commands print for people, on standard error or output: findings, progress, short reports."""

import sys
from collections.abc import Callable, Sequence
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from evalbatch.cli.echo import echo
from evalbatch.model import Finding, Refused

SEVERITY = {"must-fix": "必须更正", "query": "需要核实", "note": "提示"}


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


class Bars:
    """Progress bars with remaining time, on a terminal only and only for what takes longer than a moment."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Callable[[str, int, int], None]:
        self.progress.start()
        return self._update

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def _update(self, stage: str, done: int, total: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.progress.add_task(stage, total=total)
        self.progress.update(self.tasks[stage], completed=done, total=total)
