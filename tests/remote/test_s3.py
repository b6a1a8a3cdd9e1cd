"""S3, against a real (small) store."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from orchestration.errors import SettingsError, UnavailableError
from orchestration.landing import land_day
from orchestration.remote.fetch import Fetched, fetch_inbox
from orchestration.remote.s3 import S3Store
from orchestration.remote.store import ChangedError, LineBrokenError, RemoteEntry
from orchestration.settings import Settings
from tests.landing.conftest import DAY, NOW, UNITS
from tests.landing.tables import csv_bytes, sound_rows

from .conftest import ALWAYS, BUCKET, QUICK, Make

CONTENT = csv_bytes(sound_rows())
NAME = f"hoso_{UNITS[0]}_{DAY:%Y%m%d}.csv"


def put(s3: Any, key: str = f"{DAY}/{NAME}", content: bytes = CONTENT) -> None:
    s3.put_object(Bucket=BUCKET, Key=f"den/{key}", Body=content)


def fetch(settings: Settings) -> Fetched:
    return fetch_inbox(settings, ALWAYS, lambda _: None, QUICK)


def test_objects_come_whole_and_only_once(s3: Any, from_s3: Make) -> None:
    settings = from_s3()
    put(s3)
    put(s3, f"{DAY}/to1/{NAME}")
    put(s3, f"{DAY}/", b"")
    put(s3, f"{DAY}/{NAME}.tmp")

    assert fetch(settings) == Fetched(2, 2 * len(CONTENT))

    copy = settings.inbox_path / DAY.isoformat() / NAME
    modified = s3.head_object(Bucket=BUCKET, Key=f"den/{DAY}/{NAME}")["LastModified"]
    assert copy.read_bytes() == CONTENT
    assert int(copy.stat().st_mtime) == int(modified.timestamp())
    assert fetch(settings) == Fetched()
    land_day(settings, DAY, NOW)
    copy.unlink()
    assert fetch(settings) == Fetched()
    put(s3, content=CONTENT * 2)
    assert fetch(settings).files == 1


def test_an_inbox_without_objects_is_empty(s3: Any, from_s3: Make) -> None:
    assert fetch(from_s3()) == Fetched()


@pytest.mark.parametrize("key", [f"{DAY}/../../ngoai.csv", f"{DAY}/a//../ngoai.csv", f"{DAY}/.."])
def test_a_key_that_leaves_its_folder_is_never_written(s3: Any, from_s3: Make, key: str) -> None:
    settings = from_s3()
    put(s3, key)
    fetched = fetch(settings)
    assert fetched.files == 0
    assert not list(settings.paths.root.rglob("ngoai.csv"))


def test_a_broken_answer_is_asked_for_again_from_where_it_broke(
    s3: Any, from_s3: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_s3()
    put(s3, content=bytes(1000))
    original, offsets = S3Store.read, list[int]()

    def breaking(store: S3Store, entry: RemoteEntry, offset: int) -> Any:
        offsets.append(offset)
        for chunk in original(store, entry, offset):
            if len(offsets) < 3:
                yield chunk[:300]
                raise LineBrokenError("cut")
            yield chunk

    monkeypatch.setattr(S3Store, "read", breaking)
    assert fetch(settings).files == 1
    assert offsets == [0, 300, 600]


def test_an_object_that_is_replaced_while_it_is_read_waits(
    s3: Any, from_s3: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_s3()
    put(s3)
    original = S3Store.read

    def replaced_before(store: S3Store, entry: RemoteEntry, offset: int) -> Any:
        put(s3, content=bytes(len(CONTENT)))
        return original(store, entry, offset)

    monkeypatch.setattr(S3Store, "read", replaced_before)
    assert fetch(settings).left == (f"{DAY}/{NAME}",)


def test_a_replaced_object_is_told_by_its_etag(s3: Any, from_s3: Make) -> None:
    from orchestration.remote.survey import line_to

    settings = from_s3()
    put(s3)
    assert settings.remote_inbox is not None
    line = line_to(settings.remote_inbox, settings, QUICK)
    (entry,) = line.ask(lambda store: store.list((DAY.isoformat(),)))
    assert line.ask(lambda store: store.md5(entry)) == entry.etag
    put(s3, content=CONTENT[::-1])
    with pytest.raises(ChangedError):
        line.ask(lambda store: list(store.read(entry, 0)))
    with pytest.raises(ChangedError):
        line.ask(lambda store: store.md5(entry))
    line.close()


def test_content_that_is_not_what_the_store_says_is_thrown_away(
    s3: Any, from_s3: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_s3()
    put(s3)
    original = S3Store.read

    def damaged(store: S3Store, entry: RemoteEntry, offset: int) -> Any:
        return (bytes(len(chunk)) for chunk in original(store, entry, offset))

    monkeypatch.setattr(S3Store, "read", damaged)
    (failure,) = fetch(settings).failures
    assert "không khớp mã kiểm tra" in failure
    monkeypatch.undo()
    assert fetch(settings).files == 1


def test_what_is_wrong_with_the_store_is_told(s3: Any, from_s3: Make) -> None:
    with pytest.raises(SettingsError, match="MOTCUA_S3_KEY"):
        fetch(from_s3(s3_secret=None))
    with pytest.raises(UnavailableError, match="không có thư mục s3://khong-co"):
        fetch(from_s3(inbox="s3://khong-co/den"))
    secret = SecretStr("bí-mật")
    with pytest.raises(UnavailableError, match="Không kết nối được") as caught:
        fetch(from_s3(s3_endpoint="http://127.0.0.1:9", s3_secret=secret))
    assert "bí-mật" not in str(caught.value)
