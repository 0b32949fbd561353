"""A unit's workbook in; the same without what acts by itself out: nothing in a copy runs, calls or fetches anything.

A copy is opened at the bureau and sent on. What acted keeps what it showed: a formula its stored result, a picture
from elsewhere its place. What can't be taken out without damage (sheets of old macros, controls) raises CannotSplice,
and the list alone goes back.
"""

import re
from collections.abc import Iterator

from evalbatch.xlsx.markup import CannotSplice, unescaped
from evalbatch.xlsx.package import TYPES, Package, Relation
from evalbatch.xlsx.workbook import WorkbookPart

MACROS, FORMULAS, CONNECTIONS, LINKS = "宏", "取外部数据的公式", "数据连接", "外部链接"
FORMULA = re.compile(rb"<((?:\w{1,20}:)?)f((?:\s[^<>]*)?)(?:/>|>([^<]*)</\1f\s*>)")
_SHARED = re.compile(rb"""\bsi\s*=\s*["'](\d{1,9})["']""")
_REMOTE = re.compile(
    r"\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|STOCKHISTORY|IMPORT[A-Z]+|CUBE[A-Z]+|DDE|SQL\.REQUEST|PY)\s*\("
    r"|HYPERLINK\s*\((?!\s*\"#)|\w\|'?[^'|!]{1,260}'?!"
    r"|(?<![\w\]\[])\[\d{1,9}\](?:[^\[\]!,;()'\"]{0,260}|[^'!]{0,260}')!"
    r"|\[[^\[\]]{1,260}\.(?:xl|et|ods|csv)|\.(?:xl\w{1,4}|et|ods|csv)'?!",
    re.I,
).search
"""Functions that fetch or call, addresses of other machines and programs, and other workbooks by number or by name."""
_RELATIONSHIP = re.compile(rb"<(?:\w{1,20}:)?Relationship\s[^<>]*>")
_EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.I)
_TARGET = re.compile(rb"""\bTarget\s*=\s*("[^"<]*"|'[^'<]*')""")
_NAME = re.compile(rb"<((?:\w{1,20}:)?)definedName\s([^<>]*)>([^<]*)</\1definedName\s*>")
_REFERENCES = re.compile(
    rb"<((?:\w{1,20}:)?)externalReferences\b[^<>]*>(?:\s*<(?!/?(?:\w{1,20}:)?externalReferences\b)[^<>]*>)*+\s*</\1externalReferences\s*>"
)
_QUERY_TABLE = re.compile(
    rb"""\s(?:tableType\s*=\s*["']queryTable["']|queryTableFieldId\s*=\s*["']\d+["']|connectionId\s*=\s*["']\d+["'])"""
)
_ENABLED = re.compile(rb"application/vnd\.ms-excel\.(?:sheet|template|addin)\.macroEnabled(?:\.main)?\+xml", re.I)
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STUBBORN = ("xlmacrosheet", "xlintlmacrosheet", "dialogsheet", "control", "oleobject", "activexcontrol")
"""What a sheet is, or what its cells are tied to: taken out, it would leave a workbook that needs repair."""
_OF_MACROS = ("vbaproject", "wordvbadata", "attachedtoolbars", "usercustomization", "ui/extensibility", "extensibility")
_OF_CONNECTIONS = ("connections", "querytable", "volatiledependencies", "webextensiontaskpanes", "xmlmaps")


_PARTED = re.compile(rb"<(?:\w{1,20}:)?f(?:\s[^<>]*)?>[^<]*<!")
"""A formula parted by a comment or a CDATA section, as no spreadsheet program writes one."""
OF_RULES = re.compile(rb"<(?:\w{1,20}:formula[12]?|formula[12]?|xm:f)(?:\s[^<>]*)?>([^<]*)<")
"""Formulas of drop-down lists and of formats that depend on cells: without one, its rule is damaged."""


