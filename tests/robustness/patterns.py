"""Every pattern of the package, how each is used, and the texts that could make it slow."""

import ast
import dataclasses
import importlib
import itertools
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import evalbatch

ROOT = Path(evalbatch.__file__).parent
METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
EITHER = frozenset(("search", "fullmatch"))
SHORT, LONG = 1_500, 12_000
GROWTH, NOTHING = 2.5 * LONG / SHORT, 0.02
"""So many times longer a text eight times as long may take; what takes fewer seconds than that doesn't matter."""
END = "\x02"


class Found(NamedTuple):
    """A pattern, where it stands, and the methods that it is called by."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages([str(ROOT)], "evalbatch."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def within(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 5:
        return
    elif isinstance(value, Mapping):
        for each in itertools.chain(value, value.values()):
            yield from within(each, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from within(each, depth + 1)
    elif isinstance(value, type):
        if value.__module__.startswith("evalbatch"):
            for each in vars(value).values():
                yield from within(each, depth + 1)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from within(getattr(value, field.name, None), depth + 1)


@cache
def called() -> Mapping[tuple[str, str], frozenset[str]]:
    """By a module's file and a name in it: the methods it is called by there, or that it's handed on."""
    uses: dict[tuple[str, str], set[str]] = {}
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        methods = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name and isinstance(getattr(node, "ctx", None), ast.Load):
                uses.setdefault((str(path), name), set()).add(methods.get(id(node), "handed on"))
    return {key: frozenset(used) for key, used in uses.items()}


def methods_of(module: ModuleType, name: str) -> frozenset[str]:
    """How a module calls a pattern by its name; one that is handed on may be called in either way."""
    used = called().get((str(module.__file__), name), frozenset()) - {"pattern", "flags"}
    return used if used <= frozenset(METHODS) else EITHER


def named() -> Iterator[Found]:
    """Those of the modules' own names."""
    for module in modules():
        for name, value in vars(module).items():
            if name.startswith("__") or isinstance(value, ModuleType):
                continue
            for pattern in within(value):
                methods = methods_of(module, name) if isinstance(value, re.Pattern) else EITHER
                yield Found(f"{module.__name__}.{name}", pattern, methods)


def in_functions() -> Iterator[tuple[str, str, re.Pattern[Any] | None]]:
    """Calls such as re.search(…) within functions: place, method, pattern; None where it is made when called."""
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{m}" for m in (*METHODS, "compile")}:
                    flags = next((f for each in node.args if (f := ast.unparse(each)).startswith("re.")), "0")
                    try:
                        made = eval(f"re.compile({ast.unparse(node.args[0])}, {flags})", dict(vars(module)))
                    except NameError:
                        made = None
                    yield f"{module.__name__}.{function.name}", ast.unparse(node.func).removeprefix("re."), made


def every() -> tuple[list[Found], set[str]]:
    """All patterns, each once; and the functions that make theirs when they are called."""
    found: dict[tuple[Any, int], Found] = {}
    late: set[str] = set()
    written = (
        Found(place, made, EITHER if method == "compile" else frozenset((method,))) if made else late.add(place)
        for place, method, made in in_functions()
    )
    for each in filter(None, itertools.chain(named(), written)):
        key = (each.pattern.pattern, each.pattern.flags)
        found[key] = each._replace(methods=each.methods | (found[key].methods if key in found else frozenset()))
    return list(found.values()), late


CATEGORIES = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "字", sre.CATEGORY_NOT_SPACE: "字", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def of_class(items: list[Any]) -> list[str]:
    """Some characters of a class."""
    if items[0][0] is sre.NEGATE:
        return [c for c in "a1 字(<，\n\x00" if not _holds(items[1:], c)][:2]
    made: list[str] = []
    for kind, value in items:
        if kind is sre.LITERAL:
            made.append(chr(value))
        elif kind is sre.RANGE:
            made.append(chr(value[0]))
        elif kind is sre.CATEGORY:
            made.append(CATEGORIES[value])
    return list(dict.fromkeys(made))


def _holds(items: list[Any], char: str) -> bool:
    for kind, value in items:
        if kind is sre.LITERAL and chr(value) == char:
            return True
        if kind is sre.RANGE and value[0] <= ord(char) <= value[1]:
            return True
        if kind is sre.CATEGORY and CATEGORIES[value] == char:
            return True
    return False


