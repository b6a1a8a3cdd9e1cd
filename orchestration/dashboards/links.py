"""Ways from one dashboard to another that carry its filters: ``/xem/<dashboard>?<filter>=<value>#<tab>``.

Sources write these short addresses, which say what is meant; the web server leads on to Superset's own,
which hold identifiers. An address carries names, never rows: who follows it sees what they are granted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import prison

from orchestration.dashboards.source import DashboardSource, FilterSource

LINK_PATH = "/xem/"
# Superset's own pages: one dashboard, and the list of all.
DASHBOARD_PATH = "/superset/dashboard/"
DASHBOARD_LIST = "/dashboard/list/"

_ADDRESS = re.compile(r"^(?P<slug>[a-z0-9_-]+)(\?(?P<choices>[^#]*))?(#(?P<tab>[a-z0-9_-]+))?$")
_HREF = re.compile(rf'href="{LINK_PATH}([^"]*)"')
_COLUMN = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Link:
    """An address taken apart; ``choices`` pairs filters with the text written for them."""

    slug: str
    choices: tuple[tuple[str, str], ...]
    tab: str | None


def parse_link(address: str) -> Link | None:
    """``xa-phuong?xa={commune_name}#ho-so``, or None for anything of another form."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    pairs = [part.partition("=") for part in (found["choices"] or "").split("&") if part]
    return Link(found["slug"], tuple((name, value) for name, _, value in pairs), found["tab"])


def link_columns(address: str) -> tuple[str, ...]:
    """The columns whose values a chart's link carries."""
    return tuple(_COLUMN.findall(address))


def href(address: str, prefix: str = "") -> str:
    """The address within a Handlebars template; ``prefix`` leads out of a list to the row that holds it."""
    path, mark, tab = address.partition("#")
    filled = _COLUMN.sub(lambda found: "{{" + prefix + found[1] + "}}", escape(path, quote=True))
    return f"{LINK_PATH}{filled}" + (f"#TAB-{tab}" if mark else "")


def links_in(template: str) -> Iterator[str]:
    """The addresses that a template written by hand leads to, with ``{column}`` for what is filled in."""
    for found in _HREF.finditer(template):
        yield (
            re.sub(r"\{\{(?:\.\./)*([a-z0-9_]+)\}\}", r"{\1}", found[1])
            .replace("&amp;", "&")
            .replace("#TAB-", "#")
        )


def link_faults(address: str, dashboards: Mapping[str, DashboardSource]) -> Iterator[str]:
    """Why following ``address`` would not lead to what it says, a sentence each."""
    link = parse_link(address)
    if link is None:
        yield f"đường dẫn sai dạng: {address}"
        return
    target = dashboards.get(link.slug)
    if target is None:
        yield f"đường dẫn tới bảng điều khiển không có: {link.slug}"
        return
    for name, _ in link.choices:
        if target.filter(name) is None:
            yield f"đường dẫn tới {link.slug} dùng bộ lọc không có: {name}"
    if link.tab is not None and link.tab not in {tab.name for tab in target.tabs}:
        yield f"đường dẫn tới {link.slug} chọn thẻ không có: {link.tab}"


def filter_id(name: str) -> str:
    """What Superset calls the filter ``name`` of a dashboard."""
    return f"NATIVE_FILTER-{name}"


def chosen(choice: FilterSource, values: Iterable[str]) -> dict[str, object]:
    """The state of a filter with ``values`` chosen, as Superset keeps it."""
    kept = list(values)
    return {
        "id": filter_id(choice.name),
        "extraFormData": {"filters": [{"col": choice.column, "op": "IN", "val": kept}]},
        "filterState": {"value": kept, "label": ", ".join(kept)},
        "ownState": {},
    }


def dashboard_path(slug: str) -> str:
    """Where Superset shows the dashboard."""
    return f"{DASHBOARD_PATH}{slug}/"


def superset_address(dashboard: DashboardSource, choices: Mapping[str, list[str]]) -> str | None:
    """Superset's address of the dashboard with these values chosen; None if it lacks one of the filters."""
    state: dict[str, object] = {}
    for name, values in choices.items():
        choice = dashboard.filter(name)
        if choice is None:
            return None
        state[filter_id(name)] = chosen(choice, values)
    address = dashboard_path(dashboard.slug)
    return f"{address}?native_filters={quote(prison.dumps(state), safe='')}" if state else address
