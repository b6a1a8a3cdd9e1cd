"""Texts of ours that hang on Superset's: an upgrade that moves them has to show here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import flask_appbuilder
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask, Request
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin

from orchestration.access.roles import roles
from orchestration.dashboards.source import load_dashboards
from orchestration.home import Home
from orchestration.superset_app.front_end import (
    AMENDMENTS,
    PACK_PATH,
    WELCOME_PATH,
    Amendment,
    adapt_front_end,
    amended_scripts,
    assets_directory,
)
from orchestration.superset_app.translations import LOCALE, compile_catalogue, language_pack, messages

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


@pytest.mark.parametrize("amendment", AMENDMENTS, ids=lambda amendment: amendment.text)
def test_each_amendment_still_finds_its_text_once(amendment: Amendment) -> None:
    counts = [
        path.read_text(encoding="utf-8").count(amendment.text) for path in assets_directory().glob("*.js")
    ]
    assert sum(counts) == 1


def test_what_is_served_is_amended() -> None:
    served = "".join(amended_scripts().values())
    for amendment in AMENDMENTS:
        assert amendment.text not in served
        assert amendment.instead in served


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_the_pages_get_our_language_and_our_scripts(app: Flask, tmp_path: Path) -> None:
    adapt_front_end(app, Home(tmp_path))
    client = app.test_client()
    assert client.get(PACK_PATH).get_json() == language_pack()
    name = next(iter(amended_scripts()))
    answer = client.get(f"/static/assets/{name}")
    assert answer.mimetype == "text/javascript"
    assert answer.text == amended_scripts()[name]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/static/assets/{name}", headers=known).status_code == 304
    assert client.get("/static/assets/nothing.js").status_code == 404


@dataclass(frozen=True)
class Named:
    """A role of Superset's, of which only the name is asked."""

    name: str


class Person(UserMixin):
    """Whoever the request's header says."""

    def __init__(self, role: str) -> None:
        self.roles = [Named(role)]


@pytest.fixture
def visited(app: Flask, tmp_path: Path) -> FlaskClient:
    """The paths of ours, asked by somebody whose role stands in a header."""
    home = Home(tmp_path)
    home.current.mkdir()
    home.current_file.touch()
    manager = LoginManager(app)

    @manager.request_loader
    def person(request: Request) -> Person | None:  # pyright: ignore[reportUnusedFunction] - for the decorator
        role = request.headers.get("Role")
        return Person(role) if role else None

    adapt_front_end(app, home)
    return app.test_client()


@pytest.mark.parametrize("role", ["lanh_dao", "Admin", *(name for name in roles().roles)])
def test_everybody_begins_with_a_dashboard_that_they_are_granted(visited: FlaskClient, role: str) -> None:
    slug = str(visited.get(WELCOME_PATH, headers={"Role": role}).location).split("/")[-2]
    assert slug in {dashboard.slug for dashboard in load_dashboards()}
    assert role not in roles().roles or roles().roles[role].sees(slug)


def test_who_has_not_signed_in_is_left_to_superset(visited: FlaskClient) -> None:
    assert visited.get(WELCOME_PATH).status_code == 404


def test_without_a_release_the_first_page_is_the_list(visited: FlaskClient, tmp_path: Path) -> None:
    Home(tmp_path).current_file.unlink()
    assert visited.get(WELCOME_PATH, headers={"Role": "lanh_dao"}).location == "/dashboard/list/"


def test_a_short_address_leads_to_the_dashboard_with_the_choice_made(visited: FlaskClient) -> None:
    location = str(visited.get("/xem/den-tin-hieu", query_string={"xa": "Xã Ia H'Drai"}).location)
    assert location.startswith("/superset/dashboard/den-tin-hieu/?native_filters=")
    assert "H%21%27Drai" in location
    assert visited.get("/xem/den-tin-hieu?huyen=1").status_code == 404
    assert visited.get("/xem/khong-co").status_code == 404


def test_a_page_that_sends_its_colours_changes_nothing_and_is_not_refused(app: Flask, tmp_path: Path) -> None:
    adapt_front_end(app, Home(tmp_path))
    path = "/api/v1/dashboard/1/colors?mark_updated=false"
    assert app.test_client().put(path, json={"map_label_colors": {"a": "red"}}).get_json() == {"result": []}
    assert app.test_client().get(path).status_code == 404


def test_translations_answer_messages_that_superset_has() -> None:
    superset = assets_directory().parents[1] / "translations" / "messages.pot"
    # The framework below has a template of no language; any of its languages names what it says.
    framework = Path(flask_appbuilder.__file__).parent / "translations" / "de" / "LC_MESSAGES" / "messages.po"
    known: set[str] = set()
    for path in (superset, framework):
        with path.open("rb") as file:
            for message in read_po(file):
                known.update((message.id,) if isinstance(message.id, str) else message.id)
    assert sorted(set(messages()) - known) == []


def test_translations_keep_their_placeholders() -> None:
    for english, vietnamese in messages().items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(vietnamese)), english


def test_the_servers_catalogue_compiles(tmp_path: Path) -> None:
    compile_catalogue(Home(tmp_path))
    compiled = tmp_path / "superset" / "translations" / LOCALE / "LC_MESSAGES" / "messages.mo"
    with compiled.open("rb") as file:
        compiled_messages = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled_messages == messages()
