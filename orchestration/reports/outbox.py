"""What lies in the outbox: letters and summaries, written when their day changed, and no sooner.

A folder per export date holds what is true now: a letter per commune with something to mend, and the
summary. What is mended loses its letter, what did not change is not touched. Which days changed is told by
the ledger's last pass and by marks per day of the release; both are remembered in the outbox, so an outbox
that was removed is written anew. A file that cannot be written stops no other one and is tried again.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from orchestration.contract import load_contract
from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.landing.communes import commune_names, province_name
from orchestration.locks import lock_of
from orchestration.reports.delivery_facts import delivery_marks, read_deliveries
from orchestration.reports.delivery_summary import Summary, summary_bytes
from orchestration.reports.doubt_facts import DoubtFacts, doubt_marks, read_doubts
from orchestration.reports.fault_facts import days_landed_after, read_faults
from orchestration.reports.fault_letter import letter_bytes, letter_suffix, letters_of
from orchestration.reports.files import write_whole
from orchestration.reports.grouping import by_day
from orchestration.settings import Settings

_STATE, _LOCK = ".state.json", ".lock"


@dataclass(frozen=True)
class Posted:
    """What a pass over the outbox did: ``letters`` is how many now lie in the folders of ``days``.

    ``faults`` are sentences about files that could not be written.
    """

    days: tuple[date, ...] = ()
    letters: int = 0
    written: int = 0
    removed: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class _State:
    """What has been told so far.

    ``landing_seq``: the last landing pass whose letters are written; ``again``: days to write whatever else;
    ``unsummed``: days that wait for a release; ``marks``: what the last one said, by day.
    """

    landing_seq: int = 0
    again: tuple[date, ...] = ()
    unsummed: tuple[date, ...] = ()
    marks: Mapping[date, str] | None = None


_SCHEMA = TypeAdapter(_State)


def post_letters(settings: Settings) -> Posted:
    """Write letters and summaries of every day that got a delivery since the last time.

    What a release tells is taken from the one that there is; ``post_summaries`` brings it up to the next.
    """
    home = settings.paths
    with _kept(home) as state:
        landed, last = days_landed_after(home, state.value.landing_seq)
        days = tuple(sorted({*landed, *state.value.again}))
        posted, failed = _post(settings, days)
        state.value = replace(
            state.value,
            landing_seq=last,
            again=failed,
            unsummed=tuple(sorted({*state.value.unsummed, *days})),
        )
    return posted


def post_summaries(settings: Settings) -> Posted:
    """Write summaries and letters of the days that the current release tells otherwise than the last one."""
    with _kept(settings.paths) as state:
        marks, known = _marks(settings.paths), state.value.marks or {}
        changed = {day for day, mark in marks.items() if known.get(day) != mark}
        posted, failed = _post(settings, tuple(sorted({*changed, *state.value.unsummed})))
        state.value = replace(state.value, unsummed=failed, marks={**known, **marks})
    return posted


def post_days(settings: Settings, days: Sequence[date]) -> Posted:
    """Write letters and summaries of ``days``, whether something changed or not."""
    with _kept(settings.paths):
        return _post(settings, tuple(days))[0]


def _marks(home: Home) -> dict[date, str]:
    """A mark per day of the current release, of all that it can tell for the outbox."""
    deliveries, doubts = delivery_marks(home), doubt_marks(home, load_contract())
    return {day: f"{deliveries.get(day, '')}/{doubts.get(day, '')}" for day in {*deliveries, *doubts}}


def _post(settings: Settings, days: tuple[date, ...]) -> tuple[Posted, tuple[date, ...]]:
    """What was done, and the days of which something could not be written."""
    if not days:
        return Posted(), ()
    contract, home = load_contract(), settings.paths
    names = commune_names(settings.province)
    facts, deliveries = read_faults(home, days, contract), read_deliveries(home, days)
    doubts = read_doubts(home, days, contract) or DoubtFacts()
    letters, doubtful = by_day(letters_of(facts, doubts, names)), doubts.by_day()
    files, rules = by_day(facts.files), by_day(facts.rules)
    told = by_day(deliveries.rows if deliveries else ())
    total, failed = Posted(days), list[date]()
    for day in days:
        mine = letters.get(day, [])
        content = {each.file_name: letter_bytes(each, contract, settings.cutoff) for each in mine}
        if files.get(day) or told.get(day):
            summary = Summary(
                day,
                province_name(settings.province),
                tuple(files.get(day, ())),
                tuple(rules.get(day, ())),
                deliveries and replace(deliveries, rows=tuple(told.get(day, ()))),
                names,
                {letter.commune_code: letter.file_name for letter in mine},
                doubtful.get(day, DoubtFacts()),
            )
            content[summary.file_name] = summary_bytes(summary, contract)
        done = _fill(home.outbox / day.isoformat(), content, letter_suffix(day))
        if done.faults:
            failed.append(day)
        total = replace(
            total,
            letters=total.letters + len(mine),
            written=total.written + done.written,
            removed=total.removed + done.removed,
            faults=(*total.faults, *done.faults),
        )
    return total, tuple(failed)


def _fill(folder: Path, files: Mapping[str, bytes], stale_suffix: str) -> Posted:
    """Bring ``folder`` to ``files``; what else ends with ``stale_suffix`` is no longer true."""
    try:
        if files:
            folder.mkdir(mode=0o700, exist_ok=True)
        present = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        return Posted(faults=(_sentence(folder, error),))
    stale = [path for path in present if path.name.endswith(stale_suffix)]
    done = Posted()
    for name, content in files.items():
        try:
            done = replace(done, written=done.written + write_whole(folder / name, content))
        except OSError as error:
            done = replace(done, faults=(*done.faults, _sentence(folder / name, error)))
    for path in stale:
        if path.name not in files:
            try:
                path.unlink()
                done = replace(done, removed=done.removed + 1)
            except OSError as error:
                done = replace(done, faults=(*done.faults, _sentence(path, error)))
    return done


def _sentence(path: Path, error: OSError) -> str:
    return (
        f"Không ghi được {path} ({error.strerror}). Tệp có thể đang mở trong Excel, thư mục chỉ đọc hoặc đĩa "
        "đầy; hãy đóng tệp hoặc cấp quyền, lần chạy sau sẽ ghi lại."
    )


@dataclass
class _Holder:
    """The state while it is held."""

    value: _State


@contextmanager
def _kept(home: Home) -> Generator[_Holder]:
    """Hold the outbox: one process at a time; what is set in the holder is remembered at the end.

    Raises:
        UnavailableError: there is no outbox and none can be made.
    """
    try:
        home.outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = lock_of(home.outbox / _LOCK).acquire()
    except OSError as error:
        raise UnavailableError(_sentence(home.outbox, error)) from error
    with held:
        holder = _Holder(_read_state(home.outbox / _STATE))
        before = holder.value
        yield holder
        if holder.value != before:
            write_whole(home.outbox / _STATE, _SCHEMA.dump_json(holder.value))


def _read_state(path: Path) -> _State:
    """What is remembered; nothing, if it cannot be read: then everything is written again."""
    try:
        return _SCHEMA.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return _State()
