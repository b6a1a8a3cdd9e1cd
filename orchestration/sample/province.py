"""The communes' characters: how busy, how online, how punctual, how land-heavy, and which branch serves them.

Drawn once per sample, by stratified quantiles, so that even a few communes show the whole spread. What
happens day by day is elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from orchestration.sample.catalogue import Commune
from orchestration.sample.parameters import Anchor, Parameters
from orchestration.sample.streams import stream

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# Land shares of communes stay in this range; wards have somewhat more.
LEAST_LAND, MOST_LAND, WARD_LAND = 0.03, 0.42, 1.15


@dataclass(frozen=True)
class Province:
    """Communes and what is typical of each; arrays are per commune, in the communes' order.

    ``rate`` is dossiers received per working day; shares are 0-1. ``tax_of_branch`` is per branch.
    """

    communes: tuple[Commune, ...]
    rate: Floats
    online: Floats
    on_time: Floats
    land: Floats
    digitised: Floats
    late_entry: Floats
    branch: Ints
    branches: tuple[str, ...]
    tax_of_branch: Ints
    tax_offices: tuple[str, ...]


@dataclass(frozen=True)
class Offices:
    """The catalogue's land-registry branch and tax office of every commune: names by commune code."""

    branch: dict[str, str]
    tax_office: dict[str, str]

    def serve(self, communes: tuple[Commune, ...]) -> bool:
        """Whether they serve exactly these communes: a part of a province needs fewer."""
        codes = {commune.code for commune in communes}
        return codes == self.branch.keys() == self.tax_office.keys()


def choose(communes: list[Commune], count: int | None, anchors: dict[str, Anchor]) -> tuple[Commune, ...]:
    """The first ``count`` communes: published ones first, then evenly through the province; by code."""
    ordered = sorted(
        range(len(communes)), key=lambda place: (communes[place].code not in anchors, _reversed_bits(place))
    )
    chosen = ordered[: count or len(communes)]
    return tuple(communes[place] for place in sorted(chosen))


def _reversed_bits(number: int) -> int:
    return int(f"{number:016b}"[::-1], 2)


def settle(
    communes: tuple[Commune, ...],
    parameters: Parameters,
    anchors: dict[str, Anchor],
    mean_rate: float,
    seed: int,
    offices: Offices | None = None,
) -> Province:
    """Draw the communes' characters; without ``offices`` branches are placed as the communes need them."""
    rng = stream(seed, "province")
    spread = _normal_scores(len(communes), rng)
    rate = _rates(communes, spread, parameters, anchors, mean_rate)
    branch, branches, tax_of_branch, tax_offices = (
        _given_branches(communes, offices) if offices else _branches(communes, rate, parameters)
    )
    return Province(
        communes=communes,
        rate=rate,
        online=_online(communes, rate, parameters, anchors, rng),
        on_time=_on_time(communes, rate, parameters, anchors, rng),
        land=_land(communes, rate, parameters, anchors, rng),
        digitised=np.clip(rng.normal(parameters.course.digitised_dossier, 0.05, len(communes)), 0.6, 0.999),
        late_entry=np.clip(
            parameters.timeliness.late_entry
            * np.exp(rng.normal(0, parameters.timeliness.late_entry_spread, len(communes))),
            0,
            0.3,
        ),
        branch=branch,
        branches=branches,
        tax_of_branch=tax_of_branch,
        tax_offices=tax_offices,
    )


def _normal_scores(count: int, rng: np.random.Generator) -> Floats:
    """``count`` evenly spaced normal quantiles in random order."""
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((place + 0.5) / count) for place in range(count)])
    return rng.permutation(scores)


def _as_published(
    values: Floats,
    communes: tuple[Commune, ...],
    anchors: dict[str, Anchor],
    figure: Callable[[Anchor], float],
) -> npt.NDArray[np.bool_]:
    """Put the published figure of each published commune into ``values``; returns which those are."""
    known = np.array([commune.code in anchors for commune in communes])
    values[known] = [figure(anchors[commune.code]) for commune in communes if commune.code in anchors]
    return known


def _rates(
    communes: tuple[Commune, ...],
    spread: Floats,
    parameters: Parameters,
    anchors: dict[str, Anchor],
    mean_rate: float,
) -> Floats:
    volume = parameters.volume
    ward = np.array([commune.kind == "phuong" for commune in communes], dtype=np.float64)
    within = np.sqrt(max(volume.sigma**2 - volume.ward_lift**2 * ward.mean() * (1 - ward.mean()), 0.01))
    rate = np.exp(within * spread + volume.ward_lift * ward)
    scale = mean_rate / volume.mean_per_commune_day
    known = _as_published(rate, communes, anchors, lambda anchor: anchor.per_working_day * scale)
    if not known.all():
        rest = max(mean_rate * len(communes) - rate[known].sum(), mean_rate * 0.4 * (~known).sum())
        rate[~known] *= rest / rate[~known].sum()
    return rate * (mean_rate * len(communes) / rate.sum())


