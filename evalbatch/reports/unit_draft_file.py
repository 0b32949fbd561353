"""A unit's result in, the draft of its report (.docx) out.

Needs python-docx, an optional extra (`pip install "evalbatch[drafts]"`); without it `available` is False and the
writer is Refused. A draft says what the workbooks say, and leaves a marked blank where they say nothing.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from evalbatch.model import Evaluated, Refused, Season, UnitResult


def available() -> bool:
    """Tell whether drafts can be written here."""
    return find_spec("docx") is not None


def write_unit_draft(target: Path, result: UnitResult, forms: Sequence[Evaluated], season: Season) -> None:
    """Write a unit's 整体绩效自评报告 to `target`: the same result gives the same bytes.

    Refused where python-docx is not installed.
    """
    require()
    from evalbatch.reports.unit_draft import unit_report

    unit_report(result, forms, season).save(target)


def require() -> None:
    """Refused where python-docx is not installed."""
    if not available():
        raise Refused("没有安装生成报告初稿所需的 python-docx。", remedy='请运行：pip install "evalbatch[drafts]"。')
