"""Vietnamese letters that are not what they seem: told, and turned back where that is sure. Pure.

Texts come in the writing of old fonts (TCVN3, VNI), as UTF-8 that some program read as another code page,
with Ð (eth) for Đ, and with question marks where a code page had no letter. All but the last can be turned
back, and are if that makes Vietnamese words of most of what a column holds; what is lost is ``GARBLED``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from orchestration.contract import column_of
from orchestration.landing.files import GARBLED, FileError
from orchestration.landing.syllables import is_syllable

# Letters and signs of Latin-1 and Windows-1252 that no Vietnamese word has.
_FOREIGN = re.compile(
    "[\u0080-\u009f\u00a1-\u00af\u00b1\u00b4-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8"
    "\u00db\u00dc\u00de-\u00df\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff\u0192\ufffd]"
)
# A question mark within a word or before one; the end of a question is none, nor is what an address asks.
_LOST = re.compile(r"^(?!.*://)(?=.*([^\W\d_]\?[^\W\d_]|(^|[\s(\"'-])\?[^\W\d_]))")
# How UTF-8 that was read as a code page looks: what is left of it when it cannot be turned back.
_READ_WRONGLY = re.compile("[ÃÄÆ][\u0080-\u00bf\u2018-\u203a\u0192\u02c6\u02dc]|á[º»]|â€|\ufffd")
_ETH = str.maketrans("Ðð", "Đđ")
_WORD = re.compile(r"[^\W\d_]+")
_BEYOND_LATIN = re.compile(r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
# Of the words beyond ASCII that a text has, so many must be Vietnamese for a writing to be sure.
_SURE = 0.8
_MOST_TIMES = 3
# Of the texts beyond ASCII, so many may be lost before the whole file is refused.
_MOST_LOST = 0.3

Turn = Callable[[str], str | None]


def _bytes_of(codec: str) -> dict[str, int]:
    """The byte that each letter of a code page stands for; bytes without one stand for themselves."""
    letters: dict[str, int] = {}
    for byte in range(256):
        letters[chr(byte)] = byte
    for byte in range(0x80, 256):
        try:
            letters[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            continue
    return letters


_CODE_PAGES = {codec: _bytes_of(codec) for codec in ("cp1252", "cp1258")}


def _as_bytes(text: str, letters: Mapping[str, int]) -> bytes | None:
    try:
        return bytes(letters[letter] for letter in text)
    except KeyError:
        return None


def _utf8_again(codec: str) -> Turn:
    """Back from UTF-8 that was read as ``codec``, however often."""

    def turn(text: str) -> str | None:
        turned = None
        for _ in range(_MOST_TIMES):
            # A no-break blank is half of "à", and easily becomes a plain one.
            content = _as_bytes((turned or text).replace("Ã ", "Ã\u00a0"), _CODE_PAGES[codec])
            if content is None or content.isascii():
                break
            try:
                turned = content.decode("utf-8")
            except UnicodeDecodeError:
                break
        return turned

    return turn


_TCVN3_BYTES = (
    "A1A2A3A4A5A6A7A8A9AAABACADAEB5B6B7B8B9BBBCBDBEC6C7C8C9CACBCCCECFD0D1D2D3D4D5D6D7D8DCDDDE"
    "DFE1E2E3E4E5E6E7E8E9EAEBECEDEEEFF1F2F3F4F5F6F7F8F9FAFBFCFDFE"
)
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = dict(zip(bytes.fromhex(_TCVN3_BYTES), _TCVN3_LETTERS, strict=True))


def _from_tcvn3(text: str) -> str | None:
    content = _as_bytes(text, _CODE_PAGES["cp1252"]) or _as_bytes(text, _CODE_PAGES["cp1258"])
    if content is None:
        return None
    return "".join(_TCVN3.get(byte, chr(byte)) for byte in content)


def _vni() -> dict[str, str]:
    """Letter by the sign or the two signs that VNI writes for it."""
    tones = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
    circumflex = {"á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323", "â": ""}
    breve = {"é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323", "ê": ""}
    table = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    bases = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
    table |= {base + sign: letter + tone for base, letter in bases.items() for sign, tone in tones.items()}
    table |= {base + sign: base + "\u0302" + tone for base in "aeo" for sign, tone in circumflex.items()}
    table |= {"a" + sign: "a\u0306" + tone for sign, tone in breve.items()}
    composed = {written: unicodedata.normalize("NFC", letter) for written, letter in table.items()}
    capitals = {written.upper(): letter.upper() for written, letter in composed.items()}
    mixed = {written[0].upper() + written[1:]: letter.upper() for written, letter in composed.items()}
    return mixed | capitals | composed


_VNI = _vni()
_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _from_vni(text: str) -> str | None:
    content = _as_bytes(text, _CODE_PAGES["cp1252"])
    if content is None:
        return None
    return _VNI_SIGNS.sub(lambda sign: _VNI[sign.group()], content.decode("latin-1"))


_TURNS: tuple[Turn, ...] = (_utf8_again("cp1252"), _utf8_again("cp1258"), _from_tcvn3, _from_vni)


def is_suspect(text: str) -> bool:
    """Whether ``text`` holds anything that no Vietnamese text does."""
    return _FOREIGN.search(text) is not None or ("?" in text and _LOST.search(text) is not None)


def _turned_ways(text: str) -> Iterable[str]:
    """The other writings in which ``text`` may be meant."""
    return (turned for turn in _TURNS if (turned := turn(text)) is not None and turned != text)


def turned_back(cells: Sequence[str | None]) -> Sequence[str | None]:
    """A column with its letters as they were meant, and ``GARBLED`` for the cells whose letters are lost."""
    distinct = {cell for cell in cells if (cell is not None and not cell.isascii()) or (cell and "?" in cell)}
    suspect = [cell for cell in distinct if is_suspect(cell)]
    if not suspect:
        return cells
    turn = _best_turn(suspect)
    # What has letters that only Unicode has is in no older writing; short words are told by the others.
    older = distinct if not any(map(_BEYOND_LATIN.search, distinct)) else suspect
    known = {cell: _turned(cell, turn) for cell in {*older, *suspect}}
    return [cell if cell is None else known.get(cell, cell).translate(_ETH) for cell in cells]


def _turned(cell: str, turn: Turn | None) -> str:
    """The cell as meant. A text that is Vietnamese as it stands, or foreign, stays."""
    if turn is not None:
        turned = turn(cell)
        if turned is not None and _share([turned]) >= _share([cell]):
            cell = turned
    if _READ_WRONGLY.search(cell) or ("?" in cell and _LOST.search(cell)):
        return GARBLED
    return cell


def _best_turn(cells: Sequence[str]) -> Turn | None:
    """The writing in which nearly all words of ``cells`` are Vietnamese, if there is one."""
    shares = [
        (_share(turned), turn) for turn in _TURNS for turned in [[turn(cell) or cell for cell in cells]]
    ]
    best, turn = max(shares, key=lambda found: found[0])
    return turn if best >= _SURE and best > _share(cells) else None


def _share(texts: Iterable[str]) -> float:
    """How much of the words beyond ASCII is Vietnamese, from 0 to 1; 1 of texts without such a word.

    A sign that is no letter, within a word, makes no word of what is around it.
    """
    words = [
        word
        for text in texts
        for word in re.split(r"[\s\d,;:./()\-\"'–]+", unicodedata.normalize("NFC", text).translate(_ETH))
        if word and not word.isascii()
    ]
    good = sum(1 for word in words if _WORD.fullmatch(word) and is_syllable(word))
    return good / len(words) if words else 1.0


def meant_heads(heads: Sequence[str | None], aliases: Mapping[str, str]) -> list[str | None]:
    """Heads as they were meant, where that makes a known one of them."""
    return [
        next((turned for turned in _turned_ways(head) if column_of(turned, aliases)), head)
        if head and not head.isascii() and column_of(head, aliases) is None
        else head
        for head in heads
    ]


def refuse_lost(columns: Iterable[Sequence[str | None]]) -> None:
    """Raise ``bad_encoding`` if so many texts are lost that the file is at fault, not a cell here and there.

    Raises:
        FileError: as said.
    """
    lost = words = 0
    for cells in columns:
        lost += sum(cell == GARBLED for cell in cells)
        words += sum(cell is not None and not cell.isascii() for cell in cells)
    if lost > _MOST_LOST * words:
        raise FileError("bad_encoding")


def share_as_written(text: str) -> float:
    """How much of the words beyond ASCII of ``text`` is Vietnamese as it stands, from 0 to 1."""
    return _share([text])


def share_of_words(text: str) -> float:
    """How much of ``text`` is Vietnamese in the best of its writings, from 0 to 1; 1 if it is all ASCII."""
    return max([_share([text]), *(_share([turned]) for turned in _turned_ways(text))])
