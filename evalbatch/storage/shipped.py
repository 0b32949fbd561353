"""Where what ships with the program lies: built-in forms, scheme and the worked example."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
EXAMPLE = "mazhang-2023"


def shipped(name: str) -> Path:
    """Return a shipped folder or file: inside the package when installed, at the top level of a checkout."""
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def example() -> Path:
    """Return the worked example's campaign folder."""
    return shipped("examples") / EXAMPLE
