"""The dashboards as each role sees them, drawn by a real browser, nothing being refused on the way."""

from __future__ import annotations

import pytest

from orchestration.access.roles import roles
from orchestration.dashboards.source import load_dashboards
from tests.dashboards.browser import visit
from tests.dashboards.installation import Installation
from tests.dashboards.tiny_release import point_current, publish
from tests.dashboards.untranslated import untranslated

pytestmark = pytest.mark.browser


SURNAME = " Nguyễn Thị Minh Khai Thượng Đông Hưng Phú"
SIZES = {"lanh.dao": (1366, 768), "trung.tam": (1920, 1080), "phan.tich": (1366, 768), "xa.mot": (1366, 768)}


@pytest.fixture
def long_names(superset: Installation) -> Installation:
    """The one Superset, showing communes with names of 40 letters."""
    release = "20251121T184000-01"
    if not (superset.settings.paths.releases / release).exists():
        publish(superset.settings.paths, release, surname=SURNAME)
    point_current(superset.settings.paths, release)
    return superset


@pytest.mark.parametrize("username", SIZES)
def test_every_role_sees_every_tab_of_its_dashboards(long_names: Installation, username: str) -> None:
    """One visit per role, over all sources: whatever goes wrong says where."""
    wrong: dict[str, list[str]] = {}
    role = roles().roles[username.replace(".", "_") if username != "xa.mot" else "xa"]
    with visit(long_names, *SIZES[username], username=username) as visitor:
        for dashboard in load_dashboards():
            if not role.sees(dashboard.slug):
                continue
            visitor.open(dashboard)
            visitor.screenshot(f"{dashboard.slug}-{username}")
            faults = [*visitor.chart_errors(), *visitor.cut(), *untranslated(visitor.text())]
            for tab in dashboard.tabs[1:]:
                visitor.open_tab(dashboard, tab)
                visitor.screenshot(f"{dashboard.slug}-{tab.name}-{username}")
                faults += [*visitor.chart_errors(), *visitor.cut(), *untranslated(visitor.text())]
            if faults or visitor.faults:
                wrong[dashboard.slug] = [*faults, *visitor.faults]
                visitor.faults.clear()
        menu = visitor.page.locator("header, nav").first.inner_text()
    assert wrong == {}
    assert ("SQL" in menu) == ("sql" in role.may)


def test_a_commune_begins_with_itself_and_sees_no_other(superset: Installation) -> None:
    own = next(dashboard for dashboard in load_dashboards() if dashboard.slug == "xa-phuong")
    with visit(superset, signed_in=False) as visitor:
        visitor.sign_in_by_form("xa.mot")
        assert "xa-phuong" in visitor.page.url
        for tab in own.tabs:
            visitor.open_tab(own, tab)
            text = visitor.text()
            assert "Xã Số 1" in text
            assert not [other for other in ("Xã Số 2", "Phường Số 5") if other in text]
        assert visitor.faults == []


def test_whom_the_release_grants_no_commune_is_told_so_at_once(superset: Installation) -> None:
    with visit(superset, signed_in=False) as visitor:
        visitor.sign_in_by_form("xa.moi")
        visitor.screenshot("chua-giao-xa")
        assert "Chưa có số liệu để xem" in visitor.text()
        assert "chưa giao xã, phường nào cho tài khoản xa.moi" in visitor.text()
        assert "sau lần công bố tới" in visitor.text()
        for path in ("/xem/xa-phuong?xa=Xã Số 1", "/superset/dashboard/du-lieu-gui-ve/", "/dashboard/list/"):
            visitor.page.goto(f"{superset.url}{path}")
            assert "Chưa có số liệu để xem" in visitor.text()
            assert "Xã Số" not in visitor.text()
        visitor.page.get_by_role("link", name="Đăng xuất").click()
        visitor.page.wait_for_selector("#username")


def test_a_session_that_ended_leads_back_to_the_sign_in_page(superset: Installation) -> None:
    with visit(superset, username="xa.mot") as visitor:
        visitor.page.context.clear_cookies()
        visitor.page.goto(f"{superset.url}/dashboard/list/")
        visitor.page.wait_for_selector("#username")
        visitor.screenshot("het-phien")
        assert "Đăng nhập" in visitor.text()
