"""Texts of ours that hang on Superset's: an upgrade that moves them has to show here."""

from __future__ import annotations

import re
from pathlib import Path

import flask_appbuilder
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from orchestration.dashboards.front_end import (
    AMENDMENTS,
    FIRST_PAGE,
    PACK_PATH,
    WELCOME_PATH,
    Amendment,
    adapt_front_end,
    amended_scripts,
    assets_directory,
)
from orchestration.dashboards.source import load_dashboards
from orchestration.dashboards.translations import LOCALE, compile_catalogue, language_pack, messages
from orchestration.home import Home

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


def test_the_first_page_is_the_overview_once_there_is_a_release(app: Flask, tmp_path: Path) -> None:
    home = Home(tmp_path)
    adapt_front_end(app, home)
    assert app.test_client().get(WELCOME_PATH).location == "/dashboard/list/"
    home.current.mkdir()
    home.current_file.touch()
    assert app.test_client().get(WELCOME_PATH).location == FIRST_PAGE
    assert FIRST_PAGE.split("/")[-2] in {dashboard.slug for dashboard in load_dashboards()}


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
