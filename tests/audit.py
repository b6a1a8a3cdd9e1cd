"""``make audit``: whether a package of the lock has a known vulnerability that nobody has judged.

pip-audit asks the registry's advisories; where they cannot be had (no network, a mirror without them)
that is said and nothing fails, because a build must not depend on it. What is accepted stands with its
reason and an end in ``accepted_advisories.yml``: past its day it fails again, and so does one that no
longer applies.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from orchestration.errors import MotcuaError
from orchestration.settings import PROJECT_ROOT
from orchestration.strict_yaml import Strict, read_yaml

ACCEPTED = Path(__file__).with_name("accepted_advisories.yml")
_SECONDS = 300


class Accepted(Strict):
    """An advisory that was judged: of which package, why it does not matter here, and until when."""

    id: str
    package: str
    reason: str
    until: date


class NotAuditedError(Exception):
    """Nobody could be asked."""


def ask(lock: Path) -> dict[str, Any]:
    """pip-audit's report on ``lock``.

    Raises:
        NotAuditedError: it gave none.
    """
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip"]
    options = ["--require-hashes", "--format", "json", "--progress-spinner", "off"]
    try:
        found = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return json.loads(found.stdout)
    except subprocess.TimeoutExpired as error:
        raise NotAuditedError("no answer in time") from error
    except ValueError as error:
        raise NotAuditedError("no report") from error


def judge(report: dict[str, Any], accepted: Sequence[Accepted], today: date) -> list[str]:
    """What must be done, a sentence each; empty if nothing.

    Raises:
        NotAuditedError: the advisories of no package could be had.
    """
    asked = [package for package in report.get("dependencies", []) if "skip_reason" not in package]
    if not asked:
        raise NotAuditedError("the registry tells no advisories")
    found = {
        (package["name"], name): (package["version"], ", ".join(advisory["fix_versions"]) or "none yet")
        for package in asked
        for advisory in package.get("vulns", [])
        for name in (advisory["id"], *advisory.get("aliases", ()))
    }
    known = {(each.package, each.id): each for each in accepted}
    judged = {
        (package["name"], advisory["id"])
        for package in asked
        for advisory in package.get("vulns", [])
        if any(
            (each := known.get((package["name"], name))) and each.until >= today
            for name in (advisory["id"], *advisory.get("aliases", ()))
        )
    }
    own = {(package["name"], advisory["id"]) for package in asked for advisory in package.get("vulns", [])}
    faults = [
        f"{name} {found[name, advisory][0]}: {advisory}, mended in {found[name, advisory][1]}"
        for name, advisory in sorted(own - judged)
    ]
    names = {package["name"] for package in asked}
    faults += [
        f"{each.package}: {each.id} is accepted and no longer applies; remove it from {ACCEPTED.name}"
        for each in accepted
        if each.package in names and (each.package, each.id) not in found
    ]
    return faults


def load_accepted(path: Path = ACCEPTED) -> list[Accepted]:
    """What was judged."""
    return TypeAdapter(list[Accepted]).validate_python(read_yaml(path, MotcuaError) or [])


def main() -> int:
    """Ask, judge, tell; 1 if something must be done."""
    try:
        faults = judge(ask(PROJECT_ROOT / "requirements.lock"), load_accepted(), date.today())
    except NotAuditedError as error:
        print(f"dependencies were NOT audited: {error}")
        return 0
    for fault in faults:
        print(fault)
    print(f"dependencies audited: {len(faults)} to mend")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
