"""Files built to be odd: a short look here, and the same for minutes by ``make fuzz``."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.landing.fuzzing.landing import land_all
from tests.landing.fuzzing.strategies import Dropped, deliveries

FEW = settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
)


@FEW
@given(deliveries(most=6))
def test_whatever_is_delivered_is_accounted_for(files: list[Dropped]) -> None:
    land_all(files)
