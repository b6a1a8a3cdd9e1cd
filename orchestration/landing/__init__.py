"""From files in the inbox to typed, judged Parquet in the lake, with a ledger of every delivery.

In order: ``inbox`` finds files, ``names`` understands what they are called, ``pending`` tells which are new,
``reading`` brings each by its reader (package ``readers``) into one tabular text form, package ``judging``
types and judges rows, ``outcome`` decides about files, ``archive`` keeps their bytes, ``lake`` publishes,
``ledger`` remembers, ``retention`` removes raw files in the end. ``completeness`` tells whether all that
landed is still there, ``withdrawal`` takes a landing back to land it again. What the columns mean is the
contract's business, what the data mean is dbt's.
"""

from orchestration.landing.completeness import require_whole
from orchestration.landing.files import DayLanding, DeliveryResult
from orchestration.landing.inbox import stray_files
from orchestration.landing.lake import ensure_anchors
from orchestration.landing.land import land_day, pending_days
from orchestration.landing.retention import Removed, remove_expired
from orchestration.landing.withdrawal import take_back

__all__ = [
    "DayLanding",
    "DeliveryResult",
    "Removed",
    "ensure_anchors",
    "land_day",
    "pending_days",
    "remove_expired",
    "require_whole",
    "stray_files",
    "take_back",
]
