"""The guard in front of Dagster's web pages: whose requests reach them, as an ASGI application around theirs.

Dagster asks nobody who they are, answers to any host name, takes mutations by GET and talks over WebSocket
to pages of any origin: whatever page an operator has open could run the province. Here every request must
name a host that is ours, changes must come from Dagster's own page as a JSON POST, and a password, where one
is set, is asked for. Nothing here knows Dagster; how it is started stands in ``dagster_web``.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_FOREIGN = "Yêu cầu đến từ một trang khác nên bị từ chối. Hãy thao tác ngay trên trang vận hành."
# A name or address and perhaps a port, as browsers write it; anything else is somebody's trick.
_HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
SIGN_IN = "/dang-nhap"
SIGN_OUT = "/dang-xuat"
# Whether it runs at all: for the supervisor and the doctor, who have no password.
HEALTH = "/server_info"
COOKIE = "motcua_dagster"
SIGNED_IN_SECONDS = 12 * 60 * 60
FAILURES = 10
FAILURES_SECONDS = 15 * 60
_ASK = "Hãy nhập mật khẩu trang vận hành (MOTCUA_DAGSTER_PASSWORD)."
_TOO_MANY = f"Sai mật khẩu quá nhiều lần. Hãy đợi {FAILURES_SECONDS // 60} phút rồi thử lại."
_GRAPHQL = "/graphql"
_SAFE = frozenset({"GET", "HEAD"})
_LONGEST_FORM = 4_096
_DECIDING = frozenset(
    {b"host", b"origin", b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest", b"content-type", b"accept"}
)
# Not in frames of others, not as a part of their pages, not shared with the window that opened it.
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Trang vận hành</title>
<meta name="viewport" content="width=device-width">
<body style="font: 16px/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.5rem">Trang vận hành (Dagster)</h1><p>{sentence}</p>{form}</body></html>"""
_FORM = """<form method="post" action="{action}"><label>Mật khẩu
<input type="password" name="password" autocomplete="current-password" autofocus></label>
<button>Đăng nhập</button></form>"""


