"""What the doctor says of one thing."""

from dataclasses import dataclass
from typing import Literal

from evalbatch.model import Refused

State = Literal["正常", "注意", "有问题"]
FINE: State = "正常"
NOTE: State = "注意"
WRONG: State = "有问题"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing examined: its state, what it is and what was found, and what to do where it is not in order."""

    state: State
    what: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.state:　<3} {self.what}：{self.found}"
        return f"{line}\n　　　 {self.remedy}" if self.remedy else line


def refused(what: str, error: Refused) -> Verdict:
    """Turn a refusal into a verdict."""
    return Verdict(WRONG, what, error.message, error.remedy)
