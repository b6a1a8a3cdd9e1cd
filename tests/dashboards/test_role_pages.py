"""The overview as each role sees it, drawn by a real browser without anything being refused on the way."""

from __future__ import annotations

import pytest

from tests.dashboards.browser import visit
from tests.dashboards.installation import Installation

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("username", ["lanh.dao", "trung.tam", "phan.tich"])
def test_who_sees_all_sees_the_whole_overview(superset: Installation, username: str) -> None:
    with visit(superset, username=username) as visitor:
        visitor.open_dashboard()
        visitor.screenshot(f"tong-quan-{username}")
        assert visitor.chart_errors() == []
        assert visitor.faults == []
        assert visitor.page.locator("table tbody tr").count() == 20
        menu = visitor.page.locator("header, nav").first.inner_text()
        assert ("SQL" in menu) == (username == "phan.tich")


def test_a_commune_sees_itself_and_the_province(superset: Installation) -> None:
    with visit(superset, signed_in=False) as visitor:
        visitor.sign_in_by_form("xa.mot")
        visitor.settle()
        visitor.screenshot("tong-quan-xa.mot")
        assert visitor.chart_errors() == []
        assert visitor.faults == []
        assert visitor.page.locator("table tbody tr").count() == 1
        assert "Xã Số 1" in visitor.page.locator("table tbody tr").inner_text()


def test_a_session_that_ended_leads_back_to_the_sign_in_page(superset: Installation) -> None:
    with visit(superset, username="xa.mot") as visitor:
        visitor.page.context.clear_cookies()
        visitor.page.goto(f"{superset.url}/dashboard/list/")
        visitor.page.wait_for_selector("#username")
        visitor.screenshot("het-phien")
        assert "Đăng nhập" in visitor.text()
