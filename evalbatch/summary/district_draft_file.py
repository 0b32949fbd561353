"""A District in, the draft of its report (.docx) out."""

from pathlib import Path

from evalbatch.reports.unit_draft_file import require
from evalbatch.summary.district import District


def write_district_draft(target: Path, district: District) -> None:
    """Write the district's 预算绩效自评工作总结 to `target`, its figures those of the summary workbook.

    Refused where python-docx is not installed.
    """
    require()
    from evalbatch.summary.district_draft import district_report

    district_report(district).save(target)
