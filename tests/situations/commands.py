"""The commands as a unit runs them on one workbook, and a district on a folder."""

import json
import subprocess
from pathlib import Path
from typing import Any

from runs import ENVIRONMENT, EVALBATCH


def command(word: str, *arguments: str) -> Any:
    """Run a command with --json and read what it prints."""
    done = subprocess.run(
        [*EVALBATCH, word, *arguments, "--json"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()] if word != "run" else json.loads(done.stdout)
    assert done.returncode in (0, 1), done.stderr
    return lines


def checked(*paths: Path) -> list[dict[str, Any]]:
    """What `check` says of workbooks, in one process."""
    return command("check", *map(str, paths))


def inspected(*paths: Path) -> list[dict[str, Any]]:
    """What `inspect` says of workbooks, in one process."""
    return command("inspect", *map(str, paths))
