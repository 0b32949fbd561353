"""Verified results in, drafts of reports (.docx) out: a unit's own, and the district's.

Needs python-docx, an optional extra (`pip install "evalbatch[drafts]"`); without it `available` is False and the
writers are Refused. A draft says what the workbooks say, and leaves a marked blank where they say nothing.
"""

from importlib.util import find_spec
from pathlib import Path

from evalbatch.model import Refused, Season, UnitResult
from evalbatch.summary import District

__all__ = ["available", "write_district_draft", "write_unit_draft"]


def available() -> bool:
    """Tell whether drafts can be written here."""
    return find_spec("docx") is not None


def write_unit_draft(target: Path, result: UnitResult, season: Season) -> None:
    """Write a unit's 整体绩效自评报告 to `target`: the same result gives the same bytes.

    Refused where python-docx is not installed.
    """
    _require()
    from evalbatch.drafts.unit import unit_report

    unit_report(result, season).save(target)


def write_district_draft(target: Path, district: District) -> None:
    """Write the district's 预算绩效自评工作总结 to `target`, its figures those of the summary workbook.

    Refused where python-docx is not installed.
    """
    _require()
    from evalbatch.drafts.district import district_report

    district_report(district).save(target)


def _require() -> None:
    if not available():
        raise Refused("没有安装生成报告初稿所需的 python-docx。", remedy='请运行：pip install "evalbatch[drafts]"。')
