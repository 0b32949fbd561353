"""Two files named on the command line in, their comparison out: read in a worker like any stranger's workbook."""

from dataclasses import dataclass
from pathlib import Path

from evalbatch.model import Finding, Refused, Submission
from evalbatch.unit.compared_differences import Difference
from evalbatch.unit.compared_forms import compare
from evalbatch.unit.compared_words import finding_of
from evalbatch.unit.examine import scheme_of
from evalbatch.unit.single import Single, read_single


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a published workbook says otherwise than the submission: each difference with its finding X04.

    `forms` and `places` tell how much was compared.
    """

    differences: tuple[tuple[Difference, Finding], ...]
    forms: int
    places: int

    @property
    def differ(self) -> bool:
        """Whether anything is said otherwise."""
        return bool(self.differences)


def compare_workbooks(published: Path, submitted: Path, single: Single) -> Comparison:
    """Compare two workbooks, whatever their dress and the order of their forms.

    Refused when one of them can't be read: then nobody can tell whether they differ.
    """
    ours = _submissions("公开稿", published, single)
    theirs = _submissions("报送稿", submitted, single)
    scheme = scheme_of(single.setup.scheme)
    found = compare(ours, theirs, scheme.accepts_grade)
    differences = tuple((each, finding_of(each, str(published), scheme)) for each in found.found)
    return Comparison(differences, found.forms, found.places)


def _submissions(what: str, path: Path, single: Single) -> tuple[Submission, ...]:
    _, reading = read_single(path, single)
    if reading.rejected:
        [finding, *_] = reading.findings
        raise Refused(f"{what}“{path}”不能比较。{finding.message}", remedy=finding.remedy)
    return reading.submissions
