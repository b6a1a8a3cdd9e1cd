"""What we change in what Superset sends to browsers: language, first page, links, and three defects of 6.1.

Superset has no setting for these, and its pages come compiled. Each amendment replaces one piece of text
in one served script; a test fails when an upgrade no longer holds that text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, abort, jsonify, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from orchestration.access.roles import roles
from orchestration.dashboards.links import DASHBOARD_LIST, LINK_PATH, dashboard_path, superset_address
from orchestration.dashboards.source import load_dashboards
from orchestration.home import Home
from orchestration.superset_app.translations import LOCALE, language_pack

PACK_PATH = f"/superset/language_pack/{LOCALE}/"
ASSETS_PATH = "/static/assets/"
WELCOME_PATH = "/superset/welcome/"
COLOURS_PATH = re.compile(r"/api/v1/dashboard/\d+/colors")


@dataclass(frozen=True)
class Amendment:
    """Text in a served script, what stands there instead, and why."""

    reason: str
    text: str
    instead: str


AMENDMENTS: tuple[Amendment, ...] = (
    Amendment(
        reason="Every page asks an outside host for a tracking pixel; the policy forbids it, loudly.",
        text="https://apachesuperset.gateway.scarf.sh/pixel/",
        instead="data:,",
    ),
    Amendment(
        reason="The buttons 'all' and 'inverse' lie over the names in a narrow chart's legend.",
        text='selector:["all","inverse"]',
        instead="selector:!1",
    ),
    Amendment(
        reason="A chart's description, our note below its title, is stored and read under different names.",
        text="description_markeddown:e.description_markeddown",
        instead="description_markdown:e.description_markeddown",
    ),
    Amendment(
        reason="A table writes N/A where there is nothing; it cannot be translated.",
        text='null===t.input?[!1,"N/A"]',
        instead='null===t.input?[!1,"–"]',
    ),
)


def adapt_front_end(app: Flask, home: Home) -> None:
    """Superset's ``FLASK_APP_MUTATOR``: answer for these few paths before Superset does."""
    scripts = amended_scripts()
    dashboards = {dashboard.slug: dashboard for dashboard in load_dashboards()}

    def answer() -> BaseResponse | None:
        if request.path == PACK_PATH:
            return jsonify(language_pack())
        if request.path == WELCOME_PATH:
            return redirect(_first_page(home)) if current_user.is_authenticated else None
        if request.method == "PUT" and COLOURS_PATH.fullmatch(request.path):
            # Now and then a page sends the colours that it found for its labels, whoever looks: viewers would
            # be refused, an administrator would change the dashboard by looking. Ours are in the source.
            return jsonify({"result": []})
        if request.path.startswith(LINK_PATH):
            dashboard = dashboards.get(request.path.removeprefix(LINK_PATH).rstrip("/"))
            address = superset_address(dashboard, request.args.to_dict(flat=False)) if dashboard else None
            return redirect(address) if address else abort(404)
        script = scripts.get(request.path.removeprefix(ASSETS_PATH))
        if script is None:
            return None
        response = Response(script, mimetype="text/javascript")
        response.cache_control.no_cache = True
        response.add_etag()
        return response.make_conditional(request)

    app.before_request(answer)


def _first_page(home: Home) -> str:
    """Superset's own first page lists what there is; people come for figures.

    Without a release there is no dashboard yet, and the list says so.
    """
    if not home.current_file.exists():
        return DASHBOARD_LIST
    names = [str(role.name) for role in getattr(current_user, "roles", ())]
    return dashboard_path(roles().first_dashboard(names))


@cache
def amended_scripts() -> dict[str, str]:
    """The served scripts that hold a text to replace, by file name, with it replaced."""
    scripts: dict[str, str] = {}
    for path in sorted(assets_directory().glob("*.js")):
        original = path.read_bytes()
        if any(amendment.text.encode() in original for amendment in AMENDMENTS):
            script = original.decode("utf-8")
            for amendment in AMENDMENTS:
                script = script.replace(amendment.text, amendment.instead)
            scripts[path.name] = script
    return scripts


def assets_directory() -> Path:
    """Where the installed Superset keeps its compiled pages. Finding it does not import Superset."""
    spec = find_spec("superset")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("superset")
    return Path(spec.origin).parent / "static" / "assets"
