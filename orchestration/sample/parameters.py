"""The simulation's parameters, typed: ``parameters.yml``, ``people.yml`` and ``anchors.csv`` beside it.

Reading and shape only. What a value means and where it comes from is said in those files; what is
catalogue rather than simulation (communes, procedures, holidays) is read by ``catalogue.py``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Volume:
    """How many dossiers, where and when."""

    mean_per_commune_day: float
    sigma: float
    ward_lift: float
    day_sigma: float
    weekday: tuple[float, ...]
    month: tuple[float, ...]
    after_holiday: float


@dataclass(frozen=True)
class Timeliness:
    """On-time shares across communes and how lateness looks."""

    quantile: tuple[float, ...]
    on_time: tuple[float, ...]
    volume_link: float
    days_late_mean: float
    late_entry: float
    late_entry_spread: float
    apology: float


@dataclass(frozen=True)
class Channels:
    """How dossiers come in."""

    online: float
    online_low: float
    online_high: float
    post_of_rest: float
    overnight: float
    not_received: float
    verified_account: float
    outside_territory: float


@dataclass(frozen=True)
class Course:
    """What happens to dossiers on their way."""

    withdrawn: float
    stopped: float
    supplement_days_mean: float
    supplement_never: float
    reappointed: float
    returned_same_day: float
    returned_days_mean: float
    ministry_system: float
    digitised_dossier: float
    digitised_component: float
    e_result: float
    reused: float
    paid_online: float
    upkeep: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Land:
    """Branches, tax offices and their queues."""

    share: float
    share_sigma: float
    communes_per_branch: float
    branches_per_tax_office: int
    branch_use: float
    branch_use_spread: float
    branch_backlog_days: float
    tax_use: float
    tax_use_spread: float
    tax_backlog_days: float
    handling: float
    handling_sigma: float
    complex: float
    complex_days_mean: float
    tax_share: float
    payment_days_mean: float
    commune_hours: float
    signing_hours: float


@dataclass(frozen=True)
class Ratings:
    """Ratings and petitions."""

    share: float
    petition: float
    petition_late: float
    satisfied: float
    petition_satisfied: float


@dataclass(frozen=True)
class Criteria:
    """Self-reported criteria."""

    green: float
    yellow: float


@dataclass(frozen=True)
class Formats:
    """Shares of communes by kind of export; the rest sends plain CSV."""

    xlsx: float
    json: float
    province_file: float
    gzip: float


@dataclass(frozen=True)
class Parameters:
    """All of ``parameters.yml``."""

    volume: Volume
    timeliness: Timeliness
    channels: Channels
    course: Course
    land: Land
    ratings: Ratings
    criteria: Criteria
    formats: Formats


@dataclass(frozen=True)
class People:
    """Parts of invented people."""

    surnames: tuple[str, ...]
    surname_weights: tuple[float, ...]
    middle_names: tuple[str, ...]
    given_names: tuple[str, ...]
    villages: tuple[str, ...]
    remarks: tuple[str, ...]
    abstract: str
    mail_host: str


@dataclass(frozen=True)
class Anchor:
    """A commune whose figures are published, so that the sample comes near them."""

    per_working_day: float
    online_share: float
    on_time_share: float
    land_share: float
    source: str


@cache
def load_parameters() -> Parameters:
    """The shipped parameters."""
    text = (HERE / "parameters.yml").read_text(encoding="utf-8")
    return TypeAdapter(Parameters).validate_python(yaml.safe_load(text))


@cache
def load_people() -> People:
    """The shipped parts of names and addresses."""
    text = (HERE / "people.yml").read_text(encoding="utf-8")
    return TypeAdapter(People).validate_python(yaml.safe_load(text))


@cache
def load_anchors() -> dict[str, Anchor]:
    """Published communes by commune code."""
    with (HERE / "anchors.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["commune_code"]: Anchor(
                float(row["per_working_day"]),
                float(row["online_share"]),
                float(row["on_time_share"]),
                float(row["land_share"]),
                row["source"],
            )
            for row in csv.DictReader(file)
        }
