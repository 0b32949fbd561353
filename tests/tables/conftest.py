"""The tables that these tests have in common."""

from collections.abc import Mapping

import pandas as pd
import pytest
from districts import tiny
from judged_units import consolidated


@pytest.fixture(scope="module")
def tables() -> Mapping[str, pd.DataFrame]:
    """The tiny district's tables."""
    return consolidated(*tiny())
