"""Where things lie under ``MOTCUA_HOME``. Paths only: nothing here reads or writes, except ``prepare``."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import SettingsError

# The setting that says where ``Home.root`` is.
PLACE = "MOTCUA_HOME"


@dataclass(frozen=True)
class Home:
    """The state directory of one installation."""

    root: Path

    @property
    def incoming(self) -> Path:
        """The mirror of a remote inbox, owner-only; see ``orchestration.remote``."""
        return self.root / "incoming"

    @property
    def lake(self) -> Path:
        """Append-only Parquet; see ``orchestration.landing``."""
        return self.root / "lake"

    @property
    def archive(self) -> Path:
        """Raw files after landing, with personal data, owner-only."""
        return self.root / "archive"

    @property
    def outbox(self) -> Path:
        """What goes back to communes."""
        return self.root / "outbox"

    @property
    def warehouse(self) -> Path:
        """Directory of dbt's working database and its artefacts. Nobody but dbt opens the database."""
        return self.root / "warehouse"

    @property
    def warehouse_file(self) -> Path:
        """dbt's working database. Its base name is the catalog name, the same as in a release."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """One directory per published release."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """Symlink to the release that readers see."""
        return self.root / "current"

    @property
    def current_file(self) -> Path:
        """The published database, through the symlink."""
        return self.current / "warehouse.duckdb"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.root / "dagster"

    @property
    def superset(self) -> Path:
        """Superset's metadata database, cache and secret key."""
        return self.root / "superset"

    @property
    def logs(self) -> Path:
        """Logs of services and of failed commands."""
        return self.root / "logs"

    @property
    def scratch(self) -> Path:
        """Temporary files; may be emptied whenever nothing runs."""
        return self.root / "scratch"

    def prepare(self) -> None:
        """Create the directories. The home is owner-only: raw files in it hold personal data.

        Raises:
            SettingsError: they cannot be created or written.
        """
        try:
            self._make()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise SettingsError(
                f"Không tạo hoặc không ghi được thư mục dữ liệu {self.root} ({PLACE}). Hãy cấp quyền ghi, "
                f"hoặc đặt {PLACE} thành một thư mục khác."
            ) from error

    def _make(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._close()
        for directory in (self.lake, self.warehouse, self.releases, self.dagster, self.superset, self.logs):
            directory.mkdir(mode=0o700, exist_ok=True)
        for private in (self.archive, self.scratch):
            private.mkdir(mode=0o700, exist_ok=True)
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "not writable", str(self.root))

    def _close(self) -> None:
        """Shut a home that others can read, unless it is more than a home; then the doctor tells."""
        state = self.root.stat()
        is_shared = state.st_mode & stat.S_ISVTX or self.root in (Path.home(), Path(self.root.anchor))
        if state.st_mode & 0o077 and state.st_uid == os.geteuid() and not is_shared:
            self.root.chmod(0o700)
