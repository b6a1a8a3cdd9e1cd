"""From a red light to the dossiers behind it, by clicks as a person makes them."""

from __future__ import annotations

import pytest

from orchestration.dashboards.source import DashboardSource, load_dashboards
from tests.dashboards.browser import WAIT_MS, visit
from tests.dashboards.installation import Installation

pytestmark = pytest.mark.browser


def dashboard(slug: str) -> DashboardSource:
    return next(found for found in load_dashboards() if found.slug == slug)


def test_three_clicks_lead_from_a_red_light_to_its_dossiers(superset: Installation) -> None:
    """The light, the commune's tab of dossiers: the third click is spare, for a column or a search."""
    lights, commune = dashboard("den-tin-hieu"), dashboard("xa-phuong")
    dossiers = next(tab for tab in commune.tabs if tab.name == "ho-so")
    with visit(superset, username="trung.tam") as visitor:
        visitor.open(lights)
        page = visitor.page
        # Not the first, which may be where the commune's page begins anyway.
        row = page.locator(".mc-matrix tbody tr", has=page.locator("td.mc-red")).last
        name = row.locator("th a").inner_text()
        row.locator("td.mc-red a").first.click()
        page.wait_for_url("**/xa-phuong/**", timeout=WAIT_MS)
        page.wait_for_selector(".dashboard-component-chart-holder", timeout=WAIT_MS)
        visitor.open_tab(commune, dossiers)
        visitor.screenshot("den-do-toi-ho-so")
        assert name in visitor.text()
        numbers = page.locator("table tbody td", has_text="H56.").all_inner_texts()
        assert len(numbers) > 1
        assert len({number.split("-")[0] for number in numbers}) == 1
        assert visitor.chart_errors() == []
        assert visitor.faults == []
