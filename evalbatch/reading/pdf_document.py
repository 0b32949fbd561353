"""A PDF with text in, its lines and ruled tables out; a table broken over pages comes back as one.

pdfplumber (MIT) finds the ruled lines and the letters; it is an optional extra and imported by nobody else. A scan has
no letters, and is refused in one sentence.
"""

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise, takewhile
from typing import Any

from evalbatch.model import Refused
from evalbatch.model.value import value
from evalbatch.reading.drawn_table import Block, DrawnTable, Line, TableCell
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, encrypted, too_large

MOST_PAGES = 60
"""A page takes about a third of a second, and a worker has twenty."""
AS_TEXT = "请换用可以复制文字的PDF，或者.docx、.xlsx格式的公开稿。"
TOLERANCE = 3.0
"""Points by which two ruled lines may differ and still be one; a letter has about ten."""
REPRINT = "请把行高、列宽和缩放调到文字都看得见、一页一个表宽，重新导出PDF；或者换用.docx、.xlsx格式的公开稿。"
APART, NARROW = 1.5, 0.2
"""Letters' heights between two pieces of a line, and between two words of one."""
SPILL, ACROSS = 0.2, 0.35
"""Of a letter's height: what may stand beyond a ruled line, as fonts' boxes do, and what must to stand across it."""
PAGE_NUMBER = re.compile(r"第\s*\d+\s*页|共\s*\d+\s*页|^[-—–·\s]*\d{1,4}\s*(?:[/／]\s*\d+)?[-—–·\s]*$")
GHOSTS = 4
"""Pages that one cell may go over."""
SIZES = 3
"""Heights of rows, different ones, by which a table's left and right parts are known; by one height all tables are."""
FIGURE = re.compile(r"[\d.,%％\s—-]+")
NO_LETTER = re.compile(r"\(cid:\d+\)")
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the page's upper left corner."""


@value
class _Table:
    """A table of one page, with the columns' edges by which it is known on the next one, and the rows' edges."""

    table: DrawnTable
    edges: tuple[float, ...]
    heights: tuple[float, ...]


_Part = Line | _Table


def blocks_of(data: bytes, limits: Limits) -> tuple[Block, ...]:
    """Return a PDF's lines and tables in order. A row's place is 第2页表1第5行, as the page shows it.

    Raises Refused F01 (a scan, or letters that no one can tell), F02 (a password) or F04 (too many pages).
    """
    if find_spec("pdfplumber") is None:
        raise Refused(
            "没有安装读取PDF所需的 pdfplumber。",
            remedy='请运行：pip install "evalbatch[pdf]"；或换用.docx、.xlsx格式的公开稿。',
            code="F01",
        )
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber import PDF
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what it thinks of a stranger's file is not ours to say
    try:
        opened = PDF(io.BytesIO(data))
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else error, PDFPasswordIncorrect):
            raise encrypted() from error
        raise damaged("PDF的内容已损坏", AS_TEXT) from error
    with opened:
        if len(opened.pages) > MOST_PAGES:
            raise too_large(f"PDF有{len(opened.pages)}页，超过{MOST_PAGES}页", "请只留下自评表所在的页，再比较。")
        pages: list[list[_Part]] = []
        letters = unknown = 0
        for page in opened.pages:
            chars = page.chars
            letters += len(chars)
            unknown += sum(1 for char in chars if NO_LETTER.fullmatch(char["text"]))
            pages.append(_parts(page, limits))
            page.close()
    if not letters:
        raise damaged("PDF里没有文字，可能是扫描件", AS_TEXT)
    if unknown * 10 > letters:
        raise damaged("PDF里的文字没有编码，读不出是什么字", AS_TEXT)
    return tuple(part.table if isinstance(part, _Table) else part for part in _joined(pages))


# ---------------------------------------------------------------- one page


