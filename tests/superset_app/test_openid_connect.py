"""Signing in at the province's own OpenID Connect provider, through a Superset that is set up so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from orchestration.services.superset_services import superset_specs
from tests.dashboards.installation import Installation, prepare, serving
from tests.superset_app.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, identity_provider

LEADERS = "/tinh/lanh-dao"
OFFICE = "/tinh/van-phong"


@dataclass(frozen=True)
class Place:
    """A Superset that knows nobody's password, and the provider that it asks."""

    url: str
    provider: Provider

    def come(self, **claims: Any) -> requests.Session:
        """Somebody with these claims opens the sign-in page of the provider and is led wherever it leads."""
        self.provider.claims = claims
        visitor = requests.Session()
        visitor.trust_env = False  # a bundle of authorities named there would come before this one
        visitor.verify = str(self.provider.authority)
        visitor.get(f"{self.url}/login/oidc", timeout=60)
        return visitor

    def who(self, visitor: requests.Session) -> str | None:
        """The username that Superset has for the visitor, or None for a stranger."""
        answer = visitor.get(f"{self.url}/api/v1/me/", timeout=60)
        return str(answer.json()["result"]["username"]) if answer.ok else None

    def dashboards(self, visitor: requests.Session) -> list[str]:
        """Slugs of the dashboards that Superset lists for the visitor."""
        answer = visitor.get(
            f"{self.url}/api/v1/dashboard/", headers={"Accept": "application/json"}, timeout=60
        )
        return [found["slug"] for found in answer.json().get("result", [])] if answer.ok else []


@pytest.fixture(scope="module")
def place(running_superset: Installation, tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    """A copy of the prepared installation, so that whom the provider brings stays out of the other tests."""
    directory = tmp_path_factory.mktemp("oidc")
    home = directory / "home"
    shutil.copytree(running_superset.settings.paths.root, home, symlinks=True)
    settings = prepare(home)
    with identity_provider(directory) as provider:
        (spec,) = superset_specs(settings)
        chosen = {
            "MOTCUA_AUTH": "oidc",
            "MOTCUA_OIDC_ISSUER": provider.issuer,
            "MOTCUA_OIDC_CLIENT_ID": CLIENT_ID,
            "MOTCUA_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "MOTCUA_AUTH_ROLES": json.dumps({LEADERS: "lanh_dao"}),
            "REQUESTS_CA_BUNDLE": str(provider.authority),
        }
        with serving(replace(spec, env={**spec.env, **chosen})):
            yield Place(f"http://{settings.host}:{settings.superset_port}", provider)


def test_who_is_in_a_group_that_has_a_role_gets_it(place: Place) -> None:
    leader = place.come(preferred_username="Lan.Anh", given_name="Lan", family_name="Anh", groups=[LEADERS])
    assert place.who(leader) == "lan.anh"
    assert place.dashboards(leader) != []


def test_who_is_in_no_such_group_is_told_that_nothing_is_granted(place: Place) -> None:
    clerk = place.come(preferred_username="van.phong", groups=[OFFICE])
    page = clerk.get(place.url, headers={"Accept": "text/html"}, timeout=60)
    assert page.status_code == 403
    assert "Không có quyền xem" in page.text
    assert place.dashboards(clerk) == []


def test_who_leaves_the_group_loses_the_role_at_the_next_sign_in(place: Place) -> None:
    assert place.dashboards(place.come(preferred_username="thoi.chuc", groups=[LEADERS])) != []
    assert place.dashboards(place.come(preferred_username="thoi.chuc", groups=[])) == []


def test_the_built_in_account_is_none_of_the_providers(place: Place) -> None:
    assert place.who(place.come(preferred_username="admin", groups=[LEADERS])) is None
    assert place.who(place.come(preferred_username=" ADMIN ", groups=[LEADERS])) is None


def test_a_token_that_somebody_else_signed_opens_nothing(place: Place) -> None:
    place.provider.signs_with = Provider().key
    try:
        assert place.who(place.come(preferred_username="lan.anh", groups=[LEADERS])) is None
    finally:
        place.provider.signs_with = None


def test_a_token_for_another_application_opens_nothing(place: Place) -> None:
    assert place.who(place.come(preferred_username="lan.anh", groups=[LEADERS], aud="another")) is None


def test_there_is_no_way_round_the_provider(place: Place, running_superset: Installation) -> None:
    body = {"username": "lanh.dao", "password": running_superset.passwords["lanh.dao"], "provider": "db"}
    answer = requests.post(f"{place.url}/api/v1/security/login", json=body, timeout=60)
    assert not answer.ok
    assert "access_token" not in answer.text


def test_the_sign_in_page_leads_there(place: Place) -> None:
    page = requests.get(f"{place.url}/login/", timeout=60).text
    assert 'id="password"' not in page
    assert "oidc" in page
