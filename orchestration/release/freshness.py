"""How new the published figures should be. What a working day is, the release's own calendar says."""

from __future__ import annotations

from datetime import date

from orchestration.clock import Moment
from orchestration.home import Home
from orchestration.release.reader import run_sql


def expected_data_date(home: Home, moment: Moment) -> date | None:
    """The newest working day whose exports had to be in at ``moment``; None on an empty calendar.

    Raises:
        UnavailableError: nothing has been published yet.
        QueryError: the release has no calendar.
    """
    due = moment.last_due_day.isoformat()
    result = run_sql(
        home, f"SELECT max(date) FROM marts.dim_date WHERE is_working_day AND date <= DATE '{due}'"
    )
    return result.rows[0][0]
