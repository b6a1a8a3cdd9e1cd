"""Which files are new: found in the inbox, and not yet in the ledger with the same content."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from orchestration.contract import Contract
from orchestration.landing.files import Candidate, FileError, FoundFile
from orchestration.landing.hashing import sha256_of
from orchestration.landing.inbox import held_for_writing, is_lost
from orchestration.landing.ledger import REJECTED, LedgerIndex, Seen


def candidates(
    found: list[FoundFile], export_date: date, index: LedgerIndex, contract: Contract
) -> list[Candidate]:
    """The files of a day that have to land, in the order in which they count.

    A file whose size and time the ledger knows is not opened. One with other times but the same content
    is a no-op. What was rejected is tried again once the contract has another version. A file that is
    being written is left for the next pass.
    """

    def examined(file: FoundFile) -> Candidate | None:
        seen = index.latest.get((export_date, file.name))
        if is_known(seen, file.size, file.mtime_ns, contract):
            return None
        return _examine(file, seen, _is_retried(seen, contract))

    # Threads, because hashing leaves the interpreter to others.
    with ThreadPoolExecutor(os.cpu_count(), "hash") as threads:
        return [candidate for candidate in threads.map(examined, found) if candidate is not None]


def is_known(seen: Seen | None, size: int, mtime_ns: int, contract: Contract) -> bool:
    """Whether a file of that size and time is the delivery that was seen, and need not be looked at again."""
    return (
        seen is not None
        and not _is_retried(seen, contract)
        and (seen.size, seen.mtime_ns) == (size, mtime_ns)
    )


def _is_retried(seen: Seen | None, contract: Contract) -> bool:
    return seen is not None and seen.status == REJECTED and seen.contract_version != contract.version


def _examine(file: FoundFile, seen: Seen | None, retry: bool) -> Candidate | None:
    if file.fault is not None and file.fault.rule in ("link", "not_a_file", "too_large"):
        return Candidate(file, None)
    if held_for_writing(file.path):
        return None
    try:
        sha256 = sha256_of(file.path, file.size, file.mtime_ns)
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_lost(error):
            return None
        unreadable = FileError("unreadable", format=(file.parsed and file.parsed.format) or "")
        return Candidate(replace(file, fault=file.fault or unreadable), None)
    if seen is not None and not retry and seen.sha256 == sha256:
        return None
    return Candidate(file, sha256)
