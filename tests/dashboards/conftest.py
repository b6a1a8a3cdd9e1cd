"""Fixtures of the dashboard tests. Preparing a Superset takes half a minute, so they share one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dashboards.installation import FULL_RELEASE, Installation, installation
from tests.dashboards.tiny_release import point_current


@pytest.fixture(scope="session")
def running_superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The one Superset, without saying which release it shows."""
    with installation(tmp_path_factory.mktemp("superset") / "home") as running:
        yield running


@pytest.fixture
def superset(running_superset: Installation) -> Installation:
    """The one Superset, showing the full release."""
    point_current(running_superset.settings.paths, FULL_RELEASE)
    return running_superset
