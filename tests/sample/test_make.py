"""The run as a whole: reproducible, careful with what is there, on time, and refusing nonsense."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from orchestration.clock import local_from_timestamp
from orchestration.contract import load_contract
from orchestration.sample import Bottleneck, SampleError, SamplePlan, make_sample
from tests.sample.reading import Sample

TINY = SamplePlan("38", date(2025, 7, 1), date(2025, 7, 11), communes=8, seed=5, dossiers_per_commune_day=6)
CUTOFF = time(18, 0)


def fingerprint(out: Path) -> str:
    """Names, contents and modification times of everything written."""
    digest = hashlib.sha256()
    for path in sorted([*out.rglob("*"), out.parent / "sample-truth.json"]):
        if path.is_file():
            is_truth = path.name == "sample-truth.json"
            digest.update(str(path.relative_to(out.parent)).encode())
            digest.update(b"" if is_truth else str(path.stat().st_mtime_ns).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def test_equal_plans_give_equal_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    prints: list[str] = []
    for run, workers in enumerate((1, 2)):
        out = tmp_path / str(run) / "inbox"
        make_sample(TINY, out, workers=workers)
        prints.append(fingerprint(out))
    assert prints[0] == prints[1]


def test_another_seed_gives_another_province(tmp_path: Path) -> None:
    other = SamplePlan("38", TINY.first_day, TINY.last_day, TINY.communes, seed=6, dossiers_per_commune_day=6)
    make_sample(TINY, tmp_path / "a" / "inbox")
    make_sample(other, tmp_path / "b" / "inbox")
    assert fingerprint(tmp_path / "a" / "inbox") != fingerprint(tmp_path / "b" / "inbox")


def test_an_inbox_that_holds_exports_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "inbox" / "2025-07-03" / "hoso_14797_20250703.csv"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("thật", encoding="utf-8")
    with pytest.raises(SampleError, match="đã có tệp"):
        make_sample(TINY, tmp_path / "inbox")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]


def test_progress_rises_to_one(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    make_sample(TINY, tmp_path / "inbox", lambda stage, share: seen.append((stage, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0


def test_days_without_work_are_refused(tmp_path: Path) -> None:
    weekend = SamplePlan("38", date(2025, 7, 5), date(2025, 7, 6))
    with pytest.raises(SampleError, match="không có ngày làm việc"):
        make_sample(weekend, tmp_path / "inbox")


def test_an_unknown_province_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="mã 00"):
        make_sample(SamplePlan("00", TINY.first_day, TINY.last_day), tmp_path / "inbox")


@pytest.mark.parametrize(
    "change",
    [
        {"last_day": date(2025, 6, 30)},
        {"communes": 0},
        {"seed": -1},
        {"dossiers_per_commune_day": 0.0},
        {"branch_loss": Bottleneck(from_week=0)},
        {"tax_stall": Bottleneck(from_week=1, capacity=1.5)},
    ],
)
def test_impossible_plans_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(SampleError):
        SamplePlan(**{"province": "38", "first_day": TINY.first_day, "last_day": TINY.last_day, **change})  # pyright: ignore[reportArgumentType]  # wrong on purpose


def test_one_commune_one_day(tmp_path: Path) -> None:
    plan = SamplePlan("25", date(2025, 9, 3), date(2025, 9, 3), communes=1, dossiers_per_commune_day=3)
    result = make_sample(plan, tmp_path / "inbox")
    assert (result.communes, result.export_days) == (1, 1)
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["2025-09-03"]


def test_result_counts_what_is_on_disk(sample: Sample) -> None:
    assert sample.result.files == len(sample.files)
    assert sample.result.size == sum(path.stat().st_size for path in sample.files)


def test_names_and_folders_follow_the_contract(sample: Sample) -> None:
    pattern = re.compile(load_contract().file_name.pattern + r"\.(csv|json|xlsx)(\.gz)?")
    for path in sample.files:
        match = pattern.fullmatch(path.name)
        assert match, path.name
        day = date.fromisoformat(path.parent.name)
        assert f"{day:%Y%m%d}" == match["day"]
        assert sample.plan.first_day <= day <= sample.plan.last_day
        assert day.weekday() < 5


def test_files_are_in_before_the_cut_off_but_the_late_ones(sample: Sample) -> None:
    late = {fault["file"] for fault in sample.faults("late_file", "resent_file")}
    assert late
    for path in sample.files:
        day = date.fromisoformat(path.parent.name)
        written = local_from_timestamp(path.stat().st_mtime)
        cutoff = datetime.combine(day, CUTOFF)
        if path.name in late:
            assert cutoff < written < cutoff + timedelta(days=14)
        elif "_bo" not in path.name:
            assert datetime.combine(day, time(15)) < written < cutoff, path.name
        assert written.date() <= sample.plan.last_day


def test_the_truth_lies_beside_the_inbox_without_personal_values(sample: Sample) -> None:
    assert sample.result.truth_path.parent == sample.result.out.parent
    truth = sample.result.truth_path.read_text(encoding="utf-8")
    for _, rows in sample.hoso:
        for row in rows[:3]:
            for column in ("ChuHoSo", "SoDinhDanh", "SoDienThoai", "Email"):
                assert row[column]
                assert row[column] not in truth
