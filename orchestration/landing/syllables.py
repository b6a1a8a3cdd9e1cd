"""What a Vietnamese syllable looks like. Pure; knows spelling, no words.

Vietnamese is written in syllables of few shapes, so that most letters that some program mangled form none:
by this ``readers.letters`` tells which writing a text came in, and ``persons`` what may be part of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from orchestration.contract import strip_marks

# Grave, acute, hook, tilde, dot below: the tones. Circumflex, breve and horn make other vowels.
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0309\u0303\u0323"))
_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng
    eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac
    oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc
    oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uê uêch uênh ui um un ung
    uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu uc ư ưa ưc ưi ưm ưn ưng ươc ươi
    ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""


def _spelled(onset: str, rimes: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"({onset})?({'|'.join(sorted(set(rimes), key=len, reverse=True))})")


_SPELLED = _spelled(_ONSET, _RIMES.split())
_BARE = _spelled(strip_marks(_ONSET), strip_marks(_RIMES).split())
# After "qu" and "gi" stands what is left of the rime: "quyết", "giêng", "gì".
_SHORTENED = re.compile("gi|gi?ê[ncmpu]g?|qu(y(ê[nt]|nh|t|u)?|ê|ân|âng|ât|ơ|ăn|ăng|ăt|ach|anh|eo|et|en|it)")


@lru_cache(maxsize=1 << 15)
def is_syllable(word: str) -> bool:
    """Whether ``word``, in composed letters of any case, is spelled like one Vietnamese syllable."""
    bare = _without_tones(word.lower())
    return _SPELLED.fullmatch(bare) is not None or _SHORTENED.fullmatch(bare) is not None


@lru_cache(maxsize=1 << 15)
def is_bare_syllable(word: str) -> bool:
    """Whether ``word`` may be a syllable whose diacritics were left out."""
    return word.isascii() and _BARE.fullmatch(word.lower()) is not None


def _without_tones(word: str) -> str:
    marks = unicodedata.normalize("NFD", word).translate(_TONES)
    return unicodedata.normalize("NFC", marks)
