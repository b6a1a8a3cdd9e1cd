"""Fixtures that more than one folder shares. Preparing a Superset takes half a minute, so all share one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# What makes an installation imports much; most tests need none.
if TYPE_CHECKING:
    from tests.dashboards.installation import Installation


@pytest.fixture(scope="session")
def running_superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The one Superset, without saying which release it shows."""
    from tests.dashboards.installation import installation

    with installation(tmp_path_factory.mktemp("superset") / "home") as running:
        yield running


@pytest.fixture
def superset(running_superset: Installation) -> Installation:
    """The one Superset, showing the full release."""
    from tests.dashboards.installation import FULL_RELEASE
    from tests.dashboards.tiny_release import point_current

    point_current(running_superset.settings.paths, FULL_RELEASE)
    return running_superset
