"""A whole installation in a scratch home, driven as its user would: through the ``motcua`` command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

MOTCUA = (str(Path(sys.executable).with_name("motcua")),)
PROJECT_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    """One home and its inbox."""

    home: Path
    province: str = "38"

    @property
    def inbox(self) -> Path:
        """Where communes drop their files."""
        return self.home / "inbox"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands, free of other MOTCUA settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
        return inherited | {"MOTCUA_HOME": str(self.home), "MOTCUA_PROVINCE": self.province}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin a command in a process group of its own, so that all of it can be killed."""
        return subprocess.Popen(
            [*MOTCUA, *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever its exit code."""
        process = self.start(*arguments)
        try:
            output, errors = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def run(self, as_of: date) -> None:
        """Land, build, check and publish as of a day; fails with the command's own words."""
        result = self.call("run", "--as-of", as_of.isoformat())
        assert result.returncode == 0, result.stdout + result.stderr

    def query(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query on the current release."""
        result = self.call("sql", sql, "--format", "json")
        assert result.returncode == 0, result.stdout + result.stderr
        return json.loads(result.stdout)

    def one(self, sql: str) -> dict[str, Any]:
        """The only row of a query."""
        (row,) = self.query(sql)
        return row

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the current release."""
        return json.loads((self.home / "current" / "manifest.json").read_text(encoding="utf-8"))

    @property
    def content(self) -> dict[str, str]:
        """The content hash of every published table but ``meta``, which tells of the build itself."""
        hashes: dict[str, dict[str, Any]] = self.manifest["tables"]
        return {name: entry["content_hash"] for name, entry in hashes.items() if not name.startswith("meta.")}
