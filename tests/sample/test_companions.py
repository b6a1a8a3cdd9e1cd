"""Steps, ratings, petitions and criteria."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from itertools import pairwise

from orchestration.contract import load_contract
from tests.sample.reading import Row, Sample, time_of


def rows_of(sample: Sample, kind: str) -> list[Row]:
    """All rows of a kind, in the order of days."""
    rows: list[Row] = []
    for path in sorted(sample.files, key=lambda path: (path.parent.name, path.name)):
        if path.name.startswith(kind):
            rows += csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    return rows


def test_steps_follow_each_other_without_holes(sample: Sample) -> None:
    steps: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows_of(sample, "tientrinh"):
        steps[row["MaHoSo"]][row["ThuTu"]] = row
    assert steps
    for dossier in steps.values():
        ordered = [dossier[key] for key in sorted(dossier, key=int)]
        assert [row["ThuTu"] for row in ordered] == [str(place + 1) for place in range(len(ordered))]
        for before, after in pairwise(ordered):
            assert before["ThoiDiemXuLy"] == after["NgayBatDau"]
        for row in ordered:
            began, ended = time_of(row["NgayBatDau"]), time_of(row["ThoiDiemXuLy"])
            assert began is not None
            assert ended is None or began <= ended


def test_step_rows_are_counted_and_land_goes_through_the_branch(sample: Sample) -> None:
    rows = rows_of(sample, "tientrinh")
    assert len(rows) == sample.truth["step_rows"]
    stages = {row["BuocXuLy"] for row in rows}
    assert stages == {
        "tiep_nhan", "vpdk", "tham_dinh", "thue", "nghia_vu_tai_chinh", "ky_duyet", "tra_ket_qua",
    }  # fmt: skip
    departments = {row["PhongBanXuLy"] for row in rows if row["BuocXuLy"] == "vpdk"}
    assert departments == set(sample.truth["units"]["branches"])


def test_ratings_and_petitions_are_as_told(sample: Sample) -> None:
    rows = rows_of(sample, "phananh")
    told = sample.truth["feedback"]
    assert len(rows) == told["petition_rows"]
    newest = {row["MaPhanAnh"]: row for row in rows}
    ratings = [row for row in newest.values() if row["Loai"] == "danh_gia"]
    assert len(ratings) == told["ratings"]
    assert sum(row["MucDoHaiLong"] in ("4", "5") for row in ratings) == told["satisfied"]
    petitions = [row for row in newest.values() if row["Loai"] == "kien_nghi"]
    assert len(petitions) == told["petitions"]
    assert all(row["HanXuLy"] for row in petitions)


def test_every_commune_reports_all_criteria_of_the_month_before(sample: Sample) -> None:
    rows = rows_of(sample, "tieuchi")
    assert len(rows) == sample.truth["feedback"]["criterion_rows"] == 16 * sample.result.communes
    assert {row["KyBaoCao"] for row in rows} == {"2025-07"}
    pairs = {(row["MaDonViTiepNhan"], row["MaTieuChi"]) for row in rows}
    assert len(pairs) == len(rows)
    assert {row["KetQua"] for row in rows} <= {"xanh", "vang", "do"}


def test_heads_are_the_contracts_names(sample: Sample) -> None:
    for kind in ("tientrinh", "phananh", "tieuchi"):
        known = {column.name for column in load_contract().kinds[kind].columns}
        assert set(rows_of(sample, kind)[0]) <= known
