"""Who sees every commune in a release, read from the release's own grants beside its database.

Their answers are the same, so they may share them. Whatever cannot be read says nobody.
"""

from __future__ import annotations

from functools import lru_cache

import duckdb

from orchestration.access.roles import ALL_COMMUNES
from orchestration.home import Home

GRANTS = "access.commune_viewer.parquet"


def sees_everything(home: Home, release: str, username: str) -> bool:
    """Whether ``release`` grants ``username`` every commune."""
    return username in _unlimited(home, release)


@lru_cache(maxsize=4)
def _unlimited(home: Home, release: str) -> frozenset[str]:
    grants = home.releases / release / "parquet" / GRANTS
    if not grants.is_file():
        return frozenset()
    # The twin, because the database itself is open in this process with other settings.
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct username from read_parquet(?) where commune_code = ?",
            [str(grants), ALL_COMMUNES],
        ).fetchall()
    return frozenset(str(username) for (username,) in rows)
