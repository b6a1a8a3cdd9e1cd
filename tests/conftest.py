"""Fixtures that more than one folder shares, and how the tests are dealt out to the workers of ``make test``.

Preparing a Superset takes half a minute, so all share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# What makes an installation imports much; most tests need none.
if TYPE_CHECKING:
    from tests.dashboards.installation import Installation

COSTLY = ("running_superset", "odd_week")
"""Fixtures of the session that only one worker should pay for."""


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a file in one worker, and all that share a costly fixture; what lasts long comes first.

    The order stays random among those, and within each.
    """
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_begins)


def _costly(item: pytest.Item) -> str | None:
    names: tuple[str, ...] = getattr(item, "fixturenames", ())
    return next((name for name in COSTLY if name in names), None)


def _group(item: pytest.Item) -> str:
    return _costly(item) or item.nodeid.partition("::")[0]


def _begins(item: pytest.Item) -> int:
    """Whole runs that begin late would leave the other workers idle at the end."""
    return 0 if _costly(item) else 1 if item.get_closest_marker("slow") else 2
