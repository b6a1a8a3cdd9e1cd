"""Superset's record of who did what, kept to what matters for access.

By default every drawn chart writes some rows into the metadata: a wall display would fill the disk and
keep SQLite busy. Who opened, exported, queried or changed something is kept (and pruned by the worker).
"""

from __future__ import annotations

from typing import Any

from superset.utils.log import DBEventLogger

from orchestration.superset_app.redaction import redacted

# Written once per chart, or several times, on every look at a dashboard.
ROUTINE = frozenset(
    {
        "ChartDataRestApi.data",
        "ChartDataRestApi.json_dumps",
        "DashboardRestApi.favorite_status",
        "DashboardRestApi.get_charts",
        "DashboardRestApi.get_datasets",
        "DatasetRestApi.get_drill_info",
        "QueryObject.post_processing",
        "_get_data_response",
        "execute_sql",
        "load_into_dataframe",
        "log",
    }
)


class AccessLogger(DBEventLogger):
    """Drops what is routine, hands on the rest without the secrets that it carries."""

    def log(self, user_id: int | None, action: str, *args: Any, **kwargs: Any) -> None:
        """Record ``action`` unless it is routine."""
        if action not in ROUTINE:
            super().log(user_id, action, *redacted(args), **redacted(kwargs))
