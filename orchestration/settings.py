"""Settings of one installation: ``MOTCUA_*`` variables, then ``motcua.toml`` in the working directory.

Every setting has a default that is safe on a laptop; none falls back to production. Unknown names are
refused, because a misspelt setting that is silently ignored is a wrong setting.
"""

from __future__ import annotations

import json
import os
import re
import typing
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orchestration.errors import SettingsError
from orchestration.home import Home
from orchestration.inbox_address import AddressError, InboxAddress, parse_endpoint, parse_inbox

PREFIX = "MOTCUA_"
TOML_FILE = Path("motcua.toml")
PROJECT_ROOT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"

Inbox = Annotated[Path | InboxAddress | None, NoDecode, BeforeValidator(parse_inbox)]
Endpoint = Annotated[str | None, BeforeValidator(parse_endpoint)]
Port = Annotated[int, Field(ge=1024, le=65535)]


class Settings(BaseSettings):
    """What one installation is told from outside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        toml_file=TOML_FILE,
        extra="forbid",
        frozen=True,
        validate_default=True,
        # What was set may hold a secret; the sentences quote what may be quoted.
        hide_input_in_errors=True,
    )

    home: Path = Field(default=Path("data"), description="Thư mục chứa toàn bộ dữ liệu của hệ thống")
    inbox: Inbox = Field(
        default=None,
        description=(
            "Hộp thư đến: một thư mục (mặc định <home>/inbox), sftp://tên@máy-chủ[:cổng]/thư-mục, "
            "hoặc s3://thùng-chứa/thư-mục; không ghi mật khẩu vào đây"
        ),
    )
    province: Annotated[str, StringConstraints(pattern=r"^\d{2}$")] = Field(
        default="38", description="Mã tỉnh, đúng 2 chữ số"
    )
    dagster_port: Port = Field(default=3000, description="Cổng của Dagster, số nguyên từ 1024 đến 65535")
    superset_port: Port = Field(default=8088, description="Cổng của Superset, số nguyên từ 1024 đến 65535")
    host: str = Field(default="127.0.0.1", description="Địa chỉ mà Superset lắng nghe")
    dagster_host: str = Field(
        default="127.0.0.1",
        description=(
            "Địa chỉ mà trang vận hành (Dagster) lắng nghe; khác 127.0.0.1 thì phải có "
            "MOTCUA_DAGSTER_PASSWORD"
        ),
    )
    dagster_password: SecretStr | None = Field(
        default=None,
        description="Mật khẩu của trang vận hành (Dagster), ít nhất 12 ký tự; để trống thì không hỏi",
    )
    dagster_names: list[str] = Field(
        default_factory=list[str],
        description=(
            'Các tên máy mà người dùng gõ để mở trang vận hành, dạng ["vanhanh.tinh.gov.vn"]; '
            "127.0.0.1 và localhost luôn được nhận"
        ),
    )
    cutoff: time = Field(
        default=time(18, 0), description="Giờ chốt nhận tệp hằng ngày, dạng HH:MM từ 00:00 đến 23:59"
    )
    retention_days: Annotated[int, Field(ge=1)] = Field(
        default=90, description="Số ngày giữ tệp gốc trong kho lưu trữ, số nguyên từ 1 trở lên"
    )
    clean_inbox: bool = Field(
        default=False,
        description=(
            "true để xóa khỏi hộp thư đến nằm ngoài <home> cả những tệp đã nhận và đã hết hạn lưu; "
            "mặc định false vì thư mục ấy là của người khác"
        ),
    )
    sftp_password: SecretStr | None = Field(default=None, description="Mật khẩu của tài khoản SFTP")
    sftp_key: Path | None = Field(default=None, description="Tệp khóa riêng (SSH) của tài khoản SFTP")
    sftp_passphrase: SecretStr | None = Field(default=None, description="Mật khẩu mở tệp khóa riêng")
    sftp_known_hosts: Path = Field(
        default=Path("~/.ssh/known_hosts"), description="Tệp known_hosts có khóa của máy chủ SFTP"
    )
    s3_endpoint: Endpoint = Field(
        default=None, description="Địa chỉ kho S3, dạng https://máy-chủ[:cổng]; để trống là Amazon S3"
    )
    s3_region: str = Field(default="us-east-1", description="Vùng (region) của kho S3")
    s3_key: SecretStr | None = Field(default=None, description="Mã khóa truy cập (access key) của kho S3")
    s3_secret: SecretStr | None = Field(default=None, description="Khóa bí mật (secret key) của kho S3")
    superset_admin_password: SecretStr | None = Field(
        default=None,
        description="Mật khẩu quản trị Superset, ít nhất 12 ký tự; để trống thì tự sinh khi khởi tạo",
    )
    users_file: Path | None = Field(
        default=None, description="Danh sách tài khoản dạng CSV; mặc định là <home>/users.csv nếu có"
    )
    boundaries: Path | None = Field(
        default=None,
        description="Tệp GeoJSON ranh giới xã, phường để vẽ bản đồ; để trống thì vẽ sơ đồ ô vuông",
    )
    idle_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = Field(
        default=30, description="Số phút không thao tác thì phải đăng nhập lại, số nguyên từ 1 đến 1440"
    )
    sql_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        default=30, description="Số giây một câu truy vấn trong Superset được chạy, số nguyên từ 1 đến 600"
    )
    behind_https: bool = Field(
        default=False, description="true nếu Superset đứng sau máy chủ HTTPS chuyển tiếp, nếu không thì false"
    )
    auth: Literal["password", "ldap", "oidc"] = Field(
        default="password", description="Cách đăng nhập Superset: password, ldap hoặc oidc"
    )
    auth_roles: dict[str, str] = Field(
        default_factory=dict[str, str],
        description='Vai trò theo nhóm của LDAP/OIDC, dạng {"nhóm": "vai_trò"}',
    )
    ldap_server: Annotated[str, StringConstraints(pattern=r"^ldaps?://")] | None = Field(
        default=None, description="Máy chủ LDAP, dạng ldaps://máy hoặc ldap://máy (khi đó dùng StartTLS)"
    )
    ldap_search: str | None = Field(default=None, description="Nhánh tìm người dùng trong LDAP")
    ldap_uid_field: str = Field(default="uid", description="Thuộc tính LDAP mang tên đăng nhập")
    ldap_group_field: str = Field(default="memberOf", description="Thuộc tính LDAP mang nhóm")
    ldap_bind_user: str | None = Field(default=None, description="Tài khoản để tìm trong LDAP")
    ldap_bind_password: SecretStr | None = Field(
        default=None, description="Mật khẩu của tài khoản tìm trong LDAP"
    )
    oidc_issuer: str | None = Field(default=None, description="Địa chỉ nhà cung cấp OpenID Connect, https://")
    oidc_client_id: str | None = Field(default=None, description="Mã ứng dụng tại nhà cung cấp OIDC")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Khóa bí mật của ứng dụng OIDC")

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
        exposed = sorted(_SECRETS.intersection(toml.toml_data))
        if exposed:
            raise SettingsError(
                f"Không được ghi {', '.join(exposed)} trong {TOML_FILE}: tệp này dễ bị sao chép theo dự án. "
                f"Hãy xóa đi và đặt biến môi trường {', '.join(PREFIX + name.upper() for name in exposed)}."
            )
        return init_settings, env_settings, toml, dotenv_settings, file_secret_settings

    @property
    def paths(self) -> Home:
        """The home as absolute paths."""
        return Home(self.home.expanduser().resolve())

    @property
    def inbox_path(self) -> Path:
        """The local inbox, or the mirror of the remote one, as an absolute path."""
        if isinstance(self.inbox, InboxAddress):
            return self.paths.incoming
        return (self.inbox or self.home / "inbox").expanduser().resolve()

    @property
    def inbox_shown(self) -> str:
        """Where the inbox is, as people know it."""
        return str(self.remote_inbox or self.inbox_path)

    @property
    def remote_inbox(self) -> InboxAddress | None:
        """Where the inbox is if it is on another machine."""
        return self.inbox if isinstance(self.inbox, InboxAddress) else None

    def environment(self) -> dict[str, str]:
        """All that was set, as variables: a process that gets them and reads its settings has the same ones.

        Secrets included, so for processes of our own only. Paths are absolute; the home is always said.
        """
        said = {name: getattr(self, name) for name in sorted(self.model_fields_set)}
        return {
            PREFIX + name.upper(): _written(value)
            for name, value in {**said, "home": self.home}.items()
            if value is not None
        }


def _written(value: Any) -> str:
    """A setting's value as it is written in a variable."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return str(value.expanduser().resolve())
        case bool() | dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


