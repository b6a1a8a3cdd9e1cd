"""An inbox in an S3-compatible store. An object appears whole, so what is listed is finished."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.errors import SettingsError
from orchestration.inbox_address import InboxAddress
from orchestration.remote.store import ChangedError, LineBrokenError, Nature, RemoteEntry, Store
from orchestration.settings import PREFIX, Settings

_CHUNK = 8 << 20
_MD5 = re.compile(r"[0-9a-f]{32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# With keys of somebody else the ETag is no hash of the content.
_PLAIN_ENCRYPTION = (None, "AES256")


class S3Store(Store):
    """A session with an S3 store."""

    def read(self, entry: RemoteEntry, offset: int) -> Iterator[bytes]:
        """See ``Store.read``."""
        path = self._path(entry.parts)
        with (
            self._translated(),
            self._fs.open(path, "rb", block_size=_CHUNK, cache_type="none") as source,
        ):
            if _etag(source.details) != entry.etag:
                raise ChangedError
            source.seek(offset)
            while chunk := source.read(_CHUNK):
                yield chunk

    def md5(self, entry: RemoteEntry) -> str | None:
        """See ``Store.md5``."""
        bucket, _, key = self._path(entry.parts).partition("/")
        with self._translated():
            head = self._fs.call_s3("head_object", Bucket=bucket, Key=key)
        if _etag(head) != entry.etag:
            raise ChangedError
        plain = head.get("ServerSideEncryption") in _PLAIN_ENCRYPTION
        own = "SSECustomerAlgorithm" in head
        return entry.etag if plain and not own and _MD5.fullmatch(entry.etag) else None

    def close(self) -> None:
        """See ``Store.close``."""
        with contextlib.suppress(Exception):
            self._fs.close_session(self._fs.loop, self._fs.s3)

    def _entries(self, path: str) -> list[Mapping[str, Any]]:
        try:
            return self._fs.ls(path, detail=True, refresh=True)
        except FileNotFoundError as error:
            # Without a cause it is only that nothing lies there yet: a folder exists by what is in it.
            if error.__cause__ is None and path == self._root:
                return []
            raise

    def _describe(self, parts: tuple[str, ...], info: Mapping[str, Any]) -> RemoteEntry:
        if info["type"] == "directory":
            return RemoteEntry(parts, Nature.FOLDER)
        microseconds = (info["LastModified"] - _EPOCH) // _MICROSECOND
        return RemoteEntry(parts, Nature.FILE, info["size"], microseconds * 1000, _etag(info))

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        return _translated()


def open_s3(address: InboxAddress, settings: Settings, answer: float) -> Store:
    """Prepare a session; the first question connects.

    Raises:
        SettingsError: no access key is set.
    """
    from s3fs import S3FileSystem

    key, secret = settings.s3_key, settings.s3_secret
    if key is None or secret is None:
        raise SettingsError(
            f"Hộp thư đến là kho S3 nhưng thiếu khóa truy cập. Hãy đặt {PREFIX}S3_KEY và {PREFIX}S3_SECRET "
            "trong biến môi trường."
        )
    fs = S3FileSystem(
        key=key.get_secret_value(),
        secret=secret.get_secret_value(),
        endpoint_url=settings.s3_endpoint,
        client_kwargs={"region_name": settings.s3_region},
        config_kwargs={
            "connect_timeout": answer,
            "read_timeout": answer,
            # Whether to try again is decided in one place, ``line``.
            "retries": {"total_max_attempts": 1},
            # Stores of one's own rarely have a name for every bucket.
            "s3": {"addressing_style": "path" if settings.s3_endpoint else "auto"},
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    fs.retries = 1
    return S3Store(fs, address.root)


def _etag(info: Mapping[str, Any]) -> str:
    return str(info["ETag"]).strip('"')


@contextlib.contextmanager
def _translated() -> Generator[None]:
    """Errors of botocore, aiohttp and s3fs as those of ``store``."""
    from aiohttp import ClientError as HttpError
    from botocore.exceptions import BotoCoreError, HTTPClientError
    from botocore.exceptions import ClientError as AnswerError
    from botocore.exceptions import ConnectionError as NetworkError
    from fsspec.exceptions import FSTimeoutError
    from s3fs.utils import FileExpired

    try:
        yield
    except FileExpired as error:
        raise ChangedError from error
    except (FileNotFoundError, PermissionError):
        raise
    except (HTTPClientError, NetworkError, HttpError, FSTimeoutError, TimeoutError, ConnectionError) as error:
        raise LineBrokenError(type(error).__name__) from error
    except OSError as error:
        if isinstance(error.__cause__, AnswerError) and _server_fault(error.__cause__):
            raise LineBrokenError(type(error).__name__) from error
        raise
    except BotoCoreError as error:
        raise OSError(type(error).__name__) from error


def _server_fault(error: Any) -> bool:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500
