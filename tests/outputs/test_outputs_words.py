"""One vocabulary: every word that people see has one meaning, and no word of the inside gets out."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from outputs.two_districts import Made

from evalbatch.tables.vocabulary import SHEETS, TERMS, headers, vocabulary

pytestmark = pytest.mark.command

ROOT = Path(__file__).parents[2]
READERS = {"reading", "expression"}
"""Packages whose texts are what units write, in any words."""
OTHERS = {"report_points.py", "report_figures.py", "vocabulary.py"}
STILL_READ = {"必须修改", "需核实", "须更正"}
"""Words of older schemes and letters that are read, and never written."""
LATIN = re.compile(r"[A-Za-z][A-Za-z_\-]*")
ALLOWED = re.compile(
    r"“[^”]*”"  # what a unit wrote is quoted
    r"|\b[0-9a-f]{16,64}\b|(?<![A-Za-z])[A-Z]{1,3}\d+|[A-Z](?=列)|\b[A-Z]{2}-\d|m(?=[²2])"  # hashes, cells, codes
    r"|SHA-256|Excel|WPS|PDF|ZIP|CSV|XML|HTML|Word|evalbatch [\d.]+|[KMG]B\b"
    r"|data/\w+\.csv|data 文件夹|record(?=中)|[\w\-]+\.(xlsx|json|toml|zip|pdf|png|docx)|xlsx格式|Ctrl\+\w"
)
UNITS_OWN = {
    "文件",
    "前一次的文件",
    "工作表",
    "年度指标值",
    "实际完成值",
    "现填",
    "应为",
    "内容",
    "改动内容",
    "位置",
    "键",
    "目标",
    "完成值",
}
"""Columns of what a unit wrote, and of its files."""
PATHS = {"复核评分表", "退回件", "路径"}


def told_in_code() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the program, with its place; docstrings only where they are texts for people."""
    for path in sorted((ROOT / "evalbatch").rglob("*.py")):
        package = path.relative_to(ROOT / "evalbatch").parts[0]
        if package in READERS or path.name in OTHERS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = set(filter(None, map(docstring_of, ast.walk(tree))))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) not in docs or package in ("checks", "cli"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def docstring_of(node: ast.AST) -> int | None:
    """The identity of a module's, function's or class's docstring."""
    if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return id(first.value)
    return None


def told_in_files() -> Iterator[tuple[str, str]]:
    """The guides, the letters and the starter's settings."""
    folders = (ROOT / "docs" / "zh", ROOT / "evalbatch" / "mail")
    for path in [*(path for folder in folders for path in sorted(folder.glob("*.*"))), ROOT / "README.zh-CN.md"]:
        if path.suffix in (".md", ".txt"):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@cache
def all_told() -> tuple[tuple[str, str], ...]:
    """Every text for people, each with its place, gathered once."""
    return (*told_in_code(), *told_in_files())


def test_words__in_the_docs__are_current() -> None:
    """docs/zh/words.md is what the program prints."""
    assert (ROOT / "docs" / "zh" / "words.md").read_text(encoding="utf-8") == vocabulary()


def test_words__each__has_one_meaning() -> None:
    """No word is listed twice, and no two words mean the same."""
    terms = [*TERMS, *SHEETS]
    assert len({term.word for term in terms}) == len(terms) == len({term.meaning for term in terms})


OTHER_WORDINGS = {term.word: re.compile(term.never) for term in TERMS if term.never}


@pytest.mark.parametrize("word", OTHER_WORDINGS)
def test_word__its_second_wordings__stand_nowhere(word: str) -> None:
    """What has a word is not called by another one, in code, guides and letters."""
    other = OTHER_WORDINGS[word]
    assert not other.search(word)
    told = [(place, other.search(text)) for place, text in all_told()]
    assert not [(place, found[0]) for place, found in told if found and found[0] not in STILL_READ]


def tables_of(district: Made) -> Iterator[tuple[str, list[str], list[list[str | None]]]]:
    """Every sheet that we make: where it is, its headers, its texts; hidden columns and units' own sheets left out."""
    for path in district.workbooks:
        for page in opened(path):
            if "returned" in path.parts and page.title != "需更正事项":
                continue
            hidden = {name for name, column in page.column_dimensions.items() if column.hidden}
            letters = [get_column_letter(number) for number in range(1, page.max_column + 1)]
            rows = [
                [v if isinstance(v, str) and at not in hidden else None for v, at in zip(row, letters, strict=True)]
                for row in page.iter_rows(values_only=True)
            ]
            at = next((n for n, row in enumerate(rows) if sum(bool(v) and len(v) < 12 for v in row) > 3), 0)
            heads = [value or "" for value in rows[at]] if rows else []
            yield f"{path.relative_to(district.folder)} {page.title}", heads, rows


def opened(path: Path) -> list[Any]:
    """The sheets of a workbook; none of a returned copy of one that was drawn with the least of parts."""
    try:
        return list(load_workbook(path, data_only=True))
    except OSError:
        return []


def test_outputs__no_word_of_the_inside__gets_out(district: Made) -> None:
    """No Latin word in any cell of ours but file names, codes, cells, units and a few names of programs."""
    found = []
    sheets = {name for path in (district.folder / "inbox").rglob("*.xlsx") for name in names_of(path)}
    for place, heads, rows in tables_of(district):
        for row in rows:
            for head, text in zip(heads, row, strict=True):
                if text and head not in UNITS_OWN and head not in PATHS:
                    bare = ALLOWED.sub("", text)
                    found += [(place, head, word) for word in LATIN.findall(bare) if word not in sheets]
    for path in sorted((district.folder / "output" / "data").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for record in csv.DictReader(file):
                for head, text in record.items():
                    if text and head not in UNITS_OWN and head not in PATHS and not head.endswith("单元格"):
                        bare = ALLOWED.sub("", text)
                        found += [(path.name, head, word) for word in LATIN.findall(bare) if word not in sheets]
    assert not found, "\n".join(map(str, sorted(set(found))))


def names_of(path: Path) -> list[str]:
    """The Latin words of a workbook's sheet names and of its path; of one that can't be opened, of the path."""
    words = LATIN.findall(str(path))
    try:
        return words + [word for name in load_workbook(path, read_only=True).sheetnames for word in LATIN.findall(name)]
    except Exception:  # hostile or encrypted: it has no sheets to name
        return words


def test_headers__of_every_table__are_in_the_list_of_words(district: Made) -> None:
    """What heads a column of the summary, or of a list of problems, is in the list with its one meaning."""
    known = headers() | {"序号", "上年", "本年"}
    unknown = set()
    for path in district.workbooks:
        if "score_sheets" in path.parts or path.name == "review.xlsx":
            continue
        for page in opened(path):
            for table in page.tables.values():
                if path == district.summary or page.title == "需更正事项":
                    heads = [re.sub(r"^[✓▲✗？] |^(上年|本年)", "", cell.value) for cell in page[table.ref][0]]
                    unknown |= {(page.title, head) for head in heads if head not in known}
    assert not unknown