@dataclass(frozen=True)
class Asked:
    """What of a request decides whether it is let in; headers in small letters, absent ones missing."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Refusal:
    """An HTTP status and the sentence for whoever asked."""

    status: int
    sentence: str


def refusal(asked: Asked, names: frozenset[str], *, websocket: bool = False) -> Refusal | None:
    """Why the request is turned away whoever sends it, or None; ``names`` are our own host names."""
    host = asked.headers.get("host", "")
    if _host_name(host) not in names:
        return Refusal(
            421,
            "Địa chỉ này không nằm trong danh sách tên của trang vận hành. Hãy mở trang bằng địa chỉ mà "
            "`motcua serve` in ra, hoặc thêm tên máy vào MOTCUA_DAGSTER_NAMES.",
        )
    origin = asked.headers.get("origin")
    if origin is not None and _authority(origin) != host.lower():
        return Refusal(403, _FOREIGN)
    if websocket:
        # Browsers always say where a connection comes from; nothing else has to connect.
        return Refusal(403, _FOREIGN) if origin is None else None
    is_own = asked.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    if not is_own and not _opens(asked):
        return Refusal(403, _FOREIGN)
    return _wrong_way(asked)


def _opens(asked: Asked) -> bool:
    """Whether a person follows a link to a page of ours, in a window of its own."""
    return (
        asked.method in _SAFE
        and asked.headers.get("sec-fetch-mode") == "navigate"
        and asked.headers.get("sec-fetch-dest") == "document"
    )


def _wrong_way(asked: Asked) -> Refusal | None:
    """Changes are asked for in one way only: JSON posted to the one address that takes it."""
    if asked.method in _SAFE:
        if asked.path.rstrip("/") == _GRAPHQL and "text/html" not in asked.headers.get("accept", ""):
            return Refusal(405, "Câu hỏi GraphQL chỉ được gửi bằng POST.")
        return None
    if asked.method != "POST" or asked.path not in (_GRAPHQL, SIGN_IN):
        return Refusal(405, "Trang vận hành chỉ nhận thay đổi qua giao diện của nó.")
    wanted = "application/x-www-form-urlencoded" if asked.path == SIGN_IN else "application/json"
    if asked.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        return Refusal(415, f"Nội dung gửi lên phải có kiểu {wanted}.")
    return None


def _host_name(host: str) -> str:
    found = _HOST.fullmatch(host)
    return found["name"].strip("[]").lower() if found else ""


def _authority(origin: str) -> str:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


@dataclass
class SignIns:
    """Who signed in with the one password, and how often it was missed. In memory: a restart ends all."""

    password: str
    now: Callable[[], float] = time.monotonic
    _until: dict[str, float] = field(default_factory=dict[str, float])
    _failures: dict[str, deque[float]] = field(default_factory=dict[str, deque[float]])

    def knows(self, token: str) -> bool:
        """Whether ``token`` was given out and has not ended."""
        return self._until.get(token, 0.0) > self.now()

    def is_tired(self, address: str) -> bool:
        """Whether ``address`` missed the password so often that none is looked at for a while."""
        self._failures = {
            where: deque(at for at in times if at > self.now() - FAILURES_SECONDS)
            for where, times in self._failures.items()
        }
        self._failures = {where: times for where, times in self._failures.items() if times}
        return len(self._failures.get(address, ())) >= FAILURES

    def begin(self, password: str, address: str) -> str | None:
        """A token for who knows the password, else None and a failure counted."""
        if not hmac.compare_digest(password.encode(), self.password.encode()):
            self._failures.setdefault(address, deque()).append(self.now())
            return None
        self._until = {token: until for token, until in self._until.items() if until > self.now()}
        token = secrets.token_urlsafe(32)
        self._until[token] = self.now() + SIGNED_IN_SECONDS
        return token

    def end(self, token: str) -> None:
        """Forget ``token``."""
        self._until.pop(token, None)


class Door:
    """The application ``inside``, behind the rules above."""

    def __init__(
        self, inside: App, names: frozenset[str], sign_ins: SignIns | None = None, *, secure: bool = False
    ) -> None:
        self._inside = inside
        self._names = frozenset(name.lower() for name in names) | LOOPBACK_NAMES
        self._sign_ins = sign_ins
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request here, or hand it on."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            asked = Asked("GET", str(scope["path"]), _headers(scope))
            if refusal(asked, self._names, websocket=True) or not self._is_known(scope):
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self._inside(scope, receive, send)
        else:
            await self._inside(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Asked(str(scope["method"]), str(scope["path"]), _headers(scope))
        if refused := refusal(asked, self._names):
            await _answer(send, refused.status, _PAGE.format(sentence=escape(refused.sentence), form=""))
        elif self._sign_ins is not None and asked.path in (SIGN_IN, SIGN_OUT):
            await self._sign_in_or_out(self._sign_ins, asked, scope, receive, send)
        elif asked.path == HEALTH or self._is_known(scope):
            await self._inside(scope, receive, _framed(send))
        elif asked.method == "GET" and "text/html" in asked.headers.get("accept", ""):
            await _answer(send, 303, "", (("location", SIGN_IN),))
        else:
            await _answer(send, 401, _PAGE.format(sentence="Hãy đăng nhập trước.", form=""))

    def _is_known(self, scope: Scope) -> bool:
        return self._sign_ins is None or self._sign_ins.knows(_token(scope))

    async def _sign_in_or_out(
        self, sign_ins: SignIns, asked: Asked, scope: Scope, receive: Receive, send: Send
    ) -> None:
        address = str((scope.get("client") or ("",))[0])
        if asked.path == SIGN_OUT:
            sign_ins.end(_token(scope))
            await _answer(
                send, 303, "", (("location", SIGN_IN), ("set-cookie", self._cookie("", ended=True)))
            )
        elif sign_ins.is_tired(address):
            await _answer(send, 429, _sign_in_page(_TOO_MANY))
        elif asked.method != "POST":
            await _answer(send, 200, _sign_in_page(_ASK))
        elif token := sign_ins.begin(await _password(receive), address):
            await _answer(send, 303, "", (("location", "/"), ("set-cookie", self._cookie(token))))
        else:
            await _answer(send, 401, _sign_in_page("Sai mật khẩu."))

    def _cookie(self, token: str, *, ended: bool = False) -> str:
        parts = (f"{COOKIE}={token}", "Path=/", "HttpOnly", "SameSite=Strict")
        return "; ".join((*parts, *(("Secure",) if self._secure else ()), *(("Max-Age=0",) if ended else ())))


def _headers(scope: Scope) -> dict[str, str]:
    """The headers that decide. One that stands twice counts as both, joined, which equals nothing allowed."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name in _DECIDING:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            found[key] = f"{found[key]},{text}" if key in found else text
    return found


def _token(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                morsel = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return ""
            return morsel.value if morsel else ""
    return ""


async def _password(receive: Receive) -> str:
    body = b""
    while len(body) <= _LONGEST_FORM:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return parse_qs(body[:_LONGEST_FORM].decode("utf-8", "replace")).get("password", [""])[0]


def _sign_in_page(sentence: str) -> str:
    return _PAGE.format(sentence=escape(sentence), form=_FORM.format(action=SIGN_IN))


def _framed(send: Send) -> Send:
    """``send`` that adds what keeps other pages from using ours."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return sending


async def _answer(send: Send, status: int, page: str, more: tuple[tuple[str, str], ...] = ()) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
        *_HEADERS,
        *((name.encode(), value.encode()) for name, value in more),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page.encode()})
