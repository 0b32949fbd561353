"""Two workbooks in, what the published one says otherwise than the submission out: by meaning, not by dress."""

from evalbatch.comparison.differences import Difference, Place
from evalbatch.comparison.words import as_json, finding_of
from evalbatch.comparison.workbooks import Comparison, compare_workbooks

__all__ = ["Comparison", "Difference", "Place", "as_json", "compare_workbooks", "finding_of"]
