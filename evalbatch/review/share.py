"""The part of review.xlsx that concerns one unit: small, frozen, and sent along to the worker that judges it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalbatch.model import Evaluated, Finding
from evalbatch.review.lines import decisions_for
from evalbatch.review.slip import Slip
from evalbatch.review.waivers import waive
from evalbatch.scoring.decision import Decision


@dataclass(frozen=True, slots=True)
class Share:
    """What people decided about one unit."""

    unit: str
    year: int
    slips: tuple[Slip, ...] = ()

    def decisions(self, forms: Sequence[Evaluated]) -> tuple[dict[str, Decision], ...]:
        """Give for each of the unit's current forms the decisions that count, by line_key, as `score` takes them.

        `forms` are all of the unit's, scored without decisions. A decision whose content changed since, that can't
        be read, lies outside the band or contradicts another is not among them.
        """
        slips = [slip for slip in self.slips if slip.kind == "score"]
        return decisions_for(slips, self.unit, forms, self.year) if slips else tuple({} for _ in forms)

    def waive(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Turn findings that a person waived into notes which say by whom and why; others stay as they are."""
        slips = [slip for slip in self.slips if slip.kind == "waiver" and slip.filled]
        return waive(slips, self.unit, findings) if slips else tuple(findings)
