"""Short addresses between dashboards: written, checked, and led on to Superset's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import prison
import pytest

from orchestration.dashboards.links import href, link_faults, links_in, superset_address
from tests.dashboards.narrowed import changed

LOC = changed()
AWKWARD = "Xã Ia H'Drai & (mới)! 100%"


def test_an_address_carries_the_row_into_the_filter() -> None:
    assert href("loc?xa={commune_name}&mau=red#sau") == "/xem/loc?xa={{commune_name}}&amp;mau=red#TAB-sau"
    assert href("loc?xa={commune_name}", "../") == "/xem/loc?xa={{../commune_name}}"
    assert href("loc") == "/xem/loc"


def test_addresses_in_a_template_are_found_as_they_were_meant() -> None:
    template = f'<a href="{href("loc?xa={commune_name}&mau=red#sau")}">x</a> <a href="/elsewhere">y</a>'
    assert list(links_in(template)) == ["loc?xa={commune_name}&mau=red#sau"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("loc?xa={commune_name}#sau", None),
        ("khac", "bảng điều khiển không có: khac"),
        ("loc?huyen=1", "bộ lọc không có: huyen"),
        ("loc#giua", "thẻ không có: giua"),
        ("https://example.org/", "sai dạng"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(address: str, said: str | None) -> None:
    found = list(link_faults(address, {"loc": LOC}))
    assert (found == []) if said is None else (said in found[0])


def test_supersets_address_chooses_what_was_meant() -> None:
    address = superset_address(LOC, {"xa": [AWKWARD], "ky": ["2025 · Tuần 47"]})
    assert address is not None
    parts = urlsplit(address)
    assert parts.path == "/superset/dashboard/loc/"
    state: Any = prison.loads(parse_qs(parts.query)["native_filters"][0])
    assert state["NATIVE_FILTER-xa"]["extraFormData"]["filters"] == [
        {"col": "commune_name", "op": "IN", "val": [AWKWARD]}
    ]
    assert state["NATIVE_FILTER-ky"]["filterState"]["value"] == ["2025 · Tuần 47"]


def test_without_choices_there_is_nothing_to_carry_and_unknown_ones_lead_nowhere() -> None:
    assert superset_address(LOC, {}) == "/superset/dashboard/loc/"
    assert superset_address(LOC, {"huyen": ["1"]}) is None