_SECRETS = frozenset(
    name for name, field in Settings.model_fields.items() if SecretStr in typing.get_args(field.annotation)
)


def load_settings() -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: naming every wrong setting, what it got and what it may be.
    """
    settings = _read()
    for name, read in (("HOME", lambda: settings.paths.root), ("INBOX", lambda: settings.inbox_path)):
        _require_place(f"{PREFIX}{name}", read)
    if settings.clean_inbox and settings.remote_inbox is not None:
        raise SettingsError(
            f"{PREFIX}CLEAN_INBOX chỉ dùng cho hộp thư đến là thư mục trên máy này; hộp thư ở máy chủ khác "
            f"do chủ của nó dọn. Hãy bỏ cài đặt này."
        )
    return settings


def _read() -> Settings:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(
            f"Biến môi trường không có trong danh sách cài đặt: {', '.join(unknown)}. "
            f"Các cài đặt hợp lệ: {', '.join(sorted(known))}."
        )
    if TOML_FILE.is_dir():
        raise SettingsError(f"{TOML_FILE.absolute()} là thư mục, không phải tệp cài đặt. Hãy đổi tên nó.")
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            _sentence(str(fault["loc"][0]), fault["input"], fault.get("ctx", {}).get("error"))
            for fault in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from error
    except ValueError as error:
        # The parser's own words are English; what helps in them is the place.
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f" ở dòng {place[1]}, cột {place[2]}" if place else ""
        raise SettingsError(
            f"{TOML_FILE.absolute()} sai cú pháp TOML{where}. Mỗi dòng có dạng: tên = giá trị, "
            'ví dụ province = "38"; tệp phải là UTF-8.'
        ) from error
    except OSError as error:
        raise SettingsError(f"Không mở được {TOML_FILE.absolute()}. Hãy cấp quyền đọc tệp này.") from error


def _sentence(name: str, value: Any, error: Any) -> str:
    """What is wrong with the setting ``name``; one that does not exist can only come from the file.

    Values that hold a secret, or could, are not quoted.
    """
    field = Settings.model_fields.get(name)
    if field is None:
        return (
            f"Cài đặt {name} trong {TOML_FILE} không có trong danh sách. "
            f"Các cài đặt hợp lệ: {', '.join(sorted(Settings.model_fields))}."
        )
    why = f"đang là {value!r}"
    if isinstance(error, AddressError):
        why = str(error)
    elif name in _SECRETS:
        why = "giá trị không phải chữ"
    return (
        f"Cài đặt {PREFIX}{name.upper()} không hợp lệ ({why}). "
        f"Giá trị đúng: {field.description}. Hãy sửa biến môi trường này, hoặc {name} trong {TOML_FILE}."
    )


def _require_place(setting: str, read: Callable[[], Path]) -> None:
    """Make sure that the path is a directory, or that one could be made there."""
    try:
        path = read()
        nearest = next(place for place in (path, *path.parents) if place.exists())
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError(
            f"Đường dẫn trong {setting} không dùng được: quá dài, vòng lặp liên kết, ký tự lạ, "
            "hoặc không có quyền đi tới. Hãy đặt một thư mục khác."
        ) from error
    if not nearest.is_dir():
        raise SettingsError(
            f"{setting} là {path}, nhưng {nearest} là tệp, không phải thư mục. Hãy đặt một thư mục khác."
        )
