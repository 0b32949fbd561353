"""Turns the workbooks and drafts of a folder into PDF and PNG pages, to be looked at one by one.

Run `python scripts/render.py FOLDER [-o OUTPUT] [--only PATTERN] [--dpi N]`; needs LibreOffice (soffice) and Poppler
(pdftoppm). OUTPUT, build/rendered unless given, gets a folder for each file, so that equal names never meet.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = (".xlsx", ".xlsm", ".xls", ".docx")


def documents(folder: Path, pattern: str) -> Iterator[Path]:
    """Every workbook and draft below a folder, or the one file given; lock files left out."""
    found = [folder] if folder.is_file() else sorted(folder.rglob(pattern))
    yield from (path for path in found if path.suffix.lower() in KINDS and not path.name.startswith("~$"))


def convert(path: Path, into: Path, profile: Path) -> Path:
    """Convert one document to PDF with a LibreOffice profile of its own."""
    own = f"-env:UserInstallation={profile.as_uri()}"
    command = ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", str(into), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return into / f"{path.stem}.pdf"


def render(folder: Path, output: Path, pattern: str, dpi: int) -> None:
    root = folder if folder.is_dir() else folder.parent
    with tempfile.TemporaryDirectory() as profile:
        for path in documents(folder, pattern):
            into = output / path.relative_to(root).with_suffix("")
            into.mkdir(parents=True, exist_ok=True)
            for old in into.glob("*.png"):
                old.unlink()
            pdf = convert(path, into, Path(profile))
            subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(into / "p")], check=True)
            print(f"{into}: {len(list(into.glob('*.png')))} pages")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "rendered")
    parser.add_argument("--only", default="*", help="names of files to render, such as 汇总*")
    parser.add_argument("--dpi", type=int, default=70)
    given = parser.parse_args()
    render(given.folder.resolve(), given.output, given.only, given.dpi)


if __name__ == "__main__":
    main()
