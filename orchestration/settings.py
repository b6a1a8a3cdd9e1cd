"""Settings of one installation: ``MOTCUA_*`` variables, then ``motcua.toml`` in the working directory.

Every setting has a default that is safe on a laptop; none falls back to production. Unknown names are
refused, because a misspelt setting that is silently ignored is a wrong setting.
"""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orchestration.errors import SettingsError
from orchestration.home import Home

PREFIX = "MOTCUA_"
PROJECT_ROOT = Path(__file__).resolve().parent.parent

Port = Annotated[int, Field(ge=1024, le=65535)]


class Settings(BaseSettings):
    """What one installation is told from outside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file="motcua.toml", extra="forbid", frozen=True, validate_default=True
    )

    home: Path = Field(default=Path("data"), description="Thư mục chứa toàn bộ dữ liệu của hệ thống")
    inbox: Path | None = Field(default=None, description="Hộp thư đến; mặc định là <home>/inbox")
    province: Annotated[str, StringConstraints(pattern=r"^\d{2}$")] = Field(
        default="38", description="Mã tỉnh, 2 chữ số"
    )
    dagster_port: Port = Field(default=3000, description="Cổng của Dagster")
    superset_port: Port = Field(default=8088, description="Cổng của Superset")
    host: str = Field(default="127.0.0.1", description="Địa chỉ mà Dagster và Superset lắng nghe")
    cutoff: time = Field(default=time(18, 0), description="Giờ chốt nhận tệp hằng ngày")
    retention_days: Annotated[int, Field(ge=1)] = Field(
        default=90, description="Số ngày giữ tệp gốc trong kho lưu trữ"
    )
    superset_admin_password: str | None = Field(
        default=None, description="Mật khẩu quản trị Superset; để trống thì tự sinh khi khởi tạo"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first (tests), then the environment, then the file; the last two are not set up."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, toml, dotenv_settings, file_secret_settings

    @property
    def paths(self) -> Home:
        """The home as absolute paths."""
        return Home(self.home.expanduser().resolve())

    @property
    def inbox_path(self) -> Path:
        """The inbox as an absolute path."""
        return (self.inbox or self.home / "inbox").expanduser().resolve()


def load_settings() -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: naming every wrong setting, what it got and what it may be.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(
            f"Biến môi trường không có trong danh sách cài đặt: {', '.join(unknown)}. "
            f"Các cài đặt hợp lệ: {', '.join(sorted(known))}."
        )
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"Cài đặt {PREFIX}{'.'.join(str(part) for part in fault['loc']).upper()} không hợp lệ "
            f"(đang là {fault['input']!r}): {fault['msg']}."
            for fault in error.errors(include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from error
    except ValueError as error:
        raise SettingsError(
            f"Không đọc được motcua.toml: {error}. Hãy sửa lỗi cú pháp trong tệp này."
        ) from error