def make_inert(package: Package) -> tuple[str, ...]:
    """Take out of a package what acts by itself; return what there was, in Chinese, in a fixed order.

    Raises CannotSplice where that would damage it.
    """
    found: set[str] = set()
    workbook = WorkbookPart.read(package)
    for part in ("", *tuple(package.parts)):
        if part.casefold().endswith(".rels"):
            continue
        for relation in package.relations(part):
            found.update(_without_part(package, part, relation))
    for entry in workbook.sheets:
        if entry.part is not None and _without_formulas(package, entry.part):
            found.add(FORMULAS)
    found.update(_without_names(package, workbook.part))
    for name in tuple(package.parts):
        if name.casefold().endswith(".rels") and _without_targets(package, name):
            found.add(LINKS)
    return tuple(word for word in (MACROS, FORMULAS, CONNECTIONS, LINKS) if word in found)


def _is_remote(formula: bytes) -> bool:
    return _REMOTE(unescaped(formula.decode("utf-8", "replace"))) is not None


def _without_part(package: Package, part: str, relation: Relation) -> Iterator[str]:
    kind = relation.kind.casefold()
    if kind in _STUBBORN:
        raise CannotSplice(kind)
    if kind == "pivotcachedefinition" and relation.target in package and b"connectionId" in package[relation.target]:
        raise CannotSplice(kind)
    if kind == "table" and relation.target in package:
        data = package[relation.target]
        if (plain := _QUERY_TABLE.sub(b"", data)) != data:
            package[relation.target] = plain
            yield CONNECTIONS
    said = MACROS if kind in _OF_MACROS else CONNECTIONS if kind in _OF_CONNECTIONS else ""
    said = LINKS if kind.startswith("externallink") else said
    if said and relation.target in package:
        package.remove(part, relation.target)
        yield said
    if said == MACROS and _ENABLED.search(package[TYPES]):
        package[TYPES] = _ENABLED.sub(_PLAIN, package[TYPES])


def _without_formulas(package: Package, part: str) -> bool:
    """Leave the stored results of a sheet's formulas that fetch something, and of those that share one of them."""
    data = package[part]
    if _PARTED.search(data) or any(_is_remote(rule[1]) for rule in OF_RULES.finditer(data)):
        raise CannotSplice("formula of a rule")
    shared = {
        number[1] for f in FORMULA.finditer(data) if f[3] and _is_remote(f[3]) and (number := _SHARED.search(f[2]))
    }

    def kept(found: re.Match[bytes]) -> bytes:
        number = _SHARED.search(found[2])
        remote = bool(found[3] and _is_remote(found[3]))
        return b"" if remote or (number is not None and number[1] in shared) else found[0]

    plain = FORMULA.sub(kept, data)
    if plain == data:
        return False
    package[part] = plain
    return True


def _without_names(package: Package, part: str) -> Iterator[str]:
    """Let the workbook list no other workbooks, and no name stand for a cell of one."""
    data = package[part]
    plain = _REFERENCES.sub(b"", data)
    if plain != data:
        yield LINKS
    named = _NAME.sub(lambda found: b"" if _is_remote(found[3]) else found[0], plain)
    if named != plain:
        yield FORMULAS
        named = re.sub(rb"<((?:\w{1,20}:)?)definedNames\s*>\s*</\1definedNames\s*>", b"", named)
    if named != data:
        package[part] = named


def _without_targets(package: Package, name: str) -> bool:
    """Let every relationship that leads out of the package lead nowhere, but for letters to somebody."""
    data = package[name]

    def led(found: re.Match[bytes]) -> bytes:
        target = _TARGET.search(found[0])
        if not _EXTERNAL.search(found[0]) or target is None or target[1][1:8].lower() in (b"mailto:", b"about:b"):
            return found[0]
        return found[0][: target.start(1)] + b'"about:blank"' + found[0][target.end(1) :]

    plain = _RELATIONSHIP.sub(led, data)
    if plain == data:
        return False
    package[name] = plain
    return True
