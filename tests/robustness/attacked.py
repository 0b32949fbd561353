"""A campaign that something is wrong with, and the command run on it as its users run it."""

import io
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from many_units import many_units, unit_name, unit_workbook
from runs import ENVIRONMENT, EVALBATCH

FORM = "部门整体支出绩效自评表"


@dataclass
class Ended:
    """How a command ended: its exit code, and all that it said."""

    code: int
    said: str

    def assert_in_words(self, *codes: int) -> None:
        """Hold that it ended with one of these codes, in sentences."""
        assert "Traceback" not in self.said, self.said
        assert self.code in codes, self.said


def evalbatch(*words: object, before: str = "", seconds: float = 240, **environment: str) -> Ended:
    """Run a command; `before` is shell that comes before it, such as a limit."""
    done = subprocess.run(
        ["bash", "-c", f'{before}\nexec "$@"', "bash", *EVALBATCH, *map(str, words)],
        env=ENVIRONMENT | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )
    return Ended(done.returncode, done.stdout)


def changed(cells: Mapping[str, object], number: int = 1, sheet: str = FORM) -> bytes:
    """The workbook of a unit in which some cells hold something else."""
    book = openpyxl.load_workbook(io.BytesIO(unit_workbook(number)))
    for address, value in cells.items():
        book[sheet][address] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def attacked(folder: Path, sent: Mapping[str, bytes], units: int = 2, settings: str = "") -> Path:
    """A campaign of a few units whose files are in order, and among them those of the attack, by their names."""
    campaign = many_units(folder / "批次", units, settings)
    for name, data in sent.items():
        path = campaign / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return campaign


def results(campaign: Path) -> dict[str, Any]:
    """The run.json of a campaign's last run; numbers that are none are no JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = (campaign / "output" / "run.json").read_text(encoding="utf-8")
    record: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return record


def standing(campaign: Path, number: int) -> str:
    """How a unit of many_units stands after the last run."""
    (unit,) = (unit for unit in results(campaign)["units"] if unit["name"] == unit_name(number))
    return str(unit["status"])
