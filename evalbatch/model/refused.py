"""The one exception: something that a person can mend."""


class Refused(Exception):
    """Something a person can mend stops this file or command: where, what, and how to mend it.

    `code` is the catalogue's code when a workbook is refused (F01 to F05), else empty.
    """

    def __init__(self, message: str, *, remedy: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return (_refused, (self.message, self.remedy, self.code))


def _refused(message: str, remedy: str, code: str) -> Refused:
    return Refused(message, remedy=remedy, code=code)
