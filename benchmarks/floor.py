"""The least that can be done: raw calamine reads the inbox, bare XlsxWriter writes the same cells, over the same cores.

`python -m benchmarks.floor INBOX CELLS OUT WORKERS`; CELLS holds, one pickle a workbook, the cells of evalbatch's own
outputs, taken out beforehand by `take_cells`.
"""

import io
import multiprocessing
import pickle
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine
import xlsxwriter


def take_cells(output: Path, cells: Path) -> None:
    """Put the cells of every workbook in an output folder aside."""
    cells.mkdir(parents=True)
    for number, path in enumerate(sorted(output.rglob("*.xlsx"))):
        (cells / f"{number:06d}.pickle").write_bytes(pickle.dumps(_read(path)))


def _read(path: Path) -> list[tuple[str, list[list[object]]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def _write(source: Path, out: Path) -> None:
    with xlsxwriter.Workbook(out / f"{source.stem}.xlsx", {"in_memory": True}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in pickle.loads(source.read_bytes()):
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(row, column, value)
                    elif isinstance(value, bool | int | float):
                        sheet.write_number(row, column, value)
                    elif isinstance(value, date | datetime | time | timedelta):
                        sheet.write_datetime(row, column, value, dated)


def _do(task: tuple[Path, Path | None]) -> None:
    path, out = task
    if out is None:
        _read(path)
    else:
        _write(path, out)


def main(inbox: Path, cells: Path, out: Path, workers: int) -> None:
    """Read every workbook of the inbox and write every workbook of the cells, the largest first."""
    out.mkdir(parents=True, exist_ok=True)
    written = sorted(cells.iterdir(), key=lambda path: -path.stat().st_size)
    tasks = [(path, out) for path in written] + [(path, None) for path in inbox.rglob("*.xlsx")]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for _ in pool.imap_unordered(_do, tasks, chunksize=4):
            pass


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), int(sys.argv[4]))
