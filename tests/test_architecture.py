"""Every module says what it is and runs on Windows; which package may import which is held by import-linter."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "evalbatch"


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a module, once for all that look at it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module__read_alone__says_what_it_is_and_is_short(path: Path) -> None:
    """A module has a docstring, at most 500 lines, and no function above 50."""
    tree = tree_of(path)
    assert ast.get_docstring(tree), "no docstring"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is too long"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module__refuses_something__says_what_to_do_next(path: Path) -> None:
    """Each Refused with a message has a remedy, and wrong usage says 请 or gives an example."""
    for call in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        said = ast.dump(call.args[0]) if call.args else ""
        if name == "Refused" and said != ast.dump(ast.Constant("")):
            remedy = next((word.value for word in call.keywords if word.arg == "remedy"), ast.Constant(""))
            assert not isinstance(remedy, ast.Constant) or remedy.value, said
        elif name in ("ClickException", "UsageError", "BadParameter"):
            assert "请" in said, said


POSIX_ONLY = {
    "pool/local.py": {"resource", "sched_getaffinity", "pthread_sigmask"},
    "storage/exchange.py": {"chown"},
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
        called = node if isinstance(node, ast.Call) else None
        is_call = called is not None and getattr(called.func, "attr", "") in ("strftime", "strptime")
        of_call = [arg for arg in called.args if isinstance(arg, ast.Constant)] if called and is_call else []
        of_text = list(ast.walk(node.format_spec)) if isinstance(node, ast.FormattedValue) and node.format_spec else []
        for part in (*of_call, *of_text):
            text = str(getattr(part, "value", ""))
            if "%" in text and ("%-" in text or not text.isascii()):
                yield text


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module__calls_and_formats__are_there_on_windows(path: Path) -> None:
    """No call that only POSIX has, but in its one place; no text in the machine's code page; no date by its rules."""
    tree = tree_of(path)
    allowed = POSIX_ONLY.get(path.relative_to(PACKAGE).as_posix(), set())
    assert set(lacking(tree)) == allowed
    assert list(texts_without_encoding(tree)) == []
    assert list(dates_by_the_system(tree)) == []


@pytest.mark.slow
def test_package__type_checked_as_on_windows__only_what_is_asked_for_first_is_lacking(tmp_path: Path) -> None:
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


def test_windows_check__calls_that_windows_lacks__are_seen() -> None:
    """The check itself can fail."""
    wrong = "import fcntl\nos.fork()\nopen(x)\nx.read_text()\nf'{day:%Y年}'\nx.open('rb')\nx.strftime('%-d')"
    tree = ast.parse(wrong)
    assert (set(lacking(tree)), list(texts_without_encoding(tree)), sorted(dates_by_the_system(tree))) == (
        {"fcntl", "fork"}, [3, 4], ["%-d", "%Y年"]
    )  # fmt: skip


OURS_OR_PYTHONS = {"evalbatch", *sys.stdlib_module_names}
PRIVATE_NAMES = {
    # Dask's workers are daemons, which may start no process, and a process that runs can't be told otherwise.
    "pool/cluster.py": {"_config"},
    # python-docx has no words for a row that stays whole, a repeated header, a page's number, fonts for Chinese.
    "reports/draft_paper.py": {"_Footer", "_blob", "_p", "_r", "_tr"},
}
"""Where a library's private names are used, and why there is no other way."""


def private_names_of_others(tree: ast.AST, own: frozenset[str]) -> Iterator[str]:
    """Yield the names with a leading underscore that a module uses and this package does not define."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("evalbatch"):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        yield from (name for name in names if re.match("_[^_]", name) and name not in own)


def names_defined(tree: ast.AST) -> Iterator[str]:
    """Yield each function, class, variable and attribute of its own objects that a module defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from [node.attr] if getattr(node.value, "id", "") in ("self", "cls") else []
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_package__other_libraries__are_used_by_public_names() -> None:
    """What a library keeps to itself may change with any release; each exception has its reason."""
    trees = {path.relative_to(PACKAGE).as_posix(): tree_of(path) for path in PACKAGE.rglob("*.py")}
    own = frozenset(name for tree in trees.values() for name in names_defined(tree)) | {"_exit"}  # os._exit is public
    used = {path: set(private_names_of_others(tree, own)) for path, tree in trees.items()}
    assert {path: names for path, names in used.items() if names} == PRIVATE_NAMES


def test_package__classes_of_other_libraries__have_no_private_method_overridden() -> None:
    """A method that a library calls by a private name is no place to change what it does."""
    overridden = []
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        module = importlib.import_module(name) if path.stem not in ("__init__", "__main__") else None
        for kind in vars(module).values() if module else ():
            if isinstance(kind, type) and kind.__module__ == name:
                bases = [base for base in kind.__mro__ if base.__module__.split(".")[0] not in OURS_OR_PYTHONS]
                private = {key for key in vars(kind) if re.match("_[^_]", key)}
                overridden += [f"{name}.{kind.__name__}.{key}" for base in bases for key in private & vars(base).keys()]
    assert overridden == []
