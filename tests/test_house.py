"""The plan of the house: who may import whom. Imports run downward only, and through a room's door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "evalbatch"

FLOORS = [
    {"cli"},
    {"comparison"},
    {"doctor", "single", "rehearsal", "watch", "whereabouts"},
    {"batch", "handout", "mail", "rollup"},
    {"cluster", "season"},
    {"attribution", "examine", "manifest"},
    {"review", "drafts"},
    {"reports", "summary", "campaign", "report_text"},
    {"tables", "checks", "forms", "sheets"},
    {"scoring", "reading"},
    {"expression", "intake"},
    {"cache", "history", "naming", "pool", "publish", "resources"},
    {"lock"},
    {"disk"},
    {"model"},
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
