"""Whether a text names a person. Pure: words in, yes or no; which texts are asked about is for others to say.

A name is told by where it stands and how it is written: a family name and what follows it, in any case, with
or without diacritics, composed or not, glued or dotted; after a title or a role, or before one. Communes,
streets and schools are named after people too, so what follows a word for a place is none. Families, titles
and the other words are the contract's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from orchestration.contract import Contract, load_contract, strip_marks
from orchestration.landing.communes import is_place
from orchestration.landing.syllables import is_bare_syllable, is_syllable

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WORD = re.compile(r"[^\W\d_]+")
# What may stand between two words of one name, and what parts two things that a text tells.
_WITHIN = re.compile(r"\s{1,3}|[ .\-_·'’]{1,2}")
_PARTING = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|[,;:()\[\]|+&\"]|(?<![đdĐD])/|(?<=[^\W\d_]{3})\.\s+")
_NAME_WORDS = 5  # of the longest names
_GLUED_LETTERS = 7


class _Phrases:
    """Phrases in small letters, by their first and by their last word without diacritics."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.by_first: dict[str, list[tuple[str, ...]]] = {}
        self.by_last: dict[str, list[tuple[str, ...]]] = {}
        for phrase in {tuple(_WORD.findall(text.lower())) for text in texts}:
            self.by_first.setdefault(_bare(phrase[0]), []).append(phrase)
            self.by_last.setdefault(_bare(phrase[-1]), []).append(phrase)


@dataclass(frozen=True)
class _Word:
    """A word as written, in small letters, and without diacritics; ``joined`` to the one before it."""

    text: str
    small: str
    bare: str
    joined: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_marked(self) -> bool:
        return self.small != self.bare

    @property
    def is_part(self) -> bool:
        """Whether it can be part of a name: a syllable, or a letter that stands for one."""
        return len(self.text) == 1 or is_syllable(self.text) or is_bare_syllable(self.text)


class _Persons:
    """The words by which names are told, from the contract."""

    def __init__(self, contract: Contract) -> None:
        words = contract.personal_shapes.names
        self._sure = frozenset(map(str.lower, words.families))
        self._families = self._sure | frozenset(map(str.lower, words.families_also_words))
        self._bare_families = frozenset(map(_bare, self._families))
        self._bare_sure = frozenset(map(_bare, words.families_bare))
        self._middles = frozenset(map(str.lower, (*words.middles, *words.middles_surest)))
        self._bare_middles = frozenset(map(_bare, self._middles))
        self._surest = frozenset(map(str.lower, words.middles_surest))
        self._bare_surest = frozenset(map(_bare, self._surest))
        self._no_names = _Phrases(words.no_names)
        self._no_names_marked = _Phrases(words.no_names_marked)
        self._places = _Phrases(words.places)
        self._titles = _Phrases(words.titles)
        self._roles = _Phrases(words.roles)
        self._callings = _Phrases(words.callings)
        self._unmarked_titles = _Phrases(
            (*words.titles_bare, *(title for title in words.titles if strip_marks(title) == title))
        )
        self._announcing = _Phrases((*words.roles, *words.callings))
        self._no_persons = _Phrases((*words.no_names, *words.roles, *words.places))
        families = "|".join(sorted(self._bare_families, key=len, reverse=True))
        middles = "|".join(sorted(self._bare_middles, key=len, reverse=True))
        self._glued = re.compile(f"({families})({middles})([a-z]+)")

    def named_in(self, text: str) -> bool:
        """Whether ``text`` names a person."""
        plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
        pieces = [words for piece in _PARTING.split(plain) if (words := _words(piece))]
        return (
            any(map(self._in_piece, pieces))
            or any(
                self._is_bare_name(one) and _begins(other, self._announcing)
                for before, after in pairwise(pieces)
                for one, other in ((before, after), (after, before))
            )
            or any(map(self._is_glued, _WORD.findall(plain)))
        )

    def _in_piece(self, words: Sequence[_Word]) -> bool:
        return any(self._begins_at(words, place) for place in range(len(words)))

    def _begins_at(self, words: Sequence[_Word], place: int) -> bool:
        """Whether a name begins with word ``place``."""
        run, before = _run(words, place), words[:place]
        family = run[0].bare in self._bare_families
        found = (
            (family and len(run) >= 3 and self._is_name(run, whole=len(run) == len(words)))
            or (place > 0 and len(run) >= 2 and self._is_announced(run, before))
            or (place > 0 and _ends(before, self._callings) and self._is_called(run[0]))
            or self._is_of_woman(run)
        )
        return found and not _ends(before, self._places)

    def _is_name(self, run: Sequence[_Word], whole: bool) -> bool:
        """Whether ``run``, three words or more that stand together, is a name from its first word on."""
        first, second, third = run[:3]
        if not (second.is_part and third.is_part):
            return False
        if self._is_phrase(run) or _is_known_place(run):
            return False
        sure, titlecase = first.small in self._sure, _is_titlecase(run[:3])
        if sure and titlecase:
            return True
        if self._is_phrase(run[1:]):
            return False
        family = first.small in self._families
        middle = second.small in (self._middles if second.is_marked else self._bare_middles)
        middle = middle or (second.small == "a" and (family or first.is_capital))
        if family and titlecase:
            return middle or (whole and not is_place(f"{first.bare} {second.bare}"))
        if any(word.is_marked for word in run[:3]):
            surest = second.small in self._surest or second.small == "a"
            return family and (surest or (sure and (middle or whole)) or (middle and whole))
        if second.bare in self._bare_surest:
            return True
        if middle and whole and first.is_capital:
            return True
        return first.bare in self._bare_sure and (middle or (whole and first.is_capital))

    def _is_phrase(self, words: Sequence[_Word]) -> bool:
        return _begins(words, self._no_names) or (
            words[0].is_marked and _begins(words, self._no_names_marked)
        )

    def _is_announced(self, run: Sequence[_Word], before: Sequence[_Word]) -> bool:
        """Whether ``run`` begins with a name that a title or a role before it announces."""
        first, second = run[:2]
        if not before or not (first.is_part and second.is_part):
            return False
        if self._is_phrase(run) or _begins(run, self._roles):
            return False
        if _ends(before[:-1], self._places) or _is_known_place([*before[-1:], *run]):
            return False
        # Without diacritics most titles are words like others: "chi phí", "mùng ba".
        titled = _ends(before, self._titles if before[-1].is_marked else self._unmarked_titles)
        announced = titled or _ends(before, self._announcing)
        if not first.is_capital or first.text.isupper():
            return announced and (first.small if first.is_marked else first.bare) in (
                self._sure if first.is_marked else self._bare_sure
            )
        if not second.is_capital:
            return False
        family = first.small in self._families or (not first.is_marked and first.bare in self._bare_families)
        # A title in small letters is one, whoever follows; "Bà Rịa" is a place.
        return (family and announced) or (titled and not before[-1].is_capital)

    def _is_called(self, word: _Word) -> bool:
        return (
            word.is_capital and word.is_part and not _begins([word], self._roles) and not word.text.isupper()
        )

    def _is_bare_name(self, words: Sequence[_Word]) -> bool:
        """Whether a piece is a family name and a word or a few: ``Lê Thử (Chuyên viên)``."""
        first = words[0]
        return (
            2 <= len(words) <= _NAME_WORDS
            and (first.small in self._families or (not first.is_marked and first.bare in self._bare_families))
            and all(word.is_capital and word.is_part for word in words)
            and not _begins(words, self._no_persons)
        )

    def _is_of_woman(self, words: Sequence[_Word]) -> bool:
        """Whether ``words`` begin like ``Kiều Thị Lan``, whatever the family."""
        return (
            len(words) >= 3
            and words[1].small == "thị"
            and _is_titlecase(words[:3])
            and all(word.is_part for word in words[:3])
            and not self._is_phrase(words)
            and not self._is_phrase(words[1:])
            and not _is_known_place(words)
        )

    def _is_glued(self, word: str) -> bool:
        """Whether a word is a name without blanks: ``NguyenVanAn``, ``levanthu``."""
        if len(word) < _GLUED_LETTERS:
            return False
        bare = _bare(word)
        match = self._glued.fullmatch(bare)
        if match is not None and is_syllable(match[3]) and not is_syllable(word):
            return True
        parts = re.findall(r"[^\W\d_a-zà-ỹ][^\W\d_A-ZÀ-Ỹ]*", word)
        return (
            3 <= len(parts) <= _NAME_WORDS
            and "".join(parts) == word
            and _bare(parts[0]) in self._bare_families
            and self._in_piece(_words(" ".join(parts)))
        )