def _parts(page: Any, limits: Limits) -> list[_Part]:
    """Return a page's lines and tables from its top to its bottom; page numbers are left out.

    What a merged cell says is printed on each page that it goes over, often beyond the paper.
    """
    page = page.dedupe_chars()
    ends = [edge[side] for edge in page.vertical_edges for side in ("top", "bottom")]
    ruled = {"explicit_horizontal_lines": [min(ends), max(ends)]} if ends else {}  # a cell over two pages has no line
    found = sorted(page.find_tables(ruled), key=lambda table: (table.bbox[1], table.bbox[0]))
    boxes: list[Box] = [table.bbox for table in found]

    outside = page.filter(lambda it: it["object_type"] == "char" and not any(_touches(it, box) for box in boxes))
    placed: list[tuple[float, _Part]] = [
        (top, Line(pieces, f"第{page.page_number}页"))
        for top, pieces in _lines(outside)
        if 0 < top < page.height and not PAGE_NUMBER.search(" ".join(pieces))
    ]
    for number, table in enumerate(found, 1):
        placed.append((table.bbox[1], _table(page, table, f"第{page.page_number}页表{number}", limits)))
    return [part for _, part in sorted(placed, key=lambda each: each[0])]


def _touches(thing: Any, box: Box) -> bool:
    """Whether a letter stands in a table or across its upper or lower line, by more than fonts' boxes do."""
    across, least = (thing["x0"] + thing["x1"]) / 2, ACROSS * thing["size"]
    return bool(box[0] <= across <= box[2] and thing["bottom"] > box[1] + least and thing["top"] < box[3] - least)


def _lines(page: Any) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield the height and the pieces of each line; pieces stand apart by more than a letter and a half."""
    for line in page.extract_text_lines(strip=True, return_chars=True):
        letters = sorted((char for char in line["chars"] if char["text"].strip()), key=lambda char: char["x0"])
        pieces = [""]
        for before, char in zip([*letters[:1], *letters], letters, strict=False):
            gap = (char["x0"] - before["x1"]) / max(char["size"], 1)
            if gap > APART:
                pieces.append("")
            pieces[-1] += " " * (NARROW < gap <= APART) + char["text"]
        if letters:
            yield line["top"], tuple(pieces)


def _table(page: Any, table: Any, name: str, limits: Limits) -> _Table:
    """Number a table's rows and columns by its ruled lines, and put each letter into the cell that its middle is in.

    Refused where a letter stands across a line, as it does where a row is too low for its text; not so at the table's
    upper and lower line, where a cell may go over to another page.
    """
    cells: list[Box] = table.cells
    whole: Box = table.bbox
    across = _edges(edge for cell in cells for edge in (cell[0], cell[2]))
    down = _edges(edge for cell in cells for edge in (cell[1], cell[3]))
    if len(across) * len(down) > limits.area:
        raise too_large("表格的行列过多")
    texts: dict[Box, list[Any]] = {cell: [] for cell in cells}
    rows: list[list[Box]] = [[] for _ in down[1:]]
    for cell in cells:
        for at in range(_nearest(down, cell[1]), _nearest(down, cell[3])):
            rows[at].append(cell)
    for char in page.chars:
        if rows and char["text"].strip() and _touches(char, whole):
            middle, most = (char["top"] + char["bottom"]) / 2, SPILL * char["size"]
            at = max(0, min(len(rows) - 1, sum(1 for edge in down if edge <= middle) - 1))
            cell = next((box for box in rows[at] if box[0] <= (char["x0"] + char["x1"]) / 2 <= box[2]), whole)
            if cell not in texts:
                continue
            high = char["top"] < cell[1] - most and cell[1] > whole[1] + 1
            low = char["bottom"] > cell[3] + most and cell[3] < whole[3] - 1
            if high or low or char["x0"] < cell[0] - most or char["x1"] > cell[2] + most:
                raise damaged(f"PDF{name}第{at + 1}行的文字超出了格子，看不全", REPRINT)
            texts[cell].append(char)
    drawn = []
    for cell, chars in texts.items():
        left, right = _nearest(across, cell[0]), _nearest(across, cell[2])
        top, bottom = _nearest(down, cell[1]), _nearest(down, cell[3])
        if left < right and top < bottom:
            drawn.append(TableCell(top + 1, left + 1, _text(chars), bottom - top, right - left))
    places = tuple(f"{name}第{row}行" for row in range(1, len(down)))
    return _Table(DrawnTable(tuple(drawn), len(across) - 1, places), across, down)


def _edges(positions: Iterable[float]) -> tuple[float, ...]:
    """Return the ruled lines' positions, those that lie next to each other as one."""
    found: list[float] = []
    for position in sorted(set(positions)):
        if not found or position - found[-1] > TOLERANCE:
            found.append(position)
    return tuple(found)


