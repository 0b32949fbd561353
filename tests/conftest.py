"""What holds for all tests: a slow machine is no fault. Two districts that several of them look at are run once."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from outputs.two_districts import Made

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", params=["example", "situations"])
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Made":
    """A district after its run through the command line."""
    from outputs.two_districts import run_district

    return run_district(request.param, tmp_path_factory.mktemp(request.param) / "2023年自评")
