"""Many districts' results in, one summary workbook one level up out: from run.json and Parquet, no workbook is read."""

from evalbatch.rollup.rollup import Rollup, rollup

__all__ = ["Rollup", "rollup"]
