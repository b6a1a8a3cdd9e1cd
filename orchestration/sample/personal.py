"""Invented people: names, document numbers, phones, mail, addresses, free text. None of them exists.

They fill the columns that must never land, so that tests can prove it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.parameters import People
from orchestration.sample.province import Ints
from orchestration.sample.streams import stream, whole
from orchestration.sample.text import Text, integers, join, padded, texts


@dataclass(frozen=True)
class Persons:
    """Personal columns, per dossier."""

    name: Text
    document: Text
    phone: Text
    mail: Text
    address: Text
    abstract: Text
    remark: Text


def invent(
    people: People, size: int, commune_name: str, province: str, procedure: Text, seed: int, code: str
) -> Persons:
    """People for ``size`` dossiers of the commune ``code``; ``procedure`` is each one's procedure name."""
    rng = stream(seed, f"people {code}")
    weights = np.array(people.surname_weights)
    surname = rng.choice(len(people.surnames), size, p=weights / weights.sum())
    middle = whole(rng, 0, len(people.middle_names), size)
    given = whole(rng, 0, len(people.given_names), size)
    name = join(
        [pick(people.surnames, surname), pick(people.middle_names, middle), pick(people.given_names, given)],
        " ",
    )
    born = whole(rng, 0, 100, size)
    document = join(
        [
            "0",
            province,
            padded(whole(rng, 0, 4, size), 1),
            padded(born, 2),
            padded(whole(rng, 0, 10**6, size), 6),
        ]
    )
    phone = join(
        [
            pick(("03", "07", "08", "09"), whole(rng, 0, 4, size)),
            padded(whole(rng, 10**7, 10**8, size), 8),
        ]
    )
    mail = join(["nguoidan", integers(whole(rng, 1, 10**7, size)), "@", people.mail_host])
    address = join([pick(people.villages, whole(rng, 0, len(people.villages), size)), commune_name], ", ")
    before, between, after = _template(people.abstract)
    return Persons(
        name=name,
        document=document,
        phone=phone,
        mail=mail,
        address=address,
        abstract=join([before, procedure, between, name, after]),
        remark=pick(people.remarks, whole(rng, 0, len(people.remarks), size)),
    )


def pick(options: tuple[str, ...], places: Ints) -> Text:
    """``options`` at ``places``."""
    return texts(options).take(places)


def _template(abstract: str) -> tuple[str, str, str]:
    before, rest = abstract.split("{procedure}")
    between, after = rest.split("{name}")
    return before, between, after
