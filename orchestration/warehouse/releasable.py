"""A build that no sender can hold back: what makes it fail is set aside, and it is built without.

Whom to blame is told by the rows that a failed check returns, if they name a delivery or a record, and proven
by building the failed nodes once more without it; else it is searched for (``suspects``). What fails without
any delivery, what does not read the lake, and what many deliveries trip at once is our own fault: it holds
the release back and sets nobody aside. Marks are kept in the lake (``orchestration.landing.set_aside``).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.clock import Moment
from orchestration.contract import load_contract
from orchestration.home import Home
from orchestration.landing.files import FileError
from orchestration.landing.lake import LEDGER, table_of
from orchestration.landing.ledger import REJECTED
from orchestration.landing.set_aside import RULE, aside_sql, bring_back, set_aside, set_aside_now
from orchestration.sql_text import quote
from orchestration.warehouse.build import Event, passes_without, stream_build
from orchestration.warehouse.check_words import check_title
from orchestration.warehouse.project import DbtProject, parse, rules_version
from orchestration.warehouse.record import BuildResult, NodeResult
from orchestration.warehouse.suspects import TooManyQuestionsError, bounded, culprits

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

log = logging.getLogger(__name__)

# Each finds all deliveries that trip what failed; the next one is for what lay behind.
_ROUNDS = 5
_QUESTIONS = 60
# Beyond that share of the deliveries it is not a sender's fault; a young home has few.
_LEAST_MOST, _SHARE = 10, 0.25
# What the machine is short of.
_OF_THE_MACHINE = ("Out of Memory", "IO Error", "Could not set lock")
_ROWS_ASKED, _NAMED_SHOWN = 1000, 3
# A column that names a record, and the staging models whose rows hold it.
_HOLDERS = {
    "dossier_code": ("stg_hoso_version", "stg_tientrinh_version"),
    "petition_code": ("stg_phananh_version",),
}


@dataclass(frozen=True)
class _Naming:
    """What rows of failed checks say: by delivery the checks that named it and the records that it holds.

    ``newest`` are the newest holders of the records, ``all`` every one.
    """

    newest: Mapping[str, tuple[str, tuple[str, ...]]]
    all: Sequence[str]


def stream_releasable(
    project: DbtProject, moment: Moment, contract_version: str
) -> Generator[Event, None, BuildResult]:
    """Build and check the whole warehouse, as ``build.stream_build`` does, without what makes it fail.

    An event is yielded once per node; failures only if they stand in the end.

    Raises:
        UnavailableError: as ``build.stream_build``, or the lake cannot be written.
    """
    home, version = project.settings.paths, rules_version(project, contract_version)
    outdated = [aside.delivery_id for aside in set_aside_now(home) if aside.rules_version != version]
    bring_back(home, outdated, version, moment.now)
    shown: set[str] = set()
    result, failures = yield from _attempt(project, moment, contract_version, shown)
    for _ in range(_ROUNDS):
        causes = {} if result.ok else _causes(project, moment, contract_version, result)
        if not causes:
            break
        set_aside(home, causes, version, moment.now)
        result, failures = yield from _attempt(project, moment, contract_version, shown)
    yield from failures
    return result


def _attempt(
    project: DbtProject, moment: Moment, contract_version: str, shown: set[str]
) -> Generator[Event, None, tuple[BuildResult, list[Event]]]:
    """One build: yields what went well and was not ``shown`` yet; returns failures beside the outcome."""
    events, failures = stream_build(project, moment, contract_version), list[Event]()
    while True:
        try:
            event = next(events)
        except StopIteration as stop:
            return stop.value, failures
        node = event["data"]["node_info"]
        if node["unique_id"] in shown:
            continue
        if node["node_status"] in ("success", "pass", "warn"):
            shown.add(node["unique_id"])
            yield event
        else:
            failures.append(event)


def _causes(
    project: DbtProject, moment: Moment, contract_version: str, result: BuildResult
) -> dict[str, tuple[str, str]]:
    """Failed check and sentence by delivery to set aside; none if no delivery is to blame."""
    manifest = parse(project)
    if not result.failed or not all(_may_be_data(node, manifest) for node in result.failed):
        return {}
    home, failed = project.settings.paths, sorted(node.name for node in result.failed)
    order = _counting(home, moment)
    naming = _naming(home, result.failed, frozenset(order))
    passes = bounded(
        lambda without: passes_without(project, moment, contract_version, failed, without), _QUESTIONS
    )
    most = max(_LEAST_MOST, int(len(order) * _SHARE))
    try:
        found = culprits(order, [list(naming.newest), naming.all], most, passes)
    except TooManyQuestionsError:
        found = None
    nodes = {node.name: node for node in result.failed}
    causes = dict[str, tuple[str, str]]()
    for delivery in found or ():
        check, records = naming.newest.get(delivery, (failed[0], ()))
        causes[delivery] = check, _sentence(nodes[check], records, manifest)
    return causes


def _may_be_data(node: NodeResult, manifest: Manifest) -> bool:
    """Whether what the lake holds can make ``node`` fail."""
    if any(word in node.message for word in _OF_THE_MACHINE):
        return False
    seen, waiting = set[str](), [node.unique_id]
    while waiting:
        unique_id = waiting.pop()
        if unique_id.startswith("source."):
            return True
        if unique_id not in seen:
            seen.add(unique_id)
            read: Any = manifest.nodes.get(unique_id) or manifest.functions.get(unique_id)
            # A seed depends on macros only.
            waiting += getattr(read.depends_on, "nodes", ()) if read is not None else ()
    return False


def _counting(home: Home, moment: Moment) -> list[str]:
    """Deliveries that count as of ``moment``, in the order in which they landed."""
    with duckdb.connect() as database:
        rows = database.execute(
            f"WITH aside AS ({aside_sql(home)}) "
            f"SELECT DISTINCT delivery_id FROM {table_of(home, LEDGER)} "
            f"WHERE status <> {quote(REJECTED)} AND export_date <= DATE '{moment.today.isoformat()}' "
            "AND delivery_id NOT IN (SELECT delivery_id FROM aside) ORDER BY delivery_id"
        ).fetchall()
    return [delivery for (delivery,) in rows]


def _naming(home: Home, failed: Iterable[NodeResult], counting: frozenset[str]) -> _Naming:
    """Whom the rows of failed checks name, in what the working database holds."""
    newest, every = dict[str, tuple[str, list[str]]](), dict[str, None]()
    with duckdb.connect(str(home.warehouse_file), read_only=True) as database:
        for node in failed:
            for key, values in _keys(database, node).items():
                for delivery, record, is_newest in _holders(database, key, values):
                    if delivery in counting:
                        every[delivery] = None
                        if is_newest:
                            newest.setdefault(delivery, (node.name, []))[1].append(record)
    found = {delivery: (check, tuple(records)) for delivery, (check, records) in newest.items()}
    return _Naming(found, list(every))


def _keys(database: duckdb.DuckDBPyConnection, node: NodeResult) -> dict[str, list[str]]:
    """Values of the most telling column that the failing rows of a check have."""
    if not (node.is_check and node.failures and node.sql):
        return {}
    try:
        rows = database.execute(node.sql)
        names = [column[0] for column in rows.description or ()]
        values = defaultdict[str, list[str]](list)
        for row in rows.fetchmany(_ROWS_ASKED):
            for name, value in zip(names, row, strict=True):
                if value is not None:
                    values[name].append(str(value))
    except duckdb.Error:
        # The table that it reads may have been lost to another failure.
        log.exception("the rows of a failed check cannot be had")
        return {}
    telling = next((name for name in ("delivery_id", *_HOLDERS) if values.get(name)), None)
    return {telling: sorted(set(values[telling]))} if telling else {}


def _holders(
    database: duckdb.DuckDBPyConnection, key: str, values: Sequence[str]
) -> list[tuple[str, str, bool]]:
    """Delivery, record, and whether no later one holds that record."""
    if key == "delivery_id":
        return [(value, "", True) for value in values]
    listed = ", ".join(map(quote, values))
    versions = " UNION ALL ".join(
        f"SELECT delivery_id, {key} AS record FROM staging.{model} WHERE {key} IN ({listed})"
        for model in _HOLDERS[key]
    )
    return database.execute(
        f"SELECT DISTINCT delivery_id, record, "
        "version_rank = max(version_rank) OVER (PARTITION BY record) AS is_newest "
        f"FROM ({versions}) JOIN intermediate.int_delivery USING (delivery_id) WHERE is_live ORDER BY ALL"
    ).fetchall()


def _sentence(node: NodeResult, records: Sequence[str], manifest: Manifest) -> str:
    """What the sender is told."""
    title = check_title(manifest.nodes[node.unique_id].to_dict()) if node.is_check else ""
    check = f"phép kiểm tra “{title or node.name}”" if node.is_check else f"bước tính {node.name}"
    named = [record for record in records if record][:_NAMED_SHOWN]
    where = f" ở {', '.join(named)}{' …' if len(records) > len(named) else ''}" if named else ""
    return FileError(RULE, check=check, where=where).reason(load_contract())
