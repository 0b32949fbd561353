"""The roll-up's benchmark: so many districts with so many units, generated from one real run, timed with its memory.

python -m benchmarks.districts --districts 100 --units 300
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.__main__ import CORES, run_command
from benchmarks.campaigns import make_campaign
from benchmarks.measure import measure


def main() -> None:
    """Run one district of twenty units, multiply it, roll all up, say what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.districts", description=__doc__)
    parser.add_argument("--districts", type=int, default=100)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    given = parser.parse_args()
    model = given.folder / "district"
    make_campaign(model, "whole-unit", 20)
    if not (model / "output" / "run.json").exists():
        measure(run_command(model, CORES), given.folder)
    folder = given.folder / f"province-{given.districts}-{given.units}"
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(given.districts):
        multiply(
            model / "output", folder / f"{number + 1:04d}" / "output", f"示例{number + 1:04d}区", given.units, number
        )
    target = folder / "汇总.xlsx"
    districts = sorted(str(path) for path in folder.iterdir())
    cost = measure([sys.executable, "-m", "evalbatch", "rollup", *districts, "--output", str(target)], given.folder)
    size = target.stat().st_size / 2**20
    print(
        f"{given.districts} districts x {given.units} units: {cost.seconds:.1f} s, CPU {cost.cpu:.1f} s, "
        f"peak {cost.largest:.0f} MB, workbook {size:.1f} MB"
    )


def multiply(source: Path, target: Path, district: str, units: int, seed: int) -> None:
    """Make a district's results out of another's: its units again and again under other names and with other scores."""
    (target / "data").mkdir(parents=True)
    for name in ("units", "findings"):
        table = pq.read_table(source / "data" / f"{name}.parquet")
        copies = -(-units // 20)
        parts = [_renamed(table, copy, seed) for copy in range(copies)]
        pq.write_table(pa.concat_tables(parts), target / "data" / f"{name}.parquet", compression="zstd")
    record = json.loads((source / "run.json").read_text(encoding="utf-8"))
    record |= {"district": district, "files": [], "units": [], "findings": []}
    record["outputs"]["sha256"] = {}
    (target / "run.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


_GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


def _renamed(table: pa.Table, copy: int, seed: int) -> pa.Table:
    place = table.schema.get_field_index("unit_name")
    table = table.set_column(place, "unit_name", pc.binary_join_element_wise(table["unit_name"], f"{copy + 1}所", ""))
    if "verified_score" in table.column_names:
        before = table["verified_score"].to_pylist()
        scores = [None if one is None else one - (copy * 7 + seed * 3) % 23 for one in before]
        grades = [None if one is None else next(word for least, word in _GRADES if one >= least) for one in scores]
        differences = [
            None if one is None else own - one for own, one in zip(table["self_score"].to_pylist(), scores, strict=True)
        ]
        for name, values in (("verified_score", scores), ("verified_grade", grades), ("difference", differences)):
            place, kind = table.schema.get_field_index(name), table.schema.field(name).type
            table = table.set_column(place, name, pa.array(values, kind))
    return table


if __name__ == "__main__":
    main()
