"""What a JSON document is: the list of an export, in wrappers or not, or the answer of a failed call. Pure.

Services wrap what they answer, ``{"data": [...]}``, ``{"result": {"items": [...]}}``; the list is known by
the heads of its objects, not by the wrapper's name. The answer that a service gives when it fails is sound
JSON too, and whoever saved it for the day's export has to be told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestration.contract import Contract, Kind, fold, match_heads
from orchestration.landing.files import FileError
from orchestration.landing.masking import mask

Json = dict[str, Any]

_DEEPEST = 5
# Folded keys under which services say that they failed, and what they put there when they did not.
_ERRORS = ("error", "errors", "exception", "fault", "faultstring", "stacktrace", "errormessage")
_CODES = ("errorcode", "errcode", "errno", "returncode", "resultcode")
_STATES = ("status", "statuscode", "httpstatus", "code")
_SUCCESSES = ("success", "succeeded", "issuccess", "issuccessful", "ok")
_MESSAGES = ("message", "msg", "error", "errormessage", "errordescription", "detail", "title", "description")
_FINE = ("", "0", "00", "000", "200", "none", "null", "ok", "success", "successful", "false", "noerror")
_NOT_SO = ("false", "0", "no", "fail", "failed", "khong")
_BAD_STATES = ("error", "fail", "failed", "failure", "loi", "thatbai", "unauthorized", "forbidden")
_FIRST_BAD_CODE = 400
_NUMBER = re.compile(r"-?\d{1,5}")
_TITLE = re.compile(rb"(?is)<title[^>]*>(.*?)</title>")


def elements_of(document: object, kind: Kind, contract: Contract) -> Sequence[object]:
    """The elements of the list that ``document`` is or holds.

    Raises:
        FileError: ``error_answer``; ``no_list`` if there is neither list nor object of the kind.
    """
    answers = list(_wrappers(document, kind, contract))
    if any(map(_is_error, answers)):
        raise FileError("error_answer", answer=_said(answers))
    found = list(_lists(document, kind, contract, 0))
    if found:
        return [element for elements in found for element in elements]
    if isinstance(document, list):
        return document
    empty = [value for answer in answers for value in answer.values() if value == []]
    if not empty:
        if any(fold(key) in _MESSAGES for answer in answers for key in answer):
            raise FileError("error_answer", answer=_said(answers))
        raise FileError("no_list")
    return []


def page_answer(start: bytes) -> FileError:
    """The fault of a page that was saved under the name of a JSON file; ``start`` is its beginning."""
    title = _TITLE.search(start)
    return FileError("error_answer", answer=_masked(title[1].decode("utf-8", "replace") if title else ""))


def _is_of_kind(item: object, kind: Kind, contract: Contract) -> bool:
    return isinstance(item, dict) and bool(
        match_heads(list(item), kind.aliases, contract.ignored_heads).found
    )


def _wrappers(document: object, kind: Kind, contract: Contract, depth: int = 0) -> Iterator[Json]:
    """The objects around the list; those of the list are not among them."""
    if (
        isinstance(document, list)
        and document
        and not any(_is_of_kind(item, kind, contract) for item in document)
    ):
        document = document[0] if len(document) == 1 else None
    if isinstance(document, dict) and depth < _DEEPEST and not _is_of_kind(document, kind, contract):
        yield document
        for value in document.values():
            if isinstance(value, dict):
                yield from _wrappers(value, kind, contract, depth + 1)


def _lists(value: object, kind: Kind, contract: Contract, depth: int) -> Iterator[Sequence[object]]:
    """Lists with objects of the kind, outermost ones; an object of the kind by itself is a list of one."""
    if isinstance(value, list):
        if any(_is_of_kind(item, kind, contract) for item in value):
            yield value
    elif isinstance(value, dict) and depth < _DEEPEST:
        if _is_of_kind(value, kind, contract):
            yield [value]
        else:
            for inner in value.values():
                yield from _lists(inner, kind, contract, depth + 1)


def _is_error(answer: Mapping[str, Any]) -> bool:
    return any(_tells_error(fold(key), value) for key, value in answer.items())


def _tells_error(key: str, value: object) -> bool:
    word = fold(str(value)) if isinstance(value, str | int | float | bool) else ""
    plain = value is not None and value not in ([], {})
    if key in _ERRORS:
        return plain and (isinstance(value, list | dict) or word not in _FINE)
    if key in _CODES:
        return plain and (str(value).strip().startswith("-") or word not in _FINE)
    if key in _SUCCESSES:
        return value is not None and word in _NOT_SO
    if key in _STATES:
        number = _NUMBER.fullmatch(str(value).strip()) and int(str(value))
        return (
            value is False
            or word in _BAD_STATES
            or (isinstance(number, int) and (number < 0 or number >= _FIRST_BAD_CODE))
        )
    return False


def _said(answers: Sequence[Mapping[str, Any]]) -> str:
    """The number of the error, which tells nothing of anybody, and the shape of its words."""
    pairs = [(fold(key), value) for answer in answers for key, value in answer.items()]
    numbers = [
        str(value).strip()
        for key, value in pairs
        if key in (*_CODES, *_STATES, "error") and _NUMBER.fullmatch(str(value).strip())
    ]
    words = [value for key, value in pairs if key in _MESSAGES and isinstance(value, str)]
    return _masked(" ".join(words[:1]), numbers[:1])


def _masked(words: str, numbers: Sequence[str] = ()) -> str:
    told = [f"mã {number}" for number in numbers] + [f"“{mask(words)}”"] * bool(words.strip())
    return ", ".join(told) or "không ghi lý do"