def _nearest(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - position))


def _text(chars: Sequence[Any]) -> str:
    """Return a cell's text; a number that was broken over two lines is one number again."""
    from pdfplumber.utils import extract_text

    text = str(extract_text(list(chars))) if chars else ""
    return re.sub(r"(?<=[\d.,])\n(?=[\d.,%％])", "", text)


# ---------------------------------------------------------------- pages together

_Row = dict[tuple[int, int], TableCell]
"""The cells that begin in a row, by their column and how many columns they take."""


def _joined(pages: Sequence[Sequence[_Part]]) -> list[_Part]:
    """Put pages one behind the other; a table that a page begins with goes on where the page before ended with one.

    It goes on where the columns agree. Titles and heads that are printed again on each page are left out; lines above
    it that are not printed again head a table of its own.
    """
    parts: list[_Part] = []
    _refuse_wide(pages)
    for page in _without_running(_without_ghosts(pages)):
        before = parts[-1] if parts else None
        at = next((n for n, part in enumerate(page) if isinstance(part, _Table)), None)
        first = None if at is None else page[at]
        if at is not None and isinstance(before, _Table) and isinstance(first, _Table):
            again = _printed_again(before.table, first.table)
            said = {part.text for part in parts if isinstance(part, Line)} if again else set()
            headed = any(isinstance(part, Line) and part.text not in said for part in page[:at])
            if not headed and _agree(before.edges, first.edges):
                parts[-1] = replace(before, table=_continued(before.table, first.table, again))
                page = page[at + 1 :]
        parts += page
    return parts


def _refuse_wide(pages: Sequence[Sequence[_Part]]) -> None:
    """Refuse a table too wide for its page: its right part is printed on another one, beside the same rows."""
    seen: list[_Table] = []
    for page in pages:
        tables = [part for part in page if isinstance(part, _Table)]
        for table in tables:
            left = next((other for other in seen if _beside(other, table)), None)
            if left is not None:
                where, right = (each.table.places[0].removesuffix("第1行") for each in (left, table))
                raise damaged(f"PDF{where}太宽，右边的栏印到了{right}", REPRINT)
        seen += tables


def _beside(left: _Table, right: _Table) -> bool:
    """Whether a table's rows stand as high on their page as those of another, row by row, and its columns do not."""
    sizes = {round(below - above) for above, below in pairwise(right.heights)}
    rows = len(sizes) >= SIZES and all(any(abs(a - b) < 1 for a in left.heights) for b in right.heights)
    return rows and not _agree(left.edges, right.edges)


def _without_ghosts(pages: Sequence[Sequence[_Part]]) -> list[list[_Part]]:
    """Leave out the lines beside a table that only repeat cells of the page before or behind.

    A merged cell over several pages is printed on each of them, where its middle would be; on paper it is cut off.
    """
    said = [{text for part in page if isinstance(part, _Table) for text in _said(part.table)} for page in pages]
    near = [set().union(*said[max(0, at - GHOSTS) : at + GHOSTS + 1]) for at in range(len(pages))]
    return [
        [part for part in page if not (isinstance(part, Line) and near[at].issuperset(part.pieces))]
        for at, page in enumerate(pages)
    ]


def _said(table: DrawnTable) -> set[str]:
    return {"".join(cell.text.split()) for cell in table.cells if cell.text}


def _without_running(pages: Sequence[Sequence[_Part]]) -> Iterator[Sequence[_Part]]:
    """Leave out a first or a last line that is the same on every page; a form's title is none, it heads each form."""
    filled = [page for page in pages if page]
    ends = [_running([page[end] for page in filled]) for end in (0, -1)]
    for page in filled:
        first, last = (_without_digits(page[end]) for end in (0, -1))
        below, above = first is not None and first == ends[0], last is not None and last == ends[1]
        yield page[int(below) : len(page) - above]


