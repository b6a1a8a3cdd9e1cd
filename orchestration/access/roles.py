"""The roles as a person writes them in ``superset/roles.yml``, read strictly. No Superset import."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from orchestration.errors import MotcuaError
from orchestration.settings import PROJECT_ROOT
from orchestration.strict_yaml import Strict, read_strictly

ROLES_FILE = PROJECT_ROOT / "superset" / "roles.yml"
# The users file's word for Superset's own role of administrators, which is not described in the source.
ADMIN = "admin"
ADMIN_ROLE = "Admin"
USERNAME = "{{ current_username() }}"
ALL_COMMUNES = "*"

Permission = tuple[str, str]
"""What may be done and on what, as Superset names both: ``("can_read", "Dashboard")``."""


class RolesError(MotcuaError):
    """The source of the roles is malformed or grants what it must not."""


class Role(Strict):
    """What one role may do; ``label`` is its name for people."""

    label: str
    communes: Literal["all", "own"]
    dashboards: Literal["all"] | list[str]
    may: list[str]

    def sees(self, slug: str) -> bool:
        """Whether the dashboard ``slug`` is granted."""
        return self.dashboards == "all" or slug in self.dashboards


class RowSecurity(Strict):
    """The one Base filter: who sees which rows of a dataset that has ``column``."""

    name: str
    column: str
    clause: str
    exempt: list[str]
    open: dict[str, list[str]] = Field(default_factory=dict)


class Roles(Strict):
    """The whole source."""

    abilities: dict[str, dict[str, list[str]]]
    home: str
    roles: dict[str, Role]
    row_security: RowSecurity

    @model_validator(mode="after")
    def _consistent(self) -> Roles:
        for name, role in self.roles.items():
            if unknown := sorted(set(role.may) - set(self.abilities)):
                raise ValueError(f"vai trò {name} được giao quyền chưa khai báo: {', '.join(unknown)}")
            if role.communes == "own" and {"sql", "drill"} & set(role.may):
                raise ValueError(f"vai trò {name} chỉ xem xã của mình nên không được giao sql hay drill")
            if name in self.row_security.exempt:
                raise ValueError(f"vai trò {name} không được miễn lọc theo xã; hãy giao '*' trong dữ liệu")
        if USERNAME not in self.row_security.clause:
            raise ValueError(f"điều kiện lọc theo xã phải dùng {USERNAME}")
        return self

    def permissions(self, role: str) -> tuple[Permission, ...]:
        """All that ``role`` may do, each once, sorted."""
        return tuple(
            sorted(
                {
                    (action, thing)
                    for ability in self.roles[role].may
                    for thing, actions in self.abilities[ability].items()
                    for action in actions
                }
            )
        )

    def first_dashboard(self, names: Iterable[str]) -> str:
        """The dashboard that somebody with the roles ``names`` begins with."""
        lists = [role.dashboards for name, role in self.roles.items() if name in names]
        return next((granted[0] for granted in lists if isinstance(granted, list) and granted), self.home)

    def granted(self, slug: str) -> tuple[str, ...]:
        """The roles that see the dashboard ``slug``."""
        return tuple(name for name, role in self.roles.items() if role.sees(slug))


def load_roles(path: Path = ROLES_FILE) -> Roles:
    """Read and check the source.

    Raises:
        RolesError: it is not YAML or breaks the model; says where and why.
    """
    return read_strictly(path, Roles, "Phân quyền", RolesError)


@cache
def roles() -> Roles:
    """The source of this checkout, read once."""
    return load_roles()
