"""Files whose unit could not be told in; the unit that a person assigned each out."""

from collections.abc import Sequence

from evalbatch.campaign.roster import Roster
from evalbatch.model import FileResult, SourceFile
from evalbatch.review.lines import file_link
from evalbatch.review.slip import Slip, content_of, digest_of
from evalbatch.review.weigh import Matter, no_reviewer, words


def file_matters(files: Sequence[FileResult], slips: Sequence[Slip], roster: Roster) -> list[Matter]:
    """Make a matter of each file without a unit, and of each that has one by a person's word."""
    assigned = {slip.decided for slip in slips if slip.kind == "file" and slip.filled}
    matters: dict[str, Matter] = {}
    for file in files:
        if file.status in ("ignored", "duplicate", "superseded"):
            continue
        matter = _matter(file, roster)
        if file.unit is None or matter.content in assigned:
            matters.setdefault(matter.key, matter)
    return list(matters.values())


def _matter(file: FileResult, roster: Roster) -> Matter:
    wanted = "U02" if file.status == "unassigned" else "U01"
    unknown = next((finding for finding in file.findings if finding.code == wanted), None)
    said = unknown.value if unknown else None
    near = roster.nearest(said) if said else ()
    if file.status == "unassigned" and (folder := roster.find_in_folder(file.source.path)):
        near = tuple(dict.fromkeys((folder.name, *near)))
    first = unknown or next(iter(file.findings), None)
    shown = {
        "文件": file_link(file.source.path),
        "表上的单位": said,
        "相近单位": "、".join(near) or None,
        "说明": first.message if first else "文件名和文件夹名都看不出单位。",
        "内容标识": _mark(file.source),
    }
    return Matter("file", file.source.sha256, "", shown, content_of("file", shown))


def _mark(source: SourceFile) -> str:
    # A letter in front: sixteen digits alone would be taken for a number.
    return f"#{source.sha256[:16]}"


def problem(slip: Slip, roster: Roster) -> str:
    """Say why an entry can't be taken, with the remedy; "" when it can."""
    written = words(slip.entry[0])
    if not written:
        return "没有填归属单位，请从下拉列表中选"
    if roster.find(None, written).unit is None:
        near = "、".join(roster.nearest(written))
        return f"“{written}”不在单位名单中，请从下拉列表中选" + (f"，是否为：{near}" if near else "")
    return no_reviewer(slip)


def assigned_unit(slips: Sequence[Slip], source: SourceFile, roster: Roster) -> str | None:
    """Give the roster's name of the unit that a person assigned this very content, None without such an entry.

    `slips` are those about files.
    """
    content = content_of("file", {"内容标识": _mark(source)}) if slips else ""
    mine = [slip for slip in slips if slip.filled and slip.decided == content]
    if len({digest_of(slip.entry) for slip in mine}) != 1 or problem(mine[0], roster):
        return None
    unit = roster.find(None, words(mine[0].entry[0])).unit
    return unit.name if unit else None
