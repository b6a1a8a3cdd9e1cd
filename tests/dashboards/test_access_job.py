"""What a commune may be granted is judged without Superset, from the sources and the published columns."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.access.roles import Role, Roles, RolesError, roles
from orchestration.access.users import User
from orchestration.dashboards.access_job import access_job, require_covered
from orchestration.dashboards.catalogue import PublishedColumn
from orchestration.dashboards.source import DashboardSource
from orchestration.dashboards.validate import ResolvedDashboard, ResolvedDataset
from tests.dashboards.test_source import SMALL


def granted(slug: str, open_datasets: dict[str, list[str]]) -> Roles:
    """The source, with one dashboard granted to communes."""
    source = roles()
    xa = Role(label="Xã", communes="own", dashboards=[slug], may=["view"])
    return source.model_copy(
        update={
            "roles": {**source.roles, "xa": xa},
            "home": SMALL["slug"],
            "row_security": source.row_security.model_copy(update={"open": open_datasets}),
        }
    )


def dashboard(*columns: str) -> ResolvedDashboard:
    """The smallest dashboard, whose one dataset has these columns."""
    source = DashboardSource.model_validate(SMALL)
    (dataset,) = source.datasets
    published = tuple(PublishedColumn(name, "VARCHAR", "") for name in columns)
    return ResolvedDashboard(source, {dataset.name: ResolvedDataset(dataset, "", published)})


SLUG: str = SMALL["slug"]
NAME: str = SMALL["datasets"][0]["name"]


@pytest.mark.parametrize(
    ("columns", "open_datasets"),
    [(("commune_code", "value"), {}), (("COMMUNE_CODE",), {}), (("date", "value"), {SLUG: [NAME]})],
)
def test_filtered_or_declared_open_may_be_granted(
    columns: tuple[str, ...], open_datasets: dict[str, list[str]]
) -> None:
    require_covered(granted(SLUG, open_datasets), [dashboard(*columns)])


@pytest.mark.parametrize(
    ("columns", "open_datasets", "said"),
    [
        (("date", "value"), {}, "không có commune_code"),
        (("commune_name", "value"), {SLUG: [NAME]}, "commune_name"),
        (("dossier_code",), {SLUG: [NAME]}, "dossier_code"),
        (("commune_code",), {SLUG: [NAME]}, "không được khai báo mở"),
        (("commune_code",), {SLUG: ["khac"]}, "khai báo mở nhưng không có"),
        (("commune_code",), {"khac": ["khac"]}, "khai báo mở nhưng không có"),
    ],
)
def test_what_row_security_would_not_cover_is_not_granted(
    columns: tuple[str, ...], open_datasets: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(RolesError, match=said):
        require_covered(granted(SLUG, open_datasets), [dashboard(*columns)])


def test_the_first_page_has_to_be_there() -> None:
    source = granted(SLUG, {}).model_copy(update={"home": "khong-co"})
    with pytest.raises(RolesError, match="trang đầu không có: khong-co"):
        require_covered(source, [dashboard("commune_code")])


def test_a_dashboard_that_is_not_there_cannot_be_granted() -> None:
    with pytest.raises(RolesError, match="khong-co"):
        require_covered(granted("khong-co", {}), [dashboard("commune_code")])


def test_who_is_not_granted_the_dashboard_needs_no_cover() -> None:
    source = granted(SLUG, {})
    nobody = source.model_copy(
        update={"roles": {name: role for name, role in source.roles.items() if name != "xa"}}
    )
    require_covered(nobody, [dashboard("commune_name")])


def test_the_job_is_plain_and_names_supersets_administrators() -> None:
    people = [User("an", "An", "admin", ()), User("binh", "Bình", "xa", ("14797",))]
    job: dict[str, Any] = access_job(
        roles(), people, frozenset({"cu"}), directory=False, directory_roles=False
    )
    assert [(user["username"], user["role"]) for user in job["users"]] == [("an", "Admin"), ("binh", "xa")]
    assert job["locked"] == ["cu"]
    assert job["row_security"]["exempt"] == ["Admin"]
    assert ["can_read", "Dashboard"] in job["roles"]["xa"]
