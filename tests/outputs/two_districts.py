"""Two districts run once through the command line: the worked example, and one whose units sent what was ever drawn."""

import json
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from campaign_folder import campaign_folder
from runs import ENVIRONMENT, EVALBATCH
from situations.test_drawn_situations import SITUATIONS

from evalbatch.storage.shipped import example

SETTINGS = """
[campaign]
district = "示例市示例区"
year = 2023
deadline = 2024-05-10
owes = ["project"]
"""
COLLECTED = Path(__file__).parent.parent / "situations" / "files"


@dataclass(frozen=True)
class Made:
    """A campaign folder after its run, what the run said, and run.json."""

    folder: Path
    said: str
    record: dict[str, Any]

    @property
    def summary(self) -> Path:
        return self.folder / "output" / self.record["outputs"]["summary"]

    @property
    def workbooks(self) -> list[Path]:
        """Every workbook that people get, the review's included."""
        return [*sorted((self.folder / "output").rglob("*.xlsx")), self.folder / "review.xlsx"]


def made(folder: Path) -> Made:
    """Run a campaign as a clerk does."""
    done = subprocess.run(
        [*EVALBATCH, "run", str(folder)], env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return Made(folder, done.stdout, json.loads((folder / "output" / "run.json").read_text(encoding="utf-8")))


def drawn_district(folder: Path) -> Path:
    """A campaign with a unit for each drawn situation; among the others one sent nothing, one what can't be opened."""
    names = [f"示例区第{at}局" for at in range(1, len(SITUATIONS) + 1)]
    roster = [
        "单位名称 | 应报表格",
        *(f"{name} |" for name in (*names, "示例区档案局", "示例区信访局")),
        "示例区研究室 | 免报",
    ]
    campaign_folder(folder, "\n".join(roster), SETTINGS)
    inbox = folder / "inbox"
    for name, (drawing, _, _) in zip(names, SITUATIONS.values(), strict=True):
        form = drawing.form.replace("示例区水务局", name)
        (inbox / f"{name}.xlsx").write_bytes(replace(drawing, form=form).packed())
    (inbox / f"{names[0]}（副本）.xlsx").write_bytes((inbox / f"{names[0]}.xlsx").read_bytes())
    (inbox / names[2]).mkdir()
    shutil.move(inbox / f"{names[1]}.xlsx", inbox / names[2] / "自评表.xlsx")  # another unit's folder
    (inbox / "示例区信访局自评表.xlsx").write_bytes(b"not a workbook")
    (inbox / "~$示例区档案局.xlsx").write_bytes(b"lock")
    for path in sorted(COLLECTED.glob("*/*.xlsx")):
        if path.name != "units.xlsx":
            shutil.copy(path, inbox / f"{path.parent.name}-{path.name}")  # of units that are not on the roster
    return folder


def run_district(name: str, folder: Path) -> Made:
    """Run the worked example, or the district of drawn situations."""
    if name == "example":
        shutil.copytree(example(), folder)
    else:
        drawn_district(folder)
    return made(folder)
