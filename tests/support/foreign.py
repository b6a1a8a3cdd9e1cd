"""Municipal cases of another country in the columns of the contract: a seeded corpus with its own oracle.

Five municipalities, three full dumps over sixteen months, dossiers and their steps. Everything here is
plain Python over its own rows, so that what it counts owes nothing to the code under test.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

DUMPS = (date(2024, 8, 30), date(2025, 4, 30), date(2025, 12, 30))
MUNICIPALITIES = ("14758", "14797", "15763", "16378", "16522")
CASES = 400
SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
PROCEDURES = ("01_HOOFD", "bouw", "Milieu (2)", "10.2-RO", "sloop/asbest 1", "8")
FIELDS = ("Bouwen & verbouwen", "Milieu", "Ruimtelijke ordening: afwijking", "Straße/Öffentlichkeit", "")
STEPS = (
    "01_HOOFD_010",
    "register submission date",
    "phase application received",
    "OPS-beoordeling",
    "besluit",
    "archief",
)

HOSO = (
    *("MaHoSo", "MaTTHC", "TenTTHC", "TenLinhVuc", "MaDonViTiepNhan", "DonViXuLy", "NgayNopHoSo"),
    *(
        "NgayTiepNhan",
        "NgayHenTra",
        "NgayKetThucXuLy",
        "TrangThaiHoSo",
        "NgayCapNhat",
        "caseStatus",
        "SUMleges",
    ),
)
TIENTRINH = (
    *("MaHoSo", "ThuTu", "BuocXuLy", "PhongBanXuLy", "MaCanBo", "NgayBatDau", "NgayKetThucTheoQuyDinh"),
    *("ThoiDiemXuLy", "TrangThai", "MaDonViTiepNhan"),
)


@dataclass(frozen=True)
class Step:
    """One step of a case; ``ended`` is None while it is open at the end of the corpus."""

    name: str
    started: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Case:
    """One case with the whole of its life."""

    number: str
    municipality: str
    procedure: str
    field: str
    received: datetime
    due: datetime | None
    finished: datetime | None
    steps: tuple[Step, ...]


@dataclass
class Truth:
    """What the corpus holds, by municipality: rows of each dump, newest versions, and newest steps."""

    rows: Counter[tuple[date, str]] = field(default_factory=lambda: Counter())
    versions: dict[str, str] = field(default_factory=lambda: {})
    finished: set[str] = field(default_factory=lambda: set())
    steps: Counter[str] = field(default_factory=lambda: Counter())

    def dossiers(self) -> Counter[str]:
        """Dossiers by the municipality of their newest version."""
        return Counter(self.versions.values())


def write_corpus(inbox: Path, seed: int = 1) -> Truth:
    """Write the dumps into ``inbox``: the first for the whole province, the others per municipality."""
    chance = random.Random(seed)
    cases = [_case(chance, number) for number in range(CASES)]
    truth = Truth()
    for dump in DUMPS:
        moment = datetime(dump.year, dump.month, dump.day, 16, tzinfo=WINTER)
        known = [case for case in cases if case.received <= moment]
        whole = dump == DUMPS[0]
        for unit in ("38",) if whole else MUNICIPALITIES:
            some = [case for case in known if whole or case.municipality == unit]
            _write(inbox, dump, "hoso", unit, HOSO, (_dossier(case, moment, chance) for case in some))
            steps = [row for case in some for row in _steps(case, moment)]
            _write(inbox, dump, "tientrinh", unit, TIENTRINH, steps)
        truth.steps.clear()
        for case in known:
            truth.rows[dump, case.municipality] += 1
            truth.versions[case.number] = case.municipality
            truth.steps[case.municipality] += sum(step.started <= moment for step in case.steps)
            if case.finished and case.finished <= moment:
                truth.finished.add(case.number)
    return truth


def _case(chance: random.Random, number: int) -> Case:
    municipality = chance.choice(MUNICIPALITIES)
    # Some cases have been open for years before the first dump.
    begin = datetime(2015, 1, 5, 9, tzinfo=WINTER) + timedelta(minutes=chance.randrange(11 * 365 * 24 * 60))
    received = min(begin, datetime(2025, 12, 29, 9, tzinfo=WINTER)).replace(
        microsecond=chance.randrange(1000) * 1000, tzinfo=chance.choice((SUMMER, WINTER))
    )
    steps: list[Step] = []
    started = received
    for name in STEPS[: chance.randint(1, len(STEPS))]:
        ended = started + timedelta(hours=chance.randrange(1, 3000))
        steps.append(Step(name, started, ended))
        started = ended
    is_done = len(steps) == len(STEPS)
    if not is_done:
        steps[-1] = Step(steps[-1].name, steps[-1].started, None)
    due = received + timedelta(days=56) if chance.random() < 0.6 else None
    finished = steps[-1].ended if is_done else None
    return Case(
        number=_number(chance, number),
        municipality=municipality,
        procedure=chance.choice(PROCEDURES),
        field=chance.choice(FIELDS),
        received=received,
        due=due,
        finished=finished,
        steps=tuple(steps),
    )


def _number(chance: random.Random, number: int) -> str:
    forms = (
        f"{number}",
        f"bouw {number:05d}",
        f"{number:02d}/00{number}/FUL",
        f"Ärende № {number} (b)",
        f"zaak-2024-{number:06d}-{'lang' * 15}",
        f"WABO_{number}:a~1",
        f"案件{number}",
        f"2024-03-05-{number:04d}",
    )
    return chance.choice(forms)


def _dossier(case: Case, moment: datetime, chance: random.Random) -> list[str]:
    done = case.finished is not None and case.finished <= moment
    changed = max(step.started for step in case.steps if step.started <= moment)
    return [
        case.number,
        case.procedure,
        f"Omgevingsvergunning {case.procedure}",
        case.field,
        case.municipality,
        f"Gemeente {case.municipality}",
        _time(case.received),
        _time(case.received),
        _time(case.due),
        _time(case.finished) if done else "",
        "9" if done else "4",
        _time(changed),
        chance.choice(("G", "O", "T")),
        f"{chance.randrange(10000)},50",
    ]


def _steps(case: Case, moment: datetime) -> Iterable[list[str]]:
    for place, step in enumerate(case.steps, start=1):
        if step.started > moment:
            continue
        ended = step.ended if step.ended and step.ended <= moment else None
        yield [
            case.number,
            str(place),
            step.name,
            "Afdeling Vergunningen 2",
            f"{560000 + place}",
            _time(step.started),
            "",
            _time(ended),
            "complete" if ended else "",
            case.municipality,
        ]


def _time(moment: datetime | None) -> str:
    """ISO with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _write(
    inbox: Path, day: date, kind: str, unit: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(heads)
    writer.writerows(rows)
    folder = inbox / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind}_{unit}_{day:%Y%m%d}.csv").write_text(buffer.getvalue(), encoding="utf-8")