@lru_cache(maxsize=1)
def _persons() -> _Persons:
    return _Persons(load_contract())


@lru_cache(maxsize=1 << 17)
def names_person(text: str) -> bool:
    """Whether ``text``, of any case, form and origin, names a person."""
    return _persons().named_in(text)


def _words(piece: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in _WORD.finditer(piece):
        text = match.group()
        joined = bool(words) and _WITHIN.fullmatch(piece[end : match.start()]) is not None
        words.append(_Word(text, text.lower().replace("ð", "đ"), _bare(text), joined))
        end = match.end()
    return words


def _run(words: Sequence[_Word], place: int) -> Sequence[_Word]:
    """The words from ``place`` on that stand together, as many as a name may have."""
    end = place + 1
    while end < len(words) and end - place < _NAME_WORDS and words[end].joined:
        end += 1
    return words[place:end]


def _is_known_place(words: Sequence[_Word]) -> bool:
    """Whether ``words`` begin with the name of a commune, of three words or more."""
    return any(
        is_place(" ".join(word.bare for word in words[:length])) for length in range(3, len(words) + 1)
    )


def _is_titlecase(words: Sequence[_Word]) -> bool:
    return all(word.is_capital for word in words) and not all(
        word.text.isupper() for word in words if len(word.text) > 1
    )


def _begins(words: Sequence[_Word], phrases: _Phrases) -> bool:
    """Whether ``words`` begin with one of ``phrases``."""
    near = phrases.by_first.get(words[0].bare, ()) if words else ()
    return any(len(phrase) <= len(words) and all(map(_matches, words, phrase)) for phrase in near)


def _ends(words: Sequence[_Word], phrases: _Phrases) -> bool:
    """Whether ``words`` end with one of ``phrases``."""
    near = phrases.by_last.get(words[-1].bare, ()) if words else ()
    return any(
        len(phrase) <= len(words) and all(map(_matches, words[-len(phrase) :], phrase)) for phrase in near
    )


def _matches(word: _Word, wanted: str) -> bool:
    """Whether a word is ``wanted``; one without diacritics may stand for it."""
    return word.small == wanted or (not word.is_marked and word.bare == _bare(wanted))


@lru_cache(maxsize=1 << 14)
def _bare(word: str) -> str:
    return strip_marks(word).lower()
