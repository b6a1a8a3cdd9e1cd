"""One round of fuzzing, as it runs in a process of its own under a limit of memory."""

from __future__ import annotations

import resource

from hypothesis import HealthCheck, given, settings

from tests.landing.fuzzing.landing import land_all
from tests.landing.fuzzing.strategies import deliveries

MEMORY = 4 << 30
"""Address space of a round, in bytes; children of it have limits of their own."""
ROUND_EXAMPLES = 40


def run_round() -> None:
    """Land many generated deliveries; raises what the first failing one raises."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    many = settings(
        deadline=None,
        max_examples=ROUND_EXAMPLES,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
    )
    many(given(deliveries(most=6))(land_all))()
