"""What a release grants to whom, read from the release's own grants beside its database.

Whoever sees every commune gets the same answers as all who do, so they may share them. What cannot be read
grants nobody everything, and says of nobody that nothing is granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import duckdb

from orchestration.access.roles import ALL_COMMUNES
from orchestration.home import Home

GRANTS = "access.commune_viewer.parquet"


def sees_everything(home: Home, release: str, username: str) -> bool:
    """Whether ``release`` grants ``username`` every commune."""
    return ALL_COMMUNES in (_granted(home, release) or {}).get(username, ())


def sees_nothing(home: Home, release: str, username: str) -> bool:
    """Whether ``release`` is there and grants ``username`` no commune."""
    granted = _granted(home, release)
    return granted is not None and username not in granted


@lru_cache(maxsize=4)
def _granted(home: Home, release: str) -> Mapping[str, frozenset[str]] | None:
    """Communes by username; None where the release has no grants to read."""
    grants = home.releases / release / "parquet" / GRANTS
    if not grants.is_file():
        return None
    # The twin, because the database itself is open in this process with other settings.
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select username, list(commune_code) from read_parquet(?) group by username", [str(grants)]
        ).fetchall()
    return {str(username): frozenset(codes) for username, codes in rows}
