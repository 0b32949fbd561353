"""Bar charts drawn once: score sheets have the same chart over and over, at the same place, with other numbers."""

import copy
from collections.abc import Callable, Hashable
from io import StringIO
from typing import Any

from xlsxwriter.chart_bar import ChartBar

_HOLE = "\x00"
_MOST_DRAWN = 200
_DRAWN: dict[Hashable, "QuickBar"] = {}
"""The charts that this process has drawn, by what they were drawn for."""

Draw = Callable[[ChartBar], None]


class _Outline(ChartBar):  # type: ignore[misc]
    """A bar chart with holes for the values of its cells; `filled_by` tells each hole's kind and values."""

    def __init__(self, draw: Draw, number: int, values: list[Any]) -> None:
        super().__init__()
        draw(self)
        self.embedded, self.id, self.formula_data, self.fh = True, number, values, StringIO()
        self.filled_by: list[tuple[str, int]] = []
        self._assemble_xml_file()
        self.between: list[str] = self.fh.getvalue().split(_HOLE)

    def _write_num_cache(self, data: Any) -> None:
        self._leave_hole("num", data)

    def _write_str_cache(self, data: Any) -> None:
        self._leave_hole("str", data)

    def _leave_hole(self, kind: str, data: Any) -> None:
        place = next(place for place, one in enumerate(self.formula_data) if one is data)
        self.filled_by.append((kind, place))
        self.fh.write(_HOLE)


class QuickBar(ChartBar):  # type: ignore[misc]
    """A bar chart that keeps its XML but for the values of its cells, for others like it."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        draw(self)
        self.embedded = True
        self._draw = draw
        self._outlines: dict[tuple[object, ...], _Outline] = {}

    @classmethod
    def drawn_for(cls, key: Hashable, draw: Draw) -> "QuickBar":
        """Give the chart that `draw` draws, or one drawn before under the same key: its cells may hold other values."""
        known = _DRAWN.get(key)
        if known is None:
            known = cls(draw)
            if len(_DRAWN) < _MOST_DRAWN:
                _DRAWN[key] = known
        made = copy.copy(known)
        made.formula_data = [None] * len(known.formula_data)
        return made

    def _assemble_xml_file(self) -> None:
        kinds = (self.id, *(self._get_data_type(values) for values in self.formula_data))
        outline = self._outlines.get(kinds)
        if outline is None:
            outline = self._outlines[kinds] = _Outline(self._draw, self.id, self.formula_data)
        first, *rest = outline.between
        self.fh.write(first)
        for (kind, place), text in zip(outline.filled_by, rest, strict=True):
            write = self._write_num_cache if kind == "num" else self._write_str_cache
            write(self.formula_data[place])
            self.fh.write(text)
