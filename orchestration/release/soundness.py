"""Whether what the link ``current`` names can be read at all, and what to say if not.

Nothing published yet and something published that is broken are two things: the first is a beginning,
the second must not be taken for it, or dashboards would be cleared away and people told to wait.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from orchestration.errors import UnavailableError
from orchestration.home import Home

MANIFEST = "manifest.json"


class DamagedReleaseError(UnavailableError):
    """Something is published, and it cannot be read."""


class _Size(BaseModel):
    size_bytes: int


def require_sound(home: Home) -> None:
    """Make sure that ``current`` is nothing yet, or leads to a database that is whole by its size.

    Raises:
        DamagedReleaseError: saying what is wrong, and the way back.
    """
    require_link(home)
    if home.current.is_dir():
        require_whole(home, home.current.resolve())


def require_link(home: Home) -> None:
    """Make sure that ``current`` is a link, or nothing yet.

    Raises:
        DamagedReleaseError: it is a file or a directory.
    """
    if home.current.exists() and not home.current.is_symlink():
        kind = "thư mục" if home.current.is_dir() else "tệp"
        raise DamagedReleaseError(
            f"{home.current} phải là liên kết tới một bản công bố, nhưng đang là {kind}. Hãy đổi tên nó, "
            f"ví dụ "
            f"`mv {home.current} {home.current}.cu`, rồi chạy `motcua run`; các bản đã công bố còn nguyên "
            f"trong "
            f"{home.releases}."
        )


def require_whole(home: Home, release: Path) -> None:
    """Make sure that the directory ``release`` holds a database, of the size that its manifest tells.

    Raises:
        DamagedReleaseError: it does not, or the manifest is damaged.
    """
    database, manifest = release / home.current_file.name, release / MANIFEST
    try:
        found = database.stat().st_size
        told = _Size.model_validate_json(manifest.read_bytes()).size_bytes if manifest.exists() else found
    except (OSError, ValidationError) as error:
        raise damaged(home, release.name) from error
    if found != told:
        raise damaged(home, release.name)


def damaged(home: Home, release_id: str) -> DamagedReleaseError:
    """The sentence on a release that cannot be read."""
    earlier = sorted(path.name for path in home.releases.glob("[0-9]*") if path.name < release_id)
    meanwhile = (
        f" Trong khi chờ, có thể dùng bản trước: ln -sfn {home.releases.name}/{earlier[-1]} {home.current}."
        if earlier
        else ""
    )
    return DamagedReleaseError(
        f"Bản công bố {release_id} bị hỏng: thiếu tệp, hoặc tệp không còn như lúc công bố. Hãy chạy "
        f"`motcua run` để "
        f"công bố lại từ kho dữ liệu.{meanwhile}"
    )
