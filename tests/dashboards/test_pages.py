"""The dashboard as people see it, drawn by a real browser."""

from __future__ import annotations

import shutil

import pytest

from orchestration.dashboards.source import load_dashboards
from tests.dashboards.browser import visit
from tests.dashboards.installation import Installation
from tests.dashboards.tiny_release import publish
from tests.dashboards.untranslated import untranslated

pytestmark = pytest.mark.browser

TITLES = (
    "Tổng quan toàn tỉnh",
    "Tệp hồ sơ nhận trong ngày",
    "Hồ sơ tiếp nhận trong ngày",
    "Hồ sơ đã giải quyết trong ngày",
    "Hồ sơ đang giải quyết",
    "Hồ sơ quá hạn chưa giải quyết",
    "Tỷ lệ giải quyết đúng hạn theo tuần",
    "Tỷ lệ nộp trực tuyến theo tuần",
    "Hồ sơ đang giải quyết theo lĩnh vực",
    "Xã, phường và đèn tín hiệu",
)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_overview_of_a_province(superset: Installation, width: int, height: int) -> None:
    with visit(superset, width, height) as visitor:
        visitor.open_dashboard()
        visitor.screenshot(f"tong-quan-{width}x{height}")
        visitor.page.set_viewport_size({"width": width, "height": 2100})
        visitor.settle()
        visitor.screenshot(f"tong-quan-{width}-toan-trang")
        text = visitor.text()
        assert [title for title in TITLES if title not in text] == []
        # Data date, release, counts and shares as Vietnam writes them, a light with symbol and word.
        for seen in ("Thứ Sáu, 21/11/2025", "20251121T182100-01", "162/166", "3.320", "Số liệu cũ", "■ Đỏ"):
            assert seen in text
        assert visitor.page.locator("table tbody tr").count() == 20
        assert visitor.chart_errors() == []
        assert visitor.faults == []


@pytest.mark.parametrize(("communes", "days"), [(0, 5), (1, 5)])
def test_little_or_nothing_to_show_looks_intended(superset: Installation, communes: int, days: int) -> None:
    release = f"20251121T18300{communes}-01"
    shutil.rmtree(superset.settings.paths.releases / release, ignore_errors=True)
    publish(superset.settings.paths, release, communes=communes, days=days)
    wrong: dict[str, list[str]] = {}
    with visit(superset) as visitor:
        for dashboard in load_dashboards():
            visitor.open(dashboard)
            visitor.screenshot(f"{dashboard.slug}-{communes}-xa")
            if faults := [*visitor.chart_errors(), *visitor.faults]:
                wrong[dashboard.slug] = faults
                visitor.faults.clear()
            if dashboard.slug in ("tong-quan-toan-tinh", "den-tin-hieu", "ban-do", "xa-phuong"):
                assert ("Xã Số 1" in visitor.text()) == (communes == 1)
            if communes == 0:
                assert "hưa có" in visitor.text(), dashboard.slug
    assert wrong == {}


def test_every_commune_of_the_country_can_be_chosen(superset: Installation) -> None:
    release = "20251121T185000-01"
    publish(superset.settings.paths, release, communes=3_321, days=5)
    lights, sent = (
        next(found for found in load_dashboards() if found.slug == slug)
        for slug in ("den-tin-hieu", "du-lieu-gui-ve")
    )
    with visit(superset) as visitor:
        visitor.open(lights)
        visitor.screenshot("den-tin-hieu-3321-xa")
        assert "3321 lựa chọn" in visitor.text()
        visitor.open(sent)
        assert "2.214/3.321" in visitor.text()
        assert visitor.chart_errors() == []
        assert visitor.faults == []


def test_without_a_release_people_can_sign_in_and_are_told(superset: Installation) -> None:
    superset.settings.paths.current.unlink()
    with visit(superset, signed_in=False) as visitor:
        visitor.sign_in_by_form(superset.login.username)
        assert visitor.page.url.split("?")[0] == f"{superset.url}/dashboard/list/"
        visitor.open_dashboard()
        visitor.screenshot("chua-co-ban-cong-bo")
        assert untranslated(visitor.text()) == []
        assert "Chưa có bản số liệu nào được công bố. Hãy chạy `motcua run`" in visitor.text()
        assert not [fault for fault in visitor.faults if fault.startswith(("outside", "exception"))]


def test_nothing_of_supersets_own_english_is_left_in_menus_and_filters(superset: Installation) -> None:
    """What the pages show without a click is looked at with each role."""
    own = next(dashboard for dashboard in load_dashboards() if dashboard.slug == "xa-phuong")
    with visit(superset) as visitor:
        visitor.open(own)
        visitor.page.locator('[data-test="slice-header"] button').last.click()
        visitor.page.get_by_text("Tải lại số liệu").last.wait_for()
        assert untranslated(visitor.text()) == []
        visitor.page.keyboard.press("Escape")
        visitor.page.locator('[data-test="form-item-value"] .ant-select').first.click()
        visitor.page.locator(".ant-select-dropdown").first.wait_for()
        visitor.screenshot("bo-loc")
        assert untranslated(visitor.text()) == []


def test_the_table_sorts_by_share_and_finds_a_commune(superset: Installation) -> None:
    with visit(superset) as visitor:
        visitor.open_dashboard()
        page = visitor.page
        page.get_by_role("columnheader", name="Đúng hạn").click()
        cells = page.locator("table tbody tr td:nth-child(8)").all_inner_texts()
        shares = [float(cell.split("%")[0].replace(",", ".")) for cell in cells]
        assert len(shares) == 20
        assert shares == sorted(shares, reverse=True)
        page.get_by_placeholder("166 dòng").fill("Số 107")
        page.wait_for_function("document.querySelectorAll('table tbody tr').length === 1")
        assert "Xã Số 107" in page.locator("table tbody tr").inner_text()
        assert visitor.faults == []
