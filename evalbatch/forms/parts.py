"""A form's bytes in, its blank copy's bytes out, by editing its parts: what openpyxl would lose stays as it is.

openpyxl keeps cells, styles, plain drop-downs and page set-up; it drops shapes, controls, newer drop-downs (x14),
printer settings, and the fonts inside a text. Only the texts that bear tags are touched here.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape, unescape

from evalbatch.forms.tags import NUMBER, TAG, Value

_STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PARTS = (
    (re.compile(r"xl/printerSettings/"), "打印机设置"),
    (re.compile(r"xl/(activeX|ctrlProps)/"), "窗体控件"),
    (re.compile(r"xl/media/"), "图片"),
    (re.compile(r"xl/charts/"), "图表"),
    (re.compile(r"xl/(slicers|timelines|pivotTables)/"), "切片器或透视表"),
    (re.compile(r"customXml/"), "自定义内容"),
)
_MARKS = (
    (_SHEET, b"x14:dataValidation", "跨表下拉列表"),
    (_SHEET, b"x14:conditionalFormatting", "新式条件格式"),
    (_SHEET, b"legacyDrawingHF", "页眉页脚图片"),
    (re.compile(r"xl/drawings/drawing[^/]*\.xml"), b"sp>", "文本框或形状"),
    (re.compile(re.escape(_STRINGS)), b"<rPr>", "单元格内的多种字体"),
)
_ITEM = re.compile(r"<si>(.*?)</si>|<si\s*/>", re.DOTALL)
_TEXT = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*/>", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*)>((?:(?!</c>).)*)</c>", re.DOTALL)
_SHARED = re.compile(r"<v>\s*(\d+)\s*</v>")
_TYPE = re.compile(r'\st="[^"]*"')


def losses(data: bytes) -> tuple[str, ...]:
    """Name in words what openpyxl would lose of a form; () where nothing."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        names = parts.namelist()
        found = [word for pattern, word in _PARTS if any(pattern.match(name) for name in names)]
        for pattern, mark, word in _MARKS:
            if any(mark in parts.read(name) for name in names if pattern.fullmatch(name)):
                found.append(word)
    return tuple(found)


def fill_parts(data: bytes, values: Mapping[str, Value]) -> bytes:
    """Put values in the place of tags and take the other tags out; every other byte of every part stays.

    As `fill_tags`: a tag alone in its cell gives the value its kind, and a cell left without text becomes blank.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        strings = parts.read(_STRINGS).decode("utf-8") if _STRINGS in parts.namelist() else ""
        changed = {at: _filled(text, values) for at, text in enumerate(_texts(strings)) if TAG.search(text)}
        for entry in parts.infolist():
            content = parts.read(entry)
            if entry.filename == _STRINGS:
                content = _with_strings(strings, changed).encode("utf-8")
            elif _SHEET.fullmatch(entry.filename):
                content = _with_cells(content.decode("utf-8"), changed, values).encode("utf-8")
            made.writestr(zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _texts(strings: str) -> list[str]:
    return [_text(item[1] or "") for item in _ITEM.finditer(strings)]


def _text(item: str) -> str:
    return unescape("".join(_TEXT.findall(_PHONETIC.sub("", item))), {"&quot;": '"', "&apos;": "'"})


def _filled(text: str, values: Mapping[str, Value]) -> Value:
    alone = TAG.fullmatch(text.strip())
    if alone:
        return values.get(alone[1])
    return TAG.sub(lambda tag: _words(values.get(tag[1])), text) or None


def _words(value: Value) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


def _with_strings(strings: str, changed: Mapping[int, Value]) -> str:
    """Write the changed texts in one font each; cells that become numbers or blank no longer point at theirs."""
    count = iter(range(strings.count("<si") + 1))

    def settle(item: re.Match[str]) -> str:
        at = next(count)
        return f"<si>{_plain(_words(changed[at]))}</si>" if at in changed else item[0]

    return _ITEM.sub(settle, strings)


def _plain(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text)}</t>'


def _with_cells(sheet: str, changed: Mapping[int, Value], values: Mapping[str, Value]) -> str:
    def settle(cell: re.Match[str]) -> str:
        attributes, inside = cell[1], cell[2]
        shared = _SHARED.search(inside)
        if 't="s"' in attributes and shared and int(shared[1]) in changed:
            return _cell(attributes, changed[int(shared[1])], lambda _text: cell[0])
        if 't="inlineStr"' in attributes and TAG.search(text := _text(inside)):
            written = f"<c{attributes}><is>{{}}</is></c>"
            return _cell(attributes, _filled(text, values), lambda text: written.format(_plain(text)))
        return cell[0]

    return _CELL.sub(settle, sheet)


def _cell(attributes: str, value: Value, as_text: Callable[[str], str]) -> str:
    bare = _TYPE.sub("", attributes)
    if value is None:
        return f"<c{bare}/>"
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return as_text(value)
    return as_text(_words(value)) if isinstance(value, date) else f"<c{bare}><v>{value}</v></c>"
