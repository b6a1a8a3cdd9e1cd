"""What travels between the steps of landing: files found, their faults, and rows in tabular text form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from orchestration.contract import Contract

_COMMUNE_DIGITS = 5

# What readers put for a cell of which nothing can be told any more: its formula or its letters are broken.
GARBLED = "\ufffd"
# Lines that are no data, by what they are: a key of the contract's ``left_out``.
LeftOut = Counter[str]


class FileError(Exception):
    """A file cannot land. Carries the rule (a key of ``file_rules``) and what its sentence names.

    Values of rows must never be put into ``details``: they reach the ledger.
    """

    def __init__(self, rule: str, **details: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.details = details

    def reason(self, contract: Contract) -> str:
        """The Vietnamese sentence for the sender."""
        name = contract.file_name
        known = {
            "example": name.example,
            "kinds": ", ".join(contract.kinds),
            "formats": ", ".join(name.formats),
            **self.details,
        }
        return contract.file_rules[self.rule].sentence.format_map(known)


@dataclass(frozen=True)
class DeliveryName:
    """What the name of a delivered file says. ``format`` is None for a bare ``.zip``."""

    kind: str
    unit: str
    format: str | None
    wrapper: str | None

    @property
    def is_of_commune(self) -> bool:
        """Whether the unit is a commune (5 digits), not a province (2)."""
        return len(self.unit) == _COMMUNE_DIGITS


@dataclass(frozen=True)
class Claims:
    """What can be understood of a file name, right or wrong.

    ``kind`` is never missing: a name that tells none is of the kind ``names.UNKNOWN_KIND``. ``unit`` is what
    stands in its place, ``commune`` the same if the province has such a commune.
    """

    kind: str
    unit: str | None
    commune: str | None


@dataclass(frozen=True)
class FoundFile:
    """A file of one day folder.

    ``name`` is the path below the day folder, fit for storing. ``parsed`` is set if the name is in order,
    ``fault`` if the file is refused by its name or nature, before a byte of it is read.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int
    inode: int
    claims: Claims
    parsed: DeliveryName | None
    fault: FileError | None = None


@dataclass(frozen=True)
class Candidate:
    """A found file that is new or changed, with the hash of its content (None if refused unread)."""

    found: FoundFile
    sha256: str | None


@dataclass(frozen=True)
class Part:
    """A readable piece of a delivery: the file itself, or a member of an archive.

    ``number`` is unique in a pass. ``commune`` is the unit of the file if that is a commune; it stands for
    every row that names none.
    """

    number: int
    delivery: int
    kind: str
    commune: str | None


@dataclass(frozen=True)
class Head:
    """The head of a tabular text: exchange name per position (None where unknown), and unknown heads."""

    columns: tuple[str | None, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class DeliveryResult:
    """What became of one file."""

    file_name: str
    kind: str
    unit_code: str | None
    status: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rule: str | None
    reason: str | None


@dataclass(frozen=True)
class DayLanding:
    """What one pass over one export date did; ``landing_id`` is None when it landed nothing.

    ``left`` names files that changed or could not be had while they were read: the next pass takes them.
    """

    export_date: date
    landing_id: str | None
    deliveries: tuple[DeliveryResult, ...] = ()
    left: tuple[str, ...] = ()


@dataclass
class Delivery:
    """A file being landed; gathers what later steps find out about it.

    ``left`` if its bytes could not be had for a reason outside of it: the next pass tries again.
    """

    number: int
    candidate: Candidate
    fault: FileError | None = None
    unknown: list[str] = field(default_factory=lambda: [])
    left_out: LeftOut = field(default_factory=lambda: LeftOut())
    left: bool = False

    @property
    def found(self) -> FoundFile:
        """The file."""
        return self.candidate.found

    @property
    def kind(self) -> str:
        """The kind its name says."""
        return self.found.claims.kind

    @property
    def is_of_commune(self) -> bool:
        """Whether its name says one commune, not a province."""
        return self.found.parsed is not None and self.found.parsed.is_of_commune


def describe(contract: Contract, kind: str, names: Mapping[str, object] | tuple[str, ...]) -> str:
    """Exchange names with their Vietnamese heads: ``MaHoSo (Mã hồ sơ), ...``."""
    columns = contract.kinds[kind].by_name
    return ", ".join(f"{name} ({columns[name].label})" for name in names)
