"""How the audit of dependencies judges what it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.audit import Accepted, NotAuditedError, judge, load_accepted

TODAY = date(2026, 11, 29)


def package(name: str, *advisories: str, aliases: tuple[str, ...] = ()) -> dict[str, Any]:
    vulns = [{"id": each, "aliases": list(aliases), "fix_versions": ["2.0"]} for each in advisories]
    return {"name": name, "version": "1.0", "vulns": vulns}


def accepted(name: str, advisory: str, until: date = date(2026, 12, 31)) -> Accepted:
    return Accepted(id=advisory, package=name, reason="not reachable", until=until)


def test_what_nobody_judged_must_be_mended() -> None:
    report = {"dependencies": [package("flask", "PYSEC-1", "PYSEC-2"), package("jinja2")]}
    assert judge(report, [accepted("flask", "PYSEC-1")], TODAY) == ["flask 1.0: PYSEC-2, mended in 2.0"]


def test_an_acceptance_goes_by_any_name_for_its_package_alone_and_ends() -> None:
    report = {"dependencies": [package("flask", "PYSEC-1", aliases=("CVE-1",)), package("jinja2")]}
    assert judge(report, [accepted("flask", "CVE-1")], TODAY) == []
    assert len(judge(report, [accepted("jinja2", "CVE-1")], TODAY)) == 2
    assert len(judge(report, [accepted("flask", "CVE-1", date(2026, 11, 28))], TODAY)) == 1


def test_what_no_longer_applies_leaves_the_list() -> None:
    (said,) = judge({"dependencies": [package("flask")]}, [accepted("flask", "PYSEC-1")], TODAY)
    assert "no longer applies" in said


def test_no_answer_is_no_verdict() -> None:
    skipped = {"name": "flask", "skip_reason": "Dependency not found on PyPI"}
    for report in ({"dependencies": []}, {"dependencies": [skipped]}, {}):
        with pytest.raises(NotAuditedError):
            judge(report, [], TODAY)


def test_every_acceptance_has_a_reason() -> None:
    assert all(each.reason.strip() for each in load_accepted())
