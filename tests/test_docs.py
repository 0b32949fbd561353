"""What the docs tell people to type works as they type it, every command is told, and links lead somewhere."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from campaign_folder import campaign_folder
from click.testing import CliRunner, Result

from evalbatch.cli.main import COMMANDS, cli
from evalbatch.model import Refused
from evalbatch.storage.shipped import example, shipped

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CAMPAIGN = "2024年自评"
CORRECT = "示例教育局/部门整体支出绩效自评表.xlsx"
WRONG = "示例市场监督管理局/部门整体自评表.xlsx"

STANDS_FOR = {
    "批次文件夹": CAMPAIGN,
    "[CAMPAIGN]": CAMPAIGN,
    "CAMPAIGN…": CAMPAIGN,
    "CAMPAIGN": CAMPAIGN,
    "单位名称或编码": "示例教育局",
    "代码": "M01",
    "[CODE]": "M01",
    "TEXT…": "≥3次",
    "FILE…": "报来的表.xlsx",
    "FILE": "新方案.xlsx",
    "文件夹": "新文件夹",
    "[批次文件夹]": CAMPAIGN,
    "批次文件夹…": CAMPAIGN,
    "[代码]": "M01",
    "文字…": "≥3次",
    "文件…": "报来的表.xlsx",
    "文件": "汇总.xlsx",
    "方案工作簿": "新方案.xlsx",
    "公开稿": "公开稿.xlsx",
    "报送稿": "报送稿.xlsx",
    "PUBLISHED": "公开稿.xlsx",
    "SUBMITTED": "报送稿.xlsx",
    "表样文件": "examples/own-form/whole-unit.xlsx",
    "[DIR]": "另一个示例",
    r"D:\自评\2024年自评": "另一个批次",
    r"build\demo": "示例",
}
"""What the docs leave to the reader, and what is typed for it here."""

HELP_ONLY = {
    "watch": "runs until Ctrl-C; tests/test_watch.py presses it",
    "mail send": "would send; tests/mail and tests/test_season.py send to a server of their own",
    "mail remind --send": "would send, as above",
    "run --scheduler": "needs a cluster; tests/test_cluster.py starts one",
    "demo": "copies and runs the whole example, which tests/test_example.py does",
}
"""Commands of which only the options are tried, by their --help."""

EXIT_CODE = {"compare": 1, "check": 1, "run --fail-on": 1}
"""Documented ends other than 0, for the two copies differ, and the form has a fault that must be corrected."""

FENCED = re.compile(r"^[ ]*```[a-z]*\n(.*?)^[ ]*```", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")
TYPED = re.compile(r"^(?:(?:py|python3?|\.venv\\Scripts\\python) -m )?evalbatch(?: (?P<words>[^#\n]*))?(?:#.*)?$")
"""A command alone in its line or its backquotes; a remark may follow it."""
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Told:
    """One command as a page has it, and its words as they are typed here."""

    page: str
    text: str
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the command's name, a group's with its command: "mail send"."""
        return " ".join(self.words[: 2 if self.words[:1] == ("mail",) else 1])

    @property
    def options(self) -> list[str]:
        return [word for word in self.words if word.startswith("--")]

    @property
    def only_names_it(self) -> bool:
        """Tell a sentence's "`evalbatch check` finds nothing" from what is typed: it can't go without words."""
        command = cli.get_command(click.Context(cli), self.name)
        return len(self.words) == 1 and command is not None and any(each.required for each in command.params)

    def is_in(self, listed: Iterable[str]) -> str | None:
        """Return which of the listed commands this is; one may be listed with an option: "run --fail-on"."""
        names = [*(f"{self.name} {option}" for option in self.options), self.name]
        return next((name for name in names if name in listed), None)


def told_by(page: Path) -> Iterator[Told]:
    text = page.read_text(encoding="utf-8")
    lines = [line.strip() for block in FENCED.findall(text) for line in block.splitlines()]
    for line in [*lines, *INLINE.findall(FENCED.sub("", text))]:
        if typed := TYPED.match(line):
            words = re.sub(r"\S*\\\S*", lambda path: STANDS_FOR.get(path[0], path[0]), typed["words"] or "")
            words = words.replace("--output FILE", "--output 全市汇总.xlsx")  # FILE elsewhere is one that is read
            yield Told(page.name, line, tuple(STANDS_FOR.get(word, word) for word in shlex.split(words)))


