"""What must hold of every landing, whatever was delivered: nothing is lost, nothing is counted twice."""

from __future__ import annotations

from collections import Counter

from orchestration.landing import DayLanding
from tests.landing.conftest import Desk


def assert_whole(desk: Desk, landing: DayLanding) -> None:
    """Every delivery of ``landing``, the only one of ``desk``, is accounted for to the row."""
    ledger = desk.ledger()
    assert len({row["file_name"] for row in ledger}) == len(landing.deliveries)
    accepted, rejected = Counter[str](), Counter[str]()
    for row in ledger:
        assert row["rows_read"] == row["rows_accepted"] + row["rows_rejected"], row
        assert (row["status"] == "accepted") == (row["reason"] is None), row
        accepted[row["delivery_id"]] += row["rows_accepted"]
        rejected[row["delivery_id"]] += row["rows_rejected"]
    for delivery in landing.deliveries:
        assert delivery.rows_read == delivery.rows_accepted + delivery.rows_rejected, delivery
        assert delivery.status != "rejected" or (delivery.rows_accepted == 0 and delivery.reason), delivery
    kinds = {delivery.kind for delivery in landing.deliveries} & {"hoso", "tientrinh", "phananh", "tieuchi"}
    landed = Counter(str(row["delivery_id"]) for kind in kinds for row in desk.rows(kind))
    quarantined = Counter(str(row["delivery_id"]) for row in desk.quarantine())
    assert landed == +accepted
    assert quarantined == +rejected
