"""The guard in front of Dagster's pages: who is let in, by what each request says of itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.services.door import (
    COOKIE,
    FAILURES,
    FAILURES_SECONDS,
    HEALTH,
    SIGN_IN,
    SIGN_OUT,
    SIGNED_IN_SECONDS,
    Asked,
    Door,
    Message,
    Receive,
    Scope,
    Send,
    SignIns,
    refusal,
)

NAMES = frozenset({"127.0.0.1", "localhost"})
HOST = "127.0.0.1:3000"
ORIGIN = f"http://{HOST}"
PASSWORD = "chin con vit bay ve phuong nam"
JSON = "application/json"


def asked(method: str = "GET", path: str = "/", /, **headers: str) -> Asked:
    return Asked(
        method, path, {"host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
    )


@pytest.mark.parametrize(
    "request_",
    [
        asked(accept="text/html"),
        asked(sec_fetch_site="none", sec_fetch_mode="navigate", sec_fetch_dest="document"),
        # A link from Superset's page, or from a letter.
        asked(sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="document"),
        asked("POST", "/graphql", origin=ORIGIN, content_type=JSON, sec_fetch_site="same-origin"),
        asked("POST", "/graphql", origin=ORIGIN, content_type=f"{JSON}; charset=utf-8"),
        # A program on this machine says nothing of an origin.
        asked("POST", "/graphql", content_type=JSON),
        asked("GET", "/graphql", accept="text/html"),
        asked("POST", SIGN_IN, origin=ORIGIN, content_type="application/x-www-form-urlencoded"),
        Asked("GET", "/", {"host": "LOCALHOST:3001"}),
    ],
)
def test_the_pages_own_requests_pass(request_: Asked) -> None:
    assert refusal(request_, NAMES) is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Asked("GET", "/", {}), 421),
        (Asked("GET", "/", {"host": "evil.example:3000"}), 421),
        (Asked("GET", "/", {"host": f"{HOST},evil.example"}), 421),
        (Asked("GET", "/", {"host": "evil.example@127.0.0.1.evil.example"}), 421),
        (Asked("GET", "/", {"host": "[::1"}), 421),
        (asked("POST", "/graphql", origin="http://evil.example", content_type=JSON), 403),
        (asked("POST", "/graphql", origin="null", content_type=JSON), 403),
        # Another port of this machine, as Superset's, is another origin.
        (asked("POST", "/graphql", origin="http://127.0.0.1:8088", content_type=JSON), 403),
        (asked("POST", "/graphql", origin="http://localhost:3000", content_type=JSON), 403),
        (asked("GET", "/server_info", sec_fetch_site="same-site", sec_fetch_mode="no-cors"), 403),
        (
            asked(
                "GET", "/", sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="iframe"
            ),
            403,
        ),
        (
            asked(
                "POST", "/graphql", sec_fetch_site="cross-site", sec_fetch_mode="navigate", content_type=JSON
            ),
            403,
        ),
        (asked("GET", "/graphql", accept="*/*"), 405),
        (asked("GET", "/graphql/"), 405),
        (asked("HEAD", "/graphql"), 405),
        (asked("POST", "/graphql", origin=ORIGIN), 415),
        (asked("POST", "/graphql", origin=ORIGIN, content_type="text/plain"), 415),
        (asked("POST", "/graphql", origin=ORIGIN, content_type="text/plain; application/json"), 415),
        (asked("POST", "/graphql", origin=ORIGIN, content_type="application/graphql"), 415),
        (asked("POST", "/graphql", origin=ORIGIN, content_type=f"{JSON},text/plain"), 415),
        (asked("POST", "/report_asset_materialization/lake", origin=ORIGIN, content_type=JSON), 405),
        (asked("PUT", "/graphql", origin=ORIGIN, content_type=JSON), 405),
        (asked("OPTIONS", "/graphql"), 405),
    ],
)
def test_what_another_page_could_send_does_not(request_: Asked, status: int) -> None:
    refused = refusal(request_, NAMES)
    assert refused is not None
    assert refused.status == status


@given(st.text(), st.text(), st.sampled_from(["GET", "POST"]), st.booleans())
def test_no_origin_and_no_host_but_ours_is_let_in(
    host: str, origin: str, method: str, websocket: bool
) -> None:
    named = Asked(method, "/graphql", {"host": host, "content-type": JSON, "accept": "text/html"})
    if host.lower().rpartition(":")[0] not in NAMES and host.lower() not in NAMES:
        assert refusal(named, NAMES, websocket=websocket) is not None
    foreign = Asked(method, "/graphql", {**named.headers, "host": HOST, "origin": origin})
    if origin.lower() not in (ORIGIN, f"https://{HOST}"):
        assert refusal(foreign, NAMES, websocket=websocket) is not None


def test_a_websocket_says_where_it_comes_from() -> None:
    assert refusal(asked("GET", "/graphql"), NAMES, websocket=True) is not None
    assert refusal(asked("GET", "/graphql", origin="http://evil.example"), NAMES, websocket=True) is not None
    assert refusal(asked("GET", "/graphql", origin=ORIGIN), NAMES, websocket=True) is None


@dataclass
class Inside:
    """The pages behind the guard: they remember who came in."""

    seen: list[str] = field(default_factory=list[str])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(str(scope["path"]))
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})


@dataclass
class Answer:
    status: int
    headers: dict[str, str]


def send_to(door: Door, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """The answer to one request; the body comes in two pieces."""
    told = {"host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
    pieces = [
        {"type": "http.request", "body": body[:5], "more_body": True},
        {"type": "http.request", "body": body[5:], "more_body": False},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "client": ("10.0.0.9", 5),
        "headers": [(name.encode(), text.encode()) for name, text in told.items()],
    }
    asyncio.run(door(scope, receive, send))
    start = sent[0]
    return Answer(start["status"], {name.decode(): text.decode() for name, text in start["headers"]})


def sign_in(door: Door, password: str) -> Answer:
    return send_to(
        door,
        "POST",
        SIGN_IN,
        urlencode({"password": password}).encode(),
        content_type="application/x-www-form-urlencoded",
        origin=ORIGIN,
    )


class Clock:
    def __init__(self) -> None:
        self.seconds = 50_000.0

    def __call__(self) -> float:
        return self.seconds


def test_without_a_password_our_own_page_comes_in_and_stays_out_of_frames() -> None:
    inside = Inside()
    answer = send_to(Door(inside, frozenset()), "GET", "/runs")
    assert (answer.status, inside.seen) == (200, ["/runs"])
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_name_that_the_settings_give_is_ours() -> None:
    door = Door(Inside(), frozenset({"vanhanh.tinh.gov.vn"}))
    assert send_to(door, "GET", "/", host="vanhanh.tinh.gov.vn").status == 200
    assert send_to(door, "GET", "/", host="khac.tinh.gov.vn").status == 421


def test_with_a_password_nothing_comes_in_before_it_and_nothing_after_its_end() -> None:
    inside, clock = Inside(), Clock()
    door = Door(inside, frozenset(), SignIns(PASSWORD, clock), secure=True)
    assert send_to(door, "GET", "/", accept="text/html").headers["location"] == SIGN_IN
    assert send_to(door, "POST", "/graphql", content_type=JSON).status == 401
    assert sign_in(door, PASSWORD[:-1]).status == 401
    assert inside.seen == []
    assert send_to(door, "GET", HEALTH).status == 200

    cookie = sign_in(door, PASSWORD).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Secure"} <= set(cookie.split("; "))
    token = cookie.partition(";")[0]
    assert send_to(door, "POST", "/graphql", content_type=JSON, cookie=token).status == 200
    assert send_to(door, "GET", "/", cookie=f"{COOKIE}=khac").status == 401
    assert send_to(door, "GET", SIGN_OUT, cookie=token).status == 303
    assert send_to(door, "GET", "/", cookie=token).status == 401

    again = sign_in(door, PASSWORD).headers["set-cookie"].partition(";")[0]
    clock.seconds += SIGNED_IN_SECONDS + 1
    assert send_to(door, "GET", "/", cookie=again).status == 401


def test_guessing_ends_for_a_while() -> None:
    clock = Clock()
    door = Door(Inside(), frozenset(), SignIns(PASSWORD, clock))
    for _ in range(FAILURES):
        assert sign_in(door, "sai").status == 401
    assert sign_in(door, PASSWORD).status == 429
    clock.seconds += FAILURES_SECONDS + 1
    assert sign_in(door, PASSWORD).status == 303


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://127.0.0.1:8088"])
def test_a_foreign_websocket_is_closed_before_it_is_open(origin: str | None) -> None:
    inside, sent = Inside(), list[Message]()

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", HOST.encode()), *([(b"origin", origin.encode())] if origin else [])]
    asyncio.run(
        Door(inside, frozenset())(
            {"type": "websocket", "path": "/graphql", "headers": headers}, receive, send
        )
    )
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert inside.seen == []
