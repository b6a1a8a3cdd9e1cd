"""Twenty leaders open the week's overview at once after a release: ``python -m tests.benchmark.dashboards``.

Two of them are Chromium; twenty would measure the browsers on a small machine. The others ask for what the
page asked for, six charts at a time as a browser does, in sessions of their own. Scripts and styles, which
a browser keeps, are left out. ``--home`` takes a landed province, else one of two months is made.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import quantiles

import psutil

from orchestration.access.roles import roles
from orchestration.access.users import users_file
from orchestration.dashboards.runtime import tell_server
from orchestration.dashboards.source import DashboardSource, load_dashboards
from orchestration.resources import Steps
from orchestration.settings import Settings
from orchestration.superset_app.warm_up import QUESTION_PATH, Questions, questions_file
from tests.benchmark.measure import measured
from tests.benchmark.scratch import scratch_home, tell
from tests.benchmark.steps import build_all, land_everything, make
from tests.dashboards.browser import visit
from tests.dashboards.installation import Client, Installation, prepare, serve

FIRST, LAST = date(2025, 9, 22), date(2025, 11, 21)
LEADERS = [f"lanh.dao.{number:02d}" for number in range(1, 21)]
BROWSERS = 2
CHARTS_AT_A_TIME = 6
WARM_SECONDS = 180
USERS = "username,full_name,role,commune_code\n" + "".join(
    f"{name},Lãnh đạo {name[-2:]},lanh_dao,\n" for name in LEADERS
)


@dataclass(frozen=True)
class Asked:
    """One request of the page; ``body`` is None for a GET."""

    path: str
    body: str | None

    @property
    def is_chart(self) -> bool:
        """Whether it asks for a chart's data."""
        return self.path.startswith(QUESTION_PATH)


@dataclass
class Round:
    """What one round of openings came to, in seconds; ``errors`` are answers that were none."""

    pages: list[float] = field(default_factory=list[float])
    browsers: list[float] = field(default_factory=list[float])
    charts: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.dashboards")
    parser.add_argument("--home", type=Path, help="a home with a landed province; it is copied")
    given: Path | None = parser.parse_args().home
    with scratch_home() as root:
        home = root / "home"
        if given is None:
            make_province(Settings(home=home))
        else:
            shutil.copytree(given, home, symlinks=True)
            shutil.rmtree(home / "superset", ignore_errors=True)
        settings = prepare(home)
        settings.paths.prepare()
        users_file(settings).write_text(USERS, encoding="utf-8")
        # With the leaders among the viewers.
        measured(build_all, settings, LAST)
        Steps().publish(settings)
        tell("Superset")
        with serve(settings) as installation:
            print(report(measure(installation)))


def make_province(settings: Settings) -> None:
    """Two months of a whole province, landed."""
    settings.paths.prepare()
    tell("sample")
    measured(make, settings, FIRST, LAST)
    tell("landing")
    measured(land_everything, settings, LAST)


def measure(installation: Installation) -> dict[str, Round]:
    """The rounds by name."""
    dashboard = next(found for found in load_dashboards() if found.slug == roles().home)
    settings = installation.settings
    with ThreadPoolExecutor(len(LEADERS)) as pool:
        clients = list(pool.map(installation.client, LEADERS))
    asked = recorded(installation, dashboard)
    rounds: dict[str, Round] = {}

    def open_all(name: str, meanwhile: Callable[[], object] | None = None) -> None:
        tell(name)
        rounds[name] = opened(installation, dashboard, clients, asked, meanwhile)

    open_all("again, all from the cache")
    forget_questions(settings)
    Steps().publish(settings)
    open_all("after a release, nothing warmed")
    release = Steps().publish(settings).release_id
    tell_server(settings)
    deadline = time.monotonic() + WARM_SECONDS
    while not Questions(questions_file(settings.paths)).finished(release) and time.monotonic() < deadline:
        time.sleep(0.5)
    open_all("after a release, warmed")
    open_all("a release switches in the middle", lambda: Steps().publish(settings))
    return rounds


