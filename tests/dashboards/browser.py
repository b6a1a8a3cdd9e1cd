"""A headless Chromium that signs in, opens dashboards and notices everything that goes wrong on the way."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    TimeoutError,
    sync_playwright,
)

from orchestration.dashboards.links import dashboard_path
from orchestration.dashboards.source import DashboardSource, Tab
from tests.dashboards.installation import Installation

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "artifacts" / "screenshots"
DASHBOARD = "/superset/dashboard/tong-quan-toan-tinh/"
# For whatever a page is asked: a machine that runs other tests beside answers late.
WAIT_MS = 120_000
# Every chart in sight of its tab shows something, and nothing spins.
SETTLED = """() => {{
    const charts = [...document.querySelectorAll('.dashboard-component-chart-holder')];
    const seen = charts.filter(e => e.offsetParent);
    const drawn = 'canvas, table, .mc-html, .mc-part, .ant-empty, .ant-alert, [role=alert]';
    const spinning = e => e.querySelector('.loading, [data-test="loading-indicator"]');
    return seen.length === {charts} && seen.every(e => e.querySelector(drawn) && !spinning(e));
}}"""

# What stands outside the box that it was given, by its first words.
CUT = """() => {
    const shown = e => e.offsetParent && e.clientHeight;
    const boxes = '.mc-html, .mc-deck, .mc-card, .mc-chip, .mc-map, .mc-matrix td, .mc-matrix th';
    const beyond = e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1;
    const cut = [...document.querySelectorAll(boxes)].filter(e => shown(e) && beyond(e));
    const holder = e => e.closest('.dashboard-component-chart-holder').getBoundingClientRect();
    const wide = [...document.querySelectorAll('.dashboard-component-chart-holder table')]
        .filter(e => shown(e) && e.getBoundingClientRect().right > holder(e).right);
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) wide.push(page);
    return [...cut, ...wide].map(e => `${e.className}: ${e.innerText.slice(0, 60)}`);
}"""


@dataclass
class Visit:
    """One page and what went wrong on it."""

    installation: Installation
    page: Page
    faults: list[str] = field(default_factory=list[str])

    def watch(self) -> None:
        """Note errors in the console, failed answers and requests that leave this server."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.installation.url, "data:", "blob:")):
            self.faults.append(f"outside: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"status {response.status}: {response.url}")

    def sign_in_by_form(self, username: str) -> None:
        """As a person would: once the page's scripts are there, or Enter may fall on deaf ears."""
        self.page.goto(f"{self.installation.url}/login/", wait_until="networkidle")
        self.page.wait_for_selector("#username")
        self.page.fill("#username", username)
        self.page.fill("#password", self.installation.passwords[username])
        self.page.press("#password", "Enter")
        try:
            self.page.wait_for_url(lambda url: "/login" not in url)
        except TimeoutError as error:
            shown = self.page.inner_text("body")
            raise AssertionError(f"{username} is still at {self.page.url}: {self.faults}\n{shown}") from error

    def open_dashboard(self, charts: int = 6) -> None:
        """Open the overview and wait until nothing on it is still being drawn."""
        self.page.goto(f"{self.installation.url}{DASHBOARD}")
        self.page.wait_for_selector(".dashboard-component-chart-holder")
        self.settle(charts)

    def open(self, dashboard: DashboardSource, query: str = "") -> None:
        """Open any dashboard on its first tab and wait until nothing on it is still being drawn."""
        self.page.goto(f"{self.installation.url}{dashboard_path(dashboard.slug)}{query}")
        self.page.wait_for_selector(".dashboard-component-chart-holder")
        self.settle(_shown(dashboard, dashboard.tabs[0] if dashboard.tabs else None))

    def open_tab(self, dashboard: DashboardSource, tab: Tab) -> None:
        """Choose a tab of the open dashboard and wait for its charts."""
        self.page.locator(".ant-tabs-tab", has_text=tab.title).click()
        self.settle(_shown(dashboard, tab))

    def settle(self, charts: int = 6) -> None:
        """Wait until every chart shows something and nothing spins."""
        self.page.wait_for_function(SETTLED.format(charts=charts))
        self.page.wait_for_timeout(1_500)  # the charts' opening animation

    def text(self) -> str:
        """What a reader sees."""
        return self.page.inner_text("body")

    def chart_errors(self) -> list[str]:
        """Messages in place of charts."""
        return (
            self.page.locator(".dashboard-component-chart-holder")
            .locator(".ant-alert, [role=alert]")
            .all_inner_texts()
        )

    def cut(self) -> list[str]:
        """What does not fit into its place on the open page."""
        return self.page.evaluate(CUT)

    def screenshot(self, name: str) -> None:
        """Keep a picture for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def _shown(dashboard: DashboardSource, tab: Tab | None) -> int:
    """How many charts stand on the dashboard while ``tab`` is open; those of other tabs are hidden."""
    rows = [*dashboard.rows, *(tab.rows if tab else ())]
    return sum(len(row.cells) for row in rows)


@contextmanager
def visit(
    installation: Installation,
    width: int = 1366,
    height: int = 768,
    *,
    username: str | None = None,
    signed_in: bool = True,
) -> Generator[Visit]:
    """A visitor, the administrator unless another is named, with a window of that size.

    He comes with a session that was begun without the form, which takes the browser seconds.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        context.set_default_timeout(WAIT_MS)
        if signed_in:
            cookies = installation.client(username).session.cookies
            context.add_cookies(
                [
                    {"name": cookie.name, "value": cookie.value or "", "url": installation.url}
                    for cookie in cookies
                ]
            )
        visitor = Visit(installation, context.new_page())
        visitor.watch()
        try:
            yield visitor
        finally:
            browser.close()
