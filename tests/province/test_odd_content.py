"""A day of a province in which every commune sends something: nonsense, odd files, or what it should.

One home, one build: whatever lands, the release is published without setting anybody aside; and who sent a
file that could not be used, or not in full, is told so in a sentence that can be acted on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.contract import load_contract
from orchestration.landing.communes import commune_names, communes_of
from orchestration.reports.doubt_facts import DoubtFacts
from orchestration.reports.fault_facts import read_faults
from orchestration.reports.fault_letter import Letter, letter_bytes, letters_of
from orchestration.settings import Settings
from tests.landing.corpus import Case
from tests.landing.corpus.excel import EXCEL
from tests.landing.corpus.odd import ODD
from tests.landing.corpus.rejected import REJECTED
from tests.landing.tables import csv_bytes, sound_rows
from tests.province.content.inbox import DAYS, sheets
from tests.province.content.oddities import ODDITIES
from tests.province.content.province import EVENING, Judged, judge

DAY = DAYS[-1]
SEED = 20251015
NONSENSE = {sheet.unit for sheet in sheets(SEED, 1)} - {"38"}
# Of the corpus what has something to tell and is small: a commune each.
FAULTY = {
    name: case
    for name, case in sorted((REJECTED | ODD | EXCEL).items())
    if (case.rule or case.accepted < case.read) and len(case.content) < 100_000
}
ODD_FILES = 40


@dataclass(frozen=True)
class Province:
    """What came of the day; ``odd`` names the odd file of a commune, ``letters`` lie by commune."""

    judged: Judged
    odd: dict[str, tuple[str, Case]]
    letters: dict[str, Letter]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    home: Path = tmp_path_factory.mktemp("odd")
    settings = Settings(home=home)
    free = sorted(communes_of("38") - NONSENSE)
    names = list(FAULTY)
    chosen = [names[number * len(names) // ODD_FILES] for number in range(ODD_FILES)]
    odd = {unit: (name, FAULTY[name]) for unit, name in zip(free, chosen, strict=False)}
    folder = settings.inbox_path / DAY.isoformat()
    folder.mkdir(parents=True)
    for unit in free:
        extension, content = "csv", csv_bytes(sound_rows())
        if unit in odd:
            extension, content = odd[unit][1].extension, odd[unit][1].content
        (folder / f"hoso_{unit}_{DAY:%Y%m%d}.{extension}").write_bytes(content)
    judged = judge(home, sheets(SEED, 1))
    facts = read_faults(settings.paths, [DAY], load_contract())
    letters = {each.commune_code: each for each in letters_of(facts, DoubtFacts(), commune_names("38"))}
    return Province(judged, odd, letters)


def test_it_is_a_day_of_the_whole_province(province: Province) -> None:
    units = {delivery.unit_code for delivery in province.judged.deliveries}
    assert len(units & communes_of("38")) >= 166 - len(ODDITIES)
    assert len({name for name, _ in province.odd.values()}) == ODD_FILES


def test_nothing_that_lands_holds_the_release_back(province: Province) -> None:
    """Nor does it cost anybody his file: each check holds for whatever the contract lets in."""
    assert province.judged.result.ok, [node.name for node in province.judged.result.failed]
    assert province.judged.aside == ()


def test_every_kind_of_nonsense_lands(province: Province) -> None:
    landed = {each.unit_code for each in province.judged.deliveries if each.rows_accepted}
    assert len(NONSENSE & landed) >= len(ODDITIES)


def test_every_sender_of_an_odd_file_is_told_what_to_do(province: Province) -> None:
    """What is wrong and what to do, without blanks of a template."""
    contract = load_contract()
    for unit, (name, case) in province.odd.items():
        letter = province.letters[unit]
        (file,) = (each for each in letter.files if each.kind == "hoso")
        assert file.rows_read == case.read, name
        told = [file.reason] if file.rule else [rule.reason for rule in letter.rules]
        assert told, name
        for sentence in told:
            assert sentence is not None, name
            assert sentence.endswith("."), name
            assert len(sentence.split(". ")) >= 2, name
            assert not {"{", "}"} & set(sentence), name
        assert letter_bytes(letter, contract, EVENING.cutoff), name


def test_who_sent_what_was_due_gets_no_letter(province: Province) -> None:
    plain = communes_of("38") - province.odd.keys() - NONSENSE
    assert not plain & province.letters.keys()
