"""Turns the workbooks and drafts of a folder into PDF and PNG pages, to be looked at one by one.

Run `python scripts/render.py FOLDER [-o OUTPUT] [--only PATTERN] [--dpi N]`; needs LibreOffice (soffice) and Poppler
(pdftoppm, pdftotext). OUTPUT, build/rendered unless given, gets a folder for each file, so that equal names never meet.

`python scripts/render.py --pictures` makes the pictures of docs/images/ anew, from a run of the worked example.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "mazhang-2023"
KINDS = (".xlsx", ".xlsm", ".xls", ".docx")
PAPER = {"upright": (210, 297), "lying": (297, 210)}
DPI = 84
"""Of the pictures: Chinese of 7 points stays legible."""
FONTS = (("微软雅黑", "Noto Sans CJK SC"), ("宋体", "Noto Serif CJK SC"), ("仿宋", "Noto Serif CJK SC"))
"""What stands in for the fonts of Windows where they are missing."""


@dataclass(frozen=True)
class Picture:
    """One picture: the workbook below output/, the title of the page shown, and how much of it, in mm from its top."""

    name: str
    workbook: str
    title: str
    paper: str
    top: int
    height: int


PICTURES = (
    Picture("overview", "汇总.xlsx", "湛江市麻章区2023年度预算绩效自评汇总", "upright", 14, 276),
    Picture("ranking", "汇总.xlsx", "部门整体支出绩效得分排名", "lying", 20, 106),
    Picture("score-sheet", "score_sheets/201001_*.xlsx", "2023年度预算绩效自评复核结果", "upright", 14, 276),
    Picture("returned-list", "returned/湛江市麻章区总工会本级/*.xlsx", "需更正事项", "lying", 20, 180),
    Picture("returned-marks", "returned/示例住房和城乡建设局/*.xlsx", "部门整体支出绩效自评表", "upright", 14, 276),
)


def documents(folder: Path, pattern: str) -> Iterator[Path]:
    """Every workbook and draft below a folder, or the one file given; lock files left out."""
    found = [folder] if folder.is_file() else sorted(folder.rglob(pattern))
    yield from (path for path in found if path.suffix.lower() in KINDS and not path.name.startswith("~$"))


def convert(path: Path, into: Path, profile: Path) -> Path:
    """Convert one document to PDF with a LibreOffice profile and fonts of its own."""
    own = f"-env:UserInstallation={profile.as_uri()}"
    command = ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", str(into), str(path)]
    fonts = os.environ | {"FONTCONFIG_FILE": str(_fonts(profile))}
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=fonts)
    return into / f"{path.stem}.pdf"


def _fonts(profile: Path) -> Path:
    """Write the list of stand-ins beside the profile."""
    path = profile.with_suffix(".fonts.conf")
    aliases = (
        f"<alias><family>{name}</family><prefer><family>{other}</family></prefer></alias>" for name, other in FONTS
    )
    path.write_text(
        f'<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{"".join(aliases)}</fontconfig>',
        encoding="utf-8",
    )
    return path


def render(folder: Path, output: Path, pattern: str, dpi: int) -> None:
    """Convert every document and cut its pages."""
    root = folder if folder.is_dir() else folder.parent
    with tempfile.TemporaryDirectory() as temporary:
        for path in documents(folder, pattern):
            into = output / path.relative_to(root).with_suffix("")
            into.mkdir(parents=True, exist_ok=True)
            for old in into.glob("*.png"):
                old.unlink()
            pdf = convert(path, into, Path(temporary) / "office")
            subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(into / "p")], check=True)
            print(f"{into}: {len(list(into.glob('*.png')))} pages")


def make_pictures() -> None:
    """Run the worked example in a folder of its own, and cut the pictures out of what it makes."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        campaign = Path(temporary) / EXAMPLE.name
        shutil.copytree(EXAMPLE, campaign)
        subprocess.run([sys.executable, "-m", "evalbatch", "run", str(campaign)], check=True, capture_output=True)
        for picture in PICTURES:
            workbook = next((campaign / "output").glob(picture.workbook))
            made = cut(picture, convert(workbook, Path(temporary), Path(temporary) / "office"))
            print(f"{made.relative_to(ROOT)}: {made.stat().st_size // 1024} KB")


def cut(picture: Picture, pdf: Path) -> Path:
    """Cut a picture out of the page that has its title among the first lines."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    heads = [[line.strip() for line in words.split("\n") if line.strip()][:3] for words in text.split("\f")]
    page = next(number for number, lines in enumerate(heads, 1) if picture.title in lines)
    width = PAPER[picture.paper][0]
    area = {"-x": 8, "-y": picture.top, "-W": width - 16, "-H": picture.height}
    pixels = [str(word) for flag, mm in area.items() for word in (flag, round(mm / 25.4 * DPI))]
    target = IMAGES / picture.name
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", *pages, *pixels, str(pdf), str(target)], check=True)
    return target.with_suffix(".png")


def main() -> None:
    """Render what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "rendered")
    parser.add_argument("--only", default="*", help="names of files to render, such as 汇总*")
    parser.add_argument("--dpi", type=int, default=70)
    parser.add_argument("--pictures", action="store_true", help="make the pictures of docs/images/ anew")
    given = parser.parse_args()
    if given.pictures:
        make_pictures()
    elif given.folder:
        render(given.folder.resolve(), given.output, given.only, given.dpi)
    else:
        parser.error("say which folder to render, or --pictures")


if __name__ == "__main__":
    main()