def _on_time(
    communes: tuple[Commune, ...],
    rate: Floats,
    parameters: Parameters,
    anchors: dict[str, Anchor],
    rng: np.random.Generator,
) -> Floats:
    timeliness, count = parameters.timeliness, len(communes)
    link = timeliness.volume_link
    volume = (np.log(rate) - np.log(rate).mean()) / max(float(np.log(rate).std()), 1e-9)
    apart = _normal_scores(count, rng)
    apart -= volume * (apart @ volume) / count  # chance correlation would show in a few communes
    mixed = link * volume + np.sqrt(1 - link**2) * apart
    quantile = (np.argsort(np.argsort(mixed)) + 0.5) / count
    share = np.interp(quantile, timeliness.quantile, timeliness.on_time)
    _as_published(share, communes, anchors, lambda anchor: anchor.on_time_share)
    return share


def _online(
    communes: tuple[Commune, ...],
    rate: Floats,
    parameters: Parameters,
    anchors: dict[str, Anchor],
    rng: np.random.Generator,
) -> Floats:
    """Shares between the lowest and highest, weighted mean as given, published communes as published."""
    channels = parameters.channels
    share = channels.online_low + (channels.online_high - channels.online_low) * rng.beta(
        1.8, 2, len(communes)
    )
    known = _as_published(share, communes, anchors, lambda anchor: anchor.online_share)
    if not known.all():
        for _ in range(20):
            gap = channels.online - np.average(share, weights=rate)
            share[~known] += gap * rate.sum() / rate[~known].sum()
            share[~known] = np.clip(share[~known], channels.online_low, channels.online_high)
    return share


def _land(
    communes: tuple[Commune, ...],
    rate: Floats,
    parameters: Parameters,
    anchors: dict[str, Anchor],
    rng: np.random.Generator,
) -> Floats:
    land = parameters.land
    ward = np.array([commune.kind == "phuong" for commune in communes])
    heavy = np.exp(land.share_sigma * _normal_scores(len(communes), rng)) * np.where(ward, WARD_LAND, 1)
    share = np.clip(heavy * land.share / np.average(heavy, weights=rate), LEAST_LAND, MOST_LAND)
    _as_published(share, communes, anchors, lambda anchor: anchor.land_share)
    return share


def _given_branches(
    communes: tuple[Commune, ...], offices: Offices
) -> tuple[Ints, tuple[str, ...], Ints, tuple[str, ...]]:
    """Branches in the catalogue's order; a branch sends to the tax office of its first commune."""
    branches = tuple(dict.fromkeys(offices.branch.values()))
    tax_offices = tuple(dict.fromkeys(offices.tax_office.values()))
    first_commune = {name: commune for commune, name in reversed(offices.branch.items())}
    return (
        np.array([branches.index(offices.branch[commune.code]) for commune in communes], dtype=np.int64),
        branches,
        np.array([tax_offices.index(offices.tax_office[first_commune[name]]) for name in branches], np.int64),
        tax_offices,
    )


def _branches(
    communes: tuple[Commune, ...], rate: Floats, parameters: Parameters
) -> tuple[Ints, tuple[str, ...], Ints, tuple[str, ...]]:
    """Seats far from each other, the busiest commune first; every commune goes to its nearest seat."""
    land = parameters.land
    place = np.array([[commune.latitude, commune.longitude] for commune in communes])
    wanted = max(1, round(len(communes) / land.communes_per_branch))
    seats = [int(np.argmax(rate))]
    while len(seats) < wanted:
        nearest = np.min([np.sum((place - place[seat]) ** 2, axis=1) for seat in seats], axis=0)
        seats.append(int(np.argmax(nearest * rate)))
    branch = np.argmin([np.sum((place - place[seat]) ** 2, axis=1) for seat in seats], axis=0).astype(
        np.int64
    )
    short = [_bare(communes[seat].name) for seat in seats]
    tax_of_branch = np.arange(wanted, dtype=np.int64) // land.branches_per_tax_office
    return (
        branch,
        tuple(f"Chi nhánh Văn phòng Đăng ký đất đai {name}" for name in short),
        tax_of_branch,
        tuple(f"Thuế cơ sở {number + 1}" for number in range(int(tax_of_branch[-1]) + 1)),
    )


def _bare(name: str) -> str:
    for kind in ("Phường ", "Xã ", "Đặc khu "):
        name = name.removeprefix(kind)
    return name