def characters(parsed: Any) -> list[str]:
    """Characters that a pattern names: each literal, and some of each class."""
    made: list[str] = []
    for kind, value in parsed:
        if kind in (sre.LITERAL, sre.NOT_LITERAL):
            made.append(chr(value))
            if kind is sre.NOT_LITERAL:
                made.append("a" if value != ord("a") else "b")
        elif kind is sre.IN:
            made += of_class(value)
        elif kind is sre.ANY:
            made.append("a")
        elif kind is sre.BRANCH:
            for branch in value[1]:
                made += characters(branch)
        else:
            for inner in value if isinstance(value, tuple | list) else (value,):
                if isinstance(inner, parser.SubPattern):
                    made += characters(inner)
    return list(dict.fromkeys(made))


def samples(parsed: Any, most: int = 40) -> list[str]:
    """Texts that a pattern might match: each alternative of each part once, repetitions once or twice."""
    made = [""]

    def joined(parts: list[str]) -> None:
        nonlocal made
        parts = list(dict.fromkeys(parts))[:12] or [""]
        longest = max(len(made), len(parts))
        if len(made) * len(parts) <= most:
            made = [a + b for a in made for b in parts]
        else:
            made = [made[i % len(made)] + parts[i % len(parts)] for i in range(longest)]

    for kind, value in parsed:
        if kind is sre.LITERAL:
            joined([chr(value)])
        elif kind is sre.NOT_LITERAL:
            joined(["a" if value != ord("a") else "b"])
        elif kind is sre.IN:
            joined(of_class(value))
        elif kind is sre.ANY:
            joined(["a"])
        elif kind is sre.BRANCH:
            joined([text for branch in value[1] for text in samples(branch, 6)])
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = value
            once = samples(inner, 6)
            joined(
                ([""] if low == 0 else [])
                + [text * max(low, 1) for text in once if text]
                + ([text * 2 for text in once[:1]] if int(high) > 1 else [])
            )
        elif kind is sre.SUBPATTERN:
            joined(samples(value[3]))
        elif kind is sre.ATOMIC_GROUP:
            joined(samples(value))
    return list(dict.fromkeys(made))


def parsed(pattern: re.Pattern[Any]) -> Any:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return parser.parse(source, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))


def characters_of(pattern: re.Pattern[Any]) -> list[str]:
    """Characters that a pattern names, and some that every text has."""
    more = ["1", " ", "a", "字"] if isinstance(pattern.pattern, str) else []
    return list(dict.fromkeys([*characters(parsed(pattern)), *more]))


def few_characters_of(pattern: re.Pattern[Any]) -> list[str]:
    """Some of them, one in so many where a pattern names many."""
    characters = characters_of(pattern)
    return characters[:: max(1, len(characters) // 10)]


def units(pattern: re.Pattern[Any]) -> list[str]:
    """Besides characters: pairs of them, and beginnings of what a pattern might match."""
    singles = characters_of(pattern)
    pairs = [a + b for a, b in itertools.permutations(few_characters_of(pattern), 2)]
    begun = [text[:end] for text in samples(parsed(pattern)) for end in range(1, min(len(text), 40) + 1)]
    return list(dict.fromkeys([*singles, *pairs, *begun[:: max(1, len(begun) // 60)]]))


def texts(pattern: re.Pattern[Any], repeated: Callable[[re.Pattern[Any]], list[str]]) -> Iterator[tuple[str, Any]]:
    """Long texts of one thing repeated with something else at the end, and the thing."""
    for unit in repeated(pattern):
        text = (unit * (LONG // len(unit) + 1))[:LONG] + END
        yield unit, text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def call(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    nothing = pattern.pattern[:0]
    if method in ("sub", "subn"):
        return lambda text: pattern.sub(nothing, text)
    if method == "finditer":
        return lambda text: deque(pattern.finditer(text), 0)
    return getattr(pattern, method)


def seconds(function: Callable[[Any], object], text: Any) -> float:
    began = time.process_time()
    function(text)
    return time.process_time() - began


def grows(function: Callable[[Any], object], long: Any) -> bool:
    """Whether a function takes more than in proportion for a longer text; a busy machine gets more chances."""
    return seconds(function, long) > NOTHING and all(
        seconds(function, long) > GROWTH * seconds(function, long[:SHORT] + long[-1:]) for _ in range(3)
    )


def slow_for(found: Found, repeated: Callable[[re.Pattern[Any]], list[str]]) -> list[str]:
    """The first repeated thing, for each method, for which a pattern takes more than in proportion."""
    slow = []
    for method in sorted(found.methods):
        function = call(found.pattern, method)
        grown = (f"{method} {unit!r}" for unit, text in texts(found.pattern, repeated) if grows(function, text))
        slow += itertools.islice(grown, 1)
    return slow
