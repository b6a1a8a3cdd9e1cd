"""``motcua up`` does only what is still to be done, and ends in serving; the services are fakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.cli import running, serving
from orchestration.cli.running import RunReport
from orchestration.home import Home
from orchestration.remote import waiting
from orchestration.services import ports, superset_services, supervisor
from orchestration.services.dagster_instance import open_instance

from .conftest import Call
from .test_exit_codes import REPORT


@pytest.fixture
def runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs that were made, on a home with files and a release; services answer at once, and then end."""

    def nothing(*_: object) -> None:
        return None

    def no_services(*_: object) -> tuple[()]:
        return ()

    def supervise(_specs: object, when_ready: Callable[[], None], _tell: object) -> None:
        when_ready()

    made: list[str] = []

    def run_daily(*_: object) -> RunReport:
        made.append("run")
        return REPORT

    monkeypatch.setattr(running, "run_daily", run_daily)
    monkeypatch.setattr(ports, "require_free_ports", nothing)
    monkeypatch.setattr(serving, "require_free_ports", nothing)
    monkeypatch.setattr(superset_services, "initialise_superset", nothing)
    monkeypatch.setattr(superset_services, "superset_specs", no_services)
    monkeypatch.setattr(supervisor, "supervise", supervise)
    (home / "inbox" / "2025-11-26").mkdir(parents=True)
    release = home / "releases" / "20251126T180000-01"
    release.mkdir(parents=True)
    (release / "warehouse.duckdb").touch()
    (home / "current").symlink_to(release)
    return made


@pytest.mark.parametrize(("pending", "expected"), [([], 0), ([date(2025, 11, 26)], 1)])
def test_it_runs_only_when_files_wait(
    call: Call, runs: list[str], monkeypatch: pytest.MonkeyPatch, pending: list[date], expected: int
) -> None:
    def looks(*_: object) -> dict[date, str]:
        return dict.fromkeys(pending, "")

    monkeypatch.setattr(waiting, "waiting", looks)

    assert call("up").code == 0
    assert len(runs) == expected


def test_it_runs_when_nothing_was_published(call: Call, home: Path, runs: list[str]) -> None:
    (home / "current").unlink()

    assert call("up").code == 0
    assert len(runs) == 1


def test_a_server_that_cannot_be_reached_keeps_nobody_from_what_is_published(
    call: Call, home: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", "s3://thung/den")
    monkeypatch.setenv("MOTCUA_S3_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MOTCUA_S3_KEY", "k")
    monkeypatch.setenv("MOTCUA_S3_SECRET", "s")

    outcome = call("up")

    assert (outcome.code, runs) == (0, [])
    assert "Không kết nối được với hộp thư đến s3://thung/den" in outcome.out
    (home / "current").unlink()
    assert call("up").code == 0
    assert runs == ["run"]


def test_both_addresses_are_told_once(call: Call, runs: list[str]) -> None:
    out = call("up").out

    for address in ("http://127.0.0.1:3000/", "http://127.0.0.1:8088/"):
        assert out.count(address) == 1


def test_serving_gives_back_the_place_of_a_run_that_a_power_cut_ended(
    call: Call, home: Path, runs: list[str]
) -> None:
    @dg.job
    def job() -> None:
        """Nothing is asked of it."""

    with open_instance(Home(home)) as instance:
        left = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        instance.event_log_storage.initialize_concurrency_limit_to_default("lake")
        instance.event_log_storage.claim_concurrency_slot("lake", left.run_id, "lake")

    assert call("serve").code == 0

    with open_instance(Home(home)) as instance:
        run = instance.get_run_by_id(left.run_id)
        assert run is not None
        assert run.status is dg.DagsterRunStatus.FAILURE
        assert instance.event_log_storage.get_concurrency_info("lake").active_slot_count == 0