def _running(parts: Sequence[_Part]) -> str | None:
    """Return what stands at one end of every page, whatever its numbers; None where nothing does."""
    texts = {_without_digits(part) for part in parts}
    [text] = texts if len(parts) > 1 and len(texts) == 1 else [None]
    return None if text is None or text.endswith("表") else text


def _without_digits(part: _Part) -> str | None:
    return re.sub(r"\d", "", part.text) if isinstance(part, Line) else None


def _agree(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two tables have the same columns, wherever they stand on their pages."""
    if len(one) != len(other):
        return False
    shift = one[0] - other[0]
    return all(abs(a - b - shift) <= TOLERANCE for a, b in zip(one, other, strict=True))


def _rows(table: DrawnTable) -> list[_Row]:
    rows: list[_Row] = [{} for _ in table.places]
    for cell in table.cells:
        rows[cell.row - 1][cell.column, cell.columns] = cell
    return rows


def _printed_again(before: DrawnTable, after: DrawnTable) -> int:
    """Return how many rows at the top of a table are heads of the table before: the same words, and no figures."""
    heads = [_words(row) for row in _rows(before)]
    tops = [_words(row) for row in _rows(after)]
    for at, head in enumerate(heads):
        if tops and head == tops[0] and len(head) > 2:
            alike = (one == other and one for one, other in zip(heads[at:], tops, strict=False))
            return sum(1 for _ in takewhile(bool, alike))
    return 0


def _words(row: _Row) -> frozenset[tuple[int, str]]:
    """Return a row's texts by column; nothing of a row with figures in it, which is no head."""
    texts = {(column, "".join(cell.text.split())) for (column, _), cell in row.items() if cell.text}
    return frozenset() if any(FIGURE.fullmatch(text) for _, text in texts) else frozenset(texts)


def _continued(before: DrawnTable, after: DrawnTable, again: int) -> DrawnTable:
    """Put a table's rows below another's, without its first `again` ones; what a page's end cut in two is whole again.

    A row is cut where what follows fills less than half of its cells, and with no figure. A cell over several rows is
    cut where both parts say the same, or one nothing.
    """
    cells = list(before.cells)
    last = len(before.places)
    top = [cell for cell in after.cells if cell.row == again + 1]
    ends = {(c.column, c.columns): at for at, c in enumerate(cells) if c.row + c.rows - 1 == last}
    cut = _is_rest([cells[at] for at in ends.values()], top)
    shift = last - again - cut
    for cell in (each for each in after.cells if each.row > again):
        at = ends.get((cell.column, cell.columns)) if cell in top else None
        over = None if at is None else cells[at]
        if at is not None and over and cut:
            text = over.text + cell.text
            cells[at] = replace(over, text=text, rows=max(over.rows, cell.row + shift + cell.rows - over.row))
        elif at is not None and over and max(over.rows, cell.rows) > 1 and _alike(over.text, cell.text):
            cells[at] = replace(over, text=over.text or cell.text, rows=over.rows + cell.rows)
        else:
            cells.append(replace(cell, row=cell.row + shift))
    return DrawnTable(tuple(cells), before.width, (*before.places, *after.places[again + cut :]))


def _alike(one: str, other: str) -> bool:
    """Whether two parts of a merged cell are one: they say the same, or one of them nothing."""
    return not one or not other or one == other


def _is_rest(row: Sequence[TableCell], top: Sequence[TableCell]) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before."""
    above = {(cell.column, cell.columns): bool(cell.text) for cell in row if cell.rows == 1}
    below = {(cell.column, cell.columns): cell.text for cell in top if cell.rows == 1}
    said = [place for place, text in below.items() if text]
    figures = any(FIGURE.fullmatch(below[place]) for place in said)
    same = above.keys() == below.keys() and all(above[place] for place in said)
    return same and not figures and 0 < 2 * len(said) < sum(above.values())
