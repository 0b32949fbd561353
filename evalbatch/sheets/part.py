"""A part of a workbook while XlsxWriter writes it: text that is packed away as it grows long."""

from io import StringIO

from evalbatch.xlsx.container import Deflated

_MUCH_TEXT = 1 << 16


class Part(StringIO):
    """The text of one part; a long one's is packed away while it grows."""

    _packed: Deflated | None = None

    def pack(self) -> None:
        """Pack away what is written so far, if it is much."""
        if self.tell() > _MUCH_TEXT:
            if self._packed is None:
                self._packed = Deflated()
            self._packed.add(self.getvalue().encode())
            self.seek(0)
            self.truncate()

    def finish(self) -> None:
        """Pack away the rest of a part that is long; nothing is written any more."""
        if self._packed is not None:
            self._packed.add(self.getvalue().encode())
            self._packed.end()
            self.close()

    def whole(self) -> bytes | Deflated:
        """Give the whole part, which is finished."""
        return self.getvalue().encode() if self._packed is None else self._packed
