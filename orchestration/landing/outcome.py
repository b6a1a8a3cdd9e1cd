"""What becomes of each delivery, from the counts of its judged rows; and the ledger rows that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.clock import Moment, local_from_timestamp
from orchestration.contract import Contract
from orchestration.landing.files import Delivery, DeliveryName, DeliveryResult, FileError, LeftOut, Part
from orchestration.landing.judging.judge import Bench
from orchestration.landing.ledger import ACCEPTED, REJECTED, WITH_REJECTS, LedgerRow
from orchestration.landing.masking import mask_head


@dataclass(frozen=True)
class Landing:
    """The identity of one pass."""

    landing_id: str
    landing_seq: int
    export_date: date
    moment: Moment

    def delivery_id(self, delivery: Delivery) -> str:
        """Sorts like the order in which deliveries count."""
        return f"{self.landing_id}-{delivery.number:05d}"


@dataclass(frozen=True)
class Tally:
    """Rows of one delivery in one commune (None where a row names none)."""

    read: int = 0
    rejected: int = 0


@dataclass
class Counts:
    """Judged rows of one delivery."""

    communes: dict[str | None, Tally] = field(default_factory=lambda: {})
    faults: Counter[int] = field(default_factory=lambda: Counter[int]())

    @property
    def total(self) -> Tally:
        """Over all communes."""
        tallies = self.communes.values()
        return Tally(sum(tally.read for tally in tallies), sum(tally.rejected for tally in tallies))


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: status, and the rule and reason if something is wrong."""

    status: str
    rule: str | None
    reason: str | None
    counts: Counts

    @property
    def landed(self) -> bool:
        """Whether its sound rows are data."""
        return self.status != REJECTED


def count_rows(bench: Bench, parts: Sequence[Part]) -> dict[int, Counts]:
    """Counts by delivery number."""
    counts: dict[int, Counts] = {}
    by_number = {part.number: part for part in parts}
    for kind in bench.kinds:
        rows = bench.database.execute(
            f"SELECT part, commune_code, fault, count(*) FROM judged_{kind} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for number, named, fault, amount in rows:
            part = by_number[number]
            mine = counts.setdefault(part.delivery, Counts())
            commune = named or part.commune
            tally = mine.communes.get(commune, Tally())
            bad = amount if fault is not None else 0
            mine.communes[commune] = Tally(tally.read + amount, tally.rejected + bad)
            if fault is not None:
                mine.faults[fault] += amount
    return counts


def decide(delivery: Delivery, counts: Counts, reasons: dict[int, str], contract: Contract) -> Outcome:
    """The outcome of a delivery; ``reasons`` are the sentences of its kind's row rules by number."""
    total = counts.total
    fault = delivery.fault
    # A head without rows is a quiet day of its commune; in a province-wide file it says nothing of anybody.
    if fault is None and total.read == 0 and not delivery.is_of_commune:
        fault = FileError("empty")
    if fault is not None:
        return Outcome(REJECTED, fault.rule, fault.reason(contract), Counts())
    if total.rejected == 0:
        return Outcome(ACCEPTED, None, None, counts)
    most = reasons[min(counts.faults, key=lambda number: (-counts.faults[number], number))]
    details = {"rejected": str(total.rejected), "read": str(total.read), "most": most}
    if total.rejected > contract.limits.reject_share * total.read:
        whole = FileError("too_many_rejects", **details)
        return Outcome(REJECTED, whole.rule, whole.reason(contract), counts)
    return Outcome(WITH_REJECTS, None, contract.accepted_with_rejects.format_map(details), counts)


def ledger_rows(
    delivery: Delivery, outcome: Outcome, landing: Landing, contract: Contract
) -> list[LedgerRow]:
    """The delivery's rows of the ledger: one per commune in a province-wide file, else one for its unit."""
    found, parsed = delivery.found, delivery.found.parsed
    arrived = min(local_from_timestamp(found.mtime_ns / 1e9), landing.moment.now)
    claims = found.claims
    tallies: dict[str | None, Tally] = {claims.commune: outcome.counts.total}
    if claims.commune is None and outcome.counts.communes:
        tallies = outcome.counts.communes
    return [
        LedgerRow(
            delivery_id=landing.delivery_id(delivery),
            landing_id=landing.landing_id,
            landing_seq=landing.landing_seq,
            kind=delivery.kind,
            export_date=landing.export_date,
            unit_code=claims.unit,
            commune_code=commune,
            file_name=found.name,
            sha256=delivery.candidate.sha256,
            size_bytes=found.size,
            mtime_ns=found.mtime_ns,
            arrived_at=arrived,
            landed_at=landing.moment.now,
            status=_status(tally, outcome),
            rows_read=tally.read,
            rows_accepted=tally.read - _rejected(tally, outcome),
            rows_rejected=_rejected(tally, outcome),
            rule=outcome.rule,
            reason=outcome.reason if _rejected(tally, outcome) or not outcome.landed else None,
            unknown_columns=_noted(delivery.unknown, contract),
            lines_left_out=delivery.left_out.total(),
            left_out=_told(delivery.left_out, contract),
            contract_version=contract.version,
            source_format=_format(parsed),
        )
        for commune, tally in tallies.items()
    ]


def result_of(delivery: Delivery, outcome: Outcome) -> DeliveryResult:
    """The outcome for whoever asked for the landing."""
    total = outcome.counts.total
    rejected = _rejected(total, outcome)
    return DeliveryResult(
        file_name=delivery.found.name,
        kind=delivery.kind,
        unit_code=delivery.found.claims.unit,
        status=outcome.status,
        rows_read=total.read,
        rows_accepted=total.read - rejected,
        rows_rejected=rejected,
        rule=outcome.rule,
        reason=outcome.reason,
    )


def _rejected(tally: Tally, outcome: Outcome) -> int:
    return tally.rejected if outcome.landed else tally.read


def _status(tally: Tally, outcome: Outcome) -> str:
    """A commune none of whose rows landed has delivered nothing, though the file landed for others."""
    if not outcome.landed or (tally.rejected and tally.rejected == tally.read):
        return REJECTED
    return WITH_REJECTS if tally.rejected else ACCEPTED


def _format(parsed: DeliveryName | None) -> str | None:
    """``csv``, ``csv.gz``, ``zip`` ...: how the file came."""
    return ".".join(word for word in (parsed.format, parsed.wrapper) if word) if parsed else None


def _noted(unknown: list[str], contract: Contract) -> str | None:
    """Unknown heads as they may be kept: few, short, masked."""
    limits = contract.limits
    heads = dict.fromkeys(mask_head(head, limits.unknown_head_length) for head in unknown)
    return ", ".join(list(heads)[: limits.unknown_heads]) or None


def _told(left_out: LeftOut, contract: Contract) -> str | None:
    """How many lines were no data, by what they are."""
    kinds = [f"{left_out[kind]} {words}" for kind, words in contract.left_out.items() if left_out[kind]]
    return ", ".join(kinds) or None