ALL = [told for page in PAGES for told in told_by(page)]
DISTINCT = list({told.words: told for told in reversed(ALL)}.values())[::-1]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the docs' reader has it: two campaigns that have been run, forms, another scheme, the examples."""
    folder = tmp_path_factory.mktemp("docs")
    for campaign, district in ((CAMPAIGN, "示例区"), (f"邻区{CAMPAIGN}", "示例邻区")):
        run_campaign(folder / campaign, district)
    for name, source in {"报来的表.xlsx": WRONG, "公开稿.xlsx": WRONG, "报送稿.xlsx": CORRECT}.items():
        shutil.copy(example() / "inbox" / source, folder / name)
    shutil.copy(shipped("input_templates") / "scheme.xlsx", folder / "新方案.xlsx")
    shutil.copytree(shipped("examples") / "own-form", folder / "examples" / "own-form")
    return folder


def run_campaign(folder: Path, district: str) -> None:
    """Make a campaign of two units, one of which must correct its form, and run it."""
    roster = "\n".join(["单位名称", *(Path(name).parent.name for name in (CORRECT, WRONG))])
    campaign_folder(folder, roster, f'[campaign]\ndistrict = "{district}"\nyear = 2023\n')
    for name in (CORRECT, WRONG):
        (folder / "inbox" / name).parent.mkdir(parents=True)
        shutil.copy(example() / "inbox" / name, folder / "inbox" / name)
    done = typed("run", ".", "--workers", "1", inside=folder)
    assert done.exit_code == 0, done.output


def typed(*words: str, inside: Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(inside)
        return CliRunner().invoke(cli, list(words), input="y\n")  # close asks about what is unfinished


def where(told: Told, prepared: Path, tmp_path: Path) -> Path:
    """Return the folder to type a command in: where its files are, or in the campaign; a copy if it would change it."""
    if told.name == "init":
        if "--from" in told.words:
            shutil.copytree(prepared / CAMPAIGN, tmp_path / CAMPAIGN)
        return tmp_path
    if told.name == "close":
        prepared = shutil.copytree(prepared, tmp_path / "another")
        if "--reopen" in told.words:
            assert typed("close", CAMPAIGN, inside=prepared).exit_code == 0
    return prepared if any((prepared / word).exists() for word in told.words) else prepared / CAMPAIGN


@pytest.mark.parametrize("told", DISTINCT, ids=[f"{told.page}: {told.text}" for told in DISTINCT])
def test_docs__each_command__works_as_it_is_told(told: Told, prepared: Path, tmp_path: Path) -> None:
    """It ends as documented, and says something; of those that can't be tried here, the options exist."""
    if told.is_in(HELP_ONLY) or told.only_names_it:
        done = typed(*told.name.split(), "--help", inside=tmp_path)
        assert done.exit_code == 0
        assert [option for option in told.options if option not in done.output] == []
        return
    done = typed(*told.words, inside=where(told, prepared, tmp_path))
    assert not isinstance(done.exception, Refused), f"{done.exception.message} {done.exception.remedy}"
    assert isinstance(done.exception, SystemExit | None), f"{done.output}\n{done.exception!r}"
    documented = told.is_in(EXIT_CODE)
    assert done.exit_code == (EXIT_CODE[documented] if documented else 0), done.output
    assert done.output.strip()


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/zh/guide.md"])
def test_docs__page__tells_of_every_command(page: str) -> None:
    """Whoever reads the front page, or the clerk's guide, hears of each command that `evalbatch --help` lists."""
    told = {each.words[0] for each in told_by(ROOT / page) if each.words}
    backquoted = set(INLINE.findall((ROOT / page).read_text(encoding="utf-8")))
    assert set(COMMANDS) - told - backquoted == set()


def test_docs__exceptions__are_all_needed() -> None:
    """What is listed as not tried, or as ending otherwise, is in the docs."""
    used = {told.is_in(listed) for told in ALL for listed in (HELP_ONLY, EXIT_CODE)}
    assert {*HELP_ONLY, *EXIT_CODE} - used == set()


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_docs__links__lead_to_files_that_exist(page: Path) -> None:
    """Links between pages, to the examples and to pictures; what is on the web is not asked."""
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_architecture__the_packages__are_those_that_imports_are_held_to() -> None:
    """The table of the architecture has every package on its line, from the top to the bottom."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    text = page.partition("## Packages and import directions")[2].partition("\n\n|")[2]
    told = [set(re.findall("`([a-z]+)`", line.split("|")[1])) for line in text.partition("\n\n")[0].splitlines()[2:]]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert told == [set(layer.split(" | ")) for layer in layers]