def forget_questions(settings: Settings) -> None:
    """As on a server that nobody has asked yet: nothing will be warmed."""
    questions_file(settings.paths).unlink(missing_ok=True)


def recorded(installation: Installation, dashboard: DashboardSource) -> list[Asked]:
    """What a browser asks for while it opens ``dashboard``, without scripts and the record of use."""
    asked: list[Asked] = []
    with visit(installation, username=LEADERS[0]) as visitor:
        visitor.page.on(
            "request",
            lambda request: (
                asked.append(Asked(request.url.removeprefix(installation.url), request.post_data))
                if request.resource_type in ("document", "xhr", "fetch") and "/log/" not in request.url
                else None
            ),
        )
        visitor.open(dashboard)
    return [request for request in asked if request.path.startswith("/")]


def opened(
    installation: Installation,
    dashboard: DashboardSource,
    clients: list[Client],
    asked: list[Asked],
    meanwhile: Callable[[], object] | None,
) -> Round:
    """Everybody opens the dashboard at the same moment; ``meanwhile`` happens a second later."""
    result = Round()
    start = threading.Barrier(len(clients) + (meanwhile is not None))

    def browse(username: str) -> None:
        with visit(installation, username=username) as visitor:
            start.wait()
            began = time.perf_counter()
            visitor.open(dashboard)
            # Less the wait for the opening animation.
            result.browsers.append(time.perf_counter() - began - 1.5)
            result.errors += [*visitor.faults, *visitor.chart_errors()]

    def fetch(client: Client) -> None:
        start.wait()
        began = time.perf_counter()
        for request in asked:
            if not request.is_chart:
                _answer(client, request, result)
        with ThreadPoolExecutor(CHARTS_AT_A_TIME) as charts:
            charts.map(lambda request: _answer(client, request, result), filter(_is_chart, asked))
        result.pages.append(time.perf_counter() - began)

    def interfere() -> None:
        start.wait()
        time.sleep(1)
        if meanwhile is not None:
            meanwhile()

    with ThreadPoolExecutor(len(clients) + 1) as pool:
        jobs = [pool.submit(browse, username) for username in LEADERS[:BROWSERS]]
        jobs += [pool.submit(fetch, client) for client in clients[BROWSERS:]]
        jobs += [pool.submit(interfere)] if meanwhile is not None else []
        for job in jobs:
            job.result()
    return result


def _is_chart(request: Asked) -> bool:
    return request.is_chart


def _answer(client: Client, request: Asked, result: Round) -> None:
    began = time.perf_counter()
    try:
        answer = client.session.request(
            "GET" if request.body is None else "POST",
            client.url + request.path,
            data=request.body.encode() if request.body is not None else None,
            headers={"Content-Type": "application/json"} if request.body is not None else None,
            timeout=120,
        )
        if answer.status_code >= 400:
            result.errors.append(f"status {answer.status_code}: {request.path[:60]}")
    except OSError as error:
        result.errors.append(f"{type(error).__name__}: {request.path[:60]}")
    if request.is_chart:
        result.charts.append(time.perf_counter() - began)


def report(rounds: dict[str, Round]) -> str:
    """The table of docs/performance.md."""
    return "\n".join(_lines(rounds))


def _lines(rounds: dict[str, Round]) -> Iterator[str]:
    yield (
        f"Machine: {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()}. Load at the end: {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| 20 leaders at once | all charts p50, s | p95 | Chromium, s | chart data p50, s | p95 | errors |"
    yield "|---|---|---|---|---|---|---|"
    for name, result in rounds.items():
        yield (
            f"| {name} | {_share(result.pages, 50):.1f} | {_share(result.pages, 95):.1f} "
            f"| {max(result.browsers):.1f} | {_share(result.charts, 50):.2f} "
            f"| {_share(result.charts, 95):.2f} | {len(result.errors)} |"
        )
    for name, result in rounds.items():
        for error in sorted(set(result.errors)):
            yield f"{name}: {error}"


def _share(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
