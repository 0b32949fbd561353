"""The plan of the house: who may import whom. Imports run downward only, and through a room's door."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "evalbatch"

FLOORS = [
    {"cli"},
    {"comparison"},
    {"doctor", "single", "rehearsal", "watch", "whereabouts"},
    {"batch", "handout", "mail", "rollup"},
    {"cluster", "season", "preparation", "worker"},
    {"attribution", "examine", "manifest"},
    {"review", "drafts"},
    {"reports", "summary", "campaign", "report_text"},
    {"tables", "checks", "forms", "sheets"},
    {"scoring", "reading"},
    {"expression", "intake"},
    {"cache", "history", "naming", "parts", "pool", "publish", "resources", "unchanged"},
    {"lock"},
    {"container", "disk", "hashes", "packing"},
    {"model", "words"},
]
"""From the roof to the ground. A room may import the rooms of lower floors, and nothing of its own floor but itself;
the exceptions stand in NEIGHBOURS, each with its reason."""

NEIGHBOURS = {
    ("reading", "intake"): "one pass over a workbook's parts serves its safety and its number formats",
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports() -> Iterator[tuple[Path, str]]:
    """Yield each module with every evalbatch module that it imports, lazy imports too."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("evalbatch"):
                if node.module == "evalbatch":
                    yield from ((path, f"evalbatch.{alias.name}") for alias in node.names)
                else:
                    yield path, node.module
            elif isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names if alias.name.startswith("evalbatch."))


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_house__every_room__has_its_floor() -> None:
    """A new room gets its place in the plan before anything imports it."""
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__", "__main__", "input_templates", "examples"}
    assert rooms == set().union(*FLOORS)


def test_house__imports__run_downward_only() -> None:
    """No room imports from its own floor or from above."""
    wrong = []
    for path, module in imports():
        here, there = room_of(path), module.split(".")[1]
        if there in ("__version__", here) or here in ("__init__", "__main__") or (here, there) in NEIGHBOURS:
            continue
        if floor(there) <= floor(here):
            wrong.append(f"{path.relative_to(PACKAGE)} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_house__other_rooms__are_entered_by_their_doors() -> None:
    """What a room keeps inside is imported by itself alone."""
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path, module in imports()
        if module.count(".") > 1 and module.split(".")[1] != room_of(path) and room_of(path) not in ("cli",)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_house__each_module__says_what_it_is_and_fits_a_sitting(path: Path) -> None:
    """A module has a docstring, at most 350 lines, and no function above 50."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "no docstring"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is too long"


POSIX_ONLY = {
    "pool.py": {"resource", "sched_getaffinity", "pthread_sigmask"},
    "publish/exchange.py": {"chown"},
}
"""Calls that Windows lacks, each in its one place, where it is asked first whether they are there."""
LACKING = {
    "resource", "fcntl", "termios", "pwd", "grp", "fork", "forkpty", "setsid", "killpg", "getuid", "geteuid", "chown",
    "mkfifo", "sched_getaffinity", "statvfs", "sysconf", "pthread_sigmask", "SIGKILL", "SIGALRM", "alarm",
}  # fmt: skip
OF_THE_SYSTEM = {"os", "signal"}


def lacking(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports or calls that Windows does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from LACKING & {alias.name for alias in node.names}
            yield from LACKING & {getattr(node, "module", None)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OF_THE_SYSTEM:
            yield from LACKING & {node.attr}


def texts_without_encoding(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a text is read or written in whatever code page the machine has."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        of_whom = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        if name not in ("open", "read_text", "write_text") or (name == "open" and of_whom in ("os", "archive")):
            continue
        said = " ".join(ast.unparse(argument) for argument in call.args if name == "open" or of_whom)
        in_bytes = name == "open" and re.search(r"'\w*b\+?'", said)
        if not in_bytes and "'utf-8'" not in said and "encoding" not in {keyword.arg for keyword in call.keywords}:
            yield call.lineno


def dates_by_the_system(tree: ast.AST) -> Iterator[str]:
    """Yield formats of dates that Windows writes otherwise: %-d, or Chinese beside the directives."""
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("strftime", "strptime")
        of_call = [arg for arg in node.args if isinstance(arg, ast.Constant)] if is_call else []
        of_text = list(ast.walk(node.format_spec)) if isinstance(node, ast.FormattedValue) and node.format_spec else []
        for part in (*of_call, *of_text):
            text = str(getattr(part, "value", ""))
            if "%" in text and ("%-" in text or not text.isascii()):
                yield text


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_house__each_module__runs_on_windows_as_far_as_reading_it_tells(path: Path) -> None:
    """No call that only POSIX has, but in its one place; no text in the machine's code page; no date by its rules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = POSIX_ONLY.get(path.relative_to(PACKAGE).as_posix(), set())
    assert set(lacking(tree)) == allowed
    assert list(texts_without_encoding(tree)) == []
    assert list(dates_by_the_system(tree)) == []


@pytest.mark.slow
def test_house__type_checked_as_on_windows__only_what_is_asked_for_first_is_lacking(tmp_path: Path) -> None:
    """The types of the standard library know what each system has; on the listed places the code asks first."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--platform", "win32", "--cache-dir", tmp_path, "evalbatch"],
        cwd=PACKAGE.parent, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    found = re.findall(r"evalbatch[/\\](\S+?):\d+: error: Module has no attribute \"(\w+)\"", done.stdout)
    lacking_there = {(path.replace("\\", "/"), name) for path, name in found}
    allowed = {(path, name) for path, names in POSIX_ONLY.items() for name in names}
    assert "error" in done.stdout or "Success" in done.stdout, done.stderr
    assert lacking_there <= allowed


def test_house__what_windows_lacks__is_seen() -> None:
    """The check itself can fail."""
    wrong = "import fcntl\nos.fork()\nopen(x)\nx.read_text()\nf'{day:%Y年}'\nx.open('rb')\nx.strftime('%-d')"
    tree = ast.parse(wrong)
    assert (set(lacking(tree)), list(texts_without_encoding(tree)), sorted(dates_by_the_system(tree))) == (
        {"fcntl", "fork"}, [3, 4], ["%-d", "%Y年"]
    )  # fmt: skip
