"""An OpenID Connect provider for the tests: over TLS, for one application; who comes, the test says."""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import trustme
from joserfc import jwk, jwt

CLIENT_ID = "motcua"
CLIENT_SECRET = "the-secret-of-this-test"
_ALGORITHM = "RS256"


def _new_key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


@dataclass
class Provider:
    """``claims`` say who sits at the browser; ``signs_with`` is the key of what it hands out."""

    issuer: str = ""
    authority: Path = Path()
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    key: jwk.RSAKey = field(default_factory=_new_key)
    signs_with: jwk.RSAKey | None = None
    nonces: dict[str, str] = field(default_factory=dict[str, str])

    def authorize(self, query: dict[str, list[str]]) -> str:
        """Where the browser goes next: back, with a code."""
        assert query["client_id"] == [CLIENT_ID]
        code = secrets.token_hex(8)
        self.nonces[code] = query["nonce"][0]
        return f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """The tokens for a code; each code serves once."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": str(self.claims["preferred_username"]),
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonces.pop(form["code"][0]),
            **self.claims,
        }
        header = {"alg": _ALGORITHM, "kid": self.key.kid}
        return {
            "access_token": secrets.token_hex(16),
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": jwt.encode(header, told, self.signs_with or self.key),
        }

    def describe(self) -> dict[str, Any]:
        """What programs are told of it."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parse_qs(parts.query)))
                self.end_headers()
            elif parts.path == "/keys":
                self._answer({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._answer(provider.describe())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            known = self.headers.get("Authorization") == f"Basic {credentials}"
            self._answer(
                provider.token(form) if known else {"error": "invalid_client"}, 200 if known else 401
            )

        def _answer(self, content: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def identity_provider(directory: Path) -> Generator[Provider]:
    """Serve on a free port of this machine, with a certificate of an authority made for it."""
    provider = Provider(authority=directory / "authority.pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(provider.authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        provider.issuer = f"https://localhost:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
