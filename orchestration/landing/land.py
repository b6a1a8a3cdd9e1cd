"""Landing: the pending files of one export date, into the lake and the ledger, in one pass.

A pass either happens or leaves nothing. Its steps: find what is new, read it onto the bench while its raw
files are archived aside, decide about each delivery, write data and quarantine aside, publish, the ledger
last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from orchestration.clock import Moment
from orchestration.contract import Contract, load_contract
from orchestration.landing.archive import Archiving
from orchestration.landing.communes import communes_of
from orchestration.landing.files import Candidate, DayLanding, Delivery, Part
from orchestration.landing.inbox import day_folders, require_day, scan_day, unchanged
from orchestration.landing.judging.judge import Bench
from orchestration.landing.lake import (
    Publication,
    bench_scratch,
    data_columns,
    ensure_anchors,
    ledger_directory,
    locked,
    remove_orphans,
    writing,
)
from orchestration.landing.ledger import FILES_KEY, LEDGER_COLUMNS, PREVIOUS_KEY, LedgerIndex, read_index
from orchestration.landing.names import parse_name
from orchestration.landing.outcome import Counts, Landing, Outcome, count_rows, decide, ledger_rows, result_of
from orchestration.landing.pending import candidates
from orchestration.landing.readers.spreadsheet import SpreadsheetPool
from orchestration.landing.reading import Reading
from orchestration.settings import Settings
from orchestration.sql_text import quote

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
_PART_COLUMNS = (
    ("part", "INTEGER"),
    ("delivery_id", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("commune", "VARCHAR"),
    ("landed", "BOOLEAN"),
    ("listed", "BOOLEAN"),
)
_RULE_COLUMNS = (
    ("kind", "VARCHAR"),
    ("fault", "SMALLINT"),
    ("rule", "VARCHAR"),
    ("column_name", "VARCHAR"),
    ("reason", "VARCHAR"),
)


def pending_days(settings: Settings, moment: Moment) -> list[date]:
    """Export dates up to today with a file that has not landed yet, oldest first.

    Raises:
        UnavailableError: there is no inbox.
    """
    contract = load_contract()
    index = read_index(ledger_directory(settings.paths))
    return [
        day
        for day, _ in day_folders(settings.inbox_path)
        if day <= moment.today and _candidates(settings, day, index, contract)
    ]


def land_day(
    settings: Settings,
    export_date: date,
    moment: Moment,
    progress: Progress | None = None,
    tell: Tell = lambda _: None,
) -> DayLanding:
    """Land every pending file of ``export_date``. ``progress`` is told (files read, files to read).

    ``tell`` is told, in Vietnamese, when another landing has to end first.

    Raises:
        UnavailableError: no inbox, or it is gone midway, another landing does not end, or the lake cannot be
            written; nothing has landed then.
    """
    contract, home = load_contract(), settings.paths
    with locked(home, tell):
        remove_orphans(home)
        ensure_anchors(home)
        index = read_index(ledger_directory(home))
        pending = _candidates(settings, export_date, index, contract)
        if not pending:
            return DayLanding(export_date, None)
        seq = index.last_seq + 1
        landing = Landing(f"{seq:08d}-{moment.now:%Y%m%dT%H%M%S}", seq, export_date, moment)
        deliveries = [Delivery(number, file, file.found.fault) for number, file in enumerate(pending)]
        with (
            writing(home),
            Publication(home, landing.landing_id).writing() as publication,
            Bench(contract, communes_of(settings.province), bench_scratch(home)) as bench,
            _archiving(publication, deliveries, export_date) as archiving,
        ):
            parts = _read_all(bench, deliveries, settings, export_date, contract, progress)
            kept = _keep(deliveries, archiving, landing, settings)
            return _publish(bench, deliveries, kept, parts, publication, landing, contract)


def _candidates(
    settings: Settings, export_date: date, index: LedgerIndex, contract: Contract
) -> list[Candidate]:
    folders = dict(day_folders(settings.inbox_path))
    if export_date not in folders:
        return []
    communes = communes_of(settings.province)
    found = scan_day(folders[export_date], export_date, contract, settings.province, communes)
    return candidates(found, export_date, index, contract)


def _read_all(
    bench: Bench,
    deliveries: Sequence[Delivery],
    settings: Settings,
    export_date: date,
    contract: Contract,
    progress: Progress | None,
) -> list[Part]:
    communes = communes_of(settings.province)
    with SpreadsheetPool(contract) as spreadsheets:
        reading = Reading(
            bench,
            contract,
            spreadsheets,
            lambda name: parse_name(name, contract, settings.province, communes, export_date),
            export_date,
        )
        for done, delivery in enumerate(deliveries, start=1):
            reading.read(delivery)
            if progress is not None:
                progress(done, len(deliveries))
        reading.finish()
    return reading.parts


@contextmanager
def _archiving(
    publication: Publication, deliveries: Sequence[Delivery], export_date: date
) -> Generator[Archiving | None]:
    """Archiving of the raw files, under way; None if no file could be opened."""
    if all(delivery.candidate.sha256 is None for delivery in deliveries):
        yield None
        return
    with Archiving(publication.stage_archive(export_date), deliveries) as archiving:
        yield archiving


def _keep(
    deliveries: Sequence[Delivery], archiving: Archiving | None, landing: Landing, settings: Settings
) -> list[Delivery]:
    """The deliveries that this pass may speak of, their raw files archived.

    A file that grew, was replaced or could not be had to its end belongs to the next pass.

    Raises:
        UnavailableError: the day's folder is gone.
    """
    if archiving is None:
        kept = [delivery for delivery in deliveries if not delivery.left and unchanged(delivery.found)]
    else:
        kept = archiving.settle([delivery for delivery in deliveries if not delivery.left])
    if len(kept) < len(deliveries):
        require_day(settings.inbox_path, landing.export_date)
    return kept


def _publish(
    bench: Bench,
    deliveries: Sequence[Delivery],
    kept: Sequence[Delivery],
    parts: Sequence[Part],
    publication: Publication,
    landing: Landing,
    contract: Contract,
) -> DayLanding:
    numbers = {delivery.number for delivery in kept}
    left = tuple(delivery.found.name for delivery in deliveries if delivery.number not in numbers)
    if not kept:
        return DayLanding(landing.export_date, None, left=left)
    counts = count_rows(bench, parts)
    rules = {kind: bench.rules_table(kind) for kind in bench.kinds}
    outcomes = {
        delivery.number: decide(
            delivery,
            counts.get(delivery.number, Counts()),
            {number: reason for number, _, _, reason in rules.get(delivery.kind, [])},
            contract,
        )
        for delivery in kept
    }
    _register(bench, kept, outcomes, parts, rules, landing)
    for kind in bench.kinds:
        _write_data(bench, kind, publication, landing, contract)
    _write_quarantine(bench, publication, landing)
    _write_ledger(bench, kept, outcomes, publication, landing, contract)
    publication.publish()
    results = tuple(result_of(delivery, outcomes[delivery.number]) for delivery in kept)
    return DayLanding(landing.export_date, landing.landing_id, results, left)


def _register(
    bench: Bench,
    kept: Sequence[Delivery],
    outcomes: Mapping[int, Outcome],
    parts: Sequence[Part],
    rules: Mapping[str, list[tuple[int, str, str | None, str]]],
    landing: Landing,
) -> None:
    """Give the bench what it needs to tell rows of landed deliveries from others."""
    names = {delivery.number: delivery for delivery in kept}
    bench.fill(
        "parts",
        _PART_COLUMNS,
        [
            (
                part.number,
                landing.delivery_id(names[part.delivery]),
                names[part.delivery].found.name,
                part.commune,
                outcomes[part.delivery].landed,
                bool(outcomes[part.delivery].counts.communes),
            )
            for part in parts
            if part.delivery in names
        ],
    )
    bench.fill(
        "rules", _RULE_COLUMNS, [(kind, *rule) for kind, numbered in rules.items() for rule in numbered]
    )


def _write_data(
    bench: Bench, kind: str, publication: Publication, landing: Landing, contract: Contract
) -> None:
    given = {
        "export_date": f"DATE '{landing.export_date.isoformat()}'",
        "landing_seq": f"CAST({landing.landing_seq} AS BIGINT)",
        "commune_code": "coalesce(commune_code, commune)",
    }
    columns = ", ".join(f"{given.get(name, name)} AS {name}" for name, _ in data_columns(contract, kind))
    accepted = f"FROM {bench.numbered(kind)} JOIN parts USING (part) WHERE landed AND fault IS NULL"
    first = bench.database.execute(f"SELECT 1 {accepted} LIMIT 1").fetchone()
    if first is not None:
        target = quote(str(publication.stage_data(kind, landing.export_date)))
        bench.database.execute(f"COPY (SELECT {columns} {accepted}) TO {target} {_PARQUET}")


def _write_quarantine(bench: Bench, publication: Publication, landing: Landing) -> None:
    """One row per rejected row; in a file rejected whole, its sound rows are listed too."""
    listed = [
        f"SELECT delivery_id, CAST({landing.landing_seq} AS BIGINT) AS landing_seq, {quote(kind)} AS kind, "
        f"DATE '{landing.export_date.isoformat()}' AS export_date, "
        f"coalesce(commune_code, commune) AS commune_code, "
        f"file_name, line, rules.column_name, coalesce(rules.rule, 'file_rejected') AS rule, "
        f"coalesce(rules.reason, {quote(load_contract().row_rules['file_rejected'].sentence)}) AS reason, "
        f"masked AS value_masked "
        f"FROM {bench.numbered(kind)} AS rows JOIN parts USING (part) "
        f"LEFT JOIN rules ON rules.kind = {quote(kind)} AND rules.fault = rows.fault "
        f"WHERE listed AND (rows.fault IS NOT NULL OR NOT landed)"
        for kind in bench.kinds
    ]
    if not listed:
        return
    bench.database.execute(f"CREATE TABLE quarantine AS {' UNION ALL '.join(listed)}")
    if bench.database.execute("SELECT 1 FROM quarantine LIMIT 1").fetchone() is not None:
        target = quote(str(publication.stage_quarantine()))
        bench.database.execute(f"COPY quarantine TO {target} {_PARQUET}")


def _write_ledger(
    bench: Bench,
    kept: Sequence[Delivery],
    outcomes: Mapping[int, Outcome],
    publication: Publication,
    landing: Landing,
    contract: Contract,
) -> None:
    rows = [
        row
        for delivery in kept
        for row in ledger_rows(delivery, outcomes[delivery.number], landing, contract)
    ]
    names = [name for name, _ in LEDGER_COLUMNS]
    bench.fill("ledger", LEDGER_COLUMNS, [tuple(getattr(row, name) for name in names) for row in rows])
    vouched = {FILES_KEY: publication.hashes(), PREVIOUS_KEY: publication.newest_ledger()}
    metadata = ", ".join(f"{quote(key)}: {quote(json.dumps(value))}" for key, value in vouched.items())
    options = f"{_PARQUET.removesuffix(')')}, KV_METADATA {{{metadata}}})"
    bench.database.execute(f"COPY ledger TO {quote(str(publication.stage_ledger()))} {options}")
