"""What a JSON file is: the list of an export in whatever wrapper, or the answer of a call that failed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract
from orchestration.landing.files import FileError
from orchestration.landing.readers.envelope import elements_of
from tests.landing.conftest import Desk
from tests.landing.tables import json_bytes, records, sound_rows

CONTRACT = load_contract()
KIND = CONTRACT.kinds["hoso"]
ITEMS = records(sound_rows())


def elements(document: object) -> list[object]:
    return list(elements_of(document, KIND, CONTRACT))


WRAPPER = st.sampled_from(("data", "Data", "result", "items", "content", "rows", "d", "value", "danhSach"))
BESIDE = st.sampled_from(
    (
        {},
        {"error_code": 0, "message": "OK"},
        {"success": True},
        {"status": 200, "error": None},
        {"errors": [], "total": 3},
        {"code": "success", "pageable": {"page": 1}},
    )
)


@settings(deadline=None)
@given(st.lists(WRAPPER, max_size=3), BESIDE, st.booleans())
def test_a_list_is_found_in_any_wrapper(wrappers: list[str], beside: dict[str, Any], alone: bool) -> None:
    document: Any = ITEMS[0] if alone else ITEMS
    for name in wrappers:
        document = {**beside, name: document}
    assert elements(document) == (ITEMS[:1] if alone else ITEMS)


ERRORS = st.sampled_from(
    (
        {"error_code": "-1", "message": "Token het han"},
        {"success": False, "status": 500, "message": "Internal Server Error"},
        {"error": "invalid_token"},
        {"errors": [{"message": "x"}]},
        {"Status": 404, "Title": "Not Found"},
        {"ERRORCODE": 17},
        {"status": "error"},
        {"isSuccess": "false"},
    )
)


@settings(deadline=None)
@given(ERRORS, st.sampled_from((None, [], ITEMS)), st.booleans())
def test_an_answer_that_reports_an_error_is_no_export(
    answer: dict[str, Any], data: object, wrapped: bool
) -> None:
    document = {**answer, "data": data}
    with pytest.raises(FileError) as fault:
        elements({"response": document} if wrapped else document)
    assert fault.value.rule == "error_answer"


@pytest.mark.parametrize("document", [{}, {"data": None}, {"total": 0}, "Unauthorized", 5, None])
def test_a_document_without_a_list_is_refused_for_that(document: object) -> None:
    with pytest.raises(FileError, match="no_list"):
        elements(document)


@pytest.mark.parametrize("document", [[], {"data": []}, {"result": {"items": []}}, {"data": [], "error": ""}])
def test_an_empty_list_is_a_quiet_day(document: object) -> None:
    assert elements(document) == []


@pytest.mark.parametrize("extension", ["json", "jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        b'{"error_code": "-1", "message": "Nguyen Van An het han", "data": []}',
        b"<html><head><title>Nguyen Van An</title></head><body>502</body></html>",
        json.dumps({"success": False, "data": ITEMS}).encode(),
        json.dumps({"data": ITEMS, "status": 500}).encode(),
    ],
)
def test_what_the_answer_said_is_told_masked(desk: Desk, content: bytes, extension: str) -> None:
    desk.drop(content, extension)
    delivery = desk.land_one()
    assert (delivery.status, delivery.rule) == ("rejected", "error_answer")
    assert "Nguyen" not in str(delivery.reason)


def test_a_wrapped_list_lands(desk: Desk) -> None:
    desk.drop(json_bytes({"error_code": 0, "message": "OK", "result": {"items": ITEMS}}), "json")
    assert desk.land_one().rows_accepted == len(ITEMS)
