"""Dagster's pages as they are served: what a page of another origin does to them in a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, sync_playwright

from orchestration.services.dagster_instance import CODE_LOCATION, open_instance
from orchestration.services.dagster_services import dagster_specs
from orchestration.settings import Settings
from tests.dashboards.browser import CHROMIUM

pytestmark = pytest.mark.browser

START_SECONDS = 180
REPOSITORY = {"repositoryLocationName": CODE_LOCATION, "repositoryName": "__repository__"}
# What the attack tries: switch what watches the inbox and the clock, launch the daily job as of an old day.
START_SENSOR = "mutation($s: SensorSelector!){startSensor(sensorSelector: $s){__typename}}"
START_SCHEDULE = "mutation($s: ScheduleSelector!){startSchedule(scheduleSelector: $s){__typename}}"
LAUNCH = "mutation($e: ExecutionParams!){launchRun(executionParams: $e){__typename}}"
CHANGES: tuple[dict[str, Any], ...] = (
    {"query": START_SENSOR, "variables": {"s": {**REPOSITORY, "sensorName": "arrivals"}}},
    {"query": START_SCHEDULE, "variables": {"s": {**REPOSITORY, "scheduleName": "after_cutoff"}}},
    {
        "query": LAUNCH,
        "variables": {
            "e": {
                "selector": {**REPOSITORY, "jobName": "daily"},
                "runConfigData": {"resources": {"replay": {"config": {"as_of": "2025-07-01"}}}},
                "mode": "default",
            }
        },
    },
)
# Every way in which a page makes a browser send something elsewhere; gives what it could read of the answers.
ATTACK = """async ({url, changes}) => {
    const read = [];
    const keep = (way, text) => { if (text) read.push(`${way}: ${String(text).slice(0, 200)}`); };
    const quiet = promise => promise.catch(() => null);
    const question = {query: '{ runsOrError { __typename } }'};
    const asQuery = body => `${url}/graphql?` + new URLSearchParams(
        {query: body.query, variables: JSON.stringify(body.variables ?? {})});
    for (const body of [...changes, question]) {
        const text = JSON.stringify(body);
        for (const [way, target, options] of [
            ['json', `${url}/graphql`, {method: 'POST', body: text,
                headers: {'Content-Type': 'application/json'}}],
            ['plain', `${url}/graphql`, {method: 'POST', body: text,
                headers: {'Content-Type': 'text/plain'}}],
            ['plain json', `${url}/graphql`, {method: 'POST', mode: 'no-cors', body: text,
                headers: {'Content-Type': 'text/plain; application/json'}}],
            ['post query', asQuery(body), {method: 'POST', mode: 'no-cors'}],
            ['get', asQuery(body), {}],
            ['get blind', asQuery(body), {mode: 'no-cors'}],
        ]) {
            const answer = await quiet(fetch(target, options));
            if (answer && answer.type !== 'opaque') keep(way, await quiet(answer.text()));
        }
        await new Promise(done => {
            const picture = new Image();
            picture.onload = picture.onerror = done;
            picture.src = asQuery(body);
        });
        navigator.sendBeacon(asQuery(body), new Blob([text], {type: 'text/plain'}));
        const form = document.createElement('form');
        Object.assign(form, {method: 'post', action: asQuery(body), enctype: 'text/plain', target: 'sink'});
        document.body.append(form);
        form.submit();
        await new Promise(done => setTimeout(done, 300));
    }
    for (const protocol of ['graphql-ws', 'graphql-transport-ws']) {
        await new Promise(done => {
            const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol);
            const subscription = 'subscription { locationStateChangeEvents { __typename } }';
            socket.onopen = () => {
                keep('websocket', `open ${protocol}`);
                socket.send(JSON.stringify({type: 'connection_init'}));
                socket.send(JSON.stringify({id: '1', type: 'start', payload: {query: subscription}}));
            };
            socket.onmessage = message => keep('websocket', message.data);
            socket.onclose = socket.onerror = done;
            setTimeout(done, 2000);
        });
    }
    const frame = document.createElement('iframe');
    frame.src = `${url}/runs`;
    document.body.append(frame);
    await new Promise(done => { frame.onload = done; setTimeout(done, 3000); });
    try { keep('frame', frame.contentDocument && frame.contentDocument.body.innerText); } catch { /* shut */ }
    return read;
}"""
OWN = """async body => (await fetch('/graphql', {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)})).json()"""


@dataclass(frozen=True)
class Pages:
    """Dagster's pages, served as ``motcua serve`` would, and the page of somebody else."""

    settings: Settings
    url: str
    foreign: str

    def state(self) -> tuple[int, list[tuple[str, str]]]:
        """How many runs there are, and what was started or stopped by hand."""
        with open_instance(self.settings.paths) as instance:
            told = [(state.instigator_name, state.status.value) for state in instance.all_instigator_state()]
            return instance.get_runs_count(), sorted(told)


class _Foreign(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title><body><iframe name=sink></iframe>")

    def log_message(self, format: str, *args: Any) -> None: ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Generator[Pages]:
    settings = Settings(home=tmp_path_factory.mktemp("dagster") / "home", dagster_port=free_port())
    spec = dagster_specs(settings)[0]
    assert spec.health_url is not None
    spec.log_file.parent.mkdir(parents=True, exist_ok=True)
    foreign = ThreadingHTTPServer(("127.0.0.1", 0), _Foreign)
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    with spec.log_file.open("ab") as log:
        process = subprocess.Popen(spec.argv, env={**os.environ, **spec.env}, stdout=log, stderr=log)
    try:
        _wait(spec.health_url, process)
        yield Pages(
            settings, f"http://127.0.0.1:{settings.dagster_port}", f"http://127.0.0.1:{foreign.server_port}"
        )
    finally:
        process.terminate()
        process.wait(60)
        foreign.shutdown()
        foreign.server_close()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise RuntimeError("Dagster's pages did not come up")


@pytest.fixture(scope="module")
def page() -> Generator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser.new_page()
        finally:
            browser.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_launches_stops_and_reads_nothing(
    pages: Pages, page: Page, name: str
) -> None:
    before = pages.state()
    page.goto(pages.foreign.replace("127.0.0.1", name))
    read = page.evaluate(ATTACK, {"url": pages.url, "changes": list(CHANGES)})
    assert read == []
    assert pages.state() == before


def test_a_name_that_leads_here_but_is_not_ours_reads_nothing(pages: Pages) -> None:
    """DNS rebinding: the browser takes a foreign page and these pages for one origin; the name tells."""
    headers = {"Host": f"evil.example:{pages.settings.dagster_port}"}
    for method, path in (("GET", "/"), ("GET", "/server_info"), ("POST", "/graphql")):
        answer = requests.request(
            method, f"{pages.url}{path}", json={"query": "{version}"}, headers=headers, timeout=60
        )
        assert answer.status_code == 421


def test_its_own_page_works_and_the_attack_would_have_been_one(pages: Pages, page: Page) -> None:
    """The same changes, asked for by Dagster's own page; last, because they do change something."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with page.expect_websocket() as connection:
        page.goto(f"{pages.url}/overview")
    assert connection.value.url.startswith(pages.url.replace("http", "ws"))
    page.get_by_text("Overview").first.wait_for()
    answers = [page.evaluate(OWN, body)["data"] for body in CHANGES]
    assert [next(iter(answer.values()))["__typename"] for answer in answers] == [
        "Sensor",
        "ScheduleStateResult",
        "LaunchRunSuccess",
    ]
    assert pages.state() != (0, [])
    assert faults == []
