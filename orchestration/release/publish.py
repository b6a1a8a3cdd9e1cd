"""Write, audit, publish: a finished build becomes a release, or nothing changes.

Everything is written into a hidden directory, made durable, tried out through the readers' own sandbox,
renamed, and only then does the link ``current`` move, in one step. DuckDB keeps one instance per path, so
a release is a new directory, never a new file under an old path (design 7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.disk import full_disk_explained, require_space
from orchestration.durable import seal, sync
from orchestration.errors import HeldBackError
from orchestration.home import Home
from orchestration.locks import lock_of
from orchestration.release import copying, meta, reader, retention
from orchestration.release.content import TableContent, table_content
from orchestration.release.history import PastRun, earlier_releases
from orchestration.release.manifest import Manifest, PublishedTable, weekly_marker, write_manifest
from orchestration.release.soundness import require_link
from orchestration.warehouse.record import FinishedBuild

# The file, its Parquet twins, and room for DuckDB to work.
_SPACE_FACTOR = 1.5
_SPACE_FLOOR = 64 * 2**20
_CHUNK = 2**20


def publish(home: Home, build: FinishedBuild, built_at: datetime, runs: Sequence[PastRun] = ()) -> Manifest:
    """Publish the working warehouse of ``build`` as of local time ``built_at`` and switch readers to it.

    ``runs`` are the last ones up to this, for ``meta.run_history``.

    Raises:
        HeldBackError: the copy does not stand the audit; the earlier release stays.
        UnavailableError: the disk is full, or ``current`` is no link; the earlier release stays.
    """
    require_link(home)
    with _publication_lock(home), full_disk_explained(home.releases):
        retention.remove_leftovers(home)
        require_space(home.releases, int(home.warehouse_file.stat().st_size * _SPACE_FACTOR) + _SPACE_FLOOR)
        release_id = _next_id(home, built_at)
        building = home.releases / f".{release_id}{retention.BUILDING}"
        building.mkdir()
        manifest = _write(home, building, release_id, build, built_at, runs)
        _audit(home, building, manifest)
        seal(building)
        building.rename(home.releases / release_id)
        sync(home.releases)
        _switch(home, release_id)
        retention.remove_expired(home)
        return manifest


@contextmanager
def _publication_lock(home: Home) -> Generator[None]:
    home.releases.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_of(home.releases / ".lock"):
        yield


def _next_id(home: Home, built_at: datetime) -> str:
    """``YYYYMMDDTHHMMSS-NN``, after every id already taken even if the clock went back."""
    taken = sorted(path.name for path in home.releases.iterdir() if not path.name.startswith("."))
    stamp = f"{built_at:%Y%m%dT%H%M%S}"
    newest = taken[-1] if taken else ""
    if newest[: len(stamp)] < stamp:
        return f"{stamp}-01"
    base, _, number = newest.rpartition("-")
    return f"{base}-{int(number) + 1:02d}"


def _write(
    home: Home,
    building: Path,
    release_id: str,
    build: FinishedBuild,
    built_at: datetime,
    runs: Sequence[PastRun],
) -> Manifest:
    database = building / home.warehouse_file.name
    weekly = weekly_marker(build.now.date())
    with duckdb.connect() as connection:
        copying.attach(connection, database, home.warehouse_file)
        copying.copy_tables(connection)
        copying.copy_macros(connection)
        newest = meta.data_date(connection)
        meta.create_tables(connection)
        meta.write_check_result(connection, build)
        meta.write_run_result(connection, build)
        meta.write_release(
            connection, release_id=release_id, data_date=newest, build=build, built_at=built_at, weekly=weekly
        )
        meta.write_release_history(connection, earlier_releases(home), release_id)
        meta.write_run_history(connection, runs)
        meta.write_contract_words(connection)
        meta.write_data_dictionary(connection, build.manifest)
        twins = copying.write_parquet(connection, building / "parquet")
        contents = {name: table_content(connection, copying.TARGET, *name) for name in twins}
        connection.execute(f"CHECKPOINT {copying.TARGET}")
    tables = {
        ".".join(name): PublishedTable(
            content.rows, content.content_hash, str(twins[name].relative_to(building))
        )
        for name, content in contents.items()
    }
    manifest = Manifest(
        release_id=release_id,
        data_date=newest,
        as_of=build.now.date(),
        built_at=built_at,
        git_commit=build.git_commit,
        contract_version=build.contract_version,
        rules=build.rules,
        weekly=weekly,
        duckdb_version=duckdb.__version__,
        sha256=_sha256(database),
        size_bytes=database.stat().st_size,
        row_counts={name: table.rows for name, table in tables.items()},
        tables=tables,
    )
    write_manifest(building, manifest)
    return manifest


def _audit(home: Home, building: Path, manifest: Manifest) -> None:
    """Read the copy back as readers will, table by table.

    Raises:
        HeldBackError: a table is missing or differs from what was written.
    """
    with reader.connect_file(home, building / "warehouse.duckdb") as connection:
        for name, table in manifest.tables.items():
            try:
                found = table_content(connection, *name.split(".", 1))
            except duckdb.Error as error:
                raise HeldBackError(f"Bảng {name} của bản công bố mới không đọc được: {error}") from error
            if found != TableContent(table.rows, table.content_hash):
                raise HeldBackError(
                    f"Bảng {name} của bản công bố mới khác với bản dựng. Hãy chạy lại `motcua run`."
                )


def _switch(home: Home, release_id: str) -> None:
    """Move ``current`` in one step: a reader sees the old link or the new one, never none."""
    link = home.root / f".{home.current.name}.{release_id}"
    link.symlink_to(Path(home.releases.name) / release_id)
    link.replace(home.current)
    sync(home.root)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
